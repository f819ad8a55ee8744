//! Values as TOML, written as a person would: one key a line, dotted keys, whole numbers without a point.

use serde::Serialize;
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// The order of keys; others come after them.
const ORDER: &[&str] = &[
    "view",
    "example",
    "source",
    "photo",
    "layer",
    "name",
    "input",
    "kernel",
    "kernels",
    "kernel_size",
    "stride",
    "padding",
    "padding_mode",
    "image",
    "network",
    "convolution",
    "pooling",
    "train",
    "also",
];

/// Numbers from this size on are written with a point, since not every whole number is exact.
const EXACT: f64 = 1e15;

/// A value without what has its default: nothing, and switches that are off unless they are named.
pub(super) fn plain(value: &impl Serialize) -> Value {
    // Text and back: a number of single precision keeps its short digits.
    let text = serde_json::to_string(value).unwrap_or_default();
    without_defaults(serde_json::from_str(&text).unwrap_or_default())
}

fn without_defaults(value: Value) -> Value {
    let Value::Object(fields) = value else { return value };
    let is_default = |name: &str, value: &Value| match value {
        Value::Null => true,
        Value::Bool(false) => matches!(name, "blank" | "fresh"),
        Value::Array(items) => matches!(name, "also" | "off") && items.is_empty(),
        _ => false,
    };
    let kept = fields.into_iter().filter(|(name, value)| !is_default(name, value));
    Value::Object(kept.map(|(name, value)| (name, without_defaults(value))).collect())
}

/// The keys and values of a state, each with its dotted key, as they are written.
pub fn entries(value: &impl Serialize) -> Vec<(String, String)> {
    let mut entries = Vec::new();
    if let Value::Object(fields) = plain(value) {
        collect("", &fields, &mut entries);
    }
    entries
}

/// The lines of a block.
pub(super) fn lines(prefix: &str, value: &impl Serialize) -> String {
    let mut lines = String::new();
    for (key, value) in entries(value) {
        let _ = writeln!(lines, "{prefix}{key} = {value}");
    }
    lines
}

fn collect(prefix: &str, fields: &Map<String, Value>, entries: &mut Vec<(String, String)>) {
    let place = |name: &str| ORDER.iter().position(|known| *known == name).unwrap_or(ORDER.len());
    let mut sorted: Vec<_> = fields.iter().collect();
    sorted.sort_by_key(|(name, _)| place(name));
    for (name, value) in sorted {
        let key = format!("{prefix}{name}");
        match value {
            Value::Object(inner) if !inner.is_empty() => collect(&format!("{key}."), inner, entries),
            value => entries.push((key, inline(value))),
        }
    }
}

/// A value in one line.
pub(super) fn inline(value: &Value) -> String {
    match value {
        Value::Null => "\"\"".to_owned(),
        Value::Bool(is_on) => is_on.to_string(),
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => number_of(float),
            _ => number.to_string(),
        },
        Value::String(text) => string(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(inline).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) if fields.is_empty() => "{}".to_owned(),
        Value::Object(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|(name, value)| format!("{name} = {}", inline(value))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
    }
}

fn number_of(float: f64) -> String {
    if float.fract() != 0.0 {
        float.to_string()
    } else if float.abs() < EXACT && (float != 0.0 || float.is_sign_positive()) {
        format!("{float:.0}")
    } else {
        format!("{float:.1}")
    }
}

/// A text between quotation marks. JSON's escapes are TOML's, but TOML also escapes DEL.
pub(super) fn string(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default().replace('\u{7f}', "\\u007F")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::{
        Show,
        show::{Grid, ShowConvolution, ShowNetwork, ShowView, Size},
    };

    #[test]
    fn a_state_is_written_as_a_person_would() {
        let convolution = ShowConvolution {
            input: Some(Grid::Rows(vec![vec![3.0, 0.1], vec![-2.5, 0.0]])),
            stride: Some(Size::Square(2)),
            padding: Some(Size::Pair(1, 0)),
            relu: Some(false),
            ..ShowConvolution::default()
        };
        let show = Show {
            view: Some(ShowView::Convolution),
            convolution: Some(convolution),
            network: Some(ShowNetwork::default()),
            ..Show::default()
        };
        let text = lines("", &show);
        assert_eq!(
            text,
            "view = \"convolution\"\nnetwork = {}\nconvolution.input = [[3, 0.1], [-2.5, 0]]\nconvolution.stride = 2\nconvolution.padding = [1, 0]\nconvolution.relu = false\n"
        );
        assert_eq!(toml::from_str::<Show>(&text).unwrap(), show);
    }

    #[test]
    fn any_text_and_any_number_come_back() {
        for text in ["", "a \"b\" \\ c", "two\nlines\ttab", "\u{0}\u{7f}\u{1b}", "“é” 中文 🙂", "```"]
        {
            let read: std::collections::BTreeMap<String, String> =
                toml::from_str(&format!("a = {}", string(text))).unwrap();
            assert_eq!(read["a"], text);
        }
        for number in [0.1, -0.0, 1e300, 1e-7, 1e15, 123_456_789.25, -3.0] {
            let read: std::collections::BTreeMap<String, f64> =
                toml::from_str(&format!("a = {}", number_of(number))).unwrap();
            assert_eq!(read["a"].to_bits(), f64::to_bits(number), "{number}");
        }
    }
}
