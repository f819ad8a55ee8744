//! The whole window without a display: what a person does is an event, what a person reads is a node of the
//! accessibility tree. Tasks run at once and the clock is the test's; only training has a thread of its own.

pub(crate) mod bare;
pub(crate) mod kept;
pub(crate) mod layout;

use convlens::{
    data::{DataSet, Split, idx, mnist},
    text::{Language, shown_name},
    ui::{
        App, Options,
        action::Action,
        model::file_kind::FileKind,
        state::AppState,
        work::{dialog::Picked, tasks::Threading},
    },
};
use egui::{Key, Modifiers, Pos2, Role, UiBuilder, Vec2, vec2};
use egui_kittest::{
    Harness, HarnessBuilder,
    kittest::{NodeT as _, Queryable as _},
};
use std::{
    cell::{Cell, RefCell},
    fs::{self, File},
    path::{Path, PathBuf},
    rc::Rc,
    sync::{Arc, LazyLock},
    time::{Duration, Instant},
};

/// The size that the window opens with.
pub(crate) const LARGE: Vec2 = vec2(1600.0, 1000.0);

/// The smallest size that the window takes.
pub(crate) const SMALL: Vec2 = vec2(900.0, 600.0);

/// How long the training thread may take for anything, on any machine.
const PATIENCE: Duration = Duration::from_mins(3);

/// Frames in which everything must have settled that does not train.
const SETTLED: u64 = 64;

/// A second has this many frames.
const FRAME_RATE: f32 = 60.0;

/// The window.
pub(crate) struct Window {
    pub(crate) h: Harness<'static, Option<App>>,
    /// While this is set, no thread and no task is heard of.
    is_deaf: Rc<Cell<bool>>,
}

/// Options without threads, settings or data.
pub(crate) fn options() -> Options {
    Options {
        language: None,
        system_language: Language::ENGLISH,
        settings_path: None,
        threading: Threading::Inline,
        train_threads: 1,
        reads_mnist: false,
        dialog: |_| Picked::Unavailable,
        runs_folder: None,
    }
}

/// How every window of the tests is built, before its renderer is chosen.
pub(crate) fn builder(size: Vec2) -> HarnessBuilder<Option<App>> {
    Harness::builder().with_size(size).with_step_dt(1.0 / FRAME_RATE).with_max_steps(SETTLED)
}

/// Opens the window in a harness.
pub(crate) fn open(builder: HarnessBuilder<Option<App>>, options: Options) -> Window {
    let is_deaf = Rc::new(Cell::new(false));
    let deaf = is_deaf.clone();
    let made = Rc::new(RefCell::new(None));
    let slot = made.clone();
    // The application sets the fonts up, which must be there in the first frame.
    let setup = move |ctx: &egui::Context| *slot.borrow_mut() = Some(App::new(ctx, options));
    let show = move |ui: &mut egui::Ui, app: &mut Option<App>| {
        if app.is_none() {
            *app = made.take();
        }
        let app = app.as_mut().expect("the context is set up before the first frame");
        if !deaf.get() {
            app.logic(ui.ctx());
        }
        // The harness keeps a margin, the real window has none.
        let whole = ui.ctx().content_rect();
        ui.set_clip_rect(whole);
        app.ui(&mut ui.new_child(UiBuilder::new().max_rect(whole)));
    };
    Window { h: builder.with_context_setup(setup).build_ui_state(show, None), is_deaf }
}

impl Window {
    /// A large window without a data set.
    pub(crate) fn new() -> Self {
        Self::sized(LARGE)
    }

    /// A window of this size without a data set.
    pub(crate) fn sized(size: Vec2) -> Self {
        open(builder(size), options())
    }

    /// A window of this size with [`small_set`].
    pub(crate) fn with_data(size: Vec2) -> Self {
        let mut window = Self::sized(size);
        window.use_small_set();
        window
    }

