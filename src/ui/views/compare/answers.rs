//! What both networks say about the drawing, as it is and moved.

use super::palette::color;
use crate::{
    explain::Verdict,
    text::{Say, fill, tr},
    train::shifted::{MOST_SHIFT, moved_picture},
    ui::{
        action::{Action, Actions},
        model::compare::{CompareAct, NAMES, RunShown},
        state::AppState,
        style::{
            fonts,
            tokens::{Tokens, size, space},
        },
        widgets::{ImageTile, ProbabilityBars, numbers},
    },
};
use egui::{Align, Align2, Layout, Response, RichText, Role, Sense, Ui, Vec2, WidgetInfo, vec2};

/// The height of a network's name, in points.
const NAME: f32 = 28.0;

/// The height of the line over a drawing, in points.
const LINE: f32 = 26.0;

/// The least height of a drawing with ten bars, in points.
const LEAST: f32 = 184.0;

/// The largest side of a drawing, in points.
const TILE: f32 = 190.0;

/// The widths of the tile and of the bars, as parts of the column.
const TILE_PART: f32 = 0.42;

/// Both networks side by side in this room.
pub fn answers_ui(ui: &mut Ui, state: &AppState, room: Vec2, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let Some(shown) = &state.compare.shown else {
        let text = tr(
            "Train both: then this place shows what they say about your drawing, as it is and moved by a few pixels.",
        );
        ui.label(RichText::new(text).color(t.second));
        return;
    };
    let each = vec2(((room.x - space::XL) / 2.0).floor(), room.y);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::XL;
        for (i, run) in shown.runs.iter().enumerate() {
            ui.allocate_ui_with_layout(each, Layout::top_down(Align::Min), |ui| {
                ui.set_width(each.x);
                ui.spacing_mut().item_spacing.y = 0.0;
                run_ui(ui, state, (i, run), each, actions);
            });
        }
    });
}

fn run_ui(ui: &mut Ui, state: &AppState, (i, run): (usize, &RunShown), room: Vec2, actions: &mut Actions) {
    name_ui(ui, i, run);
    let left = room.y - NAME;
    let count = if left >= 2.0 * (LINE + LEAST) { 2 } else { 1 };
    let height = (left / count as f32 - LINE).max(LEAST);
    let moved = state.compare.moved;
    if count == 2 {
        block_ui(ui, state, (i, None), height, actions);
    }
    block_ui(ui, state, (i, Some(moved)), height, actions);
}

/// The name of a run's network in the run's colour, and its size.
fn name_ui(ui: &mut Ui, i: usize, run: &RunShown) {
    let t = Tokens::of(ui);
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), NAME),
        Layout::left_to_right(Align::Center),
        |ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            let (strip, _) = ui.allocate_exact_size(vec2(3.0, NAME - space::S), Sense::hover());
            ui.painter().rect_filled(strip, 1, color(&t, i));
            let name = format!("{} {}", NAMES[i], run.name());
            ui.label(RichText::new(name).font(fonts::semibold(size::BODY)).color(t.text));
            let count = numbers::count(run.network.parameter_count() as u64);
            let parameters = fill(tr("{count} parameters"), &[("count", &count)]);
            let trouble = run.trouble.as_ref().map(|trouble| (trouble.capitalised(), t.bad));
            let (text, ink) = trouble.unwrap_or((parameters, t.second));
            let detail = RichText::new(text.as_str()).size(size::SMALL).color(ink);
            ui.add(egui::Label::new(detail).truncate()).on_hover_text(text);
        },
    );
}

