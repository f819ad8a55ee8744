//! The application: what happens in a frame.

use super::{
    action::{Action, Actions},
    core::{Core, Options},
    model::{display::ThemeChoice, view::ViewId},
    placement,
    shell::{self, Shell},
    state::AppState,
    style::{fonts, theme},
    update,
    view::View,
    views::VIEWS,
    work::tasks::Wake,
};
use egui::{Context, ThemePreference, Ui};
use std::{sync::Arc, time::Instant};

/// The application.
pub struct App {
    core: Core,
    actions: Actions,
    views: Vec<(ViewId, Box<dyn View>)>,
    shell: Shell,
    is_theme_set: Option<ThemeChoice>,
    /// The time of the last frame, in seconds.
    time: Option<f64>,
}

impl App {
    /// Starts everything. Nothing here waits for a data set.
    pub fn new(ctx: &Context, options: Options) -> Self {
        fonts::install(ctx);
        theme::apply(ctx);
        // The window has its own zoom keys, which change a setting.
        ctx.options_mut(|options| options.zoom_with_keyboard = false);
        let waker = ctx.clone();
        let wake: Wake = Arc::new(move || waker.request_repaint());
        let mut core = Core::new(options, wake);
        update::start(&mut core);
        Self {
            core,
            actions: Actions::default(),
            views: VIEWS.iter().map(|entry| (entry.id, (entry.make)())).collect(),
            shell: Shell::default(),
            is_theme_set: None,
            time: None,
        }
    }

    /// What is shown.
    pub fn state(&self) -> &AppState {
        &self.core.state
    }

    /// Carries out an action, as if a person had done it.
    pub fn act(&mut self, action: Action) {
        update::apply_all(&mut self.core, [action]);
    }

    /// Applies the results of the threads. Called before each frame, also while the window is hidden.
    pub fn logic(&mut self, ctx: &Context) {
        let wait = update::take_news(&mut self.core, Instant::now());
        let settings = &self.core.state.settings;
        placement::zoom(ctx, settings.zoom);
        let theme = settings.theme;
        if let Some(place) = placement::place_now(ctx, settings.window) {
            update::note_window(&mut self.core, place);
        }
        if self.is_theme_set != Some(theme) {
            self.is_theme_set = Some(theme);
            ctx.set_theme(match theme {
                ThemeChoice::System => ThemePreference::System,
                ThemeChoice::Dark => ThemePreference::Dark,
                ThemeChoice::Light => ThemePreference::Light,
            });
        }
        if let Some(wait) = wait {
            ctx.request_repaint_after(wait);
        }
    }

    /// The whole window.
    pub fn ui(&mut self, ui: &mut Ui) {
        update::files::take_screenshot(&mut self.core, ui.ctx());
        let now = ui.input(|input| input.time);
        if let Some(before) = self.time.replace(now) {
            update::playback::pass(&mut self.core, (now - before) as f32);
        }
        let state = &mut self.core.state;
        let view = self.views.iter_mut().find(|(id, _)| *id == state.settings.view);
        let has_playback = view.as_ref().is_some_and(|(_, view)| view.has_playback());
        shell::shortcuts::read(ui, state, has_playback, &mut self.actions);
        if let Some((_, view)) = view {
            self.shell.ui(ui, state, view.as_mut(), &mut self.actions);
        }
        state.toasts.show(ui.ctx(), shell::STATUS_HEIGHT);
        let actions = self.actions.take();
        if !actions.is_empty() {
            // The answer is computed while this frame is painted.
            update::apply_all(&mut self.core, actions);
            ui.ctx().request_repaint();
        }
    }

    /// Saves what has changed, before the window closes.
    pub fn close(&mut self) {
        update::close(&mut self.core);
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
