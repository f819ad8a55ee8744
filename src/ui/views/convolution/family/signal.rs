//! One function slides along another: both as bars, with their products filled, and the result below.

use super::stage::Stage;
use crate::{
    explain::variants::SlidingSignals,
    text::tr,
    ui::{
        model::convolution::act::ConvolutionAct,
        style::{
            colormap::ColorMapLut,
            tokens::{Tokens, radius, space},
        },
        views::convolution::sizes::{TITLE, legible, limit, titled},
        widgets::{GridCell, NumberGrid},
    },
};
use egui::{Rect, Role, Sense, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2};

/// The largest cell, in points.
const LARGEST: f32 = 84.0;

/// The whole picture.
pub fn signal_ui(ui: &mut Ui, sliding: &SlidingSignals, stage: &mut Stage<'_>) {
    let Stage { position, is_whole, is_editable, .. } = *stage;
    let Some(step) = sliding.step(position) else { return };
    let room = ui.available_rect_before_wrap();
    let (f, g) = (sliding.f.len(), sliding.g.len());
    // All places where they overlap, and the length of one function on either side.
    let columns = f + 2 * (g - 1);
    let tall = (room.height() - 5.0 * TITLE) / 7.0;
    let least = legible(&sliding.f, &sliding.g, &sliding.y);
    let side = (room.width() / columns as f32).max(least).min(LARGEST).min(tall.max(least));
    // If the functions are longer than the room is wide, the places around the current one are shown.
    let count = ((room.width() / side).floor().max(1.0) as usize).min(columns);
    let middle = position + g / 2;
    let first = middle.saturating_sub(count / 2).min(columns - count);
    let left = room.left();
    let colors = ColorMapLut::diverging(ui.theme());
    let mut top = room.top();
    let plot_height = (room.height() - 4.0 * (side + TITLE + space::S)).clamp(24.0, 260.0);
    let plot = Rect::from_min_size(pos2(left, top), vec2(count as f32 * side, plot_height));
    plot_ui(ui, sliding, position, plot, (side, first));
    top += plot_height + space::S;
    let mut strip = |ui: &mut Ui,
                     title: &str,
                     name: &str,
                     values: usize,
                     offset: usize,
                     scale: f32,
                     can_edit: bool,
                     content: &dyn Fn(usize) -> GridCell| {
        // The values at the places that are shown.
        let end = (first + count).saturating_sub(offset).min(values);
        let shown = first.saturating_sub(offset).min(end)..end;
        let from = left + (offset + shown.start).saturating_sub(first) as f32 * side;
        let wide = (shown.len() as f32 * side).max(210.0);
        // A title at the right edge stays inside.
        let from = from.min(room.right() - wide.min(room.width()));
        let place = Rect::from_min_size(pos2(from, top), vec2(wide, side + TITLE));
        let indent = left + (offset + shown.start).saturating_sub(first) as f32 * side - from;
        let content = |_: usize, column: usize| content(shown.start + column);
        let shown = titled(ui, place, title, "", |ui| {
            let place = ui.max_rect().translate(vec2(indent, 0.0));
            let ui = &mut ui.new_child(UiBuilder::new().max_rect(place));
            let grid = NumberGrid::new(name, (1, shown.len()), side, colors, scale, &content)
                .origin((0, shown.start as isize));
            if can_edit { grid.editable(is_editable).ui(ui) } else { grid.clickable().ui(ui) }
        });
        top += side + TITLE + space::XS;
        let first = first.saturating_sub(offset);
        let clicked = shown.clicked.map(|(_, column)| first + column);
        let edited = shown.edited.map(|((_, column), value)| (first + column, value));
        Strip { clicked, edited, refused: shown.refused }
    };
    let meets = |place: usize| step.terms.iter().any(|term| term.0 == place);
    let fixed = strip(ui, tr("f stays in place"), tr("f"), f, g - 1, limit(&sliding.f), true, &|i| {
        GridCell { is_lit: meets(i), ..GridCell::of(sliding.f[i]) }
    });
    let title = if sliding.is_flipped { tr("g slides, flipped") } else { tr("g slides") };
    let slides = strip(ui, title, tr("g"), g, position, limit(&sliding.g), true, &|i| GridCell {
        is_lit: usize::try_from(step.start + i as isize).is_ok_and(meets),
        ..GridCell::of(step.sliding[i])
    });
    let products: Vec<f32> = step.terms.iter().map(|(_, f, g)| f * g).collect();
    strip(ui, tr("Products"), tr("products"), f, g - 1, limit(&products), false, &|i| {
        let term = step.terms.iter().find(|term| term.0 == i);
        GridCell { value: term.map(|(_, f, g)| f * g), ..GridCell::default() }
    });
    let result =
        strip(ui, tr("Result"), tr("result"), sliding.len(), 0, limit(&sliding.y), false, &|i| GridCell {
            value: sliding.y.get(i).copied().filter(|_| i <= position || is_whole),
            is_lit: i == position,
            ..GridCell::default()
        });
    if let Some(column) = result.clicked {
        stage.seek(column);
    }
    if let Some((column, value)) = fixed.edited {
        stage.send(ConvolutionAct::SetFamilyNumber(column, value));
    }
    if let Some((column, value)) = slides.edited {
        // Edits change the function before it is flipped.
        let at = if sliding.is_flipped { g - 1 - column } else { column };
        stage.send(ConvolutionAct::SetFamilyWeight(0, at, value));
    }
    stage.take(fixed.refused.or(slides.refused));
}

/// What a person did to one of the functions.
struct Strip {
    clicked: Option<usize>,
    edited: Option<(usize, f32)>,
    refused: Option<String>,
}

/// Both functions as bars over the places, the products filled.
fn plot_ui(ui: &mut Ui, sliding: &SlidingSignals, position: usize, rect: Rect, (side, first): (f32, usize)) {
    let Some(step) = sliding.step(position) else { return };
    let t = Tokens::of(ui);
    let response = ui.interact(rect, ui.scope_id().with("plot"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, tr("Both functions and their products")));
    let before = sliding.g.len() - 1;
    let products = step.terms.iter().map(|(_, f, g)| f * g);
    let all = sliding.f.iter().chain(&sliding.g).copied().chain(products);
    let (low, high) = all.fold((0.0_f32, 1.0_f32), |(low, high), value| (low.min(value), high.max(value)));
    let y = |value: f32| rect.bottom() - (value - low) / (high - low) * (rect.height() - 2.0);
    let bar = |place: isize, value: f32, inset: f32| {
        let x = rect.left() + (place + before as isize - first as isize) as f32 * side;
        Rect::from_two_pos(pos2(x + inset, y(0.0)), pos2(x + side - inset, y(value)))
    };
    let painter = ui.painter_at(rect.expand(2.0));
    for (i, value) in sliding.f.iter().enumerate() {
        painter.rect_filled(bar(i as isize, *value, 3.0), radius::S / 2, t.accent_ground);
        painter.rect_stroke(bar(i as isize, *value, 3.0), radius::S / 2, (1.5, t.accent), StrokeKind::Inside);
    }
    for (place, f, g) in &step.terms {
        let product = bar(*place as isize, f * g, 9.0);
        painter.rect_filled(product, radius::S / 2, t.highlight.gamma_multiply(0.55));
    }
    for (i, value) in step.sliding.iter().enumerate() {
        let bar = bar(step.start + i as isize, *value, 6.0);
        painter.rect_stroke(bar, radius::S / 2, (2.0, t.highlight), StrokeKind::Inside);
    }
    painter.hline(rect.x_range(), y(0.0), (1.0, t.line_strong));
}
