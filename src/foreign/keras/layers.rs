//! Which layer each type of Keras is. One that is added to the registry is a line in [`add`].

use super::{
    config::Layer,
    convolution::{convolution, depthwise, pads, separable, transposed},
    file::WeightsFile,
    settings::{flag, kernel_and_bias, pair, real, with_bias, wrong_setting},
    weights,
};
use crate::{
    foreign::{
        chain::Chain,
        number::Precision,
        tensor::{FoundTensor, channels_first},
    },
    nn::{Preprocess, Shape},
    text::Sentence,
};
use serde_json::{Value, json};

/// What later layers need to know.
#[derive(Debug, Default)]
pub(super) struct State {
    /// The maps (channels, height, width) that were flattened with the channels last.
    flattened: Option<(usize, usize, usize)>,
    /// Whether a layer was added.
    begun: bool,
    /// What a person should know.
    pub words: Vec<Sentence>,
}

/// Adds a layer with its activation.
pub(super) fn add(
    chain: &mut Chain,
    state: &mut State,
    layer: &Layer,
    file: &WeightsFile,
) -> Result<(), Sentence> {
    match layer.kind.as_str() {
        "Conv2D" | "Convolution2D" => convolution(chain, layer, file)?,
        "DepthwiseConv2D" => depthwise(chain, layer, file)?,
        "SeparableConv2D" => separable(chain, layer, file)?,
        "Conv2DTranspose" => transposed(chain, layer, file)?,
        "Dense" => dense(chain, state, layer, file)?,
        "BatchNormalization" => batch_norm(chain, state, layer, file)?,
        "MaxPooling2D" | "MaxPool2D" => pool(chain, layer, "max_pool2d")?,
        "AveragePooling2D" | "AvgPool2D" => pool(chain, layer, "avg_pool2d")?,
        "GlobalAveragePooling2D" | "GlobalMaxPooling2D" => global_pool(chain, layer)?,
        "Flatten" => flatten(chain, state, layer)?,
        "Dropout" => chain.push("dropout", json!({ "p": real(layer, "rate", 0.5) }), Vec::new())?,
        "SpatialDropout2D" => {
            chain.push("dropout2d", json!({ "p": real(layer, "rate", 0.5) }), Vec::new())?;
        }
        "ZeroPadding2D" => zero_padding(chain, layer)?,
        "LeakyReLU" => {
            // Keras 2 says alpha.
            let slope = real(layer, "alpha", real(layer, "negative_slope", 0.3));
            chain.push("leaky_relu", json!({ "negative_slope": slope }), Vec::new())?;
        }
        "ELU" => chain.push("elu", json!({ "alpha": real(layer, "alpha", 1.0) }), Vec::new())?,
        "ReLU" => relu(chain, layer)?,
        "Softmax" => chain.ended = true,
        "Reshape" => reshape(chain, layer)?,
        "Rescaling" => rescaling(chain, state, layer)?,
        // An activation is added below.
        "Activation" | "InputLayer" | "GaussianNoise" | "GaussianDropout" | "ActivityRegularization" => {}
        kind => {
            return Err(Sentence::new("is a layer of the type {type}, for which there is no layer")
                .with("type", kind));
        }
    }
    state.begun = true;
    match layer.settings.get("activation") {
        None | Some(Value::Null) => Ok(()),
        Some(Value::String(name)) => activation(chain, name),
        Some(other) => {
            Err(Sentence::new("has an activation of its own: {activation}").with("activation", other))
        }
    }
}

fn activation(chain: &mut Chain, name: &str) -> Result<(), Sentence> {
    let (kind, settings) = match name {
        "linear" => return Ok(()),
        "softmax" => {
            chain.ended = true;
            return Ok(());
        }
        "relu" => ("relu", json!({})),
        "sigmoid" => ("sigmoid", json!({})),
        "tanh" => ("tanh", json!({})),
        "softplus" => ("softplus", json!({})),
        "elu" => ("elu", json!({})),
        "silu" | "swish" => ("silu", json!({})),
        "gelu" => ("gelu", json!({})),
        "leaky_relu" => ("leaky_relu", json!({ "negative_slope": 0.2 })),
        name => {
            return Err(Sentence::new("has the activation {activation}, for which there is no layer")
                .with("activation", name));
        }
    };
    chain.push(kind, settings, Vec::new())
}

