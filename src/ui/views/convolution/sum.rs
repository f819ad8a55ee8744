//! The sum of an output, written with its numbers.
//!
//! The digits of all numbers are chosen together, so that the sum is true as written; see [`crate::text::written`].

use super::scene::ConvolutionScene;
use crate::{
    explain::{
        Cell,
        cell::{ChannelTerms, Term},
        written::products,
    },
    text::{
        fill, plural, tr,
        written::{Equation, Expression, Number},
    },
    ui::{
        style::{
            fonts,
            tokens::{Tokens, radius, space},
        },
        widgets::has_room,
    },
};
use egui::{Color32, FontId, Frame, Margin, TextFormat, Ui, text::LayoutJob};

/// The height of a card with one line, in points.
pub const LEAST_HEIGHT: f32 = 52.0;

/// The most products that are written out.
const MOST_TERMS: usize = 27;
/// The number of products and channels that are written out if there are more.
const STRONGEST: usize = 9;
/// The size of the numbers, legible from the back of a room.
const SIZE: f32 = 17.0;

/// The text of a sum.
pub struct Line {
    job: LayoutJob,
    font: FontId,
    bold: FontId,
    second: Color32,
    text: Color32,
    /// The number of products that are written out; if there are more, the `strongest` ones.
    most: usize,
    strongest: usize,
}

impl Line {
    /// An empty text that breaks at this width.
    pub fn new(ui: &Ui) -> Self {
        let t = Tokens::of(ui);
        // A narrow window has room for smaller and fewer numbers.
        let is_narrow = ui.available_width() < 620.0;
        let size = if is_narrow { 13.0 } else { SIZE };
        let is_short = is_narrow || !has_room(ui);
        let (most, strongest) = if is_short { (12, 5) } else { (MOST_TERMS, STRONGEST) };
        let mut job = LayoutJob::default();
        job.wrap.max_width = ui.available_width();
        Self {
            job,
            font: fonts::mono(size),
            bold: fonts::mono_bold(size),
            second: t.second,
            text: t.text,
            most,
            strongest,
        }
    }

    fn push(&mut self, text: &str, font: FontId, color: Color32) {
        self.job.append(
            text,
            0.0,
            TextFormat { line_height: Some(font.size * 1.45), ..TextFormat::simple(font, color) },
        );
    }

    /// Signs and words between numbers.
    pub fn sign(&mut self, text: &str) {
        self.push(text, self.font.clone(), self.second);
    }

    /// A number.
    pub fn number(&mut self, text: &str) {
        self.push(text, self.font.clone(), self.text);
    }

    /// The result: coloured and bold.
    pub fn strong(&mut self, text: &str, color: Color32) {
        self.push(text, self.bold.clone(), color);
    }

    /// Shows the text, with the values of `exact` and all their digits in a tooltip.
    pub fn ui(self, ui: &mut Ui, exact: Option<f32>) {
        let label = ui.add(egui::Label::new(self.job).wrap());
        if let Some(value) = exact {
            let value = value.to_string().replace('-', crate::text::written::MINUS);
            label.on_hover_text(fill(tr("Exact value: {value}"), &[("value", &value)]));
        }
    }

    /// Writes the numbers of an equation between the signs of its formula.
    fn formula(&mut self, formula: &Formula, equation: &Equation) {
        let mut numbers = equation.numbers.iter();
        for piece in &formula.pieces {
            match piece {
                Piece::Sign(text) => self.sign(text),
                Piece::Number => self.number(numbers.next().map_or("", Number::text)),
                Piece::Factor => self.number(&numbers.next().map_or_else(String::new, Number::bracketed)),
            }
        }
    }
}

/// What is written before the equals sign: signs, words and the places of the numbers.
#[derive(Default)]
struct Formula {
    pieces: Vec<Piece>,
}

enum Piece {
    Sign(String),
    /// The next number.
    Number,
    /// The next number, in brackets if it is negative.
    Factor,
}

impl Formula {
    fn sign(&mut self, text: impl Into<String>) {
        self.pieces.push(Piece::Sign(text.into()));
    }

    /// `x·w + x·w + …`
    fn products(&mut self, count: usize) {
        for i in 0..count {
            if i > 0 {
                self.sign(" + ");
            }
            self.pieces.push(Piece::Number);
            self.sign("·");
            self.pieces.push(Piece::Factor);
        }
    }

    /// A number after a word.
    fn named(&mut self, name: &str) {
        self.sign(format!(" + {name} "));
        self.pieces.push(Piece::Factor);
    }
}

