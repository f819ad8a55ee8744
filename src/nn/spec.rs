//! Network specs: networks as data, which a person edits and a file stores.

use super::{
    layers::{Layer, LayerError, LayerSpec, SettingValue},
    shape::{MAX_VALUES, Shape},
};
use crate::text::{ClassNames, Say, Sentence};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::fmt;

/// The most parameters that a network may have (1 GiB of `f32`).
pub const MAX_PARAMETERS: u64 = 1 << 28;

/// The largest magnitude of a pixel after preprocessing.
const MAX_PIXEL: f32 = 1e6;

/// The most layers that a network may have.
pub const MAX_LAYERS: usize = 256;

/// The preprocessing of a picture: padding with background, then `x ↦ (x − mean) / std` for x in 0…1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Preprocess {
    /// Subtracted from every pixel.
    pub mean: f32,
    /// Divides every pixel.
    pub std: f32,
    /// Background pixels added on each side.
    pub pad: usize,
}

impl Default for Preprocess {
    fn default() -> Self {
        Self { mean: 0.0, std: 1.0, pad: 0 }
    }
}

/// A network's name, input, preprocessing and layers, without its weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkSpec {
    /// Its name.
    pub name: String,
    /// The shape of one input image, after `preprocess`.
    pub input: Shape,
    /// How a picture becomes the input.
    pub preprocess: Preprocess,
    /// The layers in order, as in a `torch.nn.Sequential`.
    pub layers: Vec<LayerSpec>,
    /// What its outputs are called; none for numbers. They are those of the data set that it learnt from.
    #[serde(default, skip_serializing_if = "ClassNames::is_empty")]
    pub class_names: ClassNames,
}

/// Why a spec is invalid. Layers are counted from 0, as in the keys of a `torch.nn.Sequential`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpecError {
    /// The text is not JSON, or a value outside the layers is wrong.
    Form(Sentence),
    /// A layer's JSON is wrong.
    Settings {
        /// The layer's number, from 0.
        number: usize,
        /// Its type as written.
        kind: String,
        /// What is wrong.
        reason: String,
    },
    /// A layer's settings do not fit its input.
    Layer {
        /// The layer's number, from 0.
        number: usize,
        /// Its type.
        kind: &'static str,
        /// The shape of its input.
        input: Shape,
        /// What does not fit.
        reason: Box<LayerError>,
    },
    /// The network has this many parameters, which is more than [`MAX_PARAMETERS`].
    TooLarge(u64),
}

impl Say for SpecError {
    fn say(&self) -> Sentence {
        match self {
            Self::Form(reason) => {
                Sentence::new("the spec is not valid: {reason}").part("reason", reason.clone())
            }
            Self::Settings { number, kind, reason } => Sentence::new("layer {number} ({kind}): {reason}")
                .with("number", number)
                .with("kind", kind)
                .with("reason", reason),
            Self::Layer { number, kind, input, reason } => {
                Sentence::new("layer {number} ({kind}) with input {input}: {reason}")
                    .with("number", number)
                    .with("kind", kind)
                    .with("input", input)
                    .part("reason", reason.say())
            }
            Self::TooLarge(parameters) => {
                Sentence::new("the network has {parameters} parameters, but at most {most} fit")
                    .with("parameters", parameters)
                    .with("most", MAX_PARAMETERS)
            }
        }
    }
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say().fmt(f)
    }
}

impl std::error::Error for SpecError {}

/// The spec's JSON with unparsed layers, so that an error can name the layer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    input: Shape,
    #[serde(default)]
    preprocess: Preprocess,
    layers: Vec<Box<RawValue>>,
    #[serde(default)]
    class_names: ClassNames,
}

/// The first fault of a spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecFault {
    /// The layer that does not fit, from 0; `None` if it is the input, or the number of layers.
    pub number: Option<usize>,
    /// What is wrong.
    pub error: SpecError,
}

/// The layers that could be built, in order, and the fault of the next one.
pub type Built = (Vec<Box<dyn Layer>>, Option<SpecFault>);

impl NetworkSpec {
    /// Parses and checks a spec. Errors name the layer, the setting, its value and the rule.
    pub fn from_json(text: &str) -> Result<Self, SpecError> {
        let spec = Self::read_json(text)?;
        spec.build()?;
        Ok(spec)
    }

