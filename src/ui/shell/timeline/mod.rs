//! The timeline under the views: the moment of the run that all of them show.

mod axis;
mod track;

use crate::{
    text::{fill, plural, tr},
    train::Snapshot,
    ui::{
        action::{Action, Actions},
        model::timeline::{FilmSpeed, TimelineAct},
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{Tone, badge, icon_button_with_shortcut, numbers, tool_button},
    },
};
use egui::{
    Align, ComboBox, Key, Layout, Modifiers, Popup, PopupCloseBehavior, RichText, Role, Ui, UiBuilder,
    WidgetInfo, vec2,
};
use std::time::Duration;

/// The height of the timeline in a wide window, in points.
pub const TIMELINE_HEIGHT: f32 = 54.0;

/// The width of the words on its left, in points.
const WORDS: f32 = 168.0;

/// The width of the field for a flag's name, in points.
const NAME_WIDTH: f32 = 180.0;

/// What the timeline keeps between frames.
#[derive(Default)]
pub struct Timeline {
    /// The name that is being typed, and the step that it is for.
    name: Option<(u64, String)>,
}

impl Timeline {
    /// The timeline of a wide window.
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        repaint(ui, state);
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            let words = ui.allocate_space(vec2(WORDS, ui.available_height())).1;
            words_ui(
                &mut ui.new_child(UiBuilder::new().max_rect(words).layout(Layout::top_down(Align::Min))),
                state,
            );
            ui.add_enabled_ui(state.has_moments(), |ui| Self::film_ui(ui, state, true, actions));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = space::S;
                ui.add_enabled_ui(state.timeline.chosen.is_some(), |ui| {
                    let live = tool_button(ui, icons::SKIP_FORWARD, tr("Back to live"), "Esc");
                    if live.clicked() {
                        actions.send(Action::Timeline(TimelineAct::Live));
                    }
                    let branch = tool_button(ui, icons::GIT_BRANCH, tr("Branch here"), "B");
                    if branch.on_hover_text(tr("A new run that goes on from this moment.")).clicked() {
                        actions.send(Action::Timeline(TimelineAct::Branch));
                    }
                    self.flag_ui(ui, state, actions);
                });
                let room = ui.available_size();
                track::track_ui(ui, state, room, actions);
            });
        });
    }

    /// The timeline in the status bar of a narrow window, from the words to the right end.
    pub fn narrow_ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        repaint(ui, state);
        ui.spacing_mut().item_spacing.x = space::XS;
        Self::film_ui(ui, state, false, actions);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            ui.add_enabled_ui(state.timeline.chosen.is_some(), |ui| {
                if icon_button_with_shortcut(ui, icons::SKIP_FORWARD, tr("Back to live"), "Esc").clicked() {
                    actions.send(Action::Timeline(TimelineAct::Live));
                }
                if icon_button_with_shortcut(ui, icons::GIT_BRANCH, tr("Branch here"), "B").clicked() {
                    actions.send(Action::Timeline(TimelineAct::Branch));
                }
                self.flag_ui(ui, state, actions);
            });
            let room = ui.available_size();
            track::track_ui(ui, state, room, actions);
        });
    }

    fn film_ui(ui: &mut Ui, state: &AppState, has_speed: bool, actions: &mut Actions) {
        ui.spacing_mut().item_spacing.x = space::XS;
        let mut button = |ui: &mut Ui, icon, name, key, act| {
            if icon_button_with_shortcut(ui, icon, name, key).clicked() {
                actions.send(Action::Timeline(act));
            }
        };
        if has_speed {
            button(ui, icons::SKIP_BACK, tr("To step 0"), "Home", TimelineAct::Show(0));
        }
        button(ui, icons::STEP_BACK, tr("The moment before"), "←", TimelineAct::Step(-1));
        let is_on = state.timeline.film.is_some();
        let (icon, name) = if is_on {
            (icons::PAUSE, tr("Stop the film"))
        } else {
            (icons::FILM, tr("Play the moments as a film"))
        };
        button(ui, icon, name, tr("Space"), TimelineAct::Film(!is_on));
        button(ui, icons::STEP_FORWARD, tr("The next moment"), "→", TimelineAct::Step(1));
        if has_speed {
            let label =
                |speed: FilmSpeed| fill(tr("{count} / s"), &[("count", &speed.per_second().to_string())]);
            let mut speed = state.timeline.speed;
            ComboBox::from_id_salt("film speed")
                .width(64.0)
                .selected_text(label(speed))
                .show_ui(ui, |ui| {
                    for option in FilmSpeed::ALL {
                        ui.selectable_value(&mut speed, option, label(option));
                    }
                })
                .response
                .on_hover_text(tr("How fast the film plays: moments per second."))
                .on_disabled_hover_text(tr("How fast the film plays: moments per second."))
                .widget_info(|| {
                    WidgetInfo::labeled(Role::ComboBox, ui.is_enabled(), tr("Moments per second"))
                });
            if speed != state.timeline.speed {
                actions.send(Action::Timeline(TimelineAct::Speed(speed)));
            }
        }
    }

    /// Names the moment that is shown.
    fn flag_ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        let button = icon_button_with_shortcut(ui, icons::FLAG, tr("Flag this moment"), "F");
        let chosen = state.timeline.chosen.zip(state.snapshot.as_ref());
        let Some((chosen, snapshot)) = chosen else { return };
        let flag = snapshot.timeline.at(chosen.step).and_then(|moment| moment.flag.clone());
        let popup = Popup::menu(&button).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
        popup.show(|ui| {
            ui.set_width(NAME_WIDTH);
            let step = fill(tr("step {step}"), &[("step", &numbers::count(chosen.step))]);
            let (_, name) = match &mut self.name {
                Some(name) if name.0 == chosen.step => name,
                name => name.insert((chosen.step, flag.clone().unwrap_or(step))),
            };
            let label = ui.label(tr("Name of this moment"));
            let edit = ui.text_edit_singleline(name).labelled_by(label.id);
            let is_entered = edit.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
            ui.horizontal(|ui| {
                if tool_button(ui, icons::FLAG, tr("Flag"), "").clicked() || is_entered {
                    actions.send(Action::Timeline(TimelineAct::Flag(Some(name.clone()))));
                    ui.close();
                }
                ui.add_enabled_ui(flag.is_some(), |ui| {
                    if tool_button(ui, icons::TRASH_2, tr("Remove"), "").clicked() {
                        actions.send(Action::Timeline(TimelineAct::Flag(None)));
                        ui.close();
                    }
                });
            });
        });
    }
}

