//! Pictures for `convlens render`: the window, or a view's content alone, without a display.

use super::{
    action::Action,
    app::App,
    core::Options,
    export::{DRAWN, Look, Player, Sheet, Studio, caption, drawing, film, input},
    model::{
        display::ThemeChoice,
        picture::{Captioned, FilmProgress, FilmRange, Ground, PictureFormat},
        saved::SavedState,
        view::ViewId,
    },
    state::AppState,
    update::walk,
    work::{dialog::Picked, tasks::Threading},
};
use crate::{
    figure::{FigureError, to_pdf, to_png, to_svg},
    lesson::{Lesson, Show},
    text::{Say as _, Sentence, language, tr},
    train::Pool,
};
use egui::{Context, Pos2, Rect, Theme, vec2};
use std::{
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

/// The frames after which a window that still moves is taken as it is.
const FRAMES: usize = 64;

/// The frames that a window is given to measure itself.
const LEAST_FRAMES: usize = 4;

/// What a frame may be late, in seconds, and still count as wanted at once: an animation that runs its course.
const SOON: f32 = 0.2;

/// How long a thread may be silent before the window looks by itself.
const SILENCE: Duration = Duration::from_millis(200);

/// What a picture shows.
#[derive(Debug)]
pub struct Scene {
    /// The view; `None` is that of the state.
    pub view: Option<ViewId>,
    /// The state of the window; `None` is that of a first start.
    pub state: Option<Box<SavedState>>,
    /// A lesson, and its step from 0.
    pub lesson: Option<(Box<Lesson>, usize)>,
    /// What is changed of it; the view of it counts only without another.
    pub show: Show,
    /// Dark or light.
    pub is_dark: bool,
    /// (width, height) in points.
    pub size: [usize; 2],
    /// Pixels of a point.
    pub scale: usize,
    /// Whether only the view's content is shown, without bars, panels and controls, and on what ground.
    pub content: Option<Ground>,
    /// The line below the content.
    pub caption: Captioned,
    /// The first and the last position of a film; `None` is all of them.
    pub positions: (Option<usize>, Option<usize>),
    /// Pictures of a film in a second.
    pub rate: f32,
    /// Whether a film begins again at its end.
    pub is_looping: bool,
    /// The kind of file.
    pub format: PictureFormat,
}

/// Why there is no picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RenderError {
    /// What was asked for cannot be shown.
    Impossible(Sentence),
    /// It failed.
    Failed(Sentence),
}

/// The bytes of the picture's file.
pub fn render(scene: Scene) -> Result<Vec<u8>, RenderError> {
    let impossible = |sentence: Sentence| RenderError::Impossible(sentence);
    if let Some((lesson, step)) = &scene.lesson
        && *step >= lesson.steps.len()
    {
        let sentence = Sentence::new("the lesson {id} has {count} steps, not {step}");
        let sentence = sentence.with("id", &lesson.id).with("count", lesson.steps.len());
        return Err(impossible(sentence.with("step", step + 1)));
    }
    let (positions, rate, is_looping) = (scene.positions, scene.rate, scene.is_looping);
    let mut window = Hidden::open(scene);
    window.settle();
    let state = window.app.state();
    let refused = match state.settings.view {
        ViewId::Convolution => state.convolution.rejected.as_ref().map(|rejected| rejected.reason.clone()),
        ViewId::Pooling => state.pooling.rejected.as_ref().map(|rejected| rejected.reason.clone()),
        _ => None,
    };
    if let Some(refused) = refused {
        return Err(impossible(refused));
    }
    let (format, content) = (window.format, window.content);
    let failed = |error: FigureError| RenderError::Failed(error.say());
    if format.is_film() {
        let range = range(walk::length(state), positions, rate, is_looping).map_err(impossible)?;
        // A film has no transparent pictures: each would show the one before.
        let ground = content.map(|ground| if ground == Ground::Transparent { Ground::Paper } else { ground });
        let look = ground.map_or(window.look, |ground| Look { ground, ..window.look });
        let captioned = content.map(|_| window.caption.clone());
        let progress = FilmProgress::default();
        let made = film(&mut window, look, captioned.as_ref(), range, format, &progress);
        return made.map_err(failed)?.ok_or_else(|| failed(FigureError::Empty));
    }
    let studio;
    let sheet = match content {
        None => window.sheet(),
        Some(ground) => {
            let is_drawn = matches!(format, PictureFormat::Svg | PictureFormat::Pdf);
            let scale = if is_drawn { DRAWN } else { window.look.scale };
            let look = Look { scale, ground, ..window.look };
            let mut made = Studio::new(state.settings.view, look)
                .ok_or_else(|| RenderError::Failed(Sentence::new("there is no such view")))?;
            made.shoot(state, &caption(state, &window.caption));
            studio = made.into_sheet();
            &studio
        }
    };
    let bytes = match format {
        PictureFormat::Svg => to_svg(&drawing(sheet)).map(String::into_bytes),
        PictureFormat::Pdf => to_pdf(&drawing(sheet), tr(state.settings.view.name())),
        PictureFormat::Png | PictureFormat::Gif | PictureFormat::Apng => {
            to_png(&sheet.paint(), sheet.scale())
        }
    };
    bytes.map_err(failed)
}