    /// Parses a spec, whether its layers fit each other or not: to mend it. See [`NetworkSpec::from_json`].
    pub fn read_json(text: &str) -> Result<Self, SpecError> {
        // Some editors begin a file with a byte order mark.
        let text = text.trim_start_matches('\u{feff}');
        let written: Written = serde_json::from_str(text)
            .map_err(|e| SpecError::Form(Sentence::new("{error}").with("error", e)))?;
        if written.layers.len() > MAX_LAYERS {
            return Err(SpecError::Form(wrong_count(written.layers.len())));
        }
        let layer = |(number, json): (usize, Box<RawValue>)| {
            // From the text: a JSON value would have lost a key that is there twice.
            serde_json::from_str(json.get()).map_err(|e| {
                let value: serde_json::Value = serde_json::from_str(json.get()).unwrap_or_default();
                let kind = value.get("type").and_then(|t| t.as_str()).unwrap_or("no type").to_owned();
                let reason = e.to_string();
                // The place in the layer's text is not the place in the file.
                let reason = reason.rsplit_once(" at line ").map_or(reason.as_str(), |(reason, _)| reason);
                SpecError::Settings { number, kind, reason: reason.to_owned() }
            })
        };
        let layers = written.layers.into_iter().enumerate().map(layer).collect::<Result<_, _>>()?;
        Ok(Self {
            name: written.name,
            input: written.input,
            preprocess: written.preprocess,
            layers,
            class_names: written.class_names,
        })
    }

    /// The network for images of this shape and as many classes: the input changes, and the outputs of its last layer that
    /// has a number of them. `None` if its layers do not allow that.
    pub fn fitted_to(
        &self,
        channels: usize,
        (height, width): (usize, usize),
        classes: usize,
    ) -> Option<Self> {
        let pad = 2 * self.preprocess.pad;
        let mut spec = self.clone();
        spec.input = Shape::maps(channels, height + pad, width + pad);
        spec.class_names = ClassNames::default();
        let outputs = |layer: &&mut LayerSpec| layer.setting("out_features").is_some();
        let last = spec.layers.iter_mut().rev().find(outputs)?;
        *last = last.with_setting("out_features", Some(&SettingValue::Count(classes)))?;
        let built = spec.build().ok()?;
        if spec.input != self.input || spec.layers != self.layers {
            // It is no longer the network of that name.
            spec.name = format!("{}-fit", self.name.trim_end_matches("-fit"));
        }
        (built.last()?.output() == Shape::Vector(classes)).then_some(spec)
    }

    /// The spec as JSON for [`NetworkSpec::from_json`].
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The same with a line for each layer, as a person reads it.
    pub fn to_json_lines(&self) -> String {
        let json = |value: serde_json::Result<String>| value.unwrap_or_default();
        let none = Self { layers: Vec::new(), class_names: ClassNames::default(), ..self.clone() }.to_json();
        let head = none.strip_suffix("]}").unwrap_or(&none).to_owned();
        let layers: Vec<String> =
            self.layers.iter().map(|layer| format!("\n  {}", json(serde_json::to_string(layer)))).collect();
        let names = if self.class_names.is_empty() {
            String::new()
        } else {
            format!(",\n\"class_names\":{}", json(serde_json::to_string(&self.class_names)))
        };
        format!("{head}{}\n]{names}}}\n", layers.join(","))
    }

    /// Checks all settings and fixes every shape, without allocating weights.
    pub fn build(&self) -> Result<Vec<Box<dyn Layer>>, SpecError> {
        match self.build_to_fault() {
            (built, None) => Ok(built),
            (_, Some(fault)) => Err(fault.error),
        }
    }

    /// Builds the layers up to the first that does not fit.
    pub fn build_to_fault(&self) -> Built {
        if let Err(reason) = self.check_outside() {
            return (Vec::new(), Some(SpecFault { number: None, error: SpecError::Form(reason) }));
        }
        let mut shape = self.input;
        let mut built = Vec::with_capacity(self.layers.len());
        let (mut parameters, mut values) = (0_u64, 0_u64);
        for (number, spec) in self.layers.iter().enumerate() {
            let mut next = || {
                let layer = spec.build(shape)?;
                let output = layer.output().check()?;
                parameters = parameters.saturating_add(parameter_count(layer.as_ref()));
                if parameters > MAX_PARAMETERS {
                    return Ok(Err(SpecError::TooLarge(parameters)));
                }
                values += output.len() as u64;
                if values > MAX_VALUES {
                    return Err(LayerError::TooManyActivations(values));
                }
                let scratch = layer.scratch_len(1) as u64;
                if scratch > MAX_VALUES {
                    return Err(LayerError::TooMuchScratch(scratch));
                }
                Ok(Ok(layer))
            };
            let next = next().unwrap_or_else(|reason| {
                let (kind, reason) = (spec.type_name(), Box::new(reason));
                Err(SpecError::Layer { number, kind, input: shape, reason })
            });
            match next {
                Ok(layer) => {
                    shape = layer.output();
                    built.push(layer);
                }
                Err(error) => return (built, Some(SpecFault { number: Some(number), error })),
            }
        }
        (built, None)
    }

