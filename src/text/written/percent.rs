//! Percentages.

use super::MINUS;

/// A fraction of 1 as a percentage with one decimal: `98.9 %`; see [`percent_to`].
pub fn percent(share: f32) -> String {
    percent_to(share.into(), 1)
}

/// A fraction of 1 as a percentage with this many decimals. A fraction below 1 is never written as 100 %, and one above
/// 0 never as 0 %: `>99.9 %`, `<0.1 %`. A dash if `share` is not finite.
///
/// Every percentage of a result is written by this function. Settings and marks of axes, which are exact, are not.
pub fn percent_to(share: f64, decimals: usize) -> String {
    if !share.is_finite() {
        return "–".to_owned();
    }
    let units = 10_f64.powi(decimals as i32);
    let rounded = (share * 100.0 * units).round();
    if share < 1.0 && rounded >= 100.0 * units {
        format!(">{:.decimals$} %", 100.0 - 1.0 / units)
    } else if share > 0.0 && rounded <= 0.0 {
        format!("<{:.decimals$} %", 1.0 / units)
    } else {
        // Adding 0 removes the sign of a rounded −0.
        format!("{:.decimals$} %", rounded / units + 0.0)
    }
}

/// A probability as a percentage with one decimal, never 100 %: softmax never gives 1, although the nearest `f32` may be.
pub fn probability(probability: f32) -> String {
    // Unlike `min`, a comparison keeps what is not a number.
    percent(if probability >= 1.0 { 1.0 - f32::EPSILON } else { probability })
}

fn written(tenths: i64) -> String {
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// Probabilities that add up to 1 as percentages that add up to 100 %, each at most one tenth of a percent off (largest
/// remainder method). If one probability is almost 1, it is `>99.9 %`. Lists that do not add up to 1 are written with
/// [`percent`].
pub fn percentages(probabilities: &[f32]) -> Vec<String> {
    let sum: f64 = probabilities.iter().map(|p| f64::from(*p)).sum();
    let is_distribution = probabilities.iter().all(|p| *p >= 0.0) && (sum - 1.0).abs() < 1e-3;
    if !is_distribution {
        return probabilities.iter().map(|p| percent(*p)).collect();
    }
    let scaled: Vec<f64> = probabilities.iter().map(|p| f64::from(*p) / sum * 1000.0).collect();
    let mut tenths: Vec<i64> = scaled.iter().map(|p| p.floor() as i64).collect();
    let missing = usize::try_from(1000 - tenths.iter().sum::<i64>()).unwrap_or(0);
    let mut order: Vec<usize> = (0..scaled.len()).collect();
    order.sort_by(|a, b| scaled[*b].fract().total_cmp(&scaled[*a].fract()));
    for &i in order.iter().take(missing) {
        tenths[i] += 1;
    }
    let text = |(tenths, p): (i64, &f32)| {
        if tenths >= 1000 && *p < 1.0 { ">99.9 %".to_owned() } else { written(tenths) }
    };
    tenths.into_iter().zip(probabilities).map(text).collect()
}

/// A change of a share in percentages: (before, after, difference in percentage points), such as `0.44 %`, `0.35 %`,
/// `−0.09`. The difference is that of the two percentages as written. Up to four decimals are used to show a difference
/// that is not 0. Dashes if a share is not finite.
pub fn percent_change(before: f32, after: f32) -> [String; 3] {
    if !before.is_finite() || !after.is_finite() {
        return ["–", "–", "–"].map(str::to_owned);
    }
    let scaled = |share: f32, decimals: i32| (f64::from(share) * 100.0 * 10_f64.powi(decimals)).round();
    let difference = (f64::from(after) - f64::from(before)) * 100.0;
    let is_told = |&decimals: &i32| {
        let (from, to) = (scaled(before, decimals), scaled(after, decimals));
        let whole = 100.0 * 10_f64.powi(decimals);
        let is_extreme =
            |share: f32, written: f64| (share < 1.0 && written >= whole) || (share > 0.0 && written <= 0.0);
        let is_hidden = (from == to && before != after) || is_extreme(before, from) || is_extreme(after, to);
        !is_hidden && (to - from - (difference * 10_f64.powi(decimals)).round()).abs() < 0.5
    };
    let decimals = (1..=4).find(is_told).unwrap_or(1);
    let (from, to) = (scaled(before, decimals), scaled(after, decimals));
    let (places, scale) = (decimals as usize, 10_f64.powi(decimals));
    let text = |value: f64| format!("{:.places$} %", value / scale);
    let size = format!("{:.places$}", (to - from).abs() / scale);
    let change = match to.total_cmp(&from) {
        std::cmp::Ordering::Less => format!("{MINUS}{size}"),
        std::cmp::Ordering::Equal => size,
        std::cmp::Ordering::Greater => format!("+{size}"),
    };
    [text(from), text(to), change]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_do_not_hide_what_is_left() {
        for (share, text) in [
            (0.9888, "98.9 %"),
            (0.9997, ">99.9 %"),
            (1.0, "100.0 %"),
            (0.0002, "<0.1 %"),
            (0.0, "0.0 %"),
            (f32::NAN, "–"),
        ] {
            assert_eq!(percent(share), text);
        }
        for (share, decimals, text) in [
            (0.999_97, 2, ">99.99 %"),
            (1.0, 2, "100.00 %"),
            (0.97, 2, "97.00 %"),
            (0.994, 0, "99 %"),
            (0.996, 0, ">99 %"),
            (0.004, 0, "<1 %"),
            (-1e-9, 2, "0.00 %"),
            (f64::INFINITY, 2, "–"),
        ] {
            assert_eq!(percent_to(share, decimals), text);
        }
    }

    #[test]
    fn a_probability_is_never_certain() {
        for (value, text) in [
            (1.0, ">99.9 %"),
            (0.999_99, ">99.9 %"),
            (1e-9, "<0.1 %"),
            (0.0, "0.0 %"),
            (0.5, "50.0 %"),
            (f32::NAN, "–"),
        ] {
            assert_eq!(probability(value), text);
        }
    }

    #[test]
    fn probabilities_add_up() {
        assert_eq!(percentages(&[0.333_3, 0.333_3, 0.333_4]), ["33.3 %", "33.3 %", "33.4 %"]);
        assert_eq!(percentages(&[1.0 / 3.0; 3]), ["33.4 %", "33.3 %", "33.3 %"]);
        assert_eq!(percentages(&[0.9997, 0.0003, 0.0]), [">99.9 %", "0.0 %", "0.0 %"]);
        assert_eq!(percentages(&[0.5, 0.1]), ["50.0 %", "10.0 %"]);
        assert_eq!(percentages(&[]), Vec::<String>::new());
    }

    #[test]
    fn changes_subtract_as_written() {
        assert_eq!(percent_change(0.0044, 0.0035), ["0.44 %", "0.35 %", "−0.09"]);
        assert_eq!(percent_change(0.5, 0.25), ["50.0 %", "25.0 %", "−25.0"]);
        assert_eq!(percent_change(0.1, 0.1), ["10.0 %", "10.0 %", "0.0"]);
        assert_eq!(percent_change(f32::NAN, 0.1), ["–", "–", "–"]);
    }
}
