//! How the size of a step is written.

/// A ratio to two digits.
pub(super) fn ratio_text(ratio: f64) -> String {
    if ratio >= 1e-4 || ratio == 0.0 {
        let digits = match ratio {
            0.1.. | 0.0 => 2,
            0.01.. => 3,
            1e-3.. => 4,
            _ => 5,
        };
        format!("{ratio:.digits$}")
    } else {
        format!("{ratio:.0e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_have_two_digits() {
        let all = [0.0, 0.123, 0.0123, 0.00123, 0.000_123, 0.000_012_3].map(ratio_text);
        assert_eq!(all, ["0.00", "0.12", "0.012", "0.0012", "0.00012", "1e-5"]);
    }
}
