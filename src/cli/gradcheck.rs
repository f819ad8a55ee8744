//! `convlens gradcheck`

use super::{net::Net, number::whole, output, source};
use crate::{
    data,
    nn::{
        Network,
        gradcheck::{self, Check},
    },
    train::evaluate::{check_fit, input_transform},
};
use anyhow::Result;
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;

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
    /// A folder of IDX files, plain or gzip, with the names of MNIST's [default: the embedded MNIST].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
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
    /// The largest difference of the two gradients, as a fraction of the largest gradient of the tensor.
    max_relative_difference: f64,
}

impl Gradcheck {
    pub(super) fn run(&self) -> Result<()> {
        let Net { spec, recipe } = Net::find(&self.net)?;
        let mut network = Network::new(spec, recipe.init, SEED)?;
        let (name, split) = source::open_test(self.data.as_deref())?;
        check_fit(&network, &name, &split)?;
        let count = split.len().min(IMAGES);
        let indices: Vec<u32> = (0..count as u32).collect();
        let (mut inputs, mut labels) = (vec![0.0; count * network.input().len()], vec![0; count]);
        data::fill(&split, &indices, &input_transform(&network), None, &mut inputs, &mut labels);
        let checks = gradcheck::check(&mut network, &inputs, &labels, self.samples, STEP);
        let rows: Vec<Row> =
            network.named_parameters().map(|(name, tensor)| Row::of(name, tensor.len(), &checks)).collect();
        if self.json {
            return rows.iter().try_for_each(output::json);
        }
        output::line(format_args!(
            "{}: backpropagation against (L(w + h) − L(w − h)) / 2h with h = {STEP}, on {count} images of {name}",
            network.spec().name
        ))?;
        for Row { parameter, values, checked, max_relative_difference } in &rows {
            output::line(format_args!(
                "  {parameter:<12} {checked:>5} of {values:>8} values   largest difference {:8.4} %",
                max_relative_difference * 100.0
            ))?;
        }
        output::line("Differences are fractions of the tensor's largest gradient.")?;
        Ok(())
    }
}

impl Row {
    fn of(name: String, values: usize, checks: &[Check]) -> Self {
        let own: Vec<&Check> = checks.iter().filter(|check| check.name == name).collect();
        let largest = own.iter().fold(0.0_f64, |m, c| m.max(c.backpropagated.abs()).max(c.numerical.abs()));
        let difference = |check: &&Check| (check.backpropagated - check.numerical).abs();
        let differences = own.iter().map(difference);
        let most = differences.fold(0.0, f64::max);
        let max_relative_difference = if largest > 0.0 { most / largest } else { 0.0 };
        Self { parameter: name, values, checked: own.len(), max_relative_difference }
    }
}
