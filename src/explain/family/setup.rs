//! A member with its settings and numbers, as a person may set them.

use super::{Chain, Cost, Figure, Member};
use crate::{
    explain::convolution::resized,
    nn::{Pair, Shape},
};
use serde::{Deserialize, Serialize};

/// One thing that can be set of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the field of `Options` of its name")]
pub enum Knob {
    Size,
    Channels,
    Filters,
    Kernel,
    Stride,
    Padding,
    OutputPadding,
    Dilation,
    Groups,
    Layers,
}

/// All that can be set; a member reads what it has, see [`Member::knobs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// Height and width of the input.
    pub size: Pair,
    /// Channels of the input.
    pub channels: usize,
    /// Maps of the output.
    pub filters: usize,
    /// Height and width of the kernels.
    pub kernel: Pair,
    /// The window's step.
    pub stride: Pair,
    /// Zeros on each side; cells cut off each side of a transposed convolution.
    pub padding: Pair,
    /// Rows and columns added at the end of a transposed convolution's output.
    pub output_padding: Pair,
    /// Distance between two elements of a kernel.
    pub dilation: Pair,
    /// Parts into which channels and filters are split.
    pub groups: usize,
    /// Layers one after the other.
    pub layers: usize,
}

impl Options {
    const PLAIN: Self = Self {
        size: Pair::square(4),
        channels: 1,
        filters: 1,
        kernel: Pair::square(3),
        stride: Pair::square(1),
        padding: Pair::square(0),
        output_padding: Pair::square(0),
        dilation: Pair::square(1),
        groups: 1,
        layers: 1,
    };

    /// Those of a member's small example.
    pub fn of(member: Member) -> Self {
        let (two, plain) = (Pair::square(2), Self::PLAIN);
        match member {
            Member::Transposed => Self { size: two, ..plain },
            Member::Dilated => Self { size: Pair::square(7), dilation: two, ..plain },
            Member::Grouped | Member::Shuffled => {
                Self { size: Pair::square(3), channels: 4, filters: 4, kernel: two, groups: 2, ..plain }
            }
            Member::DepthwiseSeparable => Self { channels: 3, filters: 3, ..plain },
            Member::SpatiallySeparable => Self { size: Pair::square(5), ..plain },
            Member::Flattened => Self { channels: 3, ..plain },
            Member::Pointwise => Self { size: Pair::square(3), channels: 3, filters: 2, ..plain },
            Member::Stacked => Self { size: Pair::square(7), layers: 3, ..plain },
        }
    }

    /// Those of a layer in a network, as the literature compares them; `None` where the small example is its own.
    pub fn of_literature(member: Member) -> Option<Self> {
        let (small, size) = (Self::of(member), Pair::square(28));
        let eight = Self { size, channels: 8, filters: 8, kernel: Pair::square(3), ..small };
        match member {
            Member::Transposed | Member::Dilated => None,
            Member::SpatiallySeparable => Some(Self { size, ..small }),
            Member::Flattened => Some(Self { size, kernel: Pair::square(5), ..small }),
            Member::Pointwise => Some(Self { size, channels: 64, filters: 32, ..small }),
            _ => Some(eight),
        }
    }

    /// The input's shape.
    pub fn input(&self, member: Member) -> Shape {
        let channels = if member.knobs().contains(&Knob::Channels) { self.channels } else { 1 };
        Shape::maps(channels, self.size.h, self.size.w)
    }
}

/// Why a member cannot be as it is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// What to set otherwise.
    pub knob: Knob,
    /// One clause with the numbers.
    pub clause: String,
}

/// Maps of numbers: kernels, or an input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Values {
    /// (filters, channels of a group, KH, KW); of an input, (1, C, H, W).
    pub shape: [usize; 4],
    /// As many as the shape says.
    pub values: Vec<f32>,
}

/// A member, its settings and its numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemberSetup {
    /// Which.
    pub member: Member,
    /// How it is set, which may be impossible.
    pub options: Options,
    /// The input.
    pub x: Values,
    /// The weights of each layer that has some.
    pub weights: Vec<Values>,
}

/// Whole numbers from −1 to 2, not all alike.
fn small(len: usize, shift: usize) -> Vec<f32> {
    (0..len).map(|i| ((5 * i + i / 3 + shift) % 4) as f32 - 1.0).collect()
}

