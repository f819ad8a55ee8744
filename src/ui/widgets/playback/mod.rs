//! The controls of every animation: play, pause, a step or a row either way, any step, any speed.
//!
//! [`Playback`] is the state of an animation, [`PlaybackAct`] what a person does to it. The bar and the keys return
//! acts and change nothing. The owner of an animation lets time pass with [`Playback::advance`]. An animation is a list
//! of steps that can be read in any order, so stepping back shows exactly what stepping forward did.

#[cfg(test)]
mod tests;

use super::{
    buttons::{icon_button_with_shortcut, tool_toggle},
    numbers,
    view_header::has_header,
};
use crate::{
    text::{fill, tr},
    ui::style::{
        fonts, icons,
        tokens::{Tokens, size, space},
    },
};
use egui::{Align, DragValue, Key, Layout, Modifiers, Rect, Role, Slider, Ui, WidgetInfo};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The slowest speed, in steps a second.
pub const SLOWEST: f32 = 0.25;
/// The fastest speed, in steps a second.
pub const FASTEST: f32 = 60.0;

/// Narrower than this, in points, the bar has two rows.
const TIGHT: f32 = 440.0;
/// Narrower than this, in points, a single row has no room for the step in numbers.
const NARROW: f32 = 540.0;
/// From this width on, in points, its controls have words.
const WIDE: f32 = 620.0;

/// The steps of an animation, and the length of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Track {
    /// Steps; an animation has at least one.
    pub len: usize,
    /// Steps of a row, at least one.
    pub row: usize,
}

impl Track {
    fn last(self) -> usize {
        self.len.saturating_sub(1)
    }
}

/// An act on an animation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum PlaybackAct {
    /// Plays, or pauses; at the end, plays from the beginning.
    Toggle,
    /// Moves by a number of steps, back if negative, and stops playing.
    Step(isize),
    /// Moves by a number of rows, back if negative, and stops playing.
    Row(isize),
    /// To this step; stops playing.
    Seek(usize),
    /// To the first step; stops playing.
    Begin,
    /// To the last step; stops playing.
    End,
    /// Steps a second, from [`SLOWEST`] to [`FASTEST`].
    Speed(f32),
    /// Whether it begins again at the end.
    Loop(bool),
}

/// The position and speed of an animation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Playback {
    position: usize,
    is_playing: bool,
    speed: f32,
    is_looping: bool,
    /// The part of a step that has passed since the last one.
    passed: f32,
}

impl Default for Playback {
    fn default() -> Self {
        Self { position: 0, is_playing: false, speed: 2.0, is_looping: false, passed: 0.0 }
    }
}

impl Playback {
    /// The current step, from 0; always within `track`.
    pub fn position(&self, track: Track) -> usize {
        self.position.min(track.last())
    }

    /// Whether it is playing.
    pub fn is_playing(&self) -> bool {
        self.is_playing
    }

    /// Steps a second.
    pub fn speed(&self) -> f32 {
        self.speed
    }

    /// Whether it begins again at the end.
    pub fn is_looping(&self) -> bool {
        self.is_looping
    }

    /// Applies an act to an animation of `track`.
    pub fn apply(&mut self, act: PlaybackAct, track: Track) {
        let last = track.last();
        self.position = self.position(track);
        match act {
            PlaybackAct::Toggle => {
                if !self.is_playing && self.position == last {
                    self.position = 0;
                }
                self.is_playing = !self.is_playing && last > 0;
                self.passed = 0.0;
            }
            PlaybackAct::Step(steps) => self.go(steps, track),
            PlaybackAct::Row(rows) => self.go(rows.saturating_mul(track.row.max(1) as isize), track),
            PlaybackAct::Seek(position) => self.stop_at(position.min(last)),
            PlaybackAct::Begin => self.stop_at(0),
            PlaybackAct::End => self.stop_at(last),
            PlaybackAct::Speed(speed) if speed.is_finite() => self.speed = speed.clamp(SLOWEST, FASTEST),
            PlaybackAct::Loop(is_looping) => self.is_looping = is_looping,
            PlaybackAct::Speed(_) => {}
        }
    }

    fn stop_at(&mut self, position: usize) {
        (self.position, self.is_playing, self.passed) = (position, false, 0.0);
    }

    /// Moving by rows stops at the ends; moving by steps wraps around if it loops.
    fn go(&mut self, steps: isize, track: Track) {
        let to = match self.position.checked_add_signed(steps).filter(|to| *to <= track.last()) {
            Some(to) => to,
            None if self.is_looping && steps == 1 => 0,
            None if self.is_looping && steps == -1 => track.last(),
            None if steps < 0 => 0,
            None => track.last(),
        };
        self.stop_at(to);
    }

