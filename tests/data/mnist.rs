//! The embedded MNIST is the published one.

use convlens::data::mnist;

#[test]
fn the_embedded_set_is_mnist() {
    let set = mnist::load().unwrap();
    let (train, test) = (&set.train, &set.test);
    assert_eq!(set.name, "MNIST");
    assert_eq!((train.len(), test.len()), (60_000, 10_000));
    assert_eq!((train.height(), train.width(), test.height(), test.width()), (28, 28, 28, 28));
    assert_eq!((train.classes(), test.classes()), (10, 10));
    assert_eq!(train.labels()[..10], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    assert_eq!(test.labels()[..5], [7, 2, 1, 0, 4]);

    let mut per_class = [0; 10];
    for &label in test.labels() {
        per_class[label as usize] += 1;
    }
    assert_eq!(per_class, [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
}

#[test]
fn the_training_pixels_have_the_known_mean_and_deviation() {
    let train = mnist::load().unwrap().train;
    let (mut sum, mut squares) = (0_u64, 0_u64);
    for index in 0..train.len() {
        for &pixel in train.image(index) {
            sum += u64::from(pixel);
            squares += u64::from(pixel).pow(2);
        }
    }
    let count = (train.len() * 28 * 28) as f64;
    let mean = sum as f64 / count / 255.0;
    let deviation = (squares as f64 / count / 255.0 / 255.0 - mean * mean).sqrt();
    assert!((mean - 0.1307).abs() < 5e-5, "{mean}");
    assert!((deviation - 0.3081).abs() < 5e-5, "{deviation}");
}

#[test]
fn the_test_set_can_be_had_alone() {
    let alone = mnist::load_test().unwrap();
    assert_eq!(alone, *mnist::load().unwrap().test);
}
