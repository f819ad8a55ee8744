//! The rows of the settings: a name, a control, and the error of the value.

use crate::{
    text::{Say as _, Term, fill, tr},
    train::TrainError,
    ui::{
        style::{
            icons,
            tokens::{Tokens, space},
        },
        widgets::explain,
    },
};
use egui::{Align, DragValue, Layout, Rect, RectAlign, RichText, Tooltip, Ui, vec2};
use std::cell::RefCell;

/// The size of a number field, in points.
const FIELD: egui::Vec2 = vec2(96.0, 26.0);

/// The width of a note about a value, in points.
const NOTE_WIDTH: f32 = 300.0;

/// The largest number that can be typed, positive or negative: larger ones can become infinite, which no file can hold.
const LIMIT: f32 = 1e32;

/// The largest whole number that can be typed. All up to it are exact as `f64`.
const WHOLE_LIMIT: f64 = 9_007_199_254_740_992.0;

/// The state of the fields: the last text that is not a number.
#[derive(Default)]
pub struct Form {
    /// The field, and a sentence about what was typed.
    refused: Option<(Term, String)>,
}

/// A number field.
pub struct Field<'a> {
    term: Term,
    value: DragValue<'a>,
    parse: fn(&str) -> Result<f64, Mistake>,
}

/// Why a text is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// It is not a number.
    NotANumber,
    /// It is not a whole number of at least 0.
    NotWhole,
    /// It is a number that is too large.
    TooLarge,
}

impl Mistake {
    fn sentence(self) -> &'static str {
        match self {
            Self::NotANumber => tr("“{text}” is not a number. Type one such as 0.01 or 1e-4."),
            Self::NotWhole => tr("“{text}” is not a whole number of at least 0. Type one such as 64."),
            Self::TooLarge => tr("“{text}” is too large a number."),
        }
    }
}

impl<'a> Field<'a> {
    /// A number that need not be whole, with `set_up` for its speed and decimals.
    pub fn real(term: Term, value: &'a mut f32, set_up: impl FnOnce(DragValue<'a>) -> DragValue<'a>) -> Self {
        let plain = egui::emath::format_with_decimals_in_range;
        let value = DragValue::new(value)
            .range(-LIMIT..=LIMIT)
            .custom_formatter(move |value, decimals| huge(value).unwrap_or_else(|| plain(value, decimals)));
        Self { term, value: set_up(value), parse: real }
    }

    /// A whole number of at least 0.
    pub fn whole(term: Term, value: DragValue<'a>) -> Self {
        Self { term, value, parse: whole }
    }

    /// A fraction that is shown in percent, after `sign`.
    pub fn percent(term: Term, value: &'a mut f32, sign: &'static str) -> Self {
        let shown = move |value: f64| format!("{sign}{} %", (value * 1000.0).round() / 10.0);
        let value = DragValue::new(value).range(-LIMIT..=LIMIT).speed(0.002);
        Self { term, value: value.custom_formatter(move |value, _| shown(value)), parse: percent }
    }

    /// Shows 0 as *off*.
    pub fn or_off(self) -> Self {
        self.or_word(tr("off"))
    }

    /// Shows 0 as *all*.
    pub fn or_all(self) -> Self {
        self.or_word(tr("all"))
    }

    fn or_word(mut self, word: &'static str) -> Self {
        self.value = self.value.custom_formatter(move |value, _| match value {
            0.0 => word.to_owned(),
            _ => huge(value).unwrap_or_else(|| ((value * 1e4).round() / 1e4).to_string()),
        });
        self
    }
}

impl Form {
    /// A number to drag or type, with its error. It is applied when typing ends, since the first digit of 12 is 1.
    pub fn number_ui(&mut self, ui: &mut Ui, field: Field<'_>, checked: &Result<(), TrainError>) {
        let Field { term, value, parse } = field;
        let refused = RefCell::new(None);
        let value: DragValue<'_> = value;
        let value = value.update_while_editing(false).custom_parser(|text| {
            let parsed = if [tr("off"), tr("all")].contains(&text.trim()) { Ok(0.0) } else { parse(text) };
            parsed.map_err(|mistake| *refused.borrow_mut() = Some((mistake, text.trim().to_owned()))).ok()
        });
        let mut has_changed = false;
        let row = row_ui(ui, term, |ui| {
            ui.spacing_mut().interact_size = FIELD;
            let response = ui.add(value).accessible_name(term.label());
            has_changed = response.changed() || response.gained_focus();
        });
        if let Some((mistake, text)) = refused.into_inner() {
            let sentence = fill(mistake.sentence(), &[("text", &text)]);
            self.refused = Some((term, sentence));
        } else if has_changed {
            self.refused = None;
        }
        match &self.refused {
            Some((other, sentence)) if *other == term => note_ui(ui, row, term, sentence),
            _ => wrong_ui(ui, row, term, checked),
        }
    }
}

/// A setting's name on the left, its control on the right. Returns the row's rectangle.
pub fn row_ui(ui: &mut Ui, term: Term, add: impl FnOnce(&mut Ui)) -> Rect {
    let t = Tokens::of(ui);
    let row = ui.horizontal(|ui| {
        explain(ui.label(RichText::new(term.label()).color(t.second)), term);
        ui.with_layout(Layout::right_to_left(Align::Center), add);
    });
    row.response.rect
}

