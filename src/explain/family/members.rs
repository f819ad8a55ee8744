//! The members: what each is, with numbers to see it by, and the figures that the literature gives.

use super::{Chain, Cost};
use crate::nn::{
    LayerSpec, Pair, Shape,
    layers::{ChannelShuffle, Conv2d, ConvTranspose2d},
};
use serde::{Deserialize, Serialize};

/// A kind of convolution that is made of layers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "`about` says what each is")]
pub enum Member {
    #[default]
    Transposed,
    Dilated,
    Grouped,
    Shuffled,
    DepthwiseSeparable,
    SpatiallySeparable,
    Flattened,
    Pointwise,
    Stacked,
}

/// What a member and the standard layer cost for the same shapes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The shapes, in words of the literature.
    pub what: &'static str,
    /// What the standard is.
    pub standard_name: &'static str,
    /// Its cost.
    pub standard: Cost,
    /// The member's.
    pub member: Cost,
}

const fn plain(filters: usize, h: usize, w: usize) -> Conv2d {
    Conv2d { kernel_size: Pair { h, w }, bias: false, ..Conv2d::new(filters, 1) }
}

const fn grouped(filters: usize, side: usize, groups: usize) -> Conv2d {
    Conv2d { groups, ..plain(filters, side, side) }
}

/// Whole numbers from −1 to 2, not all alike.
fn small(len: usize, shift: usize) -> Vec<f32> {
    (0..len).map(|i| ((5 * i + i / 3 + shift) % 4) as f32 - 1.0).collect()
}

/// Whole numbers from 0 to 3, not all alike.
fn counting(len: usize) -> Vec<f32> {
    (0..len).map(|i| ((i + i / 5 * 2 + i / 7) % 4) as f32).collect()
}

const SOBEL: [f32; 9] = [-1.0, 0.0, 1.0, -2.0, 0.0, 2.0, -1.0, 0.0, 1.0];

