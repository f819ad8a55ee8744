//! The settings file, which is kept between two starts.

use crate::{
    data::Collection,
    files,
    ui::{
        model::{settings::Settings, tolerant},
        widgets::Drawing,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The content of the file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Saved {
    /// The settings.
    pub settings: Settings,
    /// The drawing, with its undo history.
    pub drawing: Drawing,
    /// The labelled drawings.
    #[serde(default)]
    pub collection: Collection,
}

/// The longest file that is read, in bytes.
const MAX_BYTES: u64 = 64 << 20;

/// This user's settings file; `None` if the system names no folder.
pub fn default_path() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "convlens").map(|dirs| dirs.config_dir().join("settings.json"))
}

/// The folder of this user's kept runs; `None` if the system names none.
pub fn default_runs_folder() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "convlens").map(|dirs| dirs.data_local_dir().join("runs"))
}

/// The parts of a file that could be read, and what was wrong with it.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The settings that could be read.
    pub settings: Option<Settings>,
    /// The drawing.
    pub drawing: Option<Drawing>,
    /// The labelled drawings.
    pub collection: Option<Collection>,
    /// What to tell a person if the file is broken.
    pub problem: Option<String>,
    /// Whether a broken file could not be moved away, so that it must not be overwritten.
    pub is_in_the_way: bool,
}

/// Reads the file. A missing file is not a problem.
///
/// A broken file is renamed to `settings.broken.json`. The parts that can be read are used: a wrong number costs only the
/// setting that it belongs to.
pub fn read(path: &Path) -> Loaded {
    let text = match fs::metadata(path)
        .and_then(|m| check_length(m.len()))
        .and_then(|()| fs::read_to_string(path))
    {
        Ok(text) => text,
        // Without the folder, the file is missing, too.
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Loaded::default();
        }
        Err(e) => return put_aside(path, Loaded::default(), &format!("cannot be read ({e})")),
    };
    match of_text(&text) {
        (loaded, None) => loaded,
        (loaded, Some(e)) => put_aside(path, loaded, &format!("is broken ({e})")),
    }
}

/// What a file of this text holds, and what is wrong with it.
pub fn of_text(text: &str) -> (Loaded, Option<serde_json::Error>) {
    match serde_json::from_str(text) {
        Ok(Saved { settings, drawing, collection }) => {
            let (settings, drawing, collection) = (Some(settings), Some(drawing), Some(collection));
            (Loaded { settings, drawing, collection, ..Loaded::default() }, None)
        }
        Err(e) => (parts(text), Some(e)),
    }
}

/// The parts of a broken file that can be read.
fn parts(text: &str) -> Loaded {
    let Ok(Value::Object(mut file)) = serde_json::from_str(text) else { return Loaded::default() };
    let mut take = |name: &str| file.remove(name).unwrap_or_default();
    let settings = Some(take("settings")).filter(Value::is_object);
    let settings = settings.map(|choices| tolerant::fields(&choices, |_: &Settings| true));
    let drawing = Drawing::deserialize(take("drawing")).ok();
    let collection = Collection::deserialize(take("collection")).ok();
    Loaded { settings, drawing, collection, ..Loaded::default() }
}

/// Renames a broken file, and says what is wrong with it.
fn put_aside(path: &Path, loaded: Loaded, wrong: &str) -> Loaded {
    let kept = path.with_extension("broken.json");
    let moved = fs::rename(path, &kept);
    let defaults =
        if loaded.settings.is_some() { "defaults are used for what is wrong" } else { "defaults are used" };
    let path = path.display();
    let problem = match &moved {
        Ok(()) => {
            format!("The settings file {path} {wrong}: {defaults}, the file is kept as {}", kept.display())
        }
        Err(e) => format!(
            "The settings file {path} {wrong}: {defaults}; it cannot be moved aside ({e}), so nothing is written over it"
        ),
    };
    Loaded { problem: Some(problem), is_in_the_way: moved.is_err(), ..loaded }
}

fn check_length(bytes: u64) -> io::Result<()> {
    if bytes <= MAX_BYTES { Ok(()) } else { Err(io::Error::other(format!("it is {bytes} bytes long"))) }
}

