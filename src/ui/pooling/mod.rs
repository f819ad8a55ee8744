//! What the Pooling view works on: the choice of a source and of settings as data, and what the core makes of them.

mod presets;
mod study;

pub use presets::{PRESETS, Preset};
pub use study::{Refusal, Setting, Shifts, Study};

use super::{
    state::AppState,
    tr::{fill, tr},
    widgets::{Playback, PlaybackAct, Track},
};
use crate::{
    explain::pooling::{Direction, Side},
    nn::{
        LayerSpec, Network, Pair, Shape, Trace,
        layers::{AvgPool2d, MaxPool2d},
    },
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The most rows, and the most columns, of a map that is followed cell by cell.
pub const MAX_SIDE: usize = 64;

/// The largest window, and the largest step, that are followed cell by cell.
pub const MAX_WINDOW: usize = 32;

/// The most rows, and the most columns, of numbers to type.
pub const MAX_NUMBERS: usize = 12;

/// What is pooled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PoolingSource {
    /// The current image as the network sees it, before the network's own preprocessing.
    #[default]
    Image,
    /// A map of the current network at the current image.
    Map {
        /// 0 is the input, i + 1 the output of layer i.
        column: usize,
        /// Which map of it.
        map: usize,
    },
    /// The numbers of [`PoolingChoice::numbers`].
    Numbers,
}

/// What is shown of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PoolingShow {
    /// The windows, one after the other.
    #[default]
    Windows,
    /// The way of the gradient back.
    Gradient,
    /// What a shift by one cell changes.
    Shift,
    /// The pooled map blown up beside its source.
    Loss,
}

/// Rows of numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Numbers {
    /// How many rows.
    pub rows: usize,
    /// How many in a row.
    pub columns: usize,
    /// Row by row.
    pub values: Vec<f32>,
}

impl Numbers {
    /// The same numbers in another size; what is new is 0.
    #[must_use]
    pub fn resized(&self, rows: usize, columns: usize) -> Self {
        let at = |y: usize, x: usize| {
            let is_old = y < self.rows && x < self.columns;
            self.values.get(y * self.columns + x).copied().filter(|_| is_old).unwrap_or(0.0)
        };
        let values = (0..rows * columns).map(|i| at(i / columns, i % columns)).collect();
        Self { rows, columns, values }
    }
}

/// Everything that can be chosen in the Pooling view; names of settings are PyTorch's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "switches, as PyTorch has them")]
pub struct PoolingChoice {
    /// What is pooled.
    pub source: PoolingSource,
    /// The numbers to type into.
    pub numbers: Numbers,
    /// Height and width of the window.
    pub kernel_size: Pair,
    /// Step between two windows; `None` is the window's size.
    pub stride: Option<Pair>,
    /// Cells added on each side.
    pub padding: Pair,
    /// Whether a last window that stands partly outside counts too.
    pub ceil_mode: bool,
    /// Whether a mean is taken over the padding's zeros too.
    pub count_include_pad: bool,
    /// Whether height and width are set as one.
    pub is_square: bool,
    /// What is shown.
    pub show: PoolingShow,
    /// Whether the gradient comes from the shown output alone, or 1 from every output.
    pub is_gradient_of_one: bool,
    /// Where the map is moved; `None` leaves it where it is.
    pub direction: Option<Direction>,
}

impl Default for PoolingChoice {
    fn default() -> Self {
        Self {
            source: PoolingSource::Image,
            numbers: PRESETS[0].numbers(),
            kernel_size: Pair::square(2),
            stride: None,
            padding: Pair::square(0),
            ceil_mode: false,
            count_include_pad: true,
            is_square: true,
            show: PoolingShow::Windows,
            is_gradient_of_one: false,
            direction: Some(Direction::Right),
        }
    }
}

impl PoolingChoice {
    /// The step between two windows.
    pub fn stride(&self) -> Pair {
        self.stride.unwrap_or(self.kernel_size)
    }

    /// The settings as those of max pooling.
    pub fn max(&self) -> LayerSpec {
        MaxPool2d {
            kernel_size: self.kernel_size,
            stride: self.stride(),
            padding: self.padding,
            dilation: Pair::square(1),
            ceil_mode: self.ceil_mode,
        }
        .into()
    }

    /// The settings as those of average pooling.
    pub fn average(&self) -> LayerSpec {
        AvgPool2d {
            kernel_size: self.kernel_size,
            stride: self.stride(),
            padding: self.padding,
            ceil_mode: self.ceil_mode,
            count_include_pad: self.count_include_pad,
            divisor_override: None,
        }
        .into()
    }

    /// The output's height and width as their formula needs them, over a map of this (height, width).
    pub fn sides(&self, (height, width): (usize, usize)) -> [Side; 2] {
        let Self { kernel_size: kernel, padding, ceil_mode, .. } = *self;
        let stride = self.stride();
        [
            Side { n: height, kernel: kernel.h, stride: stride.h, padding: padding.h, ceil_mode },
            Side { n: width, kernel: kernel.w, stride: stride.w, padding: padding.w, ceil_mode },
        ]
    }

