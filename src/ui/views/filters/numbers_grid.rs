//! The numbers of a kernel, to be painted or typed.

use super::{
    brush::{BrushSetup, Mode},
    shown::Shown,
};
use crate::{
    explain::kernels::KernelFigures,
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        model::filters::FiltersAct,
        style::{
            colormap::ColorMapLut,
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{GridCell, GridResponse, NumberGrid, numbers, side_for, typed_number_ui},
    },
};
use egui::{DragValue, Label, PointerButton, RichText, Role, Sense, Ui, Vec2, WidgetInfo};
use std::cell::RefCell;

/// The largest cell.
const LARGEST: f32 = 64.0;

/// The room for the bias and the figures under the numbers.
const FOOT: f32 = 68.0;

/// The numbers in a room, with the bias and the figures below.
pub(super) fn numbers_ui(
    ui: &mut Ui,
    shown: &Shown<'_>,
    brush: &mut BrushSetup,
    room: Vec2,
    actions: &mut Actions,
) {
    let t = Tokens::of(ui);
    let kernel = shown.kernel();
    let pair = shown.layout.size;
    let limit = kernel.iter().fold(0.0_f32, |most, value| most.max(value.abs())).max(brush.value.abs());
    let side = side_for(room - egui::vec2(0.0, FOOT), (pair.h, pair.w), LARGEST);
    let content = |row: usize, column: usize| {
        GridCell::of(kernel.get(row * pair.w + column).copied().unwrap_or_default())
    };
    let name = tr("filter");
    let grid =
        NumberGrid::new(name, (pair.h, pair.w), side, ColorMapLut::diverging(ui.theme()), limit, &content)
            .editable(brush.mode == Mode::Type)
            .ui(ui);
    if brush.mode == Mode::Paint {
        paint(ui, shown, brush, &grid, actions);
    } else if let Some(((row, column), value)) = grid.edited {
        brush.refused = None;
        let goes_on = ui.input(|input| input.pointer.is_decidedly_dragging());
        set(shown, row * pair.w + column, value, goes_on && brush.last == Some((row, column)), actions);
        brush.last = Some((row, column));
    } else if !ui.input(|input| input.pointer.any_down()) {
        brush.last = None;
    }
    if grid.refused.is_some() {
        brush.refused = grid.refused;
    }
    let small = |text: &str| RichText::new(text).font(fonts::words(size::SMALL)).color(t.second);
    let figures = KernelFigures::of(kernel);
    ui.horizontal(|ui| {
        ui.set_max_width(room.x);
        ui.spacing_mut().item_spacing.x = space::S;
        ui.spacing_mut().interact_size.y = 22.0;
        if shown.layout.has_bias {
            ui.label(small(tr("bias")));
            let values = shown.values();
            let mut bias = values.last().copied().unwrap_or_default();
            let refused = RefCell::new(None);
            let field = DragValue::new(&mut bias).speed(0.01).max_decimals(3).range(-1e6..=1e6);
            let field = field.custom_parser(|text| {
                let number = numbers::typed(text);
                if number.is_none() {
                    *refused.borrow_mut() = Some(text.trim().to_owned());
                }
                number
            });
            let field = typed_number_ui(ui, field);
            field.widget_info(|| {
                let mut info = WidgetInfo::labeled(Role::SpinButton, true, tr("bias of the filter"));
                info.value = Some(f64::from(bias));
                info
            });
            if let Some(text) = refused.into_inner() {
                let sentence = tr("bias: “{text}” is not a number. Type one such as 2 or −0.5.");
                brush.refused = Some(fill(sentence, &[("text", &text)]));
            } else if field.changed() {
                brush.refused = None;
                set(shown, values.len() - 1, bias, field.dragged() && !field.drag_started(), actions);
            }
        }
        let text = fill(tr("norm {norm}"), &[("norm", &numbers::plain(figures.norm))]);
        ui.add(figures_label(&t, text));
    });
    if let Some(refused) = &brush.refused {
        let text = format!("{}  {refused}", icons::TRIANGLE_ALERT);
        let text = RichText::new(text).size(size::SMALL).color(t.bad);
        ui.add(Label::new(text).truncate()).on_hover_text(refused);
        return;
    }
    let values = [
        ("mean", numbers::signed(figures.mean)),
        ("min", numbers::signed(figures.min)),
        ("max", numbers::signed(figures.max)),
    ];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    ui.add(figures_label(&t, fill(tr("mean {mean}  min {min}  max {max}"), &values)));
}

fn figures_label(t: &Tokens, text: String) -> Label {
    Label::new(RichText::new(text).font(fonts::mono(size::SMALL - 1.0)).color(t.second)).truncate()
}

/// Gives one number of the filter, of its kernel or, after all of them, of its bias, another value.
/// Returns whether the number changes.
fn set(shown: &Shown<'_>, at: usize, value: f32, goes_on: bool, actions: &mut Actions) -> bool {
    let mut values = shown.values();
    let is_bias = shown.layout.has_bias && at + 1 == values.len();
    let place = if is_bias { at } else { shown.input * shown.layout.size.area() + at };
    if let Some(number) = values.get_mut(place)
        && *number != value
    {
        *number = value;
        actions.send(Action::Filters(FiltersAct::Paint { id: shown.id(shown.filter), values, goes_on }));
        return true;
    }
    false
}

/// Strokes: the left button paints the brush's number, the right one its negative.
fn paint(ui: &Ui, shown: &Shown<'_>, brush: &mut BrushSetup, grid: &GridResponse, actions: &mut Actions) {
    let canvas = grid.response.interact(Sense::click_and_drag());
    let canvas = canvas.on_hover_cursor(egui::CursorIcon::Crosshair);
    let down = |button| ui.input(|input| input.pointer.button_down(button));
    let (left, right) = (down(PointerButton::Primary), down(PointerButton::Secondary));
    if !canvas.is_pointer_button_down_on() || !(left || right) {
        (brush.last, brush.has_painted) = (None, false);
        return;
    }
    let Some(at) = canvas.interact_pointer_pos().filter(|at| grid.layout.rect.contains(*at)) else { return };
    let place = (at - grid.layout.rect.min) / grid.layout.cell;
    let cell = (place.y.max(0.0) as usize, place.x.max(0.0) as usize);
    let pair = shown.layout.size;
    if brush.last == Some(cell) || cell.0 >= pair.h || cell.1 >= pair.w {
        return;
    }
    let value = if left { brush.value } else { -brush.value };
    // A stroke begins with the first cell that it changes.
    brush.has_painted |= set(shown, cell.0 * pair.w + cell.1, value, brush.has_painted, actions);
    brush.last = Some(cell);
}
