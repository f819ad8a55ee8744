//! Everything that a person can do, as data. Views send actions, `update` carries them out.

#[cfg(test)]
pub(super) mod examples;

use crate::{
    explain::what_if::{LayerKernel, LayerMap},
    text::Language,
    train::TrainConfig,
    ui::{
        model::{
            architecture::ArchitectureAct,
            compare::CompareAct,
            convolution::act::ConvolutionAct,
            crop::CropAct,
            data_preview::PreviewAct,
            display::{LossScale, MapBrightness, MapScale, MapValues, Smoothing, ThemeChoice, TrainPart},
            evaluate::EvaluateAct,
            file_kind::FileKind,
            filters::FiltersAct,
            gradcheck::CheckAct,
            learning::LearningAct,
            lesson::LessonAct,
            network::NetworkChoice,
            numbers::NumbersAct,
            pasted::Pasted,
            picture::PictureAct,
            pooling::PoolingSetup,
            presenting::PresentAct,
            recording::RecordAct,
            runs::RunsAct,
            saliency::SaliencyChoice,
            selection::Selection,
            similar::SimilarAct,
            timeline::TimelineAct,
            view::ViewId,
            worksheet::WorksheetAct,
        },
        widgets::{Brush, PlaybackAct, draw_canvas::Edit},
    },
};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// One action of a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Action {
    /// Shows a view.
    ShowView(ViewId),
    /// Dark, light, or as the system is.
    SetTheme(ThemeChoice),
    /// Another language of the window.
    SetLanguage(Language),
    /// Shows or hides the inspector in a narrow window. A wide one always shows it.
    ShowInspector(bool),
    /// The size of everything in the window; 1 is 100 %.
    SetZoom(f32),
    /// Opens or closes the list of all keys.
    ShowKeys(bool),
    /// A movement of the brush.
    Draw(Edit),
    /// Undoes the last stroke, clearing or picture.
    Undo,
    /// Redoes it.
    Redo,
    /// Removes the drawing.
    ClearDrawing,
    /// Another brush, or the eraser.
    SetBrush(Brush),
    /// Whether drawings are normalised like MNIST's digits.
    SetNormalise(bool),
    /// The next image of the test set becomes the current image.
    NextSample,
    /// One colour scale for each map, each layer, the whole network, or all images.
    SetMapScale(MapScale),
    /// The value at full colour of the fixed colour scale.
    SetMapLimit(f32),
    /// How brightness follows the values of a map.
    SetMapBrightness(MapBrightness),
    /// Scrolls the columns of the Network view, to this column at the left edge; the fraction is a part of the column.
    ScrollNetwork(f32),
    /// In a low window: shows how the selected map is computed in place of the columns (`true`), or the columns again.
    ShowBreakdown(bool),
    /// Activations or gradients in the Network view.
    SetMapValues(MapValues),
    /// The class whose loss has the gradients; `None` is the image's label, or else the network's answer.
    SetLossClass(Option<usize>),
    /// Selects a map, a pixel of it, or one of its input channels.
    Select(Selection),
    /// Controls the animation of the selected map's breakdown.
    PlayBreakdown(PlaybackAct),
    /// Disables or enables (`true`) a map of the current network in the Network view.
    SwitchMap(LayerMap, bool),
    /// The same for the kernel from one input map to one output map.
    SwitchKernel(LayerKernel, bool),
    /// Enables all maps and kernels.
    SwitchAllOn,
    /// Changes the saliency method or how its result is shown.
    SetSaliency(SaliencyChoice),
    /// Searches the test set for the top activations of this layer.
    FindPatches(usize),
    /// Ends the search and keeps its results.
    StopPatches,
    /// Sets the number of test images that are searched.
    SetPatchImages(usize),
    /// This image of the test set becomes the current image.
    ShowSample(usize),
    /// Asks for a path; see [`FileKind`].
    AskForFile(FileKind),
    /// Answers the question for a file with what was typed.
    AnswerFile(String),
    /// Replaces the existing file (`true`), or returns to the question.
    Overwrite(bool),
    /// Closes the question for a file.
    CancelFile,
    /// Opens the file dialog of the system for the question that is open.
    Browse(FileKind),
    /// Opens the file, or asks whether to replace it if it exists.
    UseFile(FileKind, PathBuf),
    /// Opens a dropped file or folder, whatever it holds.
    OpenFile(PathBuf),
    /// The picture on the clipboard becomes the current image.
    Paste(Pasted),
    /// Opens the file whose path is on the clipboard.
    PasteText(String),
    /// Returns to the embedded MNIST.
    UseEmbeddedData,
    /// Chooses a network.
    ChooseNetwork(NetworkChoice),
    /// Reopens the kept run of this number.
    OpenRun(u64),
    /// Deletes the kept run of this number.
    DeleteRun(u64),
    /// Changes the training settings. Those that cannot change during a run wait for the next reset.
    EditSetup(TrainConfig),
    /// Controls the Convolution view.
    Convolution(ConvolutionAct),
    /// Shows an output of a layer of the current network in the Convolution view.
    OpenConvolution {
        /// The layer, from 0, a `conv2d`.
        layer: usize,
        /// The element of its output.
        at: usize,
    },
    /// Does something in the Architecture view.
    Architecture(ArchitectureAct),
    /// Changes the source, settings or numbers of the Pooling view.
    EditPooling(PoolingSetup),
    /// Controls the animation of the Pooling view.
    PlayPooling(PlaybackAct),
    /// Shows a map of the current network in the Pooling view.
    OpenPooling {
        /// The layer, from 0: a pooling layer, or any other whose output is maps.
        layer: usize,
        /// Which map of its output.
        map: usize,
        /// Which element of that map, row by row.
        at: usize,
    },
    /// A linear or logarithmic axis for the loss curves.
    SetLossScale(LossScale),
    /// How smooth the training curves are.
    SetSmoothing(Smoothing),
    /// Shows another part of *Train* below the curves.
    ShowTrainPart(TrainPart),
    /// Does something with the runs in *Train*'s table.
    Runs(RunsAct),
    /// Paints, freezes or looks at filters.
    Filters(FiltersAct),
    /// Measures a network in the Evaluate view.
    Evaluate(EvaluateAct),
    /// Checks gradients.
    GradientCheck(CheckAct),
    /// Finds the training images nearest to the current image.
    Similar(SimilarAct),
    /// Starts, stops and steps the training.
    Train(Transport),
    /// Follows images while the network learns.
    Learning(LearningAct),
    /// Goes back to a moment of the run, or on from it.
    Timeline(TimelineAct),
    /// Compares two networks.
    Compare(CompareAct),
    /// Presents to a class.
    Present(PresentAct),
    /// Comes back to the state that the window was started with.
    StartOver,
    /// Comes back to the state before that.
    UndoStartOver,
    /// Records a lesson.
    Record(RecordAct),
    /// Makes pictures and films of views.
    Picture(PictureAct),
    /// Saves the numbers of the view.
    Numbers(NumbersAct),
    /// Makes worksheets.
    Worksheet(WorksheetAct),
    /// Something with the question which part of a picture is the digit.
    Crop(CropAct),
    /// Something with the data set that is shown before it is opened.
    Preview(PreviewAct),
    /// Does something in a lesson.
    Lesson(LessonAct),
    /// Answers the card that offers the first lesson: opens it, or not.
    Welcome(bool),
    /// Keeps labelled drawings and fine-tunes the network on them.
    FineTune(FineTuneAct),
}

/// The buttons of the training.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Transport {
    /// Trains to the end of the last epoch.
    Run,
    /// Pauses after the current step.
    Pause,
    /// One optimiser step.
    OneBatch,
    /// To the end of the epoch.
    OneEpoch,
    /// Returns to step 0 with the current settings.
    Reset,
    /// Returns to the last good step of a run that is stuck or has diverged.
    Rewind,
    /// The same, with a tenth of the learning rate.
    RewindSlower,
}

/// What can be done with labelled drawings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FineTuneAct {
    /// Keeps the current drawing, with this label.
    Keep(u8),
    /// Removes the drawing that was kept last.
    Forget,
    /// Fine-tunes the network on all of them.
    Learn,
    /// Cancels fine-tuning: the network stays as it was.
    Cancel,
    /// Returns to the network before fine-tuning.
    Undo,
}

/// The actions of a frame, in order.
#[derive(Debug, Default)]
pub struct Actions(Vec<Action>);

impl Actions {
    /// Adds an action.
    pub fn send(&mut self, action: Action) {
        self.0.push(action);
    }

    /// Takes all actions out, in order.
    pub fn take(&mut self) -> Vec<Action> {
        std::mem::take(&mut self.0)
    }
}
