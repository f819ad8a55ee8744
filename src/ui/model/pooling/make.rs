//! The results of the core for one map: max and average pooling with the same settings.

use super::setup::{MAX_CELLS, MAX_SIDE, PoolingSetup, PoolingSource};
use crate::{
    explain::{
        ExplainError, Pooling,
        pooling::{Direction, PoolingLoss, Shift},
    },
    nn::SettingError,
    text::Sentence,
    ui::{
        model::rejected::Rejected,
        widgets::{Track, numbers},
    },
};
use std::sync::Arc;

/// The control whose value is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolingSetting {
    /// The input.
    Source,
    /// `kernel_size`.
    KernelSize,
    /// `stride`.
    Stride,
    /// `padding`.
    Padding,
    /// `dilation`.
    Dilation,
}

/// Why settings cannot be computed, for the control that they belong to.
pub type PoolingRejected = Rejected<PoolingSetting>;

/// Max and average pooling of a map, with everything that the view shows of them.
pub struct Study {
    /// The settings.
    pub choice: PoolingSetup,
    /// A number that identifies the study; 0 if there are no others.
    pub number: u64,
    /// Max pooling.
    pub max: Pooling,
    /// Average pooling; `None` if it does not support the settings.
    pub average: Option<Pooling>,
    /// The effect of a shift in each direction.
    pub shifts: Vec<ShiftEffect>,
    /// The information lost by max and by average pooling.
    pub losses: [Option<PoolingLoss>; 2],
    /// The number of windows in which several cells are the largest.
    pub ties: usize,
    /// The number at full colour, for the map and the outputs.
    pub limit: f32,
    /// Whether the map is shown in greys, like a picture.
    pub is_picture: bool,
}

/// The gradients of the map through max and average pooling.
pub type Gradients = [Option<Vec<f32>>; 2];

/// The outputs whose sum has the gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GradientOf {
    /// One output.
    One(usize),
    /// All outputs up to this one.
    First(usize),
}

/// The result of a backward pass.
pub struct Backward {
    /// The layers and their input.
    pub study: Arc<Study>,
    /// The outputs.
    pub of: GradientOf,
    /// The gradients of the map.
    pub gradients: Gradients,
    /// The number of cells with a gradient other than 0 and the largest gradient, for max and average pooling.
    pub figures: [(usize, f32); 2],
}

impl Backward {
    /// Runs the backward pass of both layers.
    pub fn new(study: Arc<Study>, of: GradientOf) -> Self {
        let gradients = study.both(|pooling| match of {
            GradientOf::One(output) => pooling.backward_of_one(output),
            GradientOf::First(last) => pooling.backward_of_first(last.saturating_add(1)),
        });
        let figures = gradients.each_ref().map(|gradient| {
            let gradient = gradient.as_deref().unwrap_or_default();
            let reached = gradient.iter().filter(|d| **d != 0.0).count();
            (reached, gradient.iter().copied().fold(0.0, f32::max))
        });
        Self { study, of, gradients, figures }
    }
}

/// The effect of a shift in one direction.
#[derive(Clone, Debug)]
pub struct ShiftEffect {
    /// The direction.
    pub direction: Direction,
    /// The map.
    pub input: Shift,
    /// The output of max pooling.
    pub max: Shift,
    /// The output of average pooling, if it is on.
    pub average: Option<Shift>,
}

