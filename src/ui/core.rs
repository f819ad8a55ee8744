//! The state, and the background work that changes it: what `update` works on.

use crate::{
    data::{Collection, Split},
    explain::WhatIf,
    lesson::{Lesson, Show},
    model_file,
    nn::{Init, Network, NetworkSpec, presets},
    text::{Language, Say, Sentence, set_language, tr},
    train::{Command, KeptRuns, Pool, TrainConfig, TrainerHandle, similar::Metric},
    ui::{
        model::{
            answer::Wanted,
            compare::CompareLab,
            convolution::{MadeFrom, photo::Photo},
            data::DataState,
            evaluate::EvaluateState,
            filters::{FilterCommands, FiltersState},
            fine_tune::FineTuneState,
            gradcheck::GradientCheckState,
            image::CurrentImage,
            learning::LearningState,
            network::{CurrentNetwork, NetworkChoice, OpenedFile, Origin, SEED, recipe},
            picture::PictureOrder,
            pooling::PoolingLab,
            presenting::Presenting,
            runs::RunsState,
            saved::SavedState,
            selection::Selection,
            similar::SimilarState,
            starter,
            timeline::TimelineState,
        },
        state::AppState,
        store::{
            autosave::{Autosave, Persisted},
            only_window::{self, Claim},
            recording_file::RecordingStore,
            settings_file::{self, Loaded},
        },
        widgets::{Playback, Toasts, Tone},
        work::{
            choices::AllChoices,
            compare::Comparisons,
            dialog::{Dialog, system_dialog},
            evaluate::{Evaluations, evaluations},
            gradcheck::{GradientChecks, gradient_checks},
            inference::Inference,
            layers::{Layers, layers},
            learning::Learning,
            moments::Moments,
            photo_maps::{PhotoPasses, photo_passes},
            pooling::Studies,
            saliency::Saliencies,
            similar::{Neighbours, neighbours},
            tasks::{Tasks, Threading, Wake},
            top_activations::PatchSearch,
        },
    },
};
use egui::ColorImage;
use std::{path::PathBuf, sync::Arc};

/// How the application starts.
pub struct Options {
    /// The settings file; `None` keeps no settings.
    pub settings_path: Option<PathBuf>,
    /// The language that was asked for; `None` is that of the settings.
    pub language: Option<Language>,
    /// The language of the system, for settings that have none.
    pub system_language: Language,
    /// Where tasks run.
    pub threading: Threading,
    /// The number of threads that train.
    pub train_threads: usize,
    /// Whether the embedded MNIST is read at the start. Without it, there is no data set at first.
    pub reads_mnist: bool,
    /// Asks for a path.
    pub dialog: Dialog,
    /// The folder in which runs are kept; `None` keeps none.
    pub runs_folder: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            settings_path: settings_file::default_path(),
            language: None,
            system_language: Language::ENGLISH,
            threading: Threading::Threads,
            train_threads: Pool::default_threads(),
            reads_mnist: true,
            dialog: system_dialog,
            runs_folder: settings_file::default_runs_folder(),
        }
    }
}

