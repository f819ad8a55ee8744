//! All filters of the layer: with one input map as cards with their maps, otherwise as a grid of output and input channels.

use super::{
    kernel_button,
    pictures::{Picture, Pictures},
    shown::Shown,
};
use crate::{
    text::{fill, tr},
    ui::{
        action::Actions,
        state::AppState,
        style::{
            fonts,
            tokens::{Tokens, radius, size, space},
        },
        widgets::numbers,
    },
};
use egui::{Align2, Color32, Id, Rect, ScrollArea, Sense, StrokeKind, Ui, Vec2, pos2, vec2};

/// Between the pictures of a card, in points.
const GAP: f32 = 5.0;
/// Around and between cards.
const MARGIN: f32 = 8.0;
/// The line under a card's pictures.
const CAPTION: f32 = 21.0;
/// The sides that a card's picture can have.
const SIDES: [f32; 2] = [44.0, 76.0];
/// The least side of a cell in a grid of channels.
const CELL: f32 = 2.4;
/// The largest side of a kernel there.
const LARGEST: f32 = 40.0;
/// Between two kernels there.
const TIGHT: f32 = 3.0;
/// The room for the number of a filter there.
const NUMBER: f32 = 92.0;
/// The titles above the pictures.
const TITLES: f32 = 20.0;

/// The pictures that a person wants of each kernel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wanted {
    /// As many as fit.
    #[default]
    Fitting,
    /// All three.
    All,
    /// One of them.
    One(Picture),
}

/// The filters with their pictures.
#[derive(Default)]
pub struct FilterBoard {
    pub pictures: Pictures,
    /// Where it was in the last frame.
    place: Option<Rect>,
    /// The pictures that a person wants.
    pub wanted: Wanted,
    /// Whether only one picture of each kernel is shown.
    pub shows_one_picture: bool,
    /// How many filters stand side by side.
    pub columns: usize,
    /// The selection of the last frame, which is scrolled to when it changes.
    selected: (usize, usize),
}

/// Where the kernels of a filter are.
struct Board {
    /// The pictures that are shown.
    pictures: Vec<Picture>,
    has_maps: bool,
    /// The side of a picture, and what follows it.
    side: Vec2,
    gap: f32,
    /// Filters in a row.
    columns: usize,
    /// The size of a filter with what is between it and the next.
    each: Vec2,
    is_grid: bool,
    inputs: usize,
}

impl Board {
    fn new(shown: &Shown<'_>, room: Vec2, wanted: Wanted, has_maps: bool) -> Self {
        let pictures = match (shown.before, wanted) {
            (None, _) => vec![Picture::Now],
            (Some(_), Wanted::One(one)) => vec![one],
            (Some(_), _) => Picture::ALL.to_vec(),
        };
        let (h, w) = (shown.layout.size.h as f32, shown.layout.size.w as f32);
        let shape = vec2(w, h) / w.max(h).max(1.0);
        let (inputs, filters) = (shown.layout.inputs, shown.layout.filters);
        if inputs > 1 {
            let least = (CELL * w.max(h)).max(10.0);
            let of = |count: usize| {
                let between = space::L * (count as f32 - 1.0) + TIGHT * (count * inputs) as f32;
                (room.x - NUMBER - between - space::M) / (count * inputs) as f32
            };
            // Without a wish, all three if they are legible, otherwise what is there now.
            let mut pictures = pictures;
            if of(pictures.len()) < least && wanted == Wanted::Fitting {
                pictures = vec![Picture::Now];
            }
            let side = of(pictures.len()).clamp(least, LARGEST).floor();
            let wide = NUMBER + pictures.len() as f32 * (inputs as f32 * (side + TIGHT) + space::L);
            let each = vec2(wide, side * shape.y + TIGHT + 2.0);
            let side = shape * side;
            return Self {
                pictures,
                has_maps: false,
                side,
                gap: TIGHT,
                columns: 1,
                each,
                is_grid: true,
                inputs,
            };
        }
        let count = pictures.len() + usize::from(has_maps);
        let at = |side: f32| {
            let each = vec2(count as f32 * (side + GAP) - GAP, side + CAPTION) + Vec2::splat(2.0 * MARGIN);
            let columns = ((room.x / each.x).floor() as usize).max(1);
            (each, columns)
        };
        let fits = |side: &f32| {
            let (each, columns) = at(*side);
            filters.div_ceil(columns) as f32 * each.y + TITLES <= room.y
        };
        let mut sides = (SIDES[0] as usize..=SIDES[1] as usize).rev().map(|side| side as f32);
        let found = sides.find(fits);
        let (mut each, columns) = at(found.unwrap_or(SIDES[0]));
        // Where they scroll anyway, they fill the row.
        let row = (room.x / columns as f32 - 2.0 * MARGIN + GAP) / count as f32 - GAP;
        let side = found.unwrap_or_else(|| row.floor().clamp(SIDES[0], SIDES[1]));
        each.y = at(side).0.y;
        // Cards share what is left of the row.
        let columns = columns.min(filters.max(1));
        each.x = (room.x / columns as f32).floor().min(at(side).0.x * 1.35);
        Self { pictures, has_maps, side: shape * side, gap: GAP, columns, each, is_grid: false, inputs }
    }

