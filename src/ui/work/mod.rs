//! Background work. All threads of the window are started here.

pub mod choices;
pub mod compare;
pub mod dialog;
pub mod evaluate;
pub mod gradcheck;
pub mod inference;
pub mod latest;
pub mod layers;
pub mod learning;
pub mod lesson_file;
pub mod moments;
pub mod my_lessons;
pub mod open_file;
pub mod photo_maps;
pub mod pooling;
pub mod saliency;
pub mod similar;
pub mod state_file;
pub mod tasks;
pub mod throttled;
pub mod top_activations;
