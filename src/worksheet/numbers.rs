//! Small whole numbers, drawn by a seed.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The random numbers of a sheet: the same for the same seed and place, whatever the sheets before it were.
pub(super) fn random(seed: u64, sheet: usize, attempt: usize) -> ChaCha8Rng {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream((attempt as u64) << 32 | sheet as u64);
    random
}

/// Numbers of this range.
pub(super) fn whole(random: &mut ChaCha8Rng, count: usize, least: i32, most: i32) -> Vec<f32> {
    (0..count).map(|_| random.random_range(least..=most) as f32).collect()
}

/// A kernel of numbers without signs, which is not all zeros: (channels, side, side).
pub(super) fn kernel(random: &mut ChaCha8Rng, channels: usize, side: usize) -> Vec<f32> {
    let mut kernel = whole(random, channels * side * side, 0, 2);
    let at = random.random_range(0..kernel.len().max(1));
    if let Some(one) = kernel.get_mut(at) {
        *one = one.max(1.0);
    }
    kernel
}

/// A kernel that answers to an edge across it: negative on one side, positive on the other.
pub(super) fn edge_kernel(random: &mut ChaCha8Rng, side: usize) -> Vec<f32> {
    let is_vertical = random.random_bool(0.5);
    let sign = if random.random_bool(0.5) { 1.0 } else { -1.0 };
    let is_weighted = random.random_bool(0.5);
    let middle = (side - 1) as f32 / 2.0;
    let weight = |along: usize| if is_weighted && (along as f32 - middle).abs() < 1.0 { 2.0 } else { 1.0 };
    let across = |place: usize| match (place as f32).partial_cmp(&middle) {
        Some(std::cmp::Ordering::Less) => -sign,
        Some(std::cmp::Ordering::Greater) => sign,
        // A single column has no other side.
        _ if side == 1 => -1.0,
        _ => 0.0,
    };
    let at = |row: usize, column: usize| {
        if is_vertical { weight(row) * across(column) } else { weight(column) * across(row) }
    };
    (0..side * side).map(|i| at(i / side, i % side)).collect()
}

/// A map that is dark on one side and bright on the other: (side, side).
pub(super) fn edge(random: &mut ChaCha8Rng, side: usize) -> Vec<f32> {
    let is_vertical = random.random_bool(0.5);
    let is_falling = random.random_bool(0.5);
    let first = side / 3;
    let at = first.max(1) + random.random_range(0..=(side - 2 * first).saturating_sub(1));
    (0..side * side)
        .map(|i| {
            let place = if is_vertical { i % side } else { i / side };
            let is_bright = (place >= at) != is_falling;
            let low = if is_bright { 2 } else { 0 };
            random.random_range(low..=low + 1) as f32
        })
        .collect()
}
