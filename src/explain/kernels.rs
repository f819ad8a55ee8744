//! The kernels of a layer: their figures, an order in which they are looked at, and named ones of any size.

use super::convolution::{KERNELS, resized};
use crate::nn::{Pair, Tensor, filters::FilterLayout};

/// The figures of a kernel or of a filter.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct KernelFigures {
    /// The norm (L2).
    pub norm: f32,
    /// The mean.
    pub mean: f32,
    /// The smallest value.
    pub min: f32,
    /// The largest value.
    pub max: f32,
    /// The sum: the answer to an even area of 1.
    pub sum: f32,
}

impl KernelFigures {
    /// The figures of these values; zeros without values.
    pub fn of(values: &[f32]) -> Self {
        if values.is_empty() {
            return Self::default();
        }
        let sum: f64 = values.iter().map(|v| f64::from(*v)).sum();
        let (min, max) = values
            .iter()
            .fold((f32::INFINITY, f32::NEG_INFINITY), |(min, max), v| (min.min(*v), max.max(*v)));
        Self { norm: norm(values), mean: (sum / values.len() as f64) as f32, min, max, sum: sum as f32 }
    }
}

fn norm(values: &[f32]) -> f32 {
    values.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt() as f32
}

/// How far a filter is from what it was, as a part of what it was; infinite for one that was 0.
pub fn relative_change(before: &[f32], now: &[f32]) -> f32 {
    let difference: Vec<f32> = now.iter().zip(before).map(|(now, before)| now - before).collect();
    match (norm(&difference), norm(before)) {
        (0.0, _) => 0.0,
        (_, 0.0) => f32::INFINITY,
        (change, was) => change / was,
    }
}

/// The order of a layer's filters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum FilterOrder {
    /// By number.
    #[default]
    Index,
    /// The largest norm first.
    Size,
    /// The largest change since step 0 first.
    Change,
    /// The largest norm first, then each time the one whose kernels point in the most similar direction (cosine).
    Similarity,
}

impl FilterOrder {
    /// All orders.
    pub const ALL: [Self; 4] = [Self::Index, Self::Size, Self::Change, Self::Similarity];

    /// The filters of a layer in this order. `before` are its parameters at step 0; without them, nothing has changed.
    pub fn of(self, layout: &FilterLayout, now: &[Tensor], before: Option<&[Tensor]>) -> Vec<usize> {
        let kernels = |tensors: &[Tensor], filter: usize| -> Vec<f32> {
            let all = (0..layout.inputs).map(|input| layout.kernel_of(tensors, filter, input));
            all.flatten().copied().collect()
        };
        let mut order: Vec<usize> = (0..layout.filters).collect();
        let descending = |order: &mut Vec<usize>, keys: &[f32]| {
            order.sort_by(|a, b| keys[*b].total_cmp(&keys[*a]));
        };
        match self {
            Self::Index => {}
            Self::Size => {
                let norms: Vec<f32> = order.iter().map(|&filter| norm(&kernels(now, filter))).collect();
                descending(&mut order, &norms);
            }
            Self::Change => {
                let change = |&filter: &usize| {
                    before.map_or(0.0, |before| {
                        relative_change(&layout.values(before, filter), &layout.values(now, filter))
                    })
                };
                let changes: Vec<f32> = order.iter().map(change).collect();
                descending(&mut order, &changes);
            }
            Self::Similarity => {
                let all: Vec<Vec<f32>> = order.iter().map(|&filter| kernels(now, filter)).collect();
                return by_similarity(&all);
            }
        }
        order
    }
}

/// A chain that begins with the largest and goes on with the most similar one that is left.
fn by_similarity(all: &[Vec<f32>]) -> Vec<usize> {
    let norms: Vec<f32> = all.iter().map(|values| norm(values)).collect();
    let cosine = |a: usize, b: usize| {
        let dot: f32 = all[a].iter().zip(&all[b]).map(|(a, b)| a * b).sum();
        let size = norms[a] * norms[b];
        if size > 0.0 { dot / size } else { -1.0 }
    };
    let mut left: Vec<usize> = (0..all.len()).collect();
    let mut chain: Vec<usize> = Vec::with_capacity(all.len());
    while !left.is_empty() {
        let key = |&filter: &usize| match chain.last() {
            Some(&last) => cosine(last, filter),
            None => norms[filter],
        };
        // Of equals, the first.
        let keys: Vec<f32> = left.iter().map(key).collect();
        let at = crate::nn::loss::argmax(&keys);
        chain.push(left.remove(at));
    }
    chain
}

/// The named kernels in a size, each with the norm `norm`, and one of zeros. Of a kernel with side 3, a larger odd side has
/// the smoothed one, as Sobel's are enlarged: convolved with the binomial 1 2 1. What only makes sense as it is keeps its
/// values in the middle.
pub fn named_kernels(size: Pair, norm: f32) -> Vec<(&'static str, Vec<f32>)> {
    let named = KERNELS.iter().filter(|kernel| kernel.size == Pair::square(3)).map(|kernel| {
        let mut values = kernel.weights();
        let mut from = kernel.size;
        let is_smooth = !matches!(kernel.name, "Identity" | "Sharpen" | "Emboss");
        if kernel.name == "Box blur" {
            (values, from) = (vec![1.0; size.area()], size);
        }
        while is_smooth && from.h + 2 <= size.h && from.w + 2 <= size.w {
            values = smoothed(&values, from);
            from = Pair { h: from.h + 2, w: from.w + 2 };
        }
        (kernel.name, with_norm(resized(&values, from, size), norm))
    });
    named.chain([("Zero", vec![0.0; size.area()])]).collect()
}

