//! Threads change the speed of a training step, but not one bit of it; how a batch is split changes only rounding.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use convlens::nn::{
    Executor, Init, Lane, Network, NetworkSpec, Serial, Workspace, network::Parameters,
    workspace::BatchResult, workspace::LANES,
};
use rayon::prelude::*;

struct Threads(rayon::ThreadPool);

impl Threads {
    fn new(count: usize) -> Self {
        Self(rayon::ThreadPoolBuilder::new().num_threads(count).build().unwrap())
    }
}

impl Executor for Threads {
    fn each_lane(&self, lanes: &mut [Lane], job: &(dyn Fn(&mut Lane) + Sync)) {
        self.0.install(|| lanes.par_iter_mut().for_each(job));
    }
}

fn network() -> Network {
    let json = r#"{"name": "n", "input": [1,12,12], "layers": [
        {"type":"conv2d","out_channels":5,"kernel_size":3,"padding":1}, {"type":"relu"},
        {"type":"max_pool2d","kernel_size":3,"stride":2,"padding":1}, {"type":"conv2d","out_channels":4,"kernel_size":3},
        {"type":"tanh"}, {"type":"flatten"}, {"type":"linear","out_features":7}]}"#;
    Network::new(NetworkSpec::from_json(json).unwrap(), Init::He, 1).unwrap()
}

/// The value of pixel `i` in an endless row of images.
fn pixel(i: usize) -> f32 {
    (i * 7919 % 1009) as f32 / 504.0 - 1.0
}

fn load(workspace: &mut Workspace, network: &Network, images: std::ops::Range<usize>) {
    let len = network.input().len();
    workspace.load(images.len(), |first, x, labels| {
        let start = images.start + first;
        for (i, x) in x.iter_mut().enumerate() {
            *x = pixel(start * len + i);
        }
        for (i, label) in labels.iter_mut().enumerate() {
            *label = ((start + i) * 5 % 7) as u8;
        }
    });
}

fn step(
    network: &Network,
    capacity: usize,
    images: usize,
    executor: &dyn Executor,
) -> (BatchResult, Parameters, Vec<u8>) {
    let mut workspace = Workspace::new(network, capacity, true);
    // A fuller batch before: nothing of it may be left.
    load(&mut workspace, network, 100..100 + capacity);
    workspace.forward_backward(network, executor);
    load(&mut workspace, network, 0..images);
    let result = workspace.forward_backward(network, executor);
    let predictions = workspace.predictions().collect();
    (result, workspace.gradients().clone(), predictions)
}

/// (capacity, images): divisible by the lanes and not, fewer images than lanes, a partial last batch.
const BATCHES: &[(usize, usize)] =
    &[(LANES, LANES), (16, 16), (13, 13), (10, 7), (10, 2), (10, 1), (1, 1), (3, 2), (LANES + 1, LANES)];

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let network = network();
    for threads in 1..=3 {
        let executor = Threads::new(threads);
        for &(capacity, images) in BATCHES {
            let serial = step(&network, capacity, images, &Serial);
            assert_eq!(
                step(&network, capacity, images, &executor),
                serial,
                "{images} images, {threads} threads"
            );
        }
    }
}

#[test]
fn a_batch_is_the_mean_of_its_images() {
    let network = network();
    for &(capacity, images) in BATCHES {
        let (result, gradients, predictions) = step(&network, capacity, images, &Serial);
        assert_eq!((result.images, predictions.len()), (images, images));
        let mut loss = 0.0;
        let mut correct = 0;
        let mut sums: Parameters = gradients.clone();
        sums.iter_mut().flatten().for_each(|t| t.values_mut().fill(0.0));
        for (image, &prediction) in predictions.iter().enumerate() {
            let mut alone = Workspace::new(&network, 1, true);
            load(&mut alone, &network, image..image + 1);
            let one = alone.forward_backward(&network, &Serial);
            assert_eq!(alone.predictions().next(), Some(prediction));
            loss += one.loss / images as f64;
            correct += one.correct;
            for (sum, tensor) in sums.iter_mut().flatten().zip(alone.gradients().iter().flatten()) {
                for (s, g) in sum.values_mut().iter_mut().zip(tensor.values()) {
                    *s += g / images as f32;
                }
            }
        }
        assert!((result.loss - loss).abs() < 1e-6, "{images} images: {} and {loss}", result.loss);
        assert_eq!(result.correct, correct);
        for (a, b) in gradients.iter().flatten().zip(sums.iter().flatten()) {
            for (a, b) in a.values().iter().zip(b.values()) {
                assert!((a - b).abs() < 1e-5, "{images} images: {a} and {b}");
            }
        }
    }
}

#[test]
fn evaluation_and_trace_say_what_training_says() {
    let network = network();
    let mut workspace = Workspace::new(&network, 5, false);
    load(&mut workspace, &network, 0..5);
    let evaluated = workspace.forward(&network, &Threads::new(2));
    let (trained, _, predictions) = step(&network, 5, 5, &Serial);
    assert_eq!(evaluated, trained);
    assert!(workspace.predictions().eq(predictions.iter().copied()));
    let x: Vec<f32> = (0..5 * network.input().len()).map(pixel).collect();
    let trace = network.trace(&x);
    for (p, &class) in trace.probabilities.values().chunks_exact(7).zip(&predictions) {
        assert!(p.iter().all(|&v| v <= p[class as usize]));
        assert!((p.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    }
}

#[test]
fn an_empty_batch_is_nothing() {
    let network = network();
    let (result, gradients, _) = step(&network, 6, 0, &Serial);
    assert_eq!(result, BatchResult::default());
    assert!(gradients.iter().flatten().all(|t| t.values().iter().all(|&g| g == 0.0)));
}
