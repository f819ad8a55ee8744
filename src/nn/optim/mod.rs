//! Optimisers, one file each; update rules and defaults are those of `torch.optim`.

mod adagrad;
mod adam;
mod adamw;
mod rmsprop;
mod schedule;
mod sgd;

pub use adagrad::Adagrad;
pub use adam::Adam;
pub use adamw::AdamW;
pub use rmsprop::RmsProp;
pub use schedule::{Progress, Schedule};
pub use sgd::Sgd;

use super::{
    network::Parameters,
    parts::{self, Executor, LANES, Serial},
    setting_error::SettingError,
    simd::wide,
    tensor::Tensor,
};
use serde::{Deserialize, Serialize};
use std::{
    str::FromStr,
    sync::atomic::{AtomicBool, Ordering},
};

/// An optimiser's kind and settings as data; the learning rate is given at each step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum OptimizerSpec {
    /// Gradient descent, with momentum and Nesterov's form of it.
    Sgd(Sgd),
    /// Adaptive moments.
    Adam(Adam),
    /// Adam with decoupled weight decay.
    AdamW(AdamW),
    /// The gradient over its running mean square.
    RmsProp(RmsProp),
    /// The gradient over the sum of its squares.
    Adagrad(Adagrad),
}

impl OptimizerSpec {
    /// The names that [`OptimizerSpec::from_str`] knows.
    pub const NAMES: &'static [&'static str] =
        &["sgd", "momentum", "nesterov", "adam", "adamw", "rmsprop", "adagrad"];

    /// The name on the command line and in the window.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sgd(Sgd { nesterov: true, .. }) => "nesterov",
            Self::Sgd(Sgd { momentum, .. }) if *momentum > 0.0 => "momentum",
            Self::Sgd(_) => "sgd",
            Self::Adam(_) => "adam",
            Self::AdamW(_) => "adamw",
            Self::RmsProp(_) => "rmsprop",
            Self::Adagrad(_) => "adagrad",
        }
    }

    /// The learning rate to begin with when nobody says another.
    pub fn usual_lr(&self) -> f32 {
        match self.name() {
            "sgd" => 0.05,
            "momentum" | "nesterov" | "adagrad" => 0.01,
            _ => 0.001,
        }
    }

    /// The momentum, for those that have one.
    pub fn momentum_mut(&mut self) -> Option<&mut f32> {
        match self {
            Self::Sgd(sgd) => Some(&mut sgd.momentum),
            Self::RmsProp(rmsprop) => Some(&mut rmsprop.momentum),
            Self::Adam(_) | Self::AdamW(_) | Self::Adagrad(_) => None,
        }
    }

    /// The momentum, for those that have one.
    pub fn momentum(mut self) -> Option<f32> {
        self.momentum_mut().copied()
    }

    /// The weight decay, to set.
    pub fn weight_decay_mut(&mut self) -> &mut f32 {
        match self {
            Self::Sgd(sgd) => &mut sgd.weight_decay,
            Self::Adam(adam) => &mut adam.weight_decay,
            Self::AdamW(adamw) => &mut adamw.weight_decay,
            Self::RmsProp(rmsprop) => &mut rmsprop.weight_decay,
            Self::Adagrad(adagrad) => &mut adagrad.weight_decay,
        }
    }

    /// What it remembers of each parameter, by PyTorch's names.
    pub const fn slots(&self) -> &'static [&'static str] {
        match self {
            Self::Sgd(_) => &["momentum_buffer"],
            Self::Adam(_) | Self::AdamW(_) => &["exp_avg", "exp_avg_sq"],
            Self::RmsProp(_) => &["square_avg", "momentum_buffer"],
            Self::Adagrad(_) => &["sum"],
        }
    }
}

impl FromStr for OptimizerSpec {
    type Err = SettingError;

    /// PyTorch's defaults for a name; momentum and nesterov have a momentum of 0.9.
    fn from_str(name: &str) -> Result<Self, SettingError> {
        let sgd = Sgd::default();
        match name {
            "sgd" => Ok(Self::Sgd(sgd)),
            "momentum" => Ok(Self::Sgd(Sgd { momentum: 0.9, ..sgd })),
            "nesterov" => Ok(Self::Sgd(Sgd { momentum: 0.9, nesterov: true, ..sgd })),
            "adam" => Ok(Self::Adam(Adam::default())),
            "adamw" => Ok(Self::AdamW(AdamW::default())),
            "rmsprop" => Ok(Self::RmsProp(RmsProp::default())),
            "adagrad" => Ok(Self::Adagrad(Adagrad::default())),
            other => Err(SettingError::new("optimizer", other, "'{value}' is not an optimiser: {names}")
                .with("names", Self::NAMES.join(", "))),
        }
    }
}

/// The step that is being made.
#[derive(Clone, Copy)]
struct Now {
    lr: f32,
    /// Its number, from 1.
    step: u64,
}

/// An optimiser with its state for one network.
#[derive(Clone, Debug)]
pub struct Optimizer {
    /// Its settings; they may be changed between two steps, its kind may not.
    pub spec: OptimizerSpec,
    steps: u64,
    /// One copy of the parameters' form a slot.
    state: Vec<Parameters>,
}

impl Optimizer {
    /// An optimiser that has made no step.
    pub fn new(spec: OptimizerSpec, parameters: &Parameters) -> Self {
        let mut zeros = parameters.clone();
        for tensor in zeros.iter_mut().flatten() {
            tensor.values_mut().fill(0.0);
        }
        Self { spec, steps: 0, state: vec![zeros; spec.slots().len()] }
    }

