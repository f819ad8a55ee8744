//! What is kept between two runs of the program, and the file it is kept in.

use super::{
    action::NetworkChoice,
    pooling::PoolingChoice,
    views::ViewId,
    widgets::{Brush, Drawing},
};
use crate::{data::Collection, train::TrainConfig};
use serde::{Deserialize, Serialize};
use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

/// Which theme to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ThemeChoice {
    /// As the system is set.
    System,
    /// Light on dark.
    #[default]
    Dark,
    /// Dark on light.
    Light,
}

/// What shares one colour scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum MapScale {
    /// Each map by itself: shows patterns, not sizes.
    Map,
    /// The maps of a layer.
    #[default]
    Layer,
    /// All maps of the network.
    Network,
}

/// Which numbers of a network its maps show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum MapValues {
    /// What the layers give.
    #[default]
    Activations,
    /// The gradient of the loss by what the layers give.
    Gradients,
}

/// How it is asked what convinced a network; see [`crate::explain::saliency::Method`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SaliencyKind {
    /// The gradient of the logit by the input.
    Gradient,
    /// The gradient times the input.
    #[default]
    GradientTimesInput,
    /// Grad-CAM of a layer.
    GradCam,
    /// The fall of the probability when a patch is covered.
    Occlusion,
}

/// The whole question, and how its answer is painted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SaliencyChoice {
    /// How it is asked.
    pub kind: SaliencyKind,
    /// The class asked about; `None` is the most likely one.
    pub class: Option<usize>,
    /// The layer of Grad-CAM; `None` is the last convolution.
    pub layer: Option<usize>,
    /// The side of occlusion's patch, in pixels.
    pub patch: usize,
    /// By how many pixels it moves.
    pub stride: usize,
    /// How much of the input the colours cover, 0…1.
    pub opacity: f32,
}

impl Default for SaliencyChoice {
    fn default() -> Self {
        let kind = SaliencyKind::default();
        Self { kind, class: None, layer: None, patch: 5, stride: 2, opacity: 0.7 }
    }
}

/// The choices that survive the program's end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The view that is shown.
    pub view: ViewId,
    /// Dark, light, or the system's.
    pub theme: ThemeChoice,
    /// What one draws with.
    pub brush: Brush,
    /// Whether drawings are normalised.
    pub is_normalised: bool,
    /// What shares a colour scale in the Network view.
    pub map_scale: MapScale,
    /// Which numbers the Network view's maps show.
    pub map_values: MapValues,
    /// Whether a narrow window shows what stands beside a view, too.
    pub shows_inspector: bool,
    /// The network that was chosen; one that was opened from a file is not opened again.
    pub network: NetworkChoice,
    /// How it is trained; `None` is the preset's own recipe.
    pub training: Option<TrainConfig>,
    /// The number of the test image that comes next.
    pub next_sample: usize,
    /// What the Pooling view shows.
    pub pooling: PoolingChoice,
    /// How it is asked what convinced the network.
    pub saliency: SaliencyChoice,
    /// How many test images are searched for the most exciting patches.
    pub patch_images: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            view: ViewId::default(),
            theme: ThemeChoice::default(),
            brush: Brush::default(),
            is_normalised: true,
            map_scale: MapScale::default(),
            map_values: MapValues::default(),
            shows_inspector: false,
            network: NetworkChoice::Shipped,
            training: None,
            next_sample: 0,
            pooling: PoolingChoice::default(),
            saliency: SaliencyChoice::default(),
            patch_images: 2_000,
        }
    }
}

/// What the file holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Saved {
    /// The choices.
    pub settings: Settings,
    /// The drawing, with what can be undone.
    pub drawing: Drawing,
    /// The drawings that were named.
    #[serde(default)]
    pub collection: Collection,
}

/// Larger files are not ours, in bytes.
const MAX_BYTES: u64 = 64 << 20;

/// Where the settings of this user are; `None` if the system names no place.
pub fn default_path() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "convlens").map(|dirs| dirs.config_dir().join("settings.json"))
}

/// Reads the file: `Ok(None)` if there is none, a sentence for the user if it is broken.
///
/// A broken file is kept beside as `settings.broken.json`, so that nothing is lost by going on without it.
pub fn read(path: &Path) -> Result<Option<Saved>, String> {
    let text = match fs::metadata(path)
        .and_then(|m| check_length(m.len()))
        .and_then(|()| fs::read_to_string(path))
    {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => {
            return Err(format!(
                "the settings in {} cannot be read ({e}): defaults are used",
                path.display()
            ));
        }
    };
    serde_json::from_str(&text).map(Some).map_err(|e| {
        let kept = path.with_extension("broken.json");
        let where_kept = match fs::rename(path, &kept) {
            Ok(()) => format!("kept as {}", kept.display()),
            Err(_) => "left as it is".to_owned(),
        };
        format!(
            "the settings file {} is broken ({e}): defaults are used, the file is {where_kept}",
            path.display()
        )
    })
}

fn check_length(bytes: u64) -> io::Result<()> {
    if bytes <= MAX_BYTES { Ok(()) } else { Err(io::Error::other(format!("it is {bytes} bytes long"))) }
}

/// Writes the file so that a crash leaves the old one or the new one.
pub fn write(path: &Path, saved: &Saved) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer(&mut file, saved)?;
    file.flush()?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_and_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/settings.json");
        assert!(read(&path).unwrap().is_none());
        let mut drawing = Drawing::default();
        drawing.begin_stroke([0.2, 0.2], 0.05, false);
        drawing.extend_stroke([0.8, 0.8]);
        let settings = Settings { view: ViewId::Train, next_sample: 7, ..Settings::default() };
        let mut collection = Collection::default();
        assert!(collection.push(&[7; 784], 3));
        let saved =
            Saved { settings: settings.clone(), drawing: drawing.clone(), collection: collection.clone() };
        write(&path, &saved).unwrap();
        let back = read(&path).unwrap().unwrap();
        assert_eq!((back.settings, back.collection), (settings, collection));
        assert_eq!(back.drawing.bitmap(), drawing.bitmap());
    }

    #[test]
    fn a_broken_file_is_named_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        for broken in ["", "{", "{\"settings\": 3}", "\u{0}\u{1}"] {
            fs::write(&path, broken).unwrap();
            let message = read(&path).unwrap_err();
            assert!(message.contains("settings.json") && message.contains("defaults"), "{message}");
            assert_eq!(fs::read_to_string(path.with_extension("broken.json")).unwrap(), broken);
            assert!(read(&path).unwrap().is_none());
        }
    }

    #[test]
    fn settings_of_an_older_version_keep_what_they_have() {
        let old: Settings = serde_json::from_str(r#"{"view": "Network"}"#).unwrap();
        assert_eq!(old, Settings { view: ViewId::Network, ..Settings::default() });
    }
}
