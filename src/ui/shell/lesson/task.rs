//! The task of a step: the question, the field for the answer, the buttons for help. Its height depends on the task alone, so
//! that nothing in it moves while one answers; hints and replies stand in the text above it.

use crate::{
    lesson::{Task, TaskKind},
    text::{fill, plural, tr},
    ui::{
        action::{Action, Actions},
        model::lesson::{LessonAct, LessonAnswer, Work},
        style::{
            fonts, icons,
            tokens::{Tokens, radius, size, space},
        },
        widgets::{icon_button, primary_button, tool_button, tool_button_as_wide},
    },
};
use egui::{
    Align, Button, Frame, Id, Key, Label, Layout, Margin, Rect, RichText, Role, TextEdit, Ui, WidgetInfo,
};

/// In a card narrower than this, in points, the solution has a shorter name.
const TIGHT: f32 = 270.0;

/// The height of its buttons, in points.
const TIGHT_ROW: f32 = 26.0;

/// The height of the rows of a list to be put in order, and the gap between them, in points.
const ORDER_ROW: f32 = 24.0;
const ORDER_GAP: f32 = 2.0;

/// The room that the number of tries needs, in points.
const TRIES: f32 = 64.0;

/// What is typed and put in order, until it is checked.
#[derive(Default)]
pub struct TaskForm {
    text: String,
    order: Vec<usize>,
    /// The entering of a step that it belongs to.
    of: u64,
    /// Whether the field takes the keyboard as soon as it is shown: on a new step.
    wants_keyboard: bool,
}

/// The identity of the field for a number.
pub fn number_field() -> Id {
    Id::unique("answer of the lesson")
}

