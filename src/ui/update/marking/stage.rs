//! The window that no one sees, in which states are made again.

use super::super::{convolution, lesson, pooling, saved_state, take_news};
use crate::{
    data::{DataSet, mnist},
    lesson::{Lesson, Quantity, Show, show::ShowImage},
    nn::Network,
    text::{Say as _, Sentence, language},
    train::{Pool, RunRecord, Snapshot, TrainConfig},
    ui::{
        core::{Core, Options},
        model::{
            data::DataState,
            lesson::stand::{Stand, StandNetwork},
            network::{NetworkChoice, Origin, recipe},
            saved::{Header, SavedNetwork, SavedState},
            settings::Settings,
            starter,
        },
        work::{dialog::Picked, tasks::Threading},
    },
};
use std::{
    sync::{Arc, OnceLock},
    time::Instant,
};

/// The multiply-adds that training for one hand-in may take: some tens of epochs of a LeNet.
const ALLOWANCE: u64 = 2_000_000_000_000;

/// In how many frames everything is computed that takes no training.
const FRAMES: usize = 6;

/// Makes the states of one hand-in again.
pub(super) struct Stage<'a> {
    data: Option<&'a DataSet>,
    allowance: u64,
}

/// The numbers of a state that was made again.
pub(super) struct Computed(Vec<(Quantity, Option<f64>)>);

impl Computed {
    pub(super) fn value(&self, quantity: Quantity) -> Option<f64> {
        self.0.iter().find(|(of, _)| *of == quantity).and_then(|(_, value)| *value)
    }
}

/// The state after a run, or the network without one.
struct Made {
    snapshot: Option<Arc<Snapshot>>,
    /// The network if it is that of the run.
    network: Option<Arc<Network>>,
    config: TrainConfig,
}

impl<'a> Stage<'a> {
    /// With the data set that runs may be trained on besides MNIST.
    pub(super) fn new(data: Option<&'a DataSet>) -> Self {
        Self { data, allowance: ALLOWANCE }
    }

    /// The numbers of a state; twice if the run was evaluated after its last step: after that, and before it.
    pub(super) fn values(
        &mut self,
        stand: &Stand,
        quantities: &[Quantity],
        needs_weights: bool,
    ) -> Result<Vec<Computed>, Sentence> {
        let made = self.made(stand, needs_weights)?;
        let values = made.into_iter().map(|made| {
            let mut core = window();
            put(&mut core, stand, &made);
            let value = |quantity: &Quantity| {
                let value = match quantity {
                    Quantity::TrainRate if made.snapshot.is_none() => stand.rate.map(f64::from),
                    Quantity::TrainRate => Some(f64::from(made.config.lr)),
                    quantity => core.state.quantity(*quantity),
                };
                (*quantity, value.filter(|value| value.is_finite()))
            };
            Computed(quantities.iter().map(value).collect())
        });
        Ok(values.collect())
    }

    /// The number of the window that a step asks for, with the image and the network of `stand`.
    pub(super) fn asked(
        &mut self,
        lesson: &Lesson,
        step: usize,
        stand: Option<&Stand>,
    ) -> Result<f64, Sentence> {
        let mut core = window();
        if let Some(stand) = stand {
            let made = self.made(stand, true)?;
            if let Some(made) = made.first() {
                put(&mut core, stand, made);
            }
        }
        let shown = lesson.steps.get(..=step).unwrap_or_default();
        let is_sample = |show: &Show| matches!(show.image, Some(ShowImage { sample: Some(_), .. }));
        if shown.iter().rev().find_map(|step| step.show.as_ref()).is_some_and(is_sample) {
            let data = embedded().ok_or_else(|| Sentence::new("the embedded MNIST cannot be read"))?;
            core.state.data = DataState::Ready(data.clone());
        }
        lesson::asked_number(&mut core, lesson, step, |core| {
            (0..FRAMES).for_each(|_| frame(core));
        })
        .filter(|value| value.is_finite())
        .ok_or_else(|| Sentence::new("the number that the step asks for cannot be computed here"))
    }

