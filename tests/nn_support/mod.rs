//! One layer run alone, through the same trait as in a network, on buffers that hold rubbish beforehand.

use convlens::nn::{Layer, Tensor, layers::Aux, layers::Passed};

/// What a layer made of `x` and `dy`.
#[derive(Debug, PartialEq)]
pub(crate) struct Run {
    pub(crate) y: Vec<f32>,
    pub(crate) dx: Vec<f32>,
    pub(crate) gradients: Vec<Tensor>,
    pub(crate) indices: Vec<u32>,
}

/// Runs forward and, with an output gradient, backward; `gradients` start at `base`, since layers add to them.
pub(crate) fn run(layer: &dyn Layer, parameters: &[Tensor], x: &[f32], dy: Option<&[f32]>, base: f32) -> Run {
    let n = x.len() / layer.input().len();
    let mut run = Run {
        y: vec![f32::NAN; n * layer.output().len()],
        dx: vec![f32::NAN; x.len()],
        gradients: parameters.to_vec(),
        indices: vec![u32::MAX; n * layer.indices_len()],
    };
    for tensor in &mut run.gradients {
        tensor.values_mut().fill(base);
    }
    let mut scratch = vec![f32::NAN; layer.scratch_len()];
    let mut aux = Aux { indices: &mut run.indices, scratch: &mut scratch };
    layer.forward(parameters, x, &mut run.y, &mut aux);
    if let Some(dy) = dy {
        aux.scratch.fill(f32::NAN);
        let passed = Passed { x, y: &run.y, dy };
        layer.backward(parameters, passed, Some(&mut run.dx), &mut run.gradients, &mut aux);
    }
    run
}

/// Fails unless every |a − b| ≤ 1e-4 · max(|b|, largest |b| / 100): four digits of every value that is not itself
/// a small rest of larger ones, and six digits of the largest for those.
pub(crate) fn assert_close(what: &str, actual: &[f32], expected: &[f32]) {
    assert_eq!(actual.len(), expected.len(), "{what}: number of values");
    let floor = expected.iter().fold(0.0_f32, |m, b| m.max(b.abs())) / 100.0;
    for (i, (&a, &b)) in actual.iter().zip(expected).enumerate() {
        let allowed = 1e-4 * b.abs().max(floor);
        assert!((a - b).abs() <= allowed, "{what}[{i}] is {a}, but must be {b} ± {allowed}");
    }
}
