//! Keras: `.keras` (a zip of `config.json` and `model.weights.h5`), `.h5` of Keras 2 and 3, and weights alone.

mod config;
mod convolution;
mod file;
mod layers;
mod settings;
mod weights;

use super::{chain::Chain, content::Foreign, error::ForeignError};
use crate::{
    model_file::MAX_BYTES,
    text::{Say, Sentence},
};
use config::Config;
use file::WeightsFile;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// The longest configuration, in bytes.
const MAX_CONFIG: u64 = 16 << 20;

/// The configuration and the weights in a zip; `None` for a zip that is not of Keras.
pub(super) fn parts(name: &str, bytes: &[u8]) -> Result<Option<(String, Vec<u8>)>, ForeignError> {
    let damaged = |reason: &dyn ToString| ForeignError::damaged(name, "Keras", &reason.to_string());
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else { return Ok(None) };
    let mut config = Vec::new();
    match archive.by_name("config.json") {
        Ok(part) => part.take(MAX_CONFIG).read_to_end(&mut config).map_err(|e| damaged(&e))?,
        Err(_) => return Ok(None),
    };
    let config = String::from_utf8(config).map_err(|e| damaged(&e))?;
    let mut weights = Vec::new();
    let part = archive.by_name("model.weights.h5").map_err(|e| damaged(&e))?;
    part.take(MAX_BYTES).read_to_end(&mut weights).map_err(|e| damaged(&e))?;
    Ok(Some((config, weights)))
}

/// Reads a model, or weights without a configuration: then the layers are not known.
pub(super) fn read(name: &str, config: Option<&str>, bytes: Vec<u8>) -> Result<Foreign, ForeignError> {
    let damaged = |reason: Sentence| ForeignError::damaged(name, "Keras", &reason.to_string());
    let file = WeightsFile::open(bytes).map_err(damaged)?;
    let Some(config) = config.map(str::to_owned).or_else(|| file.config()) else {
        let found = weights::alone(&file).map_err(damaged)?;
        return Ok(Foreign { found, is_channels_last: true, ..Foreign::default() });
    };
    let wrong = |node: &str, reason| ForeignError::node(name, node, reason);
    let config = Config::read(&config).map_err(|(node, reason)| wrong(&node, reason))?;
    let mut chain = Chain::new(config.input).map_err(|reason| wrong(&config.name, reason))?;
    let mut state = layers::State::default();
    for layer in &config.layers {
        layers::add(&mut chain, &mut state, layer, &file).map_err(|reason| wrong(&layer.name, reason))?;
    }
    let mut words = state.words;
    if chain.ended {
        words.push(Sentence::new("the softmax at the end is left out: ConvLens computes it by itself").say());
    }
    let (spec, found) = chain.finish(&config.name).map_err(|reason| wrong(&config.name, reason))?;
    Ok(Foreign { spec: Some(spec), found, words, ..Foreign::default() })
}
