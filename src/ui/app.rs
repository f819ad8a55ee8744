//! The application: what happens in a frame.

use super::{
    action::{Action, Actions},
    core::{Core, Options},
    export,
    model::{
        display::ThemeChoice, lesson::LessonAct, presenting::PresentAct, runs::RunsAct, saved::SavedState,
        view::ViewId,
    },
    placement,
    shell::{self, Shell},
    start::Start,
    state::AppState,
    style::{fonts, theme},
    update,
    view::View,
    views::VIEWS,
    widgets::Offer,
    work::tasks::Wake,
};
use crate::{
    lesson::{Lesson, Show},
    text::set_language,
};
use egui::{Context, ThemePreference, Ui, UiBuilder, ViewportCommand};
use std::{sync::Arc, time::Instant};

/// The application.
pub struct App {
    core: Core,
    actions: Actions,
    views: Vec<(ViewId, Box<dyn View>)>,
    shell: Shell,
    is_theme_set: Option<ThemeChoice>,
    /// Whether the window was told to fill the screen.
    is_full: bool,
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
            is_full: false,
            time: None,
        }
    }

    /// Shows what the command line asks for.
    pub fn begin(&mut self, start: Start) {
        let Start {
            view,
            presents,
            is_fresh: _,
            lesson,
            state,
            open,
            crash,
            language: _,
            system_language: _,
        } = start;
        if let Some(state) = state {
            self.open_state(*state);
        }
        if let Some(view) = view {
            self.act(Action::ShowView(view));
        }
        if let Some(lesson) = lesson {
            update::open_lesson(&mut self.core, *lesson);
        }
        if let Some(path) = open {
            self.act(Action::OpenFile(path));
        }
        if let Some(path) = crash {
            update::message::said_crash(&mut self.core, &path);
        }
        if presents {
            self.act(Action::Present(PresentAct::Fill(true)));
        }
    }

    /// Shows the state of a file.
    pub fn open_state(&mut self, state: SavedState) {
        set_language(self.core.state.language);
        update::saved_state::open(&mut self.core, state);
    }

    /// Shows a step of a lesson, from 0, as if those before it were done.
    pub fn open_lesson(&mut self, lesson: Lesson, step: usize) {
        set_language(self.core.state.language);
        update::open_lesson_at(&mut self.core, lesson, step);
    }

    /// Shows a state as a step of a lesson does; `is_change`: everything that it does not name stays.
    pub fn show(&mut self, show: &Show, is_change: bool) {
        set_language(self.core.state.language);
        update::show(&mut self.core, show, is_change);
    }

    /// Whether something that was asked for is still to come.
    pub fn is_working(&self) -> bool {
        update::is_working(&self.core)
    }

    /// What is shown.
    pub fn state(&self) -> &AppState {
        &self.core.state
    }

    /// Carries out an action, as if a person had done it.
    pub fn act(&mut self, action: Action) {
        set_language(self.core.state.language);
        update::apply_all(&mut self.core, [action]);
    }

    /// Applies the results of the threads. Called before each frame, also while the window is hidden.
    pub fn logic(&mut self, ctx: &Context) {
        set_language(self.core.state.language);
        let wait = update::take_news(&mut self.core, Instant::now());
        let settings = &self.core.state.settings;
        let is_presented = self.core.state.presenting.is_on;
        placement::zoom(ctx, settings.zoom, is_presented, self.core.state.lesson.is_some());
        if std::mem::replace(&mut self.is_full, is_presented) != is_presented {
            ctx.send_viewport_cmd(ViewportCommand::Fullscreen(is_presented));
        }
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
        let (is_presented, has_lesson) = (self.core.state.presenting.is_on, self.core.state.lesson.is_some());
        let room = placement::room(ui.max_rect(), is_presented, has_lesson);
        let ui = &mut ui.new_child(UiBuilder::new().max_rect(room));
        set_language(self.core.state.language);
        update::files::take_screenshot(&mut self.core, ui.ctx());
        export::take(&mut self.core, ui.ctx());
        let now = ui.input(|input| input.time);
        if let Some(before) = self.time.replace(now) {
            update::playback::pass(&mut self.core, (now - before) as f32);
        }
        let is_held = ui.input(|input| input.pointer.any_down()) || ui.ctx().text_edit_focused();
        if std::mem::replace(&mut self.core.state.is_held, is_held) != is_held {
            // What was waited for is looked at before the next frame.
            ui.ctx().request_repaint();
        }
        let state = &mut self.core.state;
        let view = self.views.iter_mut().find(|(id, _)| *id == state.settings.view);
        let has_playback = view.as_ref().is_some_and(|(_, view)| view.has_playback());
        shell::shortcuts::read(ui, state, has_playback, &mut self.actions);
        if let Some((_, view)) = view {
            self.shell.ui(ui, state, view.as_mut(), &mut self.actions);
        }
        let foot = shell::foot_height(ui.ctx(), state);
        let offer = state.toasts.show(ui.ctx(), foot);
        match offer {
            Some(Offer::UndoStartOver) => self.actions.send(Action::UndoStartOver),
            Some(Offer::UndeleteRun) => self.actions.send(Action::Runs(RunsAct::Undelete)),
            Some(Offer::KeepLesson) => self.actions.send(Action::Lesson(LessonAct::Keep)),
            None => {}
        }
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
