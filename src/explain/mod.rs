//! What a network does, as data that can be shown: it reads `nn` and nothing else.

pub mod receptive_field;

pub use receptive_field::ReceptiveField;
