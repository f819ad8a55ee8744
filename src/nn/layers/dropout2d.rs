//! `dropout2d`: in training, sets each map to 0 with probability `p`; in evaluation, the identity.

use super::{
    dropout,
    error::LayerError,
    layer::Layer,
    settings::{Settings, need_maps},
};
use crate::nn::shape::Shape;
use serde::{Deserialize, Serialize};

/// The settings of `torch.nn.Dropout2d` (Tompson et al. 2015, arXiv:1411.4280): as [`Dropout`](super::Dropout), but whole
/// maps are dropped, since neighbouring cells of a map say nearly the same.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Dropout2d {
    /// The probability that a map is dropped, 0…1.
    pub p: f32,
}

impl Default for Dropout2d {
    fn default() -> Self {
        Self { p: 0.5 }
    }
}

impl Settings for Dropout2d {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        let (_, height, width) = need_maps(input)?;
        Ok(Box::new(dropout::Module::new(input, self.p, height * width)?))
    }

    fn summary(&self) -> String {
        format!("dropout 2d {}", self.p)
    }

    fn examples() -> Vec<(Self, Shape)> {
        let settings = |p| Self { p };
        vec![
            (settings(0.5), Shape::maps(4, 3, 2)),
            (settings(0.2), Shape::maps(3, 1, 1)),
            (settings(1.0), Shape::maps(2, 2, 2)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::layers::{BackwardInput, ForwardMode, LayerContext};

    #[test]
    fn whole_maps_are_dropped() {
        const MAPS: usize = 2000;
        let module = Dropout2d { p: 0.25 }.build(Shape::maps(MAPS, 2, 3)).unwrap();
        let (x, mut y, mut dx) = (vec![1.0; 6 * MAPS], vec![f32::NAN; 6 * MAPS], vec![f32::NAN; 6 * MAPS]);
        let mut indices = vec![0; MAPS];
        let mode = ForwardMode::Train { seed: 3 };
        let mut context = LayerContext { indices: &mut indices, mode, ..LayerContext::empty() };
        module.forward(&[], &x, &mut y, &mut context);
        let maps: Vec<_> = y.chunks_exact(6).collect();
        assert!(maps.iter().all(|map| *map == [0.0; 6] || *map == [1.0 / 0.75; 6]));
        let kept = maps.iter().filter(|map| map[0] != 0.0).count();
        assert!((1420..1580).contains(&kept), "{kept} of {MAPS} maps are kept");
        module.backward(&[], BackwardInput { x: &x, y: &y, dy: &x }, Some(&mut dx), &mut [], &mut context);
        assert_eq!(y, dx);
    }

    #[test]
    fn vectors_are_refused() {
        assert!(Dropout2d::default().build(Shape::Vector(3)).unwrap_err().to_string().contains("needs maps"));
        let reason = Dropout2d { p: 2.0 }.build(Shape::maps(1, 1, 1)).unwrap_err().to_string();
        assert_eq!(reason, "p is 2, but must be from 0 to 1");
    }
}
