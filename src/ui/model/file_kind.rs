//! The kinds of files that the window opens and saves.

use super::{numbers::NumbersFormat, picture::PictureFormat};
use serde::{Deserialize, Serialize};

/// What a path is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FileKind {
    /// A picture that becomes the current image.
    Picture,
    /// A picture in colour, for the Convolution view.
    Photograph,
    /// A folder with IDX files.
    DataSet,
    /// A model.
    Model,
    /// Where to save the current network.
    SaveModel,
    /// Where to save the network of a run in Train's table.
    SaveRun,
    /// Where to save its curves.
    SaveCurves,
    /// Where to save a report on a run.
    SaveReport,
    /// Where to save a picture of the window.
    Screenshot,
    /// Where to save the numbers of a view.
    SaveNumbers(NumbersFormat),
    /// Where to save a picture or a film of a view.
    SavePicture(PictureFormat),
    /// The spec of a network, for Architecture.
    Spec,
    /// Where to save the draft of Architecture.
    SaveSpec,
    /// A lesson.
    Lesson,
    /// Where to save the lesson that is being recorded.
    SaveLesson,
    /// Where to save the work on a lesson.
    SaveHandIn,
    /// The state of the window.
    State,
    /// Where to save it.
    SaveState,
    /// The folder to export the labelled drawings to.
    Drawings,
    /// The folder to write worksheets to.
    Worksheets,
}

impl FileKind {
    /// Whether the window writes the file.
    pub fn is_saved(self) -> bool {
        matches!(
            self,
            Self::SaveModel
                | Self::SaveSpec
                | Self::SaveRun
                | Self::SaveCurves
                | Self::SaveReport
                | Self::Screenshot
                | Self::SavePicture(_)
                | Self::SaveNumbers(_)
                | Self::SaveState
                | Self::SaveLesson
                | Self::SaveHandIn
                | Self::Drawings
                | Self::Worksheets
        )
    }

    /// The extension of the files that the window writes; `None` for folders and for files that are opened.
    pub fn extension(self) -> Option<&'static str> {
        match self {
            Self::SaveModel | Self::SaveRun => Some("safetensors"),
            Self::SaveCurves => Some("csv"),
            Self::SaveReport => Some("html"),
            Self::SaveSpec => Some("json"),
            Self::Screenshot => Some("png"),
            Self::SavePicture(format) => Some(format.ending()),
            Self::SaveNumbers(format) => Some(format.ending()),
            Self::SaveState => Some("convlens"),
            Self::SaveLesson => Some("md"),
            Self::SaveHandIn => Some("handin"),
            Self::Picture
            | Self::Photograph
            | Self::DataSet
            | Self::Model
            | Self::Lesson
            | Self::Spec
            | Self::State
            | Self::Drawings
            | Self::Worksheets => None,
        }
    }

    /// Other extensions that the file may have: those of exports.
    pub fn other_extensions(self) -> &'static [&'static str] {
        match self {
            Self::SaveModel | Self::SaveRun => &["onnx", "py", "json", "h"],
            Self::SaveSpec => &["py"],
            _ => &[],
        }
    }

    /// The kind under which the last folder is remembered: one for models, one for pictures, and so on.
    #[must_use]
    pub fn folder_group(self) -> Self {
        match self {
            Self::Photograph => Self::Picture,
            Self::SaveModel | Self::SaveRun => Self::Model,
            Self::SaveSpec => Self::Spec,
            Self::SavePicture(_) => Self::Screenshot,
            Self::SaveNumbers(_) => Self::SaveCurves,
            Self::SaveState => Self::State,
            Self::SaveLesson => Self::Lesson,
            kind => kind,
        }
    }
}