/// The state and the background work that changes it.
pub struct Core {
    /// The state, which the views read.
    pub state: AppState,
    /// Single tasks.
    pub tasks: Tasks,
    /// Runs the current network on the current image.
    pub inference: Inference,
    /// Computes answers at kept moments.
    pub learning: Learning,
    /// Looks at the layers of the current network.
    pub layers: Layers,
    /// Unpacks kept moments of the run.
    pub moments: Moments,
    /// The network, image, options and ablation of the last question to [`Core::inference`].
    pub asked: Option<(Arc<Network>, u64, Wanted, WhatIf)>,
    /// Computes saliency maps.
    pub saliencies: Saliencies,
    /// Searches for top activations.
    pub search: PatchSearch,
    /// Measures networks.
    pub evaluations: Evaluations,
    /// Checks gradients.
    pub gradient_checks: GradientChecks,
    /// Finds training images like the current image.
    pub neighbours: Neighbours,
    /// The network, training images, image and metric of the last question to [`Core::neighbours`].
    pub similar_asked: Option<(Arc<Network>, Arc<Split>, u64, Metric)>,
    /// The network and the images that were read ahead, or are being read.
    pub similar_ahead: Option<(Arc<Network>, Arc<Split>)>,
    /// Computes what the Pooling view shows.
    pub studies: Studies,
    /// Trains two networks for the Compare view.
    pub comparisons: Comparisons,
    /// What the current result of the Convolution view was computed from.
    pub convolved: Option<MadeFrom>,
    /// What was sent to the training thread about filters.
    pub filter_commands: FilterCommands,
    /// Passes a photograph through the first layer.
    pub photo_maps: PhotoPasses,
    /// What the last question to [`Core::photo_maps`] was about.
    pub photo_asked: Option<(Arc<Network>, Arc<Photo>)>,
    /// The training thread; `None` if it could not be started.
    pub trainer: Option<TrainerHandle>,
    /// The trained network inside the program.
    pub shipped: Arc<Network>,
    /// The state that *Start over* comes back to; `None` is that of a first start.
    pub begun: Option<Box<SavedState>>,
    /// The state before *Start over*.
    pub before: Option<Box<SavedState>>,
    /// The labelled drawings before *Start over*.
    pub collection_before: Collection,
    /// The state before the lesson that is open.
    pub before_lesson: Option<Box<SavedState>>,
    /// The state of the lesson that was left last.
    pub lesson_left: Option<Box<SavedState>>,
    /// How often a step of a lesson was entered.
    pub lesson_entered: u64,
    /// Steps that a lesson's solution trains as soon as its network is there.
    pub lesson_steps: u64,
    /// The state of a lesson whose network is still being built.
    pub lesson_layer: Option<Box<Show>>,
    /// The test image that a lesson shows as soon as there is a data set.
    pub lesson_sample: Option<usize>,
    /// A state of the lesson that is being recorded which the window was told to show.
    pub record_shown: Option<Show>,
    /// The file that the recorded lesson is being saved to, and the revision.
    pub record_saving: Option<(PathBuf, u64)>,
    /// Keeps the lesson that is being recorded.
    pub recordings: RecordingStore,
    /// Whether the canvas was drawn on since it became the current image.
    pub is_image_stale: bool,
    /// The revision of the last image.
    pub revisions: u64,
    /// Where to save a picture of the window, once the question for the path is closed.
    pub screenshot: Option<PathBuf>,
    /// The pictures of views that are to be taken.
    pub pictures: Vec<PictureOrder>,
    /// A picture for the clipboard.
    pub copied: Option<ColorImage>,
    /// The network at step 0 of the training thread's run.
    pub run_network: Option<Arc<Network>>,
    /// The spec of the next run's network, without the preprocessing that depends on its training set.
    pub run_spec: NetworkSpec,
    /// The number of the last untrained network that was ordered. Only that one counts.
    pub builds: u64,
    /// The number of the order whose network is trained as soon as the training thread has it.
    pub trains_build: Option<u64>,
    /// Whether that network becomes the current one.
    pub is_build_shown: bool,
    /// The settings of the current run; `None` without a run.
    pub told: Option<TrainConfig>,
    /// The network whose maps or kernels are disabled.
    pub what_if_of: Option<NetworkSpec>,
    /// Asks for a path.
    pub dialog: Dialog,
    /// The folder of kept runs; `None` keeps none.
    pub kept: Option<KeptRuns>,
    /// Whether this window keeps settings and drawings, and goes on with kept runs: another one does if it is open.
    pub claim: Claim,
    /// The kept run to resume once its data set is read.
    pub awaits_data: Option<u64>,
    /// The lesson to open once the kept run is there, which comes back when the lesson is left.
    pub lesson_waits: Option<Box<Lesson>>,
    /// The settings that were typed while this kept run was the current one. They come back with it.
    pub typed: Option<(u64, TrainConfig)>,
    /// Whether to read the embedded MNIST if no other data set can be read.
    pub reads_mnist: bool,
    /// The number of the last question for a file.
    pub questions: u64,
    /// Choices that are being read.
    pub choices: AllChoices,
    /// Writes the settings.
    pub autosave: Autosave,
}

