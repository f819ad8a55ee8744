//! The words of a lesson while it is presented: at the foot of the screen, in large type, always as high.

use super::{prose, task};
use crate::{
    lesson::{Task, TaskKind},
    text::{fill, tr},
    ui::{
        model::lesson::{OpenLesson, Work},
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, space},
        },
    },
};
use egui::{Align, Label, Rect, RichText, ScrollArea, Ui, UiBuilder, style::ScrollAnimation, vec2};

/// The part of the screen's height that the words take.
const PART: f32 = 0.28;

/// The size of the words in parts of the screen's height, and its bounds in points.
const WORDS: f32 = 0.028;
const SIZES: std::ops::RangeInclusive<f32> = 13.0..=24.0;

/// The part of the width that the text takes beside a question.
const TEXT_PART: f32 = 0.54;

/// The words while presenting.
#[derive(Default)]
pub struct LessonStrip {
    /// The entering of a step, its hints, and whether it is done: when they change, something new is said.
    said: (u64, u32, usize, bool),
}

impl LessonStrip {
    /// The height in a screen that is so high; the same for all steps, so that what is shown does not jump.
    pub fn height(screen: f32) -> f32 {
        (screen * PART).round()
    }

    /// Title and text of the step, its question beside them, and what is said about it.
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, open: &OpenLesson) {
        let Some(step) = open.step() else { return };
        let t = Tokens::of(ui);
        let size = (ui.ctx().content_rect().height() * WORDS).clamp(*SIZES.start(), *SIZES.end());
        let room = ui.available_rect_before_wrap();
        let (title, text) = step.shown();
        let (left, right) = match &step.task {
            Some(_) => room.split_left_right_at_fraction(TEXT_PART),
            None => (room, Rect::NOTHING),
        };
        let column = |ui: &mut Ui, name: &str, place: Rect, add: &mut dyn FnMut(&mut Ui)| {
            let mut child = ui.new_child(UiBuilder::new().max_rect(place));
            child.set_clip_rect(place.expand(2.0).intersect(ui.clip_rect()));
            let area = ScrollArea::vertical().id_salt((name, open.entered)).auto_shrink(false);
            area.show(&mut child, |ui| {
                ui.set_max_width(place.width() - space::L);
                ui.spacing_mut().item_spacing = vec2(space::S, space::XS);
                add(ui);
            });
        };
        column(ui, "text while presenting", left, &mut |ui: &mut Ui| {
            ui.add(Label::new(RichText::new(title).font(fonts::semibold(size * 1.15)).color(t.text)).wrap());
            prose::prose_ui(ui, state, text, size, t.text);
        });
        let (Some(task), Some(work)) = (&step.task, open.work()) else { return };
        let said = (open.entered, work.tries, work.hints, work.is_done());
        let is_news = self.said.0 == said.0 && self.said != said;
        self.said = said;
        column(ui, "question while presenting", right, &mut |ui: &mut Ui| {
            question_ui(ui, task, work, size);
            let newest = ui.scope(|ui| {
                ui.style_mut().override_font_id = Some(fonts::words(size));
                task::said_ui(ui, task, work)
            });
            if let Some(newest) = newest.inner.filter(|_| is_news) {
                ui.scroll_to_rect_animation(newest, Some(Align::Max), ScrollAnimation::none());
            }
        });
    }
}

/// The question, and what there is to choose from.
fn question_ui(ui: &mut Ui, task: &Task, work: &Work, size: f32) {
    let t = Tokens::of(ui);
    let ask = task.ask.shown();
    ui.add(Label::new(RichText::new(ask).font(fonts::semibold(size * 1.15)).color(t.text)).wrap());
    let line = |ui: &mut Ui, number: usize, text: &str, is_right: bool| {
        let text = fill(tr("{number}  {text}"), &[("number", &number.to_string()), ("text", text)]);
        let text = if is_right { format!("{}  {text}", icons::CIRCLE_CHECK) } else { text };
        let font = if is_right { fonts::semibold(size) } else { fonts::words(size) };
        let color = if is_right { t.good } else { t.text };
        ui.add(Label::new(RichText::new(text).font(font).color(color)).wrap());
    };
    match &task.kind {
        TaskKind::Choice { options, answer } => {
            for (i, option) in options.iter().enumerate() {
                line(ui, i + 1, option.shown(), work.is_done() && i == *answer);
            }
        }
        // Their right order is the answer.
        TaskKind::Order { items } if !work.is_done() => {
            for (i, item) in items.iter().rev().enumerate() {
                line(ui, i + 1, item.shown(), false);
            }
        }
        _ => {}
    }
}
