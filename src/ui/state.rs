//! The state that the views read. All views share one current image and one current network.

use crate::{
    data::Collection,
    explain::{Verdict, WhatIf, what_if::ProbabilityChange},
    lesson::Show,
    nn::{LayerSpec, Trace},
    text::{Language, Say},
    train::{KeptRun, Snapshot, TrainConfig},
    ui::{
        model::{
            answer::{LossOf, NetworkAnswer, Wanted},
            architecture::ArchitectureLab,
            compare::CompareLab,
            convolution::lab::ConvolutionLab,
            crop::CropQuestion,
            data::DataState,
            data_preview::DataPreview,
            display::MapValues,
            evaluate::EvaluateState,
            file_question::FileQuestion,
            filters::FiltersState,
            fine_tune::FineTuneState,
            gradcheck::GradientCheckState,
            image::CurrentImage,
            import::ImportLab,
            layers::LayersAnswer,
            learning::LearningState,
            lesson::OpenLesson,
            network::{CurrentNetwork, LastRun, OpenedFile, Origin},
            numbers::NumbersDialog,
            picture::PictureDialog,
            pooling::lab::PoolingLab,
            presenting::Presenting,
            recording::{MyLesson, Recording},
            runs::{RunRow, RunsState, rows},
            saliency::SaliencyAnswer,
            selection::{MapId, Selection},
            settings::Settings,
            similar::SimilarState,
            timeline::TimelineState,
            top_activations::TopPatches,
            view::ViewId,
            worksheet::WorksheetDialog,
        },
        widgets::{Drawing, Playback, Toasts},
    },
};
use std::sync::Arc;

/// The state of the window.
#[expect(clippy::struct_excessive_bools, reason = "independent questions about the window")]
pub struct AppState {
    /// The language of the window.
    pub language: Language,
    /// The settings that are kept when the program closes.
    pub settings: Settings,
    /// The drawing on the canvas.
    pub drawing: Drawing,
    /// The current image.
    pub image: CurrentImage,
    /// The current network.
    pub network: CurrentNetwork,
    /// The last answer of a network; see [`AppState::current_answer`].
    pub answer: Option<NetworkAnswer>,
    /// The selected map, pixel and channel.
    pub selection: Selection,
    /// The column at the left edge of the Network view; the fraction is a part of the column. The view limits it to what
    /// can be scrolled.
    pub first_column: f32,
    /// In a low window, whether the breakdown of the selected map is shown in place of the columns.
    pub shows_breakdown: bool,
    /// The animation of the selected map's breakdown.
    pub breakdown: Playback,
    /// The class of whose loss gradients are shown; see [`AppState::loss_class`].
    pub loss_class: Option<usize>,
    /// The disabled maps and kernels. Only the Network view shows their effect.
    pub what_if: WhatIf,
    /// The last saliency map, which is computed while the Network view is shown.
    pub saliency: Option<SaliencyAnswer>,
    /// The top activations found so far.
    pub top_activations: Option<TopPatches>,
    /// What the Evaluate view has measured.
    pub evaluate: EvaluateState,
    /// The gradient check.
    pub gradcheck: GradientCheckState,
    /// What the Filters view is about.
    pub filters: FiltersState,
    /// The training images nearest to the current image.
    pub similar: SimilarState,
    /// The newest snapshot of the training thread.
    pub snapshot: Option<Arc<Snapshot>>,
    /// The moment of the run that is shown.
    pub timeline: TimelineState,
    /// How answers changed while the network learnt.
    pub learning: LearningState,
    /// The layers of the current network, while *Train* shows them.
    pub layers: Option<LayersAnswer>,
    /// The training settings of the next run; the live ones also belong to the current run.
    pub setup: TrainConfig,
    /// The data set.
    pub data: DataState,
    /// The Architecture view's draft.
    pub architecture: ArchitectureLab,
    /// What the Compare view shows.
    pub compare: CompareLab,
    /// The Convolution view's subject and settings.
    pub convolution: ConvolutionLab,
    /// The Pooling view's subject and settings.
    pub pooling: PoolingLab,
    /// The messages.
    pub toasts: Toasts,
    /// The lesson that is open.
    pub lesson: Option<OpenLesson>,
    /// Whether a pointer button is down or a text is being typed: what is shown then may be passed only.
    pub is_held: bool,
    /// The lesson that is being recorded.
    pub recording: Option<Box<Recording>>,
    /// While recording: the window as a step would hold it.
    pub window_show: Option<Show>,
    /// The lessons that a person recorded or opened.
    pub my_lessons: Vec<MyLesson>,
    /// The question for a file, if one is open.
    pub question: Option<FileQuestion>,
    /// The file of weights whose network a person completes.
    pub import: Option<ImportLab>,
    /// The question which part of a picture is the digit.
    pub crop: Option<CropQuestion>,
    /// The data set that is shown before it is opened.
    pub preview: Option<DataPreview>,
    /// The dialog for pictures, if it is open.
    pub picture: Option<PictureDialog>,
    /// The dialog for numbers, if it is open.
    pub numbers: Option<NumbersDialog>,
    /// The dialog for worksheets, if it is open.
    pub worksheet: Option<WorksheetDialog>,
    /// Whether the list of all keys is open.
    pub shows_keys: bool,
    /// How the window is shown to a class.
    pub presenting: Presenting,
    /// The models and specs that were opened, the newest first.
    pub opened: Vec<OpenedFile>,
    /// The network of the last run that ended by a reset, another network or another data set. Only without a folder of
    /// kept runs.
    pub last_run: Option<LastRun>,
    /// The kept runs, the newest first.
    pub runs: Vec<KeptRun>,
    /// What else there is of the runs.
    pub run_table: RunsState,
    /// The labelled drawings.
    pub collection: Collection,
    /// A number that changes with the labelled drawings.
    pub collection_revision: u64,
    /// Fine-tuning on them.
    pub fine_tune: FineTuneState,
    /// Whether a file is being read or written that a person waits for.
    pub is_busy: bool,
}

