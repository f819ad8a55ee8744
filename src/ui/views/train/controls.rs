//! The rows of the settings: a name, a control, and the error of the value.

use crate::{
    nn::optim::OptimizerSpec,
    text::{Term, fill, tr},
    train::TrainError,
    ui::{
        model::setting_error::in_fields,
        style::tokens::Tokens,
        widgets::{explain, numbers, typed_number_ui, wrong_note},
    },
};
use egui::{Align, DragValue, Layout, Rect, RichText, Ui, vec2};
use std::cell::RefCell;

/// The size of a number field, in points.
const FIELD: egui::Vec2 = vec2(96.0, 26.0);

/// The largest number that can be typed, positive or negative: larger ones can become infinite, which no file can hold.
const LIMIT: f32 = 1e32;

/// The largest whole number that can be typed. All up to it are exact as `f64`.
const WHOLE_LIMIT: f64 = 9_007_199_254_740_992.0;

/// The state of the fields: the last text that is not a number, and the optimiser that was chosen.
#[derive(Default)]
pub struct Form {
    /// The field, and a sentence about what was typed.
    refused: Option<(Term, String)>,
    /// The optimiser that is named, and its settings as this form left them.
    optimizer: Option<(&'static str, OptimizerSpec)>,
}

/// A number field.
pub struct Field<'a> {
    term: Term,
    value: DragValue<'a>,
    unit: Unit,
}

/// What a field is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A number without a unit, or with this one.
    Real(&'static str),
    /// A whole number.
    Whole,
    /// A fraction that is shown in percents, or the percents themselves.
    Percent {
        /// Whether the value is a fraction.
        is_fraction: bool,
    },
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
    /// It is a number with this unit, which is not the field's.
    OtherUnit(&'static str),
}

impl Mistake {
    fn sentence(self, text: &str, term: Term, unit: Unit) -> String {
        let key = match self {
            Self::NotANumber => tr("“{text}” is not a number. Type one such as {example}."),
            Self::NotWhole => tr("“{text}” is not a whole number of at least 0. Type one such as {example}."),
            Self::TooLarge => tr("“{text}” is too large a number."),
            Self::OtherUnit(_) => {
                tr("“{text}” is in {unit}, but {setting} is not. Type a number such as {example}.")
            }
        };
        let other = if let Self::OtherUnit(other) = self { other } else { "" };
        fill(
            key,
            &[("text", text), ("example", example(term, unit)), ("unit", other), ("setting", term.label())],
        )
    }
}

/// A value that a field can have, as it is typed.
fn example(term: Term, unit: Unit) -> &'static str {
    match (term, unit) {
        (Term::LearningRate, _) => "0.01 or 1e-4",
        (Term::Momentum, _) => "0.9",
        (Term::WeightDecay, _) => "0.0005 or 5e-4",
        (Term::Epochs | Term::EarlyStop, _) => "10",
        (Term::WarmUp, _) => "100",
        (Term::BatchSize, _) => "64",
        (Term::Clipping | Term::Seed, _) | (_, Unit::Whole) => "1",
        (_, Unit::Percent { .. }) => "10 %",
        (_, Unit::Real("°")) => "10°",
        (_, Unit::Real("px")) => "0.5 px",
        (_, Unit::Real(_)) => "0.5",
    }
}

impl<'a> Field<'a> {
    /// A number that need not be whole, with `set_up` for its speed and decimals.
    pub fn real(term: Term, value: &'a mut f32, set_up: impl FnOnce(DragValue<'a>) -> DragValue<'a>) -> Self {
        Self::with_unit(term, value, "", set_up)
    }

    /// The same with a unit.
    pub fn with_unit(
        term: Term,
        value: &'a mut f32,
        unit: &'static str,
        set_up: impl FnOnce(DragValue<'a>) -> DragValue<'a>,
    ) -> Self {
        let plain = egui::emath::format_with_decimals_in_range;
        let value = DragValue::new(value)
            .range(-LIMIT..=LIMIT)
            .custom_formatter(move |value, decimals| short(value).unwrap_or_else(|| plain(value, decimals)));
        Self { term, value: set_up(value), unit: Unit::Real(unit) }
    }

    /// A number of percents.
    pub fn percents(term: Term, value: &'a mut f32) -> Self {
        let shown = |value: f64| short(value).unwrap_or_else(|| decimal(value));
        let value = DragValue::new(value).range(-LIMIT..=LIMIT).speed(0.5).suffix(" %");
        let value = value.custom_formatter(move |value, _| shown(value));
        Self { term, value, unit: Unit::Percent { is_fraction: false } }
    }

    /// A whole number of at least 0.
    pub fn whole(term: Term, value: DragValue<'a>) -> Self {
        Self { term, value, unit: Unit::Whole }
    }

    /// A fraction that is shown in percent, after `sign`.
    pub fn percent(term: Term, value: &'a mut f32, sign: &'static str) -> Self {
        let shown = move |value: f64| {
            let percents = value * 100.0;
            format!("{sign}{} %", short(percents).unwrap_or_else(|| decimal(percents)))
        };
        let value = DragValue::new(value).range(-LIMIT..=LIMIT).speed(0.002);
        let value = value.custom_formatter(move |value, _| shown(value));
        Self { term, value, unit: Unit::Percent { is_fraction: true } }
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
            _ => short(value).unwrap_or_else(|| ((value * 1e4).round() / 1e4).to_string()),
        });
        self
    }
}

