//! Optimisers, one file each; update rules and defaults are those of `torch.optim`.

mod adam;
mod sgd;

pub use adam::Adam;
pub use sgd::Sgd;

use super::network::Parameters;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// An optimiser's kind and settings as data; the learning rate is given at each step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum OptimizerSpec {
    /// Gradient descent, with momentum and Nesterov's form of it.
    Sgd(Sgd),
    /// Adaptive moments.
    Adam(Adam),
}

impl OptimizerSpec {
    /// The names that [`OptimizerSpec::from_str`] knows.
    pub const NAMES: &'static [&'static str] = &["sgd", "momentum", "nesterov", "adam"];

    /// The name on the command line and in the window.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sgd(Sgd { nesterov: true, .. }) => "nesterov",
            Self::Sgd(Sgd { momentum, .. }) if *momentum > 0.0 => "momentum",
            Self::Sgd(_) => "sgd",
            Self::Adam(_) => "adam",
        }
    }

    /// The momentum, for those that have one.
    pub fn momentum_mut(&mut self) -> Option<&mut f32> {
        match self {
            Self::Sgd(sgd) => Some(&mut sgd.momentum),
            Self::Adam(_) => None,
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
        }
    }

    /// How many tensors of state a parameter has.
    const fn slots(&self) -> usize {
        match self {
            Self::Sgd(_) => 1,
            Self::Adam(_) => 2,
        }
    }
}

impl FromStr for OptimizerSpec {
    type Err = String;

    /// PyTorch's defaults for a name; momentum and nesterov have a momentum of 0.9.
    fn from_str(name: &str) -> Result<Self, String> {
        let sgd = Sgd::default();
        match name {
            "sgd" => Ok(Self::Sgd(sgd)),
            "momentum" => Ok(Self::Sgd(Sgd { momentum: 0.9, ..sgd })),
            "nesterov" => Ok(Self::Sgd(Sgd { momentum: 0.9, nesterov: true, ..sgd })),
            "adam" => Ok(Self::Adam(Adam::default())),
            other => Err(format!("'{other}' is no optimiser: {}", Self::NAMES.join(", "))),
        }
    }
}

/// An optimiser with its state for one network.
#[derive(Clone, Debug)]
pub struct Optimizer {
    /// Its settings; they may be changed between two steps.
    pub spec: OptimizerSpec,
    steps: u64,
    /// Momentum, or Adam's first and second moments: one copy of the parameters' form a slot.
    state: Vec<Parameters>,
}

impl Optimizer {
    /// An optimiser that has made no step.
    pub fn new(spec: OptimizerSpec, parameters: &Parameters) -> Self {
        let mut zeros = parameters.clone();
        for tensor in zeros.iter_mut().flatten() {
            tensor.values_mut().fill(0.0);
        }
        Self { spec, steps: 0, state: vec![zeros; spec.slots()] }
    }

    /// Steps made so far.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Moves every parameter once by its gradient with the learning rate `lr`.
    pub fn step(&mut self, parameters: &mut Parameters, gradients: &Parameters, lr: f32) {
        let first = self.steps == 0;
        self.steps += 1;
        let pairs = parameters.iter_mut().flatten().zip(gradients.iter().flatten());
        match (&self.spec, self.state.as_mut_slice()) {
            (OptimizerSpec::Sgd(sgd), [velocity]) => {
                for ((p, g), v) in pairs.zip(velocity.iter_mut().flatten()) {
                    sgd.update(p.values_mut(), g.values(), v.values_mut(), lr, first);
                }
            }
            (OptimizerSpec::Adam(adam), [first_moment, second_moment]) => {
                let moments = first_moment.iter_mut().flatten().zip(second_moment.iter_mut().flatten());
                for ((p, g), (m, v)) in pairs.zip(moments) {
                    adam.update(p.values_mut(), g.values(), m.values_mut(), v.values_mut(), lr, self.steps);
                }
            }
            _ => {}
        }
    }
}