/// Whole numbers from 0 to 3, not all alike.
fn counting(len: usize) -> Vec<f32> {
    (0..len).map(|i| ((i + i / 5 * 2 + i / 7) % 4) as f32).collect()
}

impl MemberSetup {
    /// The small example of a member.
    pub fn new(member: Member) -> Self {
        let options = Options::of(member);
        let mut new = Self { member, options, x: Values::none(), weights: Vec::new() };
        new.fit();
        if member == Member::Transposed {
            new.x.values = vec![1.0, 2.0, 3.0, 4.0];
        }
        let (column, row) = (vec![1.0, 2.0, 1.0], vec![-1.0, 0.0, 1.0]);
        let weights: Vec<Vec<f32>> = match member {
            Member::Transposed => vec![vec![1.0, 2.0, 1.0, 0.0, 1.0, 0.0, 2.0, 1.0, 2.0]],
            Member::Dilated => vec![small(9, 1)],
            Member::Grouped => vec![small(32, 0)],
            Member::Shuffled => vec![small(32, 0), small(8, 2)],
            Member::DepthwiseSeparable => vec![small(27, 0), small(9, 3)],
            // Sobel's kernel, as a column and a row.
            Member::SpatiallySeparable => vec![column, row],
            Member::Flattened => vec![vec![1.0, -1.0, 2.0], column, row],
            Member::Pointwise => vec![vec![1.0, 0.0, -1.0, 1.0, 2.0, 1.0]],
            Member::Stacked => vec![small(9, 0), small(9, 1), small(9, 2)],
        };
        for (tensor, values) in new.weights.iter_mut().zip(weights) {
            tensor.values = values;
        }
        new
    }

    /// The same with other settings: what there was of numbers stays, what is new is small numbers, and zeros around
    /// kernels that grow. Impossible settings change no number.
    #[must_use]
    pub fn with(&self, options: Options) -> Self {
        let mut new = Self { options, ..self.clone() };
        new.fit();
        new
    }

    /// Whether its input and its weights have as many values as they say, all of them numbers.
    pub fn is_sound(&self) -> bool {
        self.x.is_sound() && self.weights.iter().all(Values::is_sound)
    }

    /// Makes its numbers as many as its settings need, if those are possible.
    fn fit(&mut self) {
        let Ok(shapes) = shapes(self.member, &self.options) else { return };
        let (channels, height, width) = self.options.input(self.member).as_maps();
        self.x = self.x.cropped([1, channels, height, width]);
        self.weights.truncate(shapes.len());
        for (number, shape) in shapes.into_iter().enumerate() {
            match self.weights.get_mut(number) {
                Some(tensor) => *tensor = tensor.fitted(shape, number),
                None => self.weights.push(Values::none().fitted(shape, number)),
            }
        }
    }

    /// Its layers over its numbers.
    pub fn chain(&self) -> Result<Chain, Misfit> {
        shapes(self.member, &self.options)?;
        let weights: Vec<Vec<f32>> = self.weights.iter().map(|tensor| tensor.values.clone()).collect();
        let (input, layers) = (self.options.input(self.member), self.member.layers(&self.options));
        Chain::new(input, &self.x.values, layers, &weights)
            .map_err(|clause| Misfit { knob: Knob::Size, clause })
    }

    /// The one layer over the same numbers that gives the same output, where there is one: of a separable kernel, the
    /// product of its parts.
    pub fn same_as(&self) -> Option<Chain> {
        let sides: Vec<&[f32]> = self.weights.iter().map(|tensor| tensor.values.as_slice()).collect();
        let (across, down, right): (&[f32], &[f32], &[f32]) = match (self.member, sides.as_slice()) {
            (Member::SpatiallySeparable, [down, right]) => (&[1.0], down, right),
            (Member::Flattened, [across, down, right]) => (across, down, right),
            _ => return None,
        };
        let rows = across.iter().flat_map(|a| down.iter().map(move |d| a * d));
        let kernel: Vec<f32> = rows.flat_map(|weight| right.iter().map(move |r| weight * r)).collect();
        let standard = self.member.standard(&self.options)?;
        Chain::new(standard.input, &self.x.values, standard.layers, &[kernel]).ok()
    }
}

/// What a member costs with these settings beside the standard; `None` if either is impossible.
pub fn figure(member: Member, options: &Options) -> Option<Figure> {
    let standard = member.standard(options)?;
    Some(Figure {
        kind: standard.kind,
        standard: Cost::of(standard.input, &standard.layers).ok()?,
        member: Cost::of(options.input(member), &member.layers(options)).ok()?,
    })
}

