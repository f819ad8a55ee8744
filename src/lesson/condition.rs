//! Conditions on the numbers of the window.

use super::Quantity;
use crate::text::Sentence;
use serde::Deserialize;

/// How two numbers compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// The longer signs come first: `<=` begins with `<`.
const SIGNS: [(&str, Comparison); 6] = [
    ("<=", Comparison::AtMost),
    (">=", Comparison::AtLeast),
    ("!=", Comparison::Unequal),
    ("<", Comparison::Less),
    (">", Comparison::More),
    ("=", Comparison::Equal),
];

/// The right side of a condition.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Bound {
    Number(f64),
    Quantity(Quantity),
}

/// A condition such as `conv.output_height = 4`.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    left: Quantity,
    comparison: Comparison,
    right: Bound,
}

impl Condition {
    /// The numbers that it names.
    pub fn quantities(&self) -> impl Iterator<Item = Quantity> + use<> {
        let right = match self.right {
            Bound::Number(_) => None,
            Bound::Quantity(quantity) => Some(quantity),
        };
        std::iter::once(self.left).chain(right)
    }

    /// Whether it holds; `false` while one of its numbers has no value.
    pub fn holds(&self, value: impl Fn(Quantity) -> Option<f64>) -> bool {
        let right = match self.right {
            Bound::Number(number) => Some(number),
            Bound::Quantity(quantity) => value(quantity),
        };
        let (Some(left), Some(right)) = (value(self.left), right) else { return false };
        // What is written as 0.1 is seldom exactly that in memory.
        let is_equal = (left - right).abs() <= 1e-6 * left.abs().max(right.abs()).max(1.0);
        match self.comparison {
            Comparison::Equal => is_equal,
            Comparison::Unequal => !is_equal,
            Comparison::Less => left < right && !is_equal,
            Comparison::AtMost => left < right || is_equal,
            Comparison::More => left > right && !is_equal,
            Comparison::AtLeast => left > right || is_equal,
        }
    }
}

impl TryFrom<String> for Condition {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let shape = || {
            let sentence = Sentence::new(
                "the condition “{text}” must be a number of the window, a sign (= != < <= > >=) and a number",
            );
            sentence.with("text", &text).to_string()
        };
        let (at, sign, comparison) = SIGNS
            .iter()
            .filter_map(|(sign, comparison)| text.find(sign).map(|at| (at, *sign, *comparison)))
            .min_by_key(|(at, sign, _)| (*at, std::cmp::Reverse(sign.len())))
            .ok_or_else(shape)?;
        let left = Quantity::try_from(text[..at].trim().to_owned())?;
        let right = text[at + sign.len()..].trim();
        let right = match right.parse::<f64>() {
            Ok(number) if number.is_finite() => Bound::Number(number),
            Ok(_) => return Err(shape()),
            Err(_) if right.is_empty() => return Err(shape()),
            Err(_) => Bound::Quantity(Quantity::try_from(right.to_owned())?),
        };
        Ok(Self { left, comparison, right })
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        Self::try_from(String::deserialize(input)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(text: &str) -> Result<Condition, String> {
        Condition::try_from(text.to_owned())
    }

    #[test]
    fn conditions_compare_numbers_of_the_window() {
        let value = |quantity| match quantity {
            Quantity::ConvStride => Some(2.0),
            Quantity::ConvPadding => Some(1.0),
            _ => None,
        };
        for (text, is_true) in [
            ("conv.stride = 2", true),
            ("conv.stride=2", true),
            ("conv.stride != 2", false),
            ("conv.stride > 1.5", true),
            ("conv.stride >= 2", true),
            ("conv.stride <= 1", false),
            ("conv.stride > conv.padding", true),
            ("conv.padding < conv.padding", false),
            ("net.top = 2", false),
            ("net.top != 2", false),
        ] {
            assert_eq!(condition(text).unwrap().holds(value), is_true, "{text}");
        }
    }

    #[test]
    fn what_is_no_condition_is_refused_by_name() {
        for text in
            ["", "conv.stride", "conv.stride =", "= 3", "conv.stride = inf", "conv.strid = 3", "a < b"]
        {
            let error = condition(text).unwrap_err();
            assert!(error.contains("must be") || error.contains("there is no number"), "{text}: {error}");
        }
    }
}
