//! `convlens predict`

use super::{
    error::explain,
    input::{Crop, Seen, parse_crop},
    net::load_model,
    output,
};
use crate::{
    data::digit::Objection,
    explain::{DoubtReason, Verdict, verdict::MIN_CONFIDENCE},
    model_file,
    nn::{Network, loss::argmax},
    text::{ClassNames, Say, Sentence, written},
};
use anyhow::{Result, bail};
use clap::Args;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// The options of `convlens predict`.
#[derive(Debug, Args)]
pub struct Predict {
    /// The model file [default: the network inside the program].
    #[arg(long, value_name = "M.safetensors")]
    model: Option<PathBuf>,
    /// The model's network, a preset or a spec file, if the model does not contain it (models from PyTorch do not).
    #[arg(long, value_name = "NAME|SPEC.json", requires = "model")]
    net: Option<String>,
    /// Resize the whole picture to the network's input instead of cropping, scaling and centring the digit.
    #[arg(long)]
    raw: bool,
    /// Print a JSON object per picture and nothing else.
    #[arg(long)]
    json: bool,
    /// Use this part of each picture, in pixels from its upper left corner.
    #[arg(long, value_name = "X,Y,W,H", value_parser = parse_crop)]
    crop: Option<Crop>,
    /// Pictures: PNG, JPEG, BMP, GIF, WebP, TIFF or SVG. A dash is standard input.
    #[arg(required = true, value_name = "IMAGE")]
    images: Vec<PathBuf>,
}

/// The prediction for a picture.
#[derive(Debug, PartialEq, Serialize)]
struct Answer {
    file: String,
    /// The digit or class; null if the network is not sure.
    label: Option<usize>,
    /// What the class is called, if that is not its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    probabilities: Vec<f32>,
    /// Why there is no label.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl Predict {
    pub(super) fn run(&self) -> Result<()> {
        let network = match &self.model {
            Some(path) => load_model(path, self.net.as_deref())?,
            None => model_file::shipped()?,
        };
        let mut failed = 0;
        for path in &self.images {
            match output::found(self.json, || self.answer(&network, path)) {
                Ok(answer) if self.json => output::json(&answer)?,
                Ok(answer) => output::line(in_words(&answer))?,
                Err(error) if self.images.len() == 1 => return Err(error),
                Err(error) => {
                    failed += 1;
                    output::complain(&explain(&error));
                }
            }
        }
        if failed > 0 {
            let sentence = Sentence::new("{failed} of {count} pictures cannot be read");
            bail!(sentence.with("failed", failed).with("count", self.images.len()));
        }
        Ok(())
    }

    fn answer(&self, network: &Network, path: &Path) -> Result<Answer> {
        let file = path.display().to_string();
        let seen = Seen::open(path, self.raw, self.crop, network)?;
        let trace = network.trace(&seen.input(network)?);
        let probabilities = trace.first_probabilities().to_vec();
        let reason = if seen.has_ink {
            doubt(&probabilities, seen.objection, &network.spec().class_names)
        } else {
            Some(Sentence::new("no ink: the picture is blank"))
        };
        let reason = reason.map(|reason| reason.to_string());
        let label = reason.is_none().then(|| argmax(&probabilities));
        let names = &network.spec().class_names;
        let name = label.filter(|_| !names.is_empty()).map(|label| names.of(label).into_owned());
        Ok(Answer { file, label, name, probabilities, reason })
    }
}

/// Why the prediction is not sure; `None` if it is.
fn doubt(probabilities: &[f32], objection: Option<Objection>, names: &ClassNames) -> Option<Sentence> {
    let of_two = |sentence: Sentence, first: usize, second: usize| {
        let share = |class: usize| written::probability(probabilities[class]);
        sentence
            .with("first", names.of(first))
            .with("first_share", share(first))
            .with("second", names.of(second))
            .with("second_share", share(second))
    };
    match Verdict::of(probabilities, objection.map(|objection| objection.say())) {
        Some(Verdict::Sure { .. }) => None,
        Some(Verdict::NotSure { why: DoubtReason::Objection(reason), .. }) => {
            Some(Sentence::new("not sure: {reason}").part("reason", reason))
        }
        Some(Verdict::NotSure { first, second, why: DoubtReason::Unlike }) => Some(of_two(
            Sentence::new(
                "not sure: not like any digit; the most likely are {first} ({first_share}) and {second} ({second_share})",
            ),
            first,
            second,
        )),
        Some(Verdict::NotSure { first, second, why: DoubtReason::Between }) => Some(
            of_two(
                Sentence::new(
                    "not sure: {first} ({first_share}) or {second} ({second_share}), both below {least} %",
                ),
                first,
                second,
            )
            .with("least", format_args!("{:.0}", MIN_CONFIDENCE * 100.0)),
        ),
        Some(Verdict::NotANumber) | None => {
            Some(Sentence::new("not sure: the network's output is not a number"))
        }
    }
}

fn in_words(answer: &Answer) -> Sentence {
    let Answer { file, label, name, probabilities, reason } = answer;
    match (label, reason) {
        (Some(label), _) => Sentence::new("{file}: {label} ({probability})")
            .with("file", file)
            .with("label", name.clone().unwrap_or_else(|| label.to_string()))
            .with("probability", written::probability(probabilities[*label])),
        (None, Some(reason)) => Sentence::new("{file}: {reason}").with("file", file).with("reason", reason),
        (None, None) => {
            Sentence::new("{file}: {reason}").with("file", file).part("reason", Sentence::new("not sure"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predictions_below_a_probability_are_not_sure() {
        assert_eq!(doubt(&[MIN_CONFIDENCE, 1.0 - MIN_CONFIDENCE], None, &ClassNames::default()), None);
        let reason = doubt(&[0.35, 0.05, 0.55, 0.05], None, &ClassNames::default()).unwrap();
        assert_eq!(reason.to_string(), "not sure: 2 (55.0 %) or 0 (35.0 %), both below 65 %");
        let reason = doubt(&[0.3, 0.2, 0.3, 0.2], None, &ClassNames::default()).unwrap();
        assert_eq!(
            reason.to_string(),
            "not sure: not like any digit; the most likely are 0 (30.0 %) and 2 (30.0 %)"
        );
        let reason = doubt(&[0.0, 1.0], Some(Objection::Tangle), &ClassNames::default()).unwrap();
        assert_eq!(reason.to_string(), "not sure: the lines cross more often than in any digit");
        assert!(doubt(&[f32::NAN; 3], None, &ClassNames::default()).is_some());
    }

    #[test]
    fn only_answers_without_a_label_have_a_reason() {
        let sure = Answer {
            file: "a".into(),
            label: Some(1),
            name: None,
            probabilities: vec![0.1, 0.9],
            reason: None,
        };
        assert_eq!(
            serde_json::to_string(&sure).unwrap(),
            r#"{"file":"a","label":1,"probabilities":[0.1,0.9]}"#
        );
        let reason = Some("no ink: the picture is blank".to_owned());
        let blank = Answer { label: None, reason, ..sure };
        assert!(serde_json::to_string(&blank).unwrap().contains(r#""label":null"#));
        assert_eq!(in_words(&blank).to_string(), "a: no ink: the picture is blank");
    }
}
