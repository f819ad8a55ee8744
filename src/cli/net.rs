//! `--net`: a preset's name or a spec file.

use super::error::Usage;
use crate::{
    foreign::{self, Map},
    nn::{
        Init, LayerSpec, Network, NetworkSpec,
        optim::{OptimizerSpec, Sgd},
        presets::{self, Recipe},
    },
    text::Sentence,
};
use anyhow::{Context, Result};
use std::{fs::File, io::Read, path::Path};

/// The longest spec file, in bytes.
const MAX_SPEC_BYTES: u64 = 1 << 20;

/// A network and its default training.
#[derive(Clone, Debug)]
pub(super) struct Net {
    /// The network.
    pub spec: NetworkSpec,
    /// Default training settings.
    pub recipe: Recipe,
}

impl Net {
    /// Finds a preset by its name, or reads a spec file.
    pub(super) fn find(name: &str) -> Result<Self> {
        if let Some(preset) = presets::by_name(name) {
            return Ok(Self { spec: preset.spec, recipe: preset.recipe });
        }
        let path = Path::new(name);
        let is_name = !name.contains(['.', '/', '\\']);
        if is_name && !path.exists() {
            let presets = presets::names().join(", ");
            let sentence = Sentence::new("--net {name}: is neither a preset ({presets}) nor a file");
            return Err(Usage::from(sentence.with("name", name).with("presets", presets)).into());
        }
        let mut text = String::new();
        File::open(path)
            .and_then(|file| file.take(MAX_SPEC_BYTES + 1).read_to_string(&mut text))
            .with_context(|| Sentence::new("{file}: cannot be read").with("file", name))?;
        if text.len() as u64 > MAX_SPEC_BYTES {
            let sentence = Sentence::new("{file}: is longer than {bytes} bytes, the limit for a spec");
            anyhow::bail!(sentence.with("file", name).with("bytes", MAX_SPEC_BYTES));
        }
        let spec = NetworkSpec::from_json(&text).with_context(|| name.to_owned())?;
        let recipe = default_recipe(&spec);
        Ok(Self { spec, recipe })
    }
}

/// Training settings that suit most networks.
fn default_recipe(spec: &NetworkSpec) -> Recipe {
    let is_saturating = |layer: &LayerSpec| matches!(layer, LayerSpec::Sigmoid(_) | LayerSpec::Tanh(_));
    let init = if spec.layers.iter().any(is_saturating) { Init::Xavier } else { Init::He };
    let optimizer = OptimizerSpec::Sgd(Sgd { momentum: 0.9, ..Sgd::default() });
    Recipe::new(optimizer, 0.01, 64, 5, init)
}

/// Reads a model of any program. `net` is for files without a spec.
pub(super) fn load_model(path: &Path, net: Option<&str>) -> Result<Network> {
    let spec = net.map(Net::find).transpose()?.map(|net| net.spec);
    Ok(foreign::load(path, spec, &Map::default())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_lists_the_presets() {
        let error = Net::find("lenet6").unwrap_err();
        assert!(error.is::<Usage>());
        assert!(error.to_string().contains("--net lenet6") && error.to_string().contains("lenet5-relu"));
    }

    #[test]
    fn networks_with_saturating_activations_start_with_xavier() {
        let recipe = |name| default_recipe(&presets::by_name(name).unwrap().spec);
        assert_eq!(recipe("lenet5").init, Init::Xavier);
        assert_eq!(recipe("lenet5-relu").init, Init::He);
    }
}
