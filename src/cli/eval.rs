//! `convlens eval`

use super::{net::load_model, output, source, train::pool};
use crate::{text::written, train::evaluate};
use anyhow::Result;
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;

/// The options of `convlens eval`.
#[derive(Debug, Args)]
pub struct Eval {
    /// The model file.
    #[arg(long, value_name = "M.safetensors")]
    model: PathBuf,
    /// The model's network, a preset or a spec file, if the model does not contain it (models from PyTorch do not).
    #[arg(long, value_name = "NAME|SPEC.json")]
    net: Option<String>,
    /// A folder of IDX files, plain or gzip, with the names of MNIST's [default: the embedded MNIST].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Print a JSON object and nothing else.
    #[arg(long)]
    json: bool,
}

/// The result for JSON.
#[derive(Serialize)]
struct Report {
    accuracy: f64,
    loss: f64,
    images: usize,
    /// Accuracy of each class; null for a class without images.
    per_class: Vec<Option<f64>>,
}

impl Eval {
    pub(super) fn run(&self) -> Result<()> {
        let network = load_model(&self.model, self.net.as_deref())?;
        let (name, split) = source::open_test(self.data.as_deref())?;
        let result = evaluate::evaluate(&network, &name, &split, &pool(None)?, |_| {})?;
        let shares = result.per_class();
        let classes = shares.iter().zip(&result.confusion);
        let per_class = classes.map(|(&share, row)| row.iter().any(|&n| n > 0).then_some(share)).collect();
        let report =
            Report { accuracy: result.accuracy(), loss: result.loss, images: result.images, per_class };
        if self.json {
            return output::json(&report);
        }
        output::line(format_args!(
            "{} on the {} test images of {name}: accuracy {}, loss {:.4}",
            network.spec().name,
            report.images,
            written::percent_to(report.accuracy, 2),
            report.loss
        ))?;
        for (class, share) in report.per_class.iter().enumerate() {
            match share {
                Some(share) => {
                    output::line(format_args!("  {class:>3}  {:>8}", written::percent_to(*share, 2)))?;
                }
                None => output::line(format_args!("  {class:>3}  no images"))?,
            }
        }
        Ok(())
    }
}
