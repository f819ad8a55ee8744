//! Scrolls the settings once to the place that a step points at.

use super::places::Places;
use crate::ui::model::lesson::OpenLesson;
use egui::{Align, Context, Rect, Ui, Vec2, style::ScrollAnimation, vec2};

/// The frames in which the place may still come: what a step shows is computed, laid out, told to screen readers.
const FRAMES: u8 = 8;

/// From this frame on, what is laid out is that of the step.
const SETTLED: u8 = 4;

/// The frames until places are known as they are after scrolling. Whoever scrolls sooner goes too far.
const AFTER: u8 = 3;

/// The most times that a step scrolls.
const SCROLLS: u8 = 4;

/// What is left free around the place, in points.
const AROUND: f32 = 12.0;

/// The search for the place of the step that was entered last.
#[derive(Default)]
pub struct Seek {
    entered: u64,
    frames: u8,
    /// The frames to wait until the places are known again.
    waits: u8,
    /// How often it was scrolled: a place that is higher than the panel is never seen whole.
    scrolls: u8,
    is_over: bool,
    /// The size of the window.
    size: Vec2,
}

impl Seek {
    /// Notices whether another step was entered; whether it was in this frame.
    pub fn begin(&mut self, ctx: &Context, open: &OpenLesson) -> bool {
        let size = ctx.content_rect().size();
        let is_new = self.entered != open.entered;
        if is_new {
            *self = Self { entered: open.entered, ..Self::default() };
        } else if self.size != size {
            // In another window, the place is elsewhere.
            self.again();
        }
        self.size = size;
        if self.frames < FRAMES {
            self.frames += 1;
            ctx.request_repaint();
        }
        is_new
    }

    /// Seeks again: the settings are shown now.
    pub fn again(&mut self) {
        (self.frames, self.waits, self.scrolls, self.is_over) = (0, 0, 0, false);
    }

    /// At the end of the settings: scrolls to the place, if it is one of them. Later, scrolling is up to the person.
    pub fn scroll_ui(&mut self, ui: &Ui, open: &OpenLesson) {
        let ctx = ui.ctx();
        let panel = ui.clip_rect();
        let is_over = |at: egui::Pos2| panel.contains(at);
        let is_taken = ui.input(|input| {
            let at = input.pointer.interact_pos().is_some_and(is_over);
            at && (input.pointer.any_pressed() || input.smooth_scroll_delta() != Vec2::ZERO)
        });
        self.is_over |= is_taken;
        if self.is_over || self.frames < SETTLED {
            return;
        }
        if self.waits > 0 {
            self.waits -= 1;
            ctx.request_repaint();
            return;
        }
        let is_here = |place: &Rect| panel.x_range().contains(place.center().x);
        let Some(step) = open.step() else { return };
        let mut names = step.shown().1.places();
        let found = names.find_map(|name| Some((name, Places::find_whole(ctx, name).filter(is_here)?)));
        let Some((name, whole)) = found else { return };
        let is_seen = Places::find(ctx, name).is_some_and(|seen| seen.height() >= whole.height() - 1.0);
        self.is_over = is_seen || self.scrolls == SCROLLS;
        if !self.is_over {
            self.scrolls += 1;
            self.waits = AFTER;
            let place = whole.expand2(vec2(0.0, AROUND));
            ui.scroll_to_rect_animation(place, Some(Align::Center), ScrollAnimation::none());
            ctx.request_repaint();
        }
    }

    /// The place that a step points at and that is nowhere to be seen.
    pub fn missing<'a>(&self, ctx: &Context, open: &'a OpenLesson) -> Option<&'a str> {
        if self.frames < SETTLED {
            return None;
        }
        let name = open.step()?.shown().1.places().next()?;
        Places::find_whole(ctx, name).is_none().then_some(name)
    }
}
