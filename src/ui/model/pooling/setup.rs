//! The settings of the Pooling view.

use crate::{
    explain::pooling::PoolOutputSize,
    nn::{
        LayerSpec, Pair,
        layers::{AvgPool2d, MaxPool2d},
    },
    ui::model::tolerant,
};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// The most rows or columns of a map and of a window.
pub const MAX_SIDE: usize = 224;

/// The most cells of all windows together.
pub const MAX_CELLS: usize = 200_000_000;

/// The most rows or columns of typed numbers.
pub const MAX_NUMBERS: usize = 12;

/// The input of the pooling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PoolingSource {
    /// The current image before the preprocessing of the network.
    #[default]
    Image,
    /// A feature map of the current network for the current image.
    Map {
        /// 0 is the input, i + 1 the output of layer i.
        column: usize,
        /// The channel.
        map: usize,
    },
    /// The numbers of [`PoolingSetup::numbers`].
    Numbers,
}

/// The page of the view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PoolingMode {
    /// The windows one after the other.
    #[default]
    Windows,
    /// The gradient of the input.
    Gradient,
    /// The effect of a shift by one cell.
    Shift,
    /// The pooled map, upsampled, next to its input.
    Loss,
}

/// Typed numbers, row-major.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Numbers {
    /// The number of rows.
    pub rows: usize,
    /// The number of columns.
    pub columns: usize,
    /// The values, row-major.
    pub values: Vec<f32>,
}

impl Numbers {
    /// The numbers with another size, clamped to 1 to [`MAX_NUMBERS`]; new cells are 0.
    #[must_use]
    pub fn resized(&self, rows: usize, columns: usize) -> Self {
        let (rows, columns) = (rows.clamp(1, MAX_NUMBERS), columns.clamp(1, MAX_NUMBERS));
        let at = |y: usize, x: usize| {
            let is_old = y < self.rows && x < self.columns;
            let place = y.checked_mul(self.columns).and_then(|row| row.checked_add(x));
            place.filter(|_| is_old).and_then(|place| self.values.get(place)).copied().unwrap_or(0.0)
        };
        let values = (0..rows * columns).map(|i| at(i / columns, i % columns)).collect();
        Self { rows, columns, values }
    }
}

/// The settings of the Pooling view, with PyTorch's names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches, most of them PyTorch's")]
pub struct PoolingSetup {
    /// The input of the pooling.
    pub source: PoolingSource,
    /// The typed numbers.
    pub numbers: Numbers,
    /// The height and width of the window.
    pub kernel_size: Pair,
    /// The distance between windows; `None`: the kernel size.
    pub stride: Option<Pair>,
    /// The number of cells added on each side.
    pub padding: Pair,
    /// The distance between neighbouring cells of the window, for max pooling only.
    pub dilation: Pair,
    /// Whether the output size is rounded up, so that a last window may extend beyond the map.
    pub ceil_mode: bool,
    /// Whether means include the zeros of the padding.
    pub count_include_pad: bool,
    /// Whether height and width are set together.
    pub is_square: bool,
    /// The page.
    pub show: PoolingMode,
    /// Whether the gradient is that of the shown output alone, or of the sum of all outputs so far.
    pub is_gradient_of_one: bool,
}

/// The animations of the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Walk {
    /// The windows one after the other.
    Windows,
    /// The same, with the results of the windows before.
    Filling,
    /// The map unshifted, then shifted in each direction.
    Shifts,
}

impl Default for Numbers {
    /// The first of the presets.
    fn default() -> Self {
        let values = [1, 1, 2, 4, 5, 6, 7, 8, 3, 2, 1, 0, 1, 2, 3, 4_i8];
        Self { rows: 4, columns: 4, values: values.map(f32::from).to_vec() }
    }
}

impl Default for PoolingSetup {
    fn default() -> Self {
        Self {
            source: PoolingSource::Image,
            numbers: Numbers::default(),
            kernel_size: Pair::square(2),
            stride: None,
            padding: Pair::square(0),
            dilation: Pair::square(1),
            ceil_mode: false,
            count_include_pad: true,
            is_square: true,
            show: PoolingMode::Windows,
            is_gradient_of_one: false,
        }
    }
}

impl PoolingSetup {
    /// Reads the settings from a settings file: missing or invalid fields have their default.
    pub fn from_file<'de, D: Deserializer<'de>>(file: D) -> Result<Self, D::Error> {
        Ok(tolerant::fields(&Value::deserialize(file)?, Self::is_sound))
    }

    /// Whether some map fits these settings, and the numbers have the right count.
    fn is_sound(&self) -> bool {
        let Numbers { rows, columns, values } = &self.numbers;
        let is_side = |side: &usize| (1..=MAX_NUMBERS).contains(side);
        let is_counted = is_side(rows) && is_side(columns) && values.len() == rows * columns;
        let fits = |pair: Pair, least: usize| [pair.h, pair.w].iter().all(|n| (least..=MAX_SIDE).contains(n));
        let fits_settings =
            [self.kernel_size, self.stride(), self.dilation].iter().all(|pair| fits(*pair, 1));
        is_counted && values.iter().all(|value| value.is_finite()) && fits_settings && fits(self.padding, 0)
    }

