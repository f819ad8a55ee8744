//! Everything a person can do, as data: views send actions, `update` applies them.

#[cfg(test)]
pub(super) mod examples;

use crate::{
    explain::what_if::{LayerKernel, LayerMap},
    train::TrainConfig,
    ui::{
        model::{
            convolution::act::ConvolutionAct,
            display::{MapScale, MapValues, ThemeChoice},
            file_kind::FileKind,
            network::NetworkChoice,
            pasted::Pasted,
            pooling::PoolingSetup,
            saliency::SaliencyChoice,
            selection::Selection,
            view::ViewId,
        },
        widgets::{Brush, PlaybackAct, draw_canvas::Edit},
    },
};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// One act of a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Action {
    /// Turns to a view.
    ShowView(ViewId),
    /// Dark, light, or as the system is.
    SetTheme(ThemeChoice),
    /// Whether a narrow window shows what stands beside a view; a wide one always does.
    ShowInspector(bool),
    /// The size of everything in the window; 1 is 100 %.
    SetZoom(f32),
    /// Opens or closes the list of all keys.
    ShowKeys(bool),
    /// A movement of the brush.
    Draw(Edit),
    /// Takes the last stroke, clearing or picture back.
    Undo,
    /// Does it again.
    Redo,
    /// Removes the drawing.
    ClearDrawing,
    /// Another brush, or the eraser.
    SetBrush(Brush),
    /// Whether drawings are made to look like MNIST's before the network sees them.
    SetNormalise(bool),
    /// The next image of the test set becomes the current image.
    NextSample,
    /// One colour scale for each map, each layer, or the whole network.
    SetMapScale(MapScale),
    /// Activations or gradients in the Network view.
    SetMapValues(MapValues),
    /// The class of whose loss the gradients are; `None` is the image's label, or else the network's answer.
    SetLossClass(Option<usize>),
    /// Looks at a map, at a place in it, at one of its input channels.
    Select(Selection),
    /// Moves through the places of the map whose breakdown is shown in the Network view.
    PlayBreakdown(PlaybackAct),
    /// Switches a map of the current network off or on (`true`), in what the Network view shows.
    SwitchMap(LayerMap, bool),
    /// The same for the kernel from one input map to one output map.
    SwitchKernel(LayerKernel, bool),
    /// Switches everything on again.
    SwitchAllOn,
    /// Another question what convinced the network, or another way to paint the answer.
    SetSaliency(SaliencyChoice),
    /// Looks through the test set for what excites the maps of this layer most.
    FindPatches(usize),
    /// Ends the search; what was found stays.
    StopPatches,
    /// How many test images are searched.
    SetPatchImages(usize),
    /// This image of the test set becomes the current image.
    ShowSample(usize),
    /// Asks for a path; see [`FileKind`].
    AskForFile(FileKind),
    /// Goes away from the question without an answer.
    CancelFile,
    /// The system's file dialog for the question that is open.
    Browse(FileKind),
    /// Opens or saves the file.
    UseFile(FileKind, PathBuf),
    /// The picture on the clipboard becomes the current image.
    Paste(Pasted),
    /// Back to the MNIST that is part of the program.
    UseEmbeddedData,
    /// Another network.
    ChooseNetwork(NetworkChoice),
    /// Other training settings; what cannot change while a run is under way waits for the next reset.
    EditSetup(TrainConfig),
    /// What is done in the Convolution view.
    Convolution(ConvolutionAct),
    /// Turns to the Convolution view at an output of a layer of the current network.
    OpenConvolution {
        /// The layer, from 0, a `conv2d`.
        layer: usize,
        /// The element of its output.
        at: usize,
    },
    /// Another source, other settings or other numbers in the Pooling view; what does not fit is explained there.
    EditPooling(PoolingSetup),
    /// Moves from window to window, or from shift to shift, in the Pooling view.
    PlayPooling(PlaybackAct),
    /// Turns to the Pooling view at a place of the current network.
    OpenPooling {
        /// The layer, from 0; one that pools, or any other whose output is maps.
        layer: usize,
        /// Which map of its output.
        map: usize,
        /// Which element of that map, row by row.
        at: usize,
    },
    /// Starts, stops and steps the training.
    Train(Transport),
    /// Keeps named drawings and has the network learn them.
    FineTune(FineTuneAct),
}

/// What the training's buttons do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Transport {
    /// Trains until the epochs are over.
    Run,
    /// Stops after the step under way.
    Pause,
    /// One optimiser step.
    OneBatch,
    /// To the end of the epoch.
    OneEpoch,
    /// Back to step 0, with the settings as they are now.
    Reset,
    /// Back to the last step at which the network had learnt something, after the run got stuck or diverged.
    Rewind,
}

/// What is done with the drawings that a person names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FineTuneAct {
    /// The current drawing is this digit: it is kept.
    Keep(u8),
    /// The drawing that was kept last is kept no more.
    Forget,
    /// The network learns all that are kept.
    Learn,
    /// It stops to learn and stays as it was.
    Cancel,
    /// Back to the network before it learnt.
    Undo,
}

/// What was done in a frame, in order.
#[derive(Debug, Default)]
pub struct Actions(Vec<Action>);

impl Actions {
    /// Adds an act.
    pub fn send(&mut self, action: Action) {
        self.0.push(action);
    }

    /// Takes all of them out, in order.
    pub fn take(&mut self) -> Vec<Action> {
        std::mem::take(&mut self.0)
    }
}
