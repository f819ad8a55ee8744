//! A window without a display that is fed with events frame by frame.

use super::events;
use crate::support::{bare::Bare, options, small_set, write_picture, write_set};
use convlens::{
    model_file,
    ui::{
        Options,
        action::Action,
        model::{file_kind::FileKind, settings::Settings},
    },
};
use egui::{DroppedFile, Rect, accesskit};
use rand::{RngExt as _, SeedableRng as _, seq::IndexedRandom as _};
use rand_chacha::ChaCha8Rng;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};
use tempfile::TempDir;

#[derive(Debug)]
struct Dropped(PathBuf);

impl DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        fs::read(&self.0).map_err(|e| e.to_string())
    }
}

/// The window and the one who plays with it.
pub(super) struct Hand {
    window: Bare,
    rng: ChaCha8Rng,
    /// The controls of the last frame, in points.
    controls: Vec<Rect>,
    files: Vec<PathBuf>,
    folder: TempDir,
}

/// The settings of someone whose files are in `folder`: what is saved under a typed name is saved there.
fn settings(folder: &Path) -> Settings {
    let mut settings = Settings::default();
    for kind in [
        FileKind::Picture,
        FileKind::DataSet,
        FileKind::Model,
        FileKind::SaveCurves,
        FileKind::Screenshot,
        FileKind::Spec,
        FileKind::Lesson,
        FileKind::SaveHandIn,
        FileKind::State,
        FileKind::Drawings,
        FileKind::Worksheets,
    ] {
        settings.folders.insert(kind.folder_group(), folder.to_owned());
    }
    settings
}

impl Hand {
    pub(super) fn new(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (path, set) = (|name: &str| folder.path().join(name), small_set());
        fs::create_dir_all(path("mine")).unwrap();
        let kept = serde_json::json!({ "settings": settings(&path("mine")) });
        fs::write(path("settings.json"), kept.to_string()).unwrap();
        write_set(&path("set"), &set);
        let model = model_file::to_bytes("shipped", &model_file::shipped().unwrap()).unwrap();
        fs::write(path("model.safetensors"), &model).unwrap();
        fs::write(path("cut.safetensors"), &model[..model.len() / 2]).unwrap();
        fs::write(path("notes.txt"), "neither a picture nor a model").unwrap();
        let picture = write_picture(path("seven.png"), &set, 0, 4);
        let files = ["set", "model.safetensors", "cut.safetensors", "notes.txt", "nothing.png"].map(path);
        let mut window = Bare::new(Options {
            settings_path: Some(path("settings.json")),
            runs_folder: Some(path("runs")),
            ..options()
        });
        window.app.act(Action::UseFile(FileKind::DataSet, path("set")));
        Self {
            window,
            rng: ChaCha8Rng::seed_from_u64(seed),
            controls: Vec::new(),
            files: files.into_iter().chain([picture]).collect(),
            folder,
        }
    }

    /// A frame with a few random events. Returns their number.
    pub(super) fn frame(&mut self) -> u64 {
        let Self { window, rng, controls, files, .. } = self;
        if rng.random_bool(0.02) {
            (window.size, window.scale) = (events::size(rng), events::scale(rng));
        }
        let mut input = window.input(events::some(rng, window.points(), controls));
        if rng.random_bool(0.02) {
            let path = files.choose(rng).expect("there are files").clone();
            input.dropped_files.push(Arc::new(Dropped(path)));
        }
        let count = (input.events.len() + input.dropped_files.len()) as u64;
        window.time += rng.random_range(0.001..0.3);
        let output = window.frame(input);
        let nodes = output.platform_output.accesskit_update.map(|update| update.nodes).unwrap_or_default();
        let is_control = |node: &accesskit::Node| {
            [accesskit::Action::Click, accesskit::Action::Focus].iter().any(|act| node.supports_action(*act))
        };
        let bounds = nodes.iter().filter(|(_, node)| is_control(node)).filter_map(|(_, node)| node.bounds());
        let point = |x: f64, y: f64| egui::pos2(x as f32, y as f32) / output.pixels_per_point;
        let places = bounds.map(|r| Rect::from_min_max(point(r.x0, r.y0), point(r.x1, r.y1)));
        *controls = places.filter(|place| place.is_finite()).collect();
        count
    }

    pub(super) fn close(mut self) {
        self.window.app.close();
        drop(self.window);
        drop(self.folder);
    }
}