/// The whole convolution with the binomial kernel of side 3, two cells wider and higher.
fn smoothed(values: &[f32], size: Pair) -> Vec<f32> {
    const BINOMIAL: [f32; 3] = [0.25, 0.5, 0.25];
    let wide = size.w + 2;
    let mut out = vec![0.0; (size.h + 2) * wide];
    for (i, value) in values.iter().enumerate() {
        for (dy, down) in BINOMIAL.iter().enumerate() {
            for (dx, right) in BINOMIAL.iter().enumerate() {
                out[(i / size.w + dy) * wide + i % size.w + dx] += value * down * right;
            }
        }
    }
    out
}

fn with_norm(values: Vec<f32>, wanted: f32) -> Vec<f32> {
    let has = norm(&values);
    if has > 0.0 && wanted > 0.0 { values.iter().map(|v| v * wanted / has).collect() } else { values }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Init, Network, presets};

    #[test]
    fn figures_are_those_of_the_numbers() {
        let figures = KernelFigures::of(&[3.0, -4.0, 0.0, 1.0]);
        let expected = KernelFigures { norm: 26.0_f32.sqrt(), mean: 0.0, min: -4.0, max: 3.0, sum: 0.0 };
        assert_eq!(figures, expected);
        assert_eq!(KernelFigures::of(&[]), KernelFigures::default());
        assert_eq!(relative_change(&[3.0, 4.0], &[3.0, 9.0]), 1.0);
        assert_eq!(relative_change(&[0.0], &[0.0]), 0.0);
    }

    #[test]
    fn orders_hold_every_filter_once_and_sort() {
        let mut now = Network::new(presets::lenet5_relu().spec, Init::He, 3).unwrap();
        let before = now.clone();
        let layout = FilterLayout::of(&now, 0).unwrap();
        let set = |network: &mut Network, filter: usize, value: &dyn Fn(usize) -> f32| {
            let place = layout.kernel(filter, 0);
            let weights = &mut network.parameters_mut()[0][0].values_mut()[place];
            weights.iter_mut().enumerate().for_each(|(i, w)| *w = value(i));
        };
        // 4 is the largest, 1 points the same way, 2 the opposite one.
        set(&mut now, 4, &|i| 10.0 * (i as f32 - 12.0));
        set(&mut now, 1, &|i| 0.1 * (i as f32 - 12.0));
        set(&mut now, 2, &|i| -0.2 * (i as f32 - 12.0));
        let (first, then) = (&now.parameters()[0], &before.parameters()[0]);
        for order in FilterOrder::ALL {
            let mut all = order.of(&layout, first, Some(then));
            match order {
                FilterOrder::Index => assert_eq!(all, [0, 1, 2, 3, 4, 5]),
                FilterOrder::Size => assert_eq!(all[0], 4),
                FilterOrder::Change => {
                    assert_eq!(all[0], 4);
                    assert_eq!(all[3..], [0, 3, 5], "what has not changed");
                }
                FilterOrder::Similarity => {
                    assert_eq!(all[..2], [4, 1]);
                    assert_eq!(all[5], 2);
                }
            }
            all.sort_unstable();
            assert_eq!(all, [0, 1, 2, 3, 4, 5]);
        }
    }

    #[test]
    fn named_kernels_grow_and_keep_what_they_are() {
        for size in [1, 2, 3, 4, 5, 7, 11].map(Pair::square).into_iter().chain([Pair { h: 3, w: 5 }]) {
            for (name, values) in named_kernels(size, 0.5) {
                assert_eq!(values.len(), size.area(), "{name}");
                let figures = KernelFigures::of(&values);
                let fits = size.h >= 3 && size.w >= 3;
                if name != "Zero" && fits {
                    assert!((figures.norm - 0.5).abs() < 1e-5, "{name} {size}");
                }
                let is_odd = size.h % 2 == 1 && size.w % 2 == 1;
                if ["Sobel", "Laplacian"].iter().any(|edge| name.contains(edge)) && fits && is_odd {
                    assert!(figures.sum.abs() < 1e-5, "{name} {size}: {}", figures.sum);
                }
            }
        }
        let of = |name: &str, side: usize| {
            let all = named_kernels(Pair::square(side), 1.0);
            all.into_iter().find(|(other, _)| *other == name).unwrap().1
        };
        // Left of the middle below 0, right of it above.
        let sobel = of("Sobel, vertical edges", 5);
        assert!(sobel.chunks(5).all(|row| row[0] < 0.0 && row[1] < 0.0 && row[2] == 0.0 && row[4] > 0.0));
        assert!(of("Box blur", 7).iter().all(|v| (v - 1.0 / 7.0).abs() < 1e-6));
    }
}
