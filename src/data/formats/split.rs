//! Test images from a set that has none of its own.

use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use super::report::Choices;
use crate::{data::Split, text::Sentence};

/// Takes the chosen share of each class out of `all`; the rest keeps its order. The seed alone decides which.
pub(super) fn take_test(all: &mut Split, choices: &Choices) -> Result<Split, Sentence> {
    if all.len() < 2 {
        let sentence =
            Sentence::new("has {images} images, but needs at least 2: one to learn from and one to test on");
        return Err(sentence.with("images", all.len()));
    }
    let mut by_class = vec![Vec::new(); all.classes()];
    for (number, &label) in all.labels().iter().enumerate() {
        by_class[usize::from(label)].push(number as u32);
    }
    let mut rng = ChaCha8Rng::seed_from_u64(choices.seed);
    let mut taken = Vec::new();
    for mut class in by_class {
        class.shuffle(&mut rng);
        let share = (class.len() as f64 * f64::from(choices.test_share)).round() as usize;
        // A class of two images or more is in both parts.
        let share = if class.len() > 1 { share.clamp(1, class.len() - 1) } else { 0 };
        taken.extend_from_slice(&class[..share]);
    }
    if taken.is_empty() {
        taken.push(all.len() as u32 - 1);
    }
    taken.sort_unstable();
    Ok(all.take_out(&taken))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_each_class_is_taken_and_the_seed_decides_which() {
        let labels: Vec<u8> = (0..100).map(|number| u8::from(number % 10 == 0)).collect();
        let all = Split::new("s", (0..100).collect(), labels, 1, 1).unwrap();
        let parts = |seed| {
            let mut train = all.clone();
            let test = take_test(&mut train, &Choices { seed, ..Choices::default() }).unwrap();
            (train, test)
        };
        let (train, test) = parts(1);
        assert_eq!((train.len(), test.len()), (80, 20));
        assert_eq!(test.labels().iter().map(|&label| u32::from(label)).sum::<u32>(), 2);
        let mut both: Vec<u8> =
            [&train, &test].into_iter().flat_map(|s| (0..s.len()).map(|i| s.image(i)[0])).collect();
        assert!(both[..80].is_sorted(), "the rest keeps its order");
        both.sort_unstable();
        assert!(both.into_iter().eq(0..100));
        assert_eq!(parts(1), parts(1));
        assert_ne!(parts(1).1, parts(2).1);
    }

    #[test]
    fn the_smallest_sets_are_split() {
        let mut two = Split::new("s", vec![1, 2], vec![0, 1], 1, 1).unwrap();
        assert_eq!(take_test(&mut two, &Choices::default()).unwrap().len(), 1);
        let mut one = Split::new("s", vec![1], vec![0], 1, 1).unwrap();
        take_test(&mut one, &Choices::default()).unwrap_err();
    }
}
