//! `convlens eval`

use super::{
    change::{ChangeOptions, NOISE_SEED, in_words},
    columns::right,
    net::load_model,
    output, source,
    train::pool,
};
use crate::{
    text::{Sentence, tr, written},
    train::{
        confusion::{precision, recall},
        evaluate::{self, check_fit},
    },
};
use anyhow::Result;
use clap::Args;
use serde::Serialize;
use std::{path::PathBuf, sync::Arc};

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
    #[command(flatten)]
    change: ChangeOptions,
    /// Add the confusion matrix: a row for each true class, with the number of images for each predicted class.
    #[arg(long)]
    confusion: bool,
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
    /// Numbers of images: a row for each true class, a column for each predicted one.
    #[serde(skip_serializing_if = "Option::is_none")]
    confusion: Option<Vec<Vec<usize>>>,
}

impl Eval {
    pub(super) fn run(&self) -> Result<()> {
        let network = load_model(&self.model, self.net.as_deref())?;
        let (name, split) = source::open_test(self.data.as_deref())?;
        check_fit(&network, &name, &split)?;
        let change = self.change.of(split.height(), split.width())?;
        let split =
            if change.is_none() { split } else { Arc::new(change.of(&split, 0..split.len(), NOISE_SEED)) };
        let result = evaluate::evaluate(&network, &name, &split, &pool(None)?, |_| {})?;
        let report = Report {
            accuracy: result.accuracy(),
            loss: result.loss,
            images: result.images,
            per_class: recall(&result.confusion),
            confusion: self.confusion.then(|| result.confusion.clone()),
        };
        if self.json {
            return output::json(&report);
        }
        let sentence = Sentence::new(
            "{network} on the {images} test images of {data}{changes}: accuracy {accuracy}, loss {loss}",
        );
        output::line(
            sentence
                .with("network", &network.spec().name)
                .with("images", report.images)
                .with("data", name)
                .with("changes", in_words(&change))
                .with("accuracy", written::percent_to(report.accuracy, 2))
                .with("loss", format_args!("{:.4}", report.loss)),
        )?;
        if self.confusion {
            return matrix(&result.confusion);
        }
        for (class, share) in report.per_class.iter().enumerate() {
            match share {
                Some(share) => {
                    output::line(format_args!("  {class:>3}  {:>8}", written::percent_to(*share, 2)))?;
                }
                None => output::line(format_args!("  {class:>3}  {}", tr("no images")))?,
            }
        }
        Ok(())
    }
}

/// Prints the confusion matrix with the recall of each row and the precision of each column. A dot is no image.
fn matrix(confusion: &[Vec<usize>]) -> Result<()> {
    let widest = confusion.iter().flatten().max().map_or(1, |count| count.to_string().len());
    let width = widest.max(6);
    let share = |share: Option<f64>| share.map_or("–".to_owned(), |share| written::percent_to(share, 1));
    let row = |cells: &mut dyn Iterator<Item = String>| {
        cells.map(|cell| format!("{cell:>width$}")).collect::<Vec<_>>().join(" ")
    };
    output::line(tr("rows: what it is; columns: what was said"))?;
    let classes = row(&mut (0..confusion.len()).map(|class| class.to_string()));
    output::line(format_args!("           {classes}{}", right(tr("recall"), 10)))?;
    for ((class, counts), recall) in confusion.iter().enumerate().zip(recall(confusion)) {
        let counts = row(&mut counts.iter().map(|&n| if n == 0 { "·".to_owned() } else { n.to_string() }));
        output::line(format_args!("  {class:>9}{counts}  {:>8}", share(recall)))?;
    }
    let precision = precision(confusion).into_iter().map(|p| share(p).trim_end_matches(" %").to_owned());
    let name = right(tr("precision"), 9);
    output::line(format_args!("  {name}{}  %", row(&mut precision.into_iter())))?;
    Ok(())
}
