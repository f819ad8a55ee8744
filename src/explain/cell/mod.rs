//! How one cell of a layer's output came about: every number that went into it, out of the trace and the weights.
//!
//! The value itself is the trace's. What is here are its parts, which add up to it but for the rounding of the order in
//! which they are added; `tests/explain_cells.rs` holds them against the trace for every layer of the registry.

mod pools;
mod sums;

use crate::nn::{LayerSpec, Network, Shape, Tensor, Trace, layers};

/// A place in maps, (channel, row, column); element i of a vector is (i, 0, 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The map.
    pub channel: usize,
    /// From the top.
    pub row: usize,
    /// From the left.
    pub column: usize,
}

impl Place {
    /// The place of element `at` of a tensor of this shape.
    pub fn of(at: usize, shape: Shape) -> Self {
        let (_, height, width) = shape.as_maps();
        Self { channel: at / (height * width), row: at / width % height, column: at % width }
    }

    /// Its element in a tensor of this shape.
    pub fn index(self, shape: Shape) -> usize {
        let (_, height, width) = shape.as_maps();
        (self.channel * height + self.row) * width + self.column
    }
}

/// A cell under a window; outside the input it is padding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// The row in the input, below 0 or beyond its end in the padding.
    pub row: isize,
    /// The column.
    pub column: isize,
    /// Whether the input has this cell.
    pub inside: bool,
    /// Its value; 0 in the padding.
    pub x: f32,
}

/// One product of a sum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    /// What the weight is multiplied with.
    pub seen: Seen,
    /// The (row, column) of the weight in its kernel; (0, number of the input) of a fully connected layer.
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

/// What one input channel gave to a sum.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The channel of the input; 0 of a vector.
    pub channel: usize,
    /// Its products, in the order of the kernel.
    pub terms: Vec<Term>,
}

impl Part {
    /// Products of numbers that stand in no maps, as those of a row.
    pub fn of_pairs(pairs: impl Iterator<Item = (f32, f32)>) -> Self {
        let term = |(at, (x, weight)): (usize, (f32, f32))| Term {
            seen: Seen { row: 0, column: at as isize, inside: true, x },
            kernel: (0, at),
            weight,
        };
        Self { channel: 0, terms: pairs.enumerate().map(term).collect() }
    }

    /// The sum of its products.
    pub fn subtotal(&self) -> f32 {
        self.terms.iter().map(Term::product).sum()
    }
}

/// How a cell came about.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Products of weights and inputs, added up: `conv2d`, `conv_transpose2d`, `linear`.
    Sum {
        /// A part an input channel.
        parts: Vec<Part>,
        /// What is added at the end.
        bias: Option<f32>,
    },
    /// The largest value under a window: `max_pool2d`.
    Largest {
        /// The channel, which is the output's too.
        channel: usize,
        /// What the window sees of the input; padding never wins.
        window: Vec<Seen>,
        /// The cells of the window that are as large as the largest; the gradient goes back to the first.
        winners: Vec<usize>,
    },
    /// The mean under a window: `avg_pool2d`, `global_avg_pool2d`.
    Mean {
        /// The channel, which is the output's too.
        channel: usize,
        /// What the window sees, with the padding's zeros.
        window: Vec<Seen>,
        /// What the sum is divided by.
        divisor: f32,
    },
    /// A function of one value: the activations.
    Function {
        /// Where the value is.
        from: Place,
        /// The value.
        x: f32,
    },
    /// The value as it was, elsewhere: `flatten`, `channel_shuffle`; and `dropout` in use.
    Same {
        /// Where it was.
        from: Place,
        /// The value.
        x: f32,
    },
    /// `x / (k + alpha / size · Σ neighbours²)^beta`: `local_response_norm`.
    ResponseNorm {
        /// Its settings.
        settings: layers::LocalResponseNorm,
        /// The value.
        x: f32,
        /// (channel, value) of those that count, itself among them.
        neighbours: Vec<(usize, f32)>,
    },
    /// `(x − mean) / √(variance + eps) · weight + bias`: `batch_norm2d` in use.
    BatchNorm {
        /// The value.
        x: f32,
        /// The running mean of its channel.
        mean: f32,
        /// The running variance of its channel.
        variance: f32,
        /// What keeps the quotient finite.
        eps: f32,
        /// The learned width.
        weight: f32,
        /// The learned mean.
        bias: f32,
    },
}

impl Cell {
    /// Explains element `at` of the output of layer `number`, for the first image of a trace of a network in use.
    /// `None` if there is no such layer or element, or the trace is of another network.
    pub fn of(network: &Network, trace: &Trace, number: usize, at: usize) -> Option<Self> {
        let (spec, layer) = (network.spec().layers.get(number)?, network.layers().get(number)?);
        let x = match number.checked_sub(1) {
            None => trace.input.values().get(..layer.input().len())?,
            Some(before) => trace.activations.get(before).map(|_| trace.activation(before))?,
        };
        if x.len() != layer.input().len() || at >= layer.output().len() {
            return None;
        }
        let input = Input { shape: layer.input(), x };
        let tensors = (network.parameters()[number].as_slice(), network.buffers()[number].as_slice());
        Some(explain(spec, input, layer.output(), Place::of(at, layer.output()), tensors))
    }