/// The positions of a film, of `length` that there are.
fn range(
    length: usize,
    (from, to): (Option<usize>, Option<usize>),
    rate: f32,
    is_looping: bool,
) -> Result<FilmRange, Sentence> {
    let Some(last) = length.checked_sub(1) else {
        return Err(Sentence::new(
            "nothing plays here: films are of Convolution, Pooling, the making of a map in Network, and of the kept moments of a run",
        ));
    };
    let (from, to) = (from.unwrap_or(0), to.unwrap_or(last));
    if from > to || to > last {
        let sentence =
            Sentence::new("--from {from} --to {to}: the positions here are 0 to {last}, in this order");
        return Err(sentence.with("from", from).with("to", to).with("last", last));
    }
    let hundredths = (100.0 / rate).round().clamp(2.0, 60_000.0) as u16;
    Ok(FilmRange { from, to, hundredths, is_looping })
}

/// A window that no one sees.
struct Hidden {
    ctx: Context,
    app: App,
    sheet: Sheet,
    look: Look,
    frames: u64,
    news: Receiver<()>,
    content: Option<Ground>,
    caption: Captioned,
    format: PictureFormat,
}

impl Hidden {
    fn open(scene: Scene) -> Self {
        let Scene { view, state, lesson, show, is_dark, size, scale, content, caption, format, .. } = scene;
        let options = Options {
            settings_path: None,
            language: Some(language()),
            system_language: language(),
            threading: Threading::Inline,
            train_threads: Pool::default_threads(),
            reads_mnist: true,
            dialog: |_| Picked::Unavailable,
            runs_folder: None,
        };
        let ctx = Context::default();
        let (sender, news) = channel();
        ctx.set_request_repaint_callback(move |_| {
            // Fails once the picture is made.
            let _ = sender.send(());
        });
        let mut app = App::new(&ctx, options);
        let has_state = state.is_some();
        if let Some(state) = state {
            app.open_state(*state);
        }
        let theme = if is_dark { ThemeChoice::Dark } else { ThemeChoice::Light };
        app.act(Action::SetTheme(theme));
        if let Some((lesson, step)) = lesson {
            app.open_lesson(*lesson, step);
        }
        app.show(&show, has_state || app.state().lesson.is_some());
        if let Some(view) = view {
            app.act(Action::ShowView(view));
        }
        let [width, height] = size.map(|side| side as f32);
        let look = Look {
            room: vec2(width, height),
            scale: scale as f32,
            theme: if is_dark { Theme::Dark } else { Theme::Light },
            ground: Ground::Window,
        };
        let sheet = Sheet::new(ctx.clone());
        Self { ctx, app, sheet, look, frames: 0, news, content, caption, format }
    }

    /// Frames until everything that was asked for is there and nothing moves.
    fn settle(&mut self) {
        let mut left = FRAMES;
        let mut shown = 0;
        while left > 0 {
            let delay = self.frame();
            shown += 1;
            if self.app.is_working() {
                // Answers of threads come with their news; a training run has no other end than its own.
                let _ = self.news.recv_timeout(SILENCE);
                while self.news.try_recv().is_ok() {}
                (left, shown) = (FRAMES, 0);
            } else if shown >= LEAST_FRAMES && delay > SOON {
                break;
            } else {
                left -= 1;
            }
        }
    }

    /// A frame. Returns the seconds until the next one is wanted.
    fn frame(&mut self) -> f32 {
        let room = self.look.room / self.ctx.zoom_factor();
        let room = Rect::from_min_size(Pos2::ZERO, room);
        let input = input(room, self.look.scale, self.frames);
        self.frames += 1;
        let app = &mut self.app;
        let output = self.ctx.run_ui(input, |ui| {
            app.logic(ui.ctx());
            app.ui(ui);
        });
        self.sheet.area = room;
        self.sheet.take(output)
    }

    fn sheet(&self) -> &Sheet {
        &self.sheet
    }
}

impl Player for Hidden {
    fn seek(&mut self, position: usize) {
        if let Some(action) = walk::seek(self.app.state(), position) {
            self.app.act(action);
            self.settle();
        }
    }

    fn state(&self) -> &AppState {
        self.app.state()
    }

    fn window(&self) -> Option<&Sheet> {
        Some(&self.sheet)
    }
}
