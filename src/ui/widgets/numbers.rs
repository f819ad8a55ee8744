//! How numbers are written, so that the same value reads the same everywhere.

pub use crate::text::written::{percent, percent_to, probability};

/// The sign of a negative number: as wide as a plus, unlike a hyphen.
const MINUS: &str = "−";

/// A signed number to about three digits: `+3.1`, `−0.042`, `0`.
pub fn signed(value: f32) -> String {
    if value > 0.0 { format!("+{}", magnitude(value)) } else { plain(value) }
}

/// A number to about three digits; only a minus is written as a sign.
pub fn plain(value: f32) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    let sign = if value < 0.0 { MINUS } else { "" };
    format!("{sign}{}", magnitude(value.abs()))
}

/// A signed number to four digits, where one value is read by itself: `+1.770`, `−0.003`, `0`.
pub fn precise(value: f32) -> String {
    let size = value.abs();
    if size == 0.0 || !size.is_finite() || !(0.000_95..9_999.5).contains(&size) {
        return signed(value);
    }
    let decimals = if size >= 999.95 {
        0
    } else if size >= 99.995 {
        1
    } else if size >= 9.999_5 {
        2
    } else {
        3
    };
    let sign = if value < 0.0 { MINUS } else { "+" };
    format!("{sign}{size:.decimals$}")
}

/// A number that one sets, to at most three decimals and without zeros at their end: `2`, `0.25`.
pub fn decimal(value: f64) -> String {
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.replace('-', MINUS) }
}

/// A fraction in whole percents: `110 %`.
pub fn percent_whole(fraction: f32) -> String {
    format!("{:.0} %", fraction * 100.0)
}

/// A difference in percentage points: `+3.1`, `−17.8`, `0.0`; a dash for NaN and infinity.
pub fn points(difference: f32) -> String {
    if !difference.is_finite() {
        return "–".to_owned();
    }
    let size = format!("{:.1}", difference.abs());
    match (size.as_str(), difference < 0.0) {
        ("0.0", _) => size,
        (_, true) => format!("{MINUS}{size}"),
        (_, false) => format!("+{size}"),
    }
}

/// A count in groups of three digits: `60 000`, with thin spaces.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text
}

/// A number as people type it: with blanks between its digits, either minus sign, and a decimal point or comma. `None` for
/// what is not a finite number.
pub fn typed(text: &str) -> Option<f64> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = plain.replace(MINUS, "-").replace(',', ".");
    plain.parse().ok().filter(|number: &f64| number.is_finite())
}

fn magnitude(value: f32) -> String {
    if value == 0.0 {
        "0".to_owned()
    } else if value.is_infinite() {
        "∞".to_owned()
    } else if !(0.000_95..99_999.5).contains(&value) {
        format!("{value:.1e}")
    } else if value >= 99.95 {
        format!("{value:.0}")
    } else if value >= 0.995 {
        format!("{value:.1}")
    } else if value >= 0.099_5 {
        format!("{value:.2}")
    } else {
        format!("{value:.3}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_written_for_both_sides_and_not_for_zero() {
        assert_eq!(signed(3.12), "+3.1");
        assert_eq!(signed(-3.12), "−3.1");
        assert_eq!(signed(0.0), "0");
        assert_eq!(signed(-0.0), "0");
    }

    #[test]
    fn one_value_is_read_to_four_digits() {
        for (value, text) in
            [(1.77, "+1.770"), (-0.003, "−0.003"), (14.815, "+14.81"), (0.0, "0"), (1e-7, "+1.0e-7")]
        {
            assert_eq!(precise(value), text);
        }
    }

    #[test]
    fn digits_follow_the_size() {
        for (value, text) in [
            (0.0421, "0.042"),
            (0.421, "0.42"),
            (421.0, "421"),
            (1.0e6, "1.0e6"),
            (1.0e-5, "1.0e-5"),
            (0.999, "1.0"),
        ] {
            assert_eq!(plain(value), text);
        }
        assert_eq!(plain(f32::NAN), "NaN");
        assert_eq!(plain(f32::NEG_INFINITY), "−∞");
    }

    #[test]
    fn what_is_set_has_no_zeros_at_its_end() {
        for (value, text) in [(2.0, "2"), (0.25, "0.25"), (-1.5, "−1.5"), (100.0, "100"), (-0.0001, "0")] {
            assert_eq!(decimal(value), text);
        }
    }

    #[test]
    fn a_comma_is_a_decimal_sign() {
        for (text, number) in [("0,05", 0.05), (" −1 000,5 ", -1000.5), ("1e-4", 1e-4), ("3", 3.0)] {
            assert_eq!(typed(text), Some(number), "{text}");
        }
        for text in ["1,000.5", "1,2,3", "", "inf", "1e999", "5 %"] {
            assert_eq!(typed(text), None, "{text}");
        }
    }

    #[test]
    fn points_and_counts() {
        for (difference, text) in [(-17.84, "−17.8"), (3.06, "+3.1"), (-0.04, "0.0"), (0.0, "0.0")] {
            assert_eq!(points(difference), text);
        }
        assert_eq!(points(f32::NAN), "–");
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(60_000), "60\u{2009}000");
        assert_eq!(count(1_234_567), "1\u{2009}234\u{2009}567");
    }
}
