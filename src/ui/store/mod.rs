//! What is kept between two runs of the program: the file, and when it is written.

pub mod autosave;
pub mod settings_file;
