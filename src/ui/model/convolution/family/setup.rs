//! The selected variant of convolution and its settings.

use crate::{
    explain::variants::{PAIRS, Variant, VariantModel, VariantSetting, VariantSettings, Volume},
    ui::model::convolution::make::{ConvolutionRejected, ConvolutionSetting, check},
};
use serde::{Deserialize, Serialize};

/// A variant of convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FamilyChoice {
    /// A chain of layers.
    Member(Variant),
    /// One function sliding along another.
    OneDimension,
    /// A kernel that moves through a volume.
    ThreeDimensions,
}

impl FamilyChoice {
    /// The size of the whole grid.
    pub fn all() -> impl Iterator<Item = Self> {
        Variant::ALL.map(Self::Member).into_iter().chain([Self::OneDimension, Self::ThreeDimensions])
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Member(member) => member.name(),
            Self::OneDimension => "1-D, two functions",
            Self::ThreeDimensions => "3-D, a volume",
        }
    }

    /// What it does, in a sentence or two.
    pub fn about(self) -> &'static str {
        match self {
            Self::Member(member) => member.about(),
            Self::OneDimension => {
                "One function slides along the other; each result is the area under their products. Mathematicians flip the sliding function first, networks do not."
            }
            Self::ThreeDimensions => {
                "The kernel has depth, and moves in three directions: through the slices, down, and to the right."
            }
        }
    }
}

/// The settings of two functions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Functions {
    /// The number of values of each, which may be out of range.
    pub lengths: (usize, usize),
    /// The function that stays in place.
    pub f: Vec<f32>,
    /// The function that slides, before it is flipped.
    pub g: Vec<f32>,
    /// Whether the sliding function is flipped first.
    pub is_flipped: bool,
}

/// The settings of a volume and a kernel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// (depth, height, width) of the volume, which may be out of range.
    pub size: [usize; 3],
    /// (depth, height, width) of the kernel, which may be out of range.
    pub kernel: [usize; 3],
    /// How far the kernel moves.
    pub stride: usize,
    /// The volume: its (depth, height, width), and its values.
    pub x: ([usize; 3], Vec<f32>),
    /// The kernel.
    pub weights: ([usize; 3], Vec<f32>),
}

/// The settings of a variant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FamilySetup {
    /// Layers.
    Member(VariantModel),
    /// Two functions.
    OneDimension(Functions),
    /// A volume.
    ThreeDimensions(Block),
}

impl Default for FamilySetup {
    fn default() -> Self {
        Self::Member(VariantModel::new(Variant::default()))
    }
}

/// The largest sides of an input and of a kernel, the largest stride, padding or dilation, the most maps and layers.
const MOST: [usize; 5] = [10, 7, 4, 8, 4];
/// The longest functions.
pub const MAX_LENGTHS: (usize, usize) = (16, 9);

impl FamilySetup {
    /// The small example of a variant.
    pub fn new(choice: FamilyChoice) -> Self {
        match choice {
            FamilyChoice::Member(member) => Self::Member(VariantModel::new(member)),
            FamilyChoice::OneDimension => Self::OneDimension(Functions::of_pair(0, true)),
            FamilyChoice::ThreeDimensions => Self::ThreeDimensions(Block::example()),
        }
    }

    /// The variant that is set.
    pub fn choice(&self) -> FamilyChoice {
        match self {
            Self::Member(setup) => FamilyChoice::Member(setup.variant),
            Self::OneDimension(_) => FamilyChoice::OneDimension,
            Self::ThreeDimensions(_) => FamilyChoice::ThreeDimensions,
        }
    }

    /// The range of a setting.
    pub fn range(knob: VariantSetting) -> std::ops::RangeInclusive<usize> {
        let [size, kernel, step, maps, layers] = MOST;
        match knob {
            VariantSetting::Size => 1..=size,
            VariantSetting::Kernel => 1..=kernel,
            VariantSetting::Stride | VariantSetting::Dilation => 1..=step,
            VariantSetting::Padding | VariantSetting::OutputPadding => 0..=step,
            VariantSetting::Channels | VariantSetting::Filters | VariantSetting::Groups => 1..=maps,
            VariantSetting::Layers => 1..=layers,
        }
    }

