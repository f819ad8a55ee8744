//! Saliency maps: the method and the result.

use crate::{
    explain::{
        Saliency,
        saliency::{Method, SaliencyError, background, default_layer},
    },
    nn::{Network, Trace},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A saliency map, or why there is none.
#[derive(Clone, Debug)]
pub struct SaliencyAnswer {
    /// The network's input, (C, H, W), as the first image of a trace.
    pub trace: Arc<Trace>,
    /// The network, with maps and kernels disabled.
    pub network: Arc<Network>,
    /// One value per pixel, or why there are none.
    pub result: Result<Saliency, SaliencyError>,
    /// The number of the answer.
    pub number: u64,
}

impl SaliencyAnswer {
    /// The input as ink, row by row: 0 is the background, 1 full ink. Of several channels, the first.
    pub fn ink(&self) -> Vec<f32> {
        let (_, height, width) = self.network.input().as_maps();
        let (std, ground) = (self.network.spec().preprocess.std, background(&self.network));
        let map = self.trace.input.values().iter().take(height * width);
        map.map(|x| ((x - ground) * std).clamp(0.0, 1.0)).collect()
    }
}

impl SaliencyChoice {
    /// The core's method; `None` if the network has no maps for Grad-CAM.
    pub fn method(&self, network: &Network) -> Option<Method> {
        Some(match self.kind {
            SaliencyKind::Gradient => Method::Gradient,
            SaliencyKind::GradientTimesInput => Method::GradientTimesInput,
            SaliencyKind::GradCam => {
                Method::GradCam { layer: self.layer.or_else(|| default_layer(network))? }
            }
            SaliencyKind::Occlusion => Method::Occlusion { patch: self.patch, stride: self.stride },
        })
    }
}

/// The method; see [`crate::explain::saliency::Method`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SaliencyKind {
    /// The gradient of the logit with respect to the input.
    Gradient,
    /// The gradient times the input.
    #[default]
    GradientTimesInput,
    /// Grad-CAM of a layer.
    GradCam,
    /// The decrease of the probability when a patch is covered.
    Occlusion,
}

/// The method with its settings, and how the result is shown.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SaliencyChoice {
    /// The method.
    pub kind: SaliencyKind,
    /// The class; `None` is the most likely one.
    pub class: Option<usize>,
    /// The layer of Grad-CAM; `None` is the last convolution.
    pub layer: Option<usize>,
    /// The side of the patch of occlusion, in pixels.
    pub patch: usize,
    /// Its stride, in pixels.
    pub stride: usize,
    /// The opacity of the colours over the input, 0 to 1.
    pub opacity: f32,
}

impl Default for SaliencyChoice {
    fn default() -> Self {
        let kind = SaliencyKind::default();
        Self { kind, class: None, layer: None, patch: 5, stride: 2, opacity: 0.7 }
    }
}
