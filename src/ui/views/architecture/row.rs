//! A row of the list: a layer with its figures and how they have changed, or with its fault and the repairs.

use super::{
    columns::{Columns, Line, NUMBER},
    send::send,
    sheets::Sheets,
    words::{bytes, layer_name, times},
};
use crate::{
    explain::{LayerFigures, RowFault, sheet::Chosen},
    nn::{LayerCost, Shape},
    text::{fill, tr},
    ui::{
        action::Actions,
        model::architecture::{ArchitectureAct, DraftLayer},
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, radius, size, space},
        },
        widgets::numbers,
    },
};
use egui::{Align2, Color32, Rect, Response, Role, Sense, StrokeKind, Ui, WidgetInfo, vec2};

/// The height of a row, in points: a line of figures, and a line of what has changed or of repairs.
pub const HEIGHT: f32 = 38.0;

/// The middle of its first line and of its second one, in points from the top.
const LINES: [f32; 2] = [10.5, 26.0];

/// What a row is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The input.
    Input,
    /// The layer at this place.
    Layer(usize),
    /// The outputs.
    Outputs,
}

/// A row.
pub struct Row<'a> {
    /// The state.
    pub state: &'a AppState,
    /// The figures.
    pub sheets: &'a Sheets,
    /// The columns.
    pub columns: &'a Columns,
    /// What it is of.
    pub part: Part,
    /// Where it is.
    pub place: Rect,
}

