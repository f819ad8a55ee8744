//! `convlens eval`

use super::{
    change::{ChangeOptions, NOISE_SEED, in_words},
    columns::right,
    net::load_model,
    output,
    source::{DataOptions, Summary, Test},
    train::pool,
};
use crate::{
    text::{ClassNames, Sentence, tr, written},
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
    /// The data set.
    #[command(flatten)]
    data: DataOptions,
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
    /// The names of the classes, unless they are numbers.
    #[serde(skip_serializing_if = "ClassNames::is_empty")]
    classes: ClassNames,
    /// What was understood of the data set.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Summary>,
}

impl Eval {
    pub(super) fn run(&self) -> Result<()> {
        let network = load_model(&self.model, self.net.as_deref())?;
        let Test { name, split, classes, summary } = self.data.open_test(!self.json)?;
        let classes = if classes.is_empty() { network.spec().class_names.clone() } else { classes };
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
            classes,
            data: summary,
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
            return matrix(&result.confusion, &report.classes);
        }
        let width = longest(&report.classes).max(3);
        for (class, share) in report.per_class.iter().enumerate() {
            let class = right(&report.classes.of(class), width);
            match share {
                Some(share) => {
                    output::line(format_args!("  {class}  {:>8}", written::percent_to(*share, 2)))?;
                }
                None => output::line(format_args!("  {class}  {}", tr("no images")))?,
            }
        }
        Ok(())
    }
}

/// The characters of a name at the head of a column.
const NAME: usize = 10;

/// The longest name, in characters.
fn longest(names: &ClassNames) -> usize {
    names.list().iter().map(|name| name.chars().count()).max().unwrap_or_default()
}

/// Prints the confusion matrix with the recall of each row and the precision of each column. A dot is no image.
fn matrix(confusion: &[Vec<usize>], names: &ClassNames) -> Result<()> {
    let widest = confusion.iter().flatten().max().map_or(1, |count| count.to_string().len());
    let width = widest.max(6).max(longest(names).min(NAME));
    let indent = longest(names).max(9);
    let share = |share: Option<f64>| share.map_or("–".to_owned(), |share| written::percent_to(share, 1));
    let row = |cells: &mut dyn Iterator<Item = String>| {
        cells.map(|cell| right(&cell, width)).collect::<Vec<_>>().join(" ")
    };
    output::line(tr("rows: what it is; columns: what was said"))?;
    let short = |class: usize| names.of(class).chars().take(NAME).collect::<String>();
    let classes = row(&mut (0..confusion.len()).map(short));
    output::line(format_args!("  {}{classes}{}", " ".repeat(indent), right(tr("recall"), 10)))?;
    for ((class, counts), recall) in confusion.iter().enumerate().zip(recall(confusion)) {
        let counts = row(&mut counts.iter().map(|&n| if n == 0 { "·".to_owned() } else { n.to_string() }));
        output::line(format_args!("  {}{counts}  {:>8}", right(&names.of(class), indent), share(recall)))?;
    }
    let precision = precision(confusion).into_iter().map(|p| share(p).trim_end_matches(" %").to_owned());
    let name = right(tr("precision"), indent);
    output::line(format_args!("  {name}{}  %", row(&mut precision.into_iter())))?;
    Ok(())
}
