//! What a file of another program has, and the network that it makes.

use super::{
    error::ForeignError,
    matching::{Map, Matching},
    tensor::{FoundTensor, channels_first},
};
use crate::{
    model_file::ModelError,
    nn::{LayerSpec, Network, NetworkSpec, network::Parameters},
    text::Sentence,
};

/// What a file of another program has: tensors, and perhaps its layers.
#[derive(Clone, Debug, Default)]
pub struct Foreign {
    /// What errors call the file.
    pub name: String,
    /// The network, if the file says what its layers are.
    pub spec: Option<NetworkSpec>,
    /// Its tensors, in the order of the file as far as it has one.
    pub found: Vec<FoundTensor>,
    /// Whether its first fully connected layer reads maps flattened as (height, width, channels), and the tensors do not tell
    /// the sizes.
    pub is_channels_last: bool,
    /// What a person should know about it.
    pub words: Vec<Sentence>,
}

impl Foreign {
    /// Makes the network of a spec with the tensors of the file.
    pub fn network(&self, spec: NetworkSpec, map: &Map) -> Result<Network, ForeignError> {
        let name = || self.name.clone();
        let of_spec = |reason| ForeignError::Spec { name: name(), reason };
        let layers = spec.build().map_err(of_spec)?;
        for tensor in map.chosen.values().flatten().chain(&map.left_out) {
            if !self.found.iter().any(|found| found.key == *tensor) {
                let tensors = self.found.iter().map(|found| found.key.clone()).collect();
                return Err(ForeignError::Map { name: name(), tensor: tensor.clone(), tensors });
            }
        }
        let matching = Matching::new(&layers, &self.found, map);
        for key in map.chosen.keys() {
            if !matching.rows.iter().any(|row| row.key == *key) {
                let tensors = matching.rows.iter().map(|row| row.key.clone()).collect();
                return Err(ForeignError::Map { name: name(), tensor: key.clone(), tensors });
            }
        }
        if let Some(row) = matching.missing() {
            let next = matching.unused.first().map(|&i| &self.found[i]);
            return Err(ForeignError::NoTensor {
                name: name(),
                layer: spec.layer_name(row.layer),
                wanted: row.key.clone(),
                shape: row.shape.clone(),
                next: next.map(|tensor| Box::new((tensor.key.clone(), tensor.shape.clone()))),
            });
        }
        if let Some(&i) = matching.unused.first() {
            let FoundTensor { key, shape, .. } = &self.found[i];
            let (tensor, shape, network) = (key.clone(), shape.clone(), spec.name);
            return Err(ForeignError::Unused { name: name(), tensor, shape, network });
        }
        self.fill(Network::zeros(spec).map_err(of_spec)?, &matching)
    }

    /// Copies the values into a network whose tensors were matched.
    fn fill(&self, mut network: Network, matching: &Matching) -> Result<Network, ForeignError> {
        let keys: Vec<String> = network.named_parameters().map(|(key, _)| key).collect();
        let buffers: Vec<String> = network.named_buffers().map(|(key, _)| key).collect();
        let fill = |keys: &[String], places: &mut Parameters| {
            for (key, place) in keys.iter().zip(places.iter_mut().flatten()) {
                let row = matching.rows.iter().find(|row| row.key == *key);
                let Some(found) = row.and_then(|row| self.found.get(row.found?)) else { continue };
                if found.shape != place.shape() || found.values.len() != place.len() {
                    let (name, tensor) = (self.name.clone(), found.key.clone());
                    let (found, wanted) = (format!("{:?}", found.shape), format!("{:?}", place.shape()));
                    let network = key.clone();
                    return Err(ModelError::Shape { name, tensor, found, network, wanted });
                }
                check(&self.name, found, key)?;
                place.values_mut().copy_from_slice(&found.values);
            }
            Ok(())
        };
        fill(&keys, network.parameters_mut())?;
        fill(&buffers, network.buffers_mut())?;
        if self.is_channels_last {
            reorder_flattened(&mut network);
        }
        Ok(network)
    }
}

/// The weights of the layer that reads flattened maps, from (height, width, channels) to (channels, height, width).
fn reorder_flattened(network: &mut Network) {
    let is_flatten = |layer: &LayerSpec| layer.type_name() == "flatten";
    let Some(flatten) = network.spec().layers.iter().position(is_flatten) else { return };
    let Some(maps) = network.layers().get(flatten).map(|layer| layer.input().as_maps()) else { return };
    let after = network.parameters_mut().iter_mut().skip(flatten);
    if let Some(weight) =
        after.filter_map(|tensors| tensors.first_mut()).find(|tensor| tensor.shape().len() == 2)
    {
        let features = maps.0 * maps.1 * maps.2;
        for row in weight.values_mut().chunks_exact_mut(features.max(1)) {
            let reordered = channels_first(row, maps);
            row.copy_from_slice(&reordered);
        }
    }
}

/// Refuses values that no network has.
fn check(name: &str, found: &FoundTensor, key: &str) -> Result<(), ModelError> {
    let (name, tensor) = (name.to_owned(), found.key.clone());
    let is_variance = key.ends_with("running_var") || key.ends_with("num_batches_tracked");
    let wrong = |value: f32| !value.is_finite() || is_variance && value < 0.0;
    match found.values.iter().copied().enumerate().find(|(_, value)| wrong(*value)) {
        None => Ok(()),
        Some((index, value)) if !value.is_finite() => {
            Err(ModelError::NotFinite { name, tensor, index, value })
        }
        Some((index, value)) => Err(ModelError::Negative { name, tensor, index, value }),
    }
}
