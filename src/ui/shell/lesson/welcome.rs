//! The card that offers the first lesson, once, at a first start.

use crate::{
    lesson::shipped,
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, radius, size, space},
        },
        widgets::{icon_button, primary_button},
    },
};
use egui::{Frame, Label, Margin, RichText, Ui};

/// The room that the card takes, in points.
const HEIGHT: f32 = 132.0;

/// The least width for it, in points: a rail of icons has none.
const WIDTH: f32 = 110.0;

/// The card, in the free room of the rail; nothing moves for it.
pub fn welcome_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    let has_room = ui.available_height() >= HEIGHT && ui.available_width() >= WIDTH;
    if state.settings.is_welcomed || state.lesson.is_some() || !has_room {
        return;
    }
    let Some(first) = shipped().first() else { return };
    let t = Tokens::of(ui);
    let frame = Frame::new()
        .fill(t.raised)
        .stroke(t.line_stroke())
        .corner_radius(radius::L)
        .inner_margin(Margin::same(space::S as i8));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.label(RichText::new(tr("New here?")).font(fonts::semibold(size::BODY)).color(t.text));
        let minutes =
            fill(tr("Lesson 1 takes {minutes} minutes."), &[("minutes", &first.minutes.to_string())]);
        ui.add(Label::new(RichText::new(minutes).size(size::SMALL).color(t.second)).wrap());
        ui.horizontal(|ui| {
            if primary_button(ui, "", tr("Start")).clicked() {
                actions.send(Action::Welcome(true));
            }
            if icon_button(ui, icons::X, tr("Not now")).clicked() {
                actions.send(Action::Welcome(false));
            }
        });
    });
}