/// The shapes of the weights that the settings need, (filters, channels of a group, KH, KW) or, of a transposed
/// convolution, (channels, filters of a group, KH, KW); the error names the setting that is impossible.
fn shapes(member: Member, options: &Options) -> Result<Vec<[usize; 4]>, Misfit> {
    let Options { filters, groups, dilation, stride, output_padding, .. } = *options;
    let input = options.input(member);
    if input.is_empty() {
        return Err(Misfit { knob: Knob::Size, clause: format!("the input {input} has no values") });
    }
    let has = |knob: Knob| member.knobs().contains(&knob);
    let channels = options.channels;
    if has(Knob::Groups)
        && (groups == 0 || !channels.is_multiple_of(groups) || !filters.is_multiple_of(groups))
    {
        let clause = format!(
            "{groups} groups do not divide both the {channels} channels and the {filters} filters: each group has as many of either"
        );
        return Err(Misfit { knob: Knob::Groups, clause });
    }
    let layers = member.layers(options);
    if layers.is_empty() {
        let clause = "there must be a layer at least".to_owned();
        return Err(Misfit { knob: Knob::Layers, clause });
    }
    let mut shape = input;
    let mut all = Vec::new();
    for (number, layer) in layers.iter().enumerate() {
        let layer = layer.build(shape).map_err(|clause| {
            let beyond = |extra: usize, s: usize, d: usize| extra >= s.max(d);
            let is_beyond = beyond(output_padding.h, stride.h, dilation.h)
                || beyond(output_padding.w, stride.w, dilation.w);
            let knob = match member {
                Member::Transposed if is_beyond => Knob::OutputPadding,
                Member::Transposed => Knob::Padding,
                Member::Stacked if number > 0 => Knob::Layers,
                _ if has(Knob::Dilation) && dilation != Pair::square(1) => Knob::Dilation,
                _ if has(Knob::Kernel) => Knob::Kernel,
                _ => Knob::Size,
            };
            let clause =
                if number > 0 { format!("layer {}: {clause}", number + 1) } else { clause.to_string() };
            Misfit { knob, clause }
        })?;
        shape = layer.output();
        let weight = layer.parameters().first().map(|weight| weight.shape.clone());
        all.extend(weight.and_then(|sides| <[usize; 4]>::try_from(sides).ok()));
    }
    Ok(all)
}

impl Values {
    fn none() -> Self {
        Self { shape: [0; 4], values: Vec::new() }
    }

    /// Whether there are as many as the shape says, all of them numbers.
    pub fn is_sound(&self) -> bool {
        let len = self.shape.iter().try_fold(1_usize, |len, &side| len.checked_mul(side));
        len == Some(self.values.len()) && self.values.iter().all(|value| value.is_finite())
    }

    /// Kernels in another shape, each in the middle of its new size; a kernel that there was not is one of small numbers.
    fn fitted(&self, shape: [usize; 4], number: usize) -> Self {
        let [_, inner, h, w] = shape;
        let [_, old_inner, old_h, old_w] = self.shape;
        let (from, to) = (Pair { h: old_h, w: old_w }, Pair { h, w });
        let new = small(shape.iter().product(), number);
        let kernels = new.chunks_exact(to.area().max(1)).enumerate().flat_map(|(i, new)| {
            let (a, b) = (i / inner.max(1), i % inner.max(1));
            let old = (a * old_inner + b) * from.area();
            let old = self.values.get(old..old + from.area()).filter(|old| b < old_inner && !old.is_empty());
            old.map_or_else(|| new.to_vec(), |old| resized(old, from, to))
        });
        Self { shape, values: kernels.collect() }
    }

    /// An input in another shape, with what of it has room; new numbers are small.
    fn cropped(&self, shape: [usize; 4]) -> Self {
        let [_, _, h, w] = shape;
        let [_, old_c, old_h, old_w] = self.shape;
        let mut values = counting(shape.iter().product());
        for (i, value) in values.iter_mut().enumerate() {
            let (c, row, column) = (i / (h * w), i / w % h, i % w);
            if c < old_c
                && row < old_h
                && column < old_w
                && let Some(old) = self.values.get((c * old_h + row) * old_w + column)
            {
                *value = *old;
            }
        }
        Self { shape, values }
    }
}
