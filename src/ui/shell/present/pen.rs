//! The pen that draws over the window.

use super::layers::{layer, sheet};
use crate::{
    text::tr,
    ui::{
        action::{Action, Actions},
        model::presenting::{PenPoint, PresentAct, Presenting},
        style::tokens::Tokens,
    },
};
use egui::{CursorIcon, Event, Order, Pos2, Response, Shape, Stroke, Ui, WidgetInfo, vec2};

/// The width of a stroke, in points.
const WIDTH: f32 = 3.0;

/// The width of the rim that keeps it apart from what is below, in points.
const RIM: f32 = 6.0;

/// Shows what was drawn; while the pen is taken, the pointer draws.
pub fn pen_ui(ui: &Ui, presenting: &Presenting, actions: &mut Actions) {
    if !presenting.is_on || !presenting.has_pen && presenting.strokes.is_empty() {
        return;
    }
    let over = layer(ui, Order::Foreground, "pen");
    let screen = over.max_rect();
    let t = Tokens::of(ui);
    for stroke in &presenting.strokes {
        let points: Vec<Pos2> = stroke.iter().map(|[x, y]| screen.lerp_inside(vec2(*x, *y))).collect();
        for (width, color) in [(RIM, t.ground), (WIDTH, t.accent)] {
            if let [point] = points[..] {
                over.painter().circle_filled(point, width / 2.0 + 0.5, color);
            } else {
                over.painter().add(Shape::line(points.clone(), Stroke::new(width, color)));
            }
        }
    }
    if presenting.has_pen {
        sheet(ui, Order::Foreground, "paper of the pen", |ui, paper| draw(ui, paper, actions));
    }
}

/// Every movement of the frame counts, so that a fast stroke stays round.
fn draw(ui: &Ui, paper: Response, actions: &mut Actions) {
    let screen = ui.ctx().content_rect();
    paper.widget_info(|| WidgetInfo::labeled(egui::Role::Canvas, true, tr("Pen")));
    let response = paper.on_hover_cursor(CursorIcon::Crosshair);
    let part = |at: Pos2| -> PenPoint {
        let part = (at - screen.min) / screen.size();
        [part.x, part.y]
    };
    let mut send = |act| actions.send(Action::Present(act));
    if response.drag_started()
        && let Some(at) = ui.input(|input| input.pointer.press_origin())
    {
        send(PresentAct::Touch(part(at)));
    }
    if response.dragged() {
        let moves = ui.input(|input| {
            let moves = input.events.iter().filter_map(|event| match event {
                Event::PointerMoved(at) => Some(*at),
                _ => None,
            });
            moves.collect::<Vec<Pos2>>()
        });
        for at in moves {
            send(PresentAct::Move(part(at)));
        }
    }
}