impl AppState {
    /// The activations of the current network for the current image, or for the one before until the answer arrives.
    pub fn trace(&self) -> Option<&Arc<Trace>> {
        self.current_answer().map(|answer| &answer.whole)
    }

    /// The answer of [`AppState::trace`], with its network: during training, the current network may be some steps ahead.
    /// The answer's own trace is the one with maps and kernels disabled.
    pub fn current_answer(&self) -> Option<&NetworkAnswer> {
        let answer = self.answer.as_ref()?;
        (answer.network.spec() == self.network.network.spec()).then_some(answer)
    }

    /// The map whose breakdown is shown as an example while none is selected: the first map of the first layer that adds
    /// up products.
    pub fn example_map(&self) -> Option<MapId> {
        let sums = |layer: &LayerSpec| {
            matches!(layer, LayerSpec::Conv2d(_) | LayerSpec::ConvTranspose2d(_) | LayerSpec::Linear(_))
        };
        let layer = self.network.network.spec().layers.iter().position(sums)?;
        Some(MapId { column: layer + 1, map: 0 })
    }

    /// What the current view needs besides the activations.
    pub fn wanted(&self) -> Wanted {
        if self.settings.view != ViewId::Network {
            return Wanted::default();
        }
        let breakdown = self.selection.map.or_else(|| self.example_map()).and_then(|map| {
            // A probability is the softmax of the last layer's output.
            let layers = self.network.network.layers().len();
            Some((map.column.checked_sub(1)?.min(layers.saturating_sub(1)), map.map))
        });
        let loss = match (self.loss_class, &self.image.source) {
            (Some(class), _) => LossOf::Class(class),
            (None, source) => match source.label() {
                Some(label) => LossOf::Class(usize::from(label)),
                None => LossOf::Answer,
            },
        };
        let gradients = (self.settings.map_values == MapValues::Gradients).then_some(loss);
        Wanted { breakdown, gradients }
    }

    /// The answer that is shown: for the current image, or for the one before until its answer arrives. `None` if one of
    /// the two is blank.
    fn said(&self) -> Option<&NetworkAnswer> {
        self.current_answer().filter(|answer| !self.image.is_blank() && !answer.about.is_blank)
    }

    /// Whether the answer that is shown is for the current image.
    pub fn is_answered(&self) -> bool {
        self.said().is_some_and(|answer| answer.image_revision == self.image.revision)
    }

    /// The verdict of the whole network on the current image, or on the one before: see [`AppState::is_answered`]. `None`
    /// without a drawing or an answer.
    pub fn verdict(&self) -> Option<Verdict> {
        self.said().and_then(|answer| verdict_of(answer, &answer.whole))
    }

    /// The class probabilities of [`AppState::verdict`]; zeros without a verdict.
    pub fn probabilities(&self) -> Vec<f32> {
        self.probabilities_of(|answer| &answer.whole)
    }

    /// [`AppState::verdict`] with maps and kernels disabled.
    pub fn switched_verdict(&self) -> Option<Verdict> {
        self.said().and_then(|answer| verdict_of(answer, &answer.trace))
    }

    /// What the current network calls a class: its name, or its number.
    pub fn class_name(&self, class: usize) -> String {
        self.network.network.spec().class_names.of(class).into_owned()
    }

    /// The names of all classes of the current network.
    pub fn class_names(&self) -> Vec<String> {
        (0..self.network.network.classes()).map(|class| self.class_name(class)).collect()
    }

    /// What the data set calls a label: its name, or its number.
    pub fn label_name(&self, label: u8) -> String {
        let names = self.data.ready().map(|data| &data.classes).filter(|names| !names.is_empty());
        names.map_or_else(|| self.class_name(label.into()), |names| names.of(label.into()).into_owned())
    }

