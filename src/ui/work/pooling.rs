//! Pools a map in the background.

use super::{
    tasks::{Threading, Wake},
    throttled::Throttled,
};
use crate::{
    nn::Trace,
    ui::model::pooling::{Backward, GradientOf, PoolingRejected, PoolingSetup, Study},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// The values of a map, row-major, with (rows, columns).
pub type Map = (Vec<f32>, (usize, usize));

/// A question to the worker.
pub enum PoolingQuestion {
    /// The pooling of a map.
    Study(Box<PoolingSetup>, Map),
    /// The backward pass.
    Backward(Arc<Study>, GradientOf),
}

/// An answer of the worker.
pub enum PoolingAnswer {
    /// The pooling of a map with the duration of the computation.
    Study(Result<Box<Study>, PoolingRejected>, Duration),
    /// The backward pass.
    Backward(Backward),
}

/// Settings, equal if their results are.
#[derive(Clone)]
pub struct StudiedSetup(pub PoolingSetup);

impl PartialEq for StudiedSetup {
    fn eq(&self, other: &Self) -> bool {
        self.0.is_like(&other.0)
    }
}

/// The source of the map.
#[derive(Clone)]
pub enum PoolingSubject {
    /// The current image, by its revision.
    Image(u64),
    /// The network's trace, which is replaced by every change.
    Trace(Arc<Trace>),
    /// The typed numbers.
    Numbers,
}

impl PartialEq for PoolingSubject {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Image(a), Self::Image(b)) => a == b,
            (Self::Trace(a), Self::Trace(b)) => Arc::ptr_eq(a, b),
            (Self::Numbers, Self::Numbers) => true,
            _ => false,
        }
    }
}

/// The worker and its last questions.
pub struct Studies {
    /// The worker.
    pub worker: Throttled<StudiedSetup, PoolingSubject, PoolingQuestion, PoolingAnswer>,
    /// The last backward pass that was asked for.
    pub asked_backward: Option<(Arc<Study>, GradientOf)>,
    /// The number of studies so far.
    pub number: u64,
}

impl Studies {
    /// Starts the worker.
    pub fn new(threading: Threading, wake: Wake) -> Self {
        let worker = Throttled::new("pooling", threading, wake, |question: PoolingQuestion, desk| {
            let begun = Instant::now();
            match question {
                PoolingQuestion::Study(choice, (values, size)) => {
                    let made = Study::new(&choice, &values, size, &|| desk.is_wanted());
                    if let Some(made) = made.transpose() {
                        desk.tell(PoolingAnswer::Study(made.map(Box::new), begun.elapsed()));
                    }
                }
                PoolingQuestion::Backward(study, of) => {
                    desk.tell(PoolingAnswer::Backward(Backward::new(study, of)));
                }
            }
        });
        Self { worker, asked_backward: None, number: 0 }
    }
}
