//! What is shown of pooling, a function each: the windows, the gradient, a shift, what is lost.

use super::{
    PoolingView, choose,
    grids::{Extent, MapGrid, Scale, inside, output_ui, title_ui, window_ui},
    places::{Band, Places},
    seek, words,
};
use crate::{
    explain::pooling::{Direction, Pooling, Step},
    nn::Pair,
    ui::{
        action::Actions,
        colormap::ColorMapLut,
        fonts,
        pooling::{PoolingChoice, PoolingSource, Shifts, Study},
        tokens::{Tokens, radius, size, space},
        tr::{fill, tr},
        widgets::{GridCell, Legend, number_grid::exact, segmented},
    },
};
use egui::{
    Align2, Color32, CursorIcon, FontId, Label, Rect, RichText, Role, Sense, StrokeKind, Ui, WidgetInfo,
    pos2, vec2,
};
use std::sync::Arc;

/// Everything that a frame shows.
pub struct Shown<'a> {
    /// The last valid choice and what came of it.
    pub study: &'a Arc<Study>,
    /// The choice as it is.
    pub choice: &'a PoolingChoice,
    /// The window that is looked at.
    pub position: usize,
    /// Whether the picture is that of the choice as it is.
    pub is_valid: bool,
    /// Where everything goes.
    pub places: Places,
}

impl Shown<'_> {
    /// The two layers with their names.
    fn layers(&self) -> [(&'static str, &Pooling); 2] {
        [(tr("Max"), &self.study.max), (tr("Average"), &self.study.average)]
    }

    /// Words as large as the room allows.
    fn font(&self) -> FontId {
        fonts::mono(if self.places.is_wide { size::LARGE } else { size::SMALL })
    }

    /// What the map is called, and its size.
    fn map_title(&self) -> (String, String) {
        let (height, width) = self.study.max.input_size();
        let title = match self.study.choice.source {
            PoolingSource::Image => tr("The current image").to_owned(),
            PoolingSource::Map { map, .. } => fill(tr("Map {map}"), &[("map", &map.to_string())]),
            PoolingSource::Numbers => tr("Numbers").to_owned(),
        };
        let padding = self.study.choice.padding;
        let mut detail = format!("{height}×{width}");
        if padding != Pair::square(0) {
            let padding = if padding.h == padding.w { padding.h.to_string() } else { padding.to_string() };
            detail = fill(tr("{size}, padding {padding}"), &[("size", &detail), ("padding", &padding)]);
        }
        if !self.is_valid {
            detail = fill(tr("{size}: the last that fits"), &[("size", &detail)]);
        }
        (title, detail)
    }

    /// Lets numbers of the map be typed, where they are of the choice as it is.
    fn is_editable(&self) -> bool {
        self.study.choice.source == PoolingSource::Numbers
            && self.choice.source == PoolingSource::Numbers
            && self.study.choice.numbers == self.choice.numbers
    }
}

impl PoolingView {
    /// The map at the left: its window, its winners; what a click and a typed number do.
    fn map_ui(
        &mut self,
        ui: &mut Ui,
        shown: &Shown<'_>,
        window: Option<&Step>,
        lit: &[(usize, usize)],
        actions: &mut Actions,
    ) -> Option<(usize, usize)> {
        let study = shown.study;
        let (title, detail) = shown.map_title();
        title_ui(ui, shown.places.title, &title, &detail);
        let grid = MapGrid {
            name: tr("map"),
            pooling: &study.max,
            extent: Extent::of(&study.max),
            scale: Scale::of(study, ui.theme()),
            window,
            lit,
            shows_unseen: true,
            is_editable: shown.is_editable(),
        };
        let done = grid.ui(ui, shown.places.map, study.max.input());
        if let Some((row, column)) = done.clicked.filter(|_| !shown.is_editable()) {
            // A further click on a cell goes on to the next window that sees it.
            let windows = study.max.steps_that_see(row, column);
            let next = windows.iter().find(|window| **window > shown.position).or(windows.first());
            if let Some(window) = next {
                seek(actions, *window);
            }
        }
        if let Some(((row, column), value)) = done.edited {
            self.refused = None;
            choose(actions, shown.choice, |choice| {
                let at = row * choice.numbers.columns + column;
                if let Some(number) = choice.numbers.values.get_mut(at) {
                    *number = value;
                }
            });
        }
        if done.refused.is_some() {
            self.refused = done.refused;
        }
        done.hovered
    }

