//! Saliency maps: how much each input pixel contributes to the score of a class.
//!
//! - Gradient: K. Simonyan, A. Vedaldi, A. Zisserman, *Deep inside convolutional networks: visualising image
//!   classification models and saliency maps*, 2014.
//! - Gradient × input: A. Shrikumar, P. Greenside, A. Shcherbina, A. Kundaje, *Not just a black box: learning important
//!   features through propagating activation differences*, 2016.
//! - Grad-CAM: R. Selvaraju et al., *Grad-CAM: visual explanations from deep networks via gradient-based localization*,
//!   2017.
//! - Occlusion: M. Zeiler, R. Fergus, *Visualizing and understanding convolutional networks*, 2014.

use super::{
    receptive_field::{FieldAxis, ReceptiveField},
    what_if::WhatIf,
};
use crate::{
    nn::{LayerSpec, Network, Shape},
    text::{Say, Sentence},
};
use serde::{Deserialize, Serialize};
use std::{fmt, ops::Range};

/// A saliency method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    /// The derivative of the class logit with respect to each pixel. Signed.
    Gradient,
    /// The derivative times the difference between the pixel and the background. Signed.
    GradientTimesInput,
    /// The maps of a layer, weighted by their mean gradients, with negative sums set to 0. Not signed.
    GradCam {
        /// The layer; see [`layers_with_maps`].
        layer: usize,
    },
    /// The drop of the class probability when a patch is covered with background, averaged over all patches that cover
    /// a pixel. Signed.
    Occlusion {
        /// Side of the square patch, in pixels.
        patch: usize,
        /// Distance between neighbouring patches, in pixels; at most `patch`, so that every pixel is covered.
        stride: usize,
    },
}

impl Method {
    /// Whether the values can be negative.
    pub fn is_signed(self) -> bool {
        !matches!(self, Self::GradCam { .. })
    }
}

/// Why a saliency map cannot be computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaliencyError {
    /// The network has no such class.
    Class {
        /// The requested class.
        class: usize,
        /// The last class of the network.
        last: usize,
    },
    /// The input is a vector of this length.
    NoPixels(usize),
    /// Grad-CAM needs a layer whose output is a map with more than one cell.
    NoMaps(usize),
    /// The patch does not fit the input.
    Patch {
        /// The requested side.
        patch: usize,
        /// The largest side that fits.
        most: usize,
    },
    /// The stride is 0 or larger than the patch.
    Stride {
        /// The requested stride.
        stride: usize,
        /// The side of the patch.
        patch: usize,
    },
}

impl Say for SaliencyError {
    fn say(&self) -> Sentence {
        match self {
            Self::Class { class, last } => {
                Sentence::new("there is no class {class}: the network has classes 0 to {last}")
                    .with("class", class)
                    .with("last", last)
            }
            Self::NoPixels(features) => {
                Sentence::new("the input is a vector of {features} values, which has no pixels to show")
                    .with("features", features)
            }
            Self::NoMaps(layer) => {
                Sentence::new("Grad-CAM needs maps with several rows or columns, which layer {layer} does not output")
                    .with("layer", layer)
            }
            Self::Patch { patch, most } => Sentence::new(
                "the patch is {patch}×{patch}, but must be from 1×1 to {most}×{most}, the shorter side of the input",
            )
            .with("patch", patch)
            .with("most", most),
            Self::Stride { stride, patch } => Sentence::new(
                "the stride is {stride}, but must be from 1 to {patch}, the side of the patch: otherwise pixels are left out",
            )
            .with("stride", stride)
            .with("patch", patch),
        }
    }
}

impl fmt::Display for SaliencyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say().fmt(f)
    }
}

impl std::error::Error for SaliencyError {}

/// A saliency map for one input and one class.
#[derive(Clone, Debug, PartialEq)]
pub struct Saliency {
    /// The method.
    pub method: Method,
    /// The class.
    pub class: usize,
    /// Height of the input.
    pub height: usize,
    /// Width of the input.
    pub width: usize,
    /// One value for each pixel: (height, width), row-major.
    pub values: Vec<f32>,
    /// The logit of the class for the unchanged input.
    pub logit: f32,
    /// The probability of the class for the unchanged input, 0 to 1.
    pub probability: f32,
}

