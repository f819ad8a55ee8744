//! The line at the foot of the window while presenting, and the count of hidden controls, which the status bar has too.

use crate::{
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        model::{breakdown::BreakdownFocus, presenting::PresentAct, view::ViewId},
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::tool_button,
    },
};
use egui::{Align, Color32, Label, Layout, RichText, Sense, Ui, vec2};

/// The keys, or what the pen or a click does.
pub fn foot_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        place_ui(ui, state);
        hidden_ui(ui, state, actions);
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| said_ui(ui, state));
    });
}

/// Where the lesson, or the animation of the view, stands.
fn place_ui(ui: &mut Ui, state: &AppState) {
    let lesson = state.lesson.as_ref().map(|open| (open.at, open.lesson.steps.len()));
    let Some((step, len)) = lesson.or_else(|| place(state)) else { return };
    let t = Tokens::of(ui);
    let text = fill(tr("{step} / {len}"), &[("step", &(step + 1).to_string()), ("len", &len.to_string())]);
    ui.label(RichText::new(text).font(fonts::mono(size::MONO)).color(t.second));
    ui.add_space(space::S);
    if lesson.is_some() {
        dots_ui(ui, step, len);
    }
}

/// A dot for each step of the lesson; those up to this one are lit.
fn dots_ui(ui: &mut Ui, step: usize, len: usize) {
    let t = Tokens::of(ui);
    let (dots, _) = ui.allocate_exact_size(vec2(len as f32 * DOT, DOT), Sense::hover());
    for i in 0..len {
        let place = dots.left_center() + vec2((i as f32 + 0.5) * DOT, 0.0);
        let (radius, color) =
            if i == step { (4.5, t.accent) } else { (3.5, if i < step { t.accent } else { t.line_strong }) };
        ui.painter().circle_filled(place, radius, color);
    }
}

/// The distance of two dots, in points.
const DOT: f32 = 12.0;

/// The step that is shown, from 0, and how many there are.
fn place(state: &AppState) -> Option<(usize, usize)> {
    let (step, len) = match state.settings.view {
        ViewId::Convolution => (state.convolution.position(), state.convolution.track().len),
        ViewId::Pooling => {
            let (playback, track) = state.pooling.walk(state.settings.pooling.walk());
            (playback.position(track), track.len)
        }
        ViewId::Network => {
            state.selection.map?;
            let breakdown = state.current_answer()?.breakdown.as_ref()?;
            let focus = BreakdownFocus::of(breakdown, &state.network.network, state.selection);
            (focus.step(), focus.track.len)
        }
        ViewId::Draw
        | ViewId::Train
        | ViewId::Filters
        | ViewId::Compare
        | ViewId::Evaluate
        | ViewId::Lessons
        | ViewId::Architecture => {
            return None;
        }
    };
    (len > 1).then_some((step, len))
}

fn said_ui(ui: &mut Ui, state: &AppState) {
    let t = Tokens::of(ui);
    let presenting = &state.presenting;
    let (text, color) = if presenting.is_hiding {
        (format!("{}  {}", icons::EYE_OFF, tr(HIDING)), t.accent)
    } else if presenting.has_pen {
        (format!("{}  {}", icons::PENCIL, tr("Pen     C clears     P puts it down")), t.accent)
    } else {
        (tr("Esc bars     P pen     B dark     F1 all keys").to_owned(), t.faint)
    };
    line_ui(ui, text, color);
}

/// What a click does while controls are chosen to be hidden.
pub const HIDING: &str = "Click what is to be hidden, or shown again. Esc ends.";

fn line_ui(ui: &mut Ui, text: String, color: Color32) {
    let text = RichText::new(text).font(fonts::words(size::SMALL)).color(color);
    ui.add(Label::new(text).truncate());
}

/// How many controls are hidden; a click shows all. In the status bar, too, what a click does while they are chosen.
pub fn hidden_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    let hidden = state.settings.hidden.len();
    if state.presenting.is_hiding && !state.presenting.is_on {
        if tool_button(ui, icons::CHECK, tr("Done"), "Esc").clicked() {
            actions.send(Action::Present(PresentAct::Hiding(false)));
        }
        line_ui(ui, tr(HIDING).to_owned(), Tokens::of(ui).accent);
    }
    if hidden == 0 {
        return;
    }
    let text = fill(tr("{count} hidden"), &[("count", &hidden.to_string())]);
    ui.spacing_mut().interact_size.y = 22.0;
    ui.spacing_mut().button_padding.y = 1.0;
    let text = RichText::new(text).font(fonts::words(size::SMALL));
    let button = ui.add(egui::Button::new((icons::EYE_OFF, text)));
    if button.on_hover_text(tr("Shows all controls again.")).clicked() {
        actions.send(Action::Present(PresentAct::ShowAll));
    }
    ui.add_space(space::XS);
}