impl Form {
    /// The name of the optimiser: the one that was chosen, whatever momentum was typed since.
    pub fn optimizer_name(&self, optimizer: OptimizerSpec) -> &'static str {
        self.optimizer.map_or_else(|| optimizer.name(), |(name, _)| name)
    }

    /// Names the optimiser anew if it was changed by something else than this form.
    pub fn see_optimizer(&mut self, optimizer: OptimizerSpec) {
        self.optimizer =
            self.optimizer.filter(|(_, left)| *left == optimizer).or(Some((optimizer.name(), optimizer)));
    }

    /// An optimiser was chosen by its name.
    pub fn choose_optimizer(&mut self, name: &'static str, optimizer: OptimizerSpec) {
        self.optimizer = Some((name, optimizer));
    }

    /// The settings of the optimiser as they are after this frame.
    pub fn left_optimizer(&mut self, optimizer: OptimizerSpec) {
        self.optimizer = Some((self.optimizer_name(optimizer), optimizer));
    }

    /// A number to drag or type, with its error. It is applied when typing ends, since the first digit of 12 is 1.
    pub fn number_ui(&mut self, ui: &mut Ui, field: Field<'_>, checked: &Result<(), TrainError>) {
        let Field { term, value, unit } = field;
        let refused = RefCell::new(None);
        let value: DragValue<'_> = value;
        let value = value.custom_parser(|text| {
            let is_word = [tr("off"), tr("all")].contains(&text.trim());
            let parsed = if is_word { Ok(0.0) } else { unit.parse(text) };
            parsed.map_err(|mistake| *refused.borrow_mut() = Some((mistake, text.trim().to_owned()))).ok()
        });
        let mut has_changed = false;
        let row = row_ui(ui, term, |ui| {
            ui.spacing_mut().interact_size = FIELD;
            let response = typed_number_ui(ui, value).accessible_name(term.label());
            has_changed = response.changed() || response.gained_focus();
        });
        if let Some((mistake, text)) = refused.into_inner() {
            self.refused = Some((term, mistake.sentence(&text, term, unit)));
        } else if has_changed {
            self.refused = None;
        }
        match &self.refused {
            Some((other, sentence)) if *other == term => wrong_note(ui, row, term, sentence),
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
        wrong_note(ui, row, term, &format!("{}.", in_fields(error).capitalised()));
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

/// A choice of two on the right of its name.
pub fn switch_ui(ui: &mut Ui, term: Term, is_on: &mut bool) {
    row_ui(ui, term, |ui| {
        ui.add(egui::Checkbox::without_text(is_on)).accessible_name(term.label());
    });
}

/// A number whose digits would not fit into a field, or would all be zeros there, as a power of ten.
fn short(value: f64) -> Option<String> {
    let size = value.abs();
    (size >= 1e9 || (size > 0.0 && size < 1e-4)).then(|| format!("{:e}", value as f32))
}

/// A number of percents without the digits that a fraction in single precision does not have.
fn decimal(value: f64) -> String {
    ((value * 1e4).round() / 1e4).to_string()
}

/// The units that can be typed.
const UNITS: [(&str, &str); 3] = [("%", "percents"), ("°", "degrees"), ("px", "pixels")];

impl Unit {
    /// Reads what was typed. A decimal comma and both minus signs are understood; the field's own unit may be there.
    fn parse(self, text: &str) -> Result<f64, Mistake> {
        let text = text.trim().trim_start_matches('±');
        let found = UNITS.into_iter().find(|(unit, _)| text.ends_with(unit));
        let number = real(found.map_or(text, |(unit, _)| text.trim_end_matches(unit)));
        let own = match self {
            Self::Real(unit) => unit,
            Self::Whole => "",
            Self::Percent { .. } => "%",
        };
        match (found, number) {
            (Some((unit, name)), Ok(_)) if unit != own => return Err(Mistake::OtherUnit(name)),
            _ => {}
        }
        match self {
            Self::Real(_) | Self::Percent { is_fraction: false } => number,
            Self::Percent { is_fraction: true } => number.map(|percents| percents / 100.0),
            Self::Whole => match number {
                Ok(number) if number > WHOLE_LIMIT => Err(Mistake::TooLarge),
                Ok(number) if number >= 0.0 && number.fract() == 0.0 => Ok(number),
                Err(Mistake::TooLarge) => Err(Mistake::TooLarge),
                _ => Err(Mistake::NotWhole),
            },
        }
    }
}

/// A finite number.
fn real(text: &str) -> Result<f64, Mistake> {
    match numbers::typed(text) {
        Some(number) if number.abs() <= f64::from(LIMIT) => Ok(number),
        Some(_) => Err(Mistake::TooLarge),
        // 1e999 is a number, `inf` is a word.
        None if is_infinite(text) => Err(Mistake::TooLarge),
        None => Err(Mistake::NotANumber),
    }
}

fn is_infinite(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit()) && text.trim().replace('−', "-").parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const REAL: Unit = Unit::Real("");

    #[test]
    fn huge_and_tiny_numbers_stay_short_and_are_read_back() {
        assert_eq!((short(1e8), short(0.001), short(0.0)), (None, None, None));
        for number in [1e9_f32, 1e30, -9.999_999_4e29, LIMIT, 1e-9, -5e-7, 2.5e-5] {
            let text = short(f64::from(number)).unwrap();
            assert!(text.len() < 14, "{text}");
            assert_eq!(real(&text).map(|read| read as f32), Ok(number), "{text}");
        }
    }

    #[test]
    fn what_is_not_taken_has_a_reason() {
        for (text, number) in [
            ("0.01", 0.01),
            ("0,05", 0.05),
            ("±2.5", 2.5),
            (" −1 000.5 ", -1000.5),
            ("1e-4", 1e-4),
            ("1e30", 1e30),
        ] {
            assert_eq!(REAL.parse(text), Ok(number), "{text}");
        }
        for text in ["inf", "-inf", "infinity", "NaN", "", "-", "1.2.3", "abc", "12abc"] {
            assert_eq!(REAL.parse(text), Err(Mistake::NotANumber), "{text}");
            assert_eq!(Unit::Whole.parse(text), Err(Mistake::NotWhole), "{text}");
        }
        for text in ["1e39", "-1e39", "1e999"] {
            let both = (REAL.parse(text), Unit::Whole.parse(text));
            assert_eq!(both, (Err(Mistake::TooLarge), Err(Mistake::TooLarge)), "{text}");
        }
        assert_eq!((Unit::Whole.parse("64"), Unit::Whole.parse("1e3")), (Ok(64.0), Ok(1000.0)));
        for text in ["-3", "−1", "0.5", "64 images"] {
            assert_eq!(Unit::Whole.parse(text), Err(Mistake::NotWhole), "{text}");
        }
    }

    #[test]
    fn a_field_takes_its_own_unit_and_no_other() {
        let fraction = Unit::Percent { is_fraction: true };
        assert_eq!((fraction.parse("±12.5 %"), fraction.parse("10")), (Ok(0.125), Ok(0.1)));
        assert_eq!(fraction.parse("a %"), Err(Mistake::NotANumber));
        assert_eq!((Unit::Real("px").parse("0,5 px"), Unit::Real("°").parse("10°")), (Ok(0.5), Ok(10.0)));
        for (unit, text, other) in [
            (REAL, "5%", "percents"),
            (Unit::Whole, "10 %", "percents"),
            (Unit::Real("°"), "3 px", "pixels"),
            (fraction, "10°", "degrees"),
        ] {
            assert_eq!(unit.parse(text), Err(Mistake::OtherUnit(other)), "{text}");
        }
        let said = Mistake::OtherUnit("percents").sentence("5%", Term::LearningRate, REAL);
        assert_eq!(
            said,
            "“5%” is in percents, but Learning rate is not. Type a number such as 0.01 or 1e-4."
        );
    }
}
