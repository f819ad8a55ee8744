//! The data of the Convolution view: settings, results and animation.

pub mod act;
pub mod family;
pub mod history;
pub mod kept;
pub mod kernel_grid;
pub mod lab;
pub mod made_from;
pub mod make;
pub mod photo;
pub mod photos;
pub mod round;
pub mod setup;

pub use act::{ConvolutionAct, ConvolutionMode};
pub use family::{Block, ChainResult, FamilyChoice, FamilyResult, FamilySetup, Functions, MAX_LENGTHS};
pub use history::{EditedNumber, SetupHistory, SpareNumbers};
pub use kept::KeptLab;
pub use kernel_grid::KernelGrid;
pub use lab::ConvolutionLab;
pub use made_from::MadeFrom;
pub use make::{ConvolutionRejected, ConvolutionSetting, World, made};
pub use photo::Photo;
pub use round::{Answered, Round};
pub use setup::{ConvolutionSetup, ConvolutionSource, Kernels, MAX_CHANNELS, MAX_FILTERS, MAX_SIDE, Weights};
