//! Finds the training images nearest to the current image in the background.
//!
//! The activations of all training images are kept, so that the next image is answered at once.

use super::{
    latest::{Desk, Latest},
    tasks::{Threading, Wake},
};
use crate::{
    data::Split,
    nn::{Network, Serial},
    train::similar::{Features, Metric, Nearest, nearest_by_pixels},
    ui::model::similar::{MOST, SimilarImages},
};
use std::sync::{Arc, Mutex, PoisonError};

/// The most activations that are kept: 256 MiB.
const MOST_VALUES: usize = 1 << 26;

/// A question about an image.
pub struct SimilarQuestion {
    /// The network.
    pub network: Arc<Network>,
    /// The layer to compare by.
    pub layer: usize,
    /// How distances are measured.
    pub metric: Metric,
    /// The data set's name.
    pub data: String,
    /// The training images.
    pub split: Arc<Split>,
    /// The image as the network's input.
    pub input: Vec<f32>,
    /// Its pixels, of the size of the training images.
    pub pixels: Vec<u8>,
    /// The revision of the image.
    pub image_revision: u64,
}

/// What is known so far.
pub enum SimilarNews {
    /// The fraction of the training images that were read, 0 to 1.
    Progress(f32),
    /// The nearest images.
    Found(Arc<SimilarImages>),
}

/// The worker. Dropping it ends its thread.
pub type Neighbours = Latest<SimilarQuestion, SimilarNews>;

/// The activations of all training images.
struct Kept {
    network: Arc<Network>,
    layer: usize,
    split: Arc<Split>,
    values: Vec<f32>,
}

impl Kept {
    fn is_for(&self, question: &SimilarQuestion) -> bool {
        Arc::ptr_eq(&self.network, &question.network)
            && Arc::ptr_eq(&self.split, &question.split)
            && self.layer == question.layer
    }
}

/// Starts the worker.
pub fn neighbours(threading: Threading, wake: Wake) -> Neighbours {
    let kept: Mutex<Option<Kept>> = Mutex::new(None);
    Latest::new("similar images", threading, wake, move |question, desk| {
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = answer(&mut kept, &question, desk) {
            desk.tell(SimilarNews::Found(Arc::new(found)));
        }
    })
}

/// The nearest images; `None` if the question was called off.
fn answer(
    kept: &mut Option<Kept>,
    question: &SimilarQuestion,
    desk: &Desk<'_, SimilarNews>,
) -> Option<SimilarImages> {
    let SimilarQuestion { network, layer, metric, split, .. } = question;
    let query = network.output_of(*layer, &question.input)?.values().to_vec();
    let len = query.len().max(1);
    let mut nearest = Nearest::new(query, *metric, MOST);
    let known = kept.as_ref().filter(|kept| kept.is_for(question));
    if let Some(known) = known {
        for (index, values) in known.values.chunks_exact(len).enumerate() {
            nearest.add(index, split.label(index), values);
        }
    } else {
        *kept = None;
        let keeps = split.len().saturating_mul(len) <= MOST_VALUES;
        let mut all = Vec::with_capacity(if keeps { split.len() * len } else { 0 });
        let mut features = Features::new(network, *layer, 0..split.len())?;
        while features.rest() > 0 {
            if !desk.is_wanted() {
                return None;
            }
            let (images, values) = features.step(network, split, &Serial);
            let done = images.end;
            if keeps {
                all.extend_from_slice(values);
            }
            for (index, values) in images.zip(values.chunks_exact(len)) {
                nearest.add(index, split.label(index), values);
            }
            desk.tell(SimilarNews::Progress(done as f32 / split.len().max(1) as f32));
        }
        if keeps {
            let (network, split) = (network.clone(), split.clone());
            *kept = Some(Kept { network, layer: *layer, split, values: all });
        }
    }
    let by_pixels = nearest_by_pixels(split, &question.pixels, *metric, MOST);
    Some(SimilarImages {
        network: network.clone(),
        layer: *layer,
        data: question.data.clone(),
        split: split.clone(),
        image_revision: question.image_revision,
        by_layer: nearest.found().to_vec(),
        by_pixels,
    })
}
