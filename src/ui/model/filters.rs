//! The Filters view: which filter is looked at, what was painted, and what can be undone.

use crate::{
    explain::kernels::FilterOrder,
    nn::{Network, Trace, filters::FilterId},
    text::tr,
    train::{FilterEdit, HandMade},
    ui::model::convolution::photo::Photo,
};
use serde::{Deserialize, Serialize};
use std::{collections::VecDeque, sync::Arc};

/// The most steps that can be undone.
pub const MOST_UNDO: usize = 100;

/// What the view is about.
#[derive(Clone, Debug, Default)]
pub struct FiltersState {
    /// The convolution that is shown, from 0; the first one of a network that has no such layer.
    pub layer: usize,
    /// The filter that is looked at, and which of its kernels.
    pub kernel: (usize, usize),
    /// The order of the filters.
    pub order: FilterOrder,
    /// The painted and the frozen filters of the current network.
    pub hand: Arc<HandMade>,
    /// A current network that is in no run, with what was done to it.
    pub own: Option<OwnFilters>,
    /// What waits until a person has decided to branch from the moment that is shown.
    pub waits: Option<Box<FiltersAct>>,
    /// What can be undone, the last step at the end, and what can be done again.
    pub undo: Vec<FilterStep>,
    /// See `undo`.
    pub redo: Vec<FilterStep>,
    /// The answer before the filter was painted: the image's revision and the probabilities.
    pub answer_before: Option<(u64, Vec<f32>)>,
    /// Whether the photograph is shown in place of the filters.
    pub shows_photo: bool,
    /// The photograph that goes through the first layer.
    pub photo: PhotoChoice,
    /// Its maps.
    pub photo_maps: Option<PhotoMaps>,
}

/// What was sent to the training thread about filters.
#[derive(Debug, Default)]
pub struct FilterCommands {
    /// How many commands were sent.
    pub sent: u64,
    /// Those that are in no snapshot yet, with their numbers.
    pub waiting: VecDeque<(u64, Vec<FilterEdit>)>,
    /// The current network while commands wait.
    pub shown: Option<FiltersAhead>,
    /// The run whose filters can be undone.
    pub run: Option<u64>,
    /// Whether the next run is a branch that goes on with what can be undone.
    pub branches: bool,
    /// Filters for the network that is being built, by the number of its order.
    pub for_build: Option<(u64, Vec<FilterEdit>)>,
}

/// A network ahead of the training thread: the one of the last snapshot with what was sent since.
#[derive(Debug)]
pub struct FiltersAhead {
    /// The network of the snapshot.
    pub of: Arc<Network>,
    /// The number of the last command.
    pub upto: u64,
    /// The network with all commands carried out.
    pub network: Arc<Network>,
    /// Its painted and frozen filters.
    pub hand: Arc<HandMade>,
}

impl FilterCommands {
    /// Notes that a command was sent.
    pub fn note(&mut self, edits: Vec<FilterEdit>) {
        self.sent += 1;
        self.waiting.push_back((self.sent, edits));
        self.shown = None;
    }
}

/// A network that is in no run, as a person has changed its filters.
#[derive(Clone, Debug)]
pub struct OwnFilters {
    /// The changed network.
    pub network: Arc<Network>,
    /// The network before.
    pub learned: Arc<Network>,
    /// What was changed.
    pub hand: Arc<HandMade>,
}

/// A step that can be undone: filters before and after it.
#[derive(Clone, Debug, PartialEq)]
pub struct FilterStep {
    /// What brings back what was.
    pub before: Vec<FilterEdit>,
    /// What does it again.
    pub after: Vec<FilterEdit>,
}

/// What goes through the filters of the first layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PhotoChoice {
    /// A photograph that comes with the program, by its index.
    BuiltIn(usize),
    /// The photograph that was opened in *Convolution*, or the first one without one.
    Opened,
    /// The current image.
    Current,
}

impl Default for PhotoChoice {
    fn default() -> Self {
        Self::BuiltIn(0)
    }
}

/// A photograph behind the filters of the first layer.
#[derive(Clone, Debug)]
pub struct PhotoMaps {
    /// The network.
    pub network: Arc<Network>,
    /// The photograph.
    pub photo: Arc<Photo>,
    /// A pass through the first layer alone.
    pub trace: Arc<Trace>,
    /// (maps, height, width).
    pub size: (usize, usize, usize),
}

/// What a person does in the view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FiltersAct {
    /// Shows this convolution.
    Layer(usize),
    /// Looks at a kernel of a filter.
    Select(usize, usize),
    /// The order of the filters.
    Order(FilterOrder),
    /// Gives a filter these numbers: its kernels, one after the other, and its bias. It is frozen then.
    Paint {
        /// The filter.
        id: FilterId,
        /// Its numbers.
        values: Vec<f32>,
        /// Whether it belongs to the stroke before, with which it is undone.
        goes_on: bool,
    },
    /// Gives painted filters back the numbers that were learnt.
    Learned(Vec<FilterId>),
    /// Freezes filters (`true`), or releases them.
    Freeze(Vec<FilterId>, bool),
    /// Trains a new run with the frozen filters of the current network.
    TrainFrozen,
    /// Branches from the moment that is shown, and does what waits.
    Branch,
    /// Does not branch: what waits is forgotten.
    Stay,
    /// Undoes the last change of filters.
    Undo,
    /// Redoes it.
    Redo,
    /// Another photograph.
    Photo(PhotoChoice),
    /// Shows the photograph in place of the filters (`true`), or the filters again.
    ShowPhoto(bool),
}

/// The name of an order.
pub fn order_name(order: FilterOrder) -> &'static str {
    match order {
        FilterOrder::Index => tr("by number"),
        FilterOrder::Size => tr("largest first"),
        FilterOrder::Change => tr("largest change first"),
        FilterOrder::Similarity => tr("similar ones together"),
    }
}
