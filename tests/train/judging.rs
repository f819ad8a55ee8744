//! Evaluations that keep what was said about each image, against plain computations.

use crate::support::{COUPLED, PLAIN, corners, network};
use convlens::{
    data::Change,
    nn::{
        Network, Serial,
        loss::{argmax, softmax},
    },
    train::{
        Evaluator, Pool,
        confusion::{images_of_cell, mistakes, precision, recall, unsure},
        evaluate::input_transform,
    },
};

/// The probabilities of an image, by a forward pass of its own.
fn probabilities(network: &Network, pixels: &[u8]) -> Vec<f32> {
    let mut input = vec![0.0; network.input().len()];
    input_transform(network).apply(pixels, 8, 8, &mut input);
    network.trace(&input).first_probabilities().to_vec()
}

#[test]
fn what_is_said_of_each_image_is_what_a_pass_of_its_own_says() {
    // More images than one batch, and not a whole number of shards or interleaved groups.
    let split = corners(5, 437);
    for layers in [PLAIN, COUPLED] {
        let network = network(layers);
        let mut evaluator = Evaluator::new(&network, 0..split.len()).judging();
        let result = loop {
            if let Some(result) = evaluator.step(&network, &split, &Pool::new(2).unwrap()) {
                break result;
            }
        };
        let judgements = evaluator.judgements();
        assert_eq!((judgements.len(), result.images), (437, 437));
        let mut confusion = vec![vec![0; 4]; 4];
        let mut correct = 0;
        for (i, judgement) in judgements.iter().enumerate() {
            let p = probabilities(&network, split.image(i));
            let said = argmax(&p);
            let label = usize::from(split.label(i));
            assert_eq!((judgement.image as usize, usize::from(judgement.label)), (i, label));
            assert!(
                (judgement.probability - p[said]).abs() < 1e-5
                    && (judgement.of_label - p[label]).abs() < 1e-5
            );
            assert_eq!(usize::from(judgement.said), said, "image {i}: {p:?}");
            confusion[label][said] += 1;
            correct += usize::from(said == label);
        }
        assert_eq!((&result.confusion, result.correct), (&confusion, correct));
        let wrong = mistakes(judgements);
        assert_eq!(wrong.len(), 437 - correct);
        assert!(wrong.windows(2).all(|pair| pair[0].probability >= pair[1].probability));
        for (label, row) in confusion.iter().enumerate() {
            for (said, &count) in row.iter().enumerate() {
                assert_eq!(images_of_cell(judgements, label, said).len(), count);
            }
            let of_class = (0..437).filter(|&i| usize::from(split.label(i)) == label).count();
            assert_eq!(recall(&confusion)[label], Some(row[label] as f64 / of_class as f64));
            let said = judgements.iter().filter(|j| usize::from(j.said) == label).count();
            let expected = (said > 0).then(|| row[label] as f64 / said as f64);
            assert_eq!(precision(&confusion)[label], expected);
        }
        let below = judgements.iter().filter(|j| j.probability < 0.65).count();
        assert_eq!(unsure(judgements, 0.65).len(), below);
    }
}

#[test]
fn the_outputs_of_any_layer_are_those_of_a_pass_of_each_image() {
    let split = corners(3, 150);
    for layers in [PLAIN, COUPLED] {
        let network = network(layers);
        let mut workspace = convlens::nn::Workspace::new(&network, split.len(), false);
        let transform = input_transform(&network);
        let indices: Vec<u32> = (0..split.len() as u32).collect();
        workspace.load(split.len(), &Serial, |first, inputs, labels| {
            let part = &indices[first..first + labels.len()];
            convlens::data::fill(&split, part, &transform, None, inputs, labels);
        });
        let mut input = vec![0.0; network.input().len()];
        for (number, layer) in network.layers().iter().enumerate() {
            workspace.forward_to(&network, number, &Serial);
            let len = layer.output().len();
            let mut outputs = vec![f32::NAN; split.len() * len];
            workspace.copy_outputs(&network, number, &mut outputs);
            for (i, output) in outputs.chunks_exact(len).enumerate() {
                transform.apply(split.image(i), 8, 8, &mut input);
                let expected = network.output_of(number, &input).unwrap();
                let is_near = |(a, b): (&f32, &f32)| (a - b).abs() < 1e-4;
                assert!(output.iter().zip(expected.values()).all(is_near), "layer {number}, image {i}");
            }
        }
        // The probabilities are the softmax of the last layer's outputs.
        let last = network.layers().len() - 1;
        let mut logits = vec![0.0; split.len() * 4];
        workspace.copy_outputs(&network, last, &mut logits);
        let mut p = vec![0.0; 4];
        softmax(&logits[..4], &mut p);
        let expected = probabilities(&network, split.image(0));
        assert!(p.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-5));
    }
}

#[test]
fn changed_images_are_evaluated_as_changed() {
    let (network, split) = (network(PLAIN), corners(0, 60));
    let change = Change { shift: (1, -2), ..Change::default() };
    let changed = change.of(&split, 0..60, 1);
    let result = convlens::train::evaluate::evaluate(&network, "corners", &changed, &Serial, |_| {}).unwrap();
    let moved = |i: usize| {
        let image = split.image(i);
        let pixel = |y: usize, x: usize| if y >= 1 && x < 6 { image[(y - 1) * 8 + x + 2] } else { 0 };
        (0..64).map(|at| pixel(at / 8, at % 8)).collect::<Vec<u8>>()
    };
    let is_right = |i: &usize| argmax(&probabilities(&network, &moved(*i))) == usize::from(split.label(*i));
    assert_eq!(result.correct, (0..60).filter(is_right).count());
}
