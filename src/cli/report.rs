//! `convlens report`

use super::{
    file,
    net::load_model,
    output,
    source::{DataOptions, Test},
    train::pool,
};
use crate::{
    model_file,
    report::{Facts, Run, page},
    text::{Sentence, written},
    train::Checkpoint,
};
use anyhow::Result;
use clap::Args;
use std::path::{Path, PathBuf};

/// The options of `convlens report`.
#[derive(Debug, Args)]
pub struct Report {
    /// The model file. Settings and curves come from the training state beside it, if there is one.
    #[arg(long, value_name = "M.safetensors")]
    model: PathBuf,
    /// The model's network, a preset or a spec file, if the model does not contain it (models from PyTorch do not).
    #[arg(long, value_name = "NAME|SPEC.json")]
    net: Option<String>,
    #[command(flatten)]
    data: DataOptions,
    /// The file to write.
    #[arg(long, value_name = "REPORT.html")]
    out: PathBuf,
}

impl Report {
    pub(super) fn run(&self) -> Result<()> {
        file::check_writable("--out", &self.out)?;
        let network = load_model(&self.model, self.net.as_deref())?;
        let run = run_of(&self.model);
        let Test { name: data, split: test, .. } = self.data.open_test(true)?;
        let pool = pool(None)?;
        let version = env!("CARGO_PKG_VERSION");
        let facts = Facts::measure(&network, run.as_ref(), (&data, &test), version, &pool, |_| true)?;
        let Some(facts) = facts else { return Ok(()) };
        file::write(&self.out, page(&facts).as_bytes())?;
        let sentence =
            Sentence::new("{network}: accuracy {accuracy} on {images} images of {data}; written to {file}");
        output::line(
            sentence
                .with("network", &network.spec().name)
                .with("accuracy", written::percent_to(facts.accuracy(), 2))
                .with("images", test.len())
                .with("data", &data)
                .with("file", self.out.display()),
        )?;
        Ok(())
    }
}

/// The run that the training state beside a model is of. A state that does not belong to the model is told, and not used.
fn run_of(model: &Path) -> Option<Run> {
    if !model_file::training_path(model).exists() {
        return None;
    }
    match Checkpoint::load(model) {
        Ok(checkpoint) if checkpoint.recovered.is_none() => Some(Run::of(&checkpoint)),
        Ok(_) => None,
        Err(error) => {
            let sentence = Sentence::new("the report has no curves: {reason}").with("reason", error);
            output::complain(&sentence.to_string());
            None
        }
    }
}
