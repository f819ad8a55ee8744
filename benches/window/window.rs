//! The application without a display, and the cost of its frames.

use super::share::Ticks;
use convlens::{
    train::Pool,
    ui::{
        App, Options,
        action::{Action, Transport},
        model::{network::NetworkChoice, view::ViewId},
        work::tasks::Threading,
    },
};
use egui::{Context, Event, Pos2, RawInput, Rect, pos2, vec2};
use std::{
    thread,
    time::{Duration, Instant},
};

/// How long each scene is measured in a round.
pub const TIME: Duration = Duration::from_secs(2);
/// The time between two frames: that between two snapshots of the training thread.
pub const FRAME: Duration = Duration::from_millis(50);

/// The processor time of this thread, or the time by the clock where the system does not tell.
fn processor_time() -> Duration {
    #[cfg(unix)]
    {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
    }
    #[cfg(not(unix))]
    {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        START.elapsed()
    }
}

/// The cost of a frame.
#[derive(Clone, Copy)]
pub struct Cost {
    pub clock: Duration,
    pub processor: Duration,
}

/// The application with its own egui context, without a display.
pub struct Window {
    ctx: Context,
    pub app: App,
    pointer: Pos2,
    begun: Instant,
    pub size: egui::Vec2,
}

impl Window {
    pub fn new(name: &str, view: ViewId) -> Self {
        let ctx = Context::default();
        let options = Options {
            settings_path: None,
            threading: Threading::Threads,
            train_threads: Pool::default_threads(),
            reads_mnist: true,
            runs_folder: None,
            ..Options::default()
        };
        let app = App::new(&ctx, options);
        let size = vec2(1600.0, 1000.0);
        let mut window = Self { ctx, app, pointer: pos2(800.0, 500.0), begun: Instant::now(), size };
        window.until(|app| app.state().data.ready().is_some());
        window.app.act(Action::ChooseNetwork(NetworkChoice::Preset(name.to_owned())));
        window.until(|app| app.state().snapshot.as_ref().is_some_and(|s| s.network.spec().name == name));
        window.app.act(Action::NextSample);
        window.app.act(Action::ShowView(view));
        window.app.act(Action::Train(Transport::Run));
        window.until(|app| app.state().snapshot.as_ref().is_some_and(|s| s.images_per_second > 0.0));
        window
    }

    pub fn until(&mut self, is_so: impl Fn(&App) -> bool) {
        while !is_so(&self.app) {
            self.app.logic(&self.ctx);
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Draws one frame while the pointer moves over the window.
    pub fn frame(&mut self) -> Cost {
        let turn = self.begun.elapsed().as_secs_f32();
        self.pointer = pos2(800.0, 500.0) + vec2(600.0, 350.0) * egui::Vec2::angled(turn);
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, self.size)),
            time: Some(self.begun.elapsed().as_secs_f64()),
            events: vec![Event::PointerMoved(self.pointer)],
            ..RawInput::default()
        };
        let (begun, had) = (Instant::now(), processor_time());
        let Self { ctx, app, .. } = self;
        let output = ctx.run_ui(input, |ui| {
            app.logic(ui.ctx());
            app.ui(ui);
        });
        std::hint::black_box(ctx.tessellate(output.shapes, output.pixels_per_point));
        Cost { clock: begun.elapsed(), processor: processor_time().saturating_sub(had) }
    }

    /// Waits until what is measured once for a view is there. Returns the time that took, by the clock.
    pub fn settle(&mut self) -> Duration {
        let begun = Instant::now();
        self.frame();
        while self.app.state().evaluate.progress.is_some() {
            self.app.logic(&self.ctx);
            thread::sleep(Duration::from_millis(2));
        }
        begun.elapsed()
    }

    /// Training speed in images a second, as the training thread counts it; the fraction of the processor time that
    /// training had; and the cost of each frame.
    pub fn run(&mut self, draws: bool) -> (f64, f64, Vec<Cost>) {
        let (mut rates, mut frames) = (Vec::new(), Vec::new());
        let (begun, mut ticks) = (Instant::now(), None);
        // The thread reports the rate of the last second: the first reports are about the time before.
        while begun.elapsed() < TIME + Duration::from_secs(1) {
            let due = Instant::now() + FRAME;
            if draws {
                frames.push(self.frame());
            } else {
                self.app.logic(&self.ctx);
            }
            let is_warm = begun.elapsed() > Duration::from_secs(1);
            if is_warm && ticks.is_none() {
                ticks = Some(Ticks::now());
            }
            if is_warm && let Some(snapshot) = &self.app.state().snapshot {
                rates.push(snapshot.images_per_second);
            }
            thread::sleep(due.saturating_duration_since(Instant::now()));
        }
        (median(&mut rates), Ticks::now().share_since(ticks.unwrap_or_default()), frames)
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        self.app.close();
    }
}

pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The value that 95 % do not exceed.
pub fn p95(costs: &[Cost], of: fn(&Cost) -> Duration) -> Duration {
    let mut all: Vec<Duration> = costs.iter().map(of).collect();
    all.sort_unstable();
    all[all.len() * 95 / 100]
}
