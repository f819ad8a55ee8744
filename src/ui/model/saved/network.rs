//! The network of a saved state: its name if it ships with the program, or else its weights.

use super::bytes;
use crate::{
    model_file,
    nn::Network,
    text::Say as _,
    ui::model::network::{NetworkChoice, Origin},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::Error as _};
use std::sync::Arc;

/// A network and its origin.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SavedNetwork {
    /// The choice in the network menu.
    pub choice: NetworkChoice,
    /// Where the weights come from.
    pub origin: Origin,
    /// The network; `None` if the choice alone gives it.
    #[serde(
        default,
        serialize_with = "write",
        deserialize_with = "read",
        skip_serializing_if = "Option::is_none"
    )]
    pub weights: Option<Arc<Network>>,
    /// The kept run that it is of, for this program only.
    #[serde(skip)]
    pub run: Option<u64>,
}

/// What errors call the weights.
const NAME: &str = "the network in the file";

#[expect(clippy::ref_option, reason = "serde gives the field as it is")]
fn write<S: Serializer>(weights: &Option<Arc<Network>>, file: S) -> Result<S::Ok, S::Error> {
    let text = weights.as_ref().map(|network| {
        let model = model_file::to_bytes(NAME, network).map_err(|e| S::Error::custom(e.say()))?;
        Ok(bytes::encode(&model))
    });
    text.transpose()?.serialize(file)
}

fn read<'de, D: Deserializer<'de>>(file: D) -> Result<Option<Arc<Network>>, D::Error> {
    let Some(text) = Option::<String>::deserialize(file)? else { return Ok(None) };
    let model = bytes::decode(&text).map_err(|e| D::Error::custom(format!("{NAME} is damaged ({e})")))?;
    let network = model_file::from_bytes(NAME, &model, None).map_err(|e| D::Error::custom(e.say()))?;
    Ok(Some(Arc::new(network)))
}
