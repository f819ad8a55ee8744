//! The choices that are kept between two runs of the program.

use super::{
    convolution::KeptLab,
    display::{MapBrightness, MapColors, MapScale, MapValues, ThemeChoice},
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
    /// What one draws with.
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
    /// How many test images are searched for the patches with the largest values.
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
            map_limit: 4.0,
            map_brightness: MapBrightness::default(),
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