impl Saliency {
    /// Computes the saliency map of `class` for one input `x` (C, H, W). `network` must come from [`WhatIf::network`]
    /// of `off`.
    ///
    /// If the input has several channels, the gradient of a pixel is the one with the largest absolute value, and
    /// gradient × input is summed over the channels. Returns `Ok(None)` when `goes_on` returns false.
    pub fn of(
        network: &Network,
        off: &WhatIf,
        x: &[f32],
        class: usize,
        method: Method,
        goes_on: &dyn Fn() -> bool,
    ) -> Result<Option<Self>, SaliencyError> {
        check(network, class, method)?;
        let (channels, height, width) = network.input().as_maps();
        let trace = off.trace(network, x);
        let gradients = || {
            let mut weights = vec![0.0; network.classes()];
            weights[class] = 1.0;
            // A trace of the same network always has gradients.
            off.gradients(network, &trace, &weights).ok_or(SaliencyError::NoPixels(x.len()))
        };
        let probability = trace.first_probabilities()[class];
        let of_channels = |values: &[f32], pixel: usize| {
            values.iter().skip(pixel).step_by(height * width).copied().take(channels).collect::<Vec<_>>()
        };
        let pixels = 0..height * width;
        let values = match method {
            Method::Gradient => {
                let gradient = gradients()?.input;
                let strongest = |pixel| {
                    let of_pixel = of_channels(gradient.values(), pixel);
                    of_pixel.into_iter().max_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap_or(0.0)
                };
                pixels.map(strongest).collect()
            }
            Method::GradientTimesInput => {
                let gradient = gradients()?.input;
                let background = background(network);
                let products: Vec<f32> =
                    gradient.values().iter().zip(x).map(|(g, x)| g * (x - background)).collect();
                pixels.map(|pixel| of_channels(&products, pixel).into_iter().sum()).collect()
            }
            Method::GradCam { layer } => {
                let gradients = gradients()?;
                let cells = grad_cam(
                    network.layers()[layer].output(),
                    trace.activation(layer),
                    gradients.activation(layer),
                );
                let fields = ReceptiveField::of_layers(network.spec()).unwrap_or_default();
                let field = fields.get(layer).copied().ok_or(SaliencyError::NoMaps(layer))?;
                spread(&cells, network.layers()[layer].output(), field)
            }
            Method::Occlusion { patch, stride } => {
                let Some(drops) = occlude(network, off, x, class, (patch, stride), probability, goes_on)
                else {
                    return Ok(None);
                };
                drops
            }
        };
        let logit = trace.activations.last().map_or(0.0, |logits| logits.values()[class]);
        Ok(Some(Self { method, class, height, width, values, logit, probability }))
    }

    /// The largest absolute value: the end of a symmetric colour scale.
    pub fn limit(&self) -> f32 {
        self.values.iter().fold(0.0, |limit, v| limit.max(v.abs()))
    }

    /// The sum of all values.
    pub fn sum(&self) -> f32 {
        self.values.iter().sum()
    }
}

/// Checks whether a saliency map can be computed.
pub fn check(network: &Network, class: usize, method: Method) -> Result<(), SaliencyError> {
    let Shape::Maps { height, width, .. } = network.input() else {
        return Err(SaliencyError::NoPixels(network.input().len()));
    };
    if class >= network.classes() {
        return Err(SaliencyError::Class { class, last: network.classes().saturating_sub(1) });
    }
    match method {
        Method::Gradient | Method::GradientTimesInput => Ok(()),
        Method::GradCam { layer } => {
            let is_fit = network.layers().get(layer).is_some_and(|layer| has_maps(layer.output()));
            if is_fit { Ok(()) } else { Err(SaliencyError::NoMaps(layer)) }
        }
        Method::Occlusion { patch, stride } => {
            let most = height.min(width);
            if patch == 0 || patch > most {
                return Err(SaliencyError::Patch { patch, most });
            }
            if stride == 0 || stride > patch {
                return Err(SaliencyError::Stride { stride, patch });
            }
            Ok(())
        }
    }
}

/// The layers whose output is maps of more than one cell, to which Grad-CAM applies.
pub fn layers_with_maps(network: &Network) -> Vec<usize> {
    let layers = network.layers().iter().enumerate();
    layers.filter(|(_, layer)| has_maps(layer.output())).map(|(number, _)| number).collect()
}

/// The default layer for Grad-CAM: the last convolution, with the normalisation and activation after it.
pub fn default_layer(network: &Network) -> Option<usize> {
    let (specs, layers) = (&network.spec().layers, network.layers());
    let is_conv = |spec: &LayerSpec| matches!(spec, LayerSpec::Conv2d(_) | LayerSpec::ConvTranspose2d(_));
    let mut last = (0..specs.len()).rev().find(|&i| is_conv(&specs[i]) && has_maps(layers[i].output()))?;
    let is_norm = |spec: &LayerSpec| {
        matches!(spec, LayerSpec::BatchNorm2d(_) | LayerSpec::LayerNorm(_) | LayerSpec::GroupNorm(_))
    };
    let is_elementwise = |spec: &LayerSpec| is_norm(spec) || spec.formula().is_some();
    while specs.get(last + 1).is_some_and(is_elementwise) {
        last += 1;
    }
    Some(last)
}

fn has_maps(shape: Shape) -> bool {
    matches!(shape, Shape::Maps { height, width, .. } if height * width > 1)
}

/// The value of a background pixel after preprocessing.
pub fn background(network: &Network) -> f32 {
    let preprocess = network.spec().preprocess;
    -preprocess.mean / preprocess.std
}

