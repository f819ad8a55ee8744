//! How much of a map is gone after pooling.

use super::Pooling;

/// The pooled map blown up to the size of its source, and how far it is from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    /// The pooled map in the source's size: each cell takes the nearest pooled value, as
    /// `torch.nn.functional.interpolate(mode="nearest")` does.
    pub blown_up: Vec<f32>,
    /// Pooled values over values of the source.
    pub kept: f32,
    /// The mean of (blown up − source)² over all cells.
    pub mean_squared: f32,
}

impl Pooling {
    /// The pooled map beside its source.
    pub fn loss(&self) -> Loss {
        let ((height, width), (rows, columns)) = (self.input_size(), self.output_size());
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (y, x)));
        let blown_up: Vec<f32> =
            places.map(|(y, x)| self.output()[y * rows / height * columns + x * columns / width]).collect();
        let squares = blown_up.iter().zip(self.input()).map(|(a, b)| f64::from(a - b).powi(2));
        let mean_squared = (squares.sum::<f64>() / blown_up.len().max(1) as f64) as f32;
        Loss { blown_up, kept: self.len() as f32 / self.input().len().max(1) as f32, mean_squared }
    }
}
