//! Measures networks for the Evaluate view in the background.

use super::{
    latest::Desk,
    tasks::{Threading, Wake},
    throttled::Throttled,
};
use crate::{
    data::Split,
    explain::verdict::MIN_CONFIDENCE,
    nn::{Network, NetworkSpec, Serial},
    text::{Say, Sentence},
    train::{
        Evaluator,
        confusion::{mistakes, reliability, unsure},
        sweep::{ChangeKind, accuracy_at},
    },
    ui::model::evaluate::{BINS, ChangeCurve, EvaluateProgress, EvaluateSet, Measured, Measurement},
};
use std::{
    ops::Range,
    sync::Arc,
    time::{Duration, Instant},
};

/// The shortest time between two notices of progress.
const NEWS: Duration = Duration::from_millis(100);

/// The most images of a point of a curve.
const CURVE_IMAGES: usize = 2_000;

/// The same while the network trains, so that the curves cost it little.
const LIVE_CURVE_IMAGES: usize = 500;

/// What a person has chosen: a question under another choice is called off.
#[derive(Clone, PartialEq)]
pub struct EvaluateChoice {
    /// Which images.
    pub set: EvaluateSet,
    /// Which of them.
    pub range: Range<usize>,
    /// Which change.
    pub kind: ChangeKind,
    /// The form of the network.
    pub spec: NetworkSpec,
    /// Its run, if it is in training.
    pub run: Option<u64>,
    /// The split.
    pub split: SameSplit,
}

/// A split that is the same only as itself.
#[derive(Clone)]
pub struct SameSplit(pub Arc<Split>);

impl PartialEq for SameSplit {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// What changes by itself: the network, and whether it trains.
#[derive(Clone)]
pub struct EvaluateSubject {
    /// The network.
    pub network: Arc<Network>,
    /// Whether it trains.
    pub is_training: bool,
}

impl PartialEq for EvaluateSubject {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.network, &other.network) && self.is_training == other.is_training
    }
}

/// A question: what to measure, and under which change.
pub struct EvaluateQuestion {
    /// The network and the images.
    pub of: Measured,
    /// The change.
    pub kind: ChangeKind,
    /// Whether the network trains.
    pub is_training: bool,
    /// A complete measurement of the same, which need not be made again.
    pub known: Option<Arc<Measurement>>,
}

/// What is known so far. Each answer to a question has all that the one before it had.
#[derive(Clone, Default)]
pub struct EvaluateNews {
    /// How far it is; `None` once all is done.
    pub progress: Option<EvaluateProgress>,
    /// The complete measurement.
    pub measurement: Option<Arc<Measurement>>,
    /// The complete curve.
    pub curve: Option<ChangeCurve>,
    /// Why it could not be measured.
    pub problem: Option<Sentence>,
    /// The time that all took.
    pub took: Option<Duration>,
}

/// The worker.
pub type Evaluations = Throttled<EvaluateChoice, EvaluateSubject, EvaluateQuestion, EvaluateNews>;

/// Starts the worker.
pub fn evaluations(threading: Threading, wake: Wake) -> Evaluations {
    Throttled::new("evaluation", threading, wake, |question, desk| answer(&question, desk))
}

fn answer(question: &EvaluateQuestion, desk: &Desk<'_, EvaluateNews>) {
    let begun = Instant::now();
    let mut news = EvaluateNews::default();
    let measured = if question.known.is_some() {
        question.known.clone()
    } else {
        match measure(&question.of, desk) {
            Ok(Some(measured)) => Some(measured),
            Ok(None) => return,
            Err(sentence) => {
                news.problem = Some(sentence);
                None
            }
        }
    };
    news.measurement.clone_from(&measured);
    if measured.is_some() {
        let all = question.of.range.len();
        news.progress = Some(EvaluateProgress { step: question.of.step, done: all, of: all });
        desk.tell(news.clone());
        match curve(question, desk) {
            Ok(Some(curve)) => news.curve = Some(curve),
            Ok(None) if !desk.is_wanted() => return,
            Ok(None) => {}
            Err(sentence) => news.problem = Some(sentence),
        }
    }
    news.progress = None;
    news.took = Some(begun.elapsed());
    desk.tell(news);
}

/// Evaluates all images; `None` if that was called off.
fn measure(of: &Measured, desk: &Desk<'_, EvaluateNews>) -> Result<Option<Arc<Measurement>>, Sentence> {
    let mut evaluator = Evaluator::new(&of.network, of.range.clone()).judging();
    let mut told = Instant::now();
    loop {
        if !desk.is_wanted() {
            return Ok(None);
        }
        if let Some(result) = evaluator.step(&of.network, &of.split, &Serial) {
            let judgements = evaluator.judgements().to_vec();
            let numberless = judgements.iter().filter(|judgement| !judgement.probability.is_finite()).count();
            if numberless > 0 {
                // Whatever class were taken, the network did not say it.
                return Err(Sentence::new(
                    "not a number: {name} gives no probability to any class of {count} of {all} images",
                )
                .with("name", &of.network.spec().name)
                .with("count", numberless)
                .with("all", judgements.len()));
            }
            return Ok(Some(Arc::new(Measurement {
                of: of.clone(),
                result,
                reliability: reliability(&judgements, BINS),
                mistakes: mistakes(&judgements),
                unsure: unsure(&judgements, MIN_CONFIDENCE),
                judgements,
            })));
        }
        if told.elapsed() >= NEWS {
            told = Instant::now();
            let progress = EvaluateProgress { step: of.step, done: evaluator.images(), of: of.range.len() };
            desk.tell(EvaluateNews { progress: Some(progress), ..EvaluateNews::default() });
        }
    }
}

/// Measures the accuracy at every level; `None` if that was called off.
fn curve(
    question: &EvaluateQuestion,
    desk: &Desk<'_, EvaluateNews>,
) -> Result<Option<ChangeCurve>, Sentence> {
    let EvaluateQuestion { of, kind, is_training, .. } = question;
    let most = if *is_training { LIVE_CURVE_IMAGES } else { CURVE_IMAGES };
    let images = most.min(of.range.len());
    let range = of.range.start..of.range.start + images;
    let mut points = Vec::new();
    for &level in kind.levels() {
        let set = (of.data.as_str(), of.split.as_ref(), range.clone());
        let wanted = || desk.is_wanted();
        let accuracy =
            accuracy_at(&of.network, set, (*kind, level), &Serial, &wanted).map_err(|e| e.say())?;
        if !desk.is_wanted() {
            return Ok(None);
        }
        points.extend(accuracy.map(|accuracy| (level, accuracy)));
    }
    Ok(Some(ChangeCurve {
        name: of.network.spec().name.clone(),
        step: of.step,
        kind: *kind,
        set: of.set,
        data: of.data.clone(),
        images,
        points,
    }))
}
