//! What is kept when the program closes: the settings file, and when it is written.

pub mod autosave;
pub mod settings_file;
