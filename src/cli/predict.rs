//! `convlens predict`

use super::{
    input::{Field, digit_of, from_field},
    net::load_model,
    output,
};
use crate::{
    data::{digit::Objection, picture},
    explain::{DoubtReason, Verdict, verdict::MIN_CONFIDENCE},
    model_file,
    nn::{Network, loss::argmax},
};
use anyhow::{Result, bail};
use clap::Args;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// The options of `convlens predict`.
#[derive(Debug, Args)]
pub struct Predict {
    /// The model; left out: the one that comes with the program.
    #[arg(long, value_name = "M.safetensors")]
    model: Option<PathBuf>,
    /// The network it belongs to, for files that do not say it, such as PyTorch writes: a preset or a spec file.
    #[arg(long, value_name = "NAME|SPEC.json", requires = "model")]
    net: Option<String>,
    /// Squeeze the whole picture into 28×28 instead of cropping, scaling and centring the digit.
    #[arg(long)]
    raw: bool,
    /// Print one JSON object a picture and nothing else.
    #[arg(long)]
    json: bool,
    /// Pictures: PNG, JPEG, BMP, GIF or WebP.
    #[arg(required = true, value_name = "IMAGE")]
    images: Vec<PathBuf>,
}

/// What is said of one picture.
#[derive(Debug, PartialEq, Serialize)]
struct Answer {
    file: String,
    /// The digit; null when there is none to name.
    label: Option<usize>,
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
            match self.answer(&network, path) {
                Ok(answer) if self.json => output::json(&answer)?,
                Ok(answer) => output::line(in_words(&answer))?,
                Err(error) if self.images.len() == 1 => return Err(error),
                Err(error) => {
                    failed += 1;
                    output::complain(&format!("{error:#}"));
                }
            }
        }
        if failed > 0 {
            bail!("{failed} of {} pictures could not be read", self.images.len());
        }
        Ok(())
    }

    fn answer(&self, network: &Network, path: &Path) -> Result<Answer> {
        let file = path.display().to_string();
        let ink = picture::to_ink(&picture::open(path)?);
        let Field { pixels, has_ink, objection } = digit_of(&ink, self.raw);
        let trace = network.trace(&from_field(network, &file, &pixels)?);
        let probabilities = trace.first_probabilities().to_vec();
        let reason = if has_ink {
            doubt(&probabilities, objection)
        } else {
            Some("no ink: the picture is blank".into())
        };
        let label = reason.is_none().then(|| argmax(&probabilities));
        Ok(Answer { file, label, probabilities, reason })
    }
}

/// Why no digit is to be named, if none is.
fn doubt(probabilities: &[f32], objection: Option<Objection>) -> Option<String> {
    let percent = |class: usize| probabilities[class] * 100.0;
    match Verdict::of(probabilities, objection.map(Objection::reason)) {
        Some(Verdict::Sure { .. }) => None,
        Some(Verdict::NotSure { why: DoubtReason::Picture(reason), .. }) => {
            Some(format!("not sure: {reason}"))
        }
        Some(Verdict::NotSure { first, second, why: DoubtReason::Unlike }) => Some(format!(
            "not sure: like none of the classes; the likeliest are {first} ({:.1} %) and {second} ({:.1} %)",
            percent(first),
            percent(second),
        )),
        Some(Verdict::NotSure { first, second, why: DoubtReason::Between }) => Some(format!(
            "not sure: {first} ({:.1} %) or {second} ({:.1} %), and neither reaches {:.0} %",
            percent(first),
            percent(second),
            MIN_CONFIDENCE * 100.0
        )),
        None => Some("not sure: the network gives no numbers".into()),
    }
}

fn in_words(answer: &Answer) -> String {
    let Answer { file, label, probabilities, reason } = answer;
    match (label, reason) {
        (Some(label), _) => format!("{file}: {label} ({:.1} %)", probabilities[*label] * 100.0),
        (None, reason) => format!("{file}: {}", reason.as_deref().unwrap_or("not sure")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubt_begins_below_a_share() {
        assert_eq!(doubt(&[MIN_CONFIDENCE, 1.0 - MIN_CONFIDENCE], None), None);
        let reason = doubt(&[0.35, 0.05, 0.55, 0.05], None).unwrap();
        assert_eq!(reason, "not sure: 2 (55.0 %) or 0 (35.0 %), and neither reaches 65 %");
        let reason = doubt(&[0.3, 0.2, 0.3, 0.2], None).unwrap();
        assert_eq!(reason, "not sure: like none of the classes; the likeliest are 0 (30.0 %) and 2 (30.0 %)");
        let reason = doubt(&[0.0, 1.0], Some(Objection::Tangle)).unwrap();
        assert_eq!(reason, "not sure: the lines cross more often than in any digit");
        assert!(doubt(&[f32::NAN; 3], None).is_some());
    }

    #[test]
    fn a_reason_stands_only_where_a_label_is_missing() {
        let sure = Answer { file: "a".into(), label: Some(1), probabilities: vec![0.1, 0.9], reason: None };
        assert_eq!(
            serde_json::to_string(&sure).unwrap(),
            r#"{"file":"a","label":1,"probabilities":[0.1,0.9]}"#
        );
        let reason = Some("no ink: the picture is blank".to_owned());
        let blank = Answer { label: None, reason, ..sure };
        assert!(serde_json::to_string(&blank).unwrap().contains(r#""label":null"#));
        assert_eq!(in_words(&blank), "a: no ink: the picture is blank");
    }
}
