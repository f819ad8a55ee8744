//! How one value of a layer's output is computed: the numbers that enter it, taken from the trace and the weights.
//!
//! The value itself is in the trace. The terms given here add up to it, up to rounding, because the layers add in a
//! different order.

mod explain;
mod input;
mod pools;
mod sums;

use crate::nn::{Shape, layers};

/// A position in an activation: (channel, row, column). Element i of a vector is (i, 0, 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The channel.
    pub channel: usize,
    /// The row, from the top.
    pub row: usize,
    /// The column, from the left.
    pub column: usize,
}

impl Place {
    /// The position of element `at` in a tensor of this shape.
    pub fn of(at: usize, shape: Shape) -> Self {
        let (_, height, width) = shape.as_maps();
        Self { channel: at / (height * width), row: at / width % height, column: at % width }
    }

    /// The element index in a tensor of this shape.
    pub fn index(self, shape: Shape) -> usize {
        let (_, height, width) = shape.as_maps();
        (self.channel * height + self.row) * width + self.column
    }
}

/// An input cell under a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WindowCell {
    /// The row in the input; outside its range in the padding.
    pub row: isize,
    /// The column in the input; outside its range in the padding.
    pub column: isize,
    /// Whether the cell is inside the input, not in the padding.
    pub inside: bool,
    /// The (row, column) of the input cell that has the value: this one, or the one that the padding shows. `None` for a zero.
    pub from: Option<(usize, usize)>,
    /// The value; 0 in the padding, unless it shows a cell.
    pub x: f32,
}

impl WindowCell {
    /// An element of a vector, as a cell of one row.
    pub fn of_vector(at: usize, x: f32) -> Self {
        Self { row: 0, column: at as isize, inside: true, from: Some((0, at)), x }
    }
}

/// One product `x · weight` of a sum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    /// The input cell.
    pub seen: WindowCell,
    /// The (row, column) of the weight in its kernel; (0, input index) in a fully connected layer.
    pub kernel: (usize, usize),
    /// The weight.
    pub weight: f32,
}

impl Term {
    /// The product.
    pub fn product(&self) -> f32 {
        self.seen.x * self.weight
    }
}

/// The products of one input channel.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelTerms {
    /// The input channel; 0 for a vector.
    pub channel: usize,
    /// The products, in the order of the kernel.
    pub terms: Vec<Term>,
}

impl ChannelTerms {
    /// The products of number pairs that do not belong to a map, as cells of one row.
    pub fn of_pairs(pairs: impl Iterator<Item = (f32, f32)>) -> Self {
        let term = |(at, (x, weight)): (usize, (f32, f32))| Term {
            seen: WindowCell::of_vector(at, x),
            kernel: (0, at),
            weight,
        };
        Self { channel: 0, terms: pairs.enumerate().map(term).collect() }
    }

    /// The sum of the products.
    pub fn subtotal(&self) -> f32 {
        self.terms.iter().map(Term::product).sum()
    }
}