impl Row<'_> {
    /// Shows it. Returns the repair that is pointed at.
    pub fn ui(
        &self,
        ui: &mut Ui,
        response: &Response,
        dragged: &mut Option<usize>,
        actions: &mut Actions,
    ) -> Option<Chosen> {
        let is_selected = self.is_selected();
        let fault = self.fault();
        self.ground_ui(ui, response, is_selected, fault.is_some());
        if response.clicked() {
            match self.part {
                Part::Input | Part::Outputs => send(actions, ArchitectureAct::Select(None)),
                Part::Layer(place) => send(actions, ArchitectureAct::Select(Some(place))),
            }
        }
        let (name, value) = (self.name(), self.value(fault));
        response.widget_info(|| {
            let mut info = WidgetInfo::selected(Role::Row, true, is_selected, &name);
            info.current_text_value = Some(value.clone());
            info
        });
        match self.part {
            Part::Input => self.input_ui(ui, fault),
            Part::Outputs => self.outputs_ui(ui, fault),
            Part::Layer(place) => {
                let layer = self.state.architecture.draft.layers.get(place)?;
                self.controls_ui(ui, place, layer, is_selected, dragged, actions);
                self.layer_ui(ui, place, layer, fault);
            }
        }
        self.repairs_ui(ui, fault?, actions)
    }

    fn is_selected(&self) -> bool {
        match self.part {
            Part::Input => self.state.architecture.selected.is_none(),
            Part::Layer(place) => self.state.architecture.selected == Some(place),
            Part::Outputs => false,
        }
    }

    /// The layer's number in the network; `None` if it is off.
    pub fn number(&self, place: usize) -> Option<usize> {
        self.sheets.numbers.get(place).copied().flatten()
    }

    fn fault(&self) -> Option<&RowFault> {
        match self.part {
            Part::Input => self.sheets.sheet.input.as_ref(),
            Part::Outputs => self.sheets.sheet.outputs.as_ref(),
            Part::Layer(place) => self.sheets.sheet.rows.get(self.number(place)?)?.fault.as_ref(),
        }
    }

    /// How screen readers, messages and buttons call it: `conv2d 3`.
    pub fn name(&self) -> String {
        match self.part {
            Part::Input => tr("input").to_owned(),
            Part::Outputs => tr("outputs").to_owned(),
            Part::Layer(place) => layer_name(self.state, self.sheets, place),
        }
    }

    /// Everything that the row shows, in words.
    fn value(&self, fault: Option<&RowFault>) -> String {
        let draft = &self.state.architecture.draft;
        let figures = match self.part {
            Part::Input => return draft.input.to_string(),
            Part::Outputs => None,
            Part::Layer(place) => self.sheets.figures(place),
        };
        let mut parts = Vec::new();
        if let Part::Layer(place) = self.part {
            parts.extend(draft.layers.get(place).map(|layer| layer.spec.summary()));
            if self.number(place).is_none() {
                parts.push(tr("switched off").to_owned());
            }
        }
        match (fault, figures) {
            (Some(fault), _) => parts.push(fault.sentence.translated()),
            (None, Some(figures)) => parts.extend([
                figures.cost.output.to_string(),
                fill(tr("{count} parameters"), &[("count", &numbers::count(figures.cost.parameters))]),
                fill(tr("{count} multiply-adds"), &[("count", &numbers::count(figures.cost.multiply_adds))]),
                bytes(figures.cost.activation_bytes()),
                fill(tr("sees {field}"), &[("field", &times(figures.field))]),
            ]),
            (None, None) => {}
        }
        parts.join(", ")
    }

    fn ground_ui(&self, ui: &Ui, response: &Response, is_selected: bool, is_faulty: bool) {
        let t = Tokens::of(ui);
        let place = self.place.shrink2(vec2(0.0, 1.0));
        let ground = match (is_faulty, response.hovered()) {
            (true, _) => t.bad_ground,
            (false, true) => t.hover,
            (false, false) if is_selected => t.raised,
            (false, false) => Color32::TRANSPARENT,
        };
        ui.painter().rect_filled(place, radius::M, ground);
        if is_selected {
            let outline = (1.5, t.highlight);
            ui.painter().rect_stroke(place, radius::M, outline, StrokeKind::Inside);
        } else {
            ui.painter().hline(place.x_range(), self.place.bottom(), t.line_stroke());
        }
    }

    /// The middle of a line of the row.
    pub fn at(&self, line: usize) -> f32 {
        self.place.top() + LINES[line]
    }

    fn name_text(&self, ui: &Ui, text: &str, is_strong: bool, color: Color32) -> Rect {
        let font = if is_strong { fonts::semibold(size::BODY) } else { fonts::words(size::BODY) };
        let room = self.columns.name_end - self.columns.name;
        Line { text, font, color, room }.paint(
            ui,
            Align2::LEFT_CENTER,
            self.place.left() + self.columns.name,
            self.at(0),
        )
    }

    /// The second line below the name. Where no figure stands beside it, it is `alone`.
    fn below_text(&self, ui: &Ui, text: &str, color: Color32, is_alone: bool) {
        let end = if is_alone { self.columns.width - space::L } else { self.columns.name_end };
        let room = end - self.columns.name;
        let text = Line { text, font: fonts::words(size::SMALL), color, room };
        text.paint(ui, Align2::LEFT_CENTER, self.place.left() + self.columns.name, self.at(1));
    }

    fn input_ui(&self, ui: &Ui, fault: Option<&RowFault>) {
        let t = Tokens::of(ui);
        let draft = &self.state.architecture.draft;
        let base = &self.state.architecture.base;
        let name = self.name_text(ui, tr("input"), true, t.text);
        if let Some(fault) = fault {
            self.fault_ui(ui, name, fault);
            return;
        }
        let pad = draft.preprocess.pad;
        let (height, width) = draft.spec().picture_size();
        let picture = times((height, width));
        let text = match pad {
            _ if matches!(draft.input, Shape::Vector(_)) => tr("a vector of numbers").to_owned(),
            0 => fill(tr("pictures of {size}"), &[("size", &picture)]),
            _ => fill(
                tr("pictures of {size}, padded by {pad}"),
                &[("size", &picture), ("pad", &pad.to_string())],
            ),
        };
        let is_changed = draft.input != base.input;
        self.below_text(ui, &text, if is_changed { t.warn } else { t.second }, !is_changed);
        let was = is_changed.then_some(base.input);
        self.shape_ui(ui, draft.input, was, false);
    }

    fn outputs_ui(&self, ui: &Ui, fault: Option<&RowFault>) {
        let t = Tokens::of(ui);
        let name = self.name_text(ui, tr("outputs"), true, t.text);
        if let Some(fault) = fault {
            self.fault_ui(ui, name, fault);
            return;
        }
        let classes = self.state.architecture.draft.classes.to_string();
        self.below_text(ui, &fill(tr("{count} classes"), &[("count", &classes)]), t.second, true);
    }

    fn layer_ui(&self, ui: &Ui, place: usize, layer: &DraftLayer, fault: Option<&RowFault>) {
        let t = Tokens::of(ui);
        let figures = self.sheets.figures(place);
        let is_strong = figures.is_some_and(|figures| figures.cost.parameters > 0);
        let number = self.number(place);
        let ink = if number.is_some() { t.text } else { t.faint };
        let text = number.map_or_else(|| "–".to_owned(), |number| number.to_string());
        let number_end = self.columns.name - space::S;
        let text = Line { text: &text, font: fonts::mono(size::MONO), color: t.second, room: NUMBER };
        text.paint(ui, Align2::RIGHT_CENTER, self.place.left() + number_end, self.at(0));
        let name = self.name_text(ui, &layer.spec.summary(), is_strong, ink);
        if let Some(fault) = fault {
            self.fault_ui(ui, name, fault);
            return;
        }
        let base = layer.origin.and_then(|origin| self.state.architecture.base.layers.get(origin));
        let (text, color) = match base {
            _ if number.is_none() => (tr("switched off: passes through").to_owned(), t.warn),
            None => (tr("new").to_owned(), t.good),
            Some(base) if *base != layer.spec => match base.summary() {
                was if was == layer.spec.summary() => (tr("changed").to_owned(), t.warn),
                was => (fill(tr("was {layer}"), &[("layer", &was)]), t.warn),
            },
            Some(_) => (self.sheets.details.get(place).cloned().unwrap_or_default(), t.faint),
        };
        self.below_text(ui, &text, color, number.is_none());
        let row = number.and_then(|number| self.sheets.sheet.rows.get(number));
        let is_assumed = row.is_some_and(|row| row.is_assumed);
        match figures {
            Some(figures) => self.figures_ui(ui, figures, layer, is_assumed),
            None if number.is_some() => self.shape_text(ui, "?", t.second),
            None => {}
        }
    }

    /// What is wrong, in the place of the figures.
    fn fault_ui(&self, ui: &Ui, name: Rect, fault: &RowFault) {
        let t = Tokens::of(ui);
        let text = format!("{}  {}", icons::TRIANGLE_ALERT, fault.sentence.capitalised());
        let from = name.right() + space::M;
        let to = self.place.left() + self.columns.buttons.unwrap_or(self.columns.width - space::L);
        let said = Line { text: &text, font: fonts::words(size::SMALL), color: t.bad, room: to - from };
        let place = said.paint(ui, Align2::LEFT_CENTER, from, self.at(0));
        let id = ui.scope_id().with(("fault", self.name()));
        ui.interact(place, id, Sense::hover()).on_hover_text(format!("{}.", fault.sentence.capitalised()));
    }

    fn shape_text(&self, ui: &Ui, text: &str, color: Color32) {
        if let Some(end) = self.columns.ends[0] {
            let text = Line { text, font: fonts::mono(size::MONO), color, room: 120.0 };
            text.paint(ui, Align2::RIGHT_CENTER, self.place.left() + end, self.at(0));
        }
    }

    fn shape_ui(&self, ui: &Ui, shape: Shape, was: Option<Shape>, is_assumed: bool) {
        let t = Tokens::of(ui);
        self.cell_ui(ui, 0, &shape.to_string(), is_assumed);
        if let Some(was) = was {
            self.change_ui(ui, 0, &was.to_string(), t.second);
        }
    }

    fn cell_ui(&self, ui: &Ui, column: usize, text: &str, is_assumed: bool) {
        let t = Tokens::of(ui);
        if let Some(end) = self.columns.ends[column] {
            let color = if is_assumed { t.second } else { t.text };
            let text = Line { text, font: fonts::mono(size::MONO), color, room: 120.0 };
            text.paint(ui, Align2::RIGHT_CENTER, self.place.left() + end, self.at(0));
        }
    }

    fn change_ui(&self, ui: &Ui, column: usize, text: &str, color: Color32) {
        if let Some(end) = self.columns.ends[column] {
            let text = Line { text, font: fonts::mono(size::SMALL - 1.0), color, room: 120.0 };
            text.paint(ui, Align2::RIGHT_CENTER, self.place.left() + end, self.at(1));
        }
    }

    fn figures_ui(&self, ui: &Ui, figures: &LayerFigures, layer: &DraftLayer, is_assumed: bool) {
        let t = Tokens::of(ui);
        let base = self.sheets.base_figures(layer.origin);
        let was = base.map(|base| base.cost.output).filter(|was| *was != figures.cost.output);
        self.shape_ui(ui, figures.cost.output, was, is_assumed);
        let cost = &figures.cost;
        let old = base.map(|base| &base.cost);
        let columns = [
            (cost.parameters, old.map(|old| old.parameters)),
            (cost.multiply_adds, old.map(|old| old.multiply_adds)),
            (cost.activation_bytes(), old.map(LayerCost::activation_bytes)),
        ];
        for (i, (now, was)) in columns.into_iter().enumerate() {
            let write = |count| if i == 2 { bytes(count) } else { numbers::count(count) };
            let text = if now == 0 { "–".to_owned() } else { write(now) };
            self.cell_ui(ui, i + 1, &text, is_assumed);
            if let Some(was) = was.filter(|was| *was != now) {
                let sign = if now > was { "+" } else { "−" };
                let color = if now > was { t.warn } else { t.good };
                self.change_ui(ui, i + 1, &format!("{sign}{}", write(now.abs_diff(was))), color);
            }
        }
        self.cell_ui(ui, 4, &times(figures.field), is_assumed);
        if let Some(was) = base.map(|base| base.field).filter(|was| *was != figures.field) {
            self.change_ui(ui, 4, &times(was), t.second);
        }
    }
}
