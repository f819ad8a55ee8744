//! What all pages of the view share: the map on the left, the sentences about it, and figures.

use super::{
    grids::{Extent, MapGrid, Scale, colored_title_ui, inside, title_ui},
    page::PoolingView,
    places::{Places, TITLE},
    send::{choose, seek},
    words,
};
use crate::{
    explain::pooling::{Direction, Pooling, PoolingStep},
    nn::Pair,
    text::{Term, fill, tr, written::Equation},
    ui::{
        action::Actions,
        model::pooling::{Backward, PoolingSetup, PoolingSource, Study},
        style::{
            fonts,
            picture::PictureGround,
            tokens::{Tokens, size},
        },
        widgets::{Legend, explain},
    },
};
use egui::{Align2, FontId, Label, Rect, RichText, Role, Sense, Ui, WidgetInfo, vec2};
use std::sync::Arc;

/// The outputs of max pooling that a lesson hides until they are answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PoolingHides {
    /// These windows.
    pub windows: Vec<usize>,
    /// The window that is asked for now. Those after it may be asked for next.
    pub from: Option<usize>,
}

impl PoolingHides {
    /// Whether the output of a window is hidden.
    pub fn has(&self, window: usize) -> bool {
        self.windows.contains(&window) || self.from.is_some_and(|from| window >= from)
    }
}

/// The data of one frame.
pub struct PoolingScene<'a> {
    /// The results of the last valid settings.
    pub study: &'a Arc<Study>,
    /// The current settings.
    pub choice: &'a PoolingSetup,
    /// The step of the animation: a window or a shift.
    pub position: usize,
    /// The direction of the shift, if the map is shifted.
    pub direction: Option<Direction>,
    /// The latest gradients.
    pub backward: Option<&'a Arc<Backward>>,
    /// Whether the results of the current settings are overdue.
    pub is_late: bool,
    /// Whether the current settings are valid.
    pub is_valid: bool,
    /// What a lesson hides.
    pub hides: PoolingHides,
    /// The layout.
    pub places: Places,
    /// The background of the current image.
    pub ground: PictureGround,
}

