//! `prelu`: `x` above 0, `weight·x` below, with a slope that is learnt.

use super::{
    context::{BackwardInput, LayerContext},
    error::LayerError,
    layer::{Initial, Interleaving, Layer, ParameterSpec},
    settings::Settings,
};
use crate::{
    nn::{setting_error::SettingError, shape::Shape, tensor::Tensor},
    text::Sentence,
};
use serde::{Deserialize, Serialize};

/// The settings of `torch.nn.PReLU` (He et al. 2015, arXiv:1502.01852): `y = x` for x > 0, else `weight·x`.
///
/// Parameter: weight (`num_parameters`).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Prelu {
    /// 1, a slope for all channels, or the number of channels, a slope for each.
    pub num_parameters: usize,
    /// The slopes before training.
    pub init: f32,
}

impl Default for Prelu {
    fn default() -> Self {
        Self { num_parameters: 1, init: 0.25 }
    }
}

impl Settings for Prelu {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        let (channels, height, width) = input.as_maps();
        let Self { num_parameters, init } = *self;
        if num_parameters != 1 && num_parameters != channels {
            let sentence =
                "{setting} is {value}, but must be 1 or the number of channels, which is {channels}";
            let error = SettingError::new("num_parameters", num_parameters, sentence);
            return Err(error.with("channels", channels).into());
        }
        SettingError::check_finite("init", init)?;
        Ok(Box::new(Module { input, channels, plane: height * width, slopes: num_parameters, init }))
    }

    fn summary(&self) -> String {
        "PReLU".into()
    }

    fn formula(&self) -> Option<Sentence> {
        Some(Sentence::new("x, or weight · x below 0"))
    }

    fn examples() -> Vec<(Self, Shape)> {
        let each = |num_parameters| Self { num_parameters, init: 0.5 };
        vec![
            (Self::default(), Shape::maps(2, 3, 4)),
            (Self::default(), Shape::Vector(5)),
            (each(3), Shape::maps(3, 2, 3)),
            (each(4), Shape::Vector(4)),
        ]
    }
}

#[derive(Debug)]
struct Module {
    input: Shape,
    channels: usize,
    plane: usize,
    slopes: usize,
    init: f32,
}

impl Module {
    /// The slope's index for map `number` of the batch.
    fn slope(&self, number: usize) -> usize {
        if self.slopes == 1 { 0 } else { number % self.channels }
    }
}

impl Layer for Module {
    fn input(&self) -> Shape {
        self.input
    }

    fn output(&self) -> Shape {
        self.input
    }

    fn parameters(&self) -> Vec<ParameterSpec> {
        let initial = Initial::Constant(self.init);
        vec![ParameterSpec { name: "weight", shape: vec![self.slopes], initial }]
    }

    fn interleaving(&self) -> Interleaving {
        Interleaving::Kept
    }

    fn forward(&self, parameters: &[Tensor], x: &[f32], y: &mut [f32], context: &mut LayerContext<'_>) {
        let len = self.plane * context.interleaved;
        for (number, (x, y)) in x.chunks_exact(len).zip(y.chunks_exact_mut(len)).enumerate() {
            let slope = parameters[0].values()[self.slope(number)];
            for (y, &x) in y.iter_mut().zip(x) {
                *y = if x > 0.0 { x } else { slope * x };
            }
        }
    }

    fn backward(
        &self,
        parameters: &[Tensor],
        input: BackwardInput<'_>,
        mut dx: Option<&mut [f32]>,
        gradients: &mut [Tensor],
        context: &mut LayerContext<'_>,
    ) {
        let len = self.plane * context.interleaved;
        for (number, (x, dy)) in input.x.chunks_exact(len).zip(input.dy.chunks_exact(len)).enumerate() {
            let at = self.slope(number);
            let slope = parameters[0].values()[at];
            if let Some(gradient) = gradients.first_mut() {
                let below = x.iter().zip(dy).filter(|(x, _)| **x <= 0.0);
                let sum: f64 = below.map(|(&x, &dy)| f64::from(x) * f64::from(dy)).sum();
                gradient.values_mut()[at] += sum as f32;
            }
            let Some(dx) = dx.as_deref_mut() else { continue };
            for ((dx, &x), &dy) in dx[number * len..][..len].iter_mut().zip(x).zip(dy) {
                *dx = if x > 0.0 { dy } else { slope * dy };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_belong_to_channels() {
        let layer = Prelu { num_parameters: 2, init: 0.1 }.build(Shape::maps(2, 1, 2)).unwrap();
        let weight = [Tensor::new(&[2], &[0.5, -2.0]).unwrap()];
        let mut y = [0.0; 4];
        layer.forward(&weight, &[-2.0, 3.0, -1.0, 4.0], &mut y, &mut LayerContext::empty());
        assert_eq!(y, [-1.0, 3.0, 2.0, 4.0]);
    }

    #[test]
    fn other_numbers_of_slopes_are_refused() {
        let reason = Prelu { num_parameters: 2, init: 0.1 }.build(Shape::maps(3, 1, 2)).unwrap_err();
        assert_eq!(
            reason.to_string(),
            "num_parameters is 2, but must be 1 or the number of channels, which is 3"
        );
        let reason = Prelu { num_parameters: 1, init: f32::NAN }.build(Shape::Vector(3)).unwrap_err();
        assert!(reason.to_string().contains("init is NaN"));
    }
}
