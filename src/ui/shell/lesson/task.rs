//! The task of a step: the question, the field for the answer, hints, what came of it.

use crate::{
    lesson::{Language, Task, TaskKind},
    text::{fill, plural, tr},
    ui::{
        action::{Action, Actions},
        model::lesson::{LessonAct, LessonAnswer, Work},
        style::{
            fonts, icons,
            tokens::{Tokens, radius, size, space},
        },
        widgets::{icon_button, primary_button, tool_button},
    },
};
use egui::{Align, Button, Frame, Key, Label, Layout, Margin, RichText, Role, TextEdit, Ui, WidgetInfo};

/// The room that the number of tries needs, in points.
const TRIES: f32 = 64.0;

/// What is typed and put in order, until it is checked.
#[derive(Default)]
pub struct TaskForm {
    text: String,
    order: Vec<usize>,
    /// The entering of a step that it belongs to.
    of: u64,
}

impl TaskForm {
    /// The task. `entered` is another number for every entering of a step.
    pub fn ui(&mut self, ui: &mut Ui, task: &Task, work: &Work, entered: u64, actions: &mut Actions) {
        if self.of != entered {
            *self = Self { of: entered, ..Self::default() };
        }
        let t = Tokens::of(ui);
        let frame = Frame::new()
            .fill(t.raised)
            .stroke(t.line_stroke())
            .corner_radius(radius::L)
            .inner_margin(Margin::same(space::M as i8));
        frame.show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = space::S;
            let ask = RichText::new(task.ask.get(Language::English))
                .font(fonts::semibold(size::BODY))
                .color(t.text);
            ui.add(Label::new(ask).wrap());
            match &task.kind {
                TaskKind::Number { .. } => self.number_ui(ui, work, actions),
                TaskKind::Choice { options, answer } => choice_ui(ui, options, *answer, work, actions),
                TaskKind::Click { .. } => line_ui(ui, work, tr("Click it in the view.")),
                TaskKind::Order { items } => self.order_ui(ui, items, work, actions),
                TaskKind::Reach { .. } => line_ui(ui, work, tr("The lesson notices when you have done it.")),
            }
            if let Some(reply) = &work.reply {
                let (icon, color) =
                    if reply.is_right { (icons::CIRCLE_CHECK, t.good) } else { (icons::X, t.bad) };
                let text = RichText::new(format!("{icon}  {}", reply.text)).color(color);
                ui.add(Label::new(text).wrap());
            }
            for (i, hint) in task.hints.iter().take(work.hints).enumerate() {
                let [number, of] = [i + 1, task.hints.len()].map(|n| n.to_string());
                let title = fill(tr("Hint {number} of {of}"), &[("number", &number), ("of", &of)]);
                let title = format!("{}  {title}", icons::LIGHTBULB);
                ui.label(RichText::new(title).size(size::SMALL).color(t.highlight_text));
                ui.add(Label::new(RichText::new(hint.get(Language::English)).color(t.text)).wrap());
            }
            if !work.is_done() {
                help_ui(ui, task, work, actions);
            }
        });
    }

    fn number_ui(&mut self, ui: &mut Ui, work: &Work, actions: &mut Actions) {
        ui.horizontal(|ui| {
            ui.add_enabled_ui(!work.is_done(), |ui| {
                let field = TextEdit::singleline(&mut self.text)
                    .font(fonts::mono(size::LARGE))
                    .desired_width(110.0)
                    .hint_text(tr("a number"));
                let field = ui.add(field);
                field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, tr("Your answer")));
                let is_entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
                let is_checked = primary_button(ui, icons::CHECK, tr("Check")).clicked();
                if (is_entered || is_checked) && !self.text.trim().is_empty() {
                    actions.send(Action::Lesson(LessonAct::Answer(typed(&self.text))));
                    field.request_focus();
                }
            });
            tries_ui(ui, work);
        });
    }

    fn order_ui(&mut self, ui: &mut Ui, items: &[crate::lesson::Texts], work: &Work, actions: &mut Actions) {
        if self.order.len() != items.len() {
            // Any order but the right one.
            self.order = (0..items.len()).rev().collect();
            let half = self.order.len() / 2;
            self.order.rotate_left(half.max(1) % items.len().max(1));
        }
        if work.is_done() {
            self.order = (0..items.len()).collect();
        }
        let mut swap = None;
        for place in 0..self.order.len() {
            ui.horizontal(|ui| {
                let name = items[self.order[place]].get(Language::English);
                ui.add_enabled_ui(!work.is_done(), |ui| {
                    let up = fill(tr("{name}: earlier"), &[("name", name)]);
                    let down = fill(tr("{name}: later"), &[("name", name)]);
                    if icon_button(ui, icons::CHEVRON_UP, &up).clicked() {
                        swap = place.checked_sub(1).map(|other| (place, other));
                    }
                    if icon_button(ui, icons::CHEVRON_DOWN, &down).clicked() && place + 1 < items.len() {
                        swap = Some((place, place + 1));
                    }
                });
                ui.add(Label::new(name).wrap());
            });
        }
        if let Some((a, b)) = swap {
            self.order.swap(a, b);
        }
        if !work.is_done() && primary_button(ui, icons::CHECK, tr("Check")).clicked() {
            let order = self.order.clone();
            actions.send(Action::Lesson(LessonAct::Answer(LessonAnswer::Order(order))));
        }
    }
}

