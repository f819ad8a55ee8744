//! A (height, width) setting, written in JSON as `[3, 5]` or, when both are equal, as `3`.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// A setting with one value for the height and one for the width, such as `kernel_size`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pair {
    /// Along the rows (vertical).
    pub h: usize,
    /// Along the columns (horizontal).
    pub w: usize,
}

impl Pair {
    /// The same value in both directions.
    pub const fn square(size: usize) -> Self {
        Self { h: size, w: size }
    }

    /// Height times width.
    pub const fn area(self) -> usize {
        self.h * self.w
    }
}

impl From<usize> for Pair {
    fn from(size: usize) -> Self {
        Self::square(size)
    }
}

impl fmt::Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}×{}", self.h, self.w)
    }
}

impl Serialize for Pair {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [self.h, self.w].serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Pair {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PairVisitor;
        impl<'de> de::Visitor<'de> for PairVisitor {
            type Value = Pair;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number or a pair of them, such as 3 or [3, 5]")
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Pair, E> {
                usize::try_from(value)
                    .map(Pair::square)
                    .map_err(|_| E::invalid_value(de::Unexpected::Unsigned(value), &self))
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Pair, A::Error> {
                let h = seq.next_element()?.ok_or_else(|| de::Error::invalid_length(0, &self))?;
                let w = seq.next_element()?.ok_or_else(|| de::Error::invalid_length(1, &self))?;
                match seq.next_element::<de::IgnoredAny>()? {
                    None => Ok(Pair { h, w }),
                    Some(_) => Err(de::Error::invalid_length(3, &self)),
                }
            }
        }
        deserializer.deserialize_any(PairVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stands_for_a_pair_of_equal_ones() {
        assert_eq!(serde_json::from_str::<Pair>("3").unwrap(), Pair::square(3));
        assert_eq!(serde_json::from_str::<Pair>("[3, 5]").unwrap(), Pair { h: 3, w: 5 });
        assert_eq!(serde_json::to_string(&Pair { h: 3, w: 5 }).unwrap(), "[3,5]");
    }

    #[test]
    fn anything_else_says_what_is_right() {
        for wrong in ["-1", "[1]", "[1,2,3]", "\"3\"", "2.5", "null"] {
            let message = serde_json::from_str::<Pair>(wrong).unwrap_err().to_string();
            assert!(message.contains("pair") || message.contains("usize"), "{wrong}: {message}");
        }
    }
}
