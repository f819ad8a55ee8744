//! The numbers of the window that lessons name, read from the state.

use super::{
    model::{
        convolution::{Weights, lab::ConvolutionLab},
        lesson::{HiddenNumber, OpenLesson},
        pooling::Walk,
        view::ViewId,
    },
    state::AppState,
};
use crate::{explain::Verdict, lesson::Quantity};

impl AppState {
    /// The value of a number; `None` while there is none.
    pub fn quantity(&self, quantity: Quantity) -> Option<f64> {
        match quantity {
            Quantity::View => view_number(self.settings.view),
            Quantity::ConvOutput
            | Quantity::ConvOutputHeight
            | Quantity::ConvOutputWidth
            | Quantity::ConvOutputs
            | Quantity::ConvKernelSize
            | Quantity::ConvStride
            | Quantity::ConvPadding
            | Quantity::ConvDilation
            | Quantity::ConvFilters
            | Quantity::ConvInputHeight
            | Quantity::ConvInputWidth
            | Quantity::ConvChannels
            | Quantity::ConvParameters
            | Quantity::ConvKernelSum
            | Quantity::ConvSmallest
            | Quantity::ConvLargest
            | Quantity::ConvPosition => of_convolution(&self.convolution, quantity),
            Quantity::PoolOutput
            | Quantity::PoolAverage
            | Quantity::PoolOutputHeight
            | Quantity::PoolOutputWidth
            | Quantity::PoolKernelSize
            | Quantity::PoolStride
            | Quantity::PoolChanged => self.of_pooling(quantity),
            Quantity::NetTop => self.is_answered().then(|| match self.verdict() {
                Some(Verdict::Sure { class, .. }) => class as f64,
                _ => -1.0,
            }),
            Quantity::NetProbability => {
                let probabilities = self.is_answered().then(|| self.probabilities())?;
                Some(f64::from(probabilities.into_iter().fold(0.0, f32::max)) * 100.0)
            }
            Quantity::NetParameters => Some(self.network.network.parameter_count() as f64),
            Quantity::NetLayers => Some(self.network.network.layers().len() as f64),
            Quantity::NetColumn => Some(self.selection.map.map_or(-1.0, |map| map.column as f64)),
            Quantity::NetMap => Some(self.selection.map.map_or(-1.0, |map| map.map as f64)),
            Quantity::NetOff => Some(self.what_if.maps().len() as f64),
            Quantity::DrawInk => Some(self.image.seen.iter().map(|ink| f64::from(*ink) / 255.0).sum()),
            Quantity::DrawPixels => Some(self.image.seen.iter().filter(|ink| **ink > 0).count() as f64),
            Quantity::DrawStrokes => Some(self.drawing.strokes().count() as f64),
            Quantity::TrainStep
            | Quantity::TrainEpoch
            | Quantity::TrainLoss
            | Quantity::TrainAccuracy
            | Quantity::TrainTrainingAccuracy
            | Quantity::TrainGap
            | Quantity::TrainRunning => self.of_run(quantity),
            Quantity::TrainRate => Some(f64::from(self.setup.lr)),
        }
    }

    /// The value of a number at a position of its animation, if it depends on one.
    pub fn quantity_at(&self, quantity: Quantity, position: usize) -> Option<f64> {
        match quantity {
            Quantity::ConvOutput => {
                let lab = &self.convolution;
                let shown = lab.shown.as_ref().filter(|_| lab.rejected.is_none())?;
                shown.y().get(position).copied().map(f64::from)
            }
            Quantity::PoolOutput => {
                let study = self.pooling.study.as_ref().filter(|_| self.pooling.rejected.is_none())?;
                study.max.output().get(position).copied().map(f64::from)
            }
            _ => self.quantity(quantity),
        }
    }

    /// The numbers that a lesson hides.
    pub fn hidden_numbers(&self) -> Vec<HiddenNumber> {
        self.lesson.as_ref().map(OpenLesson::hidden).unwrap_or_default()
    }

    /// Whether a lesson hides the size of the output of Convolution.
    pub fn hides_output_size(&self) -> bool {
        let is_size = |hidden: &HiddenNumber| {
            matches!(hidden.quantity, Quantity::ConvOutputHeight | Quantity::ConvOutputWidth)
        };
        self.hidden_numbers().iter().any(is_size)
    }

    /// The position of the animation of the view that is shown, from 0.
    pub fn lesson_position(&self) -> usize {
        match self.settings.view {
            ViewId::Pooling => {
                let (playback, track) = self.pooling.walk(self.settings.pooling.walk());
                playback.position(track)
            }
            _ => self.convolution.position(),
        }
    }

