//! `relu`: `max(0, x)` for every value.

use super::{
    Layer, LayerError, Settings,
    activation::{Elementwise, example_shapes},
};
use crate::nn::shape::Shape;
use serde::{Deserialize, Serialize};

/// `y = max(0, x)`, element by element; the gradient at 0 is 0, as in PyTorch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relu {}

impl Settings for Relu {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        Ok(Box::new(Elementwise {
            shape: input,
            name: "relu",
            // `max` would turn the NaN of a network that diverges into a harmless 0.
            function: |x: f32| if x < 0.0 { 0.0 } else { x },
            slope: |_, y: f32| if y > 0.0 { 1.0 } else { 0.0 },
        }))
    }

    fn summary(&self) -> String {
        "ReLU".into()
    }

    fn examples() -> Vec<(Self, Shape)> {
        example_shapes().into_iter().map(|shape| (Self {}, shape)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::layers::Aux;

    #[test]
    fn nan_is_not_hidden() {
        let layer = Relu {}.build(Shape::Vector(3)).unwrap();
        let mut y = [9.0; 3];
        layer.forward(&[], &[f32::NAN, -2.0, 3.0], &mut y, &mut Aux::alone());
        assert!(y[0].is_nan());
        assert_eq!(y[1..], [0.0, 3.0]);
    }
}
