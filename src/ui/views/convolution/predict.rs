//! Predict, then reveal: a person types the hidden next output, and a wrong answer is explained.

use super::{
    scene::ConvolutionScene,
    sum::{Line, card_ui, write_result, write_step},
};
use crate::{
    explain::{cell::Term, convolution::Mistake},
    text::{fill, tr, written::Expression},
    ui::{
        action::{Action, Actions},
        model::convolution::{Answered, act::ConvolutionAct},
        style::{
            icons,
            tokens::{Tokens, size, space},
        },
        widgets::{icon_button, number_grid::exact, numbers, tool_button},
    },
};
use egui::{Align, Key, Label, Layout, RichText, Role, TextEdit, Ui, WidgetInfo};

/// What is typed.
#[derive(Default)]
pub struct PredictCard {
    text: String,
    is_refused: bool,
    /// Whether the next question's field takes the keyboard: the question before was left by its button or key.
    takes_keyboard: bool,
}

impl PredictCard {
    /// The question, or the result of the answer. Returns its height.
    pub fn ui(&mut self, ui: &mut Ui, scene: &ConvolutionScene<'_>, actions: &mut Actions) -> f32 {
        card_ui(ui, |ui| {
            let t = Tokens::of(ui);
            let round = &scene.lab.round;
            let mut line = Line::new(ui);
            let equation = write_step(&mut line, scene);
            if scene.is_hidden(scene.at) {
                line.sign(" = ");
                line.strong("?", t.highlight_text);
                line.ui(ui, None);
            } else {
                write_result(&mut line, &equation, ui);
                line.ui(ui, Some(scene.step.value));
            }
            ui.add_space(space::XS);
            let answered = round.last.as_ref().filter(|last| last.at == scene.position);
            let is_hidden = scene.is_hidden(scene.position);
            ui.horizontal(|ui| {
                if is_hidden {
                    self.question_ui(ui, actions);
                } else {
                    self.text.clear();
                    verdict_ui(ui, answered);
                    self.takes_keyboard = next_ui(ui, scene, actions);
                }
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| score_ui(ui, scene, actions));
            });
            let (text, color) = match answered {
                _ if is_hidden && self.is_refused => {
                    let text = tr("Type a number, such as 12 or −0.5.");
                    (format!("{}  {text}", icons::TRIANGLE_ALERT), t.bad)
                }
                _ if is_hidden => (tr("What comes out? The products are hidden.").to_owned(), t.second),
                Some(answered) => (explanation(answered), t.second),
                None => (tr("This output is already revealed.").to_owned(), t.second),
            };
            ui.label(RichText::new(text).color(color));
        })
    }

    fn question_ui(&mut self, ui: &mut Ui, actions: &mut Actions) {
        let field = TextEdit::singleline(&mut self.text)
            .font(crate::ui::style::fonts::mono(size::LARGE))
            .desired_width(110.0)
            .hint_text(tr("your answer"));
        let field = ui.add(field);
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, tr("Your answer")));
        if std::mem::take(&mut self.takes_keyboard) {
            field.request_focus();
        }
        if field.changed() {
            self.is_refused = false;
        }
        let is_entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let is_checked = tool_button(ui, icons::CHECK, tr("Check"), "Enter").clicked();
        if is_entered || is_checked {
            match numbers::typed(&self.text).map(|guess| guess as f32) {
                Some(guess) if guess.is_finite() => {
                    actions.send(Action::Convolution(ConvolutionAct::Guess(guess)));
                }
                _ => self.is_refused = true,
            }
        }
    }
}

fn verdict_ui(ui: &mut Ui, answered: Option<&Answered>) {
    let t = Tokens::of(ui);
    let Some(answered) = answered else { return };
    let (guess, value) = (exact(answered.guess), exact(answered.value));
    let values = [("guess", &*guess), ("value", &*value)];
    let (icon, text, color) = match answered.slip {
        None => (icons::CIRCLE_CHECK, fill(tr("Right: {value}"), &values), t.good),
        Some(_) => (icons::X, fill(tr("Not {guess}: it is {value}"), &values), t.bad),
    };
    let font = crate::ui::style::fonts::semibold(size::LARGE);
    ui.label(RichText::new(format!("{icon}  {text}")).font(font).color(color));
}

/// The button that goes on. Returns whether it was pressed.
fn next_ui(ui: &mut Ui, scene: &ConvolutionScene<'_>, actions: &mut Actions) -> bool {
    let round = &scene.lab.round;
    if round.next(scene.position, scene.conv.len()).is_none() {
        return false;
    }
    let next = tool_button(ui, icons::ARROW_RIGHT, tr("Next output"), "Enter");
    // The answer's field is gone, so its key is free to go on.
    let is_entered = !ui.ctx().egui_wants_keyboard_input() && ui.input(|input| input.key_pressed(Key::Enter));
    let goes_on = next.clicked() || is_entered && round.last.is_some();
    if goes_on {
        actions.send(Action::Convolution(ConvolutionAct::NextGuess));
    }
    goes_on
}

/// The score, and a new round.
fn score_ui(ui: &mut Ui, scene: &ConvolutionScene<'_>, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let round = &scene.lab.round;
    if icon_button(ui, icons::ROTATE_CCW, tr("New round")).clicked() {
        actions.send(Action::Convolution(ConvolutionAct::NewRound));
    }
    let [right, asked] = [round.right, round.asked].map(|count| count.to_string());
    let text = fill(tr("Score: {right} of {asked} right"), &[("right", &right), ("asked", &asked)]);
    ui.add(Label::new(RichText::new(text).color(t.text)).truncate());
}

/// The most likely mistake, as a sentence.
fn explanation(answered: &Answered) -> String {
    let Some(slip) = &answered.slip else {
        return tr("These are the products, their sum and the bias.").to_owned();
    };
    let product = |term: &Term| {
        let equation = Expression::product(term.seen.x, term.weight).equation(term.exact_product());
        let [x, weight] = equation.numbers.as_slice() else { return String::new() };
        let (sign, result) = (equation.relation.sign(), equation.result.text());
        format!("{}·{} {sign} {result}", x.text(), weight.bracketed())
    };
    let at = |term: &Term, sentence: &str| {
        let place = format!("({}, {})", term.kernel.0, term.kernel.1);
        fill(sentence, &[("product", &product(term)), ("place", &place)])
    };
    match slip {
        Mistake::LeftOut(_, term) => {
            at(term, tr("The product {product} at {place} of the kernel is missing in your sum."))
        }
        Mistake::Twice(_, term) => {
            at(term, tr("The product {product} at {place} of the kernel is in your sum twice."))
        }
        Mistake::Sign(_, term) => {
            at(term, tr("The product {product} at {place} of the kernel has the other sign in your sum."))
        }
        Mistake::Added(_, term) => {
            at(term, tr("At {place} of the kernel the two numbers are multiplied, not added: {product}."))
        }
        Mistake::Undivided(count) => fill(
            tr("You added the products; divide their sum by their number, {count}."),
            &[("count", &count.to_string())],
        ),
        Mistake::Bias => tr("The bias is missing in your sum.").to_owned(),
        Mistake::Flipped => {
            tr("You rotated the kernel by 180°; a convolution in a network does not.").to_owned()
        }
        Mistake::Other => {
            let off = exact(answered.guess - answered.value);
            fill(tr("Your sum is off by {off}; no single mistake explains that."), &[("off", &off)])
        }
    }
}
