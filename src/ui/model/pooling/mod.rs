//! The data of the Pooling view: what a person set, what the core made of it, and where the animations are.

pub mod lab;
pub mod make;
pub mod maps;
pub mod presets;
pub mod setup;

pub use lab::{PoolingLab, Target};
pub use make::{Back, GradientOf, Gradients, PoolingRejected, PoolingSetting, Shifts, Study};
pub use maps::{column_name, map_columns, map_values};
pub use presets::{PRESETS, Preset};
pub use setup::{MAX_NUMBERS, Numbers, PoolingMode, PoolingSetup, PoolingSource, Walk};
