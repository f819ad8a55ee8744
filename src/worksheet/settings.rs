//! The settings of an exercise: those that were chosen, and the others drawn.

use super::{
    error::WorksheetError,
    order::{Chosen, Topic, limits},
};
use crate::nn::{
    LayerError, LayerSpec, Pair, Shape,
    layers::{AvgPool2d, Conv2d, MaxPool2d},
};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// The settings of an exercise. Height and width are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The side of the input.
    pub size: usize,
    /// The side of the kernel or window.
    pub kernel_size: usize,
    /// The stride.
    pub stride: usize,
    /// The padding.
    pub padding: usize,
    /// The dilation.
    pub dilation: usize,
    /// Channels of the input.
    pub channels: usize,
    /// Filters.
    pub filters: usize,
}

/// What is drawn where nothing is chosen: few sums, so that they can be done by hand.
struct Friendly {
    size: &'static [usize],
    kernel_size: &'static [usize],
    stride: &'static [usize],
    padding: &'static [usize],
    /// The fewest and the most outputs along a side.
    output: (usize, usize),
}

impl Friendly {
    const fn of(topic: Topic) -> Self {
        match topic {
            Topic::Pooling => Self {
                size: &[4, 5, 6, 7],
                kernel_size: &[2, 2, 3],
                stride: &[1, 2, 2, 3],
                padding: &[0, 0, 1],
                output: (2, 4),
            },
            Topic::Convolution | Topic::Sizes => Self {
                size: &[4, 5, 6],
                kernel_size: &[2, 3, 3],
                stride: &[1, 2],
                padding: &[0, 1],
                output: (2, 3),
            },
        }
    }
}

impl Settings {
    /// The convolution.
    pub fn conv(&self) -> Conv2d {
        Conv2d {
            kernel_size: Pair::square(self.kernel_size),
            stride: Pair::square(self.stride),
            padding: Pair::square(self.padding).into(),
            dilation: Pair::square(self.dilation),
            bias: false,
            ..Conv2d::new(self.filters, 1)
        }
    }

    /// Max pooling.
    pub fn max(&self) -> MaxPool2d {
        MaxPool2d {
            kernel_size: Pair::square(self.kernel_size),
            stride: Pair::square(self.stride),
            padding: Pair::square(self.padding),
            dilation: Pair::square(self.dilation),
            ceil_mode: false,
        }
    }

    /// Average pooling; it has no dilation.
    pub fn average(&self) -> Option<AvgPool2d> {
        (self.dilation == 1).then(|| AvgPool2d {
            kernel_size: Pair::square(self.kernel_size),
            stride: Pair::square(self.stride),
            padding: Pair::square(self.padding),
            ceil_mode: false,
            count_include_pad: true,
            divisor_override: None,
        })
    }

    /// The side of the input with its padding.
    pub fn padded(&self) -> usize {
        self.size + 2 * self.padding
    }

    /// The side of the output, as the core has it.
    pub fn output(&self, topic: Topic) -> Result<usize, LayerError> {
        let layer: LayerSpec = match topic {
            Topic::Pooling => self.max().into(),
            Topic::Convolution | Topic::Sizes => self.conv().into(),
        };
        let (_, height, _) =
            layer.build(Shape::maps(self.channels, self.size, self.size))?.output().as_maps();
        Ok(height)
    }