impl Core {
    /// Reads the settings file, and starts threads that wait for work.
    pub fn new(options: Options, wake: Wake) -> Self {
        let Options {
            settings_path,
            language,
            system_language,
            threading,
            train_threads,
            dialog,
            runs_folder,
            reads_mnist,
        } = options;
        set_language(language.unwrap_or(system_language));
        let mut toasts = Toasts::default();
        let loaded = settings_path.as_deref().map(settings_file::read).unwrap_or_default();
        let Loaded { settings, drawing, collection, problem, is_in_the_way } = loaded;
        let is_kept = problem.is_none();
        let claim = settings_path.as_deref().map_or(Claim::First { _lock: None }, only_window::claim);
        let is_first = !matches!(claim, Claim::Taken);
        if let Some(message) = problem {
            toasts.push(Tone::Warn, message);
        }
        let chosen = settings.as_ref().and_then(|settings| settings.language);
        let language = language.or(chosen).unwrap_or(system_language);
        set_language(language);
        let settings_path = settings_path.filter(|_| !is_in_the_way && is_first);
        if !is_first {
            let text = tr(
                "Another window of ConvLens is open, and keeps your drawings and settings. Those of this window are not kept; its runs are.",
            );
            toasts.push(Tone::Warn, text);
        }
        let (mut settings, collection) = (settings.unwrap_or_default(), collection.unwrap_or_default());
        let drawing = drawing.unwrap_or_else(starter::drawing);
        let trainer = trainer(train_threads, wake.clone())
            .map_err(|e| {
                let sentence =
                    Sentence::new("the training thread could not be started: {reason}").with("reason", e);
                toasts.push(Tone::Bad, sentence.capitalised());
            })
            .ok();
        let kept = runs_folder.map(kept_runs);
        if let (Some(trainer), Some(kept)) = (&trainer, &kept) {
            trainer.send(Command::KeepRuns(kept.clone()));
        }
        if let Some(kept) = kept.as_ref().filter(|_| is_first) {
            // What was deleted the last time.
            kept.sweep();
        }
        if kept.is_none() {
            settings.run = None;
        }
        if matches!(settings.network, NetworkChoice::Opened | NetworkChoice::LastRun) {
            settings.network = NetworkChoice::Shipped;
        }
        let shipped = Arc::new(model_file::shipped().unwrap_or_else(|e| {
            toasts.push(Tone::Bad, e.say().capitalised());
            untrained()
        }));
        if settings.network == NetworkChoice::Draft && settings.architecture.trained.is_none() {
            settings.network = NetworkChoice::Shipped;
        }
        let lessons_folder = settings_path.as_ref().and_then(|path| Some(path.parent()?.join("lessons")));
        let recording = lessons_folder.as_deref().and_then(RecordingStore::left).map(Box::new);
        let recordings = RecordingStore::new(lessons_folder, recording.as_deref());
        let run_spec = shipped.spec().clone();
        let revisions = 1;
        let state = AppState {
            network: CurrentNetwork { network: shipped.clone(), origin: Origin::Shipped },
            setup: settings.training.unwrap_or_else(|| recipe(&settings.network)),
            image: CurrentImage::restored(
                settings.image.clone(),
                &drawing,
                settings.is_normalised,
                revisions,
            ),
            drawing,
            answer: None,
            selection: Selection::default(),
            first_column: 0.0,
            shows_breakdown: false,
            breakdown: Playback::default(),
            loss_class: None,
            what_if: WhatIf::default(),
            saliency: None,
            top_activations: None,
            evaluate: EvaluateState::default(),
            gradcheck: GradientCheckState::default(),
            filters: FiltersState::default(),
            similar: SimilarState::default(),
            snapshot: None,
            timeline: TimelineState::default(),
            layers: None,
            learning: LearningState::default(),
            data: DataState::Missing,
            pooling: PoolingLab::default(),
            architecture: settings.architecture.lab(shipped.spec()),
            compare: CompareLab::default(),
            convolution: settings.convolution.clone().lab(),
            toasts,
            lesson: None,
            is_held: false,
            recording,
            window_show: None,
            my_lessons: Vec::new(),
            question: None,
            import: None,
            crop: None,
            preview: None,
            picture: None,
            numbers: None,
            worksheet: None,
            shows_keys: false,
            presenting: Presenting::default(),
            opened: settings
                .opened
                .iter()
                .map(|path| OpenedFile { path: path.clone(), network: None })
                .collect(),
            last_run: None,
            runs: Vec::new(),
            run_table: RunsState { is_kept: kept.is_some(), ..RunsState::default() },
            collection,
            collection_revision: 0,
            fine_tune: FineTuneState::None,
            is_busy: true,
            language,
            settings,
        };
        Self {
            autosave: Autosave::new(settings_path, is_kept.then(|| Persisted::of(&state))),
            state,
            inference: Inference::new(threading, wake.clone()),
            asked: None,
            moments: Moments::new(threading, wake.clone()),
            learning: Learning::new(threading, wake.clone()),
            layers: layers(threading, wake.clone()),
            saliencies: Saliencies::new(threading, wake.clone()),
            search: PatchSearch::new(threading, wake.clone()),
            evaluations: evaluations(threading, wake.clone()),
            gradient_checks: gradient_checks(threading, wake.clone()),
            neighbours: neighbours(threading, wake.clone()),
            similar_asked: None,
            similar_ahead: None,
            photo_maps: photo_passes(threading, wake.clone()),
            studies: Studies::new(threading, wake.clone()),
            comparisons: Comparisons::new(threading, wake.clone()),
            tasks: Tasks::new(threading, wake),
            convolved: None,
            filter_commands: FilterCommands::default(),
            photo_asked: None,
            trainer,
            shipped,
            begun: None,
            before: None,
            collection_before: Collection::default(),
            before_lesson: None,
            lesson_left: None,
            lesson_entered: 0,
            lesson_steps: 0,
            lesson_layer: None,
            lesson_sample: None,
            record_shown: None,
            record_saving: None,
            recordings,
            is_image_stale: false,
            revisions,
            screenshot: None,
            pictures: Vec::new(),
            copied: None,
            run_network: None,
            run_spec,
            builds: 0,
            trains_build: None,
            is_build_shown: false,
            told: None,
            what_if_of: None,
            dialog,
            questions: 0,
            kept,
            claim,
            awaits_data: None,
            lesson_waits: None,
            typed: None,
            reads_mnist,
            choices: AllChoices::default(),
        }
    }
}

/// The most runs that are kept.
const MAX_RUNS: usize = 12;

/// The most bytes that they take.
const MAX_RUN_BYTES: u64 = 1 << 30;

fn kept_runs(folder: PathBuf) -> KeptRuns {
    KeptRuns { folder, max_runs: MAX_RUNS, max_bytes: MAX_RUN_BYTES, every: KeptRuns::EVERY }
}

/// Replaces the shipped network if its file were damaged.
#[expect(clippy::expect_used, reason = "the preset is a constant of this program, held by tests")]
fn untrained() -> Network {
    let preset = presets::lenet5_relu();
    let config = TrainConfig::from_recipe(&preset.recipe, SEED);
    Network::new(preset.spec, Init::He, config.seed).expect("the default preset is valid")
}

fn trainer(threads: usize, wake: Wake) -> std::io::Result<TrainerHandle> {
    TrainerHandle::spawn(threads, move || wake())
}
