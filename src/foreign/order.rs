//! The order of tensors: that of the names' numbers, or that in which a pickle has them.

use super::tensor::FoundTensor;

/// A part of a name, for the natural order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Piece {
    /// A number with its digits, which tell `1` from `01`.
    Number(u64, String),
    /// Anything else.
    Text(String),
}

/// A name in the natural order, in which `conv2` comes before `conv10`.
pub(super) fn natural(name: &str) -> Vec<Piece> {
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

/// Of a pickle, only the beginning is searched for names; behind it come the numbers.
const SEARCHED: usize = 1 << 20;

/// Sorts tensors as the pickle names them first: as a whole in a state dict, module by module in a whole module.
/// Tensors that it does not name keep the natural order of their names, at the end.
pub(super) fn sort_by_pickle(bytes: &[u8], found: &mut [FoundTensor]) {
    let bytes = bytes.get(..SEARCHED).unwrap_or(bytes);
    found.sort_by_cached_key(|tensor| (places(bytes, &tensor.key), natural(&tensor.key)));
}

/// Where a key is written; if only its parts are, where each of them is.
fn places(bytes: &[u8], key: &str) -> Vec<usize> {
    // What is nested in dictionaries is written without their names.
    let mut whole = Some(key);
    while let Some(part) = whole {
        if let Some(place) = place(bytes, part) {
            return vec![place];
        }
        whole = part.split_once('.').map(|(_, rest)| rest).filter(|rest| rest.contains('.'));
    }
    key.split('.').map(|part| place(bytes, part).unwrap_or(usize::MAX)).collect()
}

/// Where a pickle has this string: `BINUNICODE` or `SHORT_BINUNICODE`, its length, its text.
fn place(bytes: &[u8], text: &str) -> Option<usize> {
    let length = u32::try_from(text.len()).ok()?.to_le_bytes();
    let is_string = |at: usize| {
        let before = bytes.get(..at).unwrap_or_default();
        before.ends_with(&[&b"X"[..], &length].concat())
            || length[1..] == [0; 3] && before.ends_with(&[0x8c, length[0]])
    };
    let found = bytes.windows(text.len().max(1)).enumerate().filter(|(_, window)| *window == text.as_bytes());
    found.map(|(at, _)| at).find(|at| is_string(*at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_are_compared_as_numbers() {
        let mut names = ["conv10.weight", "conv2.weight", "conv1.weight", "bn.1"];
        names.sort_by_key(|name| natural(name));
        assert_eq!(names, ["bn.1", "conv1.weight", "conv2.weight", "conv10.weight"]);
    }

    #[test]
    fn only_strings_of_a_pickle_are_found() {
        let bytes = b"fc.weight X\x09\x00\x00\x00fc.weight\x8c\x04conv";
        assert_eq!(place(bytes, "fc.weight"), Some(15));
        assert_eq!(place(bytes, "conv"), Some(26));
        assert_eq!(places(bytes, "model.fc.weight"), [15]);
        assert_eq!(place(bytes, "weight"), None);
    }
}
