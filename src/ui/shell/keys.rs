//! Every key of the window in one table: [`super::shortcuts`] acts by it, and the help lists it.

use crate::{
    text::{fill, tr},
    ui::{
        action::{Action, Transport},
        model::{
            compare::CompareAct, convolution::ConvolutionSource, display::next_zoom, file_kind::FileKind,
            lesson::LessonAct, presenting::PresentAct, runs::RunsAct, view::ViewId,
        },
        state::AppState,
        views::VIEWS,
        widgets::{BRUSHES, Brush},
    },
};
use egui::{Key, KeyboardShortcut, Modifiers};

/// Where keys act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPlace {
    /// In every view, even while text is typed.
    Window,
    /// While a lesson is open, except while text is typed.
    Lesson,
    /// While presenting, except while text is typed.
    Presenting,
    /// Escape, while presenting or choosing what to hide, unless a menu or a question is open.
    Leaving,
    /// In every view, except while text is typed.
    Undo,
    /// In every view, unless a widget has the keyboard focus.
    Image,
    /// In *Draw*, unless a widget other than the canvas has the focus.
    Draw,
    /// In *Train* and *Network* while no animation is shown, unless a widget has the focus.
    Training,
    /// In a view with an animation, which reads the key itself.
    Animation,
    /// In *Compare*, unless a widget has the focus.
    Compare,
    /// In *Network*, which reads the key itself.
    Network,
    /// On the timeline, once T or a click has given it the keyboard. It reads the keys itself.
    Timeline,
    /// In *Architecture*, which reads the key itself.
    Architecture,
    /// In *Filters*, which reads the key itself.
    Filters,
}

impl KeyPlace {
    /// The places, in the order of the help.
    pub const ALL: [Self; 14] = [
        Self::Window,
        Self::Undo,
        Self::Image,
        Self::Draw,
        Self::Training,
        Self::Animation,
        Self::Compare,
        Self::Network,
        Self::Filters,
        Self::Timeline,
        Self::Architecture,
        Self::Presenting,
        Self::Leaving,
        Self::Lesson,
    ];

    /// The heading in the help.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Window | Self::Undo | Self::Image => tr("Everywhere"),
            Self::Draw => tr("In Draw"),
            Self::Training => tr("In Train and Network"),
            Self::Animation => tr("In an animation"),
            Self::Compare => tr("In Compare"),
            Self::Network => tr("In Network, with a map selected"),
            Self::Filters => tr("In Filters"),
            Self::Timeline => tr("On the timeline"),
            Self::Architecture => tr("In Architecture, with a layer selected"),
            Self::Lesson => tr("In a lesson"),
            Self::Presenting | Self::Leaving => tr("While presenting"),
        }
    }
}

/// What some keys do.
#[derive(Clone, Debug)]
pub struct KeyEntry {
    /// The keys, each of which does it.
    pub keys: Vec<KeyboardShortcut>,
    /// What they do, for people.
    pub what: String,
    /// Where they do it.
    pub place: KeyPlace,
    /// What they do; `None` if a view reads them itself.
    pub action: Option<Action>,
}

/// The keys of the views, with Ctrl. Ctrl+0 is the zoom's, as in other programs.
pub(super) const VIEW_KEYS: [Key; 10] = [
    Key::Num1,
    Key::Num2,
    Key::Num3,
    Key::Num4,
    Key::Num5,
    Key::Num6,
    Key::Num7,
    Key::Num8,
    Key::Num9,
    Key::L,
];

/// The factor by which a key changes the brush's radius.
const BRUSH_STEP: f32 = 1.25;

fn plain(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}

fn ctrl(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND, key)
}

fn ctrl_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND | Modifiers::SHIFT, key)
}

