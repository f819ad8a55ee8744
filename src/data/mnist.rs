//! The embedded MNIST: 60 000 training and 10 000 test digits of 28×28 pixels.

use std::sync::Arc;

use super::{DataError, DataSet, Split, idx};
use crate::text::ClassNames;

const TRAIN_IMAGES: &[u8] = include_bytes!("../../assets/mnist/train-images-idx3-ubyte.gz");
const TRAIN_LABELS: &[u8] = include_bytes!("../../assets/mnist/train-labels-idx1-ubyte.gz");
const TEST_IMAGES: &[u8] = include_bytes!("../../assets/mnist/t10k-images-idx3-ubyte.gz");
const TEST_LABELS: &[u8] = include_bytes!("../../assets/mnist/t10k-labels-idx1-ubyte.gz");

/// The name of the set.
pub const NAME: &str = "MNIST";

/// Decodes the whole set, 55 MB of pixels, in about a quarter of a second.
pub fn load() -> Result<DataSet, DataError> {
    let train = decode("MNIST's training set", TRAIN_IMAGES, TRAIN_LABELS)?;
    Ok(DataSet {
        name: NAME.into(),
        train: Arc::new(train),
        test: Arc::new(load_test()?),
        classes: ClassNames::default(),
    })
}

/// Decodes the 10 000 test digits, 8 MB of pixels.
pub fn load_test() -> Result<Split, DataError> {
    decode("MNIST's test set", TEST_IMAGES, TEST_LABELS)
}

fn decode(name: &str, images: &[u8], labels: &[u8]) -> Result<Split, DataError> {
    let images = idx::read_images(name, images)?;
    let labels = idx::read_labels(name, labels)?;
    Split::new(name, images.pixels, labels, images.height, images.width)
}
