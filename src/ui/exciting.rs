//! The patches of the test set that excite a layer's maps most, looked for in the background.

use super::{
    latest::{Desk, Latest},
    tasks::{Threading, Wake},
};
use crate::{
    data::{self, Split},
    explain::exciting::Search,
    nn::Network,
    train::evaluate::input_transform,
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Patches that are kept of every map.
pub const MOST: usize = 12;

/// News come no more often than this.
const NEWS: Duration = Duration::from_millis(100);

/// A search, as far as it has come.
#[derive(Clone)]
pub struct Found {
    /// The network whose maps are excited, with its weights then.
    pub network: Arc<Network>,
    /// The layer.
    pub layer: usize,
    /// The images' set.
    pub set: String,
    /// The images.
    pub split: Arc<Split>,
    /// How many of them are to be looked at, from the first on.
    pub images: usize,
    /// What was found in those looked at so far.
    pub search: Arc<Search>,
    /// Whether no more are looked at: all were, or it was called off.
    pub is_over: bool,
}

impl Found {
    /// Nothing yet; `None` if the network has no such layer.
    pub fn nothing(
        network: Arc<Network>,
        layer: usize,
        set: String,
        split: Arc<Split>,
        images: usize,
    ) -> Option<Self> {
        let search = Arc::new(Search::new(&network, layer, MOST)?);
        let images = images.min(split.len());
        Some(Self { network, layer, set, split, images, search, is_over: false })
    }

    /// The share of the images that was looked at, 0…1.
    pub fn progress(&self) -> f32 {
        self.search.images() as f32 / self.images.max(1) as f32
    }
}

/// Looks for them; dropping it ends its thread.
pub struct Seeker(Latest<Found, Found>);

impl Seeker {
    /// Nothing is looked for yet.
    pub fn new(threading: Threading, wake: Wake) -> Self {
        Self(Latest::new("exciting patches", threading, wake, seek))
    }

    /// Begins a search instead of the one that is under way.
    pub fn seek(&self, from: Found) {
        self.0.call_off();
        self.0.ask(from);
    }

    /// Calls the search off.
    pub fn call_off(&self) {
        self.0.call_off();
    }

    /// How far it has come, once.
    pub fn take(&self) -> Option<Found> {
        self.0.take()
    }
}

fn seek(mut found: Found, desk: &Desk<'_, Found>) {
    let transform = input_transform(&found.network);
    let batch = Search::batch(&found.network);
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
        search.look(&found.network, inputs);
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