    /// The class probabilities of [`AppState::switched_verdict`]; zeros without a verdict.
    pub fn switched_probabilities(&self) -> Vec<f32> {
        self.probabilities_of(|answer| &answer.trace)
    }

    fn probabilities_of(&self, trace: impl Fn(&NetworkAnswer) -> &Arc<Trace>) -> Vec<f32> {
        match self.said() {
            Some(answer) => trace(answer).first_probabilities().to_vec(),
            None => vec![0.0; self.network.network.classes()],
        }
    }

    /// The change of each probability by disabled maps and kernels; `None` if nothing is disabled or answered.
    pub fn changes(&self) -> Option<Vec<ProbabilityChange>> {
        self.said()?.changes()
    }

    /// Whether an animation of the current view is playing.
    pub fn is_playing(&self) -> bool {
        match self.settings.view {
            ViewId::Convolution => self.convolution.playback.is_playing(),
            ViewId::Pooling => self.pooling.walk(self.settings.pooling.walk()).0.is_playing(),
            ViewId::Network => self.breakdown.is_playing(),
            ViewId::Draw
            | ViewId::Train
            | ViewId::Filters
            | ViewId::Compare
            | ViewId::Evaluate
            | ViewId::Lessons
            | ViewId::Architecture => false,
        }
    }

    /// The step of the moment that is shown, if it is not the newest one.
    pub fn history_step(&self) -> Option<u64> {
        match self.network.origin {
            Origin::Moment(step) => Some(step),
            _ => None,
        }
    }

    /// Whether the kept run of this number is the one that goes on, or will at the next start.
    pub fn is_present_run(&self, id: u64) -> bool {
        let current = self.snapshot.as_ref().and_then(|snapshot| snapshot.kept);
        self.settings.run == Some(id) || current == Some(id)
    }

    /// Whether the current network has made no training step.
    pub fn is_untrained(&self) -> bool {
        match self.network.origin {
            Origin::Live => self.snapshot.as_ref().is_none_or(|snapshot| snapshot.step == 0),
            Origin::Moment(step) | Origin::LastRun(step) => step == 0,
            Origin::Shipped | Origin::Opened(_) | Origin::FineTuned(_) => false,
        }
    }

    /// The step of the last good moment, while it is shown in place of the ruined end of the run.
    pub fn good_step_shown(&self) -> Option<u64> {
        let good = self.timeline.ruin?.good.filter(|good| self.timeline.chosen == Some(*good))?;
        (self.history_step() == Some(good.step)).then_some(good.step)
    }

    /// Whether the data set is the MNIST inside the program.
    pub fn uses_embedded_data(&self) -> bool {
        self.settings.data.is_none() && self.data.ready().is_some_and(|data| data.name == "MNIST")
    }

    /// Whether the run that is shown has moments to go back to. A fine-tuned network has none.
    pub fn has_moments(&self) -> bool {
        matches!(self.network.origin, Origin::Live | Origin::Moment(_))
            && self.snapshot.as_ref().is_some_and(|snapshot| snapshot.step > 0)
    }

    /// Whether a person can train now: not in a step of a lesson that has nothing to do with it, where it would be a slip.
    pub fn can_train(&self) -> bool {
        self.is_training() || self.lesson.as_ref().is_none_or(OpenLesson::has_training)
    }

    /// The learning rate with which to go back to the last good step: a tenth of the one that was good, or of the present
    /// one if that is lower.
    pub fn slower_rate(&self) -> Option<f32> {
        let good = self.snapshot.as_ref()?.good_rate;
        let now = Some(self.setup.lr).filter(|rate| *rate > 0.0);
        // Through decimals, so that a tenth of 0.03 is 0.003.
        format!("{:.6e}", now.map_or(good, |now| now.min(good)) / 10.0).parse().ok()
    }

    /// The current run and the kept ones, as the curves and the table show them.
    pub fn run_rows(&self) -> Vec<RunRow> {
        let data = self.data.ready().map_or("", |data| data.name.as_str());
        let looks = &self.settings.run_looks;
        rows(self.snapshot.as_deref(), &self.runs, looks, &self.run_table.unkept, data)
    }

    /// Whether the training thread is training.
    pub fn is_training(&self) -> bool {
        self.snapshot.as_ref().is_some_and(|s| s.is_active())
    }

    /// Whether the settings differ from those of the current run in more than the live ones.
    pub fn needs_reset(&self) -> bool {
        self.snapshot.as_ref().is_some_and(|s| self.setup.needs_reset_from(&s.config))
    }
}

/// The probabilities and the objection are of the same image.
fn verdict_of(answer: &NetworkAnswer, trace: &Trace) -> Option<Verdict> {
    Verdict::of(trace.first_probabilities(), answer.about.objection.map(|objection| objection.say()))
}
