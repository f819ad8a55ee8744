//! The application: its parts, and what happens in a frame.

use super::{
    action::{Action, Actions, NetworkChoice},
    convolution::KeptLab,
    exciting::Seeker,
    fonts,
    inference::{Inference, Question, Wanted},
    keeping::{Keeper, Kept},
    pooling::{PoolingLab, Studies},
    saliency::Saliencies,
    selection::Selection,
    settings::{self, Loaded, ThemeChoice},
    shell, starter,
    state::{AppState, CurrentImage, CurrentNetwork, DataState, LessonState, Origin, Source},
    tasks::{Tasks, Threading, Wake},
    theme,
    update::{self, choices::AllChoices},
    views::{self, View, ViewId},
    widgets::{Drawing, Tone, toast::Toasts},
};
use crate::{
    explain::WhatIf,
    model_file,
    nn::{Init, Network, NetworkSpec, presets},
    train::{Pool, TrainConfig, TrainerHandle},
};
use egui::{Context, ThemePreference, Ui};
use std::{path::PathBuf, sync::Arc, time::Instant};

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
            settings_path: settings::default_path(),
            threading: Threading::Threads,
            train_threads: Pool::default_threads(),
            reads_mnist: true,
        }
    }
}

/// The application.
pub struct App {
    pub(super) state: AppState,
    pub(super) actions: Actions,
    pub(super) tasks: Tasks,
    pub(super) inference: Inference,
    saliencies: Saliencies,
    pub(super) seeker: Seeker,
    pub(super) studies: Studies,
    pub(super) trainer: Option<TrainerHandle>,
    pub(super) shipped: Arc<Network>,
    pub(super) revisions: u64,
    /// Where a picture of the window is to be saved, once the question for the path is off the screen.
    pub(super) screenshot: Option<PathBuf>,
    /// The network of the run that the training thread has, as it was at step 0.
    pub(super) run_network: Option<Arc<Network>>,
    /// What the next run's network is built from, before its training set has a say in the preprocessing.
    pub(super) run_spec: NetworkSpec,
    /// How many untrained networks were ordered; only the last one counts.
    pub(super) builds: u64,
    /// Whether the untrained network that was ordered last becomes the current one when it is there.
    pub(super) is_build_shown: bool,
    /// The settings of the run under way as it was told last; `None` without one.
    pub(super) told: Option<TrainConfig>,
    views: Vec<(ViewId, Box<dyn View>)>,
    /// The network, image and switches of the last question.
    asked: Option<(Arc<Network>, u64, Wanted, WhatIf)>,
    /// The network of which something is switched off.
    pub(super) what_if_of: Option<NetworkSpec>,
    /// What the convolution that is shown was made from.
    pub(super) convolved: Option<update::convolution::MadeFrom>,
    /// What was chosen, and what of it is still being read.
    pub(super) choices: AllChoices,
    pub(super) keeper: Keeper,
    shell: shell::Shell,
    is_theme_set: Option<ThemeChoice>,
}

impl App {
    /// Starts everything; nothing here waits for a file or a data set.
    pub fn new(ctx: &Context, options: Options) -> Self {
        fonts::install(ctx);
        theme::apply(ctx);
        let waker = ctx.clone();
        let wake: Wake = Arc::new(move || waker.request_repaint());
        let mut toasts = Toasts::default();
        let loaded = options.settings_path.as_deref().map(settings::read).unwrap_or_default();
        let Loaded { settings, drawing, collection, problem, is_in_the_way } = loaded;
        let is_kept = problem.is_none();
        if let Some(message) = problem {
            toasts.push(Tone::Warn, message);
        }
        let settings_path = options.settings_path.filter(|_| !is_in_the_way);
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
        let trainer = trainer(options.train_threads, wake.clone())
            .map_err(|e| toasts.push(Tone::Bad, format!("no training thread: {e}")))
            .ok();
        let setup = settings.training.unwrap_or_else(|| update::network::recipe(&settings.network));
        let image = drawing_image(&drawing, settings.is_normalised, 1);
        let state = AppState {
            network: CurrentNetwork { network: shipped.clone(), origin: Origin::Shipped },
            setup,
            image,
            drawing,
            answer: None,
            selection: Selection::default(),
            loss_class: None,
            what_if: WhatIf::default(),
            saliency: None,
            exciting: None,
            snapshot: None,
            data: DataState::Missing,
            pooling: PoolingLab::default(),
            convolution: settings.convolution.clone().lab(),
            toasts,
            question: None,
            opened: None,
            last_run: None,
            collection,
            collection_revision: 0,
            lesson: LessonState::None,
            is_busy: true,
            settings: settings.clone(),
        };
        let keeper = Keeper::new(settings_path, is_kept.then(|| Kept::of(&state)));
        let mut app = Self {
            state,
            actions: Actions::default(),
            inference: Inference::new(options.threading, wake.clone()),
            saliencies: Saliencies::new(options.threading, wake.clone()),
            seeker: Seeker::new(options.threading, wake.clone()),
            studies: Studies::new(options.threading, wake.clone()),
            tasks: Tasks::new(options.threading, wake),
            trainer,
            shipped,
            revisions: 1,
            screenshot: None,
            run_network: None,
            run_spec,
            builds: 0,
            is_build_shown: false,
            told: None,
            views: views::VIEWS.iter().map(|entry| (entry.id, (entry.make)())).collect(),
            asked: None,
            what_if_of: None,
            convolved: None,
            choices: AllChoices::default(),
            keeper,
            shell: shell::Shell::default(),
            is_theme_set: None,
        };
        if options.reads_mnist {
            update::files::load_embedded_data(&mut app);
        }
        if settings.network != NetworkChoice::Shipped {
            update::network::choose_with(&mut app, settings.network, settings.training);
        }
        app
    }

