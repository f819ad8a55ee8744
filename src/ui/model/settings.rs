//! The settings that are kept between two starts of the program.

use super::{
    architecture::KeptDraft,
    compare::CompareSetup,
    convolution::KeptLab,
    display::{
        LossScale, MapBrightness, MapColors, MapScale, MapValues, Smoothing, ThemeChoice, TrainPart,
        WindowPlace, zoom_from_file,
    },
    file_kind::FileKind,
    hidden::HiddenControl,
    image::ImageSource,
    lesson::LessonProgress,
    network::NetworkChoice,
    pooling::PoolingSetup,
    runs::RunLook,
    saliency::SaliencyChoice,
    tolerant::or_default,
    view::ViewId,
};
use crate::{data::formats::Choices, text::Language, train::TrainConfig, ui::widgets::Brush};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, path::PathBuf};

/// The settings that are kept when the program closes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The view that is shown.
    pub view: ViewId,
    /// Dark, light, or as the system is set.
    pub theme: ThemeChoice,
    /// The language; `None` is that of the system.
    #[serde(deserialize_with = "or_default")]
    pub language: Option<Language>,
    /// The size of everything in the window; 1 is 100 %.
    #[serde(deserialize_with = "zoom_from_file")]
    pub zoom: f32,
    /// Where the window was, and how large.
    #[serde(deserialize_with = "or_default")]
    pub window: Option<WindowPlace>,
    /// The brush.
    pub brush: Brush,
    /// Whether drawings are normalised.
    pub is_normalised: bool,
    /// Which maps share a colour scale in the Network view.
    #[serde(deserialize_with = "or_default")]
    pub map_scale: MapScale,
    /// The value at full colour where the scale is fixed.
    pub map_limit: f32,
    /// How brightness follows the values of a map in the Network view.
    #[serde(deserialize_with = "or_default")]
    pub map_brightness: MapBrightness,
    /// Which numbers the Network view's maps show.
    pub map_values: MapValues,
    /// The axis of the loss curves.
    #[serde(deserialize_with = "or_default")]
    pub loss_scale: LossScale,
    /// How smooth the training curves are.
    #[serde(deserialize_with = "or_default")]
    pub smoothing: Smoothing,
    /// What *Train* shows below the curves.
    #[serde(deserialize_with = "or_default")]
    pub train_part: TrainPart,
    /// The names of kept runs, and whether their curves are shown, by their numbers.
    #[serde(deserialize_with = "or_default")]
    pub run_looks: BTreeMap<u64, RunLook>,
    /// Whether a narrow window shows the inspector.
    pub shows_inspector: bool,
    /// The network that was chosen.
    pub network: NetworkChoice,
    /// Its training settings; `None` are those of the preset.
    pub training: Option<TrainConfig>,
    /// The number of the next test image.
    pub next_sample: usize,
    /// The draft of the Architecture view.
    #[serde(deserialize_with = "or_default")]
    pub architecture: KeptDraft,
    /// What the Pooling view shows.
    #[serde(deserialize_with = "PoolingSetup::from_file")]
    pub pooling: PoolingSetup,
    /// The settings of the Convolution view.
    #[serde(deserialize_with = "or_default")]
    pub convolution: KeptLab,
    /// What the Compare view compares.
    #[serde(deserialize_with = "or_default")]
    pub compare: CompareSetup,
    /// The saliency method and how its result is shown.
    pub saliency: SaliencyChoice,
    /// How many test images are searched for top activations.
    pub patch_images: usize,
    /// What is kept of each lesson, by its id.
    #[serde(deserialize_with = "or_default")]
    pub lessons: BTreeMap<String, LessonProgress>,
    /// The name that hand-ins are signed with.
    #[serde(deserialize_with = "or_default")]
    pub student: String,
    /// The lesson files that were opened or saved outside of the settings folder, the newest first.
    #[serde(deserialize_with = "or_default")]
    pub my_lessons: Vec<PathBuf>,
    /// Whether the card that offers the first lesson was answered.
    #[serde(deserialize_with = "or_default")]
    pub is_welcomed: bool,
    /// The controls that are hidden.
    #[serde(deserialize_with = "or_default")]
    pub hidden: Vec<HiddenControl>,
    /// The folder that was used last, by [`FileKind::folder_group`].
    #[serde(deserialize_with = "or_default")]
    pub folders: BTreeMap<FileKind, PathBuf>,
    /// The models and specs that were opened, the newest first.
    #[serde(deserialize_with = "or_default")]
    pub opened: Vec<PathBuf>,
    /// The kept run that the next start goes on with.
    #[serde(deserialize_with = "or_default")]
    pub run: Option<u64>,
    /// The folder of the data set; `None` is the embedded MNIST.
    #[serde(deserialize_with = "or_default")]
    pub data: Option<PathBuf>,
    /// What was chosen where its format leaves something open.
    #[serde(deserialize_with = "or_default")]
    pub data_choices: Choices,
    /// Where the image on the canvas comes from.
    #[serde(deserialize_with = "or_default")]
    pub image: ImageSource,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            view: ViewId::default(),
            theme: ThemeChoice::default(),
            language: None,
            zoom: 1.0,
            window: None,
            brush: Brush::default(),
            is_normalised: true,
            map_scale: MapScale::default(),
            map_limit: 4.0,
            map_brightness: MapBrightness::default(),
            map_values: MapValues::default(),
            loss_scale: LossScale::default(),
            smoothing: Smoothing::default(),
            train_part: TrainPart::default(),
            run_looks: BTreeMap::new(),
            shows_inspector: false,
            network: NetworkChoice::Shipped,
            training: None,
            next_sample: 0,
            architecture: KeptDraft::default(),
            pooling: PoolingSetup::default(),
            convolution: KeptLab::default(),
            compare: CompareSetup::default(),
            saliency: SaliencyChoice::default(),
            patch_images: 2_000,
            lessons: BTreeMap::new(),
            student: String::new(),
            my_lessons: Vec::new(),
            is_welcomed: false,
            hidden: Vec::new(),
            folders: BTreeMap::new(),
            opened: Vec::new(),
            run: None,
            data: None,
            data_choices: Choices::default(),
            image: ImageSource::Drawing,
        }
    }
}

impl Settings {
    /// How the maps of the Network view are coloured.
    pub fn map_colors(&self) -> MapColors {
        let limit = self.map_limit.clamp(MapColors::LIMITS.0, MapColors::LIMITS.1);
        MapColors { scale: self.map_scale, limit, brightness: self.map_brightness }
    }

    /// Sets the value at full colour of the fixed scale, within [`MapColors::LIMITS`]; what is not a number is ignored.
    pub fn set_map_limit(&mut self, limit: f32) {
        if !limit.is_nan() {
            self.map_limit = limit.clamp(MapColors::LIMITS.0, MapColors::LIMITS.1);
        }
    }
}