fn dense(chain: &mut Chain, state: &mut State, layer: &Layer, file: &WeightsFile) -> Result<(), Sentence> {
    let (kernel, bias) = kernel_and_bias(layer, file)?;
    if kernel.shape.len() != 2 || !matches!(chain.shape, Shape::Vector(_)) {
        return Err(Sentence::new("reads maps without a Flatten before it, so it works on channels alone"));
    }
    let mut kernel = kernel.permuted(&[1, 0]);
    if let Some(maps) = state.flattened.take() {
        kernel.values = kernel
            .values
            .chunks_exact(kernel.shape[1].max(1))
            .flat_map(|row| channels_first(row, maps))
            .collect();
    }
    let settings = json!({ "out_features": kernel.shape[0], "bias": bias.is_some() });
    chain.push("linear", settings, with_bias(kernel, bias))
}

fn batch_norm(chain: &mut Chain, state: &State, layer: &Layer, file: &WeightsFile) -> Result<(), Sentence> {
    let is_flat = matches!(chain.shape, Shape::Vector(_));
    let last = layer
        .settings
        .get("axis")
        .map(|axis| axis.get(0).unwrap_or(axis))
        .and_then(Value::as_i64)
        .unwrap_or(-1);
    let channels = if layer.is_channels_first() || is_flat { 1 } else { 3 };
    if last != -1 && last != channels {
        return Err(Sentence::new("normalises along another axis than the channels"));
    }
    let mut found = weights::of(file, layer)?.into_iter();
    let (maps, _, _) = chain.shape.as_maps();
    let of = |value: f32, what: &str| FoundTensor {
        key: format!("{} ({what})", layer.name),
        shape: vec![maps],
        precision: Precision::F32,
        values: vec![value; maps],
        place: None,
    };
    let mut next = |is_there: bool, usual: f32, what: &str| {
        if !is_there {
            return Ok(of(usual, what));
        }
        let mut tensor =
            found.next().ok_or_else(|| Sentence::new("lacks the array {tensor}").with("tensor", what))?;
        if let Some(maps) = state.flattened {
            tensor.values = channels_first(&tensor.values, maps);
        }
        Ok::<_, Sentence>(tensor)
    };
    let weights = vec![
        ("weight", next(flag(layer, "scale", true), 1.0, "gamma")?),
        ("bias", next(flag(layer, "center", true), 0.0, "beta")?),
        ("running_mean", next(true, 0.0, "moving_mean")?),
        ("running_var", next(true, 1.0, "moving_variance")?),
    ];
    let kind = if is_flat { "batch_norm1d" } else { "batch_norm2d" };
    let settings =
        json!({ "eps": real(layer, "epsilon", 1e-3), "momentum": 1.0 - real(layer, "momentum", 0.99) });
    chain.push(kind, settings, weights)
}

fn pool(chain: &mut Chain, layer: &Layer, kind: &'static str) -> Result<(), Sentence> {
    let kernel = pair(layer, "pool_size", 2)?;
    let stride = match layer.settings.get("strides") {
        None | Some(Value::Null) => kernel,
        Some(_) => pair(layer, "strides", 1)?,
    };
    let pads = pads(chain, layer, kernel, stride, [1, 1])?;
    // A mean does not count the cells outside, so zeros would change it.
    let zeros_are_same = kind == "max_pool2d" && chain.is_positive();
    let padding = chain.pool_padding(pads, zeros_are_same)?;
    let mut settings = json!({ "kernel_size": kernel, "stride": stride, "padding": padding });
    if kind == "avg_pool2d" {
        settings["count_include_pad"] = Value::from(false);
    }
    chain.push(kind, settings, Vec::new())
}

