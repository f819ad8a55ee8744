//! `convlens demo`

use super::{
    columns::left,
    epochs::{self, Watch},
    net::Net,
    number::whole,
    output, pictures,
    progress::EpochBar,
    source,
    terminal::{Picture, Style},
    train::{epochs_in_words, pool},
};
use crate::{
    data::Split,
    nn::{Network, loss::argmax, presets::Recipe},
    text::{Language, Sentence, in_language, tr, written},
    train::{Evaluation, Session, TrainConfig, config::MAX_EPOCHS, evaluate::input_transform},
};
use anyhow::{Context, Result};
use clap::Args;
use std::{fs, path::PathBuf, time::Instant};

/// Test digits to show.
const DIGITS: usize = 6;

/// Digits per row.
const DIGITS_A_ROW: usize = 3;

/// The width of a caption in characters.
const CAPTION: usize = 20;

/// The seed of the run.
const SEED: u64 = 1;

/// The options of `convlens demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// The folder for `filters.png` and `curves.png`.
    #[arg(long, value_name = "DIR", default_value = "convlens-demo")]
    out: PathBuf,
    /// Passes over the training set.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole(1..=MAX_EPOCHS))]
    epochs: usize,
    /// The network: a preset or a spec file.
    #[arg(long, value_name = "NAME|SPEC.json", default_value = "lenet5-relu")]
    net: String,
    /// A folder of IDX files, plain or gzip, with the names of MNIST's [default: the embedded MNIST].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl Default for Demo {
    fn default() -> Self {
        Self { out: "convlens-demo".into(), epochs: 1, net: "lenet5-relu".into(), data: None }
    }
}

impl Demo {
    /// Runs the demo.
    pub fn run(&self) -> Result<()> {
        let net = Net::find(&self.net)?;
        let config = self.config(&net.recipe);
        config.check()?;
        let before = Network::new(net.spec, config.init, config.seed)?;
        let data = source::open(self.data.as_deref())?;
        let mut session = Session::new(config, before.clone(), &data)?;
        fs::create_dir_all(&self.out).with_context(|| {
            Sentence::new("--out {folder}: cannot be created").with("folder", self.out.display())
        })?;
        let name = &before.spec().name;
        let sentence = Sentence::new(
            "Training {network} ({parameters} parameters) on the {images} images of {data}, seed {seed}.",
        );
        output::line(
            sentence
                .with("network", name)
                .with("parameters", before.parameter_count())
                .with("images", session.images_per_epoch())
                .with("data", &data.name)
                .with("seed", SEED),
        )?;

        let begun = Instant::now();
        let mut watch = Watcher { bar: EpochBar::new(&session, config.epochs), last: None };
        let trained = epochs::run(&mut session, config.epochs, &pool(None)?, &mut watch);
        watch.bar.clear();
        trained?;
        let accuracy = watch.last.map_or(0.0, |evaluation| evaluation.accuracy());
        output::line("")?;
        let sentence = Sentence::new(
            "After {epochs} and {seconds} s it classifies {accuracy} of the {images} test images correctly.",
        );
        output::line(
            sentence
                .with("epochs", epochs_in_words(config.epochs))
                .with("seconds", format_args!("{:.1}", begun.elapsed().as_secs_f64()))
                .with("accuracy", written::percent_to(accuracy, 2))
                .with("images", data.test.len()),
        )?;
        output::line("")?;
        show_digits(session.network(), &data.test)?;
        self.write_pictures(&before, &session, accuracy)
    }

    /// The recipe without its validation set: the demo reports the accuracy on the test images.
    fn config(&self, recipe: &Recipe) -> TrainConfig {
        TrainConfig { epochs: self.epochs, validation: 0.0, ..TrainConfig::from_recipe(recipe, SEED) }
    }