    /// An optimiser that goes on after `steps` steps with the [`Optimizer::state`] it had then; `None` when that is not
    /// of the form that `spec` and `parameters` ask for.
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

    /// Steps made so far.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// What it remembers: the parameters' form once for each of [`OptimizerSpec::slots`].
    pub fn state(&self) -> &[Parameters] {
        &self.state
    }

    /// Moves every parameter once by its gradient with the learning rate `lr`.
    pub fn step(&mut self, parameters: &mut Parameters, gradients: &Parameters, lr: f32) {
        self.step_on(&Serial, parameters, gradients, lr, None);
    }

    /// [`Optimizer::step`] by the threads of `executor`, which changes no bit of it; the parameters as they were are
    /// left in `before`, if there is such. Says whether all parameters are finite numbers after it.
    pub fn step_on(
        &mut self,
        executor: &dyn Executor,
        parameters: &mut Parameters,
        gradients: &Parameters,
        lr: f32,
        before: Option<&mut Parameters>,
    ) -> bool {
        self.steps += 1;
        let now = Now { lr, step: self.steps };
        let state = self.state.as_mut_slice();
        let task = Task { executor, parameters, gradients, state, before };
        match self.spec {
            OptimizerSpec::Sgd(sgd) => task.each(|w, g, s| sgd.update(w, g, s, now)),
            OptimizerSpec::Adam(adam) => task.each(|w, g, s| adam.update(w, g, s, 1.0, now)),
            OptimizerSpec::AdamW(adamw) => task.each(|w, g, s| adamw.update(w, g, s, now)),
            OptimizerSpec::RmsProp(rmsprop) => task.each(|w, g, s| rmsprop.update(w, g, s, now)),
            OptimizerSpec::Adagrad(adagrad) => task.each(|w, g, s| adagrad.update(w, g, s, now)),
        }
    }
}

/// All tensors of a step.
struct Task<'a> {
    executor: &'a dyn Executor,
    parameters: &'a mut Parameters,
    gradients: &'a Parameters,
    state: &'a mut [Parameters],
    before: Option<&'a mut Parameters>,
}

/// The parts of a tensor; empty ones of none.
fn values_of(tensor: Option<&mut Tensor>) -> [&mut [f32]; LANES] {
    let values = tensor.map(Tensor::values_mut).unwrap_or_default();
    let len = values.len();
    parts::split_mut(values, len).map(|(_, values)| values)
}

/// Values that are kept, moved and looked at while they are in the innermost cache.
const BLOCK: usize = 2048;

impl Task<'_> {
    /// Calls `update(parameter, gradient, slots)` for every block of every tensor; whether all is finite then.
    fn each<const SLOTS: usize>(
        mut self,
        update: impl Fn(&mut [f32], &[f32], [&mut [f32]; SLOTS]) + Sync,
    ) -> bool {
        let finite = AtomicBool::new(true);
        let tensors = self.parameters.iter_mut().flatten().zip(self.gradients.iter().flatten());
        let mut before = self.before.as_deref_mut().map(|before| before.iter_mut().flatten());
        let mut state = self.state.iter_mut().map(|slot| slot.iter_mut().flatten());
        let mut state: [_; SLOTS] = std::array::from_fn(|_| state.next());
        for (w, g) in tensors {
            let len = w.len();
            let mut before = values_of(before.as_mut().and_then(Iterator::next)).into_iter();
            let mut slots =
                state.each_mut().map(|slot| values_of(slot.as_mut().and_then(Iterator::next)).into_iter());
            let mut g = parts::split(g.values(), len).into_iter();
            let all = values_of(Some(w)).map(|w| {
                let slots = slots.each_mut().map(|slot| slot.next().unwrap_or_default());
                (w, g.next().map_or(&[][..], |(_, g)| g), slots, before.next().unwrap_or_default())
            });
            parts::each(self.executor, len, all, |(w, g, mut slots, before)| {
                for start in (0..w.len()).step_by(BLOCK) {
                    let block = start..w.len().min(start + BLOCK);
                    let w = &mut w[block.clone()];
                    if let Some(before) = before.get_mut(block.clone()) {
                        before.copy_from_slice(w);
                    }
                    let slots = slots.each_mut().map(|slot| &mut slot[block.clone()]);
                    let all = wide(
                        #[inline(always)]
                        || {
                            update(w, &g[block], slots);
                            w.iter().fold(true, |all, value| all & value.is_finite())
                        },
                    );
                    finite.fetch_and(all, Ordering::Relaxed);
                }
            });
        }
        finite.into_inner()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(values: &[f32]) -> Parameters {
        vec![vec![Tensor::new(&[values.len()], values).unwrap()], Vec::new()]
    }

    #[test]
    fn names_and_files_read_back() {
        for name in OptimizerSpec::NAMES {
            let spec: OptimizerSpec = name.parse().unwrap();
            assert_eq!(&spec.name(), name);
            let json = serde_json::to_string(&spec).unwrap();
            assert_eq!(serde_json::from_str::<OptimizerSpec>(&json).unwrap(), spec, "{json}");
        }
        assert!("lion".parse::<OptimizerSpec>().unwrap_err().to_string().contains("rmsprop"));
    }

    #[test]
    fn resuming_goes_on_bit_for_bit() {
        for name in OptimizerSpec::NAMES {
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
        for name in OptimizerSpec::NAMES {
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