    /// Takes over a pooling layer's settings; what this view does not have comes back as a word for a message.
    pub fn take_over(&mut self, layer: &LayerSpec, (height, width): (usize, usize)) -> Option<String> {
        let mut left_out = None;
        let (kernel, stride) = match layer {
            LayerSpec::MaxPool2d(pool) => {
                (self.padding, self.ceil_mode) = (pool.padding, pool.ceil_mode);
                left_out = (pool.dilation != Pair::square(1)).then(|| format!("dilation {}", pool.dilation));
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
        self.kernel_size = kernel;
        self.stride = (stride != kernel).then_some(stride);
        self.is_square = [kernel, stride, self.padding].iter().all(|pair| pair.h == pair.w);
        left_out
    }
}

/// What is shown in the Pooling view: the choice is in the settings, what came of it is here.
#[derive(Default)]
pub struct PoolingLab {
    /// Which window is looked at.
    pub playback: Playback,
    /// The last choice that the core could compute.
    pub study: Option<Arc<Study>>,
    /// Why the choice as it is now gives nothing.
    pub refusal: Option<Refusal>,
    made_of: Option<(PoolingChoice, Input)>,
}

/// What tells one input from another.
enum Input {
    Image(u64),
    Trace(Arc<Trace>),
    Numbers,
}

impl Input {
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Image(a), Self::Image(b)) => a == b,
            (Self::Trace(a), Self::Trace(b)) => Arc::ptr_eq(a, b),
            (Self::Numbers, Self::Numbers) => true,
            _ => false,
        }
    }
}

impl PoolingLab {
    /// The windows of what is shown; none before there is something.
    pub fn track(&self) -> Track {
        self.study.as_ref().map_or(Track { len: 0, row: 1 }, |study| study.track())
    }

    /// The window that is looked at.
    pub fn position(&self) -> usize {
        self.playback.position(self.track())
    }
}

/// Computes what the choice gives, if it, the image, the network or its answer is another than before.
pub fn refresh(state: &mut AppState) {
    let choice = &state.settings.pooling;
    let answer = state.current_answer();
    let input = match (choice.source, answer) {
        (PoolingSource::Image, _) => Input::Image(state.image.revision),
        (PoolingSource::Numbers, _) => Input::Numbers,
        (PoolingSource::Map { .. }, Some(answer)) => Input::Trace(answer.whole.clone()),
        // The answer is on its way.
        (PoolingSource::Map { .. }, None) => return,
    };
    if state.pooling.made_of.as_ref().is_some_and(|(made, of)| made == choice && of.is(&input)) {
        return;
    }
    let made = match (choice.source, answer) {
        (PoolingSource::Map { column, map }, Some(answer)) => {
            map_values(&answer.network, &answer.whole, column, map)
                .map_err(|sentence| Refusal { setting: Setting::Source, sentence })
                .and_then(|(values, size)| Study::new(choice, &values, size))
        }
        (PoolingSource::Numbers, _) => {
            let Numbers { rows, columns, values } = &choice.numbers;
            Study::new(choice, values, (*rows, *columns))
        }
        _ => {
            let seen = &state.image.seen;
            let values: Vec<f32> = seen.as_raw().iter().map(|&pixel| f32::from(pixel) / 255.0).collect();
            Study::new(choice, &values, (seen.height() as usize, seen.width() as usize))
        }
    };
    let lab = &mut state.pooling;
    lab.made_of = Some((choice.clone(), input));
    match made {
        Ok(study) => {
            let is_new = lab.study.as_ref().is_none_or(|before| !is_alike(&before.choice, choice));
            if is_new {
                lab.playback.apply(PlaybackAct::Seek(study.most_telling()), study.track());
            }
            (lab.study, lab.refusal) = (Some(Arc::new(study)), None);
        }
        Err(refusal) => lab.refusal = Some(refusal),
    }
}

/// Whether two choices are of the same kind of source, so that the window that is looked at may stay.
fn is_alike(a: &PoolingChoice, b: &PoolingChoice) -> bool {
    std::mem::discriminant(&a.source) == std::mem::discriminant(&b.source)
}

/// One map of a trace with its (height, width); the error is a sentence.
fn map_values(
    network: &Network,
    trace: &Trace,
    column: usize,
    map: usize,
) -> Result<(Vec<f32>, (usize, usize)), String> {
    let name = &network.spec().name;
    let Some((_, channels, (height, width))) =
        map_columns(network).into_iter().find(|(at, ..)| *at == column)
    else {
        let number = column.saturating_sub(1).to_string();
        let sentence = tr("{network} has no maps after layer {layer}: choose a layer of this network");
        return Err(fill(sentence, &[("network", name), ("layer", &number)]));
    };
    let values = match column.checked_sub(1) {
        None => trace.input.values(),
        Some(layer) => trace.activation(layer),
    };
    match values.get(map * height * width..(map + 1) * height * width) {
        Some(values) if map < channels => Ok((values.to_vec(), (height, width))),
        _ => {
            let sentence = tr("map {map} is not one of the {maps} maps of {layer}: choose from 0 to {last}");
            let last = channels.saturating_sub(1).to_string();
            let values = [
                ("map", map.to_string()),
                ("maps", channels.to_string()),
                ("layer", column_name(network, column)),
                ("last", last),
            ];
            Err(fill(sentence, &values.each_ref().map(|(name, value)| (*name, value.as_str()))))
        }
    }
}

/// The columns of a network that are maps of more than one cell: (column, maps, (height, width)).
pub fn map_columns(network: &Network) -> Vec<(usize, usize, (usize, usize))> {
    let shapes = std::iter::once(network.input()).chain(network.layers().iter().map(|layer| layer.output()));
    let maps = shapes.enumerate().filter_map(|(column, shape)| match shape {
        Shape::Maps { channels, height, width } if height * width > 1 => {
            Some((column, channels, (height, width)))
        }
        _ => None,
    });
    maps.collect()
}

/// `input`, `conv2d 0` and so on, numbered as in a `torch.nn.Sequential`.
pub fn column_name(network: &Network, column: usize) -> String {
    let layer = column.checked_sub(1).and_then(|layer| Some((layer, network.spec().layers.get(layer)?)));
    layer.map_or_else(|| tr("input").to_owned(), |(number, layer)| format!("{} {number}", layer.type_name()))
}