/// A sum of products that is to be written.
pub struct WrittenSum<'a> {
    /// The products of each channel.
    pub parts: &'a [ChannelTerms],
    /// The number by which the sum of the products is divided.
    pub divisor: Option<usize>,
    /// The bias, which is added last.
    pub bias: Option<f32>,
    /// The stored value.
    pub value: f32,
    /// The index in `parts` of the selected channel.
    pub shown: usize,
    /// Whether the result is to be predicted: then no subtotal is written.
    pub is_hidden: bool,
}

impl WrittenSum<'_> {
    /// Writes the sum without its result. Returns the equals sign and the result.
    pub fn write(&self, line: &mut Line) -> Equation {
        let is_single = self.parts.iter().all(|part| part.terms.len() <= 1) || self.parts.len() == 1;
        match (is_single, self.is_hidden) {
            (true, _) => self.write_products(line),
            (false, true) => self.write_open_channels(line),
            (false, false) => self.write_channels(line),
        }
    }

    /// The channels whose products are written: all of them if there is room, or the selected one.
    fn written_parts(&self, line: &Line) -> impl Iterator<Item = (usize, &ChannelTerms)> {
        let count: usize = self.parts.iter().map(|part| part.terms.len()).sum();
        let is_short = count <= line.most + line.strongest;
        let parts = self.parts.iter().enumerate();
        parts.filter(move |(number, part)| (is_short || *number == self.shown) && !part.terms.is_empty())
    }

    /// Divides a sum and adds the bias.
    fn whole(&self, terms: Vec<Expression>) -> Expression {
        let sum = Expression::Sum(terms);
        let mean = match self.divisor {
            Some(divisor) => sum.over(divisor as f64),
            None => sum,
        };
        match self.bias {
            Some(bias) => mean.plus(bias),
            None => mean,
        }
    }

    fn open(&self, formula: &mut Formula) {
        if self.divisor.is_some() {
            formula.sign("(");
        }
    }

    fn close(&self, formula: &mut Formula) {
        if self.divisor.is_some() {
            formula.sign(") / ");
            formula.pieces.push(Piece::Number);
        }
        if self.bias.is_some() {
            formula.named(tr("bias"));
        }
    }

    /// All products in one sum, or the strongest of very many.
    fn write_products(&self, line: &mut Line) -> Equation {
        let mut formula = Formula::default();
        self.open(&mut formula);
        let most = if self.parts.len() > 1 { line.most + line.strongest } else { line.most };
        let terms = terms(&mut formula, self.parts, most, line.strongest);
        self.close(&mut formula);
        let equation = self.whole(terms).equation(self.value);
        line.formula(&formula, &equation);
        equation
    }

    /// The products of the channels, and what is added up, by its name: the subtotals are to be predicted, too.
    fn write_open_channels(&self, line: &mut Line) -> Equation {
        for (_, part) in self.written_parts(line).collect::<Vec<_>>() {
            let (formula, sum) = channel(line, part);
            line.formula(&formula, &sum.equation(part.exact_subtotal()));
            line.sign(" = ?\n");
        }
        let mut formula = Formula::default();
        self.open(&mut formula);
        let names: Vec<String> = self.parts.iter().map(|part| format!("c{}", part.channel)).collect();
        formula.sign(names.join(" + "));
        self.close(&mut formula);
        let subtotals = self.parts.iter().map(|part| Expression::Value(part.exact_subtotal()));
        let equation = self.whole(subtotals.collect()).equation(self.value);
        // The names stand for the subtotals: only the numbers after them are written.
        let numbers = equation.numbers.iter().skip(self.parts.len()).cloned().collect();
        line.formula(&formula, &Equation { numbers, ..equation.clone() });
        equation
    }

    /// A line with the subtotal of each channel, or of the selected one, and their sum.
    fn write_channels(&self, line: &mut Line) -> Equation {
        let subtotals: Vec<f64> = self.parts.iter().map(ChannelTerms::exact_subtotal).collect();
        let mut order: Vec<usize> = (0..self.parts.len()).collect();
        order.sort_by(|&a, &b| subtotals[b].abs().total_cmp(&subtotals[a].abs()));
        let (strongest, others) = order.split_at_mut(self.parts.len().min(line.strongest));
        strongest.sort_unstable();
        let mut formula = Formula::default();
        let mut terms: Vec<Expression> = Vec::new();
        self.open(&mut formula);
        for (i, &part) in strongest.iter().enumerate() {
            formula.sign(format!("{}c{} ", if i > 0 { " + " } else { "" }, self.parts[part].channel));
            formula.pieces.push(Piece::Factor);
            terms.push(Expression::Value(subtotals[part]));
        }
        if !others.is_empty() {
            formula.named(&plural(others.len(), "{count} other channel", "{count} other channels"));
            terms.push(Expression::Value(others.iter().map(|&part| subtotals[part]).sum()));
        }
        self.close(&mut formula);
        let equation = self.whole(terms).equation(self.value);
        for (number, part) in self.written_parts(line).collect::<Vec<_>>() {
            let place = strongest.iter().position(|&other| other == number);
            let decimals = place.and_then(|place| equation.numbers.get(place)).map(Number::decimals);
            write_channel(line, part, subtotals[number], decimals);
        }
        line.formula(&formula, &equation);
        equation
    }
}