    /// Moves an animation of `track` that is playing by the time that has passed, in seconds.
    pub fn advance(&mut self, seconds: f32, track: Track) {
        if !self.is_playing {
            return;
        }
        self.position = self.position(track);
        // NaN, and the hour for which a window was hidden, must not count.
        let steps = self.passed + seconds.clamp(0.0, 1.0) * self.speed;
        if !steps.is_finite() {
            return;
        }
        self.passed = steps.fract();
        let to = self.position + steps as usize;
        if to <= track.last() {
            self.position = to;
        } else if self.is_looping {
            self.position = to % track.len.max(1);
        } else {
            self.stop_at(track.last());
        }
    }

    /// The same, but not playing, and with a speed that there is: from a file, or to be written to one.
    #[must_use]
    pub fn at_rest(&self) -> Self {
        let speed =
            if self.speed.is_finite() { self.speed.clamp(SLOWEST, FASTEST) } else { Self::default().speed };
        Self { speed, is_playing: false, passed: 0.0, ..*self }
    }

    /// Seconds until the next step is due.
    fn due(&self) -> f32 {
        ((1.0 - self.passed) / self.speed).max(0.0)
    }
}

/// Shows the bar, as wide as there is room. Returns acts of the pointer, and of the keys if nothing else has
/// the keyboard. `name` is unique among the animations of a view.
///
/// Keys: space plays and pauses, ← and → step, ↑ and ↓ go by rows, Home and End to the ends.
pub fn playback_bar(ui: &mut Ui, name: &str, playback: &Playback, track: Track) -> Vec<PlaybackAct> {
    let mut acts = Vec::new();
    if playback.is_playing() {
        ui.ctx().request_repaint_after(Duration::from_secs_f32(playback.due().min(1.0 / SLOWEST)));
    }
    keys(ui, &mut acts);
    if !has_header(ui) {
        // Presented to the back row, the view needs its room; the step is at the window's foot.
        return acts;
    }
    let width = ui.available_width();
    let (is_wide, is_tight) = (width > WIDE, width < TIGHT);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        buttons_ui(ui, playback, &mut acts);
        ui.add_space(space::S);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            loop_ui(ui, playback, is_wide, &mut acts);
            if !is_tight {
                place_ui(ui, name, playback, track, width, &mut acts);
            }
        });
    });
    if is_tight {
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            place_ui(ui, name, playback, track, width, &mut acts);
        });
    }
    acts
}

/// The bar's height where it is so wide: one row, or two; none where the view needs its room.
pub fn playback_height(ui: &Ui, width: f32) -> f32 {
    if !has_header(ui) {
        return 0.0;
    }
    let row = ui.spacing().interact_size.y;
    if width < TIGHT { 2.0 * row + ui.spacing().item_spacing.y } else { row }
}

/// Splits `room` into the part for the animation, above, and the bar's, below.
pub fn split_for_bar(ui: &Ui, room: Rect) -> (Rect, Rect) {
    let height = match playback_height(ui, room.width()) {
        0.0 => 0.0,
        height => height + space::S,
    };
    let (above, bar) = room.split_top_bottom_at_y((room.bottom() - height).max(room.top()));
    (above, bar.with_min_y((bar.top() + space::S).min(bar.bottom())))
}

fn loop_ui(ui: &mut Ui, playback: &Playback, is_wide: bool, acts: &mut Vec<PlaybackAct>) {
    let is_looping = playback.is_looping();
    let toggle = tool_toggle(ui, icons::REPEAT, if is_wide { tr("Loop") } else { "" }, "", is_looping);
    toggle.widget_info(|| WidgetInfo::selected(Role::Button, ui.is_enabled(), is_looping, tr("Loop")));
    if toggle.on_hover_text(tr("Begin again at the end")).clicked() {
        acts.push(PlaybackAct::Loop(!is_looping));
    }
}

/// Speed, step and scrubber, from the right.
fn place_ui(
    ui: &mut Ui,
    name: &str,
    playback: &Playback,
    track: Track,
    width: f32,
    acts: &mut Vec<PlaybackAct>,
) {
    speed_ui(ui, playback, width > WIDE, acts);
    // Where the row is short, the scrubber needs the room more.
    if !(TIGHT..NARROW).contains(&width) {
        position_ui(ui, name, playback, track);
    }
    scrub_ui(ui, name, playback, track, acts);
}

fn keys(ui: &Ui, acts: &mut Vec<PlaybackAct>) {
    // A focused slider or field uses these keys itself; an open question uses all of them.
    let is_asked = ui.memory(|memory| memory.top_modal_layer().is_some());
    if ui.ctx().egui_wants_keyboard_input() || is_asked {
        return;
    }
    let keys = [
        (Key::Space, PlaybackAct::Toggle),
        (Key::ArrowLeft, PlaybackAct::Step(-1)),
        (Key::ArrowRight, PlaybackAct::Step(1)),
        (Key::ArrowUp, PlaybackAct::Row(-1)),
        (Key::ArrowDown, PlaybackAct::Row(1)),
        (Key::Home, PlaybackAct::Begin),
        (Key::End, PlaybackAct::End),
    ];
    for (key, act) in keys {
        let presses = ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
        acts.extend(std::iter::repeat_n(act, presses));
    }
}