    /// The upper left corner of the filter at a place of the order.
    fn corner(&self, at: usize) -> Vec2 {
        vec2((at % self.columns) as f32, (at / self.columns) as f32) * self.each
    }

    /// A kernel in a filter, from the filter's corner.
    fn kernel(&self, picture: usize, input: usize) -> Rect {
        let at = if self.is_grid {
            let block = self.inputs as f32 * (self.side.x + self.gap) + space::L;
            vec2(NUMBER + picture as f32 * block + input as f32 * (self.side.x + self.gap), 1.0)
        } else {
            let step = self.side.x.max(self.side.y) + self.gap;
            vec2(MARGIN + picture as f32 * step, MARGIN)
        };
        Rect::from_min_size(at.to_pos2(), self.side)
    }

    fn size(&self, filters: usize) -> Vec2 {
        vec2(self.columns as f32, filters.div_ceil(self.columns) as f32) * self.each
    }

    fn title(picture: Picture) -> &'static str {
        match picture {
            Picture::Before => tr("before"),
            Picture::Now => tr("now"),
            Picture::Change => tr("change"),
        }
    }
}

impl FilterBoard {
    /// All filters in the room that there is.
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, shown: &Shown<'_>, actions: &mut Actions) {
        let room = ui.available_size();
        let pointer = ui.input(|input| input.pointer.hover_pos());
        let is_pointed = self.place.is_some_and(|place| pointer.is_some_and(|at| place.contains(at)));
        self.pictures.update(ui, shown, is_pointed, state.is_training());
        let trace = state.trace().filter(|_| shown.layout.inputs == 1 && !state.image.is_blank());
        if let Some(trace) = trace {
            self.pictures.update_maps(ui, shown, trace);
        }
        let board = Board::new(shown, room - vec2(space::M, TITLES), self.wanted, trace.is_some());
        self.columns = board.columns;
        self.shows_one_picture = board.pictures.len() == 1;
        Self::titles_ui(ui, shown, &board);
        let size = board.size(shown.layout.filters);
        let kernel = (shown.filter, shown.input);
        let goes = std::mem::replace(&mut self.selected, kernel) != kernel;
        let area = ScrollArea::both().id_salt(("filters", shown.layer)).auto_shrink(false);
        let output = area.show_viewport(ui, |ui, viewport| {
            let (whole, _) = ui.allocate_exact_size(size, Sense::hover());
            let id = ui.scope_id().with(("kernels", shown.layer));
            let order = self.pictures.order.clone();
            let first = (viewport.top() / board.each.y).floor().max(0.0) as usize * board.columns;
            let rows = (viewport.height() / board.each.y).ceil() as usize + 2;
            let visible = order.iter().enumerate().skip(first).take(rows * board.columns);
            for (_, &filter) in visible.clone() {
                for &picture in &board.pictures {
                    for input in 0..board.inputs {
                        self.pictures.fill(ui, shown, picture, filter, input);
                    }
                }
            }
            self.pictures.upload(ui);
            if goes && let Some(at) = order.iter().position(|filter| *filter == shown.filter) {
                let rect = Rect::from_min_size(whole.min + board.corner(at), board.each);
                ui.scroll_to_rect(rect, None);
            }
            for (at, &filter) in visible {
                let corner = whole.min + board.corner(at);
                if board.is_grid {
                    self.row_ui(ui, shown, &board, (filter, corner, id.with(filter)), actions);
                } else {
                    self.card_ui(ui, shown, &board, (filter, corner, id.with(filter)), actions);
                }
            }
        });
        self.place = Some(output.inner_rect);
    }

    /// The names of the pictures over the columns.
    fn titles_ui(ui: &mut Ui, shown: &Shown<'_>, board: &Board) {
        let t = Tokens::of(ui);
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), TITLES), Sense::hover());
        let write = |x: f32, text: &str| {
            let font = fonts::words(size::SMALL);
            let painter = ui.painter().with_clip_rect(rect.expand(1.0));
            painter.text(pos2(rect.left() + x, rect.top()), Align2::LEFT_TOP, text, font, t.second);
        };
        let filters = if board.is_grid { 1 } else { board.columns.min(shown.layout.filters) };
        for at in 0..filters {
            let left = board.corner(at).x;
            for (number, &picture) in board.pictures.iter().enumerate() {
                let x = left + board.kernel(number, 0).left();
                let title = Board::title(picture);
                if board.is_grid {
                    let count = board.inputs.to_string();
                    let text =
                        fill(tr("{title}, input 0 to {last}"), &[("title", title), ("last", &last(&count))]);
                    let width = board.inputs as f32 * (board.side.x + board.gap);
                    write(x, if width > 150.0 { &text } else { title });
                } else {
                    write(x, title);
                }
            }
            if board.has_maps {
                write(left + board.kernel(board.pictures.len(), 0).left(), tr("its map"));
            }
        }
    }

    /// A filter with one kernel: its pictures and its map.
    fn card_ui(
        &self,
        ui: &Ui,
        shown: &Shown<'_>,
        board: &Board,
        (filter, corner, id): (usize, egui::Pos2, Id),
        actions: &mut Actions,
    ) {
        let t = Tokens::of(ui);
        let count = board.pictures.len() + usize::from(board.has_maps);
        let step = board.side.x.max(board.side.y) + board.gap;
        let wide = count as f32 * step - board.gap + 2.0 * MARGIN;
        let rect = Rect::from_min_size(corner, vec2(wide, board.each.y)).shrink2(vec2(1.0, 2.0));
        let response = ui.interact(rect, id, Sense::click());
        let is_selected = filter == shown.filter;
        let (ground, stroke) = match (is_selected, response.has_focus(), response.hovered()) {
            (_, true, _) => (t.raised, t.focus_stroke()),
            (true, ..) => (t.raised, t.highlight_stroke()),
            (.., true) => (t.hover, t.control_stroke()),
            _ => (Color32::TRANSPARENT, egui::Stroke::NONE),
        };
        ui.painter().rect(rect, radius::M, ground, stroke, StrokeKind::Inside);
        for (number, &picture) in board.pictures.iter().enumerate() {
            let place = board.kernel(number, 0).translate(corner.to_vec2());
            self.pictures.paint(ui.painter(), shown, picture, (filter, 0), place);
            ui.painter().rect_stroke(place, 0, t.line_stroke(), StrokeKind::Outside);
        }
        if board.has_maps {
            let place = board.kernel(board.pictures.len(), 0).translate(corner.to_vec2());
            self.pictures.paint_map(ui.painter(), filter, place);
            ui.painter().rect_stroke(place, 0, t.line_stroke(), StrokeKind::Outside);
        }
        let line = corner.y + MARGIN + board.side.y + 4.0;
        let marks = shown.marks(filter);
        let number = ui.painter().text(
            pos2(corner.x + MARGIN, line),
            Align2::LEFT_TOP,
            filter,
            fonts::mono_bold(size::MONO),
            t.text,
        );
        let ink = if shown.filters.hand.is_painted(shown.id(filter)) { t.warn } else { t.accent };
        let place = pos2(number.right() + space::S, line);
        ui.painter().text(place, Align2::LEFT_TOP, &marks, fonts::words(size::SMALL), ink);
        let change = self.change(shown, filter);
        let place = pos2(corner.x + wide - MARGIN, line);
        if board.pictures.len() > 1 {
            ui.painter().text(place, Align2::RIGHT_TOP, &change, fonts::mono(size::SMALL), t.second);
        }
        let name = fill(tr("Filter {filter}"), &[("filter", &filter.to_string())]);
        kernel_button::respond(ui, shown, &response, (name, marks, change), (filter, 0), actions);
    }

    /// A filter with many kernels, as a row.
    fn row_ui(
        &self,
        ui: &Ui,
        shown: &Shown<'_>,
        board: &Board,
        (filter, corner, id): (usize, egui::Pos2, Id),
        actions: &mut Actions,
    ) {
        let t = Tokens::of(ui);
        let is_selected = filter == shown.filter;
        let row = Rect::from_min_size(corner, board.each);
        if is_selected {
            ui.painter().rect_filled(row, radius::S, t.raised);
        }
        let middle = row.center().y - 0.5;
        let ink = if is_selected { t.text } else { t.second };
        let font = if is_selected { fonts::mono_bold(size::SMALL) } else { fonts::mono(size::SMALL) };
        let number =
            ui.painter().text(pos2(corner.x + space::XS, middle), Align2::LEFT_CENTER, filter, font, ink);
        let marks = shown.marks(filter);
        let is_painted = shown.filters.hand.is_painted(shown.id(filter));
        let word = if is_painted { tr("painted") } else { marks.as_str() };
        let ink = if is_painted { t.warn } else { t.accent };
        let place = pos2(number.right() + 6.0, middle);
        ui.painter().text(place, Align2::LEFT_CENTER, word, fonts::words(size::SMALL - 1.0), ink);
        let change = self.change(shown, filter);
        for (number, &picture) in board.pictures.iter().enumerate() {
            for input in 0..board.inputs {
                let place = board.kernel(number, input).translate(corner.to_vec2());
                if !ui.is_rect_visible(place) {
                    continue;
                }
                self.pictures.paint(ui.painter(), shown, picture, (filter, input), place);
                let response = ui.interact(place, id.with((picture as usize, input)), Sense::click());
                let is_it = is_selected && input == shown.input;
                let stroke = match (is_it, response.has_focus(), response.hovered()) {
                    (_, true, _) => Some(t.focus_stroke()),
                    (true, ..) | (.., true) => Some(t.highlight_stroke()),
                    _ => None,
                };
                if let Some(stroke) = stroke {
                    ui.painter().rect_stroke(place, 0, stroke, StrokeKind::Outside);
                }
                let values = [("filter", filter.to_string()), ("input", input.to_string())];
                let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
                let name = match picture {
                    Picture::Before => fill(tr("Filter {filter}, input {input}, before"), &values),
                    Picture::Now => fill(tr("Filter {filter}, input {input}"), &values),
                    Picture::Change => fill(tr("Filter {filter}, input {input}, change"), &values),
                };
                let said = (name, marks.clone(), change.clone());
                kernel_button::respond(ui, shown, &response, said, (filter, input), actions);
            }
        }
    }

    fn change(&self, shown: &Shown<'_>, filter: usize) -> String {
        if shown.before.is_none() {
            return String::new();
        }
        match self.pictures.changes.get(filter) {
            Some(change) if change.is_finite() => numbers::percent_whole(*change),
            _ => "–".to_owned(),
        }
    }
}

/// The last number of so many from 0 on.
fn last(count: &str) -> String {
    count.parse::<usize>().unwrap_or(1).saturating_sub(1).to_string()
}
