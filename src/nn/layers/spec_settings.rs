//! The settings of any layer as a list, made from what serde reads and writes: who edits them needs no line for a type.

use super::registry::LayerSpec;
use crate::nn::pair::Pair;
use serde::Serialize;
use serde_json::{Map, Value};

/// A name that no setting has.
const NO_NAME: &str = "?";

/// The outputs of a fresh layer.
const FRESH_CHANNELS: usize = 16;
const FRESH_FEATURES: usize = 100;

/// A setting of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerSetting {
    /// Its name in spec files, which is PyTorch's.
    pub name: String,
    /// What it may be.
    pub kind: SettingKind,
    /// What it is; `None` only for one that may be left out.
    pub value: Option<SettingValue>,
    /// Whether it may be left out.
    pub is_optional: bool,
}

/// What a setting may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingKind {
    /// A whole number.
    Count,
    /// A height and a width.
    Pair,
    /// A number.
    Real,
    /// On or off.
    Switch,
    /// One of these words.
    Choice(Vec<String>),
    /// A height and a width, or one of these words.
    PairOr(Vec<String>),
    /// Whole numbers in a row.
    List,
}

/// What a setting is.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum SettingValue {
    /// On or off.
    Switch(bool),
    /// A whole number.
    Count(usize),
    /// A number.
    Real(f32),
    /// A height and a width.
    Pair([usize; 2]),
    /// A word.
    Choice(String),
    /// Whole numbers in a row.
    List(Vec<usize>),
}

impl From<Pair> for SettingValue {
    fn from(pair: Pair) -> Self {
        Self::Pair([pair.h, pair.w])
    }
}

impl SettingValue {
    /// `is_list` says whether two numbers are a list, which may have other lengths, rather than a height and a width.
    fn of_json(value: &Value, is_list: impl Fn() -> bool) -> Option<Self> {
        Some(match value {
            Value::Bool(is_on) => Self::Switch(*is_on),
            Value::Number(number) if number.is_f64() => Self::Real(number.as_f64()? as f32),
            Value::Number(number) => Self::Count(usize::try_from(number.as_u64()?).ok()?),
            Value::String(word) => Self::Choice(word.clone()),
            Value::Array(numbers) if numbers.len() == 2 && !is_list() => {
                Self::Pair(serde_json::from_value(value.clone()).ok()?)
            }
            Value::Array(_) => Self::List(serde_json::from_value(value.clone()).ok()?),
            Value::Null | Value::Object(_) => return None,
        })
    }