    /// What is under the pointer, or what one can do.
    fn pointed_ui(&self, ui: &mut Ui, shown: &Shown<'_>, hint: &str) {
        let t = Tokens::of(ui);
        let max = &shown.study.max;
        let (_, width) = max.input_size();
        let (text, color) = if let Some(refused) = &self.refused {
            (refused.clone(), t.bad)
        } else if let Some((row, column)) = self.pointed {
            let value = max.input().get(row * width + column).copied().unwrap_or(f32::NAN);
            let count = max.steps_that_see(row, column).len();
            let sentence = match count {
                0 => tr("Row {row}, column {column} is {value}: no window sees it."),
                1 => tr("Row {row}, column {column} is {value}: one window sees it."),
                _ => tr("Row {row}, column {column} is {value}: {count} windows see it."),
            };
            let values = [
                ("row", row.to_string()),
                ("column", column.to_string()),
                ("value", words::value(value)),
                ("count", count.to_string()),
            ];
            (fill(sentence, &values.each_ref().map(|(name, value)| (*name, value.as_str()))), t.text)
        } else {
            (hint.to_owned(), t.second)
        };
        ui.label(RichText::new(text).color(color));
    }

    pub(super) fn windows_ui(&mut self, ui: &mut Ui, shown: &Shown<'_>, actions: &mut Actions) {
        let study = shown.study;
        let track = study.track();
        let position = self.pointed_window.filter(|window| *window < track.len).unwrap_or(shown.position);
        let step = study.max.step(position);
        let pointed = self.map_ui(ui, shown, Some(&step), &step.winners(), actions);
        let windows = self.pointed.map(|(row, column)| study.max.steps_that_see(row, column));
        let scale = Scale::of(study, ui.theme());
        let mut pointed_window = None;
        for ((name, pooling), rect) in shown.layers().into_iter().zip(shown.places.bands) {
            let band = Band::of_two(rect, if shown.places.is_wide { 78.0 } else { 54.0 });
            let (rows, columns) = pooling.output_size();
            title_ui(ui, band.title, name, &format!("{rows}×{columns}"));
            let content = |window: usize| GridCell {
                value: pooling.output().get(window).copied(),
                is_lit: windows.as_ref().map_or(window == position, |windows| windows.contains(&window)),
                // What is still to come.
                is_faint: window > shown.position,
                ..GridCell::default()
            };
            let done = output_ui(ui, band.picture, name, (rows, columns), scale, &content);
            if let Some((row, column)) = done.clicked {
                seek(actions, row * columns + column);
            }
            pointed_window = pointed_window.or(done.hovered.map(|(row, column)| row * columns + column));
            let step = pooling.step(position);
            let counts_padding = study.choice.count_include_pad && name != tr("Max");
            let window = fill(tr("{name} window"), &[("name", name)]);
            window_ui(ui, band.beside, &window, &step, scale, counts_padding);
            inside(ui, band.words, |ui| {
                let room = band.words.width() / (shown.font().size * 0.61);
                let formula = words::formula(&step, counts_padding, room as usize);
                let t = Tokens::of(ui);
                ui.spacing_mut().item_spacing.y = 2.0;
                let line = RichText::new(formula).font(shown.font()).color(t.highlight_text);
                ui.add(Label::new(line).truncate());
                let comment = words::comment(&step, counts_padding);
                ui.label(RichText::new(comment).size(size_of_words(shown)).color(t.second));
            });
        }
        inside(ui, shown.places.below, |ui| {
            ui.add_space(space::S);
            let at = step.at;
            let values = [
                ("number", (position + 1).to_string()),
                ("of", track.len.to_string()),
                ("row", at.0.to_string()),
                ("column", at.1.to_string()),
            ];
            let sentence = tr("Window {number} of {of}: output row {row}, column {column}");
            let text = fill(sentence, &values.each_ref().map(|(name, value)| (*name, value.as_str())));
            ui.label(RichText::new(text).font(fonts::semibold(size::BODY)));
            let hint = if shown.is_editable() {
                tr("Click a number and type another. Point at a cell to see who sees it.")
            } else {
                tr("Point at a cell to see who sees it; click one to go to its window.")
            };
            self.pointed_ui(ui, shown, hint);
            unseen_ui(ui, &study.max);
            legend_ui(ui, scale);
        });
        self.point(ui, pointed, pointed_window);
    }

