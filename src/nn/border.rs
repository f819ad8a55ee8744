//! Rows and columns around a map, written in JSON as `[left, right, top, bottom]` or, when all are equal, as one number.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// How many rows and columns are added on each side of a map, in the order of `torch.nn.ZeroPad2d`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Border {
    /// Columns before the first.
    pub left: usize,
    /// Columns after the last.
    pub right: usize,
    /// Rows above the first.
    pub top: usize,
    /// Rows below the last.
    pub bottom: usize,
}

impl Border {
    /// The same on all sides.
    pub const fn even(side: usize) -> Self {
        Self { left: side, right: side, top: side, bottom: side }
    }

    /// `[left, right, top, bottom]`.
    pub const fn sides(self) -> [usize; 4] {
        [self.left, self.right, self.top, self.bottom]
    }

    /// The (height, width) of a map of this size with the border.
    pub const fn around(self, height: usize, width: usize) -> (usize, usize) {
        (height + self.top + self.bottom, width + self.left + self.right)
    }
}

impl From<[usize; 4]> for Border {
    fn from([left, right, top, bottom]: [usize; 4]) -> Self {
        Self { left, right, top, bottom }
    }
}

impl fmt::Display for Border {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.sides() {
            [left, right, top, bottom] if [right, top, bottom] == [left; 3] => write!(f, "{left}"),
            [left, right, top, bottom] => write!(f, "[{left}, {right}, {top}, {bottom}]"),
        }
    }
}

impl Serialize for Border {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.sides().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Border {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "expected a whole number or four of them: [left, right, top, bottom]")]
        enum Written {
            Even(usize),
            Sides([usize; 4]),
        }
        Ok(match Written::deserialize(deserializer)? {
            Written::Even(side) => Self::even(side),
            Written::Sides(sides) => sides.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stands_for_all_sides() {
        assert_eq!(serde_json::from_str::<Border>("2").unwrap(), Border::even(2));
        let border = Border { left: 0, right: 1, top: 2, bottom: 3 };
        assert_eq!(serde_json::from_str::<Border>("[0, 1, 2, 3]").unwrap(), border);
        assert_eq!(serde_json::to_string(&border).unwrap(), "[0,1,2,3]");
        assert_eq!(border.around(4, 5), (9, 6));
    }

    #[test]
    fn anything_else_says_what_is_right() {
        for wrong in ["-1", "[1]", "[1,2]", "[1,2,3,4,5]", "\"same\"", "2.5", "null"] {
            let message = serde_json::from_str::<Border>(wrong).unwrap_err().to_string();
            assert!(message.contains("[left, right, top, bottom]"), "{wrong}: {message}");
        }
    }
}
