//! The data of the Pooling view: settings, results, animations.

pub mod lab;
pub mod make;
pub mod maps;
pub mod presets;
pub mod setup;

pub use lab::{PoolingLab, Target};
pub use make::{Backward, GradientOf, Gradients, PoolingRejected, PoolingSetting, ShiftEffect, Study};
pub use maps::{column_name, map_columns, map_values};
pub use presets::{PRESETS, Preset};
pub use setup::{MAX_NUMBERS, Numbers, PoolingMode, PoolingSetup, PoolingSource, Walk};