    fn json(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

impl LayerSpec {
    /// All settings, in the order of the layer's file.
    pub fn settings(&self) -> Vec<LayerSetting> {
        let written = self.written();
        let setting = |name: String| {
            let value = written.get(&name).and_then(|value| self.value_of(&name, value));
            let without = self.with_json(&name, Value::Null);
            let is_optional = value.is_none() || without.is_ok_and(|layer| layer.setting(&name).is_none());
            let kind = self.kind_of(&name, value.as_ref())?;
            Some(LayerSetting { name, kind, value, is_optional })
        };
        self.setting_names().into_iter().filter_map(setting).collect()
    }

    /// The setting of this name.
    pub fn setting(&self, name: &str) -> Option<SettingValue> {
        self.written().get(name).and_then(|value| self.value_of(name, value))
    }

    fn value_of(&self, name: &str, value: &Value) -> Option<SettingValue> {
        SettingValue::of_json(value, || self.with_json(name, Value::from(vec![1, 1, 1])).is_ok())
    }

    /// The layer with another value of a setting, `None` to leave it out. `None` if the setting cannot be that.
    pub fn with_setting(&self, name: &str, value: Option<&SettingValue>) -> Option<Self> {
        self.with_json(name, value.map_or(Value::Null, SettingValue::json)).ok()
    }

    /// A layer of this type with settings that suit most networks.
    pub fn fresh(type_name: &str) -> Option<Self> {
        let (mut layer, input) =
            Self::examples().into_iter().find(|(layer, _)| layer.type_name() == type_name)?;
        let named = Value::Object(Map::from_iter([("type".to_owned(), Value::from(type_name))]));
        if let Ok(usual) = serde_json::from_value::<Self>(named)
            && usual.build(input).is_ok()
        {
            return Some(usual);
        }
        for (name, count) in [("out_channels", FRESH_CHANNELS), ("out_features", FRESH_FEATURES)] {
            layer = layer.with_setting(name, Some(&SettingValue::Count(count))).unwrap_or(layer);
        }
        Some(layer)
    }

    fn written(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        }
    }

    fn with_json(&self, name: &str, value: Value) -> serde_json::Result<Self> {
        let mut written = self.written();
        written.insert(name.to_owned(), value);
        serde_json::from_value(Value::Object(written))
    }

    /// What serde names when it meets a setting that does not exist.
    fn setting_names(&self) -> Vec<String> {
        named(self.with_json(NO_NAME, Value::Null).err())
    }

    /// One that is left out has the kind of the first value that is taken.
    fn kind_of(&self, name: &str, value: Option<&SettingValue>) -> Option<SettingKind> {
        Some(match value {
            Some(SettingValue::Switch(_)) => SettingKind::Switch,
            Some(SettingValue::Count(_)) => SettingKind::Count,
            Some(SettingValue::Real(_)) => SettingKind::Real,
            Some(SettingValue::Pair(_)) => {
                let words = named(self.with_json(name, Value::from(NO_NAME)).err());
                if words.is_empty() { SettingKind::Pair } else { SettingKind::PairOr(words) }
            }
            Some(SettingValue::List(_)) => SettingKind::List,
            Some(SettingValue::Choice(_)) => {
                let words = named(self.with_json(name, Value::from(NO_NAME)).err());
                let is_pair = self.with_json(name, Value::from(vec![1, 1])).is_ok();
                if is_pair { SettingKind::PairOr(words) } else { SettingKind::Choice(words) }
            }
            None => {
                let kinds = [
                    (Value::from(true), SettingKind::Switch),
                    (Value::from(0.5), SettingKind::Real),
                    (Value::from(vec![1, 1]), SettingKind::Pair),
                    (Value::from(1), SettingKind::Count),
                ];
                kinds.into_iter().find(|(value, _)| self.with_json(name, value.clone()).is_ok())?.1
            }
        })
    }
}

/// The names that an error of serde expected: those in backticks after the first, which is the wrong one.
fn named(error: Option<serde_json::Error>) -> Vec<String> {
    let text = error.map(|error| error.to_string()).unwrap_or_default();
    text.split('`').skip(1).step_by(2).skip(1).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::layers::{AvgPool2d, Conv2d, Gelu};

    fn kinds(layer: &LayerSpec) -> Vec<(String, SettingKind)> {
        layer.settings().into_iter().map(|setting| (setting.name, setting.kind)).collect()
    }

    #[test]
    fn settings_are_read_off_the_layer() {
        let conv = LayerSpec::from(Conv2d::new(6, 5));
        let names: Vec<String> = conv.settings().into_iter().map(|setting| setting.name).collect();
        assert_eq!(
            names,
            [
                "out_channels",
                "kernel_size",
                "stride",
                "padding",
                "dilation",
                "groups",
                "bias",
                "padding_mode"
            ]
        );
        assert_eq!(conv.setting("kernel_size"), Some(SettingValue::Pair([5, 5])));
        let pool = LayerSpec::from(AvgPool2d::new(2));
        let divisor = pool.settings().into_iter().find(|s| s.name == "divisor_override").unwrap();
        assert_eq!((divisor.kind, divisor.value, divisor.is_optional), (SettingKind::Count, None, true));
        let words = ["none", "tanh"].map(str::to_owned).to_vec();
        let gelu = LayerSpec::from(Gelu::default());
        assert_eq!(kinds(&gelu), [("approximate".to_owned(), SettingKind::Choice(words))]);
    }

    /// Goes over the registry, so that a new type is tested, too.
    #[test]
    fn every_setting_of_every_type_can_be_changed_and_comes_back() {
        for (layer, _) in LayerSpec::examples() {
            let settings = layer.settings();
            let written = layer.written();
            assert!(written.len() - 1 <= settings.len(), "{layer:?} has settings that are not listed");
            for LayerSetting { name, kind, value, is_optional } in settings {
                let changed = match kind {
                    SettingKind::Switch => SettingValue::Switch(value == Some(SettingValue::Switch(false))),
                    SettingKind::Count => SettingValue::Count(77),
                    SettingKind::Real => SettingValue::Real(0.375),
                    SettingKind::Pair => SettingValue::Pair([7, 9]),
                    SettingKind::PairOr(words) => match value {
                        Some(SettingValue::Pair(_)) => SettingValue::Choice(words[0].clone()),
                        _ => SettingValue::Pair([7, 9]),
                    },
                    SettingKind::List => {
                        let Some(SettingValue::List(numbers)) = &value else { panic!("{layer:?} {name}") };
                        SettingValue::List(numbers.iter().map(|number| number + 3).collect())
                    }
                    SettingKind::Choice(words) => {
                        assert!(words.len() > 1, "{name} of {layer:?}");
                        let other = words.into_iter().map(SettingValue::Choice);
                        other.into_iter().find(|word| Some(word) != value.as_ref()).unwrap()
                    }
                };
                let other =
                    layer.with_setting(&name, Some(&changed)).unwrap_or_else(|| panic!("{layer:?} {name}"));
                assert_eq!(other.setting(&name), Some(changed), "{layer:?} {name}");
                assert_eq!(other.with_setting(&name, value.as_ref()), Some(layer.clone()), "{name}");
                assert!(value.is_some() || is_optional);
            }
        }
    }

    #[test]
    fn every_type_has_a_fresh_layer() {
        for &name in LayerSpec::TYPES {
            assert_eq!(LayerSpec::fresh(name).unwrap().type_name(), name);
        }
        assert_eq!(LayerSpec::fresh("conv3d"), None);
    }
}