/// T gives the track the keyboard, unless text is typed.
fn take_keyboard(ui: &Ui, state: &AppState) {
    let is_free = !ui.ctx().text_edit_focused() && state.question.is_none() && !state.shows_keys;
    if is_free && state.has_moments() && ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::T)) {
        ui.memory_mut(|memory| memory.request_focus(track::id()));
    }
}

fn repaint(ui: &Ui, state: &AppState) {
    take_keyboard(ui, state);
    if state.timeline.film.is_some() {
        let each = 1.0 / f32::from(state.timeline.speed.per_second());
        ui.ctx().request_repaint_after(Duration::from_secs_f32(each / 4.0));
    }
}

/// The moment that is shown, and what the run does meanwhile.
fn words_ui(ui: &mut Ui, state: &AppState) {
    let t = Tokens::of(ui);
    let Some(snapshot) = state.snapshot.as_ref().filter(|_| state.has_moments()) else {
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let text = tr("Timeline: train, then go back to any moment here.");
            ui.add(egui::Label::new(RichText::new(text).size(size::SMALL).color(t.second)).wrap());
        });
        return;
    };
    ui.spacing_mut().item_spacing.y = 2.0;
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        let (tone, word, step) = match state.timeline.chosen {
            Some(chosen) => (Tone::Warn, tr("HISTORY"), chosen.step),
            None if snapshot.is_active() => (Tone::Good, tr("NEWEST"), snapshot.step),
            None => (Tone::Info, tr("NEWEST"), snapshot.step),
        };
        badge(ui, tone, word);
        let color = if state.timeline.chosen.is_some() { t.highlight_text } else { t.text };
        ui.label(RichText::new(tr("step")).size(size::SMALL).color(t.second));
        ui.label(RichText::new(numbers::count(step)).font(fonts::mono_bold(size::BODY)).color(color));
    });
    ui.label(RichText::new(meanwhile(state, snapshot)).size(size::SMALL).color(t.second));
}

fn meanwhile(state: &AppState, snapshot: &Snapshot) -> String {
    let step = numbers::count(snapshot.step);
    let is_ruined = snapshot.is_ruined && !snapshot.is_active();
    let text = match (state.timeline.chosen, snapshot.is_active()) {
        (_, false) if is_ruined => tr("ruined at step {step}"),
        (Some(_), true) => tr("training goes on: step {step}"),
        (Some(_), false) => tr("the run is at step {step}"),
        (None, _) => {
            let count = snapshot.timeline.moments().len();
            return plural(count, "{count} moment kept", "{count} moments kept");
        }
    };
    fill(text, &[("step", &step)])
}