    pub(super) fn gradient_ui(&mut self, ui: &mut Ui, shown: &Shown<'_>, actions: &mut Actions) {
        let study = shown.study;
        let is_one = shown.choice.is_gradient_of_one;
        let step = study.max.step(shown.position);
        let window = is_one.then_some(&step);
        let lit: Vec<(usize, usize)> =
            if is_one { step.winners().into_iter().take(1).collect() } else { Vec::new() };
        let mut pointed = self.map_ui(ui, shown, window, &lit, actions);
        let gradients = if is_one { self.gradients_of_one(shown) } else { study.gradients() };
        let limit = gradients.iter().flatten().fold(0.0_f32, |limit, d| limit.max(d.abs()));
        let scale = Scale { colors: ColorMapLut::sequential(ui.theme()), limit };
        for (i, ((name, pooling), rect)) in shown.layers().into_iter().zip(shown.places.bands).enumerate() {
            let band = Band::of_one(rect, 52.0);
            let gradient = &gradients[i];
            title_ui(
                ui,
                band.title,
                &fill(tr("Back through {layer}"), &[("layer", &name.to_lowercase())]),
                "",
            );
            let grid_name = fill(tr("gradient through {layer}"), &[("layer", &name.to_lowercase())]);
            let done = MapGrid::plain(&grid_name, pooling, scale).ui(ui, band.picture, gradient);
            pointed = pointed.or(done.hovered);
            inside(ui, band.words, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                let reached = gradient.iter().filter(|d| **d != 0.0).count();
                let largest = gradient.iter().copied().fold(0.0, f32::max);
                numbers_ui(ui, tr("reached"), name, &words::share(reached, gradient.len()));
                numbers_ui(ui, tr("largest"), name, &words::value(largest));
            });
        }
        let at = self.pointed.map(|(row, column)| row * study.max.input_size().1 + column);
        let here = at.and_then(|at| Some((gradients[0].get(at).copied()?, gradients[1].get(at).copied()?)));
        inside(ui, shown.places.below, |ui| {
            ui.add_space(space::S);
            ui.horizontal(|ui| {
                if shown.places.is_wide {
                    ui.label(RichText::new(tr("A gradient of 1 from")).color(Tokens::of(ui).second));
                }
                let mut is_one = is_one;
                let options = [(false, tr("every output")), (true, tr("this output"))];
                if segmented(ui, tr("Gradient of the output"), &mut is_one, &options).changed() {
                    choose(actions, shown.choice, |choice| choice.is_gradient_of_one = is_one);
                }
            });
            let text = match here {
                Some((max, average)) => fill(
                    tr("Here: {max} through max, {average} through average."),
                    &[("max", &words::value(max)), ("average", &words::value(average))],
                ),
                None => tr("Max sends all of it to the first winner; average shares it among its cells.")
                    .to_owned(),
            };
            let t = Tokens::of(ui);
            ui.label(RichText::new(text).color(t.second));
            legend_ui(ui, scale);
        });
        self.point(ui, pointed, None);
    }

    /// The gradients that the window sends back that is looked at: computed once a window.
    fn gradients_of_one(&mut self, shown: &Shown<'_>) -> Arc<[Vec<f32>; 2]> {
        let is_kept =
            |(study, window, _): &super::OfOne| Arc::ptr_eq(study, shown.study) && *window == shown.position;
        let kept = self.one.take().filter(is_kept);
        let (.., gradients) = self.one.insert(kept.unwrap_or_else(|| {
            let of = |pooling: &Pooling| pooling.backward_of_one(shown.position);
            (shown.study.clone(), shown.position, Arc::new([of(&shown.study.max), of(&shown.study.average)]))
        }));
        gradients.clone()
    }

    pub(super) fn shift_ui(&mut self, ui: &mut Ui, shown: &Shown<'_>, actions: &mut Actions) {
        let study = shown.study;
        let moved = study.shifts().iter().find(|shift| Some(shift.direction) == shown.choice.direction);
        let (title, size) = shown.map_title();
        let detail = match moved {
            Some(shift) => format!("{size}  {}", arrow(shift.direction)),
            None => size,
        };
        title_ui(ui, shown.places.title, &title, &detail);
        let scale = Scale::of(study, ui.theme());
        let values = moved.map_or(study.max.input(), |shift| &shift.input.after);
        MapGrid::plain(tr("map"), &study.max, scale).ui(ui, shown.places.map, values);
        for (i, ((name, pooling), rect)) in shown.layers().into_iter().zip(shown.places.bands).enumerate() {
            let band = Band::of_one(rect, 52.0);
            let (rows, columns) = pooling.output_size();
            title_ui(ui, band.title, name, &format!("{rows}×{columns}"));
            let shift = moved.map(|shift| if i == 0 { &shift.max } else { &shift.average });
            let content = |window: usize| {
                let is_changed = shift.is_some_and(|shift| shift.changed.get(window) == Some(&true));
                GridCell {
                    value: shift.map_or(pooling.output(), |shift| &shift.after).get(window).copied(),
                    is_lit: is_changed,
                    is_faint: shift.is_some() && !is_changed,
                    ..GridCell::default()
                }
            };
            output_ui(ui, band.picture, name, (rows, columns), scale, &content);
            inside(ui, band.words, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                let (changed, mean) = shift.map_or((0, 0.0), |shift| (shift.count(), shift.mean_change));
                numbers_ui(ui, tr("changed"), name, &words::share(changed, pooling.len()));
                numbers_ui(ui, tr("mean change"), name, &words::value(mean));
            });
        }
        inside(ui, shown.places.below, |ui| {
            ui.add_space(space::XS);
            table_ui(ui, shown, actions);
        });
    }

    pub(super) fn loss_ui(&mut self, ui: &mut Ui, shown: &Shown<'_>) {
        let study = shown.study;
        let scale = Scale::of(study, ui.theme());
        let (title, detail) = shown.map_title();
        title_ui(ui, shown.places.title, &title, &detail);
        let lit: Vec<(usize, usize)> = self.pointed.into_iter().collect();
        let map = MapGrid { lit: &lit, ..MapGrid::plain(tr("map"), &study.max, scale) };
        let mut pointed = map.ui(ui, shown.places.map, study.max.input()).hovered;
        for (i, ((name, pooling), rect)) in shown.layers().into_iter().zip(shown.places.bands).enumerate() {
            let band = Band::of_one(rect, 52.0);
            let loss = &study.losses()[i];
            let (rows, columns) = pooling.output_size();
            title_ui(
                ui,
                band.title,
                name,
                &fill(tr("{size} blown up"), &[("size", &format!("{rows}×{columns}"))]),
            );
            let grid_name = fill(tr("{layer} blown up"), &[("layer", &name.to_lowercase())]);
            let grid = MapGrid { lit: &lit, ..MapGrid::plain(&grid_name, pooling, scale) };
            pointed = pointed.or(grid.ui(ui, band.picture, &loss.blown_up).hovered);
            inside(ui, band.words, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                numbers_ui(ui, tr("values kept"), name, &words::share(pooling.len(), pooling.input().len()));
                numbers_ui(ui, tr("mean squared difference"), name, &words::value(loss.mean_squared));
            });
        }
        let (_, width) = study.max.input_size();
        let here = self.pointed.and_then(|(row, column)| {
            let at = row * width + column;
            let [max, average] = study.losses();
            let values = [study.max.input().get(at)?, max.blown_up.get(at)?, average.blown_up.get(at)?];
            Some(((row, column), values.map(|value| words::value(*value))))
        });
        inside(ui, shown.places.below, |ui| {
            ui.add_space(space::S);
            let text = match &here {
                Some(((row, column), [was, max, average])) => {
                    let values = [
                        ("row", row.to_string()),
                        ("column", column.to_string()),
                        ("was", was.clone()),
                        ("max", max.clone()),
                        ("average", average.clone()),
                    ];
                    let sentence =
                        tr("Row {row}, column {column}: was {was}; {max} of max, {average} of average.");
                    fill(sentence, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
                }
                None => tr("Each pooled value stands where its window stood. Point at a cell to compare.")
                    .to_owned(),
            };
            let t = Tokens::of(ui);
            ui.label(RichText::new(text).color(t.second));
            legend_ui(ui, scale);
        });
        self.point(ui, pointed, None);
    }
}