fn global_pool(chain: &mut Chain, layer: &Layer) -> Result<(), Sentence> {
    let (_, height, width) = chain.shape.as_maps();
    if layer.kind == "GlobalMaxPooling2D" {
        chain.push("max_pool2d", json!({ "kernel_size": [height, width] }), Vec::new())?;
    } else {
        chain.push("global_avg_pool2d", json!({}), Vec::new())?;
    }
    if flag(layer, "keepdims", false) { Ok(()) } else { chain.push("flatten", json!({}), Vec::new()) }
}

fn flatten(chain: &mut Chain, state: &mut State, layer: &Layer) -> Result<(), Sentence> {
    match chain.shape {
        Shape::Vector(_) => Ok(()),
        Shape::Maps { channels, height, width } => {
            if channels > 1 && height * width > 1 && !layer.is_channels_first() {
                state.flattened = Some((channels, height, width));
            }
            chain.push("flatten", json!({}), Vec::new())
        }
    }
}

fn zero_padding(chain: &mut Chain, layer: &Layer) -> Result<(), Sentence> {
    let value = layer.settings.get("padding").unwrap_or(&Value::Null);
    let side = |value: &Value| value.as_u64().and_then(|side| usize::try_from(side).ok());
    let both = |value: &Value| match value.as_array().map(Vec::as_slice) {
        Some([before, after]) => Some([side(before)?, side(after)?]),
        _ => side(value).map(|side| [side; 2]),
    };
    let sides = match value.as_array().map(Vec::as_slice) {
        Some([rows, columns]) => both(rows).zip(both(columns)),
        _ => both(value).map(|sides| (sides, sides)),
    };
    let ([top, bottom], [left, right]) = sides.ok_or_else(|| wrong_setting("padding", value))?;
    chain.pad([top, left, bottom, right]);
    Ok(())
}

fn relu(chain: &mut Chain, layer: &Layer) -> Result<(), Sentence> {
    let (slope, threshold) = (real(layer, "negative_slope", 0.0), real(layer, "threshold", 0.0));
    if layer.settings.get("max_value").is_some_and(|value| !value.is_null()) || threshold != 0.0 {
        return Err(Sentence::new("is a ReLU with a limit, for which there is no layer"));
    }
    if slope == 0.0 {
        return chain.push("relu", json!({}), Vec::new());
    }
    chain.push("leaky_relu", json!({ "negative_slope": slope }), Vec::new())
}

/// A picture gets its channel; everything else would need a layer.
fn reshape(chain: &mut Chain, layer: &Layer) -> Result<(), Sentence> {
    let shape = layer.settings.get("target_shape").unwrap_or(&Value::Null);
    let sizes: Vec<Option<u64>> = shape.as_array().into_iter().flatten().map(Value::as_u64).collect();
    let (channels, height, width) = chain.shape.as_maps();
    let [height, width, channels] = [height, width, channels].map(|d| Some(d as u64));
    let is_same = match chain.shape {
        Shape::Maps { .. } => sizes == [height, width, channels],
        Shape::Vector(_) => sizes.len() == 1,
    };
    if is_same { Ok(()) } else { Err(Sentence::new("gives another shape, {shape}").with("shape", shape)) }
}

/// Pixels of 0…255 become others: x · scale + offset. Those of ConvLens are 0…1.
fn rescaling(chain: &mut Chain, state: &mut State, layer: &Layer) -> Result<(), Sentence> {
    let (scale, offset) = (real(layer, "scale", 1.0), real(layer, "offset", 0.0));
    if state.begun || scale <= 0.0 {
        return Err(Sentence::new("rescales values inside the network, for which there is no layer"));
    }
    let std = 1.0 / (255.0 * scale);
    chain.preprocess = Preprocess { mean: (-offset * std) as f32, std: std as f32, pad: 0 };
    state.words.push(Sentence::new("the rescaling of pixels became the preprocessing of the network"));
    Ok(())
}