    /// Opens [`small_set`].
    pub(crate) fn use_small_set(&mut self) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("small");
        write_set(&path, &small_set());
        self.act(Action::UseFile(FileKind::DataSet, path));
        assert!(self.state().data.ready().is_some(), "{:?}", self.messages());
        self.until("the run is loaded", |state| state.snapshot.is_some());
    }

    /// What is shown.
    pub(crate) fn state(&self) -> &AppState {
        self.h.state().as_ref().expect("the first frame is over").state()
    }

    /// The kind of the file that is asked for.
    pub(crate) fn question(&self) -> Option<FileKind> {
        self.state().question.as_ref().map(|question| question.kind)
    }

    /// Acts without an event: for what another test does by events.
    pub(crate) fn act(&mut self, action: Action) {
        self.h.state_mut().as_mut().expect("the first frame is over").act(action);
        self.settle();
    }

    /// Holds back everything that is computed or read in the background, or lets it in again.
    pub(crate) fn hold_back(&mut self, is_held: bool) {
        self.is_deaf.set(is_held);
        self.settle();
    }

    /// The last moment of the window.
    pub(crate) fn close(mut self) {
        self.h.state_mut().as_mut().expect("the first frame is over").close();
    }

    /// Frames until nothing asks for another one, or as many as that should take.
    pub(crate) fn settle(&mut self) {
        let _ = self.h.run_ok();
        // An animation asks for a frame when its next step is due, not at once.
        for _ in 0..SETTLED {
            if !self.state().is_playing() {
                break;
            }
            self.h.step();
        }
    }

    /// Frames until `is_so`, for what a thread has to do first.
    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, is_so: impl Fn(&AppState) -> bool) {
        let begun = Instant::now();
        loop {
            self.h.step();
            if is_so(self.state()) {
                return;
            }
            let state = self.state();
            let moment = state.snapshot.as_ref().map(|s| (s.status, s.step, s.history.last()));
            assert!(begun.elapsed() < PATIENCE, "never: {what}; {moment:?}; {:?}", self.messages());
            std::thread::yield_now();
        }
    }

    /// Frames until a message has `words` in it.
    ///
    /// The clock goes on with every frame of a wait, so that what was said before may have gone when it ends:
    /// what comes from a thread is waited for, not counted.
    #[track_caller]
    pub(crate) fn until_said(&mut self, words: &str) {
        self.until(words, |state| state.toasts.visible().any(|(_, text)| text.contains(words)));
        // A question that closes in the same frame covers it while it fades.
        self.h.run_steps(2);
        assert!(self.messages().iter().any(|text| text.contains(words)), "{:?}", self.messages());
    }

    /// Clicks the one widget of this role and name.
    #[track_caller]
    pub(crate) fn click(&mut self, role: Role, name: &str) {
        let name = &shown_name(name);
        let node = self.h.get_by_role_and_label(role, name);
        assert!(!node.accesskit_node().is_disabled(), "{name} is disabled");
        node.click();
        self.h.remove_cursor();
        self.settle();
    }

    /// Clicks at a place with the pointer.
    pub(crate) fn click_at(&mut self, place: Pos2) {
        self.h.hover_at(place);
        self.h.drag_at(place);
        self.h.drop_at(place);
        self.settle();
    }

    #[track_caller]
    pub(crate) fn button(&mut self, name: &str) {
        self.click(Role::Button, name);
    }

    /// Turns to a view by its entry at the left.
    #[track_caller]
    pub(crate) fn tab(&mut self, name: &str) {
        self.click(Role::Tab, name);
    }

    /// Scrolls the columns of the Network view to a layer, by the overview.
    #[track_caller]
    pub(crate) fn go_to(&mut self, layer: &str) {
        self.button(&format!("Go to {layer}"));
    }

    /// Chooses the one item with `part` in its name from a menu of the top bar.
    #[track_caller]
    pub(crate) fn choose(&mut self, menu: &str, part: &str) {
        self.click(Role::ComboBox, menu);
        let is_item = |node: &egui_kittest::kittest::AccessKitNode<'_>| {
            !matches!(node.role(), Role::Label | Role::ComboBox | Role::Alert)
                && node.label().is_some_and(|label| label.contains(part))
        };
        // Long menus scroll.
        self.h.get_by(is_item).scroll_to_me();
        self.settle();
        self.h.get_by(is_item).click();
        self.h.remove_cursor();
        self.settle();
    }

    /// Chooses the item with `part` in its name from the menu *Display*.
    #[track_caller]
    pub(crate) fn display(&mut self, part: &str) {
        self.button("Display");
        self.h.get_by(|node| node.label().is_some_and(|label| label.contains(part))).click();
        self.h.remove_cursor();
        self.settle();
    }

    pub(crate) fn key(&mut self, modifiers: Modifiers, key: Key) {
        self.h.key_press_modifiers(modifiers, key);
        self.settle();
    }

    /// Sets a number as a screen reader does.
    #[track_caller]
    pub(crate) fn set_number(&mut self, role: Role, name: &str, value: f64) {
        self.h.get_by_role_and_label(role, name).set_value_accesskit(value);
        self.settle();
    }

    /// Types a path into the question for a file.
    #[track_caller]
    pub(crate) fn type_path(&mut self, path: &Path) {
        self.h.get_by_role_and_label(Role::TextInput, "Path").focus();
        self.settle();
        let text = path.to_str().expect("the tests' paths are text");
        self.h.get_by_role_and_label(Role::TextInput, "Path").type_text(text);
        self.settle();
    }

    /// Whether a text that contains `part` stands anywhere.
    pub(crate) fn shows(&self, part: &str) -> bool {
        self.h.query_all_by_label_contains(part).next().is_some()
    }

    /// The value of the one widget of this name.
    #[track_caller]
    pub(crate) fn value(&self, role: Role, name: &str) -> String {
        self.h.get_by_role_and_label(role, name).value().unwrap_or_default()
    }

    /// The large answer with its comment.
    #[track_caller]
    pub(crate) fn answer(&self) -> String {
        self.value(Role::Status, "Answer")
    }

    /// The bars' numbers in percent; the middle of what `>99.9 %` and `<0.1 %` can be.
    #[track_caller]
    pub(crate) fn bars(&self) -> Vec<f32> {
        (0..10)
            .map(|class| {
                let text = self.value(Role::Meter, &format!("Probability of {class}"));
                let (outside, digits) = match text.chars().next() {
                    Some('<') => (-0.05, &text[1..]),
                    Some('>') => (0.05, &text[1..]),
                    _ => (0.0, text.as_str()),
                };
                let number: f32 =
                    digits.trim_end_matches(" %").parse().unwrap_or_else(|e| panic!("{text}: {e}"));
                number + outside
            })
            .collect()
    }

    /// The messages in the corner that a screen reader finds.
    pub(crate) fn messages(&self) -> Vec<String> {
        self.h
            .query_all_by_role(Role::Alert)
            .map(|node| node.accesskit_node().label().unwrap_or_default())
            .collect()
    }

    /// Dismisses what has been said so far.
    pub(crate) fn dismiss_messages(&mut self) {
        while !self.messages().is_empty() {
            self.h.get_all_by_role(Role::Alert).for_each(|node| node.click());
            self.h.remove_cursor();
            self.settle();
        }
    }

    /// A place on the canvas, in parts of its side.
    #[track_caller]
    pub(crate) fn at(&self, [x, y]: [f32; 2]) -> Pos2 {
        self.h.get_by_role_and_label(Role::Canvas, "Drawing canvas").rect().lerp_inside(vec2(x, y))
    }

    /// A stroke with the primary button, an event a frame.
    #[track_caller]
    pub(crate) fn stroke(&mut self, points: &[[f32; 2]]) {
        self.press(points[0]);
        for point in &points[1..] {
            self.h.hover_at(self.at(*point));
        }
        self.release(points[points.len() - 1]);
    }

    #[track_caller]
    pub(crate) fn press(&mut self, point: [f32; 2]) {
        let place = self.at(point);
        self.h.hover_at(place);
        self.h.drag_at(place);
    }

    #[track_caller]
    pub(crate) fn release(&mut self, point: [f32; 2]) {
        self.h.drop_at(self.at(point));
        self.settle();
    }
}

