//! What surrounds every view: bars, panels, shortcuts, the question for a file and the list of all keys.

mod crop;
mod current_image;
mod data_preview;
mod file_question;
mod help;
mod import;
mod keys;
mod lesson;
mod numbers;
mod picture;
mod present;
mod record;
pub mod shortcuts;
mod status_bar;
mod timeline;
mod top_bar;
mod worksheet;

use crate::{
    text::tr,
    ui::{
        action::{Action, Actions},
        model::{convolution::ConvolutionSource, pooling::PoolingSource, view::ViewId},
        state::AppState,
        style::tokens::{Tokens, space},
        view::View,
        views::VIEWS,
        widgets::{nav_item, segmented},
    },
};
use egui::{
    Align, CentralPanel, Context, Frame, Layout, Margin, Panel, Rect, ScrollArea, Sense, Stroke, Ui,
    UiBuilder, vec2,
};

/// The status bar's height, in points.
const STATUS_HEIGHT: f32 = 38.0;

/// The top bar's height, in points.
const TOP_HEIGHT: f32 = 51.0;

/// Below this width of the window, panels are narrow, and an inspector that the view does not need is hidden until it is asked for.
const NARROW: f32 = 1160.0;

/// The width of the rail in a narrow window, in points: icons, whose names are in their tooltips.
const ICON_RAIL: f32 = 60.0;

/// The height of the bars at the foot of the window, above which messages appear.
pub fn foot_height(ctx: &Context, state: &AppState) -> f32 {
    if state.presenting.is_on {
        present::FOOT_HEIGHT
    } else if ctx.content_rect().width() < NARROW || !has_timeline(state) {
        STATUS_HEIGHT
    } else {
        STATUS_HEIGHT + timeline::TIMELINE_HEIGHT
    }
}

/// Whether the view shows something of the current network, which the timeline takes back in time.
fn has_timeline(state: &AppState) -> bool {
    match state.settings.view {
        ViewId::Draw | ViewId::Network | ViewId::Filters | ViewId::Train | ViewId::Evaluate => true,
        ViewId::Convolution => matches!(state.convolution.setup.source, ConvolutionSource::Layer(_)),
        ViewId::Pooling => matches!(state.settings.pooling.source, PoolingSource::Map { .. }),
        ViewId::Architecture | ViewId::Compare | ViewId::Lessons => false,
    }
}

/// The part of the right panel that a lesson takes, above the inspector.
const LESSON_PART: f32 = 0.66;

/// The part that a lesson takes whose task is a list to be put in order.
const ORDER_PART: f32 = 0.8;

/// In a panel lower than this, in points, lesson and settings share one place.
const BOTH_PARTS: f32 = 800.0;

/// The part that a lesson takes while it is recorded.
const RECORDING_PART: f32 = 0.76;

/// What the shell keeps between frames.
#[derive(Default)]
pub struct Shell {
    file: file_question::FileQuestion,
    preview: data_preview::DataPreview,
    lesson: lesson::LessonPanel,
    strip: lesson::LessonStrip,
    timeline: timeline::Timeline,
    seek: lesson::Seek,
    record: record::RecordPanel,
    picture: picture::PicturePanel,
    /// In a narrow window: whether the right panel shows the settings in place of the lesson.
    shows_settings: bool,
}

impl Shell {
    /// The whole window, with `view` in its middle.
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, view: &mut dyn View, actions: &mut Actions) {
        let mut grounds = present::Grounds::default();
        let is_pointing = state.recording.as_ref().is_some_and(|recording| recording.pointing.is_some());
        lesson::Places::watch(ui.ctx(), state.lesson.is_some() || is_pointing);
        let screen = ui.available_rect_before_wrap();
        let (panel, room) = if state.presenting.is_on {
            (None, present::frame_ui(ui, state, view, &mut self.strip, &mut grounds, actions))
        } else {
            let panel = self.panels_ui(ui, state, view, &mut grounds, actions);
            let room = screen.with_min_y(screen.top() + TOP_HEIGHT);
            (panel, room.with_max_y(screen.bottom() - foot_height(ui.ctx(), state)))
        };
        if state.settings.view != ViewId::Lessons {
            lesson::spotlight_ui(ui, state, panel, room, actions);
            record::point_ui(ui, state, panel, actions);
        }
        worksheet::worksheet_ui(ui, state, actions);
        self.picture.ui(ui, state, actions);
        numbers::numbers_ui(ui, state, actions);
        self.file.ui(ui, state, actions);
        self.preview.ui(ui, state, actions);
        crop::crop_ui(ui, state, actions);
        help::help_ui(ui, state, actions);
        present::over_ui(ui, state, &grounds, actions);
    }
}