/// The computation of one output value.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A sum of products: `conv2d`, `conv_transpose2d`, `linear`, `upsample` between cells.
    Sum {
        /// The products of each input channel.
        parts: Vec<ChannelTerms>,
        /// The bias, if the layer has one.
        bias: Option<f32>,
    },
    /// The maximum of a window: `max_pool2d`, `adaptive_max_pool2d`.
    Largest {
        /// The channel, the same in input and output.
        channel: usize,
        /// The cells under the window. Padding is never the maximum.
        window: Vec<WindowCell>,
        /// The indices in `window` of all cells equal to the maximum. The gradient goes to the first.
        winners: Vec<usize>,
    },
    /// The mean of a window: `avg_pool2d`, `adaptive_avg_pool2d`, `global_avg_pool2d`.
    Mean {
        /// The channel, the same in input and output.
        channel: usize,
        /// The cells under the window, including padding.
        window: Vec<WindowCell>,
        /// The number by which the sum is divided.
        divisor: f32,
    },
    /// A function of one value: the activation layers.
    Function {
        /// The position of the input value.
        from: Place,
        /// The input value.
        x: f32,
    },
    /// `x` above 0, `weight · x` below, with a learnt weight: `prelu`.
    Sloped {
        /// The position of the input value.
        from: Place,
        /// The input value.
        x: f32,
        /// The slope below 0 of the value's channel.
        weight: f32,
    },
    /// A copy of one value: `flatten`, `channel_shuffle`, `upsample` without interpolation, the inside of `zero_pad2d`, and
    /// `dropout` in inference mode.
    Same {
        /// The position of the input value.
        from: Place,
        /// The input value.
        x: f32,
    },
    /// A zero that does not depend on the input: the border of `zero_pad2d`.
    Border,
    /// `x / (k + alpha / size · Σ neighbours²)^beta`: `local_response_norm`.
    ResponseNorm {
        /// The settings of the layer.
        settings: layers::LocalResponseNorm,
        /// The input value.
        x: f32,
        /// The (channel, value) of each channel in the sum, including the channel itself.
        neighbours: Vec<(usize, f32)>,
    },
    /// `(x − mean) / √(variance + eps) · weight + bias`: `batch_norm2d` and `batch_norm1d` in inference mode, `layer_norm` and
    /// `group_norm`.
    BatchNorm {
        /// The input value.
        x: f32,
        /// The running mean of the channel, or the mean of the values that are normalised together.
        mean: f32,
        /// Their variance.
        variance: f32,
        /// Added to the variance to avoid a division by zero.
        eps: f32,
        /// The learned scale γ.
        weight: f32,
        /// The learned shift β.
        bias: f32,
    },
}

impl Cell {
    /// The value computed from the terms; equal to the traced value up to rounding. `None` for an activation function.
    pub fn total(&self) -> Option<f32> {
        Some(match self {
            Self::Sum { parts, bias } => {
                parts.iter().map(ChannelTerms::subtotal).sum::<f32>() + bias.unwrap_or(0.0)
            }
            Self::Largest { window, winners, .. } => window[*winners.first()?].x,
            // In f64, as the layer: a window may have a million cells.
            Self::Mean { window, divisor, .. } => {
                (window.iter().map(|seen| f64::from(seen.x)).sum::<f64>() / f64::from(*divisor)) as f32
            }
            Self::Function { .. } => return None,
            Self::Sloped { x, weight, .. } => {
                if *x > 0.0 {
                    *x
                } else {
                    weight * x
                }
            }
            Self::Same { x, .. } => *x,
            Self::Border => 0.0,
            Self::ResponseNorm { settings, x, .. } => x / self.response()?.powf(settings.beta),
            Self::BatchNorm { x, mean, variance, eps, weight, bias } => {
                (x - mean) / (variance + eps).sqrt() * weight + bias
            }
        })
    }

    /// The `count` products with the largest absolute value, largest first, each with its input channel, and the sum of
    /// all other products. `None` if the cell is not a sum.
    pub fn strongest(&self, count: usize) -> Option<(Vec<(usize, Term)>, f32)> {
        let Self::Sum { parts, .. } = self else { return None };
        let (mut strongest, mut others) = (Vec::<(usize, Term)>::new(), 0.0);
        for part in parts {
            // Keeps only `count` terms while scanning: a layer can have several hundred thousand.
            for term in &part.terms {
                let size = term.product().abs();
                let place = strongest.partition_point(|(_, other)| other.product().abs() >= size);
                if place < count {
                    strongest.insert(place, (part.channel, *term));
                    let weakest = if strongest.len() > count { strongest.pop() } else { None };
                    others += weakest.map_or(0.0, |(_, term)| term.product());
                } else {
                    others += term.product();
                }
            }
        }
        Some((strongest, others))
    }

    /// The base of the power in `local_response_norm`; `None` for other layers.
    pub fn response(&self) -> Option<f32> {
        let Self::ResponseNorm { settings, neighbours, .. } = self else { return None };
        let squares: f32 = neighbours.iter().map(|(_, x)| x * x).sum();
        Some(settings.k + settings.alpha / settings.size as f32 * squares)
    }
}
