//! Paints the pictures of a breakdown with their marks and numbers, and handles the pointer on them.

use super::{
    BreakdownPanel,
    layout::{self, NUMBER, OPERATOR},
    piece::{BreakdownScene, Piece, cover, is_off, is_to_come, name, on, picture, scene_pixel},
    written::value_at,
};
use crate::{
    explain::Breakdown,
    text::{fill, tr, written::Number},
    ui::{
        action::{Action, Actions},
        model::selection::{MapId, Selection},
        style::{
            fonts,
            tokens::{Tokens, radius, size, space},
        },
        views::network::{keys, lines, values},
        widgets::{cross_out, has_room, numbers},
    },
};
use egui::{
    Align2, Pos2, Rect, Response, Role, ScrollArea, Sense, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use ndarray::Array2;

/// The largest side of the sum's and the stages' maps, in points.
const LARGEST: f32 = 150.0;

/// The side of a single value, in points.
const VALUE: f32 = 48.0;

/// The height of a caption above a picture, in points.
const CAPTION: f32 = 18.0;

/// In less width than this, in points, the sum and the layers after it are below the partial results.
const STACKED: f32 = 560.0;

impl BreakdownPanel {
    pub(super) fn pictures_ui(
        &mut self,
        ui: &mut Ui,
        body: Rect,
        scene: &BreakdownScene<'_>,
        actions: &mut Actions,
    ) {
        let breakdown = scene.breakdown;
        let is_map = breakdown.sum.len() > 1;
        let pieces = 1 + breakdown.stages.len();
        if body.width() < STACKED {
            let most = (body.width() / pieces as f32 - OPERATOR - space::S).min(body.height() * 0.4);
            let side = if is_map { most.min(LARGEST) } else { VALUE };
            let middle = body.bottom() - CAPTION - side - NUMBER;
            self.shares_ui(ui, body.with_max_y(middle - space::M), scene, actions);
            self.after_ui(ui, body.with_min_y(middle), side, scene, actions);
            return;
        }
        let most = (body.width() * 0.5 / pieces as f32 - OPERATOR - space::S).max(24.0);
        let side = if is_map { (body.height() - CAPTION - NUMBER).min(LARGEST).min(most) } else { VALUE };
        let after = pieces as f32 * (side + OPERATOR + space::S) + space::S;
        let left = body.with_max_x(body.right() - after);
        let mut right = body.with_min_x(left.right());
        let used = self.shares_ui(ui, left, scene, actions);
        // The sum follows the partial results without a gap.
        right = right.translate(vec2((used + space::L - left.width()).min(0.0), 0.0));
        right.min.y +=
            ((body.height() - CAPTION - NUMBER - side) / 2.0).clamp(0.0, (body.height() - side) / 2.0);
        self.after_ui(ui, right, side, scene, actions);
    }

    /// The rows of input × kernel = partial result; returns their width.
    fn shares_ui(
        &mut self,
        ui: &mut Ui,
        room: Rect,
        scene: &BreakdownScene<'_>,
        actions: &mut Actions,
    ) -> f32 {
        let breakdown = scene.breakdown;
        let Some(first) = breakdown.contributions.first() else { return 0.0 };
        let is_map = breakdown.window.is_some();
        let (height, width) = first.input.dim();
        if !is_map && height == 1 && width > 1 {
            return self.vector_ui(ui, room, scene);
        }
        let wanted = layout::Wanted {
            count: breakdown.contributions.len(),
            aspect: width as f32 / height.max(1) as f32,
            kernel: if is_map { 0.66 } else { 1.0 },
        };
        let top = room.with_min_y(room.top() + CAPTION);
        let placed = layout::place(wanted, top.size());
        // Few rows are centred, as the sum is.
        let down = ((top.height() - placed.size.y) / 2.0).max(0.0);
        let (room, top) = (room.translate(vec2(0.0, down)), top.with_min_y(top.top() + down));
        let limits = [self.limits.inputs, self.limits.kernels, self.limits.products].map(limit_text);
        let scales = fill(
            if is_map {
                tr("input ({input}) × kernel ({kernel}) = partial result ({sum})")
            } else {
                tr("input ({input}) × weights ({kernel}) = products ({sum}), with their sum")
            },
            &[("input", &limits[0]), ("kernel", &limits[1]), ("sum", &limits[2])],
        );
        caption(ui, room.with_max_x(room.right() - space::S), &scales);
        let mut child = ui.new_child(UiBuilder::new().max_rect(top));
        ScrollArea::vertical().auto_shrink(false).id_salt("shares").show(&mut child, |ui| {
            let (rect, _) = ui.allocate_exact_size(placed.size, Sense::hover());
            for share in 0..breakdown.contributions.len() {
                let rects = layout::pictures(wanted, placed, rect.min, share);
                if !ui.is_rect_visible(rects[0].union(rects[2]).expand(NUMBER)) {
                    continue;
                }
                let pieces = [Piece::Input(share), Piece::Kernel(share), Piece::Partial(share)];
                for (piece, rect) in pieces.into_iter().zip(rects) {
                    self.piece_ui(ui, rect, piece, scene, false, actions);
                }
                let t = Tokens::of(ui);
                for (rect, operator) in rects.iter().zip(["×", "="]) {
                    let at = pos2(rect.right() + OPERATOR / 2.0, rects[1].center().y);
                    ui.painter().text(at, Align2::CENTER_CENTER, operator, fonts::mono(size::MONO), t.second);
                }
            }
        });
        placed.size.x.min(room.width())
    }

    /// A vector, its weights and their products as strips, one below the other.
    fn vector_ui(&mut self, ui: &mut Ui, room: Rect, scene: &BreakdownScene<'_>) -> f32 {
        let width = room.width() - space::L;
        let step = (room.height() / 3.0).clamp(40.0, 96.0);
        let strips = [
            (Piece::Input(0), tr("inputs"), self.limits.inputs),
            (Piece::Kernel(0), tr("× weights"), self.limits.kernels),
            (Piece::Partial(0), tr("= products"), self.limits.products),
        ];
        for (line, (piece, name, limit)) in strips.into_iter().enumerate() {
            let corner = room.min + vec2(0.0, step * line as f32);
            caption(ui, room.with_min_y(corner.y), &format!("{name} ({})", limit_text(limit)));
            let strip =
                Rect::from_min_size(corner + vec2(0.0, CAPTION), vec2(width, step - CAPTION - space::S));
            self.paint(ui.painter(), scene.breakdown, piece, strip);
            let response = ui.interact(strip, ui.scope_id().with(("strip", line)), Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
            let picture = picture(scene.breakdown, piece);
            if let Some(pos) = response.hover_pos() {
                let at = ((pos.x - strip.left()) / strip.width() * picture.ncols() as f32) as usize;
                if let Some(value) = picture.get((0, at)) {
                    response.on_hover_ui_at_pointer(|ui| {
                        ui.monospace(format!("[{at}] = {}", lines::exact(*value)));
                    });
                }
            }
        }
        width
    }

    /// The sum, and the outputs of the layers that follow.
    fn after_ui(
        &mut self,
        ui: &mut Ui,
        room: Rect,
        side: f32,
        scene: &BreakdownScene<'_>,
        actions: &mut Actions,
    ) {
        let BreakdownScene { breakdown, network, stage, .. } = *scene;
        let t = Tokens::of(ui);
        let sum = if breakdown.bias.is_some() { tr("Σ + bias") } else { tr("Σ") };
        let stages = breakdown
            .stages
            .iter()
            .enumerate()
            .map(|(number, stage)| (Piece::Stage(number), values::title(network, stage.layer + 1)));
        let mut left = room.left();
        for (piece, name) in std::iter::once((Piece::Sum, sum.to_owned())).chain(stages) {
            let operator = pos2(left + OPERATOR / 2.0, room.top() + CAPTION + side / 2.0);
            let icon = if piece == Piece::Sum { "Σ" } else { "→" };
            ui.painter().text(operator, Align2::CENTER_CENTER, icon, fonts::mono(size::MONO), t.second);
            left += OPERATOR + space::XS;
            let (height, width) = picture(breakdown, piece).dim();
            let aspect = width as f32 / height.max(1) as f32;
            let wide = vec2(side * aspect.min(1.0), side / aspect.max(1.0));
            let rect = Rect::from_min_size(pos2(left, room.top() + CAPTION), wide);
            let clip =
                Rect::from_min_max(pos2(left, room.top()), pos2(left + side + space::S, room.bottom()));
            caption(ui, clip, &name);
            let is_selected = match piece {
                Piece::Stage(number) => stage == Some(number),
                _ => stage.is_none(),
            };
            self.piece_ui(ui, rect, piece, scene, is_selected, actions);
            left += side + space::XS;
        }
    }

    /// One picture with its marks, and below it the number at the marked place.
    fn piece_ui(
        &mut self,
        ui: &mut Ui,
        rect: Rect,
        piece: Piece,
        scene: &BreakdownScene<'_>,
        is_selected: bool,
        actions: &mut Actions,
    ) {
        let t = Tokens::of(ui);
        let breakdown = scene.breakdown;
        let shown = picture(breakdown, piece);
        let region = match piece {
            Piece::Input(_) => Some(&scene.highlights.inputs),
            Piece::Kernel(_) => None,
            Piece::Partial(_) | Piece::Sum => Some(&scene.highlights.sum),
            Piece::Stage(stage) => scene.highlights.stages.get(stage),
        };
        let number = match (piece, scene.written) {
            (Piece::Partial(share), Some(written)) => written.partial(share),
            (Piece::Sum, Some(written)) => Some(written.total().signed()),
            (Piece::Stage(stage), Some(written)) => written.stages.get(stage).map(Number::signed),
            // Of a whole window of the sum, there is only the output of the pooling layer.
            (Piece::Stage(_), None) => {
                region.and_then(|region| value_at(shown, region)).map(|value| lines::single(value).signed())
            }
            _ => None,
        };
        let is_covered = scene.played.zip(region).is_some_and(|(played, region)| {
            region.rows.len() == 1 && is_to_come(breakdown, piece, played, region)
        });
        let text = number.filter(|_| !is_covered).unwrap_or_default();
        let sense = if is_chosen_from(breakdown, piece) { Sense::click() } else { Sense::hover() };
        let response = ui.interact(rect, ui.scope_id().with(("piece", Self::slot(breakdown, piece))), sense);
        let is_off = is_off(scene, piece);
        response.widget_info(|| {
            let name = name(scene, piece);
            let name = if is_off { fill(tr("{name}, switched off"), &[("name", &name)]) } else { name };
            let mut info = WidgetInfo::labeled(Role::Image, true, name);
            info.current_text_value = Some(text.clone());
            info
        });
        self.paint(ui.painter(), breakdown, piece, rect);
        if let Some(played) = scene.played {
            cover(ui.painter(), rect, piece, breakdown, played);
        }
        if is_off {
            cross_out(ui.painter(), rect);
        }
        if is_selected {
            ui.painter().rect_stroke(rect.expand(2.0), radius::S, t.highlight_stroke(), StrokeKind::Outside);
        }
        let is_marked = shown.len() > 1 && breakdown.window.is_some();
        if let Some(region) = region.filter(|region| !region.is_empty() && is_marked) {
            ui.painter().rect_stroke(on(rect, shown, region), 0, t.highlight_stroke(), StrokeKind::Outside);
        }
        let below = pos2(rect.left(), rect.bottom() + 2.0);
        let font = if is_selected { fonts::mono_bold(size::SMALL) } else { fonts::mono(size::SMALL) };
        ui.painter().text(below, Align2::LEFT_TOP, &text, font, if is_selected { t.text } else { t.second });
        if is_chosen_from(breakdown, piece) {
            keys::leave_arrows(ui, &response, rect.expand(4.0));
        }
        self.pointer_ui(&response, rect, piece, scene, actions);
    }

    fn pointer_ui(
        &mut self,
        response: &Response,
        rect: Rect,
        piece: Piece,
        scene: &BreakdownScene<'_>,
        actions: &mut Actions,
    ) {
        let breakdown = scene.breakdown;
        let shown = picture(breakdown, piece);
        let Some(pos) = response.hover_pos() else {
            if response.clicked() {
                // A click by a key or a screen reader is at the marked place.
                let marked = match piece {
                    Piece::Stage(stage) => scene.highlights.stages.get(stage),
                    _ => Some(&scene.highlights.sum),
                };
                let marked = marked.filter(|region| region.rows.len() == 1 && region.columns.len() == 1);
                let marked = marked.and_then(|region| {
                    Some((region.rows.start.try_into().ok()?, region.columns.start.try_into().ok()?))
                });
                actions.send(Action::Select(selection(breakdown, piece, marked)));
            }
            return;
        };
        if !is_chosen_from(breakdown, piece) {
            return told(response, rect, pos, shown);
        }
        let at = (pos - rect.min) / rect.size();
        let place =
            |share: f32, len: usize| ((share * len as f32).max(0.0) as usize).min(len.saturating_sub(1));
        let (row, column) = (place(at.y, shown.nrows()), place(at.x, shown.ncols()));
        if self.resting != Some(pos) {
            self.pointed = Some((piece, row, column));
        }
        if !response.clicked() {
            return;
        }
        let place = match piece {
            Piece::Input(_) => scene_pixel(breakdown, piece, (row, column)),
            _ => Some((row, column)).filter(|_| shown.len() > 1),
        };
        actions.send(Action::Select(selection(breakdown, piece, place)));
    }
}

/// Whether a place can be selected in a picture. A weight of a kernel corresponds to no single place of the sum, nor does
/// an input of a fully connected layer.
fn is_chosen_from(breakdown: &Breakdown, piece: Piece) -> bool {
    let is_whole = breakdown.window.is_none() && matches!(piece, Piece::Input(_) | Piece::Partial(_));
    !is_whole && !matches!(piece, Piece::Kernel(_))
}

/// The selection for a place of a picture: in the picture's own map if it is the output of a later layer, else in the sum.
fn selection(breakdown: &Breakdown, piece: Piece, place: Option<(usize, usize)>) -> Selection {
    let (layer, map, channel) = match piece {
        Piece::Stage(stage) => (breakdown.stages[stage].layer, breakdown.stages[stage].channel, None),
        Piece::Input(share) | Piece::Partial(share) => {
            (breakdown.layer, breakdown.channel, Some(breakdown.contributions[share].channel))
        }
        Piece::Sum | Piece::Kernel(_) => (breakdown.layer, breakdown.channel, None),
    };
    let of = picture(breakdown, if matches!(piece, Piece::Stage(_)) { piece } else { Piece::Sum });
    let pixel = place.filter(|_| of.len() > 1);
    Selection { map: Some(MapId { column: layer + 1, map }), pixel, channel }
}

/// Shows the value under the pointer.
fn told(response: &Response, rect: Rect, pos: Pos2, shown: &Array2<f32>) {
    let at = (pos - rect.min) / rect.size();
    let (row, column) = ((at.y * shown.nrows() as f32) as usize, (at.x * shown.ncols() as f32) as usize);
    if let Some(value) = shown.get((row, column)) {
        response.clone().on_hover_ui_at_pointer(|ui| {
            ui.monospace(format!("({row}, {column}) = {}", lines::exact(*value)));
        });
    }
}

/// A line of words at the upper left of `room`, cut off at its width, or smaller where it is presented to the back row.
fn caption(ui: &Ui, room: Rect, text: &str) {
    let t = Tokens::of(ui);
    let painter = ui.painter().with_clip_rect(room.intersect(ui.clip_rect()));
    let mut font = fonts::words(size::SMALL);
    if !has_room(ui) {
        let width = painter.layout_no_wrap(text.to_owned(), font.clone(), t.second).size().x;
        font.size *= (room.width() / width.max(1.0)).clamp(LEAST_CAPTION, 1.0);
    }
    painter.text(room.left_top(), Align2::LEFT_TOP, text, font, t.second);
}

/// The least part of its size to which a caption shrinks.
const LEAST_CAPTION: f32 = 0.75;

/// The largest size of a number in a picture. A picture of zeros alone has the least limit that a scale can have.
fn limit_text(limit: f32) -> String {
    format!("±{}", numbers::plain(if limit > f32::MIN_POSITIVE { limit } else { 0.0 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_of_zeros_reaches_from_0_to_0() {
        assert_eq!(limit_text(f32::MIN_POSITIVE), "±0");
        assert_eq!(limit_text(0.5), "±0.50");
    }
}
