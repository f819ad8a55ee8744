//! `convlens calibrate`

use super::{error::Usage, file, net::load_model, number::real, output, source};
use crate::{model_file, text::written, train::calibrate::calibrate};
use anyhow::{Result, bail};
use clap::Args;
use std::path::PathBuf;

/// The options of `convlens calibrate`.
#[derive(Debug, Args)]
pub struct Calibrate {
    /// The model file.
    #[arg(long, value_name = "M.safetensors")]
    model: PathBuf,
    /// The model's network, a preset or a spec file, if the model does not contain it (models from PyTorch do not).
    #[arg(long, value_name = "NAME|SPEC.json")]
    net: Option<String>,
    /// A folder of IDX files, plain or gzip, with the names of MNIST's [default: the embedded MNIST].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The fraction of the training set, from its end, that the model was not trained on: the value of `convlens train
    /// --validation`.
    #[arg(long, value_name = "F", value_parser = real::<f32>())]
    validation: f32,
    /// The file for the calibrated model.
    #[arg(long, value_name = "M.safetensors")]
    save: PathBuf,
}

impl Calibrate {
    pub(super) fn run(&self) -> Result<()> {
        file::check_writable("--save", &self.save)?;
        if !(self.validation > 0.0 && self.validation <= 0.9) {
            bail!(Usage(format!("--validation {}: must be above 0 and at most 0.9", self.validation)));
        }
        let mut network = load_model(&self.model, self.net.as_deref())?;
        let data = source::open(self.data.as_deref())?;
        let count = (data.train.len() as f64 * f64::from(self.validation)).round() as usize;
        let images = data.train.take(data.train.len().saturating_sub(count.max(1))..data.train.len());
        let found = calibrate(&mut network, &data.name, &images)?;
        model_file::save(&self.save, &network)?;
        output::line(format_args!(
            "temperature {:.4} on {} images of {}: loss {:.4} → {:.4}, calibration error {} → {}; saved {}",
            found.temperature,
            images.len(),
            data.name,
            found.loss[0],
            found.loss[1],
            written::percent_to(found.error[0], 2),
            written::percent_to(found.error[1], 2),
            self.save.display()
        ))?;
        Ok(())
    }
}
