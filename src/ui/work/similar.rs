//! Finds the training images nearest to the current image in the background.
//!
//! The activations of all training images are kept for the networks and layers that were asked about last, so that the next
//! image needs no pass of a training image through the network. They are read ahead while nothing else is done in the
//! view, so that the first question has its answer in a moment, too.

use super::{
    latest::{Desk, Latest},
    tasks::{Threading, Wake},
};
use crate::{
    data::Split,
    nn::{Executor, Network, Serial},
    train::{
        Pool,
        similar::{Activations, Features, Metric, Nearest, Neighbour, nearest_by_pixels},
    },
    ui::model::similar::{MOST, SimilarImages},
};
use std::sync::{Arc, Mutex, PoisonError};

/// The most activations that are kept, of all networks and layers together: 256 MiB.
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
    /// Only reads the training images, for a question that may follow. Not with [`Threading::Inline`], where it would hold
    /// up the caller.
    pub reads_ahead: bool,
}

/// What is known so far.
pub enum SimilarNews {
    /// The fraction of the training images that were read, 0 to 1.
    Progress(f32),
    /// The nearest images.
    Found(Arc<SimilarImages>),
    /// The training images are read ahead, as far as their activations can be kept.
    ReadAhead,
}

/// The worker. Dropping it ends its thread.
pub type Neighbours = Latest<SimilarQuestion, SimilarNews>;

/// The activations of all training images for one network and layer.
struct Kept {
    network: Arc<Network>,
    layer: usize,
    split: Arc<Split>,
    len: usize,
    activations: Activations,
}

impl Kept {
    fn is_for(&self, question: &SimilarQuestion) -> bool {
        self.layer == question.layer
            && Arc::ptr_eq(&self.split, &question.split)
            && is_same(&self.network, &question.network)
    }

    fn values(&self) -> usize {
        self.len * self.activations.images()
    }
}

/// Whether both compute the same: a moment of a run that is gone back to again is unpacked anew.
fn is_same(a: &Arc<Network>, b: &Arc<Network>) -> bool {
    let are_equal = || a.spec() == b.spec() && a.parameters() == b.parameters() && a.buffers() == b.buffers();
    Arc::ptr_eq(a, b) || are_equal()
}

/// Starts the worker.
pub fn neighbours(threading: Threading, wake: Wake) -> Neighbours {
    // The newest first.
    let kept: Mutex<Vec<Kept>> = Mutex::new(Vec::new());
    Latest::new("similar images", threading, wake, move |question: SimilarQuestion, desk| {
        if question.reads_ahead && threading == Threading::Inline {
            return;
        }
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        let pool = match threading {
            Threading::Threads => Pool::new(Pool::default_threads()).ok(),
            Threading::Inline => None,
        };
        let executor: &dyn Executor = pool.as_ref().map_or(&Serial, |pool| pool);
        if question.reads_ahead {
            read_ahead(&mut kept, &question, executor, desk);
            desk.tell(SimilarNews::ReadAhead);
        } else if let Some(found) = answer(&mut kept, &question, executor, desk) {
            desk.tell(SimilarNews::Found(Arc::new(found)));
        }
    })
}

/// The nearest images; `None` if the question was called off.
fn answer(
    kept: &mut Vec<Kept>,
    question: &SimilarQuestion,
    executor: &dyn Executor,
    desk: &Desk<'_, SimilarNews>,
) -> Option<SimilarImages> {
    let SimilarQuestion { network, layer, metric, split, .. } = question;
    let query = network.output_of(*layer, &question.input)?.values().to_vec();
    let known = kept.iter().position(|kept| kept.is_for(question));
    let images_read = if known.is_some() { 0 } else { split.len() };
    let by_layer = if let Some(place) = known {
        // Asked about last, forgotten last.
        kept[..=place].rotate_right(1);
        kept[0].activations.nearest(&query, (*metric, MOST), &|index| split.label(index), executor)
    } else {
        read(kept, question, query, executor, desk)?
    };
    let by_pixels = nearest_by_pixels(split, &question.pixels, (*metric, MOST), executor);
    Some(SimilarImages {
        network: network.clone(),
        layer: *layer,
        data: question.data.clone(),
        split: split.clone(),
        image_revision: question.image_revision,
        by_layer,
        by_pixels,
        images_read,
    })
}

/// Reads the training images if their activations are not known and can be kept.
fn read_ahead(
    kept: &mut Vec<Kept>,
    question: &SimilarQuestion,
    executor: &dyn Executor,
    desk: &Desk<'_, SimilarNews>,
) {
    let Some(layer) = question.network.layers().get(question.layer) else { return };
    let len = layer.output().len();
    let can_keep = question.split.len().saturating_mul(len) <= MOST_VALUES;
    if can_keep && !kept.iter().any(|kept| kept.is_for(question)) {
        read(kept, question, vec![0.0; len], executor, desk);
    }
}