impl Study {
    /// Pools `values` (height, width). `Ok(None)` if `is_wanted` turned false during the computation.
    pub fn new(
        choice: &PoolingSetup,
        values: &[f32],
        size: (usize, usize),
        is_wanted: &dyn Fn() -> bool,
    ) -> Result<Option<Self>, PoolingRejected> {
        check_size(choice, size)?;
        let max = Pooling::new(choice.max(), values, size).map_err(|error| of_layer(&error))?;
        if !is_wanted() {
            return Ok(None);
        }
        let average = choice.average().map(|layer| Pooling::new(layer, values, size));
        let average = average.transpose().map_err(|error| of_layer(&error))?;
        let finite = values.iter().filter(|value| value.is_finite());
        let is_image = matches!(choice.source, PoolingSource::Image | PoolingSource::Map { column: 0, .. });
        let mut study = Self {
            choice: choice.clone(),
            number: 0,
            losses: [Some(max.loss()), average.as_ref().map(Pooling::loss)],
            limit: finite.fold(0.0, |limit, value| value.abs().max(limit)),
            is_picture: is_image && values.iter().all(|value| *value >= 0.0),
            ties: max.ties(),
            shifts: Vec::new(),
            max,
            average,
        };
        for direction in Direction::ALL {
            if !is_wanted() {
                return Ok(None);
            }
            study.shifts.push(ShiftEffect {
                direction,
                input: study.max.shift_input(direction),
                max: study.max.shift_output(direction),
                average: study.average.as_ref().map(|average| average.shift_output(direction)),
            });
        }
        Ok(Some(study))
    }

    /// The windows as animation steps.
    pub fn track(&self) -> Track {
        Track { len: self.max.len(), row: self.max.output_size().1 }
    }

    /// The window to start with: the first for typed numbers, else the one in which maximum and mean differ most, or the
    /// one with the largest maximum if average pooling is off.
    pub fn most_instructive(&self) -> usize {
        if self.choice.source == PoolingSource::Numbers {
            return 0;
        }
        let mean = |window: usize| self.average.as_ref().and_then(|average| average.output().get(window));
        let apart = |window: &usize| self.max.output()[*window] - mean(*window).copied().unwrap_or(0.0);
        (0..self.max.len()).max_by(|a, b| apart(a).total_cmp(&apart(b)).then(b.cmp(a))).unwrap_or(0)
    }

    /// Applies a function to both layers.
    pub fn both<T>(&self, of: impl Fn(&Pooling) -> T) -> [Option<T>; 2] {
        [Some(of(&self.max)), self.average.as_ref().map(&of)]
    }
}

/// Rejects settings whose computation would take too long.
fn check_size(choice: &PoolingSetup, (height, width): (usize, usize)) -> Result<(), PoolingRejected> {
    if height.max(width) > MAX_SIDE {
        let reason = Sentence::new("the map is {height}×{width}, but at most {most}×{most} is supported");
        let reason = reason.with("height", height).with("width", width).with("most", MAX_SIDE);
        return Err(PoolingRejected::new(PoolingSetting::Source, &reason));
    }
    for (name, pair) in [
        ("kernel_size", choice.kernel_size),
        ("stride", choice.stride()),
        ("padding", choice.padding),
        ("dilation", choice.dilation),
    ] {
        let largest = pair.h.max(pair.w);
        if largest > MAX_SIDE {
            let sentence = "{setting} is {value}, but at most {most} is supported here";
            return Err(of_setting(&SettingError::new(name, largest, sentence).with("most", MAX_SIDE)));
        }
    }
    let [rows, columns] = choice.sides((height, width));
    // Windows that do not fit are an error of the layer.
    let windows = rows.formula().zip(columns.formula()).map_or(0, |(rows, columns)| rows * columns);
    let cells = windows * choice.kernel_size.area();
    if cells > MAX_CELLS {
        let sentence = "{setting} is too large for this stride: the windows have {cells} cells in total, but at most {most} are supported";
        let error = SettingError::new("kernel_size", choice.kernel_size, sentence);
        let count = |cells: usize| numbers::count(cells as u64);
        return Err(of_setting(&error.with("cells", count(cells)).with("most", count(MAX_CELLS))));
    }
    Ok(())
}

/// The rejection of a setting of the layer, for its control.
fn of_setting(error: &SettingError) -> PoolingRejected {
    let setting = match error.setting() {
        "kernel_size" => PoolingSetting::KernelSize,
        "stride" => PoolingSetting::Stride,
        "padding" => PoolingSetting::Padding,
        "dilation" => PoolingSetting::Dilation,
        _ => PoolingSetting::Source,
    };
    PoolingRejected::new(setting, error)
}