/// A typed number: a decimal point or comma, and a fraction.
fn typed(text: &str) -> LessonAnswer {
    let plain = text
        .trim()
        .trim_end_matches('%')
        .trim()
        .replace('−', "-")
        .replace(',', ".")
        .replace([' ', '\u{a0}'], "");
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    let value = match plain.split_once('/') {
        Some((above, below)) => {
            number(above).zip(number(below).filter(|below| *below != 0.0)).map(|(a, b)| a / b)
        }
        None => number(&plain),
    };
    value.map_or_else(|| LessonAnswer::NoNumber(text.trim().to_owned()), LessonAnswer::Number)
}

fn choice_ui(
    ui: &mut Ui,
    options: &[crate::lesson::Texts],
    answer: usize,
    work: &Work,
    actions: &mut Actions,
) {
    let t = Tokens::of(ui);
    for (i, option) in options.iter().enumerate() {
        let is_chosen = work.chosen == Some(i);
        let (stroke, fill) = match (work.is_done() && i == answer, is_chosen) {
            (true, _) => (egui::Stroke::new(1.5, t.good), t.good_ground),
            (false, true) if !work.is_done() => (egui::Stroke::new(1.5, t.bad), t.bad_ground),
            _ => (t.line_stroke(), t.panel),
        };
        let text = option.get(Language::English);
        let width = ui.available_width();
        let button = Button::new(text).wrap().fill(fill).stroke(stroke).min_size(egui::vec2(width, 32.0));
        let response = ui.add_enabled(!work.is_done(), button);
        if response.clicked() {
            actions.send(Action::Lesson(LessonAct::Answer(LessonAnswer::Choice(i))));
        }
    }
}

/// How an answer is given, until it is.
fn line_ui(ui: &mut Ui, work: &Work, text: &str) {
    let t = Tokens::of(ui);
    if work.reply.is_none() {
        ui.add(Label::new(RichText::new(text).color(t.second)).wrap());
    }
}

fn tries_ui(ui: &mut Ui, work: &Work) {
    // A narrow panel has no room for it.
    if work.tries > 0 && ui.available_width() > TRIES {
        let t = Tokens::of(ui);
        let text = plural(work.tries as usize, "{count} try", "{count} tries");
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(RichText::new(text).size(size::SMALL).color(t.second));
        });
    }
}

fn help_ui(ui: &mut Ui, task: &Task, work: &Work, actions: &mut Actions) {
    ui.horizontal_wrapped(|ui| {
        if work.hints < task.hints.len() {
            let text = if work.hints == 0 { tr("Hint") } else { tr("Next hint") };
            if tool_button(ui, icons::LIGHTBULB, text, "H").clicked() {
                actions.send(Action::Lesson(LessonAct::Hint));
            }
        }
        if tool_button(ui, icons::EYE, tr("Show the solution"), "").clicked() {
            actions.send(Action::Lesson(LessonAct::Solve));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, value) in [
            ("12", 12.0),
            (" −0,5 ", -0.5),
            ("1/4", 0.25),
            ("48 120", 48120.0),
            ("66.5 %", 66.5),
            ("1e12", 1e12),
        ] {
            assert_eq!(typed(text), LessonAnswer::Number(value), "{text}");
        }
        for text in ["twelve", "1/0", "inf", "1 + 2", "--3"] {
            assert!(matches!(typed(text), LessonAnswer::NoNumber(_)), "{text}");
        }
    }
}
