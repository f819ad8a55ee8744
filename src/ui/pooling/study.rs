//! One map, pooled twice: by the largest and by the mean.

use super::{MAX_SIDE, MAX_WINDOW, PoolingChoice, PoolingSource};
use crate::{
    explain::{
        Pooling,
        pooling::{Direction, Loss, Shift},
    },
    ui::{
        tr::{fill, tr},
        widgets::Track,
    },
};
use std::sync::{Arc, OnceLock};

/// What a refusal is about, and beside what its sentence stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// What is pooled.
    Source,
    /// `kernel_size`.
    Window,
    /// `stride`.
    Stride,
    /// `padding`.
    Padding,
    /// `dilation`.
    Dilation,
}

/// Why a choice cannot be computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What has to be changed.
    pub setting: Setting,
    /// The thing, its value, and what would be right; without a full stop.
    pub sentence: String,
}

/// A map by max and by average pooling of the same settings.
pub struct Study {
    /// The choice that it is of.
    pub choice: PoolingChoice,
    /// By the largest value.
    pub max: Pooling,
    /// By the mean; `None` if the settings are those of max pooling alone.
    pub average: Option<Pooling>,
    shifts: OnceLock<Vec<Shifts>>,
    losses: OnceLock<[Option<Loss>; 2]>,
    gradients: OnceLock<Arc<Gradients>>,
    ties: OnceLock<usize>,
}

/// The gradient of the map: through max, through average if there is one.
pub type Gradients = [Option<Vec<f32>>; 2];

/// What a shift changes.
#[derive(Clone, Debug)]
pub struct Shifts {
    /// Where to.
    pub direction: Direction,
    /// In the map.
    pub input: Shift,
    /// In the maxima.
    pub max: Shift,
    /// In the means, if there are any.
    pub average: Option<Shift>,
}

impl Study {
    /// Pools `values`, `height` rows of `width`, as chosen.
    pub fn new(choice: &PoolingChoice, values: &[f32], size: (usize, usize)) -> Result<Self, Refusal> {
        if let Some(refusal) = too_large(choice, size) {
            return Err(refusal);
        }
        let refuse = |sentence: String| Refusal { setting: setting_of(&sentence, choice, size), sentence };
        let max = Pooling::new(choice.max(), values, size).map_err(refuse)?;
        let average = choice.average().map(|layer| Pooling::new(layer, values, size));
        let average = average.transpose().map_err(refuse)?;
        Ok(Self {
            choice: choice.clone(),
            max,
            average,
            shifts: OnceLock::new(),
            losses: OnceLock::new(),
            gradients: OnceLock::new(),
            ties: OnceLock::new(),
        })
    }

    /// Its windows.
    pub fn track(&self) -> Track {
        Track { len: self.max.len(), row: self.max.output_size().1 }
    }

    /// The window to begin with: of numbers the first, of others the one in which the largest value and the mean are
    /// furthest apart, or without means the one with the largest value.
    pub fn most_telling(&self) -> usize {
        if self.choice.source == PoolingSource::Numbers {
            return 0;
        }
        let mean = |window: usize| self.average.as_ref().and_then(|average| average.output().get(window));
        let apart = |window: &usize| self.max.output()[*window] - mean(*window).copied().unwrap_or(0.0);
        (0..self.max.len()).max_by(|a, b| apart(a).total_cmp(&apart(b)).then(b.cmp(a))).unwrap_or(0)
    }

    /// The number at full colour: one for the map and for what comes of it.
    pub fn limit(&self) -> f32 {
        let finite = self.max.input().iter().filter(|value| value.is_finite());
        finite.fold(0.0, |limit, value| value.abs().max(limit))
    }

    /// Whether it is shown in greys, as pictures are.
    pub fn is_picture(&self) -> bool {
        let is_image =
            matches!(self.choice.source, PoolingSource::Image | PoolingSource::Map { column: 0, .. });
        is_image && self.max.input().iter().all(|value| *value >= 0.0)
    }

    /// What a shift changes, a direction each.
    pub fn shifts(&self) -> &[Shifts] {
        let shifts = |direction| Shifts {
            direction,
            input: self.max.shift_input(direction),
            max: self.max.shift_output(direction),
            average: self.average.as_ref().map(|average| average.shift_output(direction)),
        };
        self.shifts.get_or_init(|| Direction::ALL.map(shifts).into())
    }

    /// What is lost: by max, by average.
    pub fn losses(&self) -> &[Option<Loss>; 2] {
        self.losses.get_or_init(|| self.both(Pooling::loss))
    }

    /// What comes of both layers.
    pub fn both<T>(&self, of: impl Fn(&Pooling) -> T) -> [Option<T>; 2] {
        [Some(of(&self.max)), self.average.as_ref().map(&of)]
    }