impl TaskForm {
    /// The task. `entered` is another number for every entering of a step.
    pub fn ui(&mut self, ui: &mut Ui, task: &Task, work: &Work, entered: u64, actions: &mut Actions) {
        if self.of != entered {
            *self = Self { of: entered, wants_keyboard: true, ..Self::default() };
        }
        let t = Tokens::of(ui);
        // In a narrow window every point of the height goes to the words.
        let is_tight = ui.available_width() < TIGHT;
        let (margin, gap) = if is_tight { (space::S, space::XS) } else { (space::M, space::S) };
        let frame = Frame::new()
            .fill(t.raised)
            .stroke(t.line_stroke())
            .corner_radius(radius::L)
            .inner_margin(Margin::same(margin as i8));
        frame.show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = gap;
            if is_tight {
                ui.spacing_mut().interact_size.y = TIGHT_ROW;
                ui.spacing_mut().button_padding.y = 3.0;
            }
            let ask = RichText::new(task.ask.shown()).font(fonts::semibold(size::BODY)).color(t.text);
            ui.add(Label::new(ask).wrap());
            match &task.kind {
                TaskKind::Number { .. } => self.number_ui(ui, work, actions),
                TaskKind::Choice { options, answer } => choice_ui(ui, options, *answer, work, actions),
                TaskKind::Click { .. } => line_ui(ui, tr("Click it in the view.")),
                TaskKind::Order { items } => self.order_ui(ui, items, work, actions),
                TaskKind::Reach { .. } => line_ui(ui, tr("The lesson notices when you have done it.")),
            }
            help_ui(ui, task, work, actions);
        });
    }

    fn number_ui(&mut self, ui: &mut Ui, work: &Work, actions: &mut Actions) {
        if work.is_done() {
            // Enter goes on now.
            ui.memory_mut(|memory| memory.surrender_focus(number_field()));
        }
        ui.horizontal(|ui| {
            ui.add_enabled_ui(!work.is_done(), |ui| {
                let field = TextEdit::singleline(&mut self.text)
                    .id(number_field())
                    .font(fonts::mono(size::LARGE))
                    .desired_width(110.0)
                    .hint_text(tr("a number"));
                let field = ui.add(field);
                if std::mem::take(&mut self.wants_keyboard) && !work.is_done() {
                    field.request_focus();
                }
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
        let gap = std::mem::replace(&mut ui.spacing_mut().item_spacing.y, ORDER_GAP);
        for place in 0..self.order.len() {
            ui.horizontal(|ui| {
                ui.spacing_mut().interact_size.y = ORDER_ROW;
                let name = items[self.order[place]].shown();
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
        ui.spacing_mut().item_spacing.y = gap;
        if let Some((a, b)) = swap {
            self.order.swap(a, b);
        }
        ui.add_enabled_ui(!work.is_done(), |ui| {
            if primary_button(ui, icons::CHECK, tr("Check")).clicked() {
                let order = self.order.clone();
                actions.send(Action::Lesson(LessonAct::Answer(LessonAnswer::Order(order))));
            }
        });
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
        let text = option.shown();
        let width = ui.available_width();
        let button = Button::new(text)
            .wrap()
            .fill(fill)
            .stroke(stroke)
            .min_size(egui::vec2(width, ui.spacing().interact_size.y));
        let response = ui.add_enabled(!work.is_done(), button);
        if response.clicked() {
            actions.send(Action::Lesson(LessonAct::Answer(LessonAnswer::Choice(i))));
        }
    }
}

/// How an answer is given.
fn line_ui(ui: &mut Ui, text: &str) {
    let t = Tokens::of(ui);
    ui.add(Label::new(RichText::new(text).color(t.second)).wrap());
}

/// The hints that are shown and what came of the last answer. Returns where the newest of them is.
pub fn said_ui(ui: &mut Ui, task: &Task, work: &Work) -> Option<Rect> {
    let t = Tokens::of(ui);
    let mut last = None;
    for (i, hint) in task.hints.iter().take(work.hints).enumerate() {
        let shown = ui.scope(|ui| {
            let [number, of] = [i + 1, task.hints.len()].map(|n| n.to_string());
            let title = fill(tr("Hint {number} of {of}"), &[("number", &number), ("of", &of)]);
            let title = format!("{}  {title}", icons::LIGHTBULB);
            ui.label(RichText::new(title).size(size::SMALL).color(t.highlight_text));
            ui.add(Label::new(RichText::new(hint.shown()).color(t.text)).wrap());
        });
        last = Some(shown.response.rect);
    }
    if let Some(reply) = &work.reply {
        let (icon, color, ground) = if reply.is_right {
            (icons::CIRCLE_CHECK, t.good, t.good_ground)
        } else {
            (icons::X, t.bad, t.bad_ground)
        };
        let frame = Frame::new().fill(ground).corner_radius(radius::M);
        let shown = frame.inner_margin(Margin::symmetric(space::S as i8, space::XS as i8)).show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            let text = RichText::new(format!("{icon}  {}", reply.text)).color(color);
            ui.add(Label::new(text).wrap());
        });
        // A hint after a wrong answer is the newest.
        if last.is_none() || work.is_done() || work.hints_at_reply == work.hints {
            last = Some(shown.response.rect);
        }
    }
    last
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

/// Hint on the left, the solution on the right, each always at its place.
fn help_ui(ui: &mut Ui, task: &Task, work: &Work, actions: &mut Actions) {
    let is_open = !work.is_done();
    let is_tight = ui.available_width() < TIGHT;
    ui.horizontal(|ui| {
        if !task.hints.is_empty() {
            let words = [tr("Hint"), tr("Next hint")];
            let text = words[usize::from((1..task.hints.len()).contains(&work.hints))];
            ui.add_enabled_ui(is_open && work.hints < task.hints.len(), |ui| {
                let button = tool_button_as_wide(ui, icons::LIGHTBULB, text, &words);
                if button.on_hover_text("H").clicked() {
                    actions.send(Action::Lesson(LessonAct::Hint));
                }
            });
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_enabled_ui(is_open, |ui| {
                let name = tr("Show the solution");
                let text = if is_tight { tr("Solution") } else { name };
                let button = tool_button(ui, icons::EYE, text, "").accessible_name(name);
                if button.clicked() {
                    actions.send(Action::Lesson(LessonAct::Solve));
                }
            });
        });
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
