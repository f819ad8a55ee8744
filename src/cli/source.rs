//! `--data`: a folder of IDX files, or the embedded MNIST.

use crate::data::{DataSet, Split, mnist};
use anyhow::Result;
use std::{path::Path, sync::Arc};

/// Reads the whole data set.
pub(super) fn open(folder: Option<&Path>) -> Result<DataSet> {
    Ok(match folder {
        Some(folder) => DataSet::read_dir(folder)?,
        None => mnist::load()?,
    })
}

/// Reads the data set's name and its test images.
pub(super) fn open_test(folder: Option<&Path>) -> Result<(String, Arc<Split>)> {
    Ok(match folder {
        Some(folder) => {
            let set = DataSet::read_dir(folder)?;
            (set.name, set.test)
        }
        None => ("MNIST".into(), Arc::new(mnist::load_test()?)),
    })
}
