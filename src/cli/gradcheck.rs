//! `convlens gradcheck`

use super::{
    columns::left,
    net::Net,
    number::whole,
    output,
    source::{DataOptions, Test},
};
use crate::{
    data,
    nn::{
        Network,
        gradcheck::{self, TensorChecks},
    },
    text::{Sentence, tr},
    train::evaluate::{check_fit, input_transform},
};
use anyhow::Result;
use clap::Args;
use serde::Serialize;

/// Images of the batch.
const IMAGES: usize = 8;

/// The change of a weight for the numerical gradient.
const STEP: f32 = 1e-3;

/// The seed of the weights.
const SEED: u64 = 1;

/// The options of `convlens gradcheck`.
#[derive(Debug, Args)]
pub struct Gradcheck {
    /// The network: a preset (see `convlens nets`) or a spec file.
    #[arg(long, value_name = "NAME|SPEC.json")]
    net: String,
    /// The data set.
    #[command(flatten)]
    data: DataOptions,
    /// Values to check of each parameter tensor, evenly spaced.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = whole(1..=1_000_000_usize))]
    samples: usize,
    /// Print a JSON object per parameter tensor and nothing else.
    #[arg(long)]
    json: bool,
}

/// The result for a parameter tensor.
#[derive(Debug, Serialize)]
struct Row {
    parameter: String,
    /// Values of the tensor.
    values: usize,
    /// Values checked.
    checked: usize,
    /// Those of them that have a corner of the loss within reach: a ReLU or a max pooling switches there.
    corners: usize,
    /// The largest difference of the two gradients, as a fraction of the largest gradient of the tensor.
    max_relative_difference: f64,
}

impl Gradcheck {
    pub(super) fn run(&self) -> Result<()> {
        let Net { spec, recipe } = Net::find(&self.net)?;
        let network = Network::new(spec, recipe.init, SEED)?;
        let Test { name, split, .. } = self.data.open_test(!self.json)?;
        check_fit(&network, &name, &split)?;
        let count = split.len().min(IMAGES);
        let indices: Vec<u32> = (0..count as u32).collect();
        let (mut inputs, mut labels) = (vec![0.0; count * network.input().len()], vec![0; count]);
        data::fill(&split, &indices, &input_transform(&network), None, &mut inputs, &mut labels);
        let checks = gradcheck::check(&network, &inputs, &labels, self.samples, STEP);
        let rows: Vec<Row> = TensorChecks::of(&network, &checks).into_iter().map(Row::of).collect();
        if self.json {
            return rows.iter().try_for_each(output::json);
        }
        let sentence = Sentence::new(
            "{network}: backpropagation against (L(w + h) − L(w − h)) / 2h with h = {step}, on {images} images of {data}",
        );
        output::line(
            sentence
                .with("network", &network.spec().name)
                .with("step", STEP)
                .with("images", count)
                .with("data", name),
        )?;
        for row in &rows {
            row.print()?;
        }
        output::line(tr("Differences are fractions of the tensor's largest gradient."))?;
        if rows.iter().any(|row| row.corners > 0) {
            output::line(tr(
                "At a corner, a ReLU or a max pooling switches between w − h and w + h: there the two can differ.",
            ))?;
        }
        Ok(())
    }
}

impl Row {
    fn of(tensor: TensorChecks) -> Self {
        let TensorChecks { name, values, checked, corners, max_relative_difference, .. } = tensor;
        Self { parameter: name, values, checked, corners, max_relative_difference }
    }

    fn print(&self) -> Result<()> {
        let Self { parameter, values, checked, corners, max_relative_difference } = self;
        let near = if *corners > 0 {
            Sentence::new("   {count} at a corner").with("count", corners).to_string()
        } else {
            String::new()
        };
        let sentence = Sentence::new(
            "  {parameter} {checked} of {values} values   largest difference {difference} %{corners}",
        );
        output::line(
            sentence
                .with("parameter", left(parameter, 12))
                .with("checked", format_args!("{checked:>5}"))
                .with("values", format_args!("{values:>8}"))
                .with("difference", format_args!("{:8.4}", max_relative_difference * 100.0))
                .with("corners", near),
        )?;
        Ok(())
    }
}
