//! Trains two networks in turns, and asks both about the drawing in every place.

use super::{
    latest::{Desk, Latest},
    tasks::{Threading, Wake},
    throttled::Throttled,
};
use crate::{
    data::DataSet,
    nn::Network,
    text::{Say, Sentence},
    train::{
        Pool,
        compare::{ComparedRun, Comparison, Conditions, Contestant, Did},
        session::Due,
        shifted::{MOST_SHIFT, ShiftAccuracy, moved_probabilities},
    },
    ui::model::compare::{CompareAnswers, CompareShown, RunShown},
};
use image::GrayImage;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// How often both runs are shown while they train.
const EVERY: Duration = Duration::from_millis(200);

/// Test images that are moved: 17 evaluations of so many.
const MOVED_IMAGES: usize = 1000;

/// The part of the progress that is training.
const TRAINING: f32 = 0.9;

/// Two networks to train.
pub struct CompareQuestion {
    /// The networks with their settings.
    pub contestants: [Contestant; 2],
    /// What is the same for both.
    pub conditions: Conditions,
    /// The data set.
    pub data: DataSet,
}

/// A moment of both runs, or why there are none.
pub type CompareNews = Result<CompareShown, Sentence>;

/// Two networks and a drawing.
pub struct PlacesQuestion {
    /// The networks.
    pub networks: [Arc<Network>; 2],
    /// The drawing, as networks see it.
    pub picture: GrayImage,
    /// Its revision.
    pub image_revision: u64,
}

/// What a question of places is about.
#[derive(Clone)]
pub struct PlacesSubject {
    /// The networks.
    pub networks: [Arc<Network>; 2],
    /// The image's revision.
    pub image_revision: u64,
}

impl PartialEq for PlacesSubject {
    fn eq(&self, other: &Self) -> bool {
        let is_same = |i: usize| Arc::ptr_eq(&self.networks[i], &other.networks[i]);
        self.image_revision == other.image_revision && is_same(0) && is_same(1)
    }
}

/// The workers.
pub struct Comparisons {
    /// Trains both networks.
    pub runs: Latest<CompareQuestion, CompareNews>,
    /// Asks both about the drawing. Answers have the time that they took.
    pub places: Throttled<(), PlacesSubject, PlacesQuestion, (CompareAnswers, Duration)>,
}

impl Comparisons {
    /// Starts the workers.
    pub fn new(threading: Threading, wake: Wake) -> Self {
        let runs =
            Latest::new("compare", threading, wake.clone(), |question, desk: &Desk<'_, CompareNews>| {
                if let Err(sentence) = compare(question, desk) {
                    desk.tell(Err(sentence));
                }
            });
        let places = Throttled::new("places", threading, wake, |question: PlacesQuestion, desk| {
            let begun = Instant::now();
            let PlacesQuestion { networks, picture, image_revision } = question;
            let of = |i: usize| moved_probabilities(&networks[i], &picture, MOST_SHIFT, || desk.is_wanted());
            let (Some(a), Some(b)) = (of(0), of(1)) else { return };
            let answers = CompareAnswers { networks, image_revision, places: [a, b] };
            desk.tell((answers, begun.elapsed()));
        });
        Self { runs, places }
    }
}

/// Trains both networks, then measures both on moved images.
fn compare(question: CompareQuestion, desk: &Desk<'_, CompareNews>) -> Result<(), Sentence> {
    let CompareQuestion { contestants, conditions, data } = question;
    let no_threads = |e| Sentence::new("threads could not be started: {reason}").with("reason", e);
    let pool = Pool::new(Pool::default_threads()).map_err(no_threads)?;
    let mut comparison = Comparison::new(contestants, conditions, &data, true).map_err(|e| e.say())?;
    let mut told = Instant::now();
    desk.tell(Ok(shown(&comparison, None)));
    while desk.is_wanted() {
        let begun = Instant::now();
        let Some((run, did)) = comparison.advance(&pool) else { break };
        if did == Did::Step {
            comparison.took(run, begun.elapsed().as_secs_f64());
        }
        if told.elapsed() > EVERY || did == Did::Evaluated(Due::FullEvaluation) {
            desk.tell(Ok(shown(&comparison, None)));
            told = Instant::now();
        }
    }
    desk.tell(Ok(shown(&comparison, None)));
    let networks = comparison.runs().each_ref().map(|run| run.session().network().clone());
    let measure = |network: &Network| ShiftAccuracy::new(network, &data.name, &data.test, MOVED_IMAGES);
    let mut moved = [measure(&networks[0]), measure(&networks[1])].map(|made| made.map_err(|e| e.say()));
    let [Ok(a), Ok(b)] = &mut moved else {
        return moved.into_iter().find_map(Result::err).map_or(Ok(()), Err);
    };
    let moved = [a, b];
    while desk.is_wanted() {
        // The one that is behind, so that both curves grow together.
        let behind = usize::from(moved[0].found().len() > moved[1].found().len());
        let before = moved[behind].found().len();
        moved[behind].step(&networks[behind], &pool);
        if moved[behind].found().len() > before {
            desk.tell(Ok(shown(&comparison, Some(&moved))));
        }
        if moved.iter().all(|one| one.is_done()) {
            break;
        }
    }
    Ok(())
}

/// Both runs as they are.
fn shown(comparison: &Comparison, moved: Option<&[&mut ShiftAccuracy; 2]>) -> CompareShown {
    let run = |i: usize| {
        let run = &comparison.runs()[i];
        let session = run.session();
        RunShown {
            network: Arc::new(session.network().clone()),
            config: *session.config(),
            history: Arc::new(session.history().clone()),
            step: session.steps(),
            seconds: run.seconds(),
            standing: run.standing(),
            accuracy_by_shift: moved.map_or_else(Vec::new, |moved| moved[i].found().to_vec()),
            trouble: run.trouble().map(Say::say),
        }
    };
    let share = |i: usize| {
        let run = &comparison.runs()[i];
        let session = run.session();
        let all = session.images_per_epoch() * session.config().epochs;
        if run.is_over() { 1.0 } else { session.images_seen() as f32 / all.max(1) as f32 }
    };
    let trained = f32::midpoint(share(0), share(1));
    let found = moved.map_or(0, |moved| moved.iter().map(|moved| moved.found().len()).sum());
    let measured = found as f32 / (2 * (MOST_SHIFT + 1)) as f32;
    CompareShown {
        runs: [run(0), run(1)],
        progress: TRAINING * trained + (1.0 - TRAINING) * measured,
        is_trained: comparison.runs().iter().all(ComparedRun::is_over),
        moved_images: moved.map_or(0, |moved| moved[0].images()),
        is_over: moved.is_some_and(|moved| moved.iter().all(|one| one.is_done())),
    }
}