/// Shows the error, if it is about this setting.
pub fn wrong_ui(ui: &Ui, row: Rect, term: Term, checked: &Result<(), TrainError>) {
    if let Err(error) = checked
        && term_of_error(error) == Some(term)
    {
        note_ui(ui, row, term, &format!("{}.", error.say().capitalised()));
    }
}

/// The row that an error is about.
fn term_of_error(error: &TrainError) -> Option<Term> {
    match error {
        TrainError::Setting { setting, .. } => term_of(setting),
        TrainError::TrainImages { .. } => Some(Term::TrainImages),
        _ => None,
    }
}

/// The row of a setting, by its name in errors.
fn term_of(setting: &str) -> Option<Term> {
    match setting {
        "initial deviation" => Some(Term::Init),
        _ => Term::named(setting),
    }
}

/// A note on the left of a row, over the view: no row moves for it.
fn note_ui(ui: &Ui, row: Rect, term: Term, text: &str) {
    if !ui.clip_rect().intersects(row) {
        return;
    }
    let t = Tokens::of(ui);
    let mut note =
        Tooltip::always_open(ui.ctx().clone(), ui.layer_id(), ui.scope_id().with(("note", term)), row);
    note.popup = note.popup.align(RectAlign::LEFT).align_alternatives(&[RectAlign::BOTTOM]);
    note.gap(space::L).width(NOTE_WIDTH).show(|ui| {
        ui.label(RichText::new(format!("{}  {text}", icons::TRIANGLE_ALERT)).color(t.bad));
    });
}

/// A choice of two on the right of its name.
pub fn switch_ui(ui: &mut Ui, term: Term, is_on: &mut bool) {
    row_ui(ui, term, |ui| {
        ui.add(egui::Checkbox::without_text(is_on)).accessible_name(term.label());
    });
}

/// A number whose digits would not fit into a field, as a power of ten.
fn huge(value: f64) -> Option<String> {
    (value.abs() >= 1e9).then(|| format!("{:e}", value as f32))
}

/// A finite number. Blanks and a unit are ignored, and both minus signs are understood.
fn real(text: &str) -> Result<f64, Mistake> {
    let text = text.trim().trim_start_matches('±');
    let text = ["%", "°", "px"].into_iter().fold(text, |text, unit| text.trim_end_matches(unit));
    let plain: String =
        text.chars().filter(|c| !c.is_whitespace()).map(|c| if c == '−' { '-' } else { c }).collect();
    match plain.parse::<f64>() {
        Ok(number) if number.abs() <= f64::from(LIMIT) => Ok(number),
        // `inf` is a word, 1e999 a number.
        Ok(_) if plain.contains(|c: char| c.is_ascii_digit()) => Err(Mistake::TooLarge),
        _ => Err(Mistake::NotANumber),
    }
}

fn whole(text: &str) -> Result<f64, Mistake> {
    match real(text) {
        Ok(number) if number > WHOLE_LIMIT => Err(Mistake::TooLarge),
        Ok(number) if number >= 0.0 && number.fract() == 0.0 => Ok(number),
        Err(Mistake::TooLarge) => Err(Mistake::TooLarge),
        _ => Err(Mistake::NotWhole),
    }
}

fn percent(text: &str) -> Result<f64, Mistake> {
    real(text).map(|percent| percent / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn huge_numbers_stay_short_and_are_read_back() {
        assert_eq!(huge(1e8), None);
        for number in [1e9_f32, 1e30, -9.999_999_4e29, LIMIT] {
            let text = huge(f64::from(number)).unwrap();
            assert!(text.len() < 14, "{text}");
            assert_eq!(real(&text).map(|read| read as f32), Ok(number), "{text}");
        }
    }

    #[test]
    fn what_is_not_taken_has_a_reason() {
        for (text, number) in
            [("0.01", 0.01), ("±2.5 px", 2.5), (" −1 000.5 ", -1000.5), ("1e-4", 1e-4), ("1e30", 1e30)]
        {
            assert_eq!(real(text), Ok(number), "{text}");
        }
        for text in ["inf", "-inf", "infinity", "NaN", "", "-", "1.2.3", "abc", "12abc"] {
            assert_eq!(real(text), Err(Mistake::NotANumber), "{text}");
            assert_eq!(whole(text), Err(Mistake::NotWhole), "{text}");
        }
        for text in ["1e39", "-1e39", "1e999"] {
            assert_eq!((real(text), whole(text)), (Err(Mistake::TooLarge), Err(Mistake::TooLarge)), "{text}");
        }
        assert_eq!((whole("64"), whole("1e3")), (Ok(64.0), Ok(1000.0)));
        for text in ["-3", "−1", "0.5", "64 images"] {
            assert_eq!(whole(text), Err(Mistake::NotWhole), "{text}");
        }
        assert_eq!(
            (percent("±12.5 %"), percent("10"), percent("a %")),
            (Ok(0.125), Ok(0.1), Err(Mistake::NotANumber))
        );
    }
}