/// Writes the file atomically.
pub fn write(path: &Path, saved: &Saved) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    files::write(path, &serde_json::to_vec(saved)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        train::TrainConfig,
        ui::model::{
            pooling::{PoolingMode, PoolingSetup, PoolingSource},
            view::ViewId,
        },
    };

    #[test]
    fn written_and_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/settings.json");
        assert!(is_nothing(&read(&path)));
        let mut drawing = Drawing::default();
        drawing.begin_stroke([0.2, 0.2], 0.05, false);
        drawing.extend_stroke([0.8, 0.8]);
        let settings = Settings { view: ViewId::Train, next_sample: 7, ..Settings::default() };
        let mut collection = Collection::default();
        assert!(collection.push(&[7; 784], 3));
        let saved =
            Saved { settings: settings.clone(), drawing: drawing.clone(), collection: collection.clone() };
        write(&path, &saved).unwrap();
        let back = read(&path);
        assert_eq!((back.settings, back.collection), (Some(settings), Some(collection)));
        assert_eq!(back.drawing.unwrap().bitmap(), drawing.bitmap());
        assert!(back.problem.is_none());
    }

    #[test]
    fn a_broken_file_is_named_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        for broken in [&b""[..], b"{", b"{\"settings\": 3}", b"\0\x01", b"\xff\xfe"] {
            fs::write(&path, broken).unwrap();
            let loaded = read(&path);
            assert!(loaded.settings.is_none() && !loaded.is_in_the_way);
            let message = loaded.problem.unwrap();
            assert!(message.contains("settings.json") && message.contains("defaults"), "{message}");
            assert_eq!(fs::read(path.with_extension("broken.json")).unwrap(), broken);
            assert!(is_nothing(&read(&path)));
        }
    }

    #[test]
    fn a_file_that_is_too_large_is_kept_too() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        fs::File::create(&path).unwrap().set_len(MAX_BYTES + 1).unwrap();
        let message = read(&path).problem.unwrap();
        assert!(message.contains("bytes long") && message.contains("settings.broken.json"), "{message}");
        assert_eq!(fs::metadata(path.with_extension("broken.json")).unwrap().len(), MAX_BYTES + 1);
        assert!(!path.exists());
    }

    #[test]
    fn what_cannot_be_moved_aside_is_in_the_way() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        fs::write(&path, "{").unwrap();
        // A file cannot be renamed to a folder.
        fs::create_dir(path.with_extension("broken.json")).unwrap();
        let loaded = read(&path);
        assert!(loaded.is_in_the_way && loaded.problem.unwrap().contains("nothing is written over it"));
    }

    #[test]
    fn one_wrong_number_costs_one_choice() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        let mut drawing = Drawing::default();
        drawing.begin_stroke([0.2, 0.2], 0.05, false);
        let mut collection = Collection::default();
        assert!(collection.push(&[7; 784], 3));
        let recipe = crate::nn::presets::lenet5_relu().recipe;
        let training = TrainConfig { lr: f32::INFINITY, ..TrainConfig::from_recipe(&recipe, 1) };
        let settings = Settings { view: ViewId::Train, training: Some(training), ..Settings::default() };
        let saved = Saved { settings: settings.clone(), drawing, collection };
        // JSON has no infinity.
        write(&path, &saved).unwrap();
        let loaded = read(&path);
        assert_eq!(loaded.settings, Some(Settings { training: None, ..settings }));
        assert_eq!(loaded.drawing.unwrap().bitmap(), saved.drawing.bitmap());
        assert_eq!(loaded.collection, Some(saved.collection));
        assert!(loaded.problem.unwrap().contains("defaults are used for what is wrong"));
        assert!(path.with_extension("broken.json").exists() && !path.exists());
    }

    fn is_nothing(loaded: &Loaded) -> bool {
        let Loaded { settings, drawing, collection, problem, is_in_the_way } = loaded;
        settings.is_none() && drawing.is_none() && collection.is_none() && problem.is_none() && !is_in_the_way
    }

    #[test]
    fn of_pooling_what_is_valid_is_kept() {
        let text = r#"{"view": "Pooling", "pooling": {
            "source": "Numbers", "show": "Loss", "kernel_size": "two", "stride": 0, "padding": 1, "dilation": [2, 2],
            "direction": "Up", "numbers": {"rows": 9000000000, "columns": 2, "values": [1]}}}"#;
        let settings: Settings = serde_json::from_str(text).unwrap();
        let (source, show) = (PoolingSource::Numbers, PoolingMode::Loss);
        let (padding, dilation) = (1.into(), 2.into());
        let pooling = PoolingSetup { source, padding, dilation, show, ..PoolingSetup::default() };
        assert_eq!(settings, Settings { view: ViewId::Pooling, pooling, ..Settings::default() });
        for broken in ["3", "null", "[1]", "\"Numbers\"", "{}", r#"{"dilation": 9999, "numbers": null}"#] {
            let text = format!(r#"{{"view": "Pooling", "pooling": {broken}}}"#);
            let settings: Settings = serde_json::from_str(&text).unwrap();
            assert_eq!(settings, Settings { view: ViewId::Pooling, ..Settings::default() }, "{broken}");
        }
    }

    #[test]
    fn settings_of_an_older_version_keep_what_they_have() {
        let old: Settings = serde_json::from_str(r#"{"view": "Network"}"#).unwrap();
        assert_eq!(old, Settings { view: ViewId::Network, ..Settings::default() });
        // Settings of a view that only a newer version understands reset that view alone.
        for unknown in ["3", r#""all""#, r#"{"setup": {"source": "Moon"}, "new": 1}"#] {
            let text = format!(r#"{{"view": "Network", "convolution": {unknown}}}"#);
            assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), old, "{unknown}");
        }
    }
}