/// The strokes of a one and of a nought.
pub(crate) const ONE: [[f32; 2]; 4] = [[0.5, 0.2], [0.5, 0.4], [0.5, 0.6], [0.5, 0.8]];

pub(crate) fn nought() -> Vec<[f32; 2]> {
    let turn = std::f32::consts::TAU;
    (0..=24)
        .map(|i| (i as f32 / 24.0 * turn).sin_cos())
        .map(|(sin, cos)| [0.5 - 0.19 * sin, 0.5 - 0.28 * cos])
        .collect()
}

/// A slice of MNIST that is learnt from in no time.
pub(crate) fn small_set() -> DataSet {
    static SMALL_SET: LazyLock<DataSet> = LazyLock::new(|| {
        let whole = mnist::load().unwrap();
        let take = |split: &Split, count| Arc::new(split.take(0..count));
        DataSet {
            name: "small".into(),
            train: take(&whole.train, 600),
            test: take(&whole.test, 200),
            classes: convlens::text::ClassNames::default(),
        }
    });
    SMALL_SET.clone()
}

/// Writes a set as the four files of MNIST.
pub(crate) fn write_set(folder: &Path, set: &DataSet) {
    fs::create_dir_all(folder).unwrap();
    for (prefix, split) in [("train", &set.train), ("t10k", &set.test)] {
        let pixels = (0..split.len()).flat_map(|i| split.image(i).iter().copied()).collect();
        let images = idx::Images { pixels, height: split.height(), width: split.width() };
        let mut file = File::create(folder.join(format!("{prefix}-images-idx3-ubyte"))).unwrap();
        idx::write_images(&mut file, &images).unwrap();
        let mut file = File::create(folder.join(format!("{prefix}-labels-idx1-ubyte"))).unwrap();
        idx::write_labels(&mut file, split.labels()).unwrap();
    }
}

/// Writes a test digit as a picture, black on white, each pixel a block of `scale`.
pub(crate) fn write_picture(path: PathBuf, set: &DataSet, index: usize, scale: u32) -> PathBuf {
    let (height, width) = (set.test.height() as u32, set.test.width() as u32);
    let pixels = set.test.image(index);
    let picture = image::GrayImage::from_fn(width * scale, height * scale, |x, y| {
        image::Luma([255 - pixels[(y / scale * width + x / scale) as usize]])
    });
    picture.save(&path).unwrap();
    path
}
