//! `relu`: `max(0, x)`.

use super::{
    activation::{self, Elementwise},
    error::LayerError,
    layer::Layer,
    settings::Settings,
};
use crate::{nn::shape::Shape, text::Sentence};
use serde::{Deserialize, Serialize};

/// `y = max(0, x)`, element by element. The derivative at 0 is 0, as in PyTorch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relu {}

impl Settings for Relu {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        Ok(Box::new(Elementwise::new(
            input,
            "relu",
            // `f32::max` would turn the NaN of a network that diverges into a 0.
            #[inline(always)]
            |x: f32| if x < 0.0 { 0.0 } else { x },
            #[inline(always)]
            |_, y: f32| if y > 0.0 { 1.0 } else { 0.0 },
        )))
    }

    fn summary(&self) -> String {
        "ReLU".into()
    }

    fn formula(&self) -> Option<Sentence> {
        Some(Sentence::new("max(0, x)"))
    }

    fn examples() -> Vec<(Self, Shape)> {
        activation::examples([Self {}])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::layers::LayerContext;

    #[test]
    fn nan_is_not_hidden() {
        let layer = Relu {}.build(Shape::Vector(3)).unwrap();
        let mut y = [9.0; 3];
        layer.forward(&[], &[f32::NAN, -2.0, 3.0], &mut y, &mut LayerContext::empty());
        assert!(y[0].is_nan());
        assert_eq!(y[1..], [0.0, 3.0]);
    }
}