    /// What its parts come to: the trace's value but for rounding. `None` for a function of one value, which has no
    /// parts.
    pub fn total(&self) -> Option<f32> {
        Some(match self {
            Self::Sum { parts, bias } => parts.iter().map(Part::subtotal).sum::<f32>() + bias.unwrap_or(0.0),
            Self::Largest { window, winners, .. } => window[*winners.first()?].x,
            // In f64, as the layer: a window may have a million cells.
            Self::Mean { window, divisor, .. } => {
                (window.iter().map(|seen| f64::from(seen.x)).sum::<f64>() / f64::from(*divisor)) as f32
            }
            Self::Function { .. } => return None,
            Self::Same { x, .. } => *x,
            Self::ResponseNorm { settings, x, .. } => x / self.response()?.powf(settings.beta),
            Self::BatchNorm { x, mean, variance, eps, weight, bias } => {
                (x - mean) / (variance + eps).sqrt() * weight + bias
            }
        })
    }

    /// The products of a sum that weigh most, largest first whatever their sign, at most `count` of them, each with its
    /// input channel; and the sum of all others. `None` if the cell is no sum.
    pub fn strongest(&self, count: usize) -> Option<(Vec<(usize, Term)>, f32)> {
        let Self::Sum { parts, .. } = self else { return None };
        let (mut strongest, mut others) = (Vec::<(usize, Term)>::new(), 0.0);
        for part in parts {
            // A layer may have hundreds of thousands of products: none is moved that is not among the strongest.
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

    /// What a value is divided by in `local_response_norm`, before the power; `None` in other layers.
    pub fn response(&self) -> Option<f32> {
        let Self::ResponseNorm { settings, neighbours, .. } = self else { return None };
        let squares: f32 = neighbours.iter().map(|(_, x)| x * x).sum();
        Some(settings.k + settings.alpha / settings.size as f32 * squares)
    }
}

/// What a layer reads.
#[derive(Clone, Copy)]
struct Input<'a> {
    shape: Shape,
    x: &'a [f32],
}

impl Input<'_> {
    fn at(&self, place: Place) -> f32 {
        self.x[place.index(self.shape)]
    }

    /// The cell of a channel at a row and column that may be outside.
    fn seen(&self, channel: usize, row: isize, column: isize) -> Seen {
        let (_, height, width) = self.shape.as_maps();
        let place = match (usize::try_from(row), usize::try_from(column)) {
            (Ok(row), Ok(column)) if row < height && column < width => Some(Place { channel, row, column }),
            _ => None,
        };
        Seen { row, column, inside: place.is_some(), x: place.map_or(0.0, |place| self.at(place)) }
    }
}

fn explain(
    spec: &LayerSpec,
    input: Input<'_>,
    output: Shape,
    place: Place,
    (parameters, buffers): (&[Tensor], &[Tensor]),
) -> Cell {
    let same = |from: Place| Cell::Same { from, x: input.at(from) };
    let of_channel = |tensor: &Tensor| tensor.values()[place.channel];
    match spec {
        LayerSpec::Conv2d(conv) => sums::conv2d(conv, input, place, parameters),
        LayerSpec::ConvTranspose2d(conv) => sums::conv_transpose2d(conv, input, place, parameters),
        LayerSpec::Linear(_) => sums::linear(input, place, parameters),
        LayerSpec::MaxPool2d(pool) => pools::largest(pool, input, place),
        LayerSpec::AvgPool2d(pool) => pools::mean(pool, input, place),
        LayerSpec::GlobalAvgPool2d(_) => pools::global_mean(input, place),
        LayerSpec::Relu(_)
        | LayerSpec::LeakyRelu(_)
        | LayerSpec::Sigmoid(_)
        | LayerSpec::Tanh(_)
        | LayerSpec::Softplus(_)
        | LayerSpec::Gelu(_)
        | LayerSpec::Silu(_)
        | LayerSpec::Elu(_) => Cell::Function { from: place, x: input.at(place) },
        LayerSpec::Flatten(_) => same(Place::of(place.index(output), input.shape)),
        LayerSpec::Dropout(_) => same(place),
        LayerSpec::ChannelShuffle(shuffle) => {
            let (channels, ..) = input.shape.as_maps();
            let rows = shuffle.groups;
            // Map (i, j) of the input, seen as (groups, channels / groups), stands at (j, i).
            let (j, i) = (place.channel / rows, place.channel % rows);
            same(Place { channel: i * (channels / rows) + j, ..place })
        }
        LayerSpec::LocalResponseNorm(settings) => {
            let (channels, ..) = input.shape.as_maps();
            let first = place.channel.saturating_sub(settings.size / 2);
            let end = channels.min(place.channel + settings.size.div_ceil(2));
            let neighbours = (first..end).map(|channel| (channel, input.at(Place { channel, ..place })));
            let (settings, x) = (*settings, input.at(place));
            Cell::ResponseNorm { settings, x, neighbours: neighbours.collect() }
        }
        LayerSpec::BatchNorm2d(norm) => Cell::BatchNorm {
            x: input.at(place),
            mean: of_channel(&buffers[0]),
            variance: of_channel(&buffers[1]),
            eps: norm.eps,
            weight: of_channel(&parameters[0]),
            bias: of_channel(&parameters[1]),
        },
    }
}