impl Shell {
    /// Bars and panels, and the view in their middle.
    fn panels_ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        view: &mut dyn View,
        grounds: &mut present::Grounds,
        actions: &mut Actions,
    ) -> Option<Rect> {
        let t = Tokens::of(ui);
        let is_narrow = ui.available_width() < NARROW;
        let needs_inspector = view.needs_inspector();
        // Where it is always shown, there is nothing to choose.
        let can_hide = is_narrow && !needs_inspector;
        let bar = Frame::new().fill(t.raised).inner_margin(Margin::symmetric(space::L as i8, 0));
        let top = Panel::top("top")
            .exact_size(TOP_HEIGHT)
            .frame(bar)
            .show(ui, |ui| top_bar::top_bar_ui(ui, state, is_narrow, can_hide, actions));
        grounds.add(top.response.rect, t.raised);
        let status = Panel::bottom("status").exact_size(STATUS_HEIGHT).frame(bar).show(ui, |ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                present::hidden_ui(ui, state, actions);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let has_timeline = is_narrow && state.has_moments() && has_timeline(state);
                    status_bar::status_bar_ui(ui, state, is_narrow, has_timeline);
                    if has_timeline {
                        self.timeline.narrow_ui(ui, state, actions);
                    }
                });
            });
        });
        grounds.add(status.response.rect, t.raised);
        if !is_narrow && has_timeline(state) {
            let row = Panel::bottom("timeline").exact_size(timeline::TIMELINE_HEIGHT).frame(bar);
            let row = row.show(ui, |ui| self.timeline.ui(ui, state, actions));
            grounds.add(row.response.rect, t.raised);
        }
        let side = Frame::new().fill(t.panel).inner_margin(Margin::same(if is_narrow { 8 } else { 10 }));
        let is_hidden = |name| state.settings.hidden.contains(&present::panel(name));
        if !is_hidden(present::RAIL) {
            let left = Panel::left("views")
                .exact_size(if is_narrow { ICON_RAIL } else { 176.0 })
                .resizable(false)
                .frame(side)
                .show(ui, |ui| side_ui(ui, state, actions));
            grounds.add_panel(left.response.rect, t.panel, present::RAIL);
        }
        let has_lesson =
            (state.lesson.is_some() || state.recording.is_some()) && state.settings.view != ViewId::Lessons;
        let mut lesson_place = None;
        let entered = state.lesson.as_ref().filter(|_| has_lesson);
        let is_entered = entered.is_some_and(|open| self.seek.begin(ui.ctx(), open));
        // Each step begins with its text.
        self.shows_settings &= !is_entered;
        let has_inspector = !can_hide || state.settings.shows_inspector;
        if has_lesson || has_inspector && !is_hidden(present::INSPECTOR) {
            let margin = if is_narrow { 12 } else { 18 };
            // The scroll bar takes the right margin.
            let side = side.inner_margin(Margin { right: 0, ..Margin::same(margin) });
            let content = Frame::new().inner_margin(Margin { right: margin, ..Margin::ZERO });
            let right = Panel::right("inspector")
                .exact_size(if is_narrow { 272.0 } else { 344.0 })
                .resizable(false)
                .frame(side)
                .show(ui, |ui| {
                    if has_lesson {
                        // A question needs its text: the settings get a tab unless there is room for both.
                        let is_open = state.lesson.is_some();
                        // As high in every view, with the timeline below it or not: a question keeps its place.
                        let has_room = !is_narrow && !has_timeline(state);
                        let height =
                            ui.available_height() - if has_room { timeline::TIMELINE_HEIGHT } else { 0.0 };
                        let has_tabs = is_narrow || is_open && height < BOTH_PARTS;
                        let size = (height, margin);
                        lesson_place = Some(self.lesson_ui(ui, state, has_tabs, size, actions));
                        if has_tabs && !self.shows_settings {
                            return;
                        }
                    }
                    // Each view keeps its own scroll position.
                    let area = ScrollArea::vertical().id_salt(state.settings.view);
                    // A step opens at the top, then at the place that it points at.
                    let area = if is_entered { area.vertical_scroll_offset(0.0) } else { area };
                    area.auto_shrink(false).show(ui, |ui| {
                        content.show(ui, |ui| view.inspector_ui(ui, state, actions));
                        if let Some(open) = entered {
                            self.seek.scroll_ui(ui, open);
                        }
                    });
                });
            grounds.add_panel(right.response.rect, t.panel, present::INSPECTOR);
        }
        if let Some(lab) = state.import.as_ref().filter(|_| state.settings.view == ViewId::Architecture) {
            let row = Panel::top("import").exact_size(import::IMPORT_HEIGHT).frame(bar);
            let row = row.show(ui, |ui| import::import_ui(ui, state, lab, actions));
            grounds.add(row.response.rect, t.raised);
        }
        let margin = if is_narrow { 14 } else { 24 };
        let ground = Frame::new().fill(t.ground).stroke(Stroke::NONE).inner_margin(Margin::same(margin));
        CentralPanel::default().frame(ground).show(ui, |ui| {
            ui.push_id(state.settings.view, |ui| view.ui(ui, state, actions));
        });
        lesson_place
    }

    /// Shows the settings in place of the lesson, scrolled to what it points at.
    fn show_settings(&mut self, is_shown: bool) {
        if is_shown && !self.shows_settings {
            self.seek.again();
        }
        self.shows_settings = is_shown;
    }

    /// The lesson above the inspector, or in its place if the two have tabs. Returns where it is.
    fn lesson_ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        has_tabs: bool,
        (height, margin): (f32, i8),
        actions: &mut Actions,
    ) -> Rect {
        let room = ui.available_rect_before_wrap();
        let room = room.with_max_y(room.top() + height);
        let right = f32::from(margin);
        if has_tabs {
            let mut shown = self.shows_settings;
            segmented(ui, tr("Panel"), &mut shown, &[(false, tr("Lesson")), (true, tr("Settings"))]);
            self.show_settings(shown);
            ui.add_space(space::S);
            if shown {
                if let Some(open) = &state.lesson {
                    lesson::question_line_ui(ui, open);
                }
                return room;
            }
        }
        let left = ui.available_rect_before_wrap().with_max_y(room.bottom());
        let part = match &state.lesson {
            Some(open) if open.asks_order() => ORDER_PART,
            Some(_) => LESSON_PART,
            None => RECORDING_PART,
        };
        let height = if has_tabs { left.height() } else { (room.height() * part).floor() };
        let place = Rect::from_min_size(left.min, vec2(left.width() - right, height));
        let mut child = ui.new_child(UiBuilder::new().max_rect(place));
        let open = state.lesson.as_ref().filter(|_| has_tabs);
        let in_settings = open.and_then(|open| self.seek.missing(ui.ctx(), open));
        if state.lesson.is_some() {
            let is_wanted = self.lesson.ui(&mut child, state, in_settings, actions);
            self.show_settings(is_wanted || self.shows_settings);
        } else {
            self.record.ui(&mut child, state, actions);
        }
        ui.allocate_rect(place, Sense::hover());
        if !has_tabs {
            ui.separator();
        }
        room
    }
}