/// Runs all training images through the network up to the layer, and keeps the activations if they fit.
fn read(
    kept: &mut Vec<Kept>,
    question: &SimilarQuestion,
    query: Vec<f32>,
    executor: &dyn Executor,
    desk: &Desk<'_, SimilarNews>,
) -> Option<Vec<Neighbour>> {
    let SimilarQuestion { network, layer, metric, split, .. } = question;
    let len = query.len().max(1);
    let all = split.len().saturating_mul(len);
    let keeps = all <= MOST_VALUES;
    // Room for them first.
    let mut others: usize = kept.iter().map(Kept::values).sum();
    while keeps && others + all > MOST_VALUES {
        let Some(oldest) = kept.pop() else { break };
        others -= oldest.values();
    }
    let mut nearest = Nearest::new(query, *metric, MOST);
    let mut activations = Activations::new(len);
    let mut features = Features::new(network, *layer, 0..split.len())?;
    while features.rest() > 0 {
        if !desk.is_wanted() {
            return None;
        }
        let (images, values) = features.step(network, split, executor);
        let done = images.end;
        if keeps {
            activations.extend(values);
        }
        for (index, values) in images.zip(values.chunks_exact(len)) {
            nearest.add(index, split.label(index), values);
        }
        desk.tell(SimilarNews::Progress(done as f32 / split.len().max(1) as f32));
    }
    if keeps {
        let (network, split) = (network.clone(), split.clone());
        kept.insert(0, Kept { network, layer: *layer, split, len, activations });
    }
    Some(nearest.found().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        data::mnist,
        nn::{Init, presets},
        train::{
            evaluate::input_transform,
            similar::{last_hidden, nearest_by_layer},
        },
    };

    #[test]
    fn the_first_question_after_reading_ahead_makes_no_pass() {
        let set = mnist::load().unwrap();
        let split = Arc::new(set.train.take(0..300));
        let network =
            Arc::new(Network::new(presets::by_name("mlp-5").unwrap().spec, Init::Xavier, 1).unwrap());
        let (told, news) = std::sync::mpsc::channel();
        let worker = neighbours(Threading::Threads, Arc::new(move || told.send(()).unwrap()));
        let (layer, pixels) = (last_hidden(&network).unwrap(), set.test.image(0).to_vec());
        let mut input = vec![0.0; network.input().len()];
        input_transform(&network).apply(&pixels, 28, 28, &mut input);
        let ask = |reads_ahead| {
            worker.ask(SimilarQuestion {
                network: network.clone(),
                layer,
                metric: Metric::Cosine,
                data: "MNIST".into(),
                split: split.clone(),
                input: input.clone(),
                pixels: pixels.clone(),
                image_revision: 1,
                reads_ahead,
            });
            loop {
                news.recv().unwrap();
                match worker.take() {
                    Some(SimilarNews::Progress(_)) | None => {}
                    Some(SimilarNews::ReadAhead) => break None,
                    Some(SimilarNews::Found(found)) => break Some(found.images_read),
                }
            }
        };
        assert_eq!(ask(true), None);
        assert_eq!(ask(false), Some(0));
    }

    #[test]
    fn only_the_first_question_about_a_network_makes_passes_through_it() {
        let set = mnist::load().unwrap();
        let split = Arc::new(set.train.take(0..300));
        let network = |seed| {
            Arc::new(Network::new(presets::by_name("mlp-5").unwrap().spec, Init::Xavier, seed).unwrap())
        };
        let worker = neighbours(Threading::Inline, Arc::new(|| ()));
        let ask = |network: &Arc<Network>, image: usize, metric: Metric| {
            let (layer, pixels) = (last_hidden(network).unwrap(), set.test.image(image));
            let mut input = vec![0.0; network.input().len()];
            input_transform(network).apply(pixels, 28, 28, &mut input);
            worker.ask(SimilarQuestion {
                network: network.clone(),
                layer,
                metric,
                data: "MNIST".into(),
                split: split.clone(),
                input: input.clone(),
                pixels: pixels.to_vec(),
                image_revision: 1,
                reads_ahead: false,
            });
            let Some(SimilarNews::Found(found)) = worker.take() else { panic!("an answer") };
            let images = ("MNIST", split.as_ref());
            let plain =
                nearest_by_layer(network, images, (layer, &input), (metric, MOST), &Serial, |_| {}).unwrap();
            assert_eq!(found.by_layer, plain, "{image}");
            let plain = nearest_by_pixels(&split, pixels, (metric, MOST), &Serial);
            assert_eq!(found.by_pixels, plain, "{image}");
            found.images_read
        };
        let (first, other) = (network(1), network(2));
        assert_eq!(ask(&first, 0, Metric::Cosine), 300);
        assert_eq!(ask(&first, 1, Metric::Cosine), 0, "another image");
        assert_eq!(ask(&first, 2, Metric::Euclidean), 0, "another metric");
        assert_eq!(ask(&other, 0, Metric::Cosine), 300, "other weights");
        // Back again, also as a copy.
        assert_eq!(ask(&first, 3, Metric::Cosine), 0);
        assert_eq!(ask(&Arc::new((*other).clone()), 3, Metric::Cosine), 0);
    }
}
