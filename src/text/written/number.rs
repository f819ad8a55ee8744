//! One rounded number.

/// The sign of a negative number: as wide as a plus, unlike a hyphen.
pub const MINUS: &str = "−";

/// A number, rounded to a number of decimals.
///
/// Halves are rounded away from zero, as taught at school. A number that needs fewer decimals is written with fewer, one
/// that would lose all but one of its digits with more.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    text: String,
    value: f64,
    decimals: usize,
    exact: f64,
}

/// Numbers closer to 0 than this are written with a power of ten.
const SMALLEST: f64 = 1e-6;
/// Numbers from this on are written with a power of ten.
const LARGEST: f64 = 1e9;

impl Number {
    /// `exact`, rounded to `decimals`.
    pub fn new(exact: f64, decimals: usize) -> Self {
        let size = exact.abs();
        if !exact.is_finite() || size >= LARGEST || (size > 0.0 && size < SMALLEST) {
            return Self::with_power(exact);
        }
        let decimals = decimals.max(Self::decimals_for(exact, 2).min(8));
        let decimals = (0..decimals).find(|&fewer| rounded(exact, fewer) == exact).unwrap_or(decimals);
        let value = rounded(exact, decimals);
        Self { text: written(value, decimals), value, decimals, exact }
    }

    /// A number that is not finite, very small or very large.
    fn with_power(exact: f64) -> Self {
        let text = match exact {
            _ if exact.is_nan() => "NaN".to_owned(),
            _ if exact.is_infinite() => if exact < 0.0 { "−∞" } else { "∞" }.to_owned(),
            _ => format!("{exact:.1e}"),
        };
        let value = text.parse().unwrap_or(exact);
        let decimals = Self::decimals_for(exact, 2);
        Self { text: text.replace('-', MINUS), value, decimals, exact }
    }

    /// The decimals at which a number shows this many digits; 0 for 0.
    pub(super) fn decimals_for(value: f64, digits: i32) -> usize {
        if value == 0.0 || !value.is_finite() {
            return 0;
        }
        let first = value.abs().log10().floor() as i32;
        usize::try_from(digits - 1 - first).unwrap_or(0)
    }

    /// The number as written, such as `−0.25`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The number with its sign, if it is not 0: `+0.25`, `−0.25`.
    pub fn signed(&self) -> String {
        if self.value > 0.0 { format!("+{}", self.text) } else { self.text.clone() }
    }

    /// The number, in brackets if it is negative.
    pub fn bracketed(&self) -> String {
        if self.value < 0.0 { format!("({})", self.text) } else { self.text.clone() }
    }

    /// The value of the number as written.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// The value before rounding.
    pub fn exact(&self) -> f64 {
        self.exact
    }

    /// The decimals of the number as written.
    pub fn decimals(&self) -> usize {
        self.decimals
    }

    /// Whether rounding `value` to the decimals of this number gives this number, whichever way halves are rounded.
    pub(super) fn is_rounding_of(&self, value: f64) -> bool {
        if !self.exact.is_finite() {
            return self.exact.total_cmp(&value).is_eq();
        }
        let half = 0.5 * 10_f64.powi(-(self.decimals as i32));
        let is_exact = (value - self.exact).abs() <= 1e-12 * self.exact.abs().max(1e-3);
        is_exact || (value - self.value).abs() < half * (1.0 - 1e-6)
    }
}

/// `value` rounded to `decimals`; halves away from zero.
fn rounded(value: f64, decimals: usize) -> f64 {
    let scale = 10_f64.powi(decimals as i32);
    (value * scale).round() / scale
}

fn written(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let is_zero = !text.bytes().any(|digit| (b'1'..=b'9').contains(&digit));
    if value < 0.0 && !is_zero { format!("{MINUS}{text}") } else { text }
}