fn size_of_words(shown: &Shown<'_>) -> f32 {
    if shown.places.is_wide { size::BODY } else { size::SMALL }
}

/// A number with its name above it, or before it where the place is low; screen readers hear of what it is.
fn numbers_ui(ui: &mut Ui, label: &str, of: &str, value: &str) {
    let t = Tokens::of(ui);
    let is_low = ui.max_rect().height() < 80.0;
    let height = if is_low { 20.0 } else { 54.0 };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    response.widget_info(|| {
        let name = fill(tr("{what} of {layer}"), &[("what", label), ("layer", of)]);
        let mut info = WidgetInfo::labeled(Role::Cell, true, name);
        info.current_text_value = Some(value.to_owned());
        info
    });
    let (small, mono) = (fonts::words(size::SMALL), fonts::mono_bold(size::MONO));
    if is_low {
        ui.painter().text(rect.left_center(), Align2::LEFT_CENTER, label, small, t.second);
        ui.painter().text(rect.right_center(), Align2::RIGHT_CENTER, value, mono, t.text);
    } else {
        ui.painter().text(rect.left_top(), Align2::LEFT_TOP, label, small, t.second);
        let below = rect.left_top() + vec2(0.0, 20.0);
        ui.painter().text(below, Align2::LEFT_TOP, value, fonts::mono_bold(size::BODY), t.text);
    }
}

