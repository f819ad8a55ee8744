//! The timeline: which kept moment of the run is shown, and the film of all moments.

use crate::nn::Network;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The moment that is shown, and the film.
#[derive(Clone, Debug, Default)]
pub struct TimelineState {
    /// The step of the chosen moment, and its run; `None` while the newest step is shown.
    pub chosen: Option<ChosenMoment>,
    /// The seconds since the film's last moment; `None` while it rests.
    pub film: Option<f32>,
    /// The speed of the film.
    pub speed: FilmSpeed,
    /// The ruined end of a run, and the good moment before it that was shown in its place.
    pub ruin: Option<ShownRuin>,
}

/// A run that was found ruined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShownRuin {
    /// The moment at which it was ruined.
    pub end: ChosenMoment,
    /// The last good moment, which was shown as soon as the run was found ruined.
    pub good: Option<ChosenMoment>,
}

/// A moment of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChosenMoment {
    /// The number of the run.
    pub run: u64,
    /// Its step.
    pub step: u64,
}

/// Moments per second of the film.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the numbers of moments")]
pub enum FilmSpeed {
    Two,
    #[default]
    Four,
    Eight,
    Sixteen,
}

impl FilmSpeed {
    /// All speeds, the slowest first.
    pub const ALL: [Self; 4] = [Self::Two, Self::Four, Self::Eight, Self::Sixteen];

    /// Moments per second.
    pub fn per_second(self) -> u8 {
        match self {
            Self::Two => 2,
            Self::Four => 4,
            Self::Eight => 8,
            Self::Sixteen => 16,
        }
    }
}

/// What a person does with the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TimelineAct {
    /// Shows the kept moment that is nearest to this step.
    Show(u64),
    /// Goes so many moments on, or back. After the last one comes the newest step.
    Step(i32),
    /// Shows the newest step again.
    Live,
    /// Plays the film of all moments from the one that is shown, or stops it.
    Film(bool),
    /// The speed of the film.
    Speed(FilmSpeed),
    /// Goes on training from the moment that is shown, as a new run.
    Branch,
    /// Names the moment that is shown; `None` takes its name away.
    Flag(Option<String>),
}

/// The network of a moment.
#[derive(Clone, Debug)]
pub struct MomentAnswer {
    /// The moment.
    pub of: ChosenMoment,
    /// Its network.
    pub network: Arc<Network>,
}