    fn write_pictures(&self, before: &Network, session: &Session, accuracy: f64) -> Result<()> {
        // The typeface of the pictures has no Chinese.
        let epochs = in_language(Language::ENGLISH, || epochs_in_words(self.epochs));
        let mut written = Vec::new();
        let after = format!("after {epochs}: test accuracy {}", written::percent_to(accuracy, 1));
        if let Some(filters) = pictures::filters(before, session.network(), &after)? {
            let path = self.out.join("filters.png");
            pictures::save(&path, &filters)?;
            written.push(path.display().to_string());
        }
        let title = format!("{} trained for {epochs}", before.spec().name);
        let curves = pictures::curves(session.history(), &title, session.config().batch)?;
        let path = self.out.join("curves.png");
        pictures::save(&path, &curves)?;
        written.push(path.display().to_string());
        let files = written.join(tr(" and "));
        output::line(Sentence::new("Pictures: {files}").with("files", files))?;
        Ok(())
    }
}

/// Prints the first test images with the network's predictions.
fn show_digits(network: &Network, split: &Split) -> Result<()> {
    let style = Style::of_stdout();
    let transform = input_transform(network);
    let numbers: Vec<usize> = (0..DIGITS.min(split.len())).collect();
    let picture = |&i: &usize| Picture { pixels: split.image(i), width: split.width() };
    let border = numbers.iter().map(|i| picture(i).border()).min().unwrap_or(0);
    let columns = split.width() - 2 * border;
    let widest = columns.max(CAPTION);
    for row in numbers.chunks(DIGITS_A_ROW) {
        let blocks: Vec<Vec<String>> = row.iter().map(|i| picture(i).lines(style, border)).collect();
        for y in 0..blocks.first().map_or(0, Vec::len) {
            let cells = blocks.iter().map(|lines| format!("{}{}", lines[y], " ".repeat(widest - columns)));
            output::colored_line(cells.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        let captions = row.iter().map(|&i| {
            let mut input = vec![0.0; network.input().len()];
            transform.apply(split.image(i), split.height(), split.width(), &mut input);
            let trace = network.trace(&input);
            let probabilities = trace.first_probabilities();
            let seen = argmax(probabilities);
            let sentence = if seen == usize::from(split.label(i)) {
                Sentence::new("{class} ({probability}), correct")
            } else {
                Sentence::new("{class} ({probability}), wrong")
            };
            let sentence =
                sentence.with("class", seen).with("probability", written::probability(probabilities[seen]));
            left(&sentence.to_string(), widest)
        });
        output::line(captions.collect::<Vec<_>>().join("  ").trim_end())?;
        output::line("")?;
    }
    Ok(())
}

/// Shows the progress and remembers the last evaluation.
struct Watcher {
    bar: EpochBar,
    last: Option<Evaluation>,
}

impl Watch for Watcher {
    const QUICK: bool = true;

    fn step(&mut self, session: &Session) -> Result<()> {
        self.bar.step(session);
        Ok(())
    }

    fn epoch(&mut self, session: &Session, evaluation: &Evaluation) -> Result<()> {
        let per_second = self.bar.images_per_second();
        self.bar.clear();
        let sentence =
            Sentence::new("epoch {epoch}/{epochs}: test loss {loss}, accuracy {accuracy}; {rate} images/s");
        output::line(
            sentence
                .with("epoch", session.epoch())
                .with("epochs", session.config().epochs)
                .with("loss", format_args!("{:.4}", evaluation.loss))
                .with("accuracy", written::percent_to(evaluation.accuracy(), 2))
                .with("rate", format_args!("{per_second:.0}")),
        )?;
        self.last = Some(evaluation.clone());
        self.bar.restart(session);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::presets;

    #[test]
    fn every_preset_is_evaluated_on_the_test_images() {
        let kept = presets::all().into_iter().filter(|preset| preset.recipe.validation > 0.0);
        let of = |preset: presets::Preset| Demo::default().config(&preset.recipe).validation;
        assert!(kept.map(of).eq([0.0]));
    }
}
