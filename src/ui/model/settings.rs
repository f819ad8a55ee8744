//! The choices that are kept between two runs of the program.

use super::{
    convolution::KeptLab,
    display::{MapScale, MapValues, ThemeChoice, WindowPlace, zoom_from_file},
    network::NetworkChoice,
    pooling::PoolingSetup,
    saliency::SaliencyChoice,
    tolerant::or_default,
    view::ViewId,
};
use crate::{train::TrainConfig, ui::widgets::Brush};
use serde::{Deserialize, Serialize};

/// The choices that survive the program's end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The view that is shown.
    pub view: ViewId,
    /// Dark, light, or the system's.
    pub theme: ThemeChoice,
    /// The size of everything in the window; 1 is 100 %.
    #[serde(deserialize_with = "zoom_from_file")]
    pub zoom: f32,
    /// Where the window was, and how large.
    #[serde(deserialize_with = "or_default")]
    pub window: Option<WindowPlace>,
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
    #[serde(deserialize_with = "PoolingSetup::from_file")]
    pub pooling: PoolingSetup,
    /// How the Convolution view is set.
    #[serde(deserialize_with = "or_default")]
    pub convolution: KeptLab,
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
            zoom: 1.0,
            window: None,
            brush: Brush::default(),
            is_normalised: true,
            map_scale: MapScale::default(),
            map_values: MapValues::default(),
            shows_inspector: false,
            network: NetworkChoice::Shipped,
            training: None,
            next_sample: 0,
            pooling: PoolingSetup::default(),
            convolution: KeptLab::default(),
            saliency: SaliencyChoice::default(),
            patch_images: 2_000,
        }
    }
}
