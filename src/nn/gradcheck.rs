//! Gradient check: backpropagation against the central difference `(L(w + h) − L(w − h)) / 2h`.

use super::{
    network::{Network, Parameters},
    parallel::{Executor, Serial},
    step::Workspace,
};

/// Two slopes agree if they differ by at most this fraction of the largest slope of their tensor.
pub const AGREES: f64 = 0.01;

/// The two gradients of one value of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// The parameter's key, such as `0.weight`.
    pub name: String,
    /// The layer of the parameter, from 0.
    pub layer: usize,
    /// The index of the value.
    pub index: usize,
    /// By backpropagation.
    pub backpropagated: f64,
    /// By the central difference.
    pub numerical: f64,
    /// The first layer that has a corner between `w − h` and `w + h`: a ReLU of it switched, or a max pooling took another
    /// cell. The loss is bent there, so that the central difference is a mean of two slopes.
    pub corner: Option<usize>,
}

impl Check {
    /// `|a − b|`; not a number if one of them is none.
    pub fn difference(&self) -> f64 {
        (self.backpropagated - self.numerical).abs()
    }

    /// `|a − b| / max(|a|, |b|, floor)`, where `floor` is the rounding error of a zero gradient.
    pub fn relative_error(&self, floor: f64) -> f64 {
        self.difference() / self.size().max(floor)
    }

    /// The larger of both, without its sign.
    fn size(&self) -> f64 {
        self.backpropagated.abs().max(self.numerical.abs())
    }
}

/// What was found of one parameter tensor.
#[derive(Clone, Debug, PartialEq)]
pub struct TensorChecks {
    /// Its key, such as `0.weight`.
    pub name: String,
    /// Its layer, from 0.
    pub layer: usize,
    /// The number of its values.
    pub values: usize,
    /// How many of them were checked.
    pub checked: usize,
    /// How many of those are near a corner; see [`Check::corner`].
    pub corners: usize,
    /// The largest of both gradients of all checked values, without its sign.
    pub largest: f64,
    /// The largest difference of the two gradients, as a fraction of [`TensorChecks::largest`]; 0 if that is 0.
    pub max_relative_difference: f64,
}

impl TensorChecks {
    /// What was found of each parameter tensor of a network, in order; those without a check are left out.
    pub fn of(network: &Network, checks: &[Check]) -> Vec<Self> {
        let layers = network.parameters().iter().enumerate();
        let of = layers.flat_map(|(layer, tensors)| std::iter::repeat_n(layer, tensors.len()));
        let tensors = network.named_parameters().zip(of).map(|((name, tensor), layer)| {
            let own = || checks.iter().filter(|check| check.name == name);
            let most = |values: &mut dyn Iterator<Item = f64>| {
                values.fold(
                    0.0,
                    |most: f64, v| if v.is_nan() || most.is_nan() { f64::NAN } else { most.max(v) },
                )
            };
            let largest = most(&mut own().map(Check::size_or_nan));
            let difference = most(&mut own().map(Check::difference));
            Self {
                layer,
                values: tensor.len(),
                checked: own().count(),
                corners: own().filter(|check| check.corner.is_some()).count(),
                largest,
                max_relative_difference: share(difference, largest),
                name,
            }
        });
        tensors.filter(|tensor| tensor.checked > 0).collect()
    }

    /// The difference of a check of this tensor as a fraction of its largest gradient.
    pub fn relative_difference(&self, check: &Check) -> f64 {
        share(check.difference(), self.largest)
    }
}

impl Check {
    fn size_or_nan(&self) -> f64 {
        let both = self.backpropagated + self.numerical;
        if both.is_nan() { f64::NAN } else { self.size() }
    }
}

/// A part of a whole; none of nothing.
fn share(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

/// A gradient check that its caller steps, one value at a time.
#[derive(Debug)]
pub struct GradientCheck {
    network: Network,
    workspace: Workspace,
    gradients: Parameters,
    names: Vec<String>,
    /// The values to check: layer, parameter, the parameter's number in the network, index.
    places: Vec<(usize, usize, usize, usize)>,
    done: usize,
    h: f32,
}

impl GradientCheck {
    /// Checks up to `each` evenly spaced values of every parameter on one batch, with step `h`: of one layer, or of all.
    ///
    /// `inputs`: (images, input shape).
    pub fn new(
        network: Network,
        (inputs, labels): (&[f32], &[u8]),
        layer: Option<usize>,
        each: usize,
        h: f32,
    ) -> Self {
        let mut workspace = Workspace::new(&network, labels.len(), true);
        let input_len = network.input().len();
        workspace.load(labels.len(), &Serial, |first, x, t| {
            x.copy_from_slice(&inputs[first * input_len..][..x.len()]);
            t.copy_from_slice(&labels[first..][..t.len()]);
        });
        // Every pass uses the same random choices: otherwise the losses would differ by more than the step's effect.
        workspace.set_seed(0, 0);
        workspace.forward_backward(&network, &Serial);
        let gradients = workspace.gradients().clone();
        let names = network.named_parameters().map(|(name, _)| name).collect();
        let mut places = Vec::new();
        let tensors = gradients.iter().enumerate().flat_map(|(l, t)| (0..t.len()).map(move |p| (l, p)));
        for (number, (l, p)) in
            tensors.enumerate().filter(|(_, (l, _))| layer.is_none_or(|layer| layer == *l))
        {
            let len = gradients[l][p].len();
            let spaced = (0..len).step_by(len.div_ceil(each.max(1)).max(1));
            places.extend(spaced.map(|index| (l, p, number, index)));
        }
        Self { network, workspace, gradients, names, places, done: 0, h }
    }

    /// The values to check.
    pub fn total(&self) -> usize {
        self.places.len()
    }

    /// The values checked so far.
    pub fn done(&self) -> usize {
        self.done
    }

    /// Checks the next value; `None` after the last.
    pub fn step(&mut self, executor: &dyn Executor) -> Option<Check> {
        let &(layer, parameter, number, index) = self.places.get(self.done)?;
        self.done += 1;
        let Self { network, workspace, h, .. } = self;
        let mut loss_at = |shift: f32| {
            let value = &mut network.parameters_mut()[layer][parameter].values_mut()[index];
            let kept = *value;
            *value = kept + shift;
            // The difference is divided by the step as rounded to f32.
            let moved = f64::from(*value) - f64::from(kept);
            workspace.set_seed(0, 0);
            let loss = workspace.forward_training(network, executor).loss;
            network.parameters_mut()[layer][parameter].values_mut()[index] = kept;
            (loss, moved, workspace.sides(network))
        };
        let (above, up, sides_above) = loss_at(*h);
        let (below, down, sides_below) = loss_at(-*h);
        let changed = sides_above.iter().zip(&sides_below).find(|(a, b)| a != b);
        Some(Check {
            name: self.names[number].clone(),
            layer,
            index,
            backpropagated: f64::from(self.gradients[layer][parameter].values()[index]),
            numerical: (above - below) / (up - down),
            corner: changed.map(|((layer, _), _)| *layer),
        })
    }
}

/// Makes a whole [`GradientCheck`] of all layers.
///
/// `inputs`: (images, input shape).
pub fn check(network: &Network, inputs: &[f32], labels: &[u8], each: usize, h: f32) -> Vec<Check> {
    let mut check = GradientCheck::new(network.clone(), (inputs, labels), None, each, h);
    std::iter::from_fn(|| check.step(&Serial)).collect()
}
