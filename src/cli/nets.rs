//! `convlens nets`

use super::{
    columns::{left, right},
    output,
};
use crate::{
    explain::ReceptiveField,
    nn::{LayerCost, presets},
    text::{Sentence, tr},
};
use anyhow::Result;
use clap::Args;
use serde::Serialize;

/// The options of `convlens nets`.
#[derive(Debug, Args)]
pub struct Nets {
    /// Print a JSON object per network and nothing else.
    #[arg(long)]
    json: bool,
}

/// The figures of a network.
#[derive(Serialize)]
struct Figures {
    net: String,
    summary: &'static str,
    input: Vec<usize>,
    layers: Vec<Row>,
    parameters: u64,
    multiply_adds: u64,
    activation_bytes: u64,
    optimizer: &'static str,
    lr: f32,
    batch: usize,
    epochs: usize,
    schedule: String,
    init: String,
}

/// The figures of a layer.
#[derive(Serialize)]
struct Row {
    #[serde(rename = "type")]
    kind: &'static str,
    /// As the window names it: `conv2d 0`.
    name: String,
    layer: String,
    output: Vec<usize>,
    parameters: u64,
    multiply_adds: u64,
    /// Memory of the output for one image.
    activation_bytes: u64,
    /// Height and width of a cell's receptive field, in input pixels.
    receptive_field: (usize, usize),
}

impl Nets {
    pub(super) fn run(&self) -> Result<()> {
        for preset in presets::all() {
            let figures = output::found(self.json, || Figures::of(preset))?;
            if self.json {
                output::json(&figures)?;
            } else {
                figures.print()?;
            }
        }
        Ok(())
    }
}

impl Figures {
    fn of(preset: presets::Preset) -> Result<Self> {
        let presets::Preset { summary, spec, recipe } = preset;
        let fields = ReceptiveField::of_layers(&spec)?;
        let layers = spec.layers.iter().enumerate().zip(spec.build()?).zip(fields);
        let rows = layers.map(|(((number, layer), module), field)| {
            let cost = LayerCost::of(module.as_ref());
            let activation_bytes = cost.activation_bytes();
            let LayerCost { output, parameters, multiply_adds } = cost;
            Row {
                kind: layer.type_name(),
                name: spec.layer_name(number),
                layer: layer.summary(),
                output: output.dims(),
                parameters,
                multiply_adds,
                activation_bytes,
                receptive_field: field.size(),
            }
        });
        let layers: Vec<Row> = rows.collect();
        Ok(Self {
            net: spec.name,
            summary,
            input: spec.input.dims(),
            parameters: layers.iter().map(|row| row.parameters).sum(),
            multiply_adds: layers.iter().map(|row| row.multiply_adds).sum(),
            activation_bytes: layers.iter().map(|row| row.activation_bytes).sum(),
            layers,
            optimizer: recipe.optimizer.name(),
            lr: recipe.lr,
            batch: recipe.batch,
            epochs: recipe.epochs,
            schedule: recipe.schedule.to_string(),
            init: recipe.init.to_string(),
        })
    }

    fn print(&self) -> Result<()> {
        output::line(format_args!("{}  {}", self.net, tr(self.summary)))?;
        let sentence = Sentence::new(
            "  trained with {optimizer}, learning rate {rate} ({schedule}), batch {batch}, {epochs} epochs, init {init}",
        );
        output::line(
            sentence
                .with("optimizer", self.optimizer)
                .with("rate", self.lr)
                .with("schedule", &self.schedule)
                .with("batch", self.batch)
                .with("epochs", self.epochs)
                .with("init", &self.init),
        )?;
        print_row([
            tr("layer"),
            tr("settings"),
            tr("output"),
            tr("parameters"),
            tr("multiply-adds"),
            tr("bytes/image"),
            tr("field"),
        ])?;
        print_row([tr("input"), "", &times(&self.input), "", "", "", ""])?;
        for row in &self.layers {
            let (height, width) = row.receptive_field;
            print_row([
                &row.name,
                &row.layer,
                &times(&row.output),
                &grouped(row.parameters),
                &grouped(row.multiply_adds),
                &grouped(row.activation_bytes),
                &format!("{height}×{width}"),
            ])?;
        }
        let [parameters, multiply_adds, bytes] =
            [self.parameters, self.multiply_adds, self.activation_bytes].map(grouped);
        print_row([tr("total"), "", "", &parameters, &multiply_adds, &bytes, ""])?;
        output::line("")?;
        Ok(())
    }
}

fn print_row(cells: [&str; 7]) -> std::io::Result<()> {
    let [name, layer, shape, parameters, multiply_adds, bytes, sees] = cells;
    let [name, layer] = [name, layer].map(|cell| left(cell, 22));
    let [shape, parameters, bytes] = [shape, parameters, bytes].map(|cell| right(cell, 11));
    let (multiply_adds, sees) = (right(multiply_adds, 13), right(sees, 7));
    let line = format!("  {name} {layer} {shape}  {parameters}  {multiply_adds}  {bytes}  {sees}");
    output::line(line.trim_end())
}

fn times(dims: &[usize]) -> String {
    dims.iter().map(usize::to_string).collect::<Vec<_>>().join("×")
}

/// `1234567` as `1 234 567`; 0 as nothing.
fn grouped(number: u64) -> String {
    if number == 0 {
        return String::new();
    }
    let digits = number.to_string();
    let first = digits.len() % 3;
    let mut groups = vec![&digits[..first]];
    groups.extend((first..digits.len()).step_by(3).map(|at| &digits[at..at + 3]));
    groups.into_iter().filter(|group| !group.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        let cases = [
            (0, ""),
            (7, "7"),
            (123, "123"),
            (1234, "1 234"),
            (416_520, "416 520"),
            (1_000_000, "1 000 000"),
        ];
        for (number, text) in cases {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn the_figures_of_lenet_are_right() {
        let figures = Figures::of(presets::lenet5_relu()).unwrap();
        assert_eq!((figures.parameters, figures.multiply_adds), (61_706, 416_520));
        assert_eq!(figures.layers[3].receptive_field, (14, 14));
        assert_eq!(figures.layers[3].output, [16, 10, 10]);
        // 6×28×28 twice, 6×14×14, 16×10×10 twice, 16×5×5, 400, 120 twice, 84 twice and 10 values of 4 bytes.
        let values = 2 * 4704 + 1176 + 2 * 1600 + 400 + 400 + 2 * 120 + 2 * 84 + 10;
        assert_eq!((figures.layers[0].activation_bytes, figures.activation_bytes), (18_816, 4 * values));
    }
}