impl Member {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Transposed,
        Self::Dilated,
        Self::Grouped,
        Self::Shuffled,
        Self::DepthwiseSeparable,
        Self::SpatiallySeparable,
        Self::Flattened,
        Self::Pointwise,
        Self::Stacked,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Transposed => "Transposed",
            Self::Dilated => "Dilated",
            Self::Grouped => "Grouped",
            Self::Shuffled => "Shuffled grouped",
            Self::DepthwiseSeparable => "Depthwise separable",
            Self::SpatiallySeparable => "Spatially separable",
            Self::Flattened => "Flattened",
            Self::Pointwise => "1×1",
            Self::Stacked => "Three 3×3 for one 7×7",
        }
    }

    /// What it is, in a sentence or two.
    pub fn about(self) -> &'static str {
        match self {
            Self::Transposed => {
                "Each input writes the whole kernel, times itself, into the output; where copies overlap they add up. 2×2 becomes 4×4: the product with the transposed matrix of a convolution."
            }
            Self::Dilated => {
                "The kernel's elements stand apart, with dilation − 1 gaps between: nine weights see 5×5."
            }
            Self::Grouped => {
                "Channels and filters are split into groups; a filter sees its own group alone, and has fewer weights."
            }
            Self::Shuffled => {
                "Groups never learn of each other; shuffling the channels between two grouped layers mixes them."
            }
            Self::DepthwiseSeparable => {
                "First a kernel of its own for each channel, then a 1×1 convolution that mixes the channels."
            }
            Self::SpatiallySeparable => {
                "Sobel's kernel is a column times a row: a 3×1 layer and then a 1×3 layer give the same map with 6 weights for 9."
            }
            Self::Flattened => {
                "A filter of three sides as three filters of one side each: across the channels, down, and to the right."
            }
            Self::Pointwise => {
                "A 1×1 kernel sees one place through all channels: it mixes channels, here three into two, and nothing else."
            }
            Self::Stacked => {
                "Three layers of 3×3 see 7×7 of the input, as one 7×7 layer does, with 27C² weights for 49C²."
            }
        }
    }

    /// Its input, layers and weights, with numbers to see it by.
    fn parts(self) -> (Shape, Vec<LayerSpec>, Vec<Vec<f32>>) {
        match self {
            Self::Transposed => {
                let conv = ConvTranspose2d { bias: false, ..ConvTranspose2d::new(1, 3) };
                let kernel = vec![1.0, 2.0, 1.0, 0.0, 1.0, 0.0, 2.0, 1.0, 2.0];
                (Shape::maps(1, 2, 2), vec![conv.into()], vec![kernel])
            }
            Self::Dilated => {
                let conv = Conv2d { dilation: Pair::square(2), ..plain(1, 3, 3) };
                (Shape::maps(1, 7, 7), vec![conv.into()], vec![small(9, 1)])
            }
            Self::Grouped => (Shape::maps(4, 3, 3), vec![grouped(4, 2, 2).into()], vec![small(32, 0)]),
            Self::Shuffled => (
                Shape::maps(4, 3, 3),
                vec![grouped(4, 2, 2).into(), ChannelShuffle { groups: 2 }.into(), grouped(4, 1, 2).into()],
                vec![small(32, 0), small(8, 2)],
            ),
            Self::DepthwiseSeparable => (
                Shape::maps(3, 4, 4),
                vec![grouped(3, 3, 3).into(), plain(3, 1, 1).into()],
                vec![small(27, 0), small(9, 3)],
            ),
            Self::SpatiallySeparable => (
                Shape::maps(1, 5, 5),
                vec![plain(1, 3, 1).into(), plain(1, 1, 3).into()],
                vec![vec![1.0, 2.0, 1.0], vec![-1.0, 0.0, 1.0]],
            ),
            Self::Flattened => (
                Shape::maps(3, 4, 4),
                vec![plain(1, 1, 1).into(), plain(1, 3, 1).into(), plain(1, 1, 3).into()],
                vec![vec![1.0, -1.0, 2.0], vec![1.0, 2.0, 1.0], vec![-1.0, 0.0, 1.0]],
            ),
            Self::Pointwise => {
                let weights = vec![1.0, 0.0, -1.0, 1.0, 2.0, 1.0];
                (Shape::maps(3, 3, 3), vec![plain(2, 1, 1).into()], vec![weights])
            }
            Self::Stacked => {
                let weights = vec![small(9, 0), small(9, 1), small(9, 2)];
                (Shape::maps(1, 7, 7), vec![plain(1, 3, 3).into(); 3], weights)
            }
        }
    }

    /// The member over small numbers; the error would be a fault of this file, which its tests find.
    pub fn chain(self) -> Result<Chain, String> {
        let (input, layers, weights) = self.parts();
        let x = match self {
            Self::Transposed => vec![1.0, 2.0, 3.0, 4.0],
            _ => counting(input.len()),
        };
        Chain::new(input, &x, layers, &weights)
    }

    /// The one layer over the same numbers that gives the same output, where there is one.
    pub fn same_as(self) -> Option<Chain> {
        match self {
            Self::SpatiallySeparable => {
                let (input, ..) = self.parts();
                let x = counting(input.len());
                Chain::new(input, &x, vec![plain(1, 3, 3).into()], &[SOBEL.to_vec()]).ok()
            }
            _ => None,
        }
    }

    /// What it costs beside the standard for the shapes that the literature takes.
    pub fn figure(self) -> Result<Figure, String> {
        let (input, standard, member, what, standard_name): (
            Shape,
            Vec<LayerSpec>,
            Vec<LayerSpec>,
            &'static str,
            &'static str,
        ) = match self {
            Self::Transposed => {
                let conv = ConvTranspose2d { bias: false, ..ConvTranspose2d::new(1, 3) };
                let wide = Conv2d { padding: Pair::square(2), ..plain(1, 3, 3) };
                let what = "2×2 to 4×4, a 3×3 kernel";
                (Shape::maps(1, 2, 2), vec![wide.into()], vec![conv.into()], what, "conv, padding 2")
            }
            Self::Dilated => {
                let dilated = Conv2d { dilation: Pair::square(2), ..plain(1, 3, 3) };
                let standard = vec![plain(1, 5, 5).into()];
                let what = "7×7 to 3×3, a field of 5×5";
                (Shape::maps(1, 7, 7), standard, vec![dilated.into()], what, "5×5 kernel")
            }
            Self::Grouped | Self::Shuffled => {
                let mut member = vec![grouped(8, 3, 2).into()];
                let mut standard = vec![plain(8, 3, 3).into()];
                let what = if self == Self::Shuffled {
                    member.extend([ChannelShuffle { groups: 2 }.into(), grouped(8, 3, 2).into()]);
                    standard.push(plain(8, 3, 3).into());
                    "8 → 8 → 8 channels of 28×28, 3×3, 2 groups"
                } else {
                    "8 → 8 channels of 28×28, 3×3, 2 groups"
                };
                (Shape::maps(8, 28, 28), standard, member, what, "all channels")
            }
            Self::DepthwiseSeparable => {
                let member = vec![grouped(8, 3, 8).into(), plain(8, 1, 1).into()];
                let what = "8 → 8 channels of 28×28, 3×3";
                (Shape::maps(8, 28, 28), vec![plain(8, 3, 3).into()], member, what, "3×3 kernels")
            }
            Self::SpatiallySeparable => {
                let member = vec![plain(1, 3, 1).into(), plain(1, 1, 3).into()];
                (Shape::maps(1, 28, 28), vec![plain(1, 3, 3).into()], member, "28×28, 3×3", "3×3 kernel")
            }
            Self::Flattened => {
                let member = vec![plain(1, 1, 1).into(), plain(1, 5, 1).into(), plain(1, 1, 5).into()];
                let what = "3 channels of 28×28, 5×5: X·Y·C or X + Y + C";
                (Shape::maps(3, 28, 28), vec![plain(1, 5, 5).into()], member, what, "5×5×3 filter")
            }
            Self::Pointwise => {
                let what = "64 → 32 channels of 28×28";
                let standard = vec![Conv2d { padding: Pair::square(1), ..plain(32, 3, 3) }.into()];
                (Shape::maps(64, 28, 28), standard, vec![plain(32, 1, 1).into()], what, "3×3 kernels")
            }
            Self::Stacked => {
                let what = "8 → 8 channels of 28×28, a field of 7×7";
                let member = vec![plain(8, 3, 3).into(); 3];
                (Shape::maps(8, 28, 28), vec![plain(8, 7, 7).into()], member, what, "one 7×7 layer")
            }
        };
        let (standard, member) = (Cost::of(input, &standard)?, Cost::of(input, &member)?);
        Ok(Figure { what, standard_name, standard, member })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::Cell;

    #[test]
    fn every_step_of_every_member_adds_up_to_the_cores_value() {
        for member in Member::ALL {
            let chain = member.chain().unwrap();
            assert!(chain.step(chain.len()).is_none());
            for at in 0..chain.len() {
                let step = chain.step(at).unwrap();
                let (layer, element) = chain.place(at);
                assert_eq!(chain.step_of(layer, element), at);
                assert_eq!(step.value, chain.values(layer + 1)[element]);
                assert_eq!(step.cell.total(), Some(step.value), "{member:?}, {at}");
            }
        }
    }

    #[test]
    fn the_figures_of_the_literature() {
        let parameters = |member: Member| {
            let figure = member.figure().unwrap();
            (figure.standard.parameters, figure.member.parameters)
        };
        assert_eq!(parameters(Member::DepthwiseSeparable), (576, 72 + 64));
        assert_eq!(parameters(Member::SpatiallySeparable), (9, 3 + 3));
        assert_eq!(parameters(Member::Stacked), (49 * 64, 27 * 64));
        assert_eq!(parameters(Member::Flattened), (5 * 5 * 3, 5 + 5 + 3));
        assert_eq!(parameters(Member::Grouped), (576, 288));
        assert_eq!(parameters(Member::Pointwise), (32 * 64 * 9, 32 * 64));
        assert_eq!(parameters(Member::Dilated), (25, 9));
        for member in Member::ALL {
            let figure = member.figure().unwrap();
            assert!(figure.member.parameters <= figure.standard.parameters, "{member:?}");
        }
    }

    #[test]
    fn a_separable_kernel_gives_the_same_map() {
        let (two, one) =
            (Member::SpatiallySeparable.chain().unwrap(), Member::SpatiallySeparable.same_as().unwrap());
        assert_eq!(two.values(2), one.values(1));
    }

    #[test]
    fn a_transposed_convolution_is_the_product_with_its_matrix() {
        let chain = Member::Transposed.chain().unwrap();
        let matrix = chain.matrix().unwrap();
        assert_eq!((matrix.rows, matrix.columns), (16, 4));
        assert_eq!(matrix.times(chain.values(0)), chain.values(1));
        assert!(Member::Dilated.chain().unwrap().matrix().is_none());
    }

    #[test]
    fn groups_see_their_own_channels_until_they_are_shuffled() {
        let chain = Member::Shuffled.chain().unwrap();
        let sources = |layer: usize, channel: usize| {
            let (_, height, width) = chain.shape(layer + 1).as_maps();
            match chain.step(chain.step_of(layer, channel * height * width)).unwrap().cell {
                Cell::Sum { parts, .. } => parts.iter().map(|part| part.channel).collect::<Vec<_>>(),
                Cell::Same { from, .. } => vec![from.channel],
                other => panic!("{other:?}"),
            }
        };
        assert_eq!((sources(0, 0), sources(0, 3)), (vec![0, 1], vec![2, 3]));
        assert_eq!((0..4).map(|channel| sources(1, channel)[0]).collect::<Vec<_>>(), [0, 2, 1, 3]);
    }
}