    /// The distance between windows.
    pub fn stride(&self) -> Pair {
        self.stride.unwrap_or(self.kernel_size)
    }

    /// Whether the results of both are the same, so that only the presentation differs.
    pub fn is_like(&self, other: &Self) -> bool {
        let Self { is_square, show, is_gradient_of_one, .. } = *self;
        *self == Self { is_square, show, is_gradient_of_one, ..other.clone() }
    }

    /// The animation of the page that is shown.
    pub fn walk(&self) -> Walk {
        match self.show {
            PoolingMode::Windows => Walk::Windows,
            PoolingMode::Gradient if self.is_gradient_of_one => Walk::Windows,
            PoolingMode::Gradient | PoolingMode::Loss => Walk::Filling,
            PoolingMode::Shift => Walk::Shifts,
        }
    }

    /// The max pooling layer with these settings.
    pub fn max(&self) -> LayerSpec {
        MaxPool2d {
            kernel_size: self.kernel_size,
            stride: self.stride(),
            padding: self.padding,
            dilation: self.dilation,
            ceil_mode: self.ceil_mode,
        }
        .into()
    }

    /// Whether the window has gaps.
    pub fn is_dilated(&self) -> bool {
        self.dilation != Pair::square(1)
    }

    /// The average pooling layer with these settings; `None` with a dilation, which it does not have.
    pub fn average(&self) -> Option<LayerSpec> {
        let average = AvgPool2d {
            kernel_size: self.kernel_size,
            stride: self.stride(),
            padding: self.padding,
            ceil_mode: self.ceil_mode,
            count_include_pad: self.count_include_pad,
            divisor_override: None,
        };
        (!self.is_dilated()).then(|| average.into())
    }

    /// The formula of the output's height and width for an input of this (height, width).
    pub fn sides(&self, (height, width): (usize, usize)) -> [PoolOutputSize; 2] {
        let Self { kernel_size, padding, dilation, ceil_mode, .. } = *self;
        let stride = self.stride();
        let side = |n: usize, of: fn(Pair) -> usize| PoolOutputSize {
            n,
            kernel: of(kernel_size),
            stride: of(stride),
            padding: of(padding),
            dilation: of(dilation),
            ceil_mode,
        };
        [side(height, |pair| pair.h), side(width, |pair| pair.w)]
    }

    /// Copies the settings of a pooling layer; returns a setting that the view does not have.
    pub fn take_over(&mut self, layer: &LayerSpec, (height, width): (usize, usize)) -> Option<String> {
        let mut left_out = None;
        let mut dilation = Pair::square(1);
        let (kernel, stride) = match layer {
            LayerSpec::MaxPool2d(pool) => {
                (self.padding, self.ceil_mode) = (pool.padding, pool.ceil_mode);
                dilation = pool.dilation;
                (pool.kernel_size, pool.stride)
            }
            LayerSpec::AvgPool2d(pool) => {
                (self.padding, self.ceil_mode) = (pool.padding, pool.ceil_mode);
                self.count_include_pad = pool.count_include_pad;
                left_out = pool.divisor_override.map(|divisor| format!("divisor_override {divisor}"));
                (pool.kernel_size, pool.stride)
            }
            LayerSpec::GlobalAvgPool2d(_) => {
                (self.padding, self.ceil_mode) = (Pair::square(0), false);
                let all = Pair { h: height, w: width };
                (all, all)
            }
            _ => return None,
        };
        (self.kernel_size, self.dilation) = (kernel, dilation);
        self.stride = (stride != kernel).then_some(stride);
        self.is_square = [kernel, stride, self.padding, dilation].iter().all(|pair| pair.h == pair.w);
        left_out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_of_a_layer_are_copied() {
        let mut choice = PoolingSetup::default();
        let dilation = Pair { h: 2, w: 1 };
        let max: LayerSpec = MaxPool2d { dilation, ..MaxPool2d::strided(3, 2) }.into();
        assert_eq!(choice.take_over(&max, (28, 28)), None);
        assert_eq!((choice.max(), choice.average(), choice.is_square), (max, None, false));
        let average: LayerSpec = AvgPool2d { padding: 1.into(), ..AvgPool2d::new(2) }.into();
        assert_eq!(choice.take_over(&average, (28, 28)), None);
        assert_eq!((choice.average(), choice.is_square), (Some(average), true));
        let divided: LayerSpec = AvgPool2d { divisor_override: Some(3), ..AvgPool2d::new(2) }.into();
        assert_eq!(choice.take_over(&divided, (28, 28)).as_deref(), Some("divisor_override 3"));
    }
}