/// `c0: x·w + …`
fn channel(line: &Line, part: &ChannelTerms) -> (Formula, Expression) {
    let mut formula = Formula::default();
    formula.sign(format!("c{}: ", part.channel));
    let terms = terms(&mut formula, std::slice::from_ref(part), line.most, line.strongest);
    (formula, Expression::Sum(terms))
}

/// `c0: x·w + … = subtotal`, with the decimals that the subtotal has below, if it is written there.
fn write_channel(line: &mut Line, part: &ChannelTerms, subtotal: f64, decimals: Option<usize>) {
    let (formula, sum) = channel(line, part);
    let equation = match decimals {
        Some(decimals) => sum.equation_to(subtotal, decimals),
        None => sum.equation(subtotal),
    };
    line.formula(&formula, &equation);
    line.sign(&format!(" {} ", equation.relation.sign()));
    line.number(equation.result.text());
    line.sign("\n");
}

/// The products of these channels; if there are more than `most`, the strongest ones and the sum of all others.
fn terms(formula: &mut Formula, parts: &[ChannelTerms], most: usize, strongest: usize) -> Vec<Expression> {
    let all: Vec<Term> = parts.iter().flat_map(|part| part.terms.iter().copied()).collect();
    if all.is_empty() {
        formula.pieces.push(Piece::Number);
        return vec![Expression::Value(0.0)];
    }
    if all.len() <= most {
        formula.products(all.len());
        return products(&all);
    }
    let cell = Cell::Sum { parts: parts.to_vec(), bias: None };
    let Some((strongest, others)) = cell.strongest_exact(strongest) else { return Vec::new() };
    formula.products(strongest.len());
    formula.named(tr("all other products"));
    let mut terms = products(strongest.iter().map(|(_, term)| term));
    terms.push(Expression::Value(others));
    terms
}

/// Writes the equals sign and the result.
pub fn write_result(line: &mut Line, equation: &Equation, ui: &Ui) {
    let t = Tokens::of(ui);
    line.sign(&format!(" {} ", equation.relation.sign()));
    line.strong(equation.result.text(), t.highlight_text);
}

/// The sum of the inspected output, without its result.
pub fn write_step(line: &mut Line, scene: &ConvolutionScene<'_>) -> Equation {
    let step = scene.step;
    let sum = WrittenSum {
        parts: &step.parts,
        divisor: step.divisor,
        bias: step.bias,
        value: step.value,
        shown: scene.part(),
        is_hidden: scene.is_hidden(scene.at),
    };
    sum.write(line)
}

/// The sum of an output. Returns its height.
pub fn sum_ui(ui: &mut Ui, scene: &ConvolutionScene<'_>) -> f32 {
    card_ui(ui, |ui| {
        let mut line = Line::new(ui);
        let equation = write_step(&mut line, scene);
        if scene.is_hidden(scene.at) {
            line.sign(" = ");
            line.strong("?", Tokens::of(ui).highlight_text);
            line.ui(ui, None);
            return;
        }
        write_result(&mut line, &equation, ui);
        after(&mut line, scene, equation.result.decimals());
        line.ui(ui, Some(scene.step.value));
    })
}

/// What the following layers compute from the output, up to the current step.
fn after(line: &mut Line, scene: &ConvolutionScene<'_>, decimals: usize) {
    let place = scene.step.place;
    for after in scene.conv.post_layers() {
        let cell = after.cell(place.row, place.column);
        let is_come = scene.lab.is_whole
            || after.needs(place.channel, cell, scene.conv.output()) <= scene.position.max(scene.at);
        let (_, _, width) = after.shape.as_maps();
        let Some(&value) = after.map(place.channel).get(cell.0 * width + cell.1).filter(|_| is_come) else {
            continue;
        };
        line.sign(&format!("  →  {} ", after.layer.summary()));
        line.number(Number::new(f64::from(value), decimals).text());
    }
}

/// A card as wide as the room. Returns its height.
pub fn card_ui(ui: &mut Ui, add: impl FnOnce(&mut Ui)) -> f32 {
    let t = Tokens::of(ui);
    let margin = Margin::symmetric(space::L as i8, space::S as i8);
    let frame =
        Frame::new().fill(t.raised).stroke(t.line_stroke()).corner_radius(radius::L).inner_margin(margin);
    let shown = frame.show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.set_min_height(LEAST_HEIGHT - 2.0 * space::S - 2.0);
        add(ui);
    });
    shown.response.rect.height()
}