/// Which rows and columns no window sees.
fn unseen_ui(ui: &mut Ui, pooling: &Pooling) {
    let (rows, columns) = pooling.unseen();
    let list = |lines: &[usize]| {
        let (shown, rest) = lines.split_at(lines.len().min(4));
        let numbers: Vec<String> = shown.iter().map(ToString::to_string).collect();
        format!("{}{}", numbers.join(", "), if rest.is_empty() { "" } else { " …" })
    };
    let sentence = match (rows.is_empty(), columns.is_empty()) {
        (true, true) => return,
        (false, true) => tr("No window sees row {rows}."),
        (true, false) => tr("No window sees column {columns}."),
        (false, false) => tr("No window sees row {rows} and column {columns}."),
    };
    let text = fill(sentence, &[("rows", &list(&rows)), ("columns", &list(&columns))]);
    let t = Tokens::of(ui);
    ui.label(RichText::new(text).color(t.warn));
}

fn legend_ui(ui: &mut Ui, scale: Scale) {
    Legend::new(scale.colors, scale.limit).width(96.0).ui(ui);
}

fn arrow(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "↑",
        Direction::Down => "↓",
        Direction::Left => "←",
        Direction::Right => "→",
    }
}

fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => tr("up"),
        Direction::Down => tr("down"),
        Direction::Left => tr("left"),
        Direction::Right => tr("right"),
    }
}