/// The current image as it is, or moved like this: the answer, and the probabilities.
fn block_ui(
    ui: &mut Ui,
    state: &AppState,
    (i, moved): (usize, Option<[isize; 2]>),
    height: f32,
    actions: &mut Actions,
) {
    let t = Tokens::of(ui);
    let by = moved.unwrap_or_default();
    let answers = state.compare.answers.as_ref().filter(|answers| answers.places[i].len() > 1);
    let shares = answers.map_or(&[][..], |answers| answers.probabilities(i, by));
    let objection = state.image.objection().map(|objection| objection.say());
    let verdict = Verdict::of(shares, objection);
    let width = ui.available_width();
    ui.allocate_ui_with_layout(vec2(width, LINE), Layout::right_to_left(Align::Center), |ui| {
        ui.set_min_height(LINE);
        answer_ui(ui, (i, moved.is_some()), verdict.as_ref(), shares);
        let heading = moved.map_or_else(|| tr("The current image").to_owned(), words);
        let heading = RichText::new(heading).font(fonts::semibold(size::SECTION)).color(t.text);
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.add(egui::Label::new(heading).truncate())
        });
    });
    let bars = height - space::S;
    ui.allocate_ui_with_layout(vec2(width, height), Layout::left_to_right(Align::Min), |ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        let side = (width * TILE_PART).min(bars).min(TILE).floor();
        let picture = moved_picture(&state.image.seen, (by[0], by[1]));
        let name = fill(tr("The drawing that {run} sees"), &[("run", NAMES[i])]);
        let place = (by[0] + 64) as u64 * 128 + (by[1] + 64) as u64;
        let revision = state.image.revision.wrapping_mul(1 << 16) + place;
        let width = picture.width() as usize;
        let key = ("compared", i, moved.is_some());
        let tile = ImageTile::new(&name, key, revision, picture.as_raw(), width);
        let tile = tile.ground(state.image.ground).side(side);
        if moved.is_some() {
            let pixel = side / picture.width().max(picture.height()).max(1) as f32;
            let response = tile.draggable().ui(ui);
            drag_ui(ui, state, response, pixel, actions);
        } else {
            tile.ui(ui);
        }
        let classes: Vec<String> = (0..shares.len().max(10)).map(|class| class.to_string()).collect();
        let winner = match verdict {
            Some(Verdict::Sure { class, .. }) => Some(class),
            _ => None,
        };
        ProbabilityBars::new(&classes, shares).winner(winner).height(bars).ui(ui);
    });
}

/// Moves the drawing by as many whole pixels as it was dragged since it was taken hold of.
fn drag_ui(ui: &Ui, state: &AppState, response: Response, pixel: f32, actions: &mut Actions) {
    let id = response.id.with("taken at");
    if response.drag_started() {
        ui.data_mut(|data| data.insert_temp(id, state.compare.moved));
    }
    let taken: Option<[isize; 2]> = ui.data(|data| data.get_temp(id));
    if let (Some(by), Some([down, right])) = (response.total_drag_delta(), taken)
        && response.dragged()
    {
        let most = MOST_SHIFT as isize;
        let whole = |by: f32| (by / pixel).round() as isize;
        let place = [down + whole(by.y), right + whole(by.x)].map(|by| by.clamp(-most, most));
        if place != state.compare.moved {
            actions.send(Action::Compare(CompareAct::MoveTo(place)));
        }
    }
    if response.drag_stopped() {
        ui.data_mut(|data| data.remove::<[isize; 2]>(id));
    }
    response.on_hover_text(tr("Drag it: both networks see it moved by so many pixels."));
}

/// Where the drawing is moved to, in words.
fn words([down, right]: [isize; 2]) -> String {
    let part = |by: isize, back: &'static str, on: &'static str| {
        (by != 0).then(|| fill(tr(if by < 0 { back } else { on }), &[("n", &by.unsigned_abs().to_string())]))
    };
    let parts = [part(right, "{n} px left", "{n} px right"), part(down, "{n} px up", "{n} px down")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        tr("Not moved").to_owned()
    } else {
        fill(tr("Moved {by}"), &[("by", &parts.join(", "))])
    }
}

/// What a network says.
fn answer_ui(ui: &mut Ui, (i, is_moved): (usize, bool), verdict: Option<&Verdict>, shares: &[f32]) {
    let t = Tokens::of(ui);
    let written = |class: usize| numbers::probability(shares.get(class).copied().unwrap_or(f32::NAN));
    let (text, ink) = match verdict {
        Some(Verdict::Sure { class, .. }) => {
            let values = [("class", &*class.to_string()), ("share", &written(*class))];
            (fill(tr("reads {class}, {share}"), &values), t.highlight_text)
        }
        Some(Verdict::NotSure { first, .. }) => {
            let values = [("class", &*first.to_string()), ("share", &written(*first))];
            (fill(tr("not sure: {class}, {share}"), &values), t.warn)
        }
        Some(Verdict::NotANumber) => (tr("not a number").to_owned(), t.warn),
        None => ("–".to_owned(), t.second),
    };
    let galley = ui.painter().layout_no_wrap(text.clone(), fonts::semibold(size::BODY), ink);
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::hover());
    let place = Align2::RIGHT_CENTER.anchor_size(rect.right_center(), galley.size());
    ui.painter().galley(place.min, galley, ink);
    let which = if is_moved { tr("Answer of {run} to the moved image") } else { tr("Answer of {run}") };
    let name = fill(which, &[("run", NAMES[i])]);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Status, true, &name);
        info.current_text_value = Some(text.clone());
        info
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shift_is_said_in_words() {
        assert_eq!(words([0, 0]), "Not moved");
        assert_eq!(words([0, 3]), "Moved 3 px right");
        assert_eq!(words([-2, -1]), "Moved 1 px left, 2 px up");
    }
}