impl PoolingScene<'_> {
    /// The two layers with their names; average pooling is off if it does not support the settings.
    pub fn layers(&self) -> [(&'static str, Option<&Pooling>); 2] {
        [(tr("Max"), Some(&self.study.max)), (tr("Average"), self.study.average.as_ref())]
    }

    /// The number of a window and the position of its output.
    pub fn window_title(&self, step: &PoolingStep, number: usize) -> String {
        let values = [
            ("number", (number + 1).to_string()),
            ("of", self.study.max.len().to_string()),
            ("row", step.at.0.to_string()),
            ("column", step.at.1.to_string()),
        ];
        let sentence = tr("Window {number} of {of}: output row {row}, column {column}");
        fill(sentence, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
    }

    /// The font of equations, as large as there is room.
    pub fn font(&self) -> FontId {
        fonts::mono(if self.places.is_wide { size::LARGE } else { size::SMALL })
    }

    /// The title of the map, and its size.
    pub fn map_title(&self) -> (String, String) {
        let (height, width) = self.study.max.input_size();
        let title = match self.study.choice.source {
            PoolingSource::Image => tr("Current image").to_owned(),
            PoolingSource::Map { map, .. } => fill(tr("Feature map {map}"), &[("map", &map.to_string())]),
            PoolingSource::Numbers => tr("Numbers").to_owned(),
        };
        let padding = self.study.choice.padding;
        let mut detail = format!("{height}×{width}");
        if padding != Pair::square(0) {
            let padding = if padding.h == padding.w { padding.h.to_string() } else { padding.to_string() };
            detail = fill(tr("{size}, padding {padding}"), &[("size", &detail), ("padding", &padding)]);
        }
        if !self.is_valid {
            detail = fill(tr("{size}, last valid settings"), &[("size", &detail)]);
        } else if self.is_late {
            detail = fill(tr("{size}, computing …"), &[("size", &detail)]);
        }
        (title, detail)
    }

    /// Whether numbers can be typed into the map: those of the current settings.
    pub fn is_editable(&self) -> bool {
        let (of, now) = (&self.study.choice, self.choice);
        let size = |choice: &PoolingSetup| (choice.numbers.rows, choice.numbers.columns);
        // A typed number is shown before its results are computed.
        of.source == PoolingSource::Numbers
            && now.source == PoolingSource::Numbers
            && size(of) == size(now)
            && (self.is_valid || of.numbers == now.numbers)
    }

    /// The values of the map.
    pub fn values(&self) -> &[f32] {
        if self.is_editable() { &self.choice.numbers.values } else { self.study.max.input() }
    }
}

impl PoolingView {
    /// The map on the left with its window and the largest cells; handles clicks and typed numbers.
    pub(super) fn map_ui(
        &mut self,
        ui: &mut Ui,
        shown: &PoolingScene<'_>,
        window: Option<&PoolingStep>,
        lit: &[(usize, usize)],
        actions: &mut Actions,
    ) -> Option<(usize, usize)> {
        let study = shown.study;
        let (title, detail) = shown.map_title();
        let color = if shown.is_valid { Tokens::of(ui).second } else { Tokens::of(ui).warn };
        colored_title_ui(ui, shown.places.title, &title, &detail, color);
        let grid = MapGrid {
            extent: Extent::of(&study.max),
            window,
            lit,
            shows_unseen: true,
            is_editable: shown.is_editable(),
            ..MapGrid::plain(tr("map"), &study.max, Scale::of(study, shown.ground, ui.theme()))
        };
        let done = grid.ui(ui, shown.places.map, shown.values(), (study.number, "map"));
        if let Some((row, column)) = done.clicked.filter(|_| !shown.is_editable()) {
            // Another click on the cell goes to the next window that covers it.
            let windows = study.max.steps_reading(row, column);
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

    /// The cell under the pointer, or a hint.
    pub(super) fn pointed_ui(&self, ui: &mut Ui, shown: &PoolingScene<'_>, hint: &str) {
        let t = Tokens::of(ui);
        let max = &shown.study.max;
        let (_, width) = max.input_size();
        let (text, color) = if let Some(refused) = &self.refused {
            (refused.clone(), t.bad)
        } else if let Some((row, column)) = self.pointed {
            let value = max.input().get(row * width + column).copied().unwrap_or(f32::NAN);
            let count = max.steps_reading(row, column).len();
            let sentence = match count {
                0 => tr("Row {row}, column {column} is {value}. No window covers it."),
                1 => tr("Row {row}, column {column} is {value}. One window covers it."),
                _ => tr("Row {row}, column {column} is {value}. {count} windows cover it."),
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
        // One line, so that it never reaches the playback bar.
        ui.add(Label::new(RichText::new(&text).color(color)).truncate()).on_hover_text(text);
    }
}

/// Explains why average pooling is off.
pub fn off_ui(ui: &mut Ui, place: Rect, name: &str) {
    let (title, rest) = place.split_top_bottom_at_y(place.top() + TITLE);
    title_ui(ui, title, name, tr("off"));
    inside(ui, rest, |ui| {
        let t = Tokens::of(ui);
        let text = tr("Average pooling has no dilation. Set dilation to 1 to compare both.");
        ui.label(RichText::new(text).color(t.second));
    });
}

/// A number with its name.
pub struct Figure<'a> {
    /// The name, with its explanation.
    pub term: Term,
    /// The layer that it belongs to.
    pub of: &'a str,
    /// The number.
    pub value: String,
    /// A second line, left out if there is no room: how the number is computed, or a percentage.
    pub detail: String,
    /// What the tooltip adds to the explanation.
    pub exact: Option<String>,
}

impl<'a> Figure<'a> {
    /// `12 of 49` with the percentage.
    pub fn share(term: Term, of: &'a str, count: usize, total: usize) -> Self {
        let share = words::share(count, total);
        let (value, detail) = share.split_once(", ").unwrap_or((share.as_str(), ""));
        Self { term, of, value: value.to_owned(), detail: detail.to_owned(), exact: None }
    }

    /// A value with the division that it is the result of, if there is one.
    pub fn value(term: Term, of: &'a str, value: f32, division: Option<&Equation>) -> Self {
        let text = division.map_or_else(|| words::value(value), |equation| equation.result.text().to_owned());
        let detail = division.map(|equation| {
            let numbers: Vec<&str> = equation.texts().collect();
            format!("{} {}", equation.relation.sign(), numbers.join(" / "))
        });
        let exact = Some(words::exact_value(value));
        Self { term, of, value: text, detail: detail.unwrap_or_default(), exact }
    }

    /// Shows the name above the number, or before it where the room is low.
    pub fn ui(self, ui: &mut Ui) {
        let t = Tokens::of(ui);
        let Self { term, of, value, detail, exact } = self;
        let is_low = ui.max_rect().height() < 80.0;
        let height = if is_low { 20.0 } else { 60.0 };
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
        response.widget_info(|| {
            let name = fill(tr("{what} of {layer}"), &[("what", term.label()), ("layer", of)]);
            let mut info = WidgetInfo::labeled(Role::Cell, true, name);
            let is_equation = detail.starts_with(['=', '≈']);
            let separator = if detail.is_empty() || is_equation { " " } else { ", " };
            info.current_text_value = Some(format!("{value}{separator}{detail}").trim_end().to_owned());
            info
        });
        let (small, mono) = (fonts::words(size::SMALL), fonts::mono_bold(size::MONO));
        let width = |text: &str, font: &FontId| {
            ui.painter().layout_no_wrap(text.to_owned(), font.clone(), t.text).size().x
        };
        if is_low {
            let room = rect.width() - width(term.label(), &small) - 8.0;
            let is_share = detail.ends_with('%');
            let whole = if is_share { format!("{value}, {detail}") } else { value.clone() };
            let short = if is_share { &detail } else { &value };
            let text = if width(&whole, &mono) <= room { &whole } else { short };
            ui.painter().text(rect.left_center(), Align2::LEFT_CENTER, term.label(), small, t.second);
            ui.painter().text(rect.right_center(), Align2::RIGHT_CENTER, text, mono, t.text);
        } else {
            let bold = fonts::mono_bold(size::LARGE);
            let bold = if width(&value, &bold) <= rect.width() { bold } else { mono };
            let plain = fonts::mono(size::MONO);
            ui.painter().text(rect.left_top(), Align2::LEFT_TOP, term.label(), small, t.second);
            let below = rect.left_top() + vec2(0.0, 18.0);
            ui.painter().text(below, Align2::LEFT_TOP, &value, bold, t.text);
            if width(&detail, &plain) <= rect.width() {
                let below = below + vec2(0.0, 22.0);
                ui.painter().text(below, Align2::LEFT_TOP, &detail, plain, t.second);
            }
        }
        explain(response, term).on_hover_ui(|ui| {
            for text in exact.iter().chain(Some(&detail).filter(|text| !text.is_empty())) {
                ui.label(text);
            }
        });
    }
}

/// The legend of the colours.
pub fn legend_ui(ui: &mut Ui, scale: Scale) {
    Legend::new(scale.colors, scale.limit).width(96.0).ui(ui);
}
