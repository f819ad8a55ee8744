//! Images that pass layers abreast come out as if each had passed by itself.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod nn_support;

use convlens::nn::{
    Init, Layer, LayerSpec, Mode, Network, Serial, Tensor, Workspace, add_up,
    layers::{Abreast, Aux, Passed},
    presets,
};
use nn_support::{assert_close, run};

/// Less than a register, a register, more, and more than two; even and odd.
const COUNTS: [usize; 5] = [2, 5, 16, 21, 40];

/// Small whole numbers, whose sums are exact in every order.
fn values(len: usize, seed: usize) -> Vec<f32> {
    (0..len).map(|i| ((i * 7 + i / 13 * 5 + seed) % 13) as f32 - 6.0).collect()
}

/// The same cell of each of `count` images beside the next one's.
fn side_by_side<T: Copy>(images: &[T], count: usize) -> Vec<T> {
    let len = images.len() / count;
    (0..images.len()).map(|at| images[at % count * len + at / count]).collect()
}

/// Output, input gradient, parameters' gradients and indices of images abreast.
fn run_abreast(
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
    let mut aux = Aux {
        indices: &mut indices,
        scratch: &mut scratch,
        mode: Mode::Train { seed: 1 },
        abreast: count,
        ..Aux::alone()
    };
    layer.forward(parameters, &side_by_side(x, count), &mut y, &mut aux);
    aux.scratch.fill(f32::NAN);
    let ends = layer.abreast() == Abreast::Ends;
    let dy = if ends { dy.to_vec() } else { side_by_side(dy, count) };
    let passed = Passed { x: &side_by_side(x, count), y: &y, dy: &dy };
    layer.backward(parameters, passed, Some(&mut dx), &mut gradients, &mut aux);
    if let Some(matrices) = layer.turned_gradient() {
        let turned = gradients[0].values().to_vec();
        add_up(&Serial, &[turned.as_slice()].into_iter(), Some(matrices), &mut gradients[0]);
    }
    (y, dx, gradients, indices)
}

#[test]
fn every_layer_that_takes_images_abreast_makes_the_same_of_them() {
    let mut taken = 0;
    for (number, (spec, input)) in LayerSpec::examples().into_iter().enumerate() {
        let layer = spec.build(input).unwrap();
        if layer.abreast() == Abreast::Never {
            continue;
        }
        taken += 1;
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
            let what = format!("{spec:?} on {input}, {count} abreast");
            let (x, dy) = (values(count * input.len(), 3), values(count * layer.output().len(), 5));
            let alone = run(layer.as_ref(), &parameters, &x, Some(&dy), 0.0);
            let (y, dx, gradients, indices) = run_abreast(layer.as_ref(), &parameters, &x, &dy, count);
            let ends = layer.abreast() == Abreast::Ends;
            assert_eq!(y, if ends { alone.y } else { side_by_side(&alone.y, count) }, "{what}: output");
            assert_eq!(dx, side_by_side(&alone.dx, count), "{what}: gradient by the input");
            if layer.indices_len() > 0 {
                assert_eq!(indices, side_by_side(&alone.indices, count), "{what}: indices");
            }
            assert_eq!(gradients, alone.gradients, "{what}: gradients");
        }
    }
    assert!(taken > 20, "only {taken} examples take images abreast");
}

#[test]
fn a_batch_has_the_gradients_of_its_images() {
    for name in ["lenet5-relu", "keras-tanh-cnn", "alexnet-mini"] {
        let preset = presets::by_name(name).unwrap();
        let network = Network::new(preset.spec, Init::He, 2).unwrap();
        let len = network.input().len();
        // Lanes of 11 images or 12; of 21 and 22, which are more than one register's; and of one.
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
            let result = together.forward_backward_in(Mode::Eval, &network, &Serial);
            let mut alone = Workspace::new(&network, 1, true);
            let mut sums: Vec<Vec<f32>> =
                network.parameters().iter().flatten().map(|t| vec![0.0; t.len()]).collect();
            let mut loss = 0.0;
            for image in 0..images {
                alone.load(1, &Serial, write(image));
                loss += alone.forward_backward_in(Mode::Eval, &network, &Serial).loss / images as f64;
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
