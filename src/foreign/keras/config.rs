//! The layers of a model as Keras writes them: a list, or a graph whose layers follow each other.

use crate::{nn::Shape, text::Sentence};
use serde_json::{Map, Value};

/// A model.
#[derive(Debug)]
pub(super) struct Config {
    /// Its name.
    pub name: String,
    /// The shape of one input image, channels first.
    pub input: Shape,
    /// Its layers in order, without the input.
    pub layers: Vec<Layer>,
}

/// A layer.
#[derive(Debug)]
pub(super) struct Layer {
    /// Its name.
    pub name: String,
    /// Its type, such as `Conv2D`.
    pub kind: String,
    /// Its settings.
    pub settings: Map<String, Value>,
    /// Its group in a file of weights of Keras 3, such as `conv2d_1`: its type, numbered.
    pub group: String,
}

/// The layer where something is wrong, and what.
type Wrong = (String, Sentence);

impl Config {
    pub(super) fn read(text: &str) -> Result<Self, Wrong> {
        let json =
            |e: serde_json::Error| ("config.json".to_owned(), Sentence::new("{error}").with("error", e));
        let model: Value = serde_json::from_str(text).map_err(json)?;
        let class = model["class_name"].as_str().unwrap_or_default();
        let config = &model["config"];
        // Keras before 2.3 had the list itself.
        let listed = config["layers"].as_array().or_else(|| config.as_array());
        let of_model = |key| Err((class.to_owned(), Sentence::new(key)));
        let Some(listed) = listed else {
            return of_model("is not a model with a list of layers: save a Sequential or Functional model");
        };
        let written = listed.clone();
        if matches!(class, "Model" | "Functional") {
            check_chain(&written)?;
        } else if class != "Sequential" {
            return of_model("is not a Sequential or Functional model");
        }
        let name = config["name"].as_str().unwrap_or_default().to_owned();
        let mut layers = Vec::new();
        let mut shape = None;
        let mut groups: Vec<String> = Vec::new();
        for layer in &written {
            let kind = layer["class_name"].as_str().unwrap_or_default().to_owned();
            let settings = layer["config"].as_object().cloned().unwrap_or_default();
            let title = settings.get("name").and_then(Value::as_str).unwrap_or(&kind).to_owned();
            if shape.is_none() {
                shape =
                    ["batch_shape", "batch_input_shape"].iter().find_map(|key| settings.get(*key)).cloned();
            }
            let base = snake_case(&kind);
            let count = groups.iter().filter(|group| **group == base).count();
            let group = if count == 0 { base.clone() } else { format!("{base}_{count}") };
            groups.push(base);
            if kind != "InputLayer" {
                layers.push(Layer { name: title, kind, settings, group });
            }
        }
        let built = || model["build_config"]["input_shape"].clone();
        let shape = shape.unwrap_or_else(built);
        let is_first = layers.iter().any(Layer::is_channels_first);
        let input = input(&shape, is_first).ok_or_else(|| {
            let sentence = "its input has the shape {shape}, but must be (images, height, width, channels) or (images, features), with known sizes except for the images";
            (name.clone(), Sentence::new(sentence).with("shape", &shape))
        })?;
        Ok(Self { name, input, layers })
    }
}

impl Layer {
    /// Whether its maps are (channels, height, width) instead of (height, width, channels).
    pub(super) fn is_channels_first(&self) -> bool {
        self.settings.get("data_format").and_then(Value::as_str) == Some("channels_first")
    }
}

/// The input of a network, channels first. A picture without channels has one.
fn input(shape: &Value, is_channels_first: bool) -> Option<Shape> {
    let sizes = shape.as_array()?.get(1..)?.iter();
    let sizes: Vec<usize> =
        sizes.map(|d| d.as_u64().and_then(|d| d.try_into().ok())).collect::<Option<_>>()?;
    Some(match sizes[..] {
        [features] => Shape::Vector(features),
        [height, width] => Shape::maps(1, height, width),
        [channels, height, width] if is_channels_first => Shape::maps(channels, height, width),
        [height, width, channels] => Shape::maps(channels, height, width),
        _ => return None,
    })
}

/// Checks that each layer reads the one before it.
fn check_chain(layers: &[Value]) -> Result<(), Wrong> {
    let name = |layer: &Value| {
        layer["name"].as_str().or_else(|| layer["config"]["name"].as_str()).unwrap_or_default().to_owned()
    };
    let mut before: Option<String> = None;
    for layer in layers {
        let mut read = Vec::new();
        inputs(&layer["inbound_nodes"], 0, &mut read);
        let expected: Vec<&str> = before.as_deref().into_iter().collect();
        if read != expected {
            let sentence = Sentence::new(
                "the network branches here: this layer reads {layers}; a spec is a list of layers, each of which reads the one before it",
            );
            return Err((
                name(layer),
                sentence.with("layers", if read.is_empty() { "-".to_owned() } else { read.join(", ") }),
            ));
        }
        before = Some(name(layer));
    }
    Ok(())
}

/// The names of the layers that one reads: lists that begin with a name and two numbers, in any of Keras's forms.
fn inputs<'a>(value: &'a Value, depth: usize, read: &mut Vec<&'a str>) {
    if depth > 16 {
        return;
    }
    match value {
        Value::Array(items) => match items.as_slice() {
            [Value::String(name), Value::Number(_), Value::Number(_), ..] => read.push(name),
            items => items.iter().for_each(|item| inputs(item, depth + 1, read)),
        },
        Value::Object(fields) => fields.values().for_each(|item| inputs(item, depth + 1, read)),
        _ => {}
    }
}

/// Keras's name for a type: `conv2d` for `Conv2D`, `max_pooling2d` for `MaxPooling2D`.
fn snake_case(name: &str) -> String {
    let chars: Vec<char> = name.chars().filter(|c| c.is_alphanumeric() || *c == '_').collect();
    let mut text = String::new();
    for (i, &c) in chars.iter().enumerate() {
        let is_lower = |i: usize| chars.get(i).is_some_and(|c| c.is_lowercase());
        let begins_word = i > 0 && c.is_uppercase() && (is_lower(i + 1) || is_lower(i - 1));
        if begins_word {
            text.push('_');
        }
        text.extend(c.to_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_written_as_keras_does() {
        for (name, group) in [
            ("Conv2D", "conv2d"),
            ("Conv2DTranspose", "conv2d_transpose"),
            ("MaxPooling2D", "max_pooling2d"),
            ("LeakyReLU", "leaky_re_lu"),
            ("PReLU", "p_re_lu"),
            ("BatchNormalization", "batch_normalization"),
            ("DepthwiseConv2D", "depthwise_conv2d"),
            ("ELU", "elu"),
        ] {
            assert_eq!(snake_case(name), group);
        }
    }

    #[test]
    fn inputs_are_found_in_the_forms_of_keras_2_and_3() {
        for text in [
            r#"[[["a", 0, 0, {}]]]"#,
            r#"[{"args": [{"class_name": "__keras_tensor__", "config": {"shape": [null, 6], "keras_history": ["a", 0, 0]}}], "kwargs": {}}]"#,
        ] {
            let value = serde_json::from_str(text).unwrap();
            let mut read = Vec::new();
            inputs(&value, 0, &mut read);
            assert_eq!(read, ["a"], "{text}");
        }
    }
}