    /// What is shown, for tests and the views.
    pub fn state(&self) -> &AppState {
        &self.state
    }

    /// Carries out an act, as if a person had done it.
    pub fn act(&mut self, action: Action) {
        update::apply(self, action);
    }

    /// What happens before a frame, also while the window is hidden: news from the threads.
    pub fn logic(&mut self, ctx: &Context) {
        update::training::take_news(self);
        update::files::take_news(self);
        self.ask();
        if let Some(answer) = self.inference.take() {
            self.state.answer = Some(answer);
        }
        self.saliencies.keep_up(&mut self.state);
        update::exciting::take_news(self);
        self.state.is_busy = self.tasks.is_waited_for();
        if self.state.settings.view == ViewId::Pooling {
            self.studies.keep_up(&mut self.state);
        }
        if self.state.settings.view == ViewId::Convolution {
            update::convolution::refresh(self);
        }
        if self.is_theme_set != Some(self.state.settings.theme) {
            self.is_theme_set = Some(self.state.settings.theme);
            ctx.set_theme(match self.state.settings.theme {
                ThemeChoice::System => ThemePreference::System,
                ThemeChoice::Dark => ThemePreference::Dark,
                ThemeChoice::Light => ThemePreference::Light,
            });
        }
        self.take_lab();
        if let Some(wait) = self.keeper.keep(Kept::of(&self.state), &mut self.tasks, Instant::now()) {
            ctx.request_repaint_after(wait);
        }
    }

    /// The whole window.
    pub fn ui(&mut self, ui: &mut Ui) {
        update::files::take_screenshot(self, ui.ctx());
        let view = self.views.iter_mut().find(|(id, _)| *id == self.state.settings.view);
        let has_playback = view.as_ref().is_some_and(|(_, view)| view.has_playback());
        shell::shortcuts::read(ui, &self.state, has_playback, &mut self.actions);
        if let Some((_, view)) = view {
            self.shell.ui(ui, &self.state, view.as_mut(), &mut self.actions);
        }
        self.state.toasts.show(ui.ctx(), shell::STATUS_HEIGHT);
        let actions = self.actions.take();
        if !actions.is_empty() {
            for action in actions {
                self.act(action);
            }
            // The answer is computed while this frame is being painted.
            self.ask();
            ui.ctx().request_repaint();
        }
    }

    /// Asks the current network about the current image, if one of them is new.
    fn ask(&mut self) {
        if !self.state.what_if.is_empty() {
            update::what_if::forget_other_networks(self);
        }
        let wanted = self.state.wanted();
        let AppState { network, what_if, image, .. } = &self.state;
        let network = &network.network;
        let is_asked = self.asked.as_ref().is_some_and(|(n, revision, asked, off)| {
            Arc::ptr_eq(n, network) && (*revision, *asked) == (image.revision, wanted) && off == what_if
        });
        if !is_asked {
            self.asked = Some((network.clone(), image.revision, wanted, what_if.clone()));
            let (input, image_revision, about) = (image.input_for(network), image.revision, image.about());
            let (network, what_if) = (network.clone(), what_if.clone());
            self.inference.ask(Question { network, what_if, input, image_revision, about, wanted });
        }
    }

    /// Another number for every image.
    pub(super) fn next_revision(&mut self) -> u64 {
        self.revisions += 1;
        self.revisions
    }

    /// Makes the canvas the current image.
    pub(super) fn show_drawing(&mut self) {
        let revision = self.next_revision();
        self.state.image = drawing_image(&self.state.drawing, self.state.settings.is_normalised, revision);
    }

    /// What is set in the Convolution view is a setting, too.
    fn take_lab(&mut self) {
        let state = &mut self.state;
        if !state.settings.convolution.is(&state.convolution) {
            state.settings.convolution = KeptLab::of(&state.convolution);
        }
    }

    /// The last chance to keep what was done.
    pub fn close(&mut self) {
        self.take_lab();
        self.keeper.close(Kept::of(&self.state));
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, _: &mut eframe::Frame) {
        App::logic(self, ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
        App::ui(self, ui);
    }

    fn on_exit(&mut self, _: Option<&eframe::glow::Context>) {
        self.close();
    }
}

fn drawing_image(drawing: &Drawing, is_normalised: bool, revision: u64) -> CurrentImage {
    let side = super::widgets::RASTER as u32;
    let ink = image::GrayImage::from_raw(side, side, drawing.bitmap().to_vec()).unwrap_or_default();
    CurrentImage::from_ink(Source::Drawing, ink, is_normalised, revision)
}

/// What stands in for the shipped network if its file were damaged.
#[expect(clippy::expect_used, reason = "the preset is a constant of this program, held by tests")]
fn untrained() -> Network {
    let preset = presets::lenet5_relu();
    let config = TrainConfig::from_recipe(&preset.recipe, update::network::SEED);
    Network::new(preset.spec, Init::He, config.seed).expect("the default preset is valid")
}

fn trainer(threads: usize, wake: Wake) -> std::io::Result<TrainerHandle> {
    TrainerHandle::spawn(threads, move || wake())
}
