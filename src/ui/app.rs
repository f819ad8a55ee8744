//! The application: what happens in a frame.

use super::{
    action::{Action, Actions},
    core::{Core, Options},
    model::{display::ThemeChoice, view::ViewId},
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
    /// When the last frame was, in seconds.
    time: Option<f64>,
}

impl App {
    /// Starts everything; nothing here waits for a data set.
    pub fn new(ctx: &Context, options: Options) -> Self {
        fonts::install(ctx);
        theme::apply(ctx);
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

    /// What is shown, for tests and the views.
    pub fn state(&self) -> &AppState {
        &self.core.state
    }

    /// Carries out an act, as if a person had done it.
    pub fn act(&mut self, action: Action) {
        update::apply_all(&mut self.core, [action]);
    }

    /// What happens before a frame, also while the window is hidden: news from the threads.
    pub fn logic(&mut self, ctx: &Context) {
        let wait = update::take_news(&mut self.core, Instant::now());
        let theme = self.core.state.settings.theme;
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
            // The answer is computed while this frame is being painted.
            update::apply_all(&mut self.core, actions);
            ui.ctx().request_repaint();
        }
    }

    /// The last chance to keep what was done.
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
