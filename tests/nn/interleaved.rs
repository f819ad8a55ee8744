//! Interleaved images give the same results as single ones.

use crate::support::{assert_close, run};
use convlens::nn::{
    ForwardMode, Init, Layer, LayerSpec, Network, Serial, Tensor, Workspace,
    layers::{BackwardInput, Interleaving, LayerContext},
    presets,
    step::reduce,
};

/// Less than a register, a register, more, and more than two; even and odd.
const COUNTS: [usize; 5] = [2, 5, 16, 21, 40];

/// Small integers, whose sums are exact in any order.
fn values(len: usize, seed: usize) -> Vec<f32> {
    (0..len).map(|i| ((i * 7 + i / 13 * 5 + seed) % 13) as f32 - 6.0).collect()
}

/// `count` images as (values, images).
fn interleave<T: Copy>(images: &[T], count: usize) -> Vec<T> {
    let len = images.len() / count;
    (0..images.len()).map(|at| images[at % count * len + at / count]).collect()
}

/// The output, input gradient, parameter gradients and indices of interleaved images.
fn run_interleaved(
    layer: &dyn Layer,
    parameters: &[Tensor],
    x: &[f32],
    dy: &[f32],
    count: usize,
) -> (Vec<f32>, Vec<f32>, Vec<Tensor>, Vec<u32>) {
    let (mut y, mut dx) = (vec![f32::NAN; count * layer.output().len()], vec![f32::NAN; x.len()]);
    let mut indices = vec![u32::MAX; count * layer.indices_len()];
    let mut scratch = vec![f32::NAN; layer.scratch_len(count)];
    let mut gradients: Vec<Tensor> = parameters.iter().map(|p| Tensor::zeros(p.shape())).collect();
    let mut context = LayerContext {
        indices: &mut indices,
        scratch: &mut scratch,
        mode: ForwardMode::Train { seed: 1 },
        interleaved: count,
        ..LayerContext::empty()
    };
    layer.forward(parameters, &interleave(x, count), &mut y, &mut context);
    context.scratch.fill(f32::NAN);
    let is_undone = layer.interleaving() == Interleaving::Undone;
    let dy = if is_undone { dy.to_vec() } else { interleave(dy, count) };
    let input = BackwardInput { x: &interleave(x, count), y: &y, dy: &dy };
    layer.backward(parameters, input, Some(&mut dx), &mut gradients, &mut context);
    if let Some(matrices) = layer.transposed_gradient() {
        let transposed = gradients[0].values().to_vec();
        reduce(&Serial, &[transposed.as_slice()].into_iter(), Some(matrices), &mut gradients[0]);
    }
    (y, dx, gradients, indices)
}

#[test]
fn layers_give_the_same_results_for_interleaved_images() {
    let mut tested = 0;
    for (number, (spec, input)) in LayerSpec::examples().into_iter().enumerate() {
        let layer = spec.build(input).unwrap();
        if layer.interleaving() == Interleaving::Unsupported {
            continue;
        }
        tested += 1;
        let parameters: Vec<Tensor> = layer
            .parameters()
            .iter()
            .map(|p| {
                let mut tensor = Tensor::zeros(&p.shape);
                let drawn = values(tensor.len(), number);
                tensor.values_mut().copy_from_slice(&drawn);
                tensor
            })
            .collect();
        for count in COUNTS {
            let what = format!("{spec:?} on {input}, {count} interleaved");
            let (x, dy) = (values(count * input.len(), 3), values(count * layer.output().len(), 5));
            let alone = run(layer.as_ref(), &parameters, &x, Some(&dy), 0.0);
            let (y, dx, gradients, indices) = run_interleaved(layer.as_ref(), &parameters, &x, &dy, count);
            let is_undone = layer.interleaving() == Interleaving::Undone;
            assert_eq!(y, if is_undone { alone.y } else { interleave(&alone.y, count) }, "{what}: output");
            assert_eq!(dx, interleave(&alone.dx, count), "{what}: input gradient");
            if layer.indices_len() > 0 {
                assert_eq!(indices, interleave(&alone.indices, count), "{what}: indices");
            }
            assert_eq!(gradients, alone.gradients, "{what}: gradients");
        }
    }
    assert!(tested > 20, "only {tested} examples support interleaving");
}

#[test]
fn the_gradient_of_a_batch_is_the_mean_of_its_images() {
    for name in ["lenet5-relu", "keras-tanh-cnn", "alexnet-mini"] {
        let preset = presets::by_name(name).unwrap();
        let network = Network::new(preset.spec, Init::He, 2).unwrap();
        let len = network.input().len();
        // Shards of 11 and 12 images, of 21 and 22, which is more than a register, and of one.
        for images in [46, 87, 3] {
            let x: Vec<f32> = values(images * len, 1).iter().map(|x| x / 6.0).collect();
            let write = |from: usize| {
                let x = &x;
                move |first: usize, inputs: &mut [f32], labels: &mut [u8]| {
                    inputs.copy_from_slice(&x[(from + first) * len..][..inputs.len()]);
                    labels.iter_mut().enumerate().for_each(|(i, l)| *l = ((from + first + i) % 10) as u8);
                }
            };
            let mut together = Workspace::new(&network, images, true);
            together.load(images, &Serial, write(0));
            let result = together.forward_backward_in(ForwardMode::Eval, &network, &Serial);
            let mut alone = Workspace::new(&network, 1, true);
            let mut sums: Vec<Vec<f32>> =
                network.parameters().iter().flatten().map(|t| vec![0.0; t.len()]).collect();
            let mut loss = 0.0;
            for image in 0..images {
                alone.load(1, &Serial, write(image));
                loss += alone.forward_backward_in(ForwardMode::Eval, &network, &Serial).loss / images as f64;
                for (sums, tensor) in sums.iter_mut().zip(alone.gradients().iter().flatten()) {
                    let share = 1.0 / images as f32;
                    sums.iter_mut().zip(tensor.values()).for_each(|(sum, value)| *sum += share * value);
                }
            }
            assert!((result.loss - loss).abs() < 1e-5 * loss, "{name}: {} for {loss}", result.loss);
            for (tensor, sums) in together.gradients().iter().flatten().zip(&sums) {
                assert_close(&format!("{name}, {images} images"), tensor.values(), sums);
            }
        }
    }
}