/// The table, for the state as it is. Shortcuts with more modifiers come first: egui ignores the others' Shift.
pub fn table(state: &AppState) -> Vec<KeyEntry> {
    let settings = &state.settings;
    let mut table = Vec::new();
    let mut add = |keys: &[KeyboardShortcut], what: &str, place, action| {
        table.push(KeyEntry { keys: keys.to_vec(), what: what.to_owned(), place, action });
    };
    for (entry, key) in VIEWS.iter().zip(VIEW_KEYS) {
        let what = fill(tr("show {view}"), &[("view", tr(entry.name))]);
        add(&[ctrl(key)], &what, KeyPlace::Window, Some(Action::ShowView(entry.id)));
    }
    let ask = |kind| Some(Action::AskForFile(kind));
    let zoom = |steps| Some(Action::SetZoom(next_zoom(settings.zoom, steps)));
    add(&[ctrl_shift(Key::S)], tr("save the state"), KeyPlace::Window, ask(FileKind::SaveState));
    add(&[ctrl_shift(Key::O)], tr("open a state"), KeyPlace::Window, ask(FileKind::State));
    let slides_photo =
        settings.view == ViewId::Convolution && state.convolution.setup.source == ConvolutionSource::Photo;
    let (what, kind) = if slides_photo {
        (tr("open a photograph"), FileKind::Photograph)
    } else {
        (tr("open a picture"), FileKind::Picture)
    };
    add(&[ctrl(Key::O)], what, KeyPlace::Window, ask(kind));
    add(&[ctrl(Key::S)], tr("save the network"), KeyPlace::Window, ask(FileKind::SaveModel));
    add(&[plain(Key::F12)], tr("save a picture of the window"), KeyPlace::Window, ask(FileKind::Screenshot));
    add(&[ctrl(Key::Plus), ctrl(Key::Equals)], tr("zoom in"), KeyPlace::Window, zoom(1));
    add(&[ctrl(Key::Minus)], tr("zoom out"), KeyPlace::Window, zoom(-1));
    add(&[ctrl(Key::Num0)], tr("zoom to 100 %"), KeyPlace::Window, Some(Action::SetZoom(1.0)));
    add(&[plain(Key::F1)], tr("show all keys"), KeyPlace::Window, Some(Action::ShowKeys(!state.shows_keys)));
    let presenting = &state.presenting;
    let present = |act| Some(Action::Present(act));
    let fill_screen = present(PresentAct::Fill(!presenting.is_on));
    add(&[plain(Key::F11)], tr("present: the view fills the screen"), KeyPlace::Window, fill_screen);
    // Pooling has no undo of its own, and the drawing is not what one looks at there.
    if settings.view != ViewId::Pooling {
        add(&[ctrl_shift(Key::Z), ctrl(Key::Y)], tr("redo"), KeyPlace::Undo, Some(Action::Redo));
        let (undo, action) = match settings.view {
            ViewId::Convolution => (tr("undo the last change of settings or numbers"), Action::Undo),
            ViewId::Filters => (tr("undo the last change of a filter"), Action::Undo),
            // What was done last there is what comes back.
            ViewId::Train if state.run_table.deleted.is_some() => {
                (tr("bring back the run that was deleted"), Action::Runs(RunsAct::Undelete))
            }
            _ => (tr("undo the last stroke, clearing or picture"), Action::Undo),
        };
        add(&[ctrl(Key::Z)], undo, KeyPlace::Undo, Some(action));
    }
    add(&[plain(Key::N)], tr("next image of the test set"), KeyPlace::Image, Some(Action::NextSample));

    // Before Draw's keys: B is the dark screen while presenting.
    let [on, back] = [1, -1].map(|steps| present(PresentAct::Step(steps)));
    add(&[plain(Key::PageDown)], tr("one step on"), KeyPlace::Presenting, on);
    add(&[plain(Key::PageUp)], tr("one step back"), KeyPlace::Presenting, back);
    let dark = present(PresentAct::Dark(true));
    add(&[plain(Key::B)], tr("dark screen; any key lights it again"), KeyPlace::Presenting, dark);
    let pen = present(PresentAct::Pen(!presenting.has_pen));
    add(&[plain(Key::P)], tr("take the pen, or put it down"), KeyPlace::Presenting, pen);
    let wipe = present(PresentAct::Wipe);
    add(&[plain(Key::C)], tr("clear what the pen has drawn"), KeyPlace::Presenting, wipe);
    let hiding = PresentAct::Hiding(!presenting.is_hiding);
    add(&[plain(Key::H)], tr("hide controls, each by a click"), KeyPlace::Presenting, present(hiding));
    let leave = if presenting.is_hiding { PresentAct::Hiding(false) } else { PresentAct::Fill(false) };
    add(&[plain(Key::Escape)], tr("bars and panels again"), KeyPlace::Leaving, present(leave));

    let lesson = |act| Some(Action::Lesson(act));
    add(&[plain(Key::PageDown)], tr("the next step"), KeyPlace::Lesson, lesson(LessonAct::Next));
    add(&[plain(Key::PageUp)], tr("the step before"), KeyPlace::Lesson, lesson(LessonAct::Back));
    let on = goes_on(state).then_some(Action::Lesson(LessonAct::Next));
    add(&[plain(Key::Enter)], tr("check the answer; then the next step"), KeyPlace::Lesson, on);
    add(&[plain(Key::H)], tr("a hint"), KeyPlace::Lesson, lesson(LessonAct::Hint));
    let is_lit = state.lesson.as_ref().is_some_and(|open| open.has_spotlight);
    add(
        &[plain(Key::L)],
        tr("the spotlight, on or off"),
        KeyPlace::Lesson,
        lesson(LessonAct::Spotlight(!is_lit)),
    );

    if is_lit {
        let lift = lesson(LessonAct::Spotlight(false));
        add(&[plain(Key::Escape)], tr("the spotlight off"), KeyPlace::Lesson, lift);
    }

    let brush = settings.brush;
    let set = |brush| Some(Action::SetBrush(brush));
    let wider = |factor: f32| Brush {
        radius: (brush.radius * factor).clamp(*BRUSHES.start(), *BRUSHES.end()),
        ..brush
    };
    add(&[plain(Key::Delete)], tr("clear the drawing"), KeyPlace::Draw, Some(Action::ClearDrawing));
    add(&[plain(Key::B)], tr("brush"), KeyPlace::Draw, set(Brush { eraser: false, ..brush }));
    add(&[plain(Key::E)], tr("eraser"), KeyPlace::Draw, set(Brush { eraser: true, ..brush }));
    add(&[plain(Key::OpenBracket)], tr("thinner brush"), KeyPlace::Draw, set(wider(1.0 / BRUSH_STEP)));
    add(&[plain(Key::CloseBracket)], tr("wider brush"), KeyPlace::Draw, set(wider(BRUSH_STEP)));

    let [down, right] = state.compare.moved;
    let to = |place| Some(Action::Compare(CompareAct::MoveTo(place)));
    let move_by = [
        (Key::ArrowLeft, tr("move the drawing left"), [down, right - 1]),
        (Key::ArrowRight, tr("move the drawing right"), [down, right + 1]),
        (Key::ArrowUp, tr("move the drawing up"), [down - 1, right]),
        (Key::ArrowDown, tr("move the drawing down"), [down + 1, right]),
    ];
    for (key, what, place) in move_by {
        add(&[plain(key)], what, KeyPlace::Compare, to(place));
    }

    let run = if state.is_training() { Transport::Pause } else { Transport::Run };
    add(
        &[plain(Key::Space)],
        tr("train, or pause"),
        KeyPlace::Training,
        state.can_train().then_some(Action::Train(run)),
    );
    add(&[plain(Key::Space)], tr("play, or pause"), KeyPlace::Animation, None);
    let arrows = [Key::ArrowLeft, Key::ArrowRight, Key::ArrowUp, Key::ArrowDown];
    let [left, right, up, down] = arrows.map(plain);
    add(&[left, right], tr("one step back, or on"), KeyPlace::Animation, None);
    add(&[up, down], tr("one row back, or on"), KeyPlace::Animation, None);
    add(&[plain(Key::Home), plain(Key::End)], tr("the first step, the last step"), KeyPlace::Animation, None);
    add(&arrows.map(plain), tr("the next map or layer"), KeyPlace::Network, None);
    let shifted = arrows.map(|key| KeyboardShortcut::new(Modifiers::SHIFT, key));
    add(&shifted, tr("the next pixel"), KeyPlace::Network, None);
    add(&[plain(Key::Enter)], tr("the strongest pixel"), KeyPlace::Network, None);
    add(&[plain(Key::Escape)], tr("back to the map, then to the network"), KeyPlace::Network, None);
    add(&arrows.map(plain), tr("the next filter"), KeyPlace::Filters, None);
    let ends = [plain(Key::Home), plain(Key::End)];
    add(&ends, tr("the first filter, the last filter"), KeyPlace::Filters, None);
    let timeline = KeyPlace::Timeline;
    add(&[plain(Key::T)], tr("give the timeline the keyboard"), timeline, None);
    add(&[left, right], tr("the moment before, the next moment"), timeline, None);
    let five = [Key::ArrowLeft, Key::ArrowRight].map(|key| KeyboardShortcut::new(Modifiers::SHIFT, key));
    add(&five, tr("five moments back, or on"), timeline, None);
    add(&[plain(Key::Home)], tr("step 0"), timeline, None);
    add(&[plain(Key::End), plain(Key::Escape)], tr("back to live"), timeline, None);
    add(&[plain(Key::Space)], tr("play the film, or stop it"), timeline, None);
    add(&[plain(Key::B)], tr("branch from this moment"), timeline, None);
    add(&[plain(Key::F)], tr("flag this moment, or remove its flag"), timeline, None);
    let layer = KeyPlace::Architecture;
    add(&[plain(Key::ArrowUp), plain(Key::ArrowDown)], tr("the layer above, or below"), layer, None);
    let [up, down] = [Key::ArrowUp, Key::ArrowDown].map(|key| KeyboardShortcut::new(Modifiers::ALT, key));
    add(&[up, down], tr("move it up, or down"), layer, None);
    add(&[ctrl(Key::D)], tr("duplicate it"), layer, None);
    add(&[plain(Key::Delete)], tr("remove it"), layer, None);
    table
}

