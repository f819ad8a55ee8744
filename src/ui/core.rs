//! The state, and the background work that changes it: what `update` works on.

use crate::{
    explain::WhatIf,
    model_file,
    nn::{Init, Network, NetworkSpec, presets},
    train::{Pool, TrainConfig, TrainerHandle},
    ui::{
        model::{
            answer::Wanted,
            convolution::MadeFrom,
            data::DataState,
            fine_tune::FineTuneState,
            image::CurrentImage,
            network::{CurrentNetwork, NetworkChoice, Origin, SEED, recipe},
            pooling::PoolingLab,
            selection::Selection,
            starter,
        },
        state::AppState,
        store::{
            autosave::{Autosave, Persisted},
            settings_file::{self, Loaded},
        },
        widgets::{Playback, Toasts, Tone},
        work::{
            choices::AllChoices,
            dialog::{Dialog, system_dialog},
            inference::Inference,
            pooling::Studies,
            saliency::Saliencies,
            tasks::{Tasks, Threading, Wake},
            top_activations::PatchSearch,
        },
    },
};
use std::{path::PathBuf, sync::Arc};

/// How the application starts.
pub struct Options {
    /// Where its settings are kept; `None` keeps nothing.
    pub settings_path: Option<PathBuf>,
    /// Where its tasks run.
    pub threading: Threading,
    /// Threads that train.
    pub train_threads: usize,
    /// Whether the MNIST that is part of the program is read at the start; without it there is no data set at first.
    pub reads_mnist: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            settings_path: settings_file::default_path(),
            threading: Threading::Threads,
            train_threads: Pool::default_threads(),
            reads_mnist: true,
        }
    }
}

/// The state and the background work that changes it.
pub struct Core {
    /// What the views read.
    pub state: AppState,
    /// Single tasks.
    pub tasks: Tasks,
    /// The current image through the current network.
    pub inference: Inference,
    /// The network, image and switches of the last question to [`Core::inference`].
    pub asked: Option<(Arc<Network>, u64, Wanted, WhatIf)>,
    /// Which pixels decide the answer.
    pub saliencies: Saliencies,
    /// The search for the patches at which a layer's maps are largest.
    pub search: PatchSearch,
    /// What comes of a map that is pooled.
    pub studies: Studies,
    /// What the convolution that is shown was made from.
    pub convolved: Option<MadeFrom>,
    /// The training thread; `None` if it could not be started.
    pub trainer: Option<TrainerHandle>,
    /// The network that is part of the program.
    pub shipped: Arc<Network>,
    /// Whether the canvas has been drawn on since it became the current image.
    pub is_image_stale: bool,
    /// How many images there have been.
    pub revisions: u64,
    /// Where a picture of the window is to be saved, once the question for the path is off the screen.
    pub screenshot: Option<PathBuf>,
    /// The network of the run that the training thread has, as it was at step 0.
    pub run_network: Option<Arc<Network>>,
    /// What the next run's network is built from, before its training set has a say in the preprocessing.
    pub run_spec: NetworkSpec,
    /// How many untrained networks were ordered; only the last one counts.
    pub builds: u64,
    /// Whether the untrained network that was ordered last becomes the current one when it is there.
    pub is_build_shown: bool,
    /// The settings of the run under way as it was told last; `None` without one.
    pub told: Option<TrainConfig>,
    /// The network of which something is switched off.
    pub what_if_of: Option<NetworkSpec>,
    /// Asks for a path.
    pub dialog: Dialog,
    /// What was chosen, and what of it is still being read.
    pub choices: AllChoices,
    /// Writes the settings.
    pub autosave: Autosave,
}

impl Core {
    /// The state as the settings file has it, and threads without work. Nothing here waits for anything but that file.
    pub fn new(options: Options, wake: Wake) -> Self {
        let Options { settings_path, threading, train_threads, .. } = options;
        let mut toasts = Toasts::default();
        let loaded = settings_path.as_deref().map(settings_file::read).unwrap_or_default();
        let Loaded { settings, drawing, collection, problem, is_in_the_way } = loaded;
        let is_kept = problem.is_none();
        if let Some(message) = problem {
            toasts.push(Tone::Warn, message);
        }
        let settings_path = settings_path.filter(|_| !is_in_the_way);
        let (mut settings, collection) = (settings.unwrap_or_default(), collection.unwrap_or_default());
        let drawing = drawing.unwrap_or_else(starter::drawing);
        if matches!(settings.network, NetworkChoice::Opened | NetworkChoice::LastRun) {
            settings.network = NetworkChoice::Shipped;
        }
        let shipped = Arc::new(model_file::shipped().unwrap_or_else(|e| {
            toasts.push(Tone::Bad, e.to_string());
            untrained()
        }));
        let run_spec = shipped.spec().clone();
        let trainer = trainer(train_threads, wake.clone())
            .map_err(|e| toasts.push(Tone::Bad, format!("no training thread: {e}")))
            .ok();
        let revisions = 1;
        let state = AppState {
            network: CurrentNetwork { network: shipped.clone(), origin: Origin::Shipped },
            setup: settings.training.unwrap_or_else(|| recipe(&settings.network)),
            image: CurrentImage::from_drawing(&drawing, settings.is_normalised, revisions),
            drawing,
            answer: None,
            selection: Selection::default(),
            breakdown: Playback::default(),
            loss_class: None,
            what_if: WhatIf::default(),
            saliency: None,
            top_activations: None,
            snapshot: None,
            data: DataState::Missing,
            pooling: PoolingLab::default(),
            convolution: settings.convolution.clone().lab(),
            toasts,
            question: None,
            shows_keys: false,
            opened: None,
            last_run: None,
            collection,
            collection_revision: 0,
            fine_tune: FineTuneState::None,
            is_busy: true,
            settings,
        };
        Self {
            autosave: Autosave::new(settings_path, is_kept.then(|| Persisted::of(&state))),
            state,
            inference: Inference::new(threading, wake.clone()),
            asked: None,
            saliencies: Saliencies::new(threading, wake.clone()),
            search: PatchSearch::new(threading, wake.clone()),
            studies: Studies::new(threading, wake.clone()),
            tasks: Tasks::new(threading, wake),
            convolved: None,
            trainer,
            shipped,
            is_image_stale: false,
            revisions,
            screenshot: None,
            run_network: None,
            run_spec,
            builds: 0,
            is_build_shown: false,
            told: None,
            what_if_of: None,
            dialog: system_dialog,
            choices: AllChoices::default(),
        }
    }
}

/// What stands in for the shipped network if its file were damaged.
#[expect(clippy::expect_used, reason = "the preset is a constant of this program, held by tests")]
fn untrained() -> Network {
    let preset = presets::lenet5_relu();
    let config = TrainConfig::from_recipe(&preset.recipe, SEED);
    Network::new(preset.spec, Init::He, config.seed).expect("the default preset is valid")
}

fn trainer(threads: usize, wake: Wake) -> std::io::Result<TrainerHandle> {
    TrainerHandle::spawn(threads, move || wake())
}