/// Grad-CAM: `ReLU(Σ_k α_k A_k)`, where `α_k` is the mean gradient of map `A_k` (Selvaraju et al., equations 1 and 2).
/// `activations` and `gradients` have the shape `shape` (C, H, W); the result is (H, W).
pub fn grad_cam(shape: Shape, activations: &[f32], gradients: &[f32]) -> Vec<f32> {
    let (_, height, width) = shape.as_maps();
    let cells = height * width;
    let mut sums = vec![0.0; cells];
    for (map, gradients) in activations.chunks_exact(cells).zip(gradients.chunks_exact(cells)) {
        let weight = gradients.iter().sum::<f32>() / cells as f32;
        sums.iter_mut().zip(map).for_each(|(sum, value)| *sum += weight * value);
    }
    for sum in &mut sums {
        *sum = sum.max(0.0);
    }
    sums
}

/// Resamples a map to the size of the input, bilinearly. Each cell is placed at the centre of its receptive field, so
/// that the result is aligned with the input even if the layers are not padded. With padding that keeps the size, this
/// equals the plain upsampling of the paper.
fn spread(cells: &[f32], shape: Shape, field: ReceptiveField) -> Vec<f32> {
    let (_, height, width) = shape.as_maps();
    let (rows, columns) = (places(field.rows, height), places(field.columns, width));
    let at = |y: usize, x: usize| cells[y * width + x];
    let mut values = Vec::with_capacity(rows.len() * columns.len());
    for &(above, below, down) in &rows {
        for &(left, right, across) in &columns {
            let upper = at(above, left) * (1.0 - across) + at(above, right) * across;
            let lower = at(below, left) * (1.0 - across) + at(below, right) * across;
            values.push(upper * (1.0 - down) + lower * down);
        }
    }
    values
}

/// For each pixel along one axis of the input: the two cells around it, and the fraction of the way from the first to
/// the second.
fn places(side: FieldAxis, cells: usize) -> Vec<(usize, usize, f32)> {
    let last = cells - 1;
    let place = |pixel: usize| {
        let first_centre = side.start + side.extent / 2.0;
        let at = if side.step > 0.0 { (pixel as f64 - first_centre) / side.step } else { 0.0 };
        let at = at.clamp(0.0, last as f64);
        let before = (at.floor() as usize).min(last);
        (before, (before + 1).min(last), (at - before as f64) as f32)
    };
    (0..side.input).map(place).collect()
}

/// The largest number of activation values in one batch of occluded images.
const BATCH_VALUES: usize = 1 << 21;

/// The mean drop of the class probability over all patches that cover each pixel; `None` when `goes_on` returns false.
fn occlude(
    network: &Network,
    off: &WhatIf,
    x: &[f32],
    class: usize,
    (patch, stride): (usize, usize),
    probability: f32,
    goes_on: &dyn Fn() -> bool,
) -> Option<Vec<f32>> {
    let (_, height, width) = network.input().as_maps();
    let background = background(network);
    let rows = positions(height, patch, stride);
    let columns = positions(width, patch, stride);
    let all: Vec<_> =
        rows.iter().flat_map(|rows| columns.iter().map(|columns| (rows.clone(), columns.clone()))).collect();
    let values = network.input().len() + network.layers().iter().map(|l| l.output().len()).sum::<usize>();
    let together = (BATCH_VALUES / values).clamp(1, 64);
    let (mut sums, mut counts) = (vec![0.0_f64; height * width], vec![0_u32; height * width]);
    for patches in all.chunks(together) {
        if !goes_on() {
            return None;
        }
        let mut covered = x.repeat(patches.len());
        for (image, (rows, columns)) in covered.chunks_exact_mut(x.len()).zip(patches) {
            for row in image
                .chunks_exact_mut(width * height)
                .flat_map(|map| map.chunks_exact_mut(width).skip(rows.start).take(rows.len()))
            {
                row[columns.clone()].fill(background);
            }
        }
        let trace = off.trace(network, &covered);
        let classes = trace.probabilities.values().chunks_exact(network.classes());
        for (p, (rows, columns)) in classes.zip(patches) {
            let fall = f64::from(probability) - f64::from(p[class]);
            for y in rows.clone() {
                for x in columns.clone() {
                    sums[y * width + x] += fall;
                    counts[y * width + x] += 1;
                }
            }
        }
    }
    let means = sums.iter().zip(&counts).map(|(sum, &count)| (sum / f64::from(count.max(1))) as f32);
    Some(means.collect())
}

/// The pixel ranges of the patches along one axis: every `stride` pixels, and one that ends at the last pixel.
pub fn positions(side: usize, patch: usize, stride: usize) -> Vec<Range<usize>> {
    let last = side - patch;
    let mut firsts: Vec<usize> = (0..=last).step_by(stride).collect();
    if firsts.last() != Some(&last) {
        firsts.push(last);
    }
    firsts.into_iter().map(|first| first..first + patch).collect()
}
