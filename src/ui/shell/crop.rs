//! The question which part of a large picture is the digit: a rectangle to drag, and the marks as suggestions.

use crate::{
    text::{fill, harmless, tr},
    ui::{
        action::{Action, Actions},
        model::crop::{CropAct, CropQuestion, SMALLEST},
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{ImageTile, modal, primary_button, tool_button},
    },
};
use egui::{Key, Label, Pos2, Rect, RichText, Role, Sense, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2};

/// The largest width and height of the picture on the screen, in points.
const ROOM: Vec2 = vec2(560.0, 380.0);

/// Shows the question if it is open.
pub fn crop_ui(ui: &Ui, state: &AppState, actions: &mut Actions) {
    let Some(question) = &state.crop else { return };
    let modal = modal(ui.ctx(), "crop").show(ui.ctx(), |ui| {
        let t = Tokens::of(ui);
        let window = ui.ctx().content_rect().size();
        let room = ROOM.min(window - vec2(80.0, 220.0)).max(Vec2::splat(120.0));
        ui.set_width(room.x);
        ui.label(
            RichText::new(tr("Which part is the digit?")).font(fonts::semibold(size::LARGE)).color(t.text),
        );
        let about = fill(
            tr("{name} has several marks. Choose one, or drag a rectangle over the picture."),
            &[("name", &harmless(&question.name))],
        );
        ui.add(Label::new(RichText::new(about).size(size::SMALL).color(t.second)).wrap());
        ui.add_space(space::S);
        picture_ui(ui, question, room, actions);
        ui.add_space(space::M);
        buttons_ui(ui, actions);
    });
    if modal.should_close() {
        actions.send(Action::Crop(CropAct::Cancel));
    }
}

fn picture_ui(ui: &mut Ui, question: &CropQuestion, room: Vec2, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let (width, height) = question.ink.dimensions();
    let pixel = (room.x / width as f32).min(room.y / height as f32);
    let tile =
        ImageTile::new(tr("Picture"), "crop", question.revision, question.ink.as_raw(), width as usize);
    let response = tile.ground(question.ground).side(pixel * width.max(height) as f32).draggable().ui(ui);
    let picture = response.rect;
    let on_screen = |[x, y, width, height]: [u32; 4]| {
        let min = picture.min + vec2(x as f32, y as f32) * pixel;
        Rect::from_min_size(min, vec2(width as f32, height as f32) * pixel)
    };
    for (number, &mark) in question.marks.iter().enumerate() {
        let rect = on_screen(mark);
        let is_chosen = question.chosen == mark;
        let button = ui.interact(rect, response.id.with(number), Sense::click());
        button.widget_info(|| {
            let name = fill(tr("Mark {number}"), &[("number", &(number + 1).to_string())]);
            WidgetInfo::selected(Role::RadioButton, true, is_chosen, name)
        });
        if button.clicked() {
            actions.send(Action::Crop(CropAct::Choose(mark)));
        }
        let is_lit = button.hovered() || button.has_focus();
        let stroke = if is_lit { t.focus_stroke() } else { t.control_stroke() };
        ui.painter().rect_stroke(rect, 2, stroke, StrokeKind::Inside);
    }
    if response.dragged()
        && let (Some(from), Some(to)) =
            (ui.input(|input| input.pointer.press_origin()), response.interact_pointer_pos())
        && let Some(part) = part((from, to), picture, pixel)
    {
        actions.send(Action::Crop(CropAct::Choose(part)));
    }
    ui.painter().rect_stroke(on_screen(question.chosen), 2, t.highlight_stroke(), StrokeKind::Outside);
}

/// The part of the picture between two points of the screen; `None` if it is too small.
fn part((from, to): (Pos2, Pos2), picture: Rect, pixel: f32) -> Option<[u32; 4]> {
    let inside = |at: Pos2| {
        pos2(at.x.clamp(picture.left(), picture.right()), at.y.clamp(picture.top(), picture.bottom()))
    };
    let rect = Rect::from_two_pos(inside(from), inside(to));
    let [x, y] = [rect.left() - picture.left(), rect.top() - picture.top()].map(|at| (at / pixel) as u32);
    let [width, height] = [rect.width(), rect.height()].map(|length| (length / pixel).round() as u32);
    (width >= SMALLEST && height >= SMALLEST).then_some([x, y, width, height])
}

fn buttons_ui(ui: &mut Ui, actions: &mut Actions) {
    ui.horizontal(|ui| {
        let takes = primary_button(ui, icons::CHECK, tr("Use this part")).clicked();
        let is_free = ui.ctx().memory(|memory| memory.focused().is_none());
        if takes || is_free && ui.input(|input| input.key_pressed(Key::Enter)) {
            actions.send(Action::Crop(CropAct::Take));
        }
        if tool_button(ui, icons::IMAGE, tr("Whole picture"), "").clicked() {
            actions.send(Action::Crop(CropAct::Whole));
        }
        if tool_button(ui, icons::X, tr("Cancel"), "Esc").clicked() {
            actions.send(Action::Crop(CropAct::Cancel));
        }
    });
}
