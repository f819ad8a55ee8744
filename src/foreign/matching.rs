//! Which tensor of a file belongs to which layer of a network.
//!
//! A file of PyTorch has keys such as `conv1.weight` or `module.0.weight` instead of a `torch.nn.Sequential`'s `0.weight`.
//! Its layers are matched in order, each with the first one that has tensors of the same names and shapes; what is left is
//! matched tensor by tensor. A person may overrule any of it ([`Map`]).

use super::tensor::FoundTensor;
use crate::nn::layers::Layer;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What a person decided: the tensor of the file for each key of the network. An empty key of the network leaves the tensor
/// of the file out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Map {
    /// The tensor of the file for each key of the network; `None` for no tensor.
    pub chosen: BTreeMap<String, Option<String>>,
    /// The tensors of the file that are left out.
    pub left_out: Vec<String>,
}

/// A tensor of the network, and its tensor in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The layer, counted from 0.
    pub layer: usize,
    /// The key in the network, such as `0.weight`.
    pub key: String,
    /// Its shape.
    pub shape: Vec<usize>,
    /// Whether the network can do without: a count of batches.
    pub is_optional: bool,
    /// The tensor's number in the file's list.
    pub found: Option<usize>,
}

/// The tensors of a network with those of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matching {
    /// A row for each tensor of the network.
    pub rows: Vec<Row>,
    /// The tensors of the file that no layer needs.
    pub unused: Vec<usize>,
}

/// The tensors of a layer, by their names in it.
type Form<'a> = BTreeMap<&'a str, &'a [usize]>;

/// PyTorch's count of batches, which only training needs.
const COUNT: &str = "num_batches_tracked";

/// What the tensors of a layer are called, so that a weight is never taken for a variance.
const NAMES: [&str; 4] = ["weight", "bias", "running_mean", "running_var"];

impl Matching {
    /// Matches the tensors of a file with those of layers, which may be the beginning of a network.
    pub fn new(layers: &[Box<dyn Layer>], found: &[FoundTensor], map: &Map) -> Self {
        let mut matching = Self { rows: rows(layers), unused: Vec::new() };
        let mut left: HashSet<usize> = (0..found.len()).collect();
        left.retain(|&i| !map.left_out.contains(&found[i].key));
        let by_key: HashMap<&str, usize> =
            found.iter().enumerate().map(|(i, t)| (t.key.as_str(), i)).collect();
        let mut decided = HashSet::new();
        for row in &mut matching.rows {
            let Some(chosen) = map.chosen.get(&row.key) else { continue };
            decided.insert(row.key.clone());
            row.found = chosen.as_ref().and_then(|key| by_key.get(key.as_str())).copied();
            row.found.inspect(|i| _ = left.remove(i));
        }
        let is_open = |row: &Row| row.found.is_none() && !decided.contains(&row.key);
        // What the file itself says.
        let mut place = |rows: &mut [Row], key: &dyn Fn(&FoundTensor) -> Option<&str>| {
            let places: HashMap<&str, usize> =
                found.iter().enumerate().filter_map(|(i, t)| Some((key(t)?, i))).collect();
            for row in rows.iter_mut().filter(|row| is_open(row)) {
                row.found = places.get(row.key.as_str()).copied().filter(|i| left.remove(i));
            }
        };
        place(&mut matching.rows, &|tensor| tensor.place.as_deref());
        let has_all = matching.rows.iter().all(|row| {
            row.is_optional
                || row.found.is_some()
                || by_key.get(row.key.as_str()).is_some_and(|&i| found[i].shape == row.shape)
        });
        if has_all {
            place(&mut matching.rows, &|tensor| Some(&tensor.key));
        }
        layer_by_layer(&mut matching.rows, found, &mut left, &is_open);
        one_by_one(&mut matching.rows, found, &mut left, &is_open);
        matching.unused = (0..found.len()).filter(|i| left.contains(i)).collect();
        matching.unused.retain(|&i| found[i].parts().1 != COUNT);
        matching
    }

