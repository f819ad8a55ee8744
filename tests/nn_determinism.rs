//! The number of threads does not change one bit of a training step; the split of a batch changes only rounding.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use convlens::nn::{
    Executor, ForwardMode, Init, Network, NetworkSpec, Serial, Workspace, network::Parameters,
    parallel::SHARDS, step::BatchResult,
};
use rayon::prelude::*;

struct Threads(rayon::ThreadPool);

impl Threads {
    fn new(count: usize) -> Self {
        Self(rayon::ThreadPoolBuilder::new().num_threads(count).build().unwrap())
    }
}

impl Executor for Threads {
    fn for_each(&self, job: &(dyn Fn(usize) + Sync)) {
        self.0.install(|| (0..SHARDS).into_par_iter().for_each(job));
    }
}

fn network_of(layers: &str) -> Network {
    let json = format!(r#"{{"name": "n", "input": [1,12,12], "layers": [{layers}]}}"#);
    Network::new(NetworkSpec::from_json(&json).unwrap(), Init::He, 1).unwrap()
}

/// A network without batch statistics.
fn network() -> Network {
    network_of(
        r#"{"type":"conv2d","out_channels":5,"kernel_size":3,"padding":1}, {"type":"relu"},
           {"type":"max_pool2d","kernel_size":3,"stride":2,"padding":1}, {"type":"conv2d","out_channels":4,"kernel_size":3},
           {"type":"tanh"}, {"type":"flatten"}, {"type":"linear","out_features":7}"#,
    )
}

/// A network with batch statistics, also in its first layer, and dropout.
fn statistics_network() -> Network {
    network_of(
        r#"{"type":"batch_norm2d"}, {"type":"conv2d","out_channels":6,"kernel_size":3,"stride":2}, {"type":"batch_norm2d"},
           {"type":"relu"}, {"type":"dropout","p":0.4}, {"type":"conv2d","out_channels":4,"kernel_size":3},
           {"type":"batch_norm2d"}, {"type":"flatten"}, {"type":"dropout"}, {"type":"linear","out_features":7}"#,
    )
}

/// A network with fully connected layers so large that the whole batch passes them at once, after the layer `first`.
fn wide_network(first: &str) -> Network {
    network_of(&format!(
        r#"{first} {{"type":"flatten"}}, {{"type":"linear","out_features":4096}}, {{"type":"tanh"}},
           {{"type":"linear","out_features":128}}, {{"type":"linear","out_features":7}}"#
    ))
}

/// The value of pixel `i` of all images in a row.
fn pixel(i: usize) -> f32 {
    (i * 7919 % 1009) as f32 / 504.0 - 1.0
}

fn load(workspace: &mut Workspace, network: &Network, images: std::ops::Range<usize>) {
    let len = network.input().len();
    workspace.load(images.len(), &Serial, |first, x, labels| {
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
    // A larger batch before, of which nothing may be left.
    load(&mut workspace, network, 100..100 + capacity);
    workspace.forward_backward(network, executor);
    load(&mut workspace, network, 0..images);
    let result = workspace.forward_backward(network, executor);
    let predictions = workspace.predictions().collect();
    (result, workspace.gradients().clone(), predictions)
}

/// (capacity, images): divisible by the shards and not, fewer images than shards, a partial last batch.
const BATCHES: &[(usize, usize)] =
    &[(SHARDS, SHARDS), (16, 16), (13, 13), (10, 7), (10, 2), (10, 1), (1, 1), (3, 2), (SHARDS + 1, SHARDS)];

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let coupled_and_wide = wide_network(r#"{"type":"batch_norm2d"},"#);
    for network in [network(), statistics_network(), coupled_and_wide] {
        for threads in 1..=3 {
            let executor = Threads::new(threads);
            for &(capacity, images) in BATCHES {
                let serial = step(&network, capacity, images, &Serial);
                let parallel = step(&network, capacity, images, &executor);
                assert_eq!(parallel, serial, "{images} images, {threads} threads");
            }
        }
    }
}

#[test]
fn a_batch_is_the_mean_of_its_images() {
    is_the_mean_of_its_images(&network(), BATCHES);
    // More images than pass a run of layers at once.
    is_the_mean_of_its_images(&wide_network(""), &[(13, 10), (1, 1), (150, 150)]);
}

fn is_the_mean_of_its_images(network: &Network, batches: &[(usize, usize)]) {
    for &(capacity, images) in batches {
        let (result, gradients, predictions) = step(network, capacity, images, &Serial);
        assert_eq!((result.images, predictions.len()), (images, images));
        let mut loss = 0.0;
        let mut correct = 0;
        let mut sums: Parameters = gradients.clone();
        sums.iter_mut().flatten().for_each(|t| t.values_mut().fill(0.0));
        for (image, &prediction) in predictions.iter().enumerate() {
            let mut alone = Workspace::new(network, 1, true);
            load(&mut alone, network, image..image + 1);
            let one = alone.forward_backward(network, &Serial);
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
fn evaluation_and_trace_agree_with_training() {
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
fn an_empty_batch_changes_nothing() {
    for mut network in [network(), statistics_network()] {
        let (result, gradients, _) = step(&network, 6, 0, &Serial);
        assert_eq!(result, BatchResult::default());
        assert!(gradients.iter().flatten().all(|t| t.values().iter().all(|&g| g == 0.0)));
        let before = network.buffers().clone();
        let mut workspace = Workspace::new(&network, 6, true);
        workspace.forward_backward(&network, &Serial);
        workspace.update_buffers(&mut network);
        assert_eq!(network.buffers(), &before);
    }
}

/// The mean cross-entropy of a trace's probabilities.
fn loss_of(probabilities: &[f32], images: usize) -> f64 {
    let images = (0..images).zip(probabilities.chunks_exact(7));
    images.clone().map(|(i, p)| -f64::from(p[i * 5 % 7]).ln()).sum::<f64>() / images.len() as f64
}

#[test]
fn a_split_batch_has_the_statistics_of_the_whole() {
    let mut network = statistics_network();
    let x: Vec<f32> = (0..10 * network.input().len()).map(pixel).collect();
    let mut workspace = Workspace::new(&network, 10, true);
    load(&mut workspace, &network, 0..10);
    let result = workspace.forward_training(&network, &Threads::new(2));
    // The first pass of a workspace has seed 0.
    let whole = network.trace_in(ForwardMode::Train { seed: 0 }, &x);
    assert!((result.loss - loss_of(whole.probabilities.values(), 10)).abs() < 1e-5);

    // After a hundred passes the running statistics are the batch's; evaluation uses them.
    for _ in 0..100 {
        workspace.update_buffers(&mut network);
    }
    assert_eq!(network.named_buffers().next().unwrap().0, "0.running_mean");
    let (mean, input) = (network.buffers()[0][0].values()[0], x.iter().sum::<f32>() / x.len() as f32);
    assert!((mean - input).abs() < 1e-5, "{mean} and {input}");
    assert_eq!(network.buffers()[0][2].values(), [100.0]);
    let evaluated = workspace.forward(&network, &Serial).loss;
    assert!((evaluated - loss_of(network.trace(&x).probabilities.values(), 10)).abs() < 1e-5);
}

#[test]
fn dropout_depends_on_seed_and_pass() {
    let network = statistics_network();
    let mut workspace = Workspace::new(&network, 8, true);
    load(&mut workspace, &network, 0..8);
    let mut losses = |seed, pass| {
        workspace.set_seed(seed, pass);
        [0, 1].map(|_| workspace.forward_backward(&network, &Serial).loss)
    };
    let [first, second] = losses(3, 0);
    assert_ne!(first, second, "each pass drops other values");
    assert_eq!(losses(3, 1)[0], second, "a resumed session drops the same");
    assert_ne!(losses(4, 0)[0], first);
}
