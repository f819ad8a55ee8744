//! What is kept when the program closes: the settings file, and when it is written.

pub mod autosave;
pub mod only_window;
pub mod recording_file;
pub mod settings_file;
