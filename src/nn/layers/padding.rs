//! Rows and columns around maps, and what they hold.

use crate::nn::{border::Border, pair::Pair, shape::Shape};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, ops::Range};

/// How many rows and columns are added around the input of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Padding {
    /// So many above and below (first), and at the left and right.
    Each(Pair),
    /// As many as keep the size of the input, with the odd one below and at the right; for stride 1.
    Same,
}

impl From<Pair> for Padding {
    fn from(pair: Pair) -> Self {
        Self::Each(pair)
    }
}

impl Serialize for Padding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Each(pair) => pair.serialize(serializer),
            Self::Same => serializer.serialize_str("same"),
        }
    }
}

impl<'de> Deserialize<'de> for Padding {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PaddingVisitor;
        impl<'de> de::Visitor<'de> for PaddingVisitor {
            type Value = Padding;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number, a pair of them, such as 1 or [1, 2], or the word same")
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Padding, E> {
                Pair::deserialize(de::value::U64Deserializer::new(value)).map(Padding::Each)
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, seq: A) -> Result<Padding, A::Error> {
                Pair::deserialize(de::value::SeqAccessDeserializer::new(seq)).map(Padding::Each)
            }

            fn visit_str<E: de::Error>(self, value: &str) -> Result<Padding, E> {
                match value {
                    "same" => Ok(Padding::Same),
                    "valid" => Ok(Padding::Each(Pair::square(0))),
                    other => Err(E::unknown_variant(other, &["same"])),
                }
            }
        }
        deserializer.deserialize_any(PaddingVisitor)
    }
}

/// What the rows and columns around a map hold, as `padding_mode` of `torch.nn.Conv2d`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PaddingMode {
    /// Zeros.
    #[default]
    Zeros,
    /// The map mirrored at its first and last cell, which are not repeated.
    Reflect,
    /// The cell at the edge, again and again.
    Replicate,
    /// The map once more: its last cells stand before its first.
    Circular,
}

impl PaddingMode {
    /// All modes.
    pub const ALL: [Self; 4] = [Self::Zeros, Self::Reflect, Self::Replicate, Self::Circular];

    /// PyTorch's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Zeros => "zeros",
            Self::Reflect => "reflect",
            Self::Replicate => "replicate",
            Self::Circular => "circular",
        }
    }

    /// Which of `n` cells of a side the place `at` shows; `None` for a zero. Reflection goes at most to the other end, so
    /// `at` is then from −(n − 1) to 2·(n − 1).
    pub fn source(self, at: isize, n: usize) -> Option<usize> {
        let last = n as isize - 1;
        let at = match self {
            _ if (0..=last).contains(&at) => at,
            Self::Zeros => return None,
            Self::Reflect if at < 0 => -at,
            Self::Reflect => 2 * last - at,
            Self::Replicate => at.clamp(0, last),
            Self::Circular => at.rem_euclid(last + 1),
        };
        usize::try_from(at).ok()
    }
}

/// Copies maps into larger ones, and the gradient back.
#[derive(Debug)]
pub(super) struct Padder {
    channels: usize,
    /// The row and the column of the map that each row and column of the padded map shows.
    rows: Vec<Option<usize>>,
    columns: Vec<Option<usize>>,
    /// The padded columns that are the map's own.
    inside: Range<usize>,
    height: usize,
}

impl Padder {
    /// A border around `channels` maps of `height` × `width`, which must be large enough for the mode.
    pub(super) fn new(
        (channels, height, width): (usize, usize, usize),
        border: Border,
        mode: PaddingMode,
    ) -> Self {
        let side = |before: usize, n: usize, after: usize| {
            (0..before + n + after).map(|at| mode.source(at as isize - before as isize, n)).collect()
        };
        Self {
            channels,
            rows: side(border.top, height, border.bottom),
            columns: side(border.left, width, border.right),
            inside: border.left..border.left + width,
            height,
        }
    }

    /// The shape of the padded maps.
    pub(super) fn output(&self) -> Shape {
        Shape::maps(self.channels, self.rows.len(), self.columns.len())
    }

