//! An optimiser with its state.

use super::{
    registry::OptimizerSpec,
    rule::{StepContext, Update},
};
use crate::nn::{
    network::Parameters,
    parallel::{Executor, Serial},
};

/// An optimiser with its state for one network.
#[derive(Clone, Debug)]
pub struct Optimizer {
    /// Its settings, which may be changed between two steps, except for the kind.
    pub spec: OptimizerSpec,
    steps: u64,
    /// For each slot, tensors with the parameters' shapes.
    state: Vec<Parameters>,
}

impl Optimizer {
    /// An optimiser before its first step.
    pub fn new(spec: OptimizerSpec, parameters: &Parameters) -> Self {
        let mut zeros = parameters.clone();
        for tensor in zeros.iter_mut().flatten() {
            tensor.values_mut().fill(0.0);
        }
        Self { spec, steps: 0, state: vec![zeros; spec.slots().len()] }
    }

    /// An optimiser after `steps` steps, with the [`Optimizer::state`] that it had then. `None` if the state does not have
    /// the slots of `spec` and the shapes of `parameters`.
    pub fn resume(
        spec: OptimizerSpec,
        parameters: &Parameters,
        steps: u64,
        state: Vec<Parameters>,
    ) -> Option<Self> {
        let same_form = |slot: &Parameters| {
            let shapes = |p: &Parameters| -> Vec<Vec<Vec<usize>>> {
                p.iter().map(|tensors| tensors.iter().map(|t| t.shape().to_vec()).collect()).collect()
            };
            shapes(slot) == shapes(parameters)
        };
        let fits = state.len() == spec.slots().len() && state.iter().all(same_form);
        fits.then_some(Self { spec, steps, state })
    }

    /// The number of steps so far.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Its state: for each of [`OptimizerSpec::slots`], tensors with the parameters' shapes.
    pub fn state(&self) -> &[Parameters] {
        &self.state
    }

    /// Mutable access to [`Optimizer::state`].
    pub fn state_mut(&mut self) -> &mut [Parameters] {
        &mut self.state
    }

    /// Updates every parameter with its gradient at the learning rate `lr`.
    pub fn step(&mut self, parameters: &mut Parameters, gradients: &Parameters, lr: f32) {
        self.step_on(&Serial, parameters, gradients, lr, None);
    }

    /// [`Optimizer::step`] on the threads of `executor`, with the same result. Copies the old parameters to `before`, if
    /// given. Returns whether all new parameters are finite.
    pub fn step_on(
        &mut self,
        executor: &dyn Executor,
        parameters: &mut Parameters,
        gradients: &Parameters,
        lr: f32,
        before: Option<&mut Parameters>,
    ) -> bool {
        self.steps += 1;
        let context = StepContext { lr, step: self.steps };
        let state = self.state.as_mut_slice();
        self.spec.apply(Update { executor, parameters, gradients, state, before, context })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::Tensor;

    fn values(values: &[f32]) -> Parameters {
        vec![vec![Tensor::new(&[values.len()], values).unwrap()], Vec::new()]
    }

    #[test]
    fn names_and_files_read_back() {
        for name in OptimizerSpec::names() {
            let spec: OptimizerSpec = name.parse().unwrap();
            assert_eq!(spec.name(), name);
            let json = serde_json::to_string(&spec).unwrap();
            assert_eq!(serde_json::from_str::<OptimizerSpec>(&json).unwrap(), spec, "{json}");
        }
        assert!("lion".parse::<OptimizerSpec>().unwrap_err().to_string().contains("rmsprop"));
    }

    #[test]
    fn a_resumed_optimizer_continues_bit_for_bit() {
        for name in OptimizerSpec::names() {
            let spec: OptimizerSpec = name.parse().unwrap();
            let mut whole = values(&[1.0, -2.0, 0.5]);
            let mut optimizer = Optimizer::new(spec, &whole);
            let step = |optimizer: &mut Optimizer, w: &mut Parameters| {
                let gradients = w.clone();
                optimizer.step(w, &gradients, 0.1);
            };
            step(&mut optimizer, &mut whole);
            step(&mut optimizer, &mut whole);
            let mut again = whole.clone();
            let mut resumed = Optimizer::resume(spec, &again, 2, optimizer.state().to_vec()).unwrap();
            step(&mut optimizer, &mut whole);
            step(&mut resumed, &mut again);
            assert_eq!(whole, again, "{name}");
            assert!(Optimizer::resume(spec, &values(&[1.0]), 2, optimizer.state().to_vec()).is_none());
            assert!(Optimizer::resume(spec, &again, 2, Vec::new()).is_none());
        }
    }

    #[test]
    fn weight_decay_shrinks_weights_without_a_gradient() {
        for name in OptimizerSpec::names() {
            let mut spec: OptimizerSpec = name.parse().unwrap();
            *spec.weight_decay_mut() = 0.1;
            let mut w = values(&[1.0, -1.0]);
            let zeros = values(&[0.0, 0.0]);
            Optimizer::new(spec, &w).step(&mut w, &zeros, 0.01);
            let moved = w[0][0].values();
            assert!((0.0..1.0).contains(&moved[0]) && moved[1] == -moved[0], "{name}: {moved:?}");
        }
    }
}