    /// Trains the run of a state again, if something depends on that.
    fn made(&mut self, stand: &Stand, needs_weights: bool) -> Result<Vec<Made>, Sentence> {
        if let Some(StandNetwork::Other(name)) = &stand.network {
            let sentence = Sentence::new("it is about the network {name}, which the hand-in does not hold");
            return Err(sentence.with("name", name));
        }
        let is_of_run = stand.network == Some(StandNetwork::Run);
        let none = Made { snapshot: None, network: None, config: recipe(&NetworkChoice::Shipped) };
        let Some(run) = &stand.run else {
            return if is_of_run { Err(Sentence::new("no run is kept of it")) } else { Ok(vec![none]) };
        };
        if !needs_weights || run.data.is_empty() && run.step == 0 {
            let network = is_of_run.then(|| run.initial().map(Arc::new)).transpose().map_err(|e| e.say())?;
            return Ok(vec![Made { network, config: run.log.config, ..none }]);
        }
        let snapshots = self.train(run)?;
        let made = snapshots.into_iter().map(|snapshot| Made {
            network: is_of_run.then(|| snapshot.network.clone()),
            config: snapshot.config,
            snapshot: Some(Arc::new(snapshot)),
        });
        Ok(made.collect())
    }

    fn train(&mut self, run: &RunRecord) -> Result<Vec<Snapshot>, Sentence> {
        let data = match self.data.filter(|data| data.name == run.data) {
            Some(data) => data,
            None => embedded().ok_or_else(|| Sentence::new("the embedded MNIST cannot be read"))?,
        };
        let pool = Pool::new(Pool::default_threads())
            .map_err(|e| Sentence::new("the threads could not be started: {reason}").with("reason", e))?;
        let replay = run.train(data, &pool, &mut self.allowance);
        Ok(replay.map_err(|e| e.say())?.snapshots())
    }
}

/// The embedded MNIST, which is read once.
fn embedded() -> Option<&'static DataSet> {
    static SET: OnceLock<Option<DataSet>> = OnceLock::new();
    SET.get_or_init(|| mnist::load().ok()).as_ref()
}

/// A window without files, threads and data.
fn window() -> Core {
    let options = Options {
        settings_path: None,
        language: Some(language()),
        system_language: language(),
        threading: Threading::Inline,
        train_threads: 1,
        reads_mnist: false,
        dialog: |_| Picked::Unavailable,
        runs_folder: None,
    };
    let mut core = Core::new(options, Arc::new(|| ()));
    core.trainer = None;
    core
}

/// What happens in a frame.
fn frame(core: &mut Core) {
    take_news(core, Instant::now());
    convolution::make::refresh(core);
    pooling::make::keep_up(core);
}

/// Shows a state.
fn put(core: &mut Core, stand: &Stand, made: &Made) {
    let image = stand.image.as_ref();
    let mut settings = Settings { view: stand.view, ..Settings::default() };
    if let Some(image) = image {
        (settings.image, settings.is_normalised) = (image.source.clone(), image.is_normalised);
    }
    let convolution = stand.convolution.as_deref().map(|(lab, stand)| {
        settings.convolution = lab.clone();
        stand.clone()
    });
    let pooling = stand.pooling.as_deref().map(|pooling| {
        settings.pooling = pooling.setup.clone();
        pooling.playbacks
    });
    let origin = if made.network.is_some() { Origin::LastRun(0) } else { Origin::Shipped };
    let choice = NetworkChoice::Shipped;
    let state = SavedState {
        header: Header::default(),
        settings,
        training: made.config,
        network: SavedNetwork { choice, origin, weights: made.network.clone(), run: None },
        network_view: stand.network_view.clone().unwrap_or_default(),
        convolution: convolution.unwrap_or_default(),
        pooling,
        drawing: image.map_or_else(starter::drawing, |image| image.drawing.clone()),
    };
    saved_state::put_back(core, state);
    // The initial weights of a next run are drawn meanwhile.
    frame(core);
    core.state.snapshot.clone_from(&made.snapshot);
    if made.network.is_some() {
        core.state.network.origin = Origin::Live;
    }
    (0..FRAMES).for_each(|_| frame(core));
}