    /// Checks all that is not a layer.
    fn check_outside(&self) -> Result<(), Sentence> {
        let Preprocess { mean, std, pad } = self.preprocess;
        if !mean.is_finite() || !std.is_finite() || std <= 0.0 {
            let sentence =
                "preprocess has mean {mean} and std {std}, but needs a finite mean and a std above 0";
            return Err(Sentence::new(sentence).with("mean", mean).with("std", std));
        }
        let scaled = [-mean, 1.0 - mean].map(|pixel| (pixel / std).abs());
        if scaled.iter().any(|&pixel| pixel > MAX_PIXEL) {
            let sentence = "preprocess has mean {mean} and std {std}, which scale pixels to {scaled}, but at most {most} fits";
            let sentence = Sentence::new(sentence).with("mean", mean).with("std", format!("{std:?}"));
            return Err(sentence
                .with("scaled", format!("{:?}", scaled[0].max(scaled[1])))
                .with("most", MAX_PIXEL));
        }
        self.input.check().map_err(|reason| Sentence::new("input: {reason}").part("reason", reason.say()))?;
        let (_, height, width) = self.input.as_maps();
        if pad.saturating_mul(2) >= height.min(width) {
            let sentence = "preprocess pads {pad} on each side, which leaves no picture in the input {input}";
            return Err(Sentence::new(sentence).with("pad", pad).with("input", self.input));
        }
        if self.layers.is_empty() || self.layers.len() > MAX_LAYERS {
            return Err(wrong_count(self.layers.len()));
        }
        Ok(())
    }

    /// The name of a layer: `conv2d 0` and so on, numbered as in a `torch.nn.Sequential`. The number alone, as `layer 9`,
    /// if there is no such layer.
    pub fn layer_name(&self, number: usize) -> String {
        let kind = self.layers.get(number).map_or("layer", LayerSpec::type_name);
        format!("{kind} {number}")
    }

    /// The (height, width) of its pictures, before padding.
    pub fn picture_size(&self) -> (usize, usize) {
        let (_, height, width) = self.input.as_maps();
        (height.saturating_sub(2 * self.preprocess.pad), width.saturating_sub(2 * self.preprocess.pad))
    }
}

fn wrong_count(layers: usize) -> Sentence {
    let sentence = Sentence::new("it has {layers} layers, but needs 1 to {most}");
    sentence.with("layers", layers).with("most", MAX_LAYERS)
}

