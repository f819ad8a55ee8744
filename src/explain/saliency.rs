//! What convinced a network: for each pixel of the input, what it had to do with one class.
//!
//! - The gradient of the class's logit by the input: K. Simonyan, A. Vedaldi, A. Zisserman, *Deep inside convolutional
//!   networks*, 2014.
//! - Gradient × input: A. Shrikumar, P. Greenside, A. Shcherbina, A. Kundaje, *Not just a black box*, 2016.
//! - Grad-CAM: R. Selvaraju et al., *Grad-CAM: visual explanations from deep networks via gradient-based localization*, 2017.
//! - Occlusion: M. Zeiler, R. Fergus, *Visualizing and understanding convolutional networks*, 2014.

use super::{receptive_field::ReceptiveField, receptive_field::Side, what_if::WhatIf};
use crate::nn::{LayerSpec, Network, Shape};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use thiserror::Error;

/// How it is asked what convinced the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    /// How much the logit changes as a pixel does: d logit / d x. Signed.
    Gradient,
    /// The gradient times the pixel, above the background: what is there, times how much it counts. Signed.
    GradientTimesInput,
    /// The maps of a layer, weighted by their mean gradients; what is below 0 is 0.
    GradCam {
        /// The layer; see [`layers_of_maps`].
        layer: usize,
    },
    /// By how much the probability falls when a patch is covered with background, over all patches that cover a pixel.
    /// Signed.
    Occlusion {
        /// The side of the patch, in pixels of the input.
        patch: usize,
        /// By how many pixels it moves, at most `patch`, so that no pixel is left out.
        stride: usize,
    },
}

impl Method {
    /// Whether its values are of both signs.
    pub fn is_signed(self) -> bool {
        !matches!(self, Self::GradCam { .. })
    }
}

/// Why there is no such explanation.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SaliencyError {
    /// The network has no such class.
    #[error("class {class} is not there: the network has classes 0 to {last}")]
    Class {
        /// The class asked for.
        class: usize,
        /// The last one that there is.
        last: usize,
    },
    /// The input is a vector.
    #[error("the input is a vector of {0}, and has no pixels to show")]
    NoPixels(usize),
    /// Grad-CAM was asked of a layer that has no maps.
    #[error("layer {0} has no maps for Grad-CAM: it needs an output of several rows or columns")]
    NoMaps(usize),
    /// The patch does not fit the input.
    #[error("the patch is {patch}×{patch}, but must be from 1×1 to {most}×{most}, the input's shorter side")]
    Patch {
        /// The side asked for.
        patch: usize,
        /// The largest that fits.
        most: usize,
    },
    /// The stride leaves pixels out, or goes nowhere.
    #[error(
        "the stride is {stride}, but must be from 1 to {patch}, the patch's side: else pixels are left out"
    )]
    Stride {
        /// The stride asked for.
        stride: usize,
        /// The patch's side.
        patch: usize,
    },
}

/// For every pixel of one input, what it had to do with one class.
#[derive(Clone, Debug, PartialEq)]
pub struct Saliency {
    /// How it was asked.
    pub method: Method,
    /// The class.
    pub class: usize,
    /// Rows of the input.
    pub height: usize,
    /// Columns of the input.
    pub width: usize,
    /// A value a pixel, row by row.
    pub values: Vec<f32>,
    /// The class's logit for the whole input.
    pub logit: f32,
    /// The class's probability for the whole input, 0…1.
    pub probability: f32,
}

impl Saliency {
    /// Asks about `class` for one input (C, H, W). `network` is [`WhatIf::network`] of what is `off`.
    ///
    /// Where an input has several channels, the gradient shown is the strongest of a pixel's channels, and gradient ×
    /// input is their sum. `Ok(None)` if `goes_on` said in between that nobody waits for it any more.
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
            // Of the network's own trace there always are gradients.
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

    /// The largest absolute value: the end of a colour scale.
    pub fn limit(&self) -> f32 {
        self.values.iter().fold(0.0, |limit, v| limit.max(v.abs()))
    }

    /// The sum of all values.
    pub fn sum(&self) -> f32 {
        self.values.iter().sum()
    }
}

/// Says what is wrong with a question, in one sentence.
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

/// The layers whose output is maps of more than one cell: those that Grad-CAM can be asked of.
pub fn layers_of_maps(network: &Network) -> Vec<usize> {
    let layers = network.layers().iter().enumerate();
    layers.filter(|(_, layer)| has_maps(layer.output())).map(|(number, _)| number).collect()
}

/// The layer of which Grad-CAM is usually asked: the last convolution, with the activation after it.
pub fn usual_layer(network: &Network) -> Option<usize> {
    let (specs, layers) = (&network.spec().layers, network.layers());
    let is_conv = |spec: &LayerSpec| matches!(spec, LayerSpec::Conv2d(_) | LayerSpec::ConvTranspose2d(_));
    let mut last = (0..specs.len()).rev().find(|&i| is_conv(&specs[i]) && has_maps(layers[i].output()))?;
    let is_elementwise =
        |spec: &LayerSpec| matches!(spec, LayerSpec::BatchNorm2d(_)) || spec.formula().is_some();
    while specs.get(last + 1).is_some_and(is_elementwise) {
        last += 1;
    }
    Some(last)
}

fn has_maps(shape: Shape) -> bool {
    matches!(shape, Shape::Maps { height, width, .. } if height * width > 1)
}

/// What a pixel without ink is to the network.
pub fn background(network: &Network) -> f32 {
    let preprocess = network.spec().preprocess;
    -preprocess.mean / preprocess.std
}

/// `ReLU(Σ_k α_k A_k)`, `α_k` being the mean of the gradients by map k; a value a cell of the layer.
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

/// A layer's cells over the input: each stands at the centre of what it sees, and between centres values go over into
/// each other (bilinearly). Where all windows are padded to keep the size, that is the plain enlargement of the paper;
/// where they are not, the plain one would move what the cells see outwards.
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

/// For every place along one side of the input, the two cells that it is between, and how far from the first to the
/// second.
fn places(side: Side, cells: usize) -> Vec<(usize, usize, f32)> {
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

/// Values of all activations together that one batch of covered images may have.
const BATCH_VALUES: usize = 1 << 21;

/// The mean fall of the class's probability over all patches that cover a pixel; `None` if nobody waits any more.
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

/// Where a patch comes to lie along one side: from the first pixel on by the stride, and at the last pixel.
pub fn positions(side: usize, patch: usize, stride: usize) -> Vec<Range<usize>> {
    let last = side - patch;
    let mut firsts: Vec<usize> = (0..=last).step_by(stride).collect();
    if firsts.last() != Some(&last) {
        firsts.push(last);
    }
    firsts.into_iter().map(|first| first..first + patch).collect()
}
