//! What the views read: one current image, one current network, everywhere.

use crate::{
    data::{Collection, digit::Objection},
    explain::{Verdict, WhatIf, what_if::ProbabilityChange},
    nn::{Network, Trace},
    train::{Snapshot, TrainConfig},
    ui::{
        model::{
            answer::{LossOf, NetworkAnswer, Wanted},
            convolution::lab::ConvolutionLab,
            data::DataState,
            display::MapValues,
            file_kind::FileKind,
            fine_tune::FineTuneState,
            image::{CurrentImage, ImageSource},
            network::{CurrentNetwork, LastRun},
            pooling::lab::PoolingLab,
            saliency::SaliencyAnswer,
            selection::Selection,
            settings::Settings,
            top_activations::TopPatches,
            view::ViewId,
        },
        widgets::{Drawing, Playback, Toasts},
    },
};
use std::sync::Arc;

/// Everything that is shown.
pub struct AppState {
    /// The choices that are kept.
    pub settings: Settings,
    /// What is on the canvas.
    pub drawing: Drawing,
    /// What every network looks at.
    pub image: CurrentImage,
    /// What looks at it.
    pub network: CurrentNetwork,
    /// What that network computed from an image, of late; see [`AppState::trace`].
    pub answer: Option<NetworkAnswer>,
    /// What is looked at in the network.
    pub selection: Selection,
    /// The animation of the breakdown of the map that is selected.
    pub breakdown: Playback,
    /// The class of whose loss gradients are shown; see [`AppState::loss_class`].
    pub loss_class: Option<usize>,
    /// What of the current network is switched off, to be seen in the Network view; all else shows the whole network.
    pub what_if: WhatIf,
    /// What convinced the network of the current image, of late; asked while the Network view is shown.
    pub saliency: Option<SaliencyAnswer>,
    /// The search for the most exciting patches, as far as it has come.
    pub top_activations: Option<TopPatches>,
    /// The training thread's newest moment.
    pub snapshot: Option<Arc<Snapshot>>,
    /// The settings of the next run, and as far as they can change, of this one.
    pub setup: TrainConfig,
    /// What is learnt from.
    pub data: DataState,
    /// What the Convolution view is about.
    pub convolution: ConvolutionLab,
    /// What the Pooling view shows.
    pub pooling: PoolingLab,
    /// Short messages.
    pub toasts: Toasts,
    /// The question for a file, if one is open, and the path typed so far.
    pub question: Option<FileKind>,
    /// Whether the list of all keys is open.
    pub shows_keys: bool,
    /// The network that was opened from a file last.
    pub opened: Option<(String, Arc<Network>)>,
    /// What the run learnt that was given up last: by a reset, another network or another data set.
    pub last_run: Option<LastRun>,
    /// The drawings that a person named.
    pub collection: Collection,
    /// Another number after every change of the named drawings.
    pub collection_revision: u64,
    /// What the network learns from them.
    pub fine_tune: FineTuneState,
    /// Whether something is being read or written that a person waits for.
    pub is_busy: bool,
}

impl AppState {
    /// What the current network computed from the current image; from the one before while the answer is on its way.
    pub fn trace(&self) -> Option<&Arc<Trace>> {
        self.current_answer().map(|answer| &answer.whole)
    }

    /// The answer that [`AppState::trace`] is of, with the network that gave it: while one trains, the current network
    /// may be some steps ahead. Its own trace is without what is switched off.
    pub fn current_answer(&self) -> Option<&NetworkAnswer> {
        let answer = self.answer.as_ref()?;
        (answer.network.spec() == self.network.network.spec()).then_some(answer)
    }

    /// What is wanted of the network beside its activations, for what is shown.
    pub fn wanted(&self) -> Wanted {
        if self.settings.view != ViewId::Network {
            return Wanted::default();
        }
        let breakdown = self.selection.map.and_then(|map| {
            // A probability is the softmax of what the last layer makes.
            let layers = self.network.network.layers().len();
            Some((map.column.checked_sub(1)?.min(layers.saturating_sub(1)), map.map))
        });
        let loss = match (self.loss_class, &self.image.source) {
            (Some(class), _) => LossOf::Class(class),
            (None, ImageSource::Sample { label, .. }) => LossOf::Class(usize::from(*label)),
            (None, _) => LossOf::Answer,
        };
        let gradients = (self.settings.map_values == MapValues::Gradients).then_some(loss);
        Wanted { breakdown, gradients }
    }

    /// The answer that is said: about the current image, or about the one before while the answer is on its way. `None`
    /// while nothing is drawn, and about a canvas on which nothing was.
    fn said(&self) -> Option<&NetworkAnswer> {
        self.current_answer().filter(|answer| !self.image.is_blank() && !answer.about.is_blank)
    }

    /// Whether what is said is about the current image, not about the one before.
    pub fn is_answered(&self) -> bool {
        self.said().is_some_and(|answer| answer.image_revision == self.image.revision)
    }

    /// What the whole network says about the current image, or about the one before while the answer is on its way: see
    /// [`AppState::is_answered`]. `None` when nothing is drawn, or nothing was answered yet.
    pub fn verdict(&self) -> Option<Verdict> {
        self.said().and_then(|answer| verdict_of(answer, &answer.whole))
    }

    /// The class probabilities of [`AppState::verdict`]; zeros where there is none.
    pub fn probabilities(&self) -> Vec<f32> {
        self.probabilities_of(|answer| &answer.whole)
    }

    /// The same as [`AppState::verdict`] with what is switched off.
    pub fn switched_verdict(&self) -> Option<Verdict> {
        self.said().and_then(|answer| verdict_of(answer, &answer.trace))
    }

    /// The class probabilities of [`AppState::switched_verdict`]; zeros where there is none.
    pub fn switched_probabilities(&self) -> Vec<f32> {
        self.probabilities_of(|answer| &answer.trace)
    }

    fn probabilities_of(&self, trace: impl Fn(&NetworkAnswer) -> &Arc<Trace>) -> Vec<f32> {
        match self.said() {
            Some(answer) => trace(answer).first_probabilities().to_vec(),
            None => vec![0.0; self.network.network.classes()],
        }
    }

    /// What the switches change in the probabilities; `None` if nothing is off, or there is nothing to change.
    pub fn changes(&self) -> Option<Vec<ProbabilityChange>> {
        self.said()?.changes()
    }

    /// Whether an animation of the view that is shown plays.
    pub fn is_playing(&self) -> bool {
        match self.settings.view {
            ViewId::Convolution => self.convolution.playback.is_playing(),
            ViewId::Pooling => self.pooling.walk(self.settings.pooling.walk()).0.is_playing(),
            ViewId::Network => self.breakdown.is_playing(),
            ViewId::Draw | ViewId::Train => false,
        }
    }

    /// Whether the training thread is at work.
    pub fn is_training(&self) -> bool {
        self.snapshot.as_ref().is_some_and(|s| s.is_active())
    }

    /// Whether the settings differ from those of the run under way in more than what can change at once.
    pub fn needs_reset(&self) -> bool {
        self.snapshot.as_ref().is_some_and(|s| self.setup.needs_reset_from(&s.config))
    }
}

/// The probabilities and what speaks against the image are of the same image.
fn verdict_of(answer: &NetworkAnswer, trace: &Trace) -> Option<Verdict> {
    Verdict::of(trace.first_probabilities(), answer.about.objection.map(Objection::reason))
}
