//! Runs a layer by itself, with buffers that hold arbitrary values beforehand.

use convlens::nn::{
    ForwardMode, Layer, Serial, Tensor,
    layers::{BackwardInput, BatchStatistics, BatchSums, Initial, LayerContext, ParameterSpec},
    step::reduce,
};

/// What a layer made of `x` and `dy`.
#[derive(Debug, PartialEq)]
pub(crate) struct Run {
    pub(crate) y: Vec<f32>,
    pub(crate) dx: Vec<f32>,
    pub(crate) gradients: Vec<Tensor>,
    /// As they are after one batch.
    pub(crate) buffers: Vec<Tensor>,
    pub(crate) indices: Vec<u32>,
}

/// Runs forward and, with an output gradient, backward, in training; `gradients` start at `base`, since layers add to
/// them.
pub(crate) fn run(layer: &dyn Layer, parameters: &[Tensor], x: &[f32], dy: Option<&[f32]>, base: f32) -> Run {
    run_in(ForwardMode::Train { seed: 1 }, layer, parameters, x, dy, base)
}

/// [`run`] in either mode.
pub(crate) fn run_in(
    mode: ForwardMode,
    layer: &dyn Layer,
    parameters: &[Tensor],
    x: &[f32],
    dy: Option<&[f32]>,
    base: f32,
) -> Run {
    let n = x.len() / layer.input().len();
    let mut run = Run {
        y: vec![f32::NAN; n * layer.output().len()],
        dx: vec![f32::NAN; x.len()],
        gradients: parameters.to_vec(),
        buffers: layer.buffers().iter().map(starting).collect(),
        indices: vec![u32::MAX; n * layer.indices_len()],
    };
    for tensor in &mut run.gradients {
        tensor.values_mut().fill(base);
    }
    let batch_statistics = layer.batch_statistics().filter(|_| mode != ForwardMode::Eval);
    let mut inputs = vec![0.0; batch_statistics.map_or(0, BatchStatistics::sums_len)];
    let mut gradients = inputs.clone();
    if let Some(batch_statistics) = batch_statistics {
        batch_statistics.sum_inputs(x, &mut inputs);
    }
    let mut scratch = vec![f32::NAN; layer.scratch_len(1)];
    let mut context = LayerContext {
        indices: &mut run.indices,
        scratch: &mut scratch,
        buffers: &run.buffers,
        mode,
        batch: BatchSums { images: n, inputs: &inputs, gradients: &[] },
        ..LayerContext::empty()
    };
    layer.forward(parameters, x, &mut run.y, &mut context);
    if let Some(dy) = dy {
        context.scratch.fill(f32::NAN);
        let input = BackwardInput { x, y: &run.y, dy };
        if let Some(batch_statistics) = batch_statistics {
            batch_statistics.sum_gradients(input, &context, &mut gradients);
        }
        context.batch.gradients = &gradients;
        layer.backward(parameters, input, Some(&mut run.dx), &mut run.gradients, &mut context);
        if let Some(matrices) = layer.transposed_gradient() {
            let transposed = run.gradients[0].values().to_vec();
            reduce(&Serial, &[transposed.as_slice()].into_iter(), Some(matrices), &mut run.gradients[0]);
        }
    }
    if let Some(batch_statistics) = batch_statistics {
        let batch = BatchSums { images: n, inputs: &inputs, gradients: &gradients };
        batch_statistics.update_buffers(batch, &mut run.buffers);
    }
    run
}

/// A buffer before training; none is drawn at random.
fn starting(spec: &ParameterSpec) -> Tensor {
    let mut tensor = Tensor::zeros(&spec.shape);
    match spec.initial {
        Initial::Constant(value) => tensor.values_mut().fill(value),
        Initial::Random { .. } => unreachable!("{spec:?} is drawn"),
    }
    tensor
}

/// Fails unless every |a − b| ≤ 1e-4 · max(|b|, largest |b| / 100): four digits of every value that is not itself
/// a small rest of larger ones, and six digits of the largest for those. A whole tensor below 1e-9 is zero: a bias
/// before a batch normalisation has no gradient but rounding.
pub(crate) fn assert_close(what: &str, actual: &[f32], expected: &[f32]) {
    assert_eq!(actual.len(), expected.len(), "{what}: number of values");
    let floor = expected.iter().fold(0.0_f32, |m, b| m.max(b.abs())) / 100.0;
    let floor = floor.max(1e-5);
    for (i, (&a, &b)) in actual.iter().zip(expected).enumerate() {
        let allowed = 1e-4 * b.abs().max(floor);
        assert!((a - b).abs() <= allowed, "{what}[{i}] is {a}, but must be {b} ± {allowed}");
    }
}
