//! Which tensor of a file belongs to which layer, for files whose layers have names of their own.
//!
//! A `state_dict` of a PyTorch module has keys such as `conv1.weight` or `module.0.weight` instead of a
//! `torch.nn.Sequential`'s `0.weight`. Its layers are matched by the names and shapes of their tensors; layers that are
//! alike in these are matched in the natural order of their names, in which `conv2` comes before `conv10`.

use super::{
    ModelError,
    entry::{Entry, Kind},
};
use safetensors::{Dtype, SafeTensors};
use std::collections::{BTreeMap, HashMap};

/// The key in the file for each key of the network.
pub(super) type Names = HashMap<String, String>;

/// The tensors of a layer by their names, such as `weight`: type and shape.
type Form = BTreeMap<String, (Dtype, Vec<usize>)>;

/// The keys as they are.
pub(super) fn unchanged<'a>(wanted: impl Iterator<Item = &'a Entry>) -> Names {
    wanted.map(|entry| (entry.key.clone(), entry.key.clone())).collect()
}

/// Matches the layers of a file with those of a network.
pub(super) fn matching<'a>(
    name: &str,
    network: &str,
    tensors: &SafeTensors<'_>,
    wanted: impl Iterator<Item = &'a Entry> + Clone,
) -> Result<Names, ModelError> {
    let has_all = wanted.clone().all(|entry| tensors.tensor(&entry.key).is_ok());
    if has_all && tensors.len() == wanted.clone().count() {
        return Ok(unchanged(wanted));
    }
    let mut layers: BTreeMap<Vec<Piece>, (String, Form)> = BTreeMap::new();
    for entry in wanted {
        let form = (Kind::of(&entry.key).dtype(), entry.shape.clone());
        add(&mut layers, &entry.key, form);
    }
    let mut found: BTreeMap<Vec<Piece>, (String, Form)> = BTreeMap::new();
    for (key, tensor) in tensors.iter() {
        add(&mut found, key, (tensor.dtype(), tensor.shape().to_vec()));
    }
    let mut names = Names::new();
    for (layer, form) in layers.into_values() {
        let Some(order) = found.iter().find(|(_, (_, other))| *other == form).map(|(order, _)| order.clone())
        else {
            let tensors = form.iter().map(|(name, (dtype, shape))| format!("{name} {dtype:?} {shape:?}"));
            return Err(ModelError::NoLayer {
                name: name.into(),
                layer,
                tensors: tensors.collect::<Vec<_>>().join(", "),
                network: network.into(),
            });
        };
        let Some((prefix, _)) = found.remove(&order) else { continue };
        names.extend(form.into_keys().map(|tensor| (join(&layer, &tensor), join(&prefix, &tensor))));
    }
    match found.into_values().next() {
        None => Ok(names),
        Some((prefix, form)) => {
            let tensor = join(&prefix, form.keys().next().map_or("", String::as_str));
            Err(ModelError::Unknown { name: name.into(), tensor, network: network.into() })
        }
    }
}

fn add(layers: &mut BTreeMap<Vec<Piece>, (String, Form)>, key: &str, form: (Dtype, Vec<usize>)) {
    let (prefix, tensor) = key.rsplit_once('.').unwrap_or(("", key));
    let (_, tensors) = layers.entry(pieces(prefix)).or_insert_with(|| (prefix.to_owned(), Form::new()));
    tensors.insert(tensor.to_owned(), form);
}

fn join(prefix: &str, tensor: &str) -> String {
    if prefix.is_empty() { tensor.to_owned() } else { format!("{prefix}.{tensor}") }
}

/// A part of a name, for the natural order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    /// A number with its digits, which tell `1` from `01`.
    Number(u64, String),
    Text(String),
}

fn pieces(name: &str) -> Vec<Piece> {
    let is_digit = |c: &char| c.is_ascii_digit();
    let mut pieces = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let is_number = is_digit(&first);
        let end = rest.find(|c| is_digit(&c) != is_number).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        pieces.push(match piece.parse() {
            Ok(number) if is_number => Piece::Number(number, piece.to_owned()),
            _ => Piece::Text(piece.to_owned()),
        });
        rest = after;
    }
    pieces
}
