//! What is kept between two starts of the program: the settings file, and when it is written.

pub mod autosave;
pub mod settings_file;
