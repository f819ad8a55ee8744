//! The order of a vector's values: flattening takes Keras's maps with the channels last, and PyTorch's with the channels
//! first.

use crate::{
    export::network::Part,
    nn::{LayerSpec, Shape},
};

/// How a vector of Keras is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Order {
    /// As ours.
    #[default]
    Same,
    /// As maps of (height, width, channels), where ours are (channels, height, width).
    ChannelsLast { channels: usize, plane: usize },
}

impl Order {
    /// Of maps that are flattened.
    pub(super) fn of(maps: Shape) -> Self {
        match maps.as_maps() {
            (1, ..) | (_, 1, 1) => Self::Same,
            (channels, height, width) => Self::ChannelsLast { channels, plane: height * width },
        }
    }

    /// Orders the rows of a matrix, each of so many columns, from our order to Keras's.
    pub(super) fn rows(self, values: &[f32], columns: usize) -> Vec<f32> {
        let Self::ChannelsLast { channels, plane } = self else { return values.to_vec() };
        let row = |place: usize, channel: usize| &values[(channel * plane + place) * columns..][..columns];
        (0..plane)
            .flat_map(|place| (0..channels).flat_map(move |channel| row(place, channel)).copied())
            .collect()
    }
}

/// Whether the next layer that is not element-wise is a fully connected one, whose weights can be put in order.
pub(super) fn is_taken_up(after: &[Part<'_>]) -> bool {
    let passes = |part: &&Part<'_>| {
        part.spec.formula().is_some() || matches!(part.spec, LayerSpec::Dropout(_) | LayerSpec::Flatten(_))
    };
    let next = after.iter().find(|part| !passes(part));
    next.is_some_and(|part| matches!(part.spec, LayerSpec::Linear(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_follow_the_channels_last() {
        // 2 channels of 1×3, a column each.
        let order = Order::of(Shape::maps(2, 1, 3));
        assert_eq!(order.rows(&[0.0, 1.0, 2.0, 10.0, 11.0, 12.0], 1), [0.0, 10.0, 1.0, 11.0, 2.0, 12.0]);
        assert_eq!(Order::of(Shape::maps(5, 1, 1)), Order::Same);
        assert_eq!(Order::of(Shape::maps(1, 4, 4)).rows(&[1.0, 2.0], 2), [1.0, 2.0]);
    }
}