/// The number of a layer's trainable values.
pub fn parameter_count(layer: &dyn Layer) -> u64 {
    layer
        .parameters()
        .iter()
        .map(|p| p.shape.iter().fold(1_u64, |product, &d| product.saturating_mul(d as u64)))
        .fold(0, u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LENET: &str = r#"{"name": "tiny", "input": [1,28,28], "layers": [
        {"type":"conv2d","out_channels":6,"kernel_size":[5,5],"stride":[1,1],"padding":[0,0],"dilation":[1,1],"groups":1,"bias":true},
        {"type":"relu"}, {"type":"max_pool2d","kernel_size":2}, {"type":"flatten"}, {"type":"linear","out_features":10}]}"#;

    fn error(json: &str) -> String {
        NetworkSpec::from_json(json).unwrap_err().to_string()
    }

    fn with_layers(layers: &str) -> String {
        error(&format!(r#"{{"name":"n","input":[1,8,8],"layers":[{layers}]}}"#))
    }

    #[test]
    fn json_goes_both_ways() {
        let spec = NetworkSpec::from_json(LENET).unwrap();
        assert_eq!(NetworkSpec::from_json(&spec.to_json()).unwrap(), spec);
        let outputs: Vec<String> = spec.build().unwrap().iter().map(|l| l.output().to_string()).collect();
        assert_eq!(outputs, ["6×24×24", "6×24×24", "6×12×12", "864", "10"]);
        assert_eq!(spec.preprocess, Preprocess::default());
        let lines = spec.to_json_lines();
        assert_eq!((NetworkSpec::from_json(&lines).unwrap(), lines.lines().count()), (spec, 7));
    }

    #[test]
    fn a_network_is_fitted_to_images_and_classes() {
        let spec = NetworkSpec::from_json(LENET).unwrap();
        let fitted = spec.fitted_to(3, (32, 40), 26).unwrap();
        assert_eq!((fitted.input, fitted.name.as_str()), (Shape::maps(3, 32, 40), "tiny-fit"));
        assert_eq!(fitted.build().unwrap().last().unwrap().output(), Shape::Vector(26));
        assert_eq!(fitted.fitted_to(1, (28, 28), 10).unwrap().name, "tiny-fit");
        assert_eq!(spec.fitted_to(1, (28, 28), 10).unwrap(), spec);
        assert!(spec.fitted_to(1, (3, 3), 10).is_none(), "the kernel is larger");
    }

    #[test]
    fn class_names_are_part_of_a_spec() {
        let class_names = ClassNames::new(["a", "b"].map(str::to_owned));
        let spec = NetworkSpec { class_names, ..NetworkSpec::from_json(LENET).unwrap() };
        for json in [spec.to_json(), spec.to_json_lines()] {
            assert_eq!(NetworkSpec::from_json(&json).unwrap(), spec);
        }
        assert!(!NetworkSpec::from_json(LENET).unwrap().to_json().contains("class_names"));
    }

    #[test]
    fn what_fits_is_built_up_to_the_fault() {
        let text = r#"{"name":"n","input":[1,8,8],"layers":[{"type":"relu"},{"type":"linear","out_features":3},{"type":"relu"}]}"#;
        let spec = NetworkSpec::read_json(text).unwrap();
        let (built, fault) = spec.build_to_fault();
        assert_eq!((built.len(), fault.as_ref().and_then(|fault| fault.number)), (1, Some(1)));
        assert_eq!(NetworkSpec::from_json(text).unwrap_err(), fault.unwrap().error);
    }

    #[test]
    fn errors_name_layer_setting_value_and_rule() {
        let cases = [
            (r#"{"type":"conv2d","out_channels":6,"kernel_size":9}"#, &["layer 0", "conv2d", "9", "8"][..]),
            (
                r#"{"type":"relu"},{"type":"linear","out_features":3}"#,
                &["layer 1", "linear", "1×8×8", "flatten"],
            ),
            (r#"{"type":"conv2d","out_channels":6,"kernel":3}"#, &["layer 0", "conv2d", "kernel"]),
            (
                r#"{"type":"conv2d","out_channels":1000000000,"kernel_size":3}"#,
                &["out_channels", "1000000000"],
            ),
            (r#"{"type":"conv2d","out_channels":4,"kernel_size":3,"groups":3}"#, &["groups", "3", "divide"]),
            (r#"{"type":"max_pool2d","kernel_size":2,"padding":2}"#, &["padding", "half"]),
            (r#"{"type":"relu","slope":1}"#, &["layer 0", "relu", "slope"]),
            (
                r#"{"type":"linear","out_features":10,"out_features":5}"#,
                &["layer 0 (linear)", "duplicate field `out_features`"],
            ),
            (r#"{"type":"conv3d"}"#, &["layer 0", "conv3d"]),
            (r#"{"kernel_size":3}"#, &["layer 0", "type"]),
            (r#"{"type":"linear","out_features":"ten"}"#, &["layer 0", "linear", "ten"]),
        ];
        for (layers, words) in cases {
            let message = with_layers(layers);
            for word in words {
                assert!(message.contains(word), "{message} lacks {word}");
            }
        }
    }

    #[test]
    fn wrong_wholes_are_refused() {
        assert!(error("{").contains("not valid"));
        assert!(error(r#"{"name":"n","input":[1,8,8],"layers":[]}"#).contains("0 layers"));
        assert!(error(r#"{"name":"n","input":[1,0,8],"layers":[{"type":"relu"}]}"#).contains("input"));
        assert!(
            error(r#"{"name":"n","input":[1,8,8],"extra":1,"layers":[{"type":"relu"}]}"#).contains("extra")
        );
        assert!(
            error(r#"{"name":"n","input":[1,8,8],"preprocess":{"std":0.0},"layers":[{"type":"relu"}]}"#)
                .contains("std 0")
        );
        assert!(
            error(r#"{"name":"n","input":[1,8,8],"preprocess":{"pad":4},"layers":[{"type":"relu"}]}"#)
                .contains("pads 4")
        );
        for preprocess in [r#"{"std":1e-40}"#, r#"{"mean":1e30}"#] {
            let json = format!(
                r#"{{"name":"n","input":[1,8,8],"preprocess":{preprocess},"layers":[{{"type":"relu"}}]}}"#
            );
            assert!(error(&json).contains("scale pixels to"), "{}", error(&json));
        }
        let wide = r#"{"type":"flatten"},{"type":"linear","out_features":1000000},{"type":"linear","out_features":1000000}"#;
        assert!(with_layers(wide).contains("parameters"));
    }
}
