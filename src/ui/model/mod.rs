//! The data that views read, that actions carry and that background work returns. Nothing here starts work or changes
//! the window's state.

pub mod answer;
pub mod architecture;
pub mod breakdown;
pub mod compare;
pub mod convolution;
pub mod data;
pub mod display;
pub mod evaluate;
pub mod file_kind;
pub mod file_question;
pub mod filters;
pub mod fine_tune;
pub mod hidden;
pub mod image;
pub mod learning;
pub mod lesson;
pub mod network;
pub mod pasted;
pub mod pooling;
pub mod presenting;
pub mod recording;
pub mod rejected;
pub mod saliency;
pub mod saved;
pub mod selection;
pub mod setting_error;
pub mod settings;
pub mod similar;
pub mod starter;
pub mod timeline;
pub mod tolerant;
pub mod top_activations;
pub mod typed_path;
pub mod view;
