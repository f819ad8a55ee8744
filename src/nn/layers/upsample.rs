//! `upsample`: makes maps larger by repeating cells or by interpolating between them.

use super::{
    context::{BackwardInput, LayerContext},
    error::LayerError,
    interpolation::{Interpolation, Tap},
    layer::{Interleaving, Layer},
    settings::{Settings, need_maps},
};
use crate::nn::{im2col::MAX_SETTING, pair::Pair, setting_error::SettingError, shape::Shape, tensor::Tensor};
use crate::text::{fill, tr};
use serde::{Deserialize, Serialize};

/// The settings of `torch.nn.Upsample` for maps. (N, C, H, W) → (N, C, OH, OW) with `size`, or with
/// `OH = ⌊H · scale_factor⌋`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Upsample {
    /// Height and width of the output, if there is no `scale_factor`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<Pair>,
    /// How many times as high and wide the output is, if there is no `size`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale_factor: Option<f64>,
    /// How the cells of the output get their values.
    pub mode: UpsampleMode,
    /// Whether the corner cells of input and output lie on each other, instead of their outer edges; for `bilinear` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub align_corners: Option<bool>,
}

/// How the cells of a larger map get their values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UpsampleMode {
    /// Each is a copy of the cell at its place.
    #[default]
    Nearest,
    /// Each is a mean of the four cells around its place, by their distances.
    Bilinear,
}

impl Upsample {
    /// This many times as high and wide, by repeating cells.
    pub const fn scaled(scale_factor: f64) -> Self {
        Self {
            size: None,
            scale_factor: Some(scale_factor),
            mode: UpsampleMode::Nearest,
            align_corners: None,
        }
    }

    /// The places of the output's rows (first) and columns among those of maps of `height` × `width`.
    ///
    /// # Errors
    /// If `size` and `scale_factor` are not one setting, or it is out of range.
    pub fn places(&self, height: usize, width: usize) -> Result<[Interpolation; 2], SettingError> {
        let sides = match (self.size, self.scale_factor) {
            (Some(size), None) => {
                for side in [size.h, size.w] {
                    SettingError::check("size", side, 1..=MAX_SETTING)?;
                }
                [(height, size.h, None), (width, size.w, None)]
            }
            (None, Some(factor)) => {
                let side = |n: usize| {
                    let outputs = (n as f64 * factor).floor();
                    if !(1.0..=MAX_SETTING as f64).contains(&outputs) {
                        let sentence = "{setting} is {value}, but must turn the input's side {side} into one from 1 to {most}";
                        let error = SettingError::new("scale_factor", factor, sentence);
                        return Err(error.with("side", n).with("most", MAX_SETTING));
                    }
                    Ok((n, outputs as usize, Some(factor)))
                };
                [side(height)?, side(width)?]
            }
            (Some(_), Some(_)) => {
                let sentence = "{setting} and {other} are both set: leave one of them out";
                return Err(SettingError::new("size", "set", sentence).name("other", "scale_factor"));
            }
            (None, None) => {
                let sentence = "{setting} and {other} are both missing: set one of them";
                return Err(SettingError::new("size", "not set", sentence).name("other", "scale_factor"));
            }
        };
        Ok(sides.map(|(input, outputs, factor)| self.place(input, outputs, factor)))
    }

    fn place(&self, input: usize, outputs: usize, factor: Option<f64>) -> Interpolation {
        let is_linear = self.mode == UpsampleMode::Bilinear;
        let is_aligned = is_linear && self.align_corners == Some(true);
        let ratio = factor.map_or(input as f64 / outputs as f64, |factor| 1.0 / factor);
        let (start, step) = if input == outputs {
            (0.0, 1.0)
        } else if is_aligned {
            (0.0, (input - 1) as f64 / outputs.saturating_sub(1).max(1) as f64)
        } else if is_linear {
            (0.5 * ratio - 0.5, ratio)
        } else if outputs == 2 * input {
            (0.0, 0.5)
        } else {
            (0.0, ratio)
        };
        Interpolation { input, outputs, step, start, is_linear }
    }
}

impl Settings for Upsample {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        let (channels, height, width) = need_maps(input)?;
        let [rows, columns] = self.places(height, width)?;
        if let (UpsampleMode::Nearest, Some(value)) = (self.mode, self.align_corners) {
            let sentence = "{setting} is {value}, but can only be set where {other} is bilinear";
            return Err(SettingError::new("align_corners", value, sentence).name("other", "mode").into());
        }
        let output = Shape::maps(channels, rows.outputs, columns.outputs).check()?;
        let taps = |side: Interpolation| (0..side.outputs).map(|at| side.tap(at)).collect();
        Ok(Box::new(Module { input, output, rows: taps(rows), columns: taps(columns), mode: self.mode }))
    }

    fn summary(&self) -> String {
        match (self.size, self.scale_factor) {
            (Some(size), _) => fill(tr("upsample to {size}"), &[("size", &size.to_string())]),
            (_, Some(factor)) => fill(tr("upsample ×{factor}"), &[("factor", &factor.to_string())]),
            (None, None) => tr("upsample").into(),
        }
    }

    fn examples() -> Vec<(Self, Shape)> {
        let bilinear = Self { mode: UpsampleMode::Bilinear, ..Self::scaled(2.0) };
        let sized = Self { size: Some(Pair { h: 5, w: 3 }), scale_factor: None, ..Self::default() };
        let aligned = Self { align_corners: Some(true), ..bilinear };
        vec![
            (Self::scaled(2.0), Shape::maps(2, 2, 3)),
            (Self::scaled(1.5), Shape::maps(1, 3, 4)),
            (sized, Shape::maps(2, 3, 4)),
            (bilinear, Shape::maps(2, 2, 3)),
            (Self { scale_factor: Some(0.5), ..bilinear }, Shape::maps(1, 4, 6)),
            (aligned, Shape::maps(2, 3, 2)),
            (Self { align_corners: Some(true), mode: UpsampleMode::Bilinear, ..sized }, Shape::maps(1, 3, 1)),
            (Self { mode: UpsampleMode::Bilinear, ..sized }, Shape::maps(1, 4, 3)),
        ]
    }
}

