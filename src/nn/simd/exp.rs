//! exp, tanh and sigmoid as sums and products, which loops vectorise; the standard library computes one value at a time.

/// `exp(x)` with a relative error below 3·10⁻⁷. Arguments are clamped to −87…88; NaN stays NaN.
#[inline(always)]
pub(in crate::nn) fn exp(x: f32) -> f32 {
    /// ln 2 in two parts. The first ends in zero bits, so that its products with small integers are exact.
    const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
    /// 1.5·2²³: adding it rounds a small number to an integer, which is then in the sum's last bits.
    const ROUND: f32 = 12_582_912.0;
    let x = if x < -87.0 { -87.0 } else { x };
    let x = if x > 88.0 { 88.0 } else { x };
    // exp(x) = 2^n · exp(r) with an integer n and |r| ≤ ln 2 / 2, where seven terms of the Taylor series suffice.
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let n = rounded - ROUND;
    let r = (x - n * LN_2[0]) - n * LN_2[1];
    let series =
        1.0 + r * (1.0 + r * (0.5 + r * (1.0 / 6.0 + r * (1.0 / 24.0 + r * (1.0 / 120.0 + r / 720.0)))));
    // 2^n: n in the exponent bits.
    series * f32::from_bits((rounded.to_bits() << 23).wrapping_add(1.0_f32.to_bits()))
}

/// `1 / (1 + exp(−x))` with an error below 10⁻⁶.
#[inline(always)]
pub(in crate::nn) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// `tanh(x)` with an error below 10⁻⁶.
#[inline(always)]
pub(in crate::nn) fn tanh(x: f32) -> f32 {
    // Near 0 the quotient loses digits; there the Taylor series is used.
    let square = x * x;
    let series = x + x
        * square
        * (-1.0 / 3.0 + square * (2.0 / 15.0 + square * (-17.0 / 315.0 + square * 62.0 / 2835.0)));
    let quotient = 1.0 - 2.0 / (exp(2.0 * x) + 1.0);
    if square < 0.06 { series } else { quotient }
}

/// `exp(x) − 1` with a relative error below 10⁻⁶.
#[inline(always)]
pub(in crate::nn) fn exp_m1(x: f32) -> f32 {
    // Near 0 the difference loses digits; there the Taylor series is used.
    let series = x
        * (1.0
            + x * (0.5
                + x * (1.0 / 6.0 + x * (1.0 / 24.0 + x * (1.0 / 120.0 + x * (1.0 / 720.0 + x / 5040.0))))));
    if x.abs() < 0.4 { series } else { exp(x) - 1.0 }
}

/// The distribution function of the standard normal distribution, with an error below 2·10⁻⁷: Abramowitz and Stegun,
/// "Handbook of Mathematical Functions", 7.1.26.
#[inline(always)]
pub(in crate::nn) fn normal_cdf(x: f32) -> f32 {
    let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let polynomial =
        t * (0.254_829_6 + t * (-0.284_496_74 + t * (1.421_413_7 + t * (-1.453_152 + t * 1.061_405_4))));
    let tail = 0.5 * polynomial * exp(-z * z);
    if x < 0.0 { tail } else { 1.0 - tail }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From −100 to 100, dense around 0.
    fn arguments() -> impl Iterator<Item = f32> {
        (-20_000..=20_000).map(|i| (i as f32 / 20_000.0).powi(3) * 100.0)
    }

    #[test]
    fn errors_are_within_the_documented_bounds() {
        for x in arguments() {
            let wide = f64::from(x);
            if (-87.0..=88.0).contains(&x) {
                assert!((f64::from(exp(x)) / wide.exp() - 1.0).abs() < 3e-7, "exp({x}) is not {}", exp(x));
            }
            let error = (f64::from(sigmoid(x)) - 1.0 / (1.0 + (-wide).exp())).abs();
            assert!(error < 1e-6, "sigmoid({x}): {error}");
            if x < 88.0 {
                let error = (f64::from(exp_m1(x)) - wide.exp_m1()).abs();
                assert!(error <= 1e-6 * wide.exp_m1().abs(), "exp_m1({x}): {error}");
            }
            let error = (f64::from(tanh(x)) - wide.tanh()).abs();
            assert!(error < 1e-6 * wide.tanh().abs().max(1e-30), "tanh({x}): {error}");
        }
    }

    #[test]
    fn the_normal_distribution_agrees_with_tables() {
        for (x, expected) in [
            (-4.0, 3.167_124_2e-5),
            (-2.5, 0.006_209_665),
            (-1.0, 0.158_655_25),
            (-0.1, 0.460_172_16),
            (0.0, 0.5),
            (0.3, 0.617_911_4),
            (1.96, 0.975_002_1),
            (3.0, 0.998_650_1),
        ] {
            let error = (normal_cdf(x) - expected).abs();
            assert!(error < 2e-7, "normal_cdf({x}): {error}");
        }
    }

    #[test]
    fn limits_and_nan() {
        assert_eq!([exp(0.0), exp_m1(0.0), sigmoid(0.0), tanh(0.0)], [1.0, 0.0, 0.5, 0.0]);
        assert_eq!([normal_cdf(f32::INFINITY), normal_cdf(40.0)], [1.0, 1.0]);
        assert!(normal_cdf(-40.0) < 1e-37 && normal_cdf(f32::NAN).is_nan() && exp_m1(f32::NAN).is_nan());
        assert_eq!([tanh(f32::INFINITY), tanh(f32::NEG_INFINITY), sigmoid(f32::INFINITY)], [1.0, -1.0, 1.0]);
        assert!(sigmoid(f32::NEG_INFINITY) < 1e-37);
        assert!(exp(f32::NAN).is_nan() && sigmoid(f32::NAN).is_nan() && tanh(f32::NAN).is_nan());
    }
}
