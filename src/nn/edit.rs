//! Changes of a network as data.

use super::{layers::LayerSpec, shape::Shape, spec::NetworkSpec};
use serde::{Deserialize, Serialize};

/// One change of a network. Layers have the numbers that they have before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SpecEdit {
    /// The layer of this number has these settings.
    Set(usize, LayerSpec),
    /// This layer stands before the one of this number; at the end if there is none.
    Insert(usize, LayerSpec),
    /// The layer is removed.
    Remove(usize),
    /// The layer of the first number moves to the second, and those between make room.
    Move(usize, usize),
    /// The input has this shape.
    Input(Shape),
    /// So much background is added on each side of a picture, and the input grows by it.
    Pad(usize),
}

impl SpecEdit {
    /// Changes a list that has an entry for each layer: `make` makes one, `set` gives one other settings. Returns whether
    /// there is such a layer.
    pub fn change<T>(
        &self,
        list: &mut Vec<T>,
        make: impl FnOnce(&LayerSpec) -> T,
        set: impl FnOnce(&mut T, &LayerSpec),
    ) -> bool {
        match self {
            Self::Set(number, layer) => {
                let Some(entry) = list.get_mut(*number) else { return false };
                set(entry, layer);
            }
            Self::Insert(number, layer) => {
                let place = (*number).min(list.len());
                list.insert(place, make(layer));
            }
            Self::Remove(number) if *number < list.len() => {
                list.remove(*number);
            }
            Self::Move(from, to) if *from < list.len() && *to < list.len() => {
                let entry = list.remove(*from);
                list.insert(*to, entry);
            }
            Self::Remove(_) | Self::Move(..) => return false,
            Self::Input(_) | Self::Pad(_) => {}
        }
        true
    }

    /// The network after the change.
    #[must_use]
    pub fn applied(&self, mut spec: NetworkSpec) -> NetworkSpec {
        self.change(&mut spec.layers, LayerSpec::clone, |old, new| *old = new.clone());
        self.change_input(&mut spec.input, &mut spec.preprocess.pad);
        spec
    }

    /// Changes the input and its padding.
    pub fn change_input(&self, input: &mut Shape, pad: &mut usize) {
        match self {
            Self::Input(shape) => *input = *shape,
            Self::Pad(wanted) => {
                if let Shape::Maps { height, width, .. } = input {
                    for side in [height, width] {
                        *side = side.saturating_sub(2 * *pad).saturating_add(wanted.saturating_mul(2));
                    }
                }
                *pad = *wanted;
            }
            Self::Set(..) | Self::Insert(..) | Self::Remove(_) | Self::Move(..) => {}
        }
    }

    /// The same change, where layer `number` has the number that `renumber` gives; `None` if it has none.
    pub fn renumbered(&self, renumber: impl Fn(usize) -> Option<usize>) -> Option<Self> {
        Some(match self {
            Self::Set(number, layer) => Self::Set(renumber(*number)?, layer.clone()),
            Self::Insert(number, layer) => Self::Insert(renumber(*number)?, layer.clone()),
            Self::Remove(number) => Self::Remove(renumber(*number)?),
            Self::Move(from, to) => Self::Move(renumber(*from)?, renumber(*to)?),
            Self::Input(shape) => Self::Input(*shape),
            Self::Pad(pad) => Self::Pad(*pad),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{
        layers::{Relu, Tanh},
        presets,
    };

    #[test]
    fn layers_are_set_inserted_removed_and_moved() {
        let spec = presets::by_name("mlp-5").unwrap().spec;
        let kinds = |spec: &NetworkSpec| spec.layers.iter().map(LayerSpec::type_name).collect::<Vec<_>>();
        let before = kinds(&spec);
        let set = SpecEdit::Set(2, Tanh {}.into()).applied(spec.clone());
        assert_eq!(kinds(&set)[..3], ["flatten", "linear", "tanh"]);
        let inserted = SpecEdit::Insert(1, Relu {}.into()).applied(spec.clone());
        assert_eq!((kinds(&inserted)[1], inserted.layers.len()), ("relu", before.len() + 1));
        assert_eq!(SpecEdit::Remove(1).applied(inserted), spec);
        let moved = SpecEdit::Move(0, 2).applied(spec.clone());
        assert_eq!(kinds(&moved)[..3], ["linear", "relu", "flatten"]);
        assert_eq!(SpecEdit::Move(2, 0).applied(moved), spec);
        // A number that no layer has changes nothing.
        assert_eq!(SpecEdit::Remove(99).applied(spec.clone()), spec);
        assert_eq!(SpecEdit::Move(0, 99).applied(spec.clone()), spec);
    }

    #[test]
    fn padding_keeps_the_picture() {
        let spec = SpecEdit::Pad(3).applied(presets::lenet5_relu().spec);
        assert_eq!((spec.input, spec.picture_size()), (Shape::maps(1, 34, 34), (28, 28)));
        let spec = SpecEdit::Pad(0).applied(spec);
        assert_eq!(spec.input, Shape::maps(1, 28, 28));
    }
}