#[derive(Debug)]
struct Module {
    input: Shape,
    output: Shape,
    rows: Vec<Tap>,
    columns: Vec<Tap>,
    mode: UpsampleMode,
}

impl Module {
    /// Values of an input map and of an output map of one image.
    fn planes(&self) -> (usize, usize) {
        let channels = self.input.as_maps().0;
        (self.input.len() / channels, self.output.len() / channels)
    }

    /// Calls `visit(output cell, input cell, weight)` for every input cell that an output cell takes from.
    fn each(&self, mut visit: impl FnMut(usize, usize, f32)) {
        let (_, _, width) = self.input.as_maps();
        let cells = self.rows.iter().flat_map(|row| self.columns.iter().map(move |column| (row, column)));
        for (to, (row, column)) in cells.enumerate() {
            for (y, down) in [(row.first, 1.0 - row.share), (row.second, row.share)] {
                for (x, right) in [(column.first, 1.0 - column.share), (column.second, column.share)] {
                    if down != 0.0 && right != 0.0 {
                        visit(to, y * width + x, down * right);
                    }
                }
            }
        }
    }
}

impl Layer for Module {
    fn input(&self) -> Shape {
        self.input
    }

    fn output(&self) -> Shape {
        self.output
    }

    fn interleaving(&self) -> Interleaving {
        Interleaving::Kept
    }

    fn forward(&self, _: &[Tensor], x: &[f32], y: &mut [f32], context: &mut LayerContext<'_>) {
        let (n, (input, output)) = (context.interleaved, self.planes());
        if self.mode == UpsampleMode::Bilinear {
            y.fill(0.0);
        }
        for (map, y) in x.chunks_exact(input * n).zip(y.chunks_exact_mut(output * n)) {
            self.each(|to, from, weight| {
                let (to, from) = (&mut y[to * n..][..n], &map[from * n..][..n]);
                match self.mode {
                    UpsampleMode::Nearest => to.copy_from_slice(from),
                    UpsampleMode::Bilinear => {
                        to.iter_mut().zip(from).for_each(|(to, from)| *to += weight * from);
                    }
                }
            });
        }
    }

    fn backward(
        &self,
        _: &[Tensor],
        input: BackwardInput<'_>,
        dx: Option<&mut [f32]>,
        _: &mut [Tensor],
        context: &mut LayerContext<'_>,
    ) {
        let Some(dx) = dx else { return };
        let n = context.interleaved;
        let (input_plane, output_plane) = self.planes();
        dx.fill(0.0);
        for (map, dy) in dx.chunks_exact_mut(input_plane * n).zip(input.dy.chunks_exact(output_plane * n)) {
            self.each(|to, from, weight| {
                let (dy, cell) = (&dy[to * n..][..n], &mut map[from * n..][..n]);
                cell.iter_mut().zip(dy).for_each(|(cell, dy)| *cell += weight * dy);
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enlarged(settings: Upsample, x: &[f32]) -> Vec<f32> {
        let layer = settings.build(Shape::maps(1, 1, x.len())).unwrap();
        let mut y = vec![f32::NAN; layer.output().len()];
        layer.forward(&[], x, &mut y, &mut LayerContext::empty());
        y
    }

    #[test]
    fn rows_are_enlarged() {
        let size = |w, mode, align_corners| Upsample {
            size: Some(Pair { h: 1, w }),
            scale_factor: None,
            mode,
            align_corners,
        };
        let x = [1.0, 5.0];
        assert_eq!(enlarged(size(4, UpsampleMode::Nearest, None), &x), [1.0, 1.0, 5.0, 5.0]);
        assert_eq!(enlarged(size(4, UpsampleMode::Bilinear, None), &x), [1.0, 2.0, 4.0, 5.0]);
        assert_eq!(enlarged(size(5, UpsampleMode::Bilinear, Some(true)), &x), [1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(enlarged(size(1, UpsampleMode::Bilinear, Some(true)), &x), [1.0]);
    }

    #[test]
    fn impossible_settings_are_refused() {
        let refused = |settings: Upsample| settings.build(Shape::maps(1, 2, 2)).unwrap_err().to_string();
        assert!(refused(Upsample::default()).contains("size and scale_factor are both missing"));
        let both = Upsample { size: Some(Pair::square(2)), ..Upsample::scaled(2.0) };
        assert!(refused(both).contains("both set"));
        for factor in [0.25, -1.0, f64::NAN, f64::INFINITY, 1e9] {
            assert!(refused(Upsample::scaled(factor)).starts_with("scale_factor is"), "{factor}");
        }
        let aligned = Upsample { align_corners: Some(true), ..Upsample::scaled(2.0) };
        assert!(refused(aligned).contains("align_corners is true"));
    }
}