    /// Windows in which more than one cell is the largest.
    pub fn ties(&self) -> usize {
        let has_tie = |window: &usize| self.max.step(*window).winners().len() > 1;
        *self.ties.get_or_init(|| (0..self.max.len()).filter(has_tie).count())
    }

    /// The gradient of the map when it is 1 at every output: through max, through average.
    pub fn gradients(&self) -> Arc<Gradients> {
        self.gradients.get_or_init(|| Arc::new(self.both(Pooling::backward_of_all))).clone()
    }
}

/// What would take longer than a person waits, and is too small to be seen.
fn too_large(choice: &PoolingChoice, (height, width): (usize, usize)) -> Option<Refusal> {
    let refuse = |setting, sentence: &str, value: String, most: usize| {
        let sentence = fill(sentence, &[("value", &value), ("most", &most.to_string())]);
        Some(Refusal { setting, sentence })
    };
    if height.max(width) > MAX_SIDE {
        let sentence = tr("the map is {value}, but at most {most}×{most} cells are followed one by one");
        return refuse(Setting::Source, sentence, format!("{height}×{width}"), MAX_SIDE);
    }
    let settings = [
        (Setting::Window, choice.kernel_size, tr("kernel_size is {value}, but at most {most} is shown here")),
        (Setting::Stride, choice.stride(), tr("stride is {value}, but at most {most} is shown here")),
        (Setting::Padding, choice.padding, tr("padding is {value}, but at most {most} is shown here")),
        (Setting::Dilation, choice.dilation, tr("dilation is {value}, but at most {most} is shown here")),
    ];
    settings.into_iter().find_map(|(setting, pair, sentence)| {
        let largest = pair.h.max(pair.w);
        if largest > MAX_WINDOW { refuse(setting, sentence, largest.to_string(), MAX_WINDOW) } else { None }
    })
}

/// Which setting the core's sentence is about: it begins with its name. Where a window does not fit that would fit without
/// its dilation, that is the dilation.
fn setting_of(sentence: &str, choice: &PoolingChoice, (height, width): (usize, usize)) -> Setting {
    let fits = |n: usize, kernel: usize, padding: usize| kernel <= n.saturating_add(2 * padding);
    let PoolingChoice { kernel_size, padding, .. } = choice;
    let fits = fits(height, kernel_size.h, padding.h) && fits(width, kernel_size.w, padding.w);
    if sentence.starts_with("dilation") || sentence.starts_with("the kernel") && fits {
        Setting::Dilation
    } else if sentence.starts_with("the kernel") || sentence.starts_with("kernel_size") {
        Setting::Window
    } else if sentence.starts_with("stride") {
        Setting::Stride
    } else if sentence.starts_with("padding") {
        Setting::Padding
    } else {
        Setting::Source
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::Pair;

    #[test]
    fn a_refusal_is_about_the_setting_that_is_wrong() {
        let choice = PoolingChoice::default();
        let size = |pair: usize| Pair::square(pair);
        let cases = [
            (PoolingChoice { kernel_size: size(9), ..choice.clone() }, Setting::Window, "9"),
            (PoolingChoice { kernel_size: size(0), ..choice.clone() }, Setting::Window, "0"),
            (PoolingChoice { kernel_size: size(40), ..choice.clone() }, Setting::Window, "40"),
            (PoolingChoice { stride: Some(size(0)), ..choice.clone() }, Setting::Stride, "0"),
            (PoolingChoice { stride: Some(size(4096)), ..choice.clone() }, Setting::Stride, "4096"),
            (PoolingChoice { padding: size(2), ..choice.clone() }, Setting::Padding, "2×2"),
            (PoolingChoice { padding: size(99), ..choice.clone() }, Setting::Padding, "99"),
            (PoolingChoice { dilation: size(0), ..choice.clone() }, Setting::Dilation, "0"),
            (
                PoolingChoice { dilation: size(4), ..choice.clone() },
                Setting::Dilation,
                "2 cells with dilation 4 span 5",
            ),
            (
                PoolingChoice { dilation: size(4), kernel_size: size(9), ..choice.clone() },
                Setting::Window,
                "33",
            ),
        ];
        for (choice, setting, value) in cases {
            let refusal = Study::new(&choice, &[0.0; 16], (4, 4)).err().unwrap();
            assert_eq!(refusal.setting, setting, "{}", refusal.sentence);
            assert!(refusal.sentence.contains(value), "{}", refusal.sentence);
        }
        let large = Study::new(&choice, &[0.0; 100], (1, 100)).err().unwrap();
        assert!(large.setting == Setting::Source && large.sentence.contains("1×100"), "{}", large.sentence);
        assert_eq!(Study::new(&choice, &[0.0; 15], (4, 4)).err().unwrap().setting, Setting::Source);
    }
}
