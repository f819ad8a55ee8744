//! Layers by their names in the registry: one that it does not have is refused by name.

use crate::{
    nn::layers::LayerSpec,
    text::{Say, Sentence},
};
use serde_json::Value;

/// The layer of this type. `settings` is an object with PyTorch's names.
pub(super) fn layer(kind: &'static str, settings: Value) -> Result<LayerSpec, Sentence> {
    if !has(kind) {
        return Err(Sentence::new("needs a layer {layer}, which ConvLens does not have").with("layer", kind));
    }
    let mut settings = settings;
    if let Some(fields) = settings.as_object_mut() {
        fields.insert("type".to_owned(), Value::from(kind));
    }
    serde_json::from_value(settings).map_err(|error| {
        Sentence::new("{layer}: {reason}")
            .with("layer", kind)
            .part("reason", Sentence::new("{error}").with("error", error).say())
    })
}

/// Whether there are layers of this type.
pub(super) fn has(kind: &str) -> bool {
    LayerSpec::TYPES.contains(&kind)
}
