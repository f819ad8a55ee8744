//! Passes a photograph through the filters of a network's first layer, in the background.

use super::{
    latest::Latest,
    tasks::{Threading, Wake},
};
use crate::{
    nn::{LayerSpec, Network, NetworkSpec, Pair, Preprocess, Shape},
    ui::model::{convolution::photo::Photo, filters::PhotoMaps},
};
use std::sync::Arc;

/// A photograph and a network.
pub struct PhotoQuestion {
    /// The network, which begins with a convolution.
    pub network: Arc<Network>,
    /// The photograph.
    pub photo: Arc<Photo>,
}

/// The worker. Dropping it ends its thread.
pub type PhotoPasses = Latest<PhotoQuestion, PhotoMaps>;

/// Starts the worker.
pub fn photo_passes(threading: Threading, wake: Wake) -> PhotoPasses {
    Latest::new("photograph", threading, wake, |PhotoQuestion { network, photo }, desk| {
        if let Some(maps) = pass(network, photo) {
            desk.tell(maps);
        }
    })
}

/// The first layer as a network of its own, over the whole photograph. A layer with one input map reads the photograph in
/// grey, one with three in colour; the padding is such that the map has the photograph's size where the layer's stride is 1.
fn pass(network: Arc<Network>, photo: Arc<Photo>) -> Option<PhotoMaps> {
    let LayerSpec::Conv2d(mut first) = network.spec().layers.first()?.clone() else { return None };
    let (channels, ..) = network.input().as_maps();
    let (_, height, width) = photo.size;
    let extent = |kernel: usize, dilation: usize| dilation * (kernel - 1) / 2;
    let side = |of: fn(Pair) -> usize| extent(of(first.kernel_size), of(first.dilation));
    first.padding = Pair { h: side(|pair| pair.h), w: side(|pair| pair.w) }.into();
    let spec = NetworkSpec {
        name: "first layer".to_owned(),
        input: Shape::maps(channels, height, width),
        preprocess: Preprocess::default(),
        layers: vec![LayerSpec::Conv2d(first)],
        class_names: crate::text::ClassNames::default(),
    };
    let mut alone = Network::zeros(spec).ok()?;
    alone.parameters_mut().first_mut()?.clone_from(network.parameters().first()?);
    let input = channels_of(&photo, channels);
    let size = alone.layers().first()?.output().as_maps();
    let trace = Arc::new(alone.trace(&input));
    Some(PhotoMaps { network, photo, trace, size })
}

/// The photograph with so many channels: in grey, the mean of its colours.
fn channels_of(photo: &Photo, channels: usize) -> Vec<f32> {
    let (has, height, width) = photo.size;
    let cells = height * width;
    if channels == has {
        return photo.values.clone();
    }
    let grey = |i: usize| {
        let sum: f32 = (0..has).filter_map(|c| photo.values.get(c * cells + i)).sum();
        sum / has.max(1) as f32
    };
    let grey: Vec<f32> = (0..cells).map(grey).collect();
    grey.repeat(channels)
}