/// How many values each direction changes; a click on a direction moves the map.
fn table_ui(ui: &mut Ui, shown: &Shown<'_>, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let study = shown.study;
    let row = if shown.places.is_wide { 26.0 } else { 21.0 };
    let size = if shown.places.is_wide { size::BODY } else { size::SMALL };
    let width = ui.available_width();
    // The first column has a direction, the others a count each.
    let first = (width * 0.3).min(120.0);
    let other = (width - first) / 3.0;
    let (head, _) = ui.allocate_exact_size(vec2(width, row), Sense::hover());
    let right_of =
        |line: Rect, column: usize| pos2(line.left() + first + other * (column + 1) as f32, line.center().y);
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.painter().text(
        head.left_center(),
        Align2::LEFT_CENTER,
        tr("changed by one"),
        fonts::words(size),
        t.second,
    );
    for (column, name) in [tr("map"), tr("max"), tr("average")].into_iter().enumerate() {
        ui.painter().text(right_of(head, column), Align2::RIGHT_CENTER, name, fonts::words(size), t.second);
    }
    for shift in study.shifts() {
        let (line, _) = ui.allocate_exact_size(vec2(width, row), Sense::hover());
        let is_chosen = shown.choice.direction == Some(shift.direction);
        let ground = if is_chosen { t.accent_ground } else { Color32::TRANSPARENT };
        ui.painter().rect_filled(line, radius::S, ground);
        let name = direction_name(shift.direction);
        let place = line.with_max_x(line.left() + first);
        let response = ui.interact(place, ui.scope_id().with(("direction", name)), Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, is_chosen, name));
        if response.has_focus() {
            ui.painter().rect_stroke(place, radius::S, t.focus_stroke(), StrokeKind::Inside);
        }
        let color = if is_chosen || response.hovered() { t.text } else { t.second };
        let text = format!("{} {name}", arrow(shift.direction));
        let at = place.left_center() + vec2(space::S, 0.0);
        ui.painter().text(at, Align2::LEFT_CENTER, text, fonts::words(size), color);
        if response.on_hover_cursor(CursorIcon::PointingHand).clicked() {
            let direction = (!is_chosen).then_some(shift.direction);
            choose(actions, shown.choice, |choice| choice.direction = direction);
        }
        counts_ui(ui, shift, name, &right_of, line, other, size);
    }
}

fn counts_ui(
    ui: &mut Ui,
    shift: &Shifts,
    name: &str,
    right_of: &impl Fn(Rect, usize) -> egui::Pos2,
    line: Rect,
    width: f32,
    size: f32,
) {
    let t = Tokens::of(ui);
    let columns = [(tr("map"), &shift.input), (tr("max"), &shift.max), (tr("average"), &shift.average)];
    for (column, (of, shift)) in columns.into_iter().enumerate() {
        let right = right_of(line, column);
        let text = format!("{} / {}", shift.count(), shift.changed.len());
        let place = Rect::from_min_max(pos2(right.x - width, line.top()), pos2(right.x, line.bottom()));
        let response = ui.interact(place, ui.scope_id().with((name, of)), Sense::hover());
        let label = fill(tr("{what} changed by a shift {name}"), &[("what", of), ("name", name)]);
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Cell, true, &label);
            info.current_text_value = Some(text.clone());
            info
        });
        let color = if column == 0 { t.second } else { t.text };
        ui.painter().text(right, Align2::RIGHT_CENTER, &text, fonts::mono(size), color);
        response.on_hover_text(fill(tr("mean change {value}"), &[("value", &exact(shift.mean_change))]));
    }
}
