//! The program is killed while it trains, saves and exports: what was saved last is there at the next start.
//!
//! `CONVLENS_KILLS=200 cargo test --test ui killed` kills it more often.

use crate::support::{LARGE, bare::Bare, kept, options, small_set, write_set};
use convlens::{
    model_file,
    ui::{
        Options,
        action::{Action, Transport},
        model::{file_kind::FileKind, file_question::FileStep, network::NetworkChoice},
        state::AppState,
        work::tasks::Threading,
    },
};
use egui::{Event, Modifiers, PointerButton, pos2};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// The variable that tells the child where its files are.
const FOLDER: &str = "CONVLENS_KILLED_FOLDER";

/// The files that the child saves over and over.
const MODEL: &str = "model.safetensors";
const STATE: &str = "state.convlens";

struct Work {
    window: Bare,
    folder: PathBuf,
}

impl Work {
    fn new(folder: &Path) -> Self {
        let window = Bare::new(Options {
            settings_path: Some(folder.join("settings.json")),
            runs_folder: Some(folder.join("runs")),
            threading: Threading::Threads,
            ..options()
        });
        Self { window, folder: folder.to_owned() }
    }

    fn frame(&mut self, events: Vec<Event>) {
        self.window.time += 1.0 / 60.0;
        let input = self.window.input(events);
        self.window.frame(input);
    }

    fn until(&mut self, is_so: impl Fn(&AppState) -> bool) {
        while !is_so(self.window.app.state()) {
            self.frame(Vec::new());
            std::thread::yield_now();
        }
    }

    /// Saves over a file, and answers the question whether to.
    fn save(&mut self, kind: FileKind, name: &str) {
        self.window.app.act(Action::AskForFile(kind));
        self.window.app.act(Action::UseFile(kind, self.folder.join(name)));
        let asks = |state: &AppState| {
            let step = state.question.as_ref().map(|question| &question.step);
            matches!(step, Some(FileStep::Overwriting(_)))
        };
        self.until(|state| state.question.is_none() || asks(state));
        if asks(self.window.app.state()) {
            self.window.app.act(Action::Overwrite(true));
        }
        self.until(|state| state.question.is_none());
    }

    /// Draws across the canvas.
    fn stroke(&mut self, round: u64) {
        let at = |i: u64| pos2(250.0 + 7.0 * i as f32, 300.0 + ((round * 13 + i * 29) % 200) as f32);
        let button = |pressed| Event::PointerButton {
            pos: at(0),
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        self.frame(vec![Event::PointerMoved(at(0)), button(true)]);
        (1..8).for_each(|i| self.frame(vec![Event::PointerMoved(at(i))]));
        self.frame(vec![button(false)]);
    }
}

/// What the child does until it is killed: a line for every round.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let mut work = Work::new(&folder);
    work.window.app.act(Action::UseFile(FileKind::DataSet, folder.join("set")));
    work.until(|state| state.data.ready().is_some());
    if work.window.app.state().snapshot.is_none() {
        work.window.app.act(Action::ChooseNetwork(NetworkChoice::Preset("mlp-5".into())));
    }
    work.until(|state| state.snapshot.is_some());
    for round in 0.. {
        work.window.app.act(Action::Train(Transport::OneBatch));
        work.stroke(round);
        work.save(FileKind::SaveModel, MODEL);
        work.until(|state| state.snapshot.as_ref().is_some_and(|run| !run.is_active()));
        // A reset keeps the run.
        if round % 5 == 4 {
            work.window.app.act(Action::Train(Transport::Reset));
            work.until(|state| state.snapshot.as_ref().is_some_and(|run| run.step == 0));
        }
        work.save(FileKind::SaveState, STATE);
        println!("round {round}");
        std::io::stdout().flush().unwrap();
    }
}

fn start(folder: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "killed::child", "--nocapture"]).env(FOLDER, folder);
    command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

#[test]
fn what_was_saved_last_survives_every_kill() {
    let kills = std::env::var("CONVLENS_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(5);
    let folder = tempfile::tempdir().unwrap();
    write_set(&folder.path().join("set"), &small_set());
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    for kill in 0..kills {
        let mut child = start(folder.path());
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // So many rounds, and then some work of the next one.
        let rounds = rng.random_range(1..12);
        let told = lines.by_ref().map_while(Result::ok).filter(|line| line.starts_with("round")).take(rounds);
        assert_eq!(told.count(), rounds, "the child ended by itself");
        (0..rng.random_range(0..200_000)).for_each(|i: u32| {
            let _ = std::hint::black_box(i);
        });
        child.kill().unwrap();
        child.wait().unwrap();
        drop(lines);

        for name in [MODEL, STATE] {
            assert!(folder.path().join(name).exists(), "kill {kill}: {name}");
        }
        let model = model_file::load(&folder.path().join(MODEL), None);
        assert!(model.is_ok(), "kill {kill}: {:?}", model.err());
        let mut window = kept::start(folder.path(), LARGE);
        assert!(window.messages().is_empty(), "kill {kill}: {:?}", window.messages());
        assert!(window.state().run_table.damaged.is_empty(), "kill {kill}");
        window.act(Action::UseFile(FileKind::State, folder.path().join(STATE)));
        assert!(window.question().is_none(), "kill {kill}: {:?}", window.state().question);
        window.close();
    }
    // What killed programs left behind is swept at the next save.
    let mut window = kept::start(folder.path(), LARGE);
    window.act(Action::UseFile(FileKind::SaveModel, folder.path().join(MODEL)));
    window.act(Action::Overwrite(true));
    window.close();
    let mut left = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(left.all(|name| !name.to_string_lossy().starts_with(".tmp")));
}
