//! What is kept of the work on a task: every try, and what shows that it is solved.

use super::stand::Evidence;
use crate::{lesson::LessonAnswer, ui::model::tolerant::or_default};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::Arc;

/// The most tries that are kept of a task.
const MAX_TRIES: usize = 40;

/// The most characters of a typed answer that are kept.
const MAX_CHARS: usize = 120;

/// The most bytes of what shows that a task is solved, as JSON.
const MAX_BYTES: usize = 256 << 10;

/// The work on a task.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskRecord {
    /// How often an answer was given.
    pub count: u32,
    /// The last of these answers.
    #[serde(deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub tries: Vec<Try>,
    /// How many hints were shown.
    pub hints: usize,
    /// What shows that it is solved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<KeptEvidence>,
}

/// An answer that was given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Try {
    /// The answer.
    pub answer: LessonAnswer,
    /// Whether it was right, as the window said.
    pub is_right: bool,
}

impl TaskRecord {
    /// Whether there is anything to keep.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Keeps an answer.
    pub fn add(&mut self, answer: &LessonAnswer, is_right: bool) {
        self.count = self.count.saturating_add(1);
        let short = |text: &str| text.chars().take(MAX_CHARS).collect();
        let answer = match answer {
            LessonAnswer::NoNumber(text) => LessonAnswer::NoNumber(short(text)),
            LessonAnswer::Click(name) => LessonAnswer::Click(short(name)),
            // JSON has no other numbers.
            LessonAnswer::Number(number) if !number.is_finite() => LessonAnswer::NoNumber(number.to_string()),
            answer => answer.clone(),
        };
        self.tries.push(Try { answer, is_right });
        if self.tries.len() > MAX_TRIES {
            self.tries.remove(0);
        }
    }

    /// Keeps what shows that it is solved, without the state if that is too large.
    pub fn prove(&mut self, mut evidence: Evidence) {
        let length = serde_json::to_string(&evidence).map_or(usize::MAX, |text| text.len());
        if length > MAX_BYTES {
            (evidence.stand, evidence.is_cut) = (None, true);
        }
        self.evidence = Some(KeptEvidence(Arc::new(evidence), length.min(MAX_BYTES)));
    }

    /// The bytes of what shows that it is solved.
    pub fn bytes(&self) -> usize {
        self.evidence.as_ref().map_or(0, |evidence| evidence.1)
    }

    /// Leaves the state out.
    pub fn cut(&mut self) {
        if let Some(evidence) = &mut self.evidence {
            let cut = Evidence { stand: None, is_cut: true, ..(*evidence.0).clone() };
            *evidence = KeptEvidence(Arc::new(cut), 0);
        }
    }
}

/// Evidence that is copied cheaply: settings are compared in every frame.
#[derive(Clone, Debug)]
pub struct KeptEvidence(pub Arc<Evidence>, usize);

impl PartialEq for KeptEvidence {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl Serialize for KeptEvidence {
    fn serialize<S: Serializer>(&self, file: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(file)
    }
}

impl<'de> Deserialize<'de> for KeptEvidence {
    fn deserialize<D: Deserializer<'de>>(file: D) -> Result<Self, D::Error> {
        let evidence = Evidence::deserialize(file)?;
        let length = serde_json::to_string(&evidence).map_or(MAX_BYTES, |text| text.len());
        Ok(Self(Arc::new(evidence), length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::model::lesson::stand::{Stand, StandImage};
    use crate::ui::{
        model::image::ImageSource,
        widgets::{Drawing, draw_canvas::Edit},
    };

    #[test]
    fn tries_are_bounded_and_read_back() {
        let mut record = TaskRecord::default();
        assert!(record.is_empty());
        for number in 0..100 {
            record.add(&LessonAnswer::Number(f64::from(number)), false);
        }
        record.add(&LessonAnswer::Number(f64::INFINITY), false);
        record.add(&LessonAnswer::NoNumber("x".repeat(5000)), true);
        assert_eq!((record.count, record.tries.len()), (102, MAX_TRIES));
        record.prove(Evidence { answer: Some(LessonAnswer::Choice(1)), ..Evidence::default() });
        let json = serde_json::to_string(&record).unwrap();
        assert!(json.len() < 8000);
        assert_eq!(serde_json::from_str::<TaskRecord>(&json).unwrap(), record);
        assert_eq!(serde_json::from_str::<TaskRecord>("{}").unwrap(), TaskRecord::default());
    }

    #[test]
    fn a_state_that_is_too_large_is_left_out() {
        let mut drawing = Drawing::default();
        drawing.apply(&Edit::Begin { point: [0.1, 0.1], radius: 0.02, is_eraser: false });
        for i in 0..20_000 {
            let at = f64::from(i) * 0.37;
            drawing.apply(&Edit::Extend([(at.sin() / 2.0 + 0.5) as f32, (at.cos() / 2.0 + 0.5) as f32]));
        }
        let image = StandImage { source: ImageSource::Drawing, is_normalised: true, drawing };
        let mut record = TaskRecord::default();
        let stand = Some(Stand { image: Some(image), ..Stand::default() });
        record.prove(Evidence { stand, ..Evidence::default() });
        let kept = record.evidence.unwrap();
        assert!(kept.0.is_cut && kept.0.stand.is_none());
    }
}
