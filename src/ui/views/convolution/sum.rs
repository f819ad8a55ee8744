//! The sum written out with its numbers.

use super::scene::ConvolutionScene;
use crate::{
    explain::{
        Cell,
        cell::{ChannelTerms, Term},
    },
    text::{fill, tr},
    ui::{
        style::{
            fonts,
            tokens::{Tokens, radius, space},
        },
        widgets::{number_grid::short, numbers},
    },
};
use egui::{Color32, FontId, Frame, Margin, TextFormat, Ui, text::LayoutJob};

/// The height of the card with a line in it, in points.
pub const LEAST_HEIGHT: f32 = 52.0;

/// Products that are written one by one; of more, the strongest.
const MOST_TERMS: usize = 27;
/// Products and channels that are written where there are more.
const STRONGEST: usize = 9;
/// The size of the numbers, for the back of a room.
const SIZE: f32 = 17.0;

/// Words and numbers on their way to a text.
pub struct Line {
    job: LayoutJob,
    font: FontId,
    bold: FontId,
    second: Color32,
    text: Color32,
    /// Products that there is room for one by one, and of more, the strongest.
    most: usize,
    strongest: usize,
}

impl Line {
    /// An empty text that breaks at this width.
    pub fn new(ui: &Ui) -> Self {
        let t = Tokens::of(ui);
        // A narrow window has less room for large numbers, and for many.
        let is_narrow = ui.available_width() < 620.0;
        let size = if is_narrow { 13.0 } else { SIZE };
        let (most, strongest) = if is_narrow { (12, 5) } else { (MOST_TERMS, STRONGEST) };
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

    /// What joins numbers.
    pub fn sign(&mut self, text: &str) {
        self.push(text, self.font.clone(), self.second);
    }

    /// A number.
    pub fn number(&mut self, text: &str) {
        self.push(text, self.font.clone(), self.text);
    }

    /// A number in another colour, heavier.
    pub fn strong(&mut self, text: &str, color: Color32) {
        self.push(text, self.bold.clone(), color);
    }

    /// Shows it.
    pub fn ui(self, ui: &mut Ui) {
        ui.add(egui::Label::new(self.job).wrap());
    }

    /// `x·w`, with a negative factor in brackets.
    pub fn product(&mut self, term: &Term) {
        self.number(&number(term.seen.x));
        self.sign("·");
        self.number(&bracketed(term.weight));
    }

    /// The products of a channel with signs between.
    fn products(&mut self, part: &ChannelTerms) {
        for (i, term) in part.terms.iter().enumerate() {
            if i > 0 {
                self.sign(" + ");
            }
            self.product(term);
        }
    }
}

/// A number in a sum: whole ones whole, others to three decimals.
pub fn number(value: f32) -> String {
    if value == value.trunc() && value.abs() < 1e4 {
        short(value)
    } else if (0.000_5..1e4).contains(&value.abs()) {
        let sign = if value < 0.0 { "−" } else { "" };
        format!("{sign}{:.3}", value.abs())
    } else {
        numbers::plain(value)
    }
}

/// The same, in brackets if it is negative.
pub fn bracketed(value: f32) -> String {
    if value < 0.0 { format!("({})", number(value)) } else { number(value) }
}

/// The sum of an output, all its products or the strongest; how high it is.
pub fn sum_ui(ui: &mut Ui, scene: &ConvolutionScene<'_>) -> f32 {
    let t = Tokens::of(ui);
    card_ui(ui, |ui| {
        let mut line = Line::new(ui);
        terms(&mut line, scene);
        line.sign(" = ");
        line.strong(&number(scene.step.value), t.highlight_text);
        after(&mut line, scene);
        line.ui(ui);
    })
}

/// What the layers after it make of the output, as far as the animation has come.
fn after(line: &mut Line, scene: &ConvolutionScene<'_>) {
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
        line.number(&number(value));
    }
}

/// A card as wide as there is room; how high it is.
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

/// The products of each part, in brackets where there are several; of very many, the strongest.
pub fn parts_of(line: &mut Line, parts: &[ChannelTerms]) {
    let products: usize = parts.iter().map(|part| part.terms.len()).sum();
    if products > line.most + line.strongest {
        strongest(line, &Cell::Sum { parts: parts.to_vec(), bias: None });
        return;
    }
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            line.sign(" + ");
        }
        if parts.len() > 1 && part.terms.len() > 1 {
            line.sign("(");
            line.products(part);
            line.sign(")");
        } else {
            line.products(part);
        }
    }
}

/// Everything before the equals sign.
pub fn terms(line: &mut Line, scene: &ConvolutionScene<'_>) {
    let step = scene.step;
    let open = if step.divisor.is_some() { "(" } else { "" };
    match step.parts.as_slice() {
        [part] if part.terms.len() <= line.most => {
            line.sign(open);
            line.products(part);
        }
        parts if step.products() <= line.most + line.strongest && parts.len() > 1 => {
            line.sign(open);
            for (i, part) in parts.iter().enumerate() {
                if i > 0 {
                    line.sign("\n + ");
                }
                line.sign("(");
                line.products(part);
                line.sign(")");
            }
        }
        [_] => {
            line.sign(open);
            strongest(line, &step.cell());
        }
        parts => channels(line, scene, parts, open),
    }
    if let Some(divisor) = step.divisor {
        line.sign(") / ");
        line.number(&divisor.to_string());
    }
    if let Some(bias) = step.bias {
        line.sign(&format!(" + {} ", tr("bias")));
        line.number(&bracketed(bias));
    }
}

/// The products that weigh most, and what all others come to.
fn strongest(line: &mut Line, cell: &Cell) {
    let Some((strongest, others)) = cell.strongest(line.strongest) else { return };
    for (i, (_, term)) in strongest.iter().enumerate() {
        if i > 0 {
            line.sign(" + ");
        }
        line.product(term);
    }
    line.sign(&format!(" + {} ", tr("all other products")));
    line.number(&bracketed(others));
}

/// What each channel comes to; of many, the strongest and what all others come to.
fn channels(line: &mut Line, scene: &ConvolutionScene<'_>, parts: &[ChannelTerms], open: &str) {
    let shown = scene.part();
    let part = &parts[shown];
    let name = fill(tr("channel {number}"), &[("number", &part.channel.to_string())]);
    line.sign(&format!("{name}: "));
    let cell = Cell::Sum { parts: vec![part.clone()], bias: None };
    if part.terms.len() <= line.most {
        line.products(part);
    } else {
        strongest(line, &cell);
    }
    line.sign(" = ");
    line.number(&number(part.subtotal()));
    line.sign(&format!("\n{open}"));
    let mut order: Vec<&ChannelTerms> = parts.iter().collect();
    order.sort_by(|a, b| b.subtotal().abs().total_cmp(&a.subtotal().abs()));
    let (strongest, others) = order.split_at_mut(parts.len().min(line.strongest));
    strongest.sort_by_key(|part| part.channel);
    for (i, part) in strongest.iter().enumerate() {
        line.sign(&format!("{}c{} ", if i > 0 { " + " } else { "" }, part.channel));
        line.number(&bracketed(part.subtotal()));
    }
    if !others.is_empty() {
        let count = others.len().to_string();
        line.sign(&format!(" + {} ", fill(tr("{count} other channels"), &[("count", &count)])));
        line.number(&bracketed(others.iter().map(|part| part.subtotal()).sum::<f32>()));
    }
}
