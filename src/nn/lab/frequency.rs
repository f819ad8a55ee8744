//! The frequency response of a kernel.

use super::LabError;
use crate::nn::{im2col::MAX_SETTING, pair::Pair, setting_error::SettingError};
use std::f64::consts::TAU;

/// The largest side of a frequency response.
const MAX_SIDE: usize = 256;

/// The frequency response of a kernel: the factor by which it scales the amplitude of each wave.
///
/// It is `|H(u, v)| = |Σ k[y, x] · e^(−2πi (u·y + v·x) / N)|`, the magnitude of the discrete Fourier transform of the
/// kernel, zero-padded to N × N with `N = side`, its elements `dilation` apart. The result is the centred spectrum, (N, N):
/// the mean (u = v = 0) is at `(N / 2, N / 2)`, one cell to the right is one more wave along N pixels, and the edge is the
/// highest frequency, a wave of two pixels. `kernel`: (KH, KW). See Gonzalez and Woods, "Digital Image Processing",
/// chapter 4.
///
/// # Errors
/// If the kernel does not have `size` values, the side is not from 1 to 256, or the dilation is larger than a layer's.
pub fn frequency_response(
    kernel: &[f32],
    size: Pair,
    dilation: Pair,
    side: usize,
) -> Result<Vec<f32>, LabError> {
    if size.h.checked_mul(size.w) != Some(kernel.len()) || kernel.is_empty() {
        let sentence = "the kernel has {values} values, which are not those of {needed}";
        return Err(LabError::values(sentence, kernel.len(), size));
    }
    SettingError::check("side", side, 1..=MAX_SIDE)?;
    SettingError::check("dilation", dilation.h.max(dilation.w), 0..=MAX_SETTING)?;
    // e^(−2πi·step / N).
    let turn: Vec<(f64, f64)> = (0..side)
        .map(|step| {
            let (sin, cos) = (TAU * step as f64 / side as f64).sin_cos();
            (cos, -sin)
        })
        .collect();
    // Negative frequencies wrap around.
    let waves = |at: usize| (at + side - side / 2) % side;
    let phase = |waves: usize, place: usize| turn[waves * (place % side) % side];
    // The transform is separable: along the rows, then along the columns.
    let rows: Vec<Vec<(f64, f64)>> = kernel
        .chunks_exact(size.w)
        .map(|row| {
            let along = |at: usize| {
                let terms = row.iter().enumerate().map(|(x, &weight)| {
                    let (re, im) = phase(waves(at), x * dilation.w);
                    (f64::from(weight) * re, f64::from(weight) * im)
                });
                terms.fold((0.0, 0.0), |sum, term| (sum.0 + term.0, sum.1 + term.1))
            };
            (0..side).map(along).collect()
        })
        .collect();
    let response = (0..side * side).map(|i| {
        let (down, right) = (waves(i / side), i % side);
        let (re, im) = rows.iter().enumerate().fold((0.0, 0.0), |(re, im), (y, row)| {
            let ((a, b), (c, d)) = (row[right], phase(down, y * dilation.h));
            (re + a * c - b * d, im + a * d + b * c)
        });
        re.hypot(im) as f32
    });
    Ok(response.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{
        Network, NetworkSpec, Preprocess,
        layers::{Conv2d, LayerSpec},
        shape::Shape,
    };

    const ONE: Pair = Pair::square(1);

    #[test]
    fn kernels_whose_response_is_known() {
        let of = |kernel: &[f32], size: Pair| frequency_response(kernel, size, ONE, 8).unwrap();
        assert!(of(&[3.0], ONE).iter().all(|h| (h - 3.0).abs() < 1e-6), "a single weight scales all alike");
        // The mean of two neighbours: |cos(πv / N)|, which is 0 for a wave of two pixels.
        let mean = of(&[0.5, 0.5], Pair { h: 1, w: 2 });
        for (i, h) in mean.iter().enumerate() {
            let v = (i % 8) as f64 - 4.0;
            assert!((f64::from(*h) - (v * TAU / 16.0).cos().abs()).abs() < 1e-6, "{i}");
        }
        // A kernel with a sum of 0 removes the mean, in the centre.
        let sobel = of(&[-1.0, 0.0, 1.0, -2.0, 0.0, 2.0, -1.0, 0.0, 1.0], Pair::square(3));
        assert!(sobel[4 * 8 + 4].abs() < 1e-6);
        assert!(
            (sobel[4 * 8 + 6] - 8.0).abs() < 1e-5,
            "a wave of four pixels goes through eight times as large"
        );
        assert!(sobel.iter().all(|&h| h < 8.0 + 1e-5));
    }

    /// The amplitude of a wave behind the layer itself, from its cosine and its sine.
    #[test]
    fn it_agrees_with_the_layer() {
        let (side, size) = (9, Pair { h: 3, w: 2 });
        let kernel: Vec<f32> = (0..6).map(|i| ((5 * i + 2) % 7) as f32 - 3.0).collect();
        for dilation in [ONE, Pair { h: 2, w: 3 }] {
            let response = frequency_response(&kernel, size, dilation, side).unwrap();
            let conv = Conv2d { kernel_size: size, dilation, bias: false, ..Conv2d::new(1, 1) };
            let input = Shape::maps(1, 12, 12);
            let layers = vec![LayerSpec::from(conv)];
            let spec = NetworkSpec {
                name: "waves".into(),
                input,
                preprocess: Preprocess::default(),
                layers,
                class_names: crate::text::ClassNames::default(),
            };
            let mut network = Network::zeros(spec).unwrap();
            network.parameters_mut()[0][0].values_mut().copy_from_slice(&kernel);
            for (i, expected) in response.iter().enumerate() {
                let (u, v) = ((i / side) as f64 - 4.0, (i % side) as f64 - 4.0);
                let through = |shift: f64| {
                    let wave = |at: usize| {
                        let (y, x) = ((at / 12) as f64, (at % 12) as f64);
                        (TAU * ((u * y + v * x) / side as f64 + shift)).cos() as f32
                    };
                    network.trace(&(0..144).map(wave).collect::<Vec<_>>()).activation(0)[0]
                };
                let amplitude = through(0.0).hypot(through(0.25));
                assert!((amplitude - expected).abs() < 1e-4, "{dilation}, {u}, {v}: {amplitude} {expected}");
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(frequency_response(&[1.0; 8], Pair::square(3), ONE, 8).is_err());
        assert!(frequency_response(&[], Pair { h: 0, w: 3 }, ONE, 8).is_err());
        assert!(frequency_response(&[1.0], ONE, ONE, 0).is_err());
        assert!(frequency_response(&[1.0], ONE, ONE, 257).is_err());
        assert!(frequency_response(&[1.0], ONE, Pair::square(usize::MAX), 8).is_err());
    }
}
