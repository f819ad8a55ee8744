//! Computes what the network said to some images at every kept moment, in the background.

use super::{
    tasks::{Threading, Wake},
    throttled::Throttled,
};
use crate::{
    nn::Network,
    train::Moment,
    ui::model::learning::{LearningCurve, LearningCurves},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// After so many moments, what is known so far is told.
const TOLD_EVERY: usize = 16;

/// An image whose answers are wanted.
#[derive(Clone, Debug)]
pub struct FollowedImage {
    /// The number of the pinned image; `None` is the current image.
    pub pinned: Option<u64>,
    /// The revision of the current image, or of the pinned one when it was pinned.
    pub image_revision: u64,
    /// The input of the network, (C, H, W).
    pub input: Vec<f32>,
}

/// The question: images, and the moments of a run.
pub struct LearningQuestion {
    /// The number of the run.
    pub run: u64,
    /// Its moments.
    pub moments: Vec<Arc<Moment>>,
    /// Its network at any step.
    pub like: Arc<Network>,
    /// The images.
    pub images: Vec<FollowedImage>,
}

/// The images of a question: pinned numbers and revisions.
pub type FollowedImages = Vec<(Option<u64>, u64)>;

/// The answers known from earlier questions, by the moment's address: a moment never changes.
#[derive(Default)]
struct Known {
    run: u64,
    answers: HashMap<(Option<u64>, u64, u64), Vec<f32>>,
}

/// The worker and its questions.
pub struct Learning {
    /// The worker, under a choice of images, about the moments of a run: its number and the timeline's revision.
    pub worker: Throttled<FollowedImages, (u64, u64), LearningQuestion, (LearningCurves, Duration)>,
}

impl Learning {
    /// Starts the worker.
    pub fn new(threading: Threading, wake: Wake) -> Self {
        let known = Mutex::new(Known::default());
        let worker = Throttled::new("learning", threading, wake, move |question: LearningQuestion, desk| {
            let begun = Instant::now();
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            let LearningQuestion { run, moments, like, images } = question;
            if known.run != run {
                *known = Known { run, answers: HashMap::new() };
            }
            let key = |image: &FollowedImage, step| (image.pinned, image.image_revision, step);
            let is_wanted = |(pinned, revision, step): &(Option<u64>, u64, u64)| {
                moments.binary_search_by_key(step, |moment| moment.step).is_ok()
                    && images.iter().any(|i| (i.pinned, i.image_revision) == (*pinned, *revision))
            };
            known.answers.retain(|key, _| is_wanted(key));
            let mut fresh = 0;
            for moment in &moments {
                let is_known = |image: &FollowedImage| known.answers.contains_key(&key(image, moment.step));
                if images.iter().all(is_known) {
                    continue;
                }
                if !desk.is_wanted() {
                    return;
                }
                let network = moment.network(&like);
                for image in &images {
                    let probabilities = network.trace(&image.input).first_probabilities().to_vec();
                    known.answers.insert(key(image, moment.step), probabilities);
                }
                fresh += 1;
                if fresh % TOLD_EVERY == 0 {
                    desk.tell((curves(run, &moments, &images, &known), begun.elapsed()));
                }
            }
            desk.tell((curves(run, &moments, &images, &known), begun.elapsed()));
        });
        Self { worker }
    }
}

fn curves(run: u64, moments: &[Arc<Moment>], images: &[FollowedImage], known: &Known) -> LearningCurves {
    let points = |image: &FollowedImage| {
        let at = |step| known.answers.get(&(image.pinned, image.image_revision, step)).cloned();
        moments.iter().filter_map(|moment| Some((moment.step, at(moment.step)?))).collect()
    };
    let curve = |image: &FollowedImage| LearningCurve {
        pinned: image.pinned,
        image_revision: image.image_revision,
        points: points(image),
    };
    LearningCurves { run, curves: images.iter().map(curve).collect() }
}