    /// Resizes the numbers to what the settings need, if the settings are in their ranges.
    #[must_use]
    pub fn fitted(self) -> Self {
        if self.check().is_err() {
            return self;
        }
        match self {
            Self::Member(setup) => Self::Member(setup.with(setup.settings)),
            Self::OneDimension(mut functions) => {
                functions.f.resize(functions.lengths.0, 0.0);
                functions.g.resize(functions.lengths.1, 0.0);
                Self::OneDimension(functions)
            }
            Self::ThreeDimensions(mut block) => {
                block.x = refitted(&block.x, block.size);
                block.weights = refitted(&block.weights, block.kernel);
                Self::ThreeDimensions(block)
            }
        }
    }

    /// Whether all its settings are in their ranges.
    pub(super) fn check(&self) -> Result<(), ConvolutionRejected> {
        match self {
            Self::Member(setup) => {
                let options = setup.settings;
                let knobs = setup.variant.settings();
                for &knob in knobs {
                    for (name, value) in values_of(knob, &options) {
                        let range = Self::range(knob);
                        check(ConvolutionSetting::Family(knob), name, value, *range.start(), *range.end())?;
                    }
                }
                Ok(())
            }
            Self::OneDimension(Functions { lengths, .. }) => {
                check(ConvolutionSetting::Standing, "the length of f", lengths.0, 1, MAX_LENGTHS.0)?;
                check(ConvolutionSetting::Sliding, "the length of g", lengths.1, 1, MAX_LENGTHS.1)
            }
            Self::ThreeDimensions(block) => {
                let [size, kernel, step, ..] = MOST;
                let volume = ["the volume's depth", "the volume's height", "the volume's width"];
                for (name, value) in volume.into_iter().zip(block.size) {
                    check(ConvolutionSetting::Input, name, value, 1, size)?;
                }
                let sides = ["the kernel's depth", "the kernel's height", "the kernel's width"];
                for (name, value) in sides.into_iter().zip(block.kernel) {
                    check(ConvolutionSetting::Kernel, name, value, 1, kernel)?;
                }
                check(ConvolutionSetting::Stride, "the stride", block.stride, 1, step)
            }
        }
    }

    /// Whether its numbers are finite and their count is right; the settings may still be impossible.
    pub fn is_sound(&self) -> bool {
        let is_fit = |(size, values): &([usize; 3], Vec<f32>)| {
            let len = size.iter().try_fold(1_usize, |len, &side| len.checked_mul(side));
            len == Some(values.len()) && values.iter().all(|value| value.is_finite())
        };
        match self {
            Self::Member(setup) => {
                setup.is_sound() && (self.check().is_err() || self.clone().fitted() == *self)
            }
            Self::OneDimension(Functions { lengths, f, g, .. }) => {
                let is_set = self.check().is_err() || *lengths == (f.len(), g.len());
                is_set
                    && (1..=MAX_LENGTHS.0).contains(&f.len())
                    && (1..=MAX_LENGTHS.1).contains(&g.len())
                    && f.iter().chain(g).all(|value| value.is_finite())
            }
            Self::ThreeDimensions(block) => {
                let is_set =
                    self.check().is_err() || (block.size, block.kernel) == (block.x.0, block.weights.0);
                is_set && is_fit(&block.x) && is_fit(&block.weights)
            }
        }
    }

    /// Changes a number of the input, if it exists.
    pub fn set_number(&mut self, at: usize, value: f32) {
        let numbers = match self {
            Self::Member(setup) => &mut setup.x.values,
            Self::OneDimension(functions) => &mut functions.f,
            Self::ThreeDimensions(block) => &mut block.x.1,
        };
        if let Some(number) = numbers.get_mut(at) {
            *number = value;
        }
    }

    /// Changes a weight, by the index of its tensor and its place there, if it exists.
    pub fn set_weight(&mut self, tensor: usize, at: usize, value: f32) {
        let weights = match self {
            Self::Member(setup) => setup.weights.get_mut(tensor).map(|tensor| &mut tensor.values),
            Self::OneDimension(functions) => Some(&mut functions.g),
            Self::ThreeDimensions(block) => Some(&mut block.weights.1),
        };
        if let Some(weight) = weights.and_then(|weights| weights.get_mut(at)) {
            *weight = value;
        }
    }
}