fn side_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    let is_icon = ui.available_width() < ICON_RAIL;
    ui.spacing_mut().item_spacing.y = if is_icon { 1.0 } else { space::XS };
    for (i, entry) in VIEWS.iter().enumerate() {
        // What is looked at, how it is made, how it is computed, and the lessons.
        if matches!(entry.id, ViewId::Architecture | ViewId::Convolution | ViewId::Lessons) {
            ui.separator();
        }
        let is_selected = state.settings.view == entry.id;
        let item = nav_item(ui, entry.icon, tr(entry.name), is_selected);
        let key = keys::VIEW_KEYS.get(i).map_or("", |key| key.symbol_or_name());
        let hint = if is_icon { format!("{}  Ctrl+{key}", tr(entry.name)) } else { format!("Ctrl+{key}") };
        if item.on_hover_text(hint).clicked() {
            actions.send(Action::ShowView(entry.id));
        }
    }
    let foot = if is_icon { Align::Center } else { Align::Min };
    ui.with_layout(Layout::bottom_up(foot), |ui| {
        current_image::current_image_ui(ui, state, is_icon, actions);
        ui.with_layout(Layout::top_down(Align::Min), |ui| {
            ui.add_space(space::M);
            lesson::welcome_ui(ui, state, actions);
        });
    });
}
