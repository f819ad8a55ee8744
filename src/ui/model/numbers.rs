//! The numbers of a view as arrays, and the dialog that saves them.

use crate::files::{to_npy, to_npz};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// An array of a view.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedArray {
    /// Its name in files.
    pub key: &'static str,
    /// Its name in the window.
    pub name: &'static str,
    /// Its sides.
    pub shape: Vec<usize>,
    /// Its values, row by row.
    pub values: Vec<f32>,
}

/// A kind of file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum NumbersFormat {
    /// One array as a table.
    #[default]
    Csv,
    /// One array for NumPy.
    Npy,
    /// All arrays for NumPy.
    Npz,
}

impl NumbersFormat {
    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Npy => "npy",
            Self::Npz => "npz",
        }
    }
}

/// The dialog. Its arrays are those of the moment at which it was opened.
#[derive(Clone, Debug)]
pub struct NumbersDialog {
    /// What there is to save.
    pub arrays: Arc<Vec<NamedArray>>,
    /// The array that is chosen.
    pub chosen: usize,
    /// The kind of file.
    pub format: NumbersFormat,
}

/// What can be done with numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NumbersAct {
    /// Opens the dialog.
    Open,
    /// Chooses an array.
    Choose(usize),
    /// Chooses a kind of file.
    Set(NumbersFormat),
    /// Asks for the file.
    Save,
    /// Closes the dialog.
    Close,
}

/// The bytes of the file; none if there is no such array.
pub fn encoded(arrays: &[NamedArray], chosen: usize, format: NumbersFormat) -> Option<Vec<u8>> {
    let npy = |array: &NamedArray| to_npy(&array.shape, &array.values);
    match format {
        NumbersFormat::Csv => arrays.get(chosen).map(|array| csv(array).into_bytes()),
        NumbersFormat::Npy => arrays.get(chosen).map(npy),
        NumbersFormat::Npz => {
            let members: Vec<_> = arrays.iter().map(|array| (array.key, npy(array))).collect();
            Some(to_npz(&members))
        }
    }
}

/// A matrix is a line a row. An array with more sides is a line a value, with its indices from 0 before it.
fn csv(array: &NamedArray) -> String {
    let values = &array.values;
    if array.shape.len() <= 2 {
        let row = array.shape.last().copied().unwrap_or(1).max(1);
        let line = |row: &[f32]| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(",") + "\n";
        return values.chunks(row).map(line).collect();
    }
    let indices = (0..array.shape.len()).map(|i| format!("index{i},"));
    let head = indices.collect::<String>() + "value\n";
    let line = |(i, value): (usize, &f32)| {
        let mut rest = i;
        let mut cells = vec![value.to_string()];
        for side in array.shape.iter().rev().map(|side| side.max(&1)) {
            cells.push((rest % side).to_string());
            rest /= side;
        }
        cells.reverse();
        cells.join(",") + "\n"
    };
    head + &values.iter().enumerate().map(line).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_have_a_line_a_row_or_a_value() {
        let array = |shape: &[usize]| NamedArray {
            key: "a",
            name: "A",
            shape: shape.to_vec(),
            values: (0..shape.iter().product::<usize>()).map(|i| i as f32 / 2.0).collect(),
        };
        assert_eq!(csv(&array(&[2, 3])), "0,0.5,1\n1.5,2,2.5\n");
        assert_eq!(csv(&array(&[2])), "0,0.5\n");
        assert_eq!(csv(&array(&[])), "0\n");
        let long = csv(&array(&[2, 1, 2]));
        assert_eq!(long, "index0,index1,index2,value\n0,0,0,0\n0,0,1,0.5\n1,0,0,1\n1,0,1,1.5\n");
        let two = [array(&[2]), array(&[3])];
        assert_eq!(encoded(&two, 5, NumbersFormat::Csv), None);
        assert!(encoded(&two, 1, NumbersFormat::Npy).unwrap().starts_with(b"\x93NUMPY"));
        assert!(encoded(&two, 5, NumbersFormat::Npz).unwrap().starts_with(b"PK"));
    }
}