/// The numbers of a setting, with their names.
fn values_of(knob: VariantSetting, options: &VariantSettings) -> Vec<(&'static str, usize)> {
    let pair = |pair: crate::nn::Pair, height: &'static str, width: &'static str| {
        vec![(height, pair.h), (width, pair.w)]
    };
    match knob {
        VariantSetting::Size => pair(options.size, "the input's height", "the input's width"),
        VariantSetting::Kernel => pair(options.kernel, "the kernel's height", "the kernel's width"),
        VariantSetting::Stride => pair(options.stride, "the stride's height", "the stride's width"),
        VariantSetting::Padding => pair(options.padding, "the padding's height", "the padding's width"),
        VariantSetting::OutputPadding => {
            let (height, width) = ("the output padding's height", "the output padding's width");
            pair(options.output_padding, height, width)
        }
        VariantSetting::Dilation => pair(options.dilation, "the dilation's height", "the dilation's width"),
        VariantSetting::Channels => vec![("the number of channels", options.channels)],
        VariantSetting::Filters => vec![("the number of filters", options.filters)],
        VariantSetting::Groups => vec![("the number of groups", options.groups)],
        VariantSetting::Layers => vec![("the number of layers", options.layers)],
    }
}

impl Functions {
    /// One of the named pairs of functions.
    pub fn of_pair(number: usize, is_flipped: bool) -> Self {
        let (_, f, g) = PAIRS[number.min(PAIRS.len() - 1)];
        Self { lengths: (f.len(), g.len()), f: f.to_vec(), g: g.to_vec(), is_flipped }
    }
}

impl Block {
    fn example() -> Self {
        let (size, x, kernel, weights) = Volume::example_numbers();
        Self { size, kernel, stride: 1, x: (size, x), weights: (kernel, weights) }
    }
}

/// Resizes a box of numbers: kept where both sizes overlap, 0 elsewhere.
fn refitted((old, values): &([usize; 3], Vec<f32>), size: [usize; 3]) -> ([usize; 3], Vec<f32>) {
    let [_, height, width] = size;
    let new = (0..size.iter().product()).map(|i| {
        let place = [i / width / height, i / width % height, i % width];
        let is_old = place.iter().zip(old).all(|(at, side)| at < side);
        let at = (place[0] * old[1] + place[1]) * old[2] + place[2];
        values.get(at).copied().filter(|_| is_old).unwrap_or(0.0)
    });
    (size, new.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::Pair;

    #[test]
    fn every_example_is_possible_and_fits_itself() {
        for choice in FamilyChoice::all() {
            let setup = FamilySetup::new(choice);
            assert_eq!(setup.choice(), choice);
            assert!(setup.made().is_ok(), "{choice:?}: {:?}", setup.made().err());
            assert_eq!(setup.clone().fitted(), setup);
        }
    }

    #[test]
    fn what_is_out_of_range_is_refused_and_changes_no_number() {
        let huge = Pair::square(usize::MAX);
        for choice in FamilyChoice::all() {
            let mut setup = FamilySetup::new(choice);
            match &mut setup {
                FamilySetup::Member(setup) => {
                    (setup.settings.size, setup.settings.kernel, setup.settings.channels) = (huge, huge, 0);
                }
                FamilySetup::OneDimension(functions) => functions.lengths = (usize::MAX, 0),
                FamilySetup::ThreeDimensions(block) => block.size = [usize::MAX; 3],
            }
            assert!(setup.made().is_err(), "{choice:?}");
            assert_eq!(setup.clone().fitted(), setup);
            setup.set_number(usize::MAX, 1.0);
            setup.set_weight(usize::MAX, 7, 1.0);
        }
    }

    #[test]
    fn functions_and_volumes_keep_what_was_typed() {
        let FamilySetup::OneDimension(mut functions) = FamilySetup::new(FamilyChoice::OneDimension) else {
            panic!("no functions")
        };
        functions.lengths = (8, 2);
        let FamilySetup::OneDimension(fitted) = FamilySetup::OneDimension(functions.clone()).fitted() else {
            panic!("no functions")
        };
        assert_eq!((&fitted.f[..6], &fitted.f[6..]), (&functions.f[..], &[0.0; 2][..]));
        assert_eq!(fitted.g, functions.g[..2]);
        let (size, values) = refitted(&([1, 2, 2], vec![1.0, 2.0, 3.0, 4.0]), [2, 1, 3]);
        assert_eq!((size, values), ([2, 1, 3], vec![1.0, 2.0, 0.0, 0.0, 0.0, 0.0]));
    }
}