fn buttons_ui(ui: &mut Ui, playback: &Playback, acts: &mut Vec<PlaybackAct>) {
    let mut button = |ui: &mut Ui, icon: &str, name: &str, key: &str, act: PlaybackAct| {
        // The main button of the bar.
        let response = if act == PlaybackAct::Toggle {
            let play = tool_toggle(ui, icon, "", "", true);
            play.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
            play.on_hover_text(format!("{name}  {key}"))
        } else {
            icon_button_with_shortcut(ui, icon, name, key)
        };
        if response.clicked() {
            acts.push(act);
        }
    };
    let (icon, name) = if playback.is_playing() {
        (icons::PAUSE, tr("Pause the steps"))
    } else {
        (icons::PLAY, tr("Play the steps"))
    };
    button(ui, icons::SKIP_BACK, tr("To the beginning"), "Home", PlaybackAct::Begin);
    button(ui, icons::CHEVRON_UP, tr("Row back"), "↑", PlaybackAct::Row(-1));
    button(ui, icons::STEP_BACK, tr("Step back"), "←", PlaybackAct::Step(-1));
    button(ui, icon, name, tr("Space"), PlaybackAct::Toggle);
    button(ui, icons::STEP_FORWARD, tr("Step forward"), "→", PlaybackAct::Step(1));
    button(ui, icons::CHEVRON_DOWN, tr("Row forward"), "↓", PlaybackAct::Row(1));
    button(ui, icons::SKIP_FORWARD, tr("To the end"), "End", PlaybackAct::End);
}

fn speed_ui(ui: &mut Ui, playback: &Playback, is_wide: bool, acts: &mut Vec<PlaybackAct>) {
    let mut speed = playback.speed();
    ui.spacing_mut().interact_size.x = 0.0;
    let value = DragValue::new(&mut speed)
        .range(SLOWEST..=FASTEST)
        .speed(f64::from(playback.speed()) * 0.02)
        .max_decimals(2)
        .custom_formatter(|value, _| numbers::decimal(value))
        .custom_parser(numbers::typed)
        .suffix(if is_wide { tr(" steps/s") } else { "/s" });
    let response = ui.add(value).on_hover_text(tr("Steps a second: drag, or click and type"));
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::SpinButton, ui.is_enabled(), tr("Steps a second"));
        info.value = Some(f64::from(speed));
        info
    });
    if speed != playback.speed() {
        acts.push(PlaybackAct::Speed(speed));
    }
}

/// The step as text, as wide as that of the last step, so that nothing moves.
fn position_ui(ui: &mut Ui, name: &str, playback: &Playback, track: Track) {
    let t = Tokens::of(ui);
    let (font, len) = (fonts::mono(size::MONO), track.len.to_string());
    let at = (playback.position(track) + 1).to_string();
    let widest = ui.painter().layout_no_wrap(format!("{len} / {len}"), font.clone(), t.second);
    let (rect, response) = ui
        .allocate_exact_size(egui::vec2(widest.size().x, ui.spacing().interact_size.y), egui::Sense::hover());
    let text = format!("{at} / {len}");
    response.widget_info(|| {
        let label = fill(tr("Step of {name}"), &[("name", name)]);
        let mut info = WidgetInfo::labeled(Role::Status, true, label);
        info.current_text_value = Some(text.clone());
        info
    });
    ui.painter().text(rect.right_center(), egui::Align2::RIGHT_CENTER, &text, font, t.second);
}

fn scrub_ui(ui: &mut Ui, name: &str, playback: &Playback, track: Track, acts: &mut Vec<PlaybackAct>) {
    let t = Tokens::of(ui);
    let mut position = playback.position(track);
    ui.add_space(space::S);
    let width = (ui.available_width() - space::S).max(24.0);
    ui.scope(|ui| {
        ui.spacing_mut().slider_width = width;
        // The rail shows the progress; egui fills it with the faint colour of selections.
        ui.visuals_mut().selection.bg_fill = t.accent;
        ui.visuals_mut().widgets.hovered.bg_fill = t.accent;
        ui.visuals_mut().widgets.active.bg_fill = t.accent;
        ui.spacing_mut().interact_size.y = 16.0;
        let label = fill(tr("Scrub {name}"), &[("name", name)]);
        let slider = Slider::new(&mut position, 0..=track.last().max(1)).integer().show_value(false);
        ui.add_enabled(track.len > 1, slider).accessible_name(&label);
    });
    if position != playback.position(track) {
        acts.push(PlaybackAct::Seek(position));
    }
}