    /// Writes padded maps of `interleaved` images, any number of them: (maps, H, W, interleaved) each.
    pub(super) fn pad(&self, interleaved: usize, x: &[f32], padded: &mut [f32]) {
        let (row_len, padded_row) = (self.inside.len() * interleaved, self.columns.len() * interleaved);
        let maps = x.chunks_exact(self.height * row_len);
        for (map, padded) in maps.zip(padded.chunks_exact_mut(self.rows.len() * padded_row)) {
            for (row, to) in self.rows.iter().zip(padded.chunks_exact_mut(padded_row)) {
                let Some(row) = row else {
                    to.fill(0.0);
                    continue;
                };
                let from = &map[row * row_len..][..row_len];
                to[self.inside.start * interleaved..][..row_len].copy_from_slice(from);
                for column in self.outside() {
                    let to = &mut to[column * interleaved..][..interleaved];
                    match self.columns[column] {
                        Some(column) => to.copy_from_slice(&from[column * interleaved..][..interleaved]),
                        None => to.fill(0.0),
                    }
                }
            }
        }
    }

    /// Sums the gradient of every padded cell at the cell that it shows: the adjoint of [`Padder::pad`]. `dx` is overwritten.
    pub(super) fn fold(&self, interleaved: usize, padded: &[f32], dx: &mut [f32]) {
        let (row_len, padded_row) = (self.inside.len() * interleaved, self.columns.len() * interleaved);
        dx.fill(0.0);
        let maps = dx.chunks_exact_mut(self.height * row_len);
        for (map, padded) in maps.zip(padded.chunks_exact(self.rows.len() * padded_row)) {
            for (row, from) in self.rows.iter().zip(padded.chunks_exact(padded_row)) {
                let Some(row) = row else { continue };
                let to = &mut map[row * row_len..][..row_len];
                let own = &from[self.inside.start * interleaved..][..row_len];
                to.iter_mut().zip(own).for_each(|(to, from)| *to += from);
                for column in self.outside() {
                    let Some(cell) = self.columns[column] else { continue };
                    let from = &from[column * interleaved..][..interleaved];
                    let to = &mut to[cell * interleaved..][..interleaved];
                    to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
                }
            }
        }
    }

    /// The padded columns that are not the map's own.
    fn outside(&self) -> impl Iterator<Item = usize> + use<> {
        (0..self.inside.start).chain(self.inside.end..self.columns.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_is_a_number_a_pair_or_a_word() {
        let read = |text: &str| serde_json::from_str::<Padding>(text);
        assert_eq!(read("2").unwrap(), Padding::Each(Pair::square(2)));
        assert_eq!(read("[1, 0]").unwrap(), Padding::Each(Pair { h: 1, w: 0 }));
        assert_eq!(
            (read("\"same\"").unwrap(), read("\"valid\"").unwrap()),
            (Padding::Same, Pair::square(0).into())
        );
        for padding in [Padding::Same, Padding::Each(Pair { h: 1, w: 2 })] {
            assert_eq!(read(&serde_json::to_string(&padding).unwrap()).unwrap(), padding);
        }
        assert!(read("\"full\"").unwrap_err().to_string().contains("`same`"));
        for wrong in ["[1]", "[1, 2, 3]", "-1", "null", "{}"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    fn row(mode: PaddingMode) -> Vec<Option<usize>> {
        (-2..6).map(|at| mode.source(at, 4)).collect()
    }

    #[test]
    fn each_mode_shows_its_cells() {
        let of = |cells: [usize; 8]| cells.map(Some).to_vec();
        assert_eq!(row(PaddingMode::Reflect), of([2, 1, 0, 1, 2, 3, 2, 1]));
        assert_eq!(row(PaddingMode::Replicate), of([0, 0, 0, 1, 2, 3, 3, 3]));
        assert_eq!(row(PaddingMode::Circular), of([2, 3, 0, 1, 2, 3, 0, 1]));
        let zeros = row(PaddingMode::Zeros);
        assert_eq!((zeros[1], zeros[2], zeros[5], zeros[6]), (None, Some(0), Some(3), None));
    }

    #[test]
    fn folding_is_the_adjoint_of_padding() {
        for mode in PaddingMode::ALL {
            for interleaved in [1, 3] {
                let border = Border { left: 1, right: 2, top: 0, bottom: 1 };
                let padder = Padder::new((2, 2, 3), border, mode);
                let values = |len: usize, seed: usize| {
                    (0..len).map(|i| ((i * seed + 3) % 11) as f32).collect::<Vec<_>>()
                };
                let (x, dy) = (values(12 * interleaved, 7), values(36 * interleaved, 5));
                let (mut y, mut dx) = (vec![f32::NAN; dy.len()], vec![f32::NAN; x.len()]);
                padder.pad(interleaved, &x, &mut y);
                padder.fold(interleaved, &dy, &mut dx);
                let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
                assert_eq!(dot(&y, &dy), dot(&x, &dx), "{mode:?}, {interleaved}");
            }
        }
    }
}
