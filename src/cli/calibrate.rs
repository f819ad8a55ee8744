//! `convlens calibrate`

use super::{error::Usage, file, net::load_model, number::real, output, source::DataOptions};
use crate::{
    model_file,
    text::{Sentence, written},
    train::calibrate::calibrate,
};
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
    /// The data set.
    #[command(flatten)]
    data: DataOptions,
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
            let sentence = Sentence::new("--validation {value}: must be above 0 and at most 0.9");
            bail!(Usage::from(sentence.with("value", self.validation)));
        }
        let mut network = load_model(&self.model, self.net.as_deref())?;
        let data = self.data.open(true)?;
        let count = (data.train.len() as f64 * f64::from(self.validation)).round() as usize;
        let images = data.train.take(data.train.len().saturating_sub(count.max(1))..data.train.len());
        let found = calibrate(&mut network, &data.name, &images)?;
        model_file::save(&self.save, &network)?;
        let sentence = Sentence::new(
            "temperature {temperature} on {images} images of {data}: loss {loss} → {new_loss}, calibration error {error} → {new_error}; saved {file}",
        );
        output::line(
            sentence
                .with("temperature", format_args!("{:.4}", found.temperature))
                .with("images", images.len())
                .with("data", data.name)
                .with("loss", format_args!("{:.4}", found.loss[0]))
                .with("new_loss", format_args!("{:.4}", found.loss[1]))
                .with("error", written::percent_to(found.error[0], 2))
                .with("new_error", written::percent_to(found.error[1], 2))
                .with("file", self.save.display()),
        )?;
        Ok(())
    }
}
