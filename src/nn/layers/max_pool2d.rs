//! `max_pool2d`: the largest value under each window, each channel by itself; no parameters.

use super::{Aux, Layer, Passed, Settings, need_maps};
use crate::nn::{
    im2col::{Geometry, Window},
    pair::Pair,
    shape::Shape,
    tensor::Tensor,
};
use serde::{Deserialize, Serialize};

/// The settings of `torch.nn.MaxPool2d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct MaxPool2d {
    /// Height and width of the window.
    pub kernel_size: Pair,
    /// Step between two windows; left out of a file, it is the kernel's size.
    pub stride: Pair,
    /// Cells added on each side, which never win; at most half the kernel.
    pub padding: Pair,
}

/// The settings as a file may write them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    kernel_size: Pair,
    stride: Option<Pair>,
    padding: Option<Pair>,
}

impl From<Written> for MaxPool2d {
    fn from(w: Written) -> Self {
        let padding = w.padding.unwrap_or(Pair::square(0));
        Self { kernel_size: w.kernel_size, stride: w.stride.unwrap_or(w.kernel_size), padding }
    }
}

impl MaxPool2d {
    /// A square window that moves by its own size.
    pub const fn new(kernel_size: usize) -> Self {
        let size = Pair::square(kernel_size);
        Self { kernel_size: size, stride: size, padding: Pair::square(0) }
    }
}

impl Settings for MaxPool2d {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, String> {
        let (channels, height, width) = need_maps(input)?;
        let Self { kernel_size: kernel, stride, padding } = *self;
        if padding.h > kernel.h / 2 || padding.w > kernel.w / 2 {
            return Err(format!("padding {padding} is more than half the kernel_size {kernel}"));
        }
        let window = Window { kernel_size: kernel, stride, padding, dilation: Pair::square(1) };
        Ok(Box::new(Module { geometry: Geometry::new(channels, height, width, window)? }))
    }

    fn summary(&self) -> String {
        let Self { kernel_size: kernel, stride, .. } = self;
        let kernel_text = if kernel.h == kernel.w { kernel.h.to_string() } else { kernel.to_string() };
        match stride == kernel {
            true => format!("max pool {kernel_text}"),
            false if stride.h == stride.w => format!("max pool {kernel_text}/{}", stride.h),
            false => format!("max pool {kernel_text}/{stride}"),
        }
    }

    fn examples() -> Vec<(Self, Shape)> {
        let overlapping =
            Self { kernel_size: Pair::square(3), stride: Pair::square(2), padding: Pair::square(1) };
        vec![
            (Self::new(2), Shape::maps(3, 6, 4)),
            (Self::new(2), Shape::maps(1, 5, 5)),
            (overlapping, Shape::maps(2, 7, 6)),
            (
                Self { kernel_size: Pair { h: 3, w: 2 }, stride: Pair { h: 1, w: 2 }, ..overlapping },
                Shape::maps(2, 5, 6),
            ),
            (Self::new(1), Shape::maps(1, 1, 1)),
        ]
    }
}

#[derive(Debug)]
struct Module {
    geometry: Geometry,
}

impl Module {
    /// The index in its map and the value of the first largest cell under the window at (`oy`, `ox`).
    ///
    /// NaN wins, as in PyTorch, so that it is not hidden.
    fn winner(&self, map: &[f32], oy: usize, ox: usize) -> (u32, f32) {
        let g = &self.geometry;
        let Window { kernel_size, stride, padding, .. } = g.window;
        let (top, left) =
            ((oy * stride.h).saturating_sub(padding.h), (ox * stride.w).saturating_sub(padding.w));
        let bottom = (oy * stride.h + kernel_size.h - padding.h).min(g.height);
        let right = (ox * stride.w + kernel_size.w - padding.w).min(g.width);
        let mut best = (top * g.width + left, f32::NEG_INFINITY);
        for y in top..bottom {
            for (x, &value) in map[y * g.width..][left..right].iter().enumerate() {
                if value > best.1 || value.is_nan() {
                    best = (y * g.width + left + x, value);
                }
            }
        }
        (best.0 as u32, best.1)
    }
}

impl Layer for Module {
    fn input(&self) -> Shape {
        Shape::maps(self.geometry.channels, self.geometry.height, self.geometry.width)
    }

    fn output(&self) -> Shape {
        Shape::maps(self.geometry.channels, self.geometry.out_height, self.geometry.out_width)
    }

    fn indices_len(&self) -> usize {
        self.output().len()
    }

    fn forward(&self, _: &[Tensor], x: &[f32], y: &mut [f32], aux: &mut Aux<'_>) {
        let g = &self.geometry;
        let maps = x.chunks_exact(g.height * g.width);
        let outputs = y.chunks_exact_mut(g.columns()).zip(aux.indices.chunks_exact_mut(g.columns()));
        for (map, (y, indices)) in maps.zip(outputs) {
            let mut cells = y.iter_mut().zip(indices);
            for oy in 0..g.out_height {
                for (ox, (y, index)) in cells.by_ref().take(g.out_width).enumerate() {
                    (*index, *y) = self.winner(map, oy, ox);
                }
            }
        }
    }

    fn backward(
        &self,
        _: &[Tensor],
        passed: Passed<'_>,
        dx: Option<&mut [f32]>,
        _: &mut [Tensor],
        aux: &mut Aux<'_>,
    ) {
        let Some(dx) = dx else { return };
        let g = &self.geometry;
        dx.fill(0.0);
        let outputs = passed.dy.chunks_exact(g.columns()).zip(aux.indices.chunks_exact(g.columns()));
        for (map, (dy, indices)) in dx.chunks_exact_mut(g.height * g.width).zip(outputs) {
            for (&d, &index) in dy.iter().zip(indices) {
                map[index as usize] += d;
            }
        }
    }
}
