//! `cargo bench`: the parts that a training step is made of, each by itself, and whole steps.
//!
//! A line a part: the fastest and the median of many runs on one thread.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench stops by panicking, and prints")]

use convlens::data::{digit, mnist};
use convlens::model_file;
use convlens::nn::{
    LayerSpec, Network, Serial, Shape, Tensor, Workspace,
    im2col::{Geometry, Window, col2im, im2col},
    layers::{BackwardInput, Conv2d, Layer, LayerContext, Linear, LocalResponseNorm, MaxPool2d, Relu, Tanh},
    optim::{Optimizer, OptimizerSpec},
    presets,
};
use convlens::train::{
    Pool,
    evaluate::input_transform,
    similar::{Activations, Features, Metric, last_hidden, nearest_by_pixels},
};
use image::{GrayImage, Luma};
use std::time::{Duration, Instant};

/// How long each part is tried.
const TIME: Duration = Duration::from_millis(200);

fn measure(name: &str, mut part: impl FnMut()) {
    let begun = Instant::now();
    let mut times = Vec::new();
    while times.len() < 5 || begun.elapsed() < TIME {
        let start = Instant::now();
        part();
        times.push(start.elapsed());
    }
    times.sort_unstable();
    println!("{name:<44} {:>12.1?} fastest {:>12.1?} median", times[0], times[times.len() / 2]);
}

fn values(len: usize) -> Vec<f32> {
    (0..len).map(|i| (i * 7919 % 1009) as f32 / 504.5 - 1.0).collect()
}

fn matrix_of_windows() {
    let window = Window { kernel_size: 5.into(), stride: 1.into(), padding: 0.into(), dilation: 1.into() };
    let geometry = Geometry::new(1, 28, 28, window).unwrap();
    let mut image = values(28 * 28);
    let mut columns = vec![0.0; geometry.rows() * geometry.columns()];
    measure("im2col 28×28, kernel 5", || im2col(&image, &geometry, &mut columns));
    measure("col2im 28×28, kernel 5", || col2im(&columns, &geometry, &mut image));
}

fn layer(spec: &LayerSpec, input: Shape, images: usize) {
    let layer: Box<dyn Layer> = spec.build(input).unwrap();
    let tensors = |fill: fn(usize) -> Vec<f32>| -> Vec<Tensor> {
        let specs = layer.parameters();
        specs.iter().map(|s| Tensor::new(&s.shape, &fill(s.shape.iter().product())).unwrap()).collect()
    };
    let (parameters, mut gradients) = (tensors(values), tensors(|len| vec![0.0; len]));
    let (x, mut y) = (values(images * input.len()), vec![0.0; images * layer.output().len()]);
    let (dy, mut dx) = (values(y.len()), vec![0.0; x.len()]);
    let (mut scratch, mut indices) = (vec![0.0; layer.scratch_len(1)], vec![0; images * layer.indices_len()]);
    let mut context = LayerContext { scratch: &mut scratch, indices: &mut indices, ..LayerContext::empty() };
    let name = format!("{} on {input}, {images} images", spec.summary());
    measure(&format!("{name}: forward"), || layer.forward(&parameters, &x, &mut y, &mut context));
    let input = BackwardInput { x: &x, y: &y, dy: &dy };
    measure(&format!("{name}: backward"), || {
        layer.backward(&parameters, input, Some(&mut dx), &mut gradients, &mut context);
    });
}

fn optimizer(name: &str) {
    let spec: OptimizerSpec = name.parse().unwrap();
    let mut weights = vec![vec![Tensor::new(&[1 << 18], &values(1 << 18)).unwrap()]];
    let gradients = weights.clone();
    let mut optimizer = Optimizer::new(spec, &weights);
    measure(&format!("{name} on {} weights", 1 << 18), || optimizer.step(&mut weights, &gradients, 1e-6));
}

fn step(name: &str) {
    let preset = presets::by_name(name).unwrap();
    let mut network = Network::new(preset.spec, preset.recipe.init, 1).unwrap();
    let mut optimizer = Optimizer::new(preset.recipe.optimizer, network.parameters());
    let mut workspace = Workspace::new(&network, 32, true);
    workspace.load(32, &Serial, |_, inputs, labels| {
        inputs.copy_from_slice(&values(inputs.len()));
        labels.fill(3);
    });
    measure(&format!("{name}: step of 32 images"), || {
        workspace.forward_backward(&network, &Serial);
        optimizer.step(network.parameters_mut(), workspace.gradients(), 1e-6);
    });
}

/// A thick 1 on a canvas as large as the window's, made like MNIST's digits.
fn drawing() {
    let canvas = GrayImage::from_fn(560, 560, |x, y| {
        Luma([u8::from((260..300).contains(&x) && (90..470).contains(&y)) * 255])
    });
    measure("a drawing of 560×560 made like MNIST's", || drop(digit::normalise(&canvas).unwrap()));
}

/// The 60 000 training images nearest to a test image: read once by the network, then found among what is known of them.
fn similar() {
    let set = mnist::load().unwrap();
    let network = model_file::shipped().unwrap();
    let layer = last_hidden(&network).unwrap();
    let pixels = set.test.image(0);
    let mut input = vec![0.0; network.input().len()];
    input_transform(&network).apply(pixels, 28, 28, &mut input);
    let query = network.output_of(layer, &input).unwrap().values().to_vec();
    let pool = Pool::new(Pool::default_threads()).unwrap();
    let begun = Instant::now();
    let mut known = Activations::new(query.len());
    let mut features = Features::new(&network, layer, 0..set.train.len()).unwrap();
    while features.rest() > 0 {
        known.extend(features.step(&network, &set.train, &pool).1);
    }
    let name = format!("{} images read to layer {layer}, all threads", set.train.len());
    println!("{name:<44} {:>12.1?} once", begun.elapsed());
    let label = |index| set.train.label(index);
    for metric in [Metric::Cosine, Metric::Euclidean] {
        measure(&format!("the nearest of them by the layer, {metric:?}"), || {
            drop(known.nearest(&query, (metric, 12), &label, &pool));
        });
        measure(&format!("the nearest of them by pixels, {metric:?}"), || {
            drop(nearest_by_pixels(&set.train, pixels, (metric, 12), &pool));
        });
    }
}

fn main() {
    similar();
    matrix_of_windows();
    drawing();
    layer(&Conv2d::new(30, 5).into(), Shape::maps(1, 28, 28), 8);
    layer(&Conv2d::new(64, 3).padded(1).into(), Shape::maps(32, 14, 14), 8);
    layer(&Conv2d::new(128, 3).into(), Shape::maps(64, 28, 28), 1);
    layer(&Linear::new(256).into(), Shape::Vector(1024), 32);
    layer(&MaxPool2d::new(2).into(), Shape::maps(30, 24, 24), 8);
    layer(&MaxPool2d::strided(3, 2).into(), Shape::maps(32, 28, 28), 8);
    layer(&Relu {}.into(), Shape::maps(30, 24, 24), 8);
    layer(&Tanh {}.into(), Shape::maps(30, 24, 24), 8);
    layer(&LocalResponseNorm::ALEXNET.into(), Shape::maps(32, 28, 28), 8);
    ["momentum", "adam"].into_iter().for_each(optimizer);
    ["lenet5-relu", "simple-conv-net", "mlp-5"].into_iter().for_each(step);
}
