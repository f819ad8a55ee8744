//! `convlens similar`

use super::{
    columns::right, error::Usage, input::Seen, net::load_model, number::whole, output, source::DataOptions,
    train::pool,
};
use crate::{
    model_file,
    nn::Network,
    text::{Sentence, tr},
    train::{
        evaluate::check_fit,
        similar::{Metric, Neighbour, last_hidden, nearest_by_layer, nearest_by_pixels},
    },
};
use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use image::imageops::{self, FilterType};
use serde::Serialize;
use std::path::PathBuf;

/// The options of `convlens similar`.
#[derive(Debug, Args)]
pub struct Similar {
    /// A picture: PNG, JPEG, BMP, GIF, WebP, TIFF or SVG. A dash is standard input.
    #[arg(value_name = "IMAGE")]
    image: PathBuf,
    /// The model file [default: the network inside the program].
    #[arg(long, value_name = "M.safetensors")]
    model: Option<PathBuf>,
    /// The model's network, a preset or a spec file, if the model does not contain it (models from PyTorch do not).
    #[arg(long, value_name = "NAME|SPEC.json", requires = "model")]
    net: Option<String>,
    /// The data set.
    #[command(flatten)]
    data: DataOptions,
    /// The layer whose activations are compared, from 0 [default: the last one before the outputs' weights].
    #[arg(long, value_name = "N", value_parser = whole(0..=u32::MAX), conflicts_with = "pixels")]
    layer: Option<u32>,
    /// Compare pixels instead of activations.
    #[arg(long)]
    pixels: bool,
    /// How distances are measured.
    #[arg(long, value_name = "METRIC", value_enum, default_value = "cosine")]
    metric: MetricName,
    /// The number of images to find.
    #[arg(long, value_name = "N", value_parser = whole(1..=1000_u32), default_value = "12")]
    count: u32,
    /// Resize the whole picture to the network's input instead of cropping, scaling and centring the digit.
    #[arg(long)]
    raw: bool,
    /// Print a JSON object and nothing else.
    #[arg(long)]
    json: bool,
}

/// [`Metric`] on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum MetricName {
    /// 1 − the cosine of the angle.
    Cosine,
    /// The length of the difference.
    Euclidean,
}

impl MetricName {
    fn metric(self) -> Metric {
        match self {
            Self::Cosine => Metric::Cosine,
            Self::Euclidean => Metric::Euclidean,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Cosine => tr("cosine"),
            Self::Euclidean => tr("Euclidean"),
        }
    }
}

/// The result for JSON.
#[derive(Serialize)]
struct Report {
    file: String,
    /// The layer; null for pixels.
    layer: Option<usize>,
    /// The nearest images, the nearest first.
    neighbours: Vec<Neighbour>,
}

impl Similar {
    pub(super) fn run(&self) -> Result<()> {
        let network = match &self.model {
            Some(path) => load_model(path, self.net.as_deref())?,
            None => model_file::shipped()?,
        };
        let layer = if self.pixels { None } else { Some(self.layer_of(&network)?) };
        let seen = Seen::open(&self.image, self.raw, None, &network)?;
        let file = self.image.display().to_string();
        if !seen.has_ink {
            let sentence = Sentence::new("{file}: {reason}").with("file", file);
            bail!(sentence.part("reason", Sentence::new("no ink: the picture is blank")));
        }
        let data = self.data.open(!self.json)?;
        check_fit(&network, &data.name, &data.train)?;
        let (metric, most) = (self.metric.metric(), self.count as usize);
        let neighbours = if let Some(layer) = layer {
            let x = seen.input(&network)?;
            let set = (data.name.as_str(), data.train.as_ref());
            nearest_by_layer(&network, set, (layer, &x), (metric, most), &pool(None)?, |_| {})?
        } else {
            if data.train.channels() > 1 {
                bail!(
                    Sentence::new("--pixels compares grey images, but those of {data} are in colour")
                        .with("data", data.name)
                );
            }
            let (height, width) = (data.train.height() as u32, data.train.width() as u32);
            let sized = imageops::resize(&seen.pixels, width, height, FilterType::Triangle);
            nearest_by_pixels(&data.train, sized.as_raw(), (metric, most), &pool(None)?)
        };
        if self.json {
            return output::json(&Report { file, layer, neighbours });
        }
        let by = match layer {
            Some(layer) => Sentence::new("{layer} of {network}")
                .with("layer", network.spec().layer_name(layer))
                .with("network", &network.spec().name),
            None => Sentence::new("pixels"),
        };
        let sentence = Sentence::new(
            "{file}: nearest of the {images} training images of {data} by {by}, {metric} distance",
        );
        output::line(
            sentence
                .with("file", file)
                .with("images", data.train.len())
                .with("data", &data.name)
                .part("by", by)
                .with("metric", self.metric.name()),
        )?;
        let names = [(tr("index"), 10), (tr("label"), 7), (tr("distance"), 10)];
        output::line(names.map(|(name, width)| right(name, width)).concat())?;
        for Neighbour { index, label, distance } in neighbours {
            let label = right(&data.classes.of(usize::from(label)), 5);
            output::line(format_args!("  {index:>8}  {label}  {distance:>8.4}"))?;
        }
        Ok(())
    }

    /// The layer to compare by.
    fn layer_of(&self, network: &Network) -> Result<usize> {
        let (name, layers) = (&network.spec().name, network.layers().len());
        match self.layer.map(|layer| layer as usize) {
            Some(layer) if layer < layers => Ok(layer),
            Some(layer) => {
                let last = layers.saturating_sub(1);
                let sentence = Sentence::new("--layer {layer}: {network} has the layers 0 to {last}");
                Err(Usage::from(sentence.with("layer", layer).with("network", name).with("last", last))
                    .into())
            }
            None => last_hidden(network).ok_or_else(|| {
                let sentence = Sentence::new("{network} has no hidden layer: give --layer or --pixels");
                Usage::from(sentence.with("network", name)).into()
            }),
        }
    }
}
