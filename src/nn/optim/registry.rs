//! The optimiser registry: one line per optimiser.

use super::rule::{Update, UpdateRule};
use crate::nn::setting_error::SettingError;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Defines [`OptimizerSpec`] from one line per optimiser.
macro_rules! registry {
    ($($variant:ident => $name:literal),+ $(,)?) => {
        /// An optimiser and its settings as data, without the learning rate, which each step gets.
        #[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "type")]
        #[expect(missing_docs, reason = "each variant is documented by its settings")]
        pub enum OptimizerSpec {
            $(#[serde(rename = $name)] $variant(super::$variant)),+
        }

        impl OptimizerSpec {
            /// Every name of an optimiser on the command line and in the window, with the settings that it stands for:
            /// PyTorch's defaults, and a momentum of 0.9 for `momentum` and `nesterov`.
            pub fn named() -> Vec<(&'static str, Self)> {
                let mut all = Vec::new();
                $(all.extend(super::$variant::named().into_iter().map(|(name, rule)| (name, Self::$variant(rule))));)+
                all
            }

            /// The name of these settings, one of [`OptimizerSpec::named`].
            pub fn name(&self) -> &'static str {
                match self { $(Self::$variant(rule) => rule.name()),+ }
            }

            /// The default learning rate.
            pub fn default_lr(&self) -> f32 {
                match self { $(Self::$variant(rule) => rule.default_lr()),+ }
            }

            /// Mutable access to the momentum, if it has one.
            pub fn momentum_mut(&mut self) -> Option<&mut f32> {
                match self { $(Self::$variant(rule) => rule.momentum_mut()),+ }
            }

            /// Mutable access to the weight decay.
            pub fn weight_decay_mut(&mut self) -> &mut f32 {
                match self { $(Self::$variant(rule) => rule.weight_decay_mut()),+ }
            }

            /// PyTorch's names of the values that it keeps for each parameter.
            pub const fn slots(&self) -> &'static [&'static str] {
                match self { $(Self::$variant(_) => super::$variant::SLOTS),+ }
            }

            /// Applies the update rule to all tensors. Returns whether all new parameters are finite.
            pub(super) fn apply(&self, update: Update<'_>) -> bool {
                match self { $(Self::$variant(rule) => rule.apply(update)),+ }
            }
        }

        $(impl From<super::$variant> for OptimizerSpec {
            fn from(rule: super::$variant) -> Self {
                Self::$variant(rule)
            }
        })+
    };
}

registry! {
    Sgd => "sgd",
    Adam => "adam",
    AdamW => "adamw",
    RmsProp => "rmsprop",
    Adagrad => "adagrad",
}

impl OptimizerSpec {
    /// The names of [`OptimizerSpec::named`].
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::named().into_iter().map(|(name, _)| name)
    }

    /// The momentum, if it has one.
    pub fn momentum(mut self) -> Option<f32> {
        self.momentum_mut().copied()
    }
}

impl FromStr for OptimizerSpec {
    type Err = SettingError;

    /// The settings of [`OptimizerSpec::named`].
    fn from_str(name: &str) -> Result<Self, SettingError> {
        let named = Self::named().into_iter().find(|(known, _)| *known == name);
        named.map(|(_, spec)| spec).ok_or_else(|| {
            let names: Vec<_> = Self::names().collect();
            SettingError::new("optimizer", name, "'{value}' is not an optimiser: {names}")
                .with("names", names.join(", "))
        })
    }
}