    /// The first tensor that the network needs and the file lacks.
    pub fn missing(&self) -> Option<&Row> {
        self.rows.iter().find(|row| row.found.is_none() && !row.is_optional)
    }

    /// Whether every tensor has its place.
    pub fn is_complete(&self) -> bool {
        self.missing().is_none() && self.unused.is_empty()
    }
}

fn rows(layers: &[Box<dyn Layer>]) -> Vec<Row> {
    let rows = layers.iter().enumerate().flat_map(|(layer, settings)| {
        let tensors = settings.parameters().into_iter().chain(settings.buffers());
        tensors.map(move |tensor| Row {
            layer,
            key: format!("{layer}.{}", tensor.name),
            shape: tensor.shape,
            is_optional: tensor.name == COUNT,
            found: None,
        })
    });
    rows.collect()
}

/// The layers of a file in the order of their first tensors: each with its name and the numbers of its tensors.
pub(super) fn layers_of(found: &[FoundTensor], is_open: impl Fn(usize) -> bool) -> Vec<(&str, Vec<usize>)> {
    let mut layers: Vec<(&str, Vec<usize>)> = Vec::new();
    for i in (0..found.len()).filter(|i| is_open(*i)) {
        let (layer, _) = found[i].parts();
        match layers.iter_mut().find(|(name, _)| *name == layer) {
            Some((_, tensors)) => tensors.push(i),
            None => layers.push((layer, vec![i])),
        }
    }
    layers
}

/// Layers with tensors of the same names and shapes, in the order of the file.
fn layer_by_layer(
    rows: &mut [Row],
    found: &[FoundTensor],
    left: &mut HashSet<usize>,
    is_open: &dyn Fn(&Row) -> bool,
) {
    let layers = layers_of(found, |i| left.contains(&i));
    let form = |tensors: &[usize]| -> Form<'_> {
        tensors
            .iter()
            .map(|&i| (found[i].parts().1, found[i].shape.as_slice()))
            .filter(|(n, _)| *n != COUNT)
            .collect()
    };
    let mut layers: Vec<(Form<'_>, Vec<usize>)> =
        layers.into_iter().map(|(_, tensors)| (form(&tensors), tensors)).collect();
    for layer in rows.chunk_by_mut(|a, b| a.layer == b.layer) {
        if !layer.iter().all(is_open) {
            continue;
        }
        let wanted: Form<'_> = layer
            .iter()
            .filter(|row| !row.is_optional)
            .map(|row| (tensor_name(&row.key), row.shape.as_slice()))
            .collect();
        let Some(place) = layers.iter().position(|(form, _)| *form == wanted) else { continue };
        let (_, tensors) = layers.remove(place);
        for row in layer {
            row.found = tensors.iter().copied().find(|&i| found[i].parts().1 == tensor_name(&row.key));
            row.found.inspect(|i| _ = left.remove(i));
        }
    }
}

/// Tensors with the same name and shape in the order of the file, then with the same shape and a name of its own.
fn one_by_one(
    rows: &mut [Row],
    found: &[FoundTensor],
    left: &mut HashSet<usize>,
    is_open: &dyn Fn(&Row) -> bool,
) {
    for has_name in [true, false] {
        for row in rows.iter_mut().filter(|row| is_open(row) && !row.is_optional) {
            let fits = |&i: &usize| {
                let name = found[i].parts().1;
                let is_named = name == tensor_name(&row.key);
                left.contains(&i)
                    && found[i].shape == row.shape
                    && if has_name { is_named } else { !NAMES.contains(&name) && name != COUNT }
            };
            row.found = (0..found.len()).find(fits);
            row.found.inspect(|i| _ = left.remove(i));
        }
    }
}

fn tensor_name(key: &str) -> &str {
    key.rsplit_once('.').map_or(key, |(_, name)| name)
}
