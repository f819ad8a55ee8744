//! What all the view's pages share: the map at the left, what is said about it, and a number with its name.

use super::{
    grids::{Extent, MapGrid, Scale, inside, title_ui},
    page::PoolingView,
    places::{Places, TITLE},
    send::{choose, seek},
    words,
};
use crate::{
    explain::pooling::{Direction, Pooling, PoolingStep},
    nn::Pair,
    text::{fill, tr},
    ui::{
        action::Actions,
        model::pooling::{Back, PoolingSetup, PoolingSource, Study},
        style::{
            fonts,
            picture::PictureGround,
            tokens::{Tokens, size},
        },
        widgets::Legend,
    },
};
use egui::{Align2, FontId, Rect, RichText, Role, Sense, Ui, WidgetInfo, vec2};
use std::sync::Arc;

/// Everything that a frame shows.
pub struct PoolingScene<'a> {
    /// The last valid choice and what came of it.
    pub study: &'a Arc<Study>,
    /// The choice as it is.
    pub choice: &'a PoolingSetup,
    /// The step of what is played: the window that is looked at, or the shift.
    pub position: usize,
    /// Where the map is moved.
    pub direction: Option<Direction>,
    /// The way of the gradient back, of late.
    pub back: Option<&'a Arc<Back>>,
    /// Whether what was chosen takes more than a moment.
    pub is_late: bool,
    /// Whether the picture is that of the choice as it is.
    pub is_valid: bool,
    /// Where everything goes.
    pub places: Places,
    /// What the ink of the current image is on.
    pub ground: PictureGround,
}

impl PoolingScene<'_> {
    /// The two layers with their names; the second is off where the settings are not its.
    pub fn layers(&self) -> [(&'static str, Option<&Pooling>); 2] {
        [(tr("Max"), Some(&self.study.max)), (tr("Average"), self.study.average.as_ref())]
    }

    /// Which window it is, and where its output stands.
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

    /// Words as large as the room allows.
    pub fn font(&self) -> FontId {
        fonts::mono(if self.places.is_wide { size::LARGE } else { size::SMALL })
    }

    /// What the map is called, and its size.
    pub fn map_title(&self) -> (String, String) {
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
        } else if self.is_late {
            detail = fill(tr("{size}: the next is being computed"), &[("size", &detail)]);
        }
        (title, detail)
    }

    /// Lets numbers of the map be typed, where they are of the choice as it is.
    pub fn is_editable(&self) -> bool {
        let (of, now) = (&self.study.choice, self.choice);
        let size = |choice: &PoolingSetup| (choice.numbers.rows, choice.numbers.columns);
        // What was typed is seen before the core has made something of it.
        of.source == PoolingSource::Numbers
            && now.source == PoolingSource::Numbers
            && size(of) == size(now)
            && (self.is_valid || of.numbers == now.numbers)
    }

    /// The numbers of the map.
    pub fn values(&self) -> &[f32] {
        if self.is_editable() { &self.choice.numbers.values } else { self.study.max.input() }
    }
}

impl PoolingView {
    /// The map at the left: its window, its winners; what a click and a typed number do.
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
        title_ui(ui, shown.places.title, &title, &detail);
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
            // A further click on a cell goes on to the next window that sees it.
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

    /// What is under the pointer, or what one can do.
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
}

/// In place of average pooling, where it is off: why.
pub fn off_ui(ui: &mut Ui, place: Rect, name: &str) {
    let (title, rest) = place.split_top_bottom_at_y(place.top() + TITLE);
    title_ui(ui, title, name, tr("off"));
    inside(ui, rest, |ui| {
        let t = Tokens::of(ui);
        let text = tr("Average pooling has no dilation in PyTorch. Set dilation to 1 to see both.");
        ui.label(RichText::new(text).color(t.second));
    });
}

/// A number with its name above it, or before it where the place is low; screen readers hear of what it is.
pub fn numbers_ui(ui: &mut Ui, label: &str, of: &str, value: &str) {
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
    // A share of very many has no room for both its parts: a second line has the percentage, or it stands alone.
    let is_wide = |text: &str, font: &FontId, room: f32| {
        ui.painter().layout_no_wrap(text.to_owned(), font.clone(), t.text).size().x > room
    };
    let parts = value.rsplit_once(", ");
    let (value, more) = if is_low {
        let room =
            rect.width() - ui.painter().layout_no_wrap(label.to_owned(), small.clone(), t.text).size().x;
        let value = parts.filter(|_| is_wide(value, &mono, room - 8.0)).map_or(value, |(_, share)| share);
        (value, None)
    } else {
        let parts = parts.filter(|_| is_wide(value, &fonts::mono_bold(size::BODY), rect.width()));
        parts.map_or((value, None), |(count, share)| (count, Some(share)))
    };
    if is_low {
        ui.painter().text(rect.left_center(), Align2::LEFT_CENTER, label, small, t.second);
        ui.painter().text(rect.right_center(), Align2::RIGHT_CENTER, value, mono, t.text);
    } else {
        ui.painter().text(rect.left_top(), Align2::LEFT_TOP, label, small, t.second);
        let below = rect.left_top() + vec2(0.0, 20.0);
        ui.painter().text(below, Align2::LEFT_TOP, value, fonts::mono_bold(size::BODY), t.text);
        if let Some(more) = more {
            ui.painter().text(below + vec2(0.0, 17.0), Align2::LEFT_TOP, more, mono, t.text);
        }
    }
}

/// The colours and the number at full colour.
pub fn legend_ui(ui: &mut Ui, scale: Scale) {
    Legend::new(scale.colors, scale.limit).width(96.0).ui(ui);
}
