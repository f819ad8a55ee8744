//! The exponential function and what is made of it, in plain sums and products, so that a loop takes many values at a
//! time; the standard library's take one.

/// `exp(x)` with a relative error below 3·10⁻⁷; from −87 down and 88 up it stays as it is there, and NaN stays NaN.
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    /// ln 2 in two parts, of which the first has zeros at its end: its products with small whole numbers are exact.
    const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
    /// Added to a number of few digits, it leaves no room for a fraction: its last bits are the number, rounded.
    const ROUND: f32 = 12_582_912.0;
    let x = if x < -87.0 { -87.0 } else { x };
    let x = if x > 88.0 { 88.0 } else { x };
    // exp(x) = 2^n · exp(r) with a whole n and |r| ≤ ln 2 / 2, where seven terms of the series are enough.
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let n = rounded - ROUND;
    let r = (x - n * LN_2[0]) - n * LN_2[1];
    let series =
        1.0 + r * (1.0 + r * (0.5 + r * (1.0 / 6.0 + r * (1.0 / 24.0 + r * (1.0 / 120.0 + r / 720.0)))));
    // 2^n: n in the place of a float's exponent.
    series * f32::from_bits((rounded.to_bits() << 23).wrapping_add(1.0_f32.to_bits()))
}

/// `1 / (1 + exp(−x))` with an error below 10⁻⁶.
#[inline(always)]
pub(super) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// `tanh(x)` with an error below 10⁻⁶.
#[inline(always)]
pub(super) fn tanh(x: f32) -> f32 {
    // Near 0, where the quotient would lose digits, the series.
    let square = x * x;
    let series = x + x
        * square
        * (-1.0 / 3.0 + square * (2.0 / 15.0 + square * (-17.0 / 315.0 + square * 62.0 / 2835.0)));
    let quotient = 1.0 - 2.0 / (exp(2.0 * x) + 1.0);
    if square < 0.06 { series } else { quotient }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From −100 to 100, close together around 0.
    fn arguments() -> impl Iterator<Item = f32> {
        (-20_000..=20_000).map(|i| (i as f32 / 20_000.0).powi(3) * 100.0)
    }

    #[test]
    fn errors_are_as_small_as_they_are_said_to_be() {
        for x in arguments() {
            let wide = f64::from(x);
            if (-87.0..=88.0).contains(&x) {
                assert!((f64::from(exp(x)) / wide.exp() - 1.0).abs() < 3e-7, "exp({x}) is not {}", exp(x));
            }
            let error = (f64::from(sigmoid(x)) - 1.0 / (1.0 + (-wide).exp())).abs();
            assert!(error < 1e-6, "sigmoid({x}): {error}");
            let error = (f64::from(tanh(x)) - wide.tanh()).abs();
            assert!(error < 1e-6 * wide.tanh().abs().max(1e-30), "tanh({x}): {error}");
        }
    }

    #[test]
    fn ends_and_nan() {
        assert_eq!([exp(0.0), sigmoid(0.0), tanh(0.0)], [1.0, 0.5, 0.0]);
        assert_eq!([tanh(f32::INFINITY), tanh(f32::NEG_INFINITY), sigmoid(f32::INFINITY)], [1.0, -1.0, 1.0]);
        assert!(sigmoid(f32::NEG_INFINITY) < 1e-37);
        assert!(exp(f32::NAN).is_nan() && sigmoid(f32::NAN).is_nan() && tanh(f32::NAN).is_nan());
    }
}