    /// Whether something else is shown than what the step of the lesson is about.
    pub fn is_off_step(&self) -> bool {
        let Some(open) = &self.lesson else { return false };
        let is_elsewhere = open.view().is_some_and(|view| ViewId::from(view) != self.settings.view);
        is_elsewhere
            || open.has_moved(self.lesson_position(), &self.convolution.setup, &self.settings.pooling)
    }

    fn of_pooling(&self, quantity: Quantity) -> Option<f64> {
        let study = self.pooling.study.as_ref().filter(|_| self.pooling.rejected.is_none())?;
        let position = self.pooling.position();
        let (height, width) = study.max.output_size();
        Some(match quantity {
            Quantity::PoolOutput => f64::from(*study.max.output().get(position)?),
            Quantity::PoolAverage => f64::from(*study.average.as_ref()?.output().get(position)?),
            Quantity::PoolOutputHeight => height as f64,
            Quantity::PoolOutputWidth => width as f64,
            Quantity::PoolKernelSize => self.settings.pooling.kernel_size.h as f64,
            Quantity::PoolStride => {
                let pooling = &self.settings.pooling;
                pooling.stride.unwrap_or(pooling.kernel_size).h as f64
            }
            _ => {
                let (playback, track) = self.pooling.walk(Walk::Shifts);
                let at = playback.position(track).checked_sub(1)?;
                let changed = study.shifts.get(at)?.max.count();
                100.0 * changed as f64 / study.max.len().max(1) as f64
            }
        })
    }

    fn of_run(&self, quantity: Quantity) -> Option<f64> {
        let Some(run) = self.snapshot.as_ref() else {
            return matches!(quantity, Quantity::TrainStep | Quantity::TrainEpoch | Quantity::TrainRunning)
                .then_some(0.0);
        };
        match quantity {
            Quantity::TrainStep => Some(run.step as f64),
            Quantity::TrainEpoch => Some(run.epoch as f64),
            Quantity::TrainRunning => Some(f64::from(u8::from(run.is_active()))),
            Quantity::TrainLoss => run.history.last().map(|point| point.loss),
            Quantity::TrainTrainingAccuracy => run.history.last().map(|point| 100.0 * point.accuracy),
            Quantity::TrainGap => {
                let training = self.of_run(Quantity::TrainTrainingAccuracy)?;
                Some(training - self.of_run(Quantity::TrainAccuracy)?)
            }
            _ => {
                let (quick, full) = (run.history.quick.last(), run.history.full.last());
                quick
                    .into_iter()
                    .chain(full)
                    .max_by_key(|point| point.step)
                    .map(|point| 100.0 * point.accuracy)
            }
        }
    }
}

fn view_number(view: ViewId) -> Option<f64> {
    Some(match view {
        ViewId::Draw => 0.0,
        ViewId::Network => 1.0,
        ViewId::Train => 2.0,
        ViewId::Convolution => 3.0,
        ViewId::Pooling => 4.0,
        ViewId::Compare => 5.0,
        ViewId::Architecture => 6.0,
        ViewId::Evaluate => 7.0,
        ViewId::Filters => 8.0,
        ViewId::Lessons => return None,
    })
}

fn of_convolution(lab: &ConvolutionLab, quantity: Quantity) -> Option<f64> {
    let shown = lab.shown.as_ref().filter(|_| lab.rejected.is_none());
    let setup = &lab.setup;
    Some(match quantity {
        Quantity::ConvKernelSize => setup.kernel.h as f64,
        Quantity::ConvStride => setup.stride.h as f64,
        Quantity::ConvDilation => setup.dilation.h as f64,
        Quantity::ConvFilters => setup.filters as f64,
        Quantity::ConvPosition => lab.position() as f64,
        Quantity::ConvPadding => setup.zeros().ok()?.h as f64,
        Quantity::ConvOutput => f64::from(*shown?.y().get(lab.position())?),
        Quantity::ConvSmallest => shown?.y().iter().copied().reduce(f32::min)?.into(),
        Quantity::ConvLargest => shown?.y().iter().copied().reduce(f32::max)?.into(),
        Quantity::ConvOutputs => shown?.len() as f64,
        Quantity::ConvInputHeight => shown?.input().as_maps().1 as f64,
        Quantity::ConvInputWidth => shown?.input().as_maps().2 as f64,
        Quantity::ConvOutputHeight => shown?.output().as_maps().1 as f64,
        Quantity::ConvOutputWidth => shown?.output().as_maps().2 as f64,
        Quantity::ConvChannels => shown?.input().as_maps().0 as f64,
        Quantity::ConvParameters => {
            let shown = shown?;
            (shown.weight().len() + shown.bias().map_or(0, <[f32]>::len)) as f64
        }
        _ => match &setup.weights {
            Weights::Own(kernels) => kernels.values.iter().map(|value| f64::from(*value)).sum(),
            Weights::Learned(_) => shown?.weight().values().iter().map(|value| f64::from(*value)).sum(),
        },
    })
}