    /// Draws what was not chosen: first among settings whose sums are few, then among all that fit on paper.
    pub fn draw(topic: Topic, chosen: &Chosen, random: &mut ChaCha8Rng) -> Result<Self, WorksheetError> {
        chosen.check(topic)?;
        let friendly = Friendly::of(topic);
        let (least, most) = friendly.output;
        let near = candidates(
            chosen,
            [friendly.size, friendly.kernel_size, friendly.stride, friendly.padding, &[1]],
        );
        let fits = |settings: &Self, range: (usize, usize)| {
            settings.output(topic).is_ok_and(|side| (range.0..=range.1).contains(&side))
        };
        let mut fitting: Vec<Self> = near.into_iter().filter(|one| fits(one, (least, most))).collect();
        let wide = [limits::SIZE, limits::KERNEL_SIZE, limits::STRIDE, limits::PADDING, limits::DILATION]
            .map(Iterator::collect::<Vec<usize>>);
        if fitting.is_empty() {
            let all = candidates(chosen, wide.each_ref().map(Vec::as_slice));
            fitting = all.into_iter().filter(|one| fits(one, (1, usize::MAX))).collect();
            // The fewest sums among them.
            let sides = |one: &Self| {
                one.output(topic).unwrap_or(usize::MAX).abs_diff(least) + one.padding + one.dilation
            };
            let best = fitting.iter().map(sides).min();
            fitting.retain(|one| Some(sides(one)) == best);
        }
        if fitting.is_empty() {
            let roomy = Self::roomy(chosen);
            roomy.output(topic)?;
            return Ok(roomy);
        }
        Ok(fitting[random.random_range(0..fitting.len())])
    }

    /// The chosen settings, with the others as generous as they can be.
    fn roomy(chosen: &Chosen) -> Self {
        Self {
            size: chosen.size.unwrap_or(*limits::SIZE.end()),
            kernel_size: chosen.kernel_size.unwrap_or(*limits::KERNEL_SIZE.end()),
            stride: chosen.stride.unwrap_or(1),
            padding: chosen.padding.unwrap_or(0),
            dilation: chosen.dilation.unwrap_or(1),
            channels: chosen.channels.unwrap_or(1),
            filters: chosen.filters.unwrap_or(1),
        }
    }
}

/// All settings with what was chosen, and else with one of these: size, kernel size, stride, padding, dilation.
fn candidates(chosen: &Chosen, others: [&[usize]; 5]) -> Vec<Settings> {
    let of =
        |chosen: Option<usize>, others: &[usize]| chosen.map_or_else(|| others.to_vec(), |one| vec![one]);
    let [sizes, kernels, strides, paddings, dilations] = others;
    let mut all = Vec::new();
    for size in of(chosen.size, sizes) {
        for kernel_size in of(chosen.kernel_size, kernels) {
            for stride in of(chosen.stride, strides) {
                for padding in of(chosen.padding, paddings) {
                    for dilation in of(chosen.dilation, dilations) {
                        let (channels, filters) = (chosen.channels.unwrap_or(1), chosen.filters.unwrap_or(1));
                        all.push(Settings {
                            size,
                            kernel_size,
                            stride,
                            padding,
                            dilation,
                            channels,
                            filters,
                        });
                    }
                }
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    fn draw(topic: Topic, chosen: Chosen) -> Result<Settings, WorksheetError> {
        Settings::draw(topic, &chosen, &mut ChaCha8Rng::seed_from_u64(1))
    }

    #[test]
    fn what_is_chosen_stays_and_the_rest_fits() {
        for topic in [Topic::Convolution, Topic::Pooling] {
            for kernel_size in limits::KERNEL_SIZE {
                for stride in limits::STRIDE {
                    let chosen =
                        Chosen { kernel_size: Some(kernel_size), stride: Some(stride), ..Chosen::default() };
                    let drawn = draw(topic, chosen).unwrap();
                    assert_eq!((drawn.kernel_size, drawn.stride), (kernel_size, stride));
                    assert!(drawn.output(topic).is_ok());
                }
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_said_with_its_value() {
        for (topic, chosen, words) in [
            (
                Topic::Convolution,
                Chosen { kernel_size: Some(9), ..Chosen::default() },
                "kernel_size is 9, but must be from 1 to 5",
            ),
            (Topic::Pooling, Chosen { channels: Some(2), ..Chosen::default() }, "channels is 2, but pooling"),
            (
                Topic::Convolution,
                Chosen { size: Some(3), kernel_size: Some(5), padding: Some(0), ..Chosen::default() },
                "the kernel's height 5 is larger than the padded input's height 3",
            ),
            (Topic::Pooling, Chosen { padding: Some(3), ..Chosen::default() }, "padding"),
        ] {
            let said = draw(topic, chosen).unwrap_err().to_string();
            assert!(said.contains(words) && !said.contains('\n'), "{said}");
        }
    }
}
