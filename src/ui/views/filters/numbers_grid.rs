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
    let is_bias = shown.layout.has_bias && at + 1 == shown.values().len();
    let place = if is_bias { at } else { shown.input * shown.layout.size.area() + at };
    set_all(shown, &[place], value, goes_on, actions)
}

/// Gives some numbers of the filter another value. Returns whether one of them changes.
fn set_all(shown: &Shown<'_>, places: &[usize], value: f32, goes_on: bool, actions: &mut Actions) -> bool {
    let mut values = shown.values();
    let mut changes = false;
    for &place in places {
        if let Some(number) = values.get_mut(place) {
            changes |= *number != value;
            *number = value;
        }
    }
    if changes {
        actions.send(Action::Filters(FiltersAct::Paint { id: shown.id(shown.filter), values, goes_on }));
    }
    changes
}

/// Strokes: the left button paints the brush's number, the right one its negative.
fn paint(ui: &Ui, shown: &Shown<'_>, brush: &mut BrushSetup, grid: &GridResponse, actions: &mut Actions) {
    let canvas = grid.response.interact(Sense::click_and_drag());
    let canvas = canvas.on_hover_cursor(egui::CursorIcon::Crosshair);
    let down = |button| ui.input(|input| input.pointer.button_down(button));
    let (left, right) = (down(PointerButton::Primary), down(PointerButton::Secondary));
    if !canvas.is_pointer_button_down_on() || !(left || right) {
        (brush.last, brush.has_painted, brush.at) = (None, false, None);
        return;
    }
    let Some(pointer) = canvas.interact_pointer_pos() else { return };
    let to = (pointer - grid.layout.rect.min) / grid.layout.cell;
    let from = brush.at.replace(to).unwrap_or(to);
    let pair = shown.layout.size;
    let cells: Vec<_> = cells_between(from, to, (pair.h, pair.w)).collect();
    let Some(&last) = cells.last().filter(|last| brush.last != Some(**last)) else { return };
    let value = if left { brush.value } else { -brush.value };
    let place = |(row, column): &(usize, usize)| shown.input * pair.area() + row * pair.w + column;
    let places: Vec<usize> = cells.iter().map(place).collect();
    // A stroke begins with the first cell that it changes.
    brush.has_painted |= set_all(shown, &places, value, brush.has_painted, actions);
    brush.last = Some(last);
}

/// The cells on a line between two places of a grid, in units of a cell, in its order. A fast stroke moves by several cells
/// within a frame.
fn cells_between(
    from: Vec2,
    to: Vec2,
    (rows, columns): (usize, usize),
) -> impl Iterator<Item = (usize, usize)> {
    // A grid is at most some dozens of cells wide: a pointer far outside needs no more samples.
    let samples = ((to - from).abs().max_elem() * 4.0).ceil().clamp(1.0, 1e4) as usize;
    let mut last = None;
    (0..=samples).filter_map(move |i| {
        let at = from + (to - from) * (i as f32 / samples as f32);
        let is_inside = at.min_elem() >= 0.0 && at.y < rows as f32 && at.x < columns as f32;
        let cell = is_inside.then_some((at.y as usize, at.x as usize)).filter(|cell| last != Some(*cell))?;
        last = Some(cell);
        Some(cell)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::vec2;

    #[test]
    fn a_fast_stroke_leaves_out_no_cell() {
        let cells = |from, to| cells_between(from, to, (5, 5)).collect::<Vec<_>>();
        assert_eq!(cells(vec2(0.5, 2.5), vec2(4.5, 2.5)), [(2, 0), (2, 1), (2, 2), (2, 3), (2, 4)]);
        assert_eq!(cells(vec2(2.5, 4.9), vec2(2.5, 2.1)), [(4, 2), (3, 2), (2, 2)]);
        assert_eq!(cells(vec2(1.5, 1.5), vec2(1.5, 1.5)), [(1, 1)]);
        // From cell to cell, also diagonally, and across the border.
        let slanted = cells(vec2(-3.0, -2.0), vec2(9.0, 6.0));
        assert!(!slanted.is_empty());
        assert!(
            slanted.windows(2).all(|two| two[0].0.abs_diff(two[1].0).max(two[0].1.abs_diff(two[1].1)) == 1)
        );
        assert_eq!(cells(vec2(-3.0, 2.0), vec2(-1.0, 9.0)), []);
    }
}
