//! Searches the test set for top activations in the background.

use super::{
    latest::{Desk, Latest},
    tasks::{Threading, Wake},
};
use crate::{
    data, explain::top_activations::TopActivationSearch, train::evaluate::input_transform,
    ui::model::top_activations::TopPatches,
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// The shortest time between two partial results.
const NEWS: Duration = Duration::from_millis(100);

/// The search. Dropping it ends its thread.
pub struct PatchSearch(Latest<TopPatches, TopPatches>);

impl PatchSearch {
    /// Starts the thread.
    pub fn new(threading: Threading, wake: Wake) -> Self {
        Self(Latest::new("exciting patches", threading, wake, seek))
    }

    /// Starts a search that replaces the current one.
    pub fn start(&self, from: TopPatches) {
        self.0.call_off();
        self.0.ask(from);
    }

    /// Cancels the search.
    pub fn call_off(&self) {
        self.0.call_off();
    }

    /// Takes the newest partial result.
    pub fn take(&self) -> Option<TopPatches> {
        self.0.take()
    }
}

fn seek(mut found: TopPatches, desk: &Desk<'_, TopPatches>) {
    let transform = input_transform(&found.network);
    let batch = TopActivationSearch::batch(&found.network);
    let len = found.network.input().len();
    let mut told = Instant::now();
    let mut search = (*found.search).clone();
    let mut labels = vec![0; batch];
    let mut inputs = vec![0.0; batch * len];
    while search.images() < found.images {
        if !desk.is_wanted() {
            return;
        }
        let first = search.images();
        let count = batch.min(found.images - first);
        let numbers: Vec<u32> = (first as u32..(first + count) as u32).collect();
        let inputs = &mut inputs[..count * len];
        data::fill(&found.split, &numbers, &transform, None, inputs, &mut labels[..count]);
        search.add_images(&found.network, inputs);
        if told.elapsed() >= NEWS {
            told = Instant::now();
            found.search = Arc::new(search.clone());
            desk.tell(found.clone());
        }
    }
    found.search = Arc::new(search);
    found.is_over = true;
    desk.tell(found);
}