/// The rejection of an error of the layer, for the control of the setting that the error names.
fn of_layer(error: &ExplainError) -> PoolingRejected {
    error.setting().map_or_else(|| PoolingRejected::new(PoolingSetting::Source, error), of_setting)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::Pair;

    fn rejected(choice: &PoolingSetup, values: &[f32], size: (usize, usize)) -> PoolingRejected {
        Study::new(choice, values, size, &|| true).err().unwrap()
    }

    #[test]
    fn a_rejection_names_the_wrong_setting() {
        let choice = PoolingSetup::default();
        let size = |pair: usize| Pair::square(pair);
        let cases = [
            (PoolingSetup { kernel_size: size(9), ..choice.clone() }, PoolingSetting::KernelSize, "9"),
            (PoolingSetup { kernel_size: size(0), ..choice.clone() }, PoolingSetting::KernelSize, "0"),
            (PoolingSetup { kernel_size: size(400), ..choice.clone() }, PoolingSetting::KernelSize, "400"),
            (PoolingSetup { stride: Some(size(0)), ..choice.clone() }, PoolingSetting::Stride, "0"),
            (PoolingSetup { stride: Some(size(4096)), ..choice.clone() }, PoolingSetting::Stride, "4096"),
            (PoolingSetup { padding: size(2), ..choice.clone() }, PoolingSetting::Padding, "2×2"),
            (PoolingSetup { padding: size(999), ..choice.clone() }, PoolingSetting::Padding, "999"),
            (PoolingSetup { dilation: size(0), ..choice.clone() }, PoolingSetting::Dilation, "0"),
            (
                PoolingSetup { dilation: size(4), ..choice.clone() },
                PoolingSetting::Dilation,
                "2 cells with dilation 4 span 5",
            ),
            (
                PoolingSetup { dilation: size(4), kernel_size: size(9), ..choice.clone() },
                PoolingSetting::KernelSize,
                "33",
            ),
        ];
        for (choice, setting, value) in cases {
            let rejected = rejected(&choice, &[0.0; 16], (4, 4));
            assert_eq!(rejected.setting, setting, "{}", rejected.sentence());
            assert!(rejected.sentence().contains(value), "{}", rejected.sentence());
        }
        let large = rejected(&choice, &[0.0; 300], (1, 300));
        assert!(
            large.setting == PoolingSetting::Source && large.sentence().contains("1×300"),
            "{}",
            large.sentence()
        );
        assert_eq!(rejected(&choice, &[0.0; 15], (4, 4)).setting, PoolingSetting::Source);
        let many =
            PoolingSetup { kernel_size: size(150), padding: size(75), stride: Some(size(1)), ..choice };
        let many = rejected(&many, &vec![0.0; 224 * 224], (224, 224));
        assert!(
            many.setting == PoolingSetting::KernelSize && many.sentence().contains("cells"),
            "{}",
            many.sentence()
        );
    }

    #[test]
    fn an_unwanted_computation_stops() {
        let choice = PoolingSetup::default();
        assert!(matches!(Study::new(&choice, &[0.0; 16], (4, 4), &|| false), Ok(None)));
    }

    #[test]
    fn ties_are_counted_like_those_of_the_steps() {
        let image: Vec<f32> = (0..81).map(|i| ((i * i) % 7) as f32).collect();
        for (kernel, dilation) in [(2, 1), (3, 1), (3, 2), (2, 4)] {
            let (kernel_size, dilation) = (Pair::square(kernel), Pair::square(dilation));
            let choice = PoolingSetup { kernel_size, dilation, ..PoolingSetup::default() };
            let study = Study::new(&choice, &image, (9, 9), &|| true).unwrap().unwrap();
            let ties = (0..study.max.len()).filter(|step| study.max.step(*step).winners().len() > 1);
            assert_eq!(study.ties, ties.count());
        }
    }
}
