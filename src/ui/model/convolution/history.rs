//! Undo and redo of the settings and numbers, and what a smaller size would lose.

use super::setup::{ConvolutionSetup, Kernels, MAX_CHANNELS, MAX_FILTERS, MAX_SIDE, Weights};
use crate::{explain::convolution::resized, nn::Pair};

/// The most steps that can be undone.
const MOST: usize = 64;
/// The most sizes of kernels that are remembered.
const MOST_SHAPES: usize = 16;

/// A number that is dragged or typed. Successive changes of one number are one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditedNumber {
    /// An element of the input.
    Input(usize),
    /// An element of the kernels.
    Weight(usize),
    /// The bias of a filter.
    Bias(usize),
}

/// Earlier and later settings.
#[derive(Clone, Debug, Default)]
pub struct SetupHistory {
    earlier: Vec<ConvolutionSetup>,
    later: Vec<ConvolutionSetup>,
    last: Option<EditedNumber>,
}

impl SetupHistory {
    /// Remembers the settings before a change.
    pub fn record(&mut self, before: ConvolutionSetup, edited: Option<EditedNumber>) {
        self.later.clear();
        if edited.is_some() && edited == self.last {
            return;
        }
        self.last = edited;
        if self.earlier.len() == MOST {
            self.earlier.remove(0);
        }
        self.earlier.push(before);
    }

    /// The settings before the last change; `now` can be redone.
    pub fn undo(&mut self, now: &ConvolutionSetup) -> Option<ConvolutionSetup> {
        let before = self.earlier.pop()?;
        self.later.push(now.clone());
        self.last = None;
        Some(before)
    }

    /// The settings after the change that was undone last.
    pub fn redo(&mut self, now: &ConvolutionSetup) -> Option<ConvolutionSetup> {
        let after = self.later.pop()?;
        self.earlier.push(now.clone());
        self.last = None;
        Some(after)
    }

    /// Whether there is a change to undo, and one to redo.
    pub fn has(&self) -> (bool, bool) {
        (!self.earlier.is_empty(), !self.later.is_empty())
    }
}

/// Numbers, weights and biases that the current sizes have no room for. They come back with a larger size.
#[derive(Clone, Debug, Default)]
pub struct SpareNumbers {
    /// Input elements by (channel, row, column), in maps of [`MAX_SIDE`]².
    input: Vec<Option<f32>>,
    kernels: Vec<Kernels>,
    bias: Vec<f32>,
}

impl SpareNumbers {
    /// Remembers what `setup` has.
    pub fn keep(&mut self, setup: &ConvolutionSetup) {
        let (channels, height, width) = setup.size;
        if is_small(setup.size) && setup.numbers.len() == channels * height * width {
            for (i, number) in setup.numbers.iter().enumerate() {
                let at = place((i / (height * width), i / width % height, i % width));
                if self.input.len() <= at {
                    self.input.resize(at + 1, None);
                }
                self.input[at] = Some(*number);
            }
        }
        if let Weights::Own(kernels) = &setup.weights {
            self.kernels.retain(|other| other.shape != kernels.shape);
            self.kernels.push(kernels.clone());
            if self.kernels.len() > MOST_SHAPES {
                self.kernels.remove(0);
            }
        }
        let kept = setup.bias.len().min(MAX_FILTERS);
        if self.bias.len() < kept {
            self.bias.resize(kept, 0.0);
        }
        self.bias[..kept].copy_from_slice(&setup.bias[..kept]);
    }

    /// Forgets the kernels, when others replace them.
    pub fn forget_kernels(&mut self) {
        self.kernels.clear();
    }

    /// Fills the new elements of `setup`, compared with `old`, with the numbers that were there before.
    pub fn fill(&self, setup: &mut ConvolutionSetup, old: &ConvolutionSetup) {
        let (channels, height, width) = setup.size;
        let (old_channels, old_height, old_width) = old.size;
        // An impossible size left the numbers unchanged.
        let has_old = is_small(old.size) && old.numbers.len() == old_channels * old_height * old_width;
        if is_small(setup.size) && setup.numbers.len() == channels * height * width {
            for (i, number) in setup.numbers.iter_mut().enumerate() {
                let (channel, row, column) = (i / (height * width), i / width % height, i % width);
                let is_old = has_old && channel < old_channels && row < old_height && column < old_width;
                let spare = self.input.get(place((channel, row, column))).copied().flatten();
                if let Some(spare) = spare.filter(|_| !is_old) {
                    *number = spare;
                }
            }
        }
        let first = old.bias.len();
        for (bias, spare) in setup.bias.iter_mut().zip(&self.bias).skip(first) {
            *bias = *spare;
        }
        if let (Weights::Own(new), Weights::Own(old)) = (&mut setup.weights, &old.weights)
            && new.shape != old.shape
            && let Some(spare) = self.kernels.iter().find(|spare| spare.shape == new.shape)
        {
            overlay(new, old.shape, spare);
        }
    }
}

/// Whether an input of this size can be typed.
fn is_small((channels, height, width): (usize, usize, usize)) -> bool {
    channels <= MAX_CHANNELS && height <= MAX_SIDE && width <= MAX_SIDE
}

/// The element of [`SpareNumbers::input`].
fn place((channel, row, column): (usize, usize, usize)) -> usize {
    (channel * MAX_SIDE + row) * MAX_SIDE + column
}

/// Takes the weights that kernels of the old shape lack from `spare`.
fn overlay(new: &mut Kernels, [filters, channels, h, w]: [usize; 4], spare: &Kernels) {
    let [_, new_channels, new_h, new_w] = new.shape;
    // 1 where the new kernel has an element of the old one.
    let (from, to) = (Pair { h, w }, Pair { h: new_h, w: new_w });
    let is_old = resized(&vec![1.0; from.area()], from, to);
    let area = to.area().max(1);
    for (i, (weight, spare)) in new.values.iter_mut().zip(&spare.values).enumerate() {
        let kernel = i / area;
        let (filter, channel) = (kernel / new_channels.max(1), kernel % new_channels.max(1));
        let is_kept = is_old.get(i % area).is_some_and(|one| *one > 0.0);
        if !(is_kept && filter < filters && channel < channels) {
            *weight = *spare;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drag_is_one_step_and_a_new_change_ends_redoing() {
        let setup = |x: f32| ConvolutionSetup { numbers: vec![x], ..ConvolutionSetup::default() };
        let mut history = SetupHistory::default();
        history.record(setup(0.0), Some(EditedNumber::Input(0)));
        history.record(setup(1.0), Some(EditedNumber::Input(0)));
        history.record(setup(2.0), Some(EditedNumber::Weight(0)));
        assert_eq!(history.undo(&setup(3.0)), Some(setup(2.0)));
        assert_eq!(history.undo(&setup(2.0)), Some(setup(0.0)));
        assert_eq!(history.undo(&setup(0.0)), None);
        assert_eq!(history.redo(&setup(0.0)), Some(setup(2.0)));
        assert_eq!(history.has(), (true, true));
        history.record(setup(2.0), None);
        assert_eq!(history.redo(&setup(5.0)), None);
    }
}
