//! A word on a ground of its meaning: `LIVE`, `history @ step 1200`.

use super::numbers;
use crate::{
    text::{fill, tr},
    ui::style::{
        fonts,
        tokens::{Tokens, radius, size, space},
    },
};
use egui::{Color32, Response, Role, Sense, Ui, WidgetInfo, vec2};

/// The meaning of a word or a message, which has a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// A fact.
    Info,
    /// What went well, or runs.
    Good,
    /// What needs attention.
    Warn,
    /// What failed.
    Bad,
}

impl Tone {
    /// The colours of the words and of their ground.
    pub fn colors(self, t: &Tokens) -> (Color32, Color32) {
        match self {
            Self::Info => (t.text, t.accent_ground),
            Self::Good => (t.good, t.good_ground),
            Self::Warn => (t.warn, t.warn_ground),
            Self::Bad => (t.bad, t.bad_ground),
        }
    }
}

/// Says that an answer or a picture is of an earlier moment of the run, if it is.
pub fn moment_badge(ui: &mut Ui, step: Option<u64>) {
    if let Some(step) = step {
        badge(ui, Tone::Warn, &fill(tr("step {step}"), &[("step", &numbers::count(step))]));
    }
}

/// Shows a word on the ground of its tone.
pub fn badge(ui: &mut Ui, tone: Tone, text: &str) -> Response {
    let (ink, ground) = tone.colors(&Tokens::of(ui));
    let galley = ui.painter().layout_no_wrap(text.to_owned(), fonts::semibold(size::SMALL - 0.5), ink);
    let response = ui.allocate_response(galley.size() + vec2(2.0 * space::S, 2.0 * 3.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    ui.painter().rect_filled(response.rect, radius::S, ground);
    ui.painter().galley(response.rect.min + vec2(space::S, 3.0), galley, ink);
    response
}
