//! The window with its own egui context, for what the harness does not do: any size and scale, and the cost of a frame.

use convlens::ui::{App, Options};
use egui::{Context, Event, FullOutput, Pos2, RawInput, Rect, Vec2, ViewportId};
use std::time::Duration;

/// A window that is laid out and tessellated, but not painted.
pub(crate) struct Bare {
    pub(crate) ctx: Context,
    pub(crate) app: App,
    /// In pixels.
    pub(crate) size: Vec2,
    /// Pixels per point.
    pub(crate) scale: f32,
    /// In seconds.
    pub(crate) time: f64,
}

impl Bare {
    pub(crate) fn new(options: Options) -> Self {
        let ctx = Context::default();
        ctx.enable_accesskit();
        let app = App::new(&ctx, options);
        Self { ctx, app, size: super::LARGE, scale: 1.0, time: 0.0 }
    }

    /// The size in points.
    pub(crate) fn points(&self) -> Vec2 {
        self.size / self.scale
    }

    /// What the window gets in its next frame.
    pub(crate) fn input(&self, events: Vec<Event>) -> RawInput {
        let mut input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, self.points())),
            time: Some(self.time),
            events,
            focused: true,
            ..RawInput::default()
        };
        input.viewports.entry(ViewportId::ROOT).or_default().native_pixels_per_point = Some(self.scale);
        input
    }

    /// A frame.
    pub(crate) fn frame(&mut self, input: RawInput) -> FullOutput {
        let Self { ctx, app, .. } = self;
        let mut output = ctx.run_ui(input, |ui| {
            app.logic(ui.ctx());
            app.ui(ui);
        });
        output.textures_delta.clear();
        let shapes = std::mem::take(&mut output.shapes);
        std::hint::black_box(ctx.tessellate(shapes, output.pixels_per_point));
        output
    }

    /// A frame, and the time that this thread had on a processor for it.
    #[cfg(unix)]
    pub(crate) fn cost(&mut self, events: Vec<Event>) -> Duration {
        let now = || {
            let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
            Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
        };
        let (input, begun) = (self.input(events), now());
        self.frame(input);
        now().saturating_sub(begun)
    }
}