/// Whether Enter leads to the next step: the task is done, and no other question is open.
fn goes_on(state: &AppState) -> bool {
    let predicts = state.settings.view == ViewId::Convolution
        && state.convolution.mode == crate::ui::model::convolution::ConvolutionMode::Predict;
    let is_done = state.lesson.as_ref().is_some_and(|open| {
        let has_task = open.step().is_some_and(|step| step.task.is_some());
        !has_task || open.work().is_some_and(crate::ui::model::lesson::Work::is_done)
    });
    is_done && !predicts
}

/// Whether keys act, where the view that is shown has an animation or not.
pub fn acts(place: KeyPlace, state: &AppState, has_playback: bool) -> bool {
    let (view, presenting) = (state.settings.view, &state.presenting);
    match place {
        KeyPlace::Lesson => state.lesson.is_some() && !presenting.is_on && view != ViewId::Lessons,
        KeyPlace::Presenting => presenting.is_on,
        KeyPlace::Leaving => presenting.is_on || presenting.is_hiding,
        KeyPlace::Window | KeyPlace::Image | KeyPlace::Undo => true,
        KeyPlace::Draw => view == ViewId::Draw,
        KeyPlace::Compare => view == ViewId::Compare,
        KeyPlace::Training => matches!(view, ViewId::Train | ViewId::Network) && !has_playback,
        // Its view reads it.
        KeyPlace::Animation
        | KeyPlace::Network
        | KeyPlace::Timeline
        | KeyPlace::Architecture
        | KeyPlace::Filters => false,
    }
}
