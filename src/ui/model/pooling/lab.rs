//! The state of the Pooling view.

use super::{
    make::{Backward, GradientOf, PoolingRejected, Study},
    setup::{PoolingSetup, PoolingSource, Walk},
};
use crate::{
    explain::pooling::Direction,
    ui::widgets::{Playback, PlaybackAct, Track},
};
use std::{sync::Arc, time::Instant};

/// Results and animations of the Pooling view; its settings are in the settings file.
pub struct PoolingLab {
    /// The window that is shown.
    pub playback: Playback,
    /// The last window that is filled in.
    filling: Playback,
    /// The shift that is shown.
    shifts: Playback,
    /// The results of the last valid settings.
    pub study: Option<Arc<Study>>,
    /// Why the current settings are rejected.
    pub rejected: Option<PoolingRejected>,
    /// The latest gradients.
    pub backward: Option<Arc<Backward>>,
    /// Since when the results of the current settings are awaited.
    pub waits_since: Option<Instant>,
    /// The position to go to with the next results.
    target: Option<Target>,
    /// Where the animations are to stand with the next results.
    put_back: Option<[Playback; 3]>,
}

/// A position to go to.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// This window.
    Window(usize),
    /// The last window that is filled in.
    Filled(usize),
    /// The first window that covers this element of the map.
    Element(usize),
}

impl Default for PoolingLab {
    fn default() -> Self {
        let mut shifts = Playback::default();
        // The page opens with a shifted map.
        shifts.apply(PlaybackAct::End, SHIFTS);
        Self {
            playback: Playback::default(),
            filling: Playback::default(),
            shifts,
            study: None,
            rejected: None,
            backward: None,
            waits_since: None,
            target: None,
            put_back: None,
        }
    }
}

/// The map unshifted, then shifted in each direction.
const SHIFTS: Track = Track { len: 1 + Direction::ALL.len(), row: 1 };

impl PoolingLab {
    /// The windows as animation steps; none before the first results.
    pub fn track(&self) -> Track {
        self.study.as_ref().map_or(Track { len: 0, row: 1 }, |study| study.track())
    }

    /// The window that is shown.
    pub fn position(&self) -> usize {
        self.playback.position(self.track())
    }

    /// The playback of an animation, and its steps.
    pub fn walk(&self, walk: Walk) -> (&Playback, Track) {
        match walk {
            Walk::Windows => (&self.playback, self.track()),
            Walk::Filling => (&self.filling, self.track()),
            Walk::Shifts => (&self.shifts, SHIFTS),
        }
    }

    /// Applies a playback command to an animation; speed and loop apply to all.
    pub fn play(&mut self, walk: Walk, act: PlaybackAct) {
        let windows = self.track();
        let all = [
            (Walk::Windows, &mut self.playback, windows),
            (Walk::Filling, &mut self.filling, windows),
            (Walk::Shifts, &mut self.shifts, SHIFTS),
        ];
        let is_of_all = matches!(act, PlaybackAct::Speed(_) | PlaybackAct::Loop(_));
        for (_, playback, track) in all.into_iter().filter(|(other, ..)| is_of_all || *other == walk) {
            playback.apply(act, track);
        }
    }

    /// Advances an animation by `seconds`.
    pub fn advance(&mut self, walk: Walk, seconds: f32) {
        let windows = self.track();
        match walk {
            Walk::Windows => self.playback.advance(seconds, windows),
            Walk::Filling => self.filling.advance(seconds, windows),
            Walk::Shifts => self.shifts.advance(seconds, SHIFTS),
        }
    }

    /// The direction of the shift; `None` if the map is not shifted.
    pub fn direction(&self) -> Option<Direction> {
        self.shifts.position(SHIFTS).checked_sub(1).and_then(|at| Direction::ALL.get(at)).copied()
    }

    /// The step of [`Walk::Shifts`] with this direction.
    pub fn shift_to(direction: Direction) -> usize {
        1 + Direction::ALL.iter().position(|other| *other == direction).unwrap_or(0)
    }

    /// The outputs whose gradient is shown.
    pub fn gradient_of(&self, choice: &PoolingSetup) -> GradientOf {
        let (playback, track) = self.walk(choice.walk());
        let position = playback.position(track);
        if choice.is_gradient_of_one { GradientOf::One(position) } else { GradientOf::First(position) }
    }

    /// Sets the position to go to with the next results.
    pub fn go_to(&mut self, target: Target) {
        self.target = Some(target);
    }

    /// Whether the animations have still to go to a position.
    pub fn is_on_its_way(&self) -> bool {
        self.waits_since.is_some() || self.target.is_some() || self.put_back.is_some()
    }

    /// Sets the reason why the settings are rejected; the last results stay.
    pub fn reject(&mut self, rejected: PoolingRejected) {
        (self.rejected, self.waits_since) = (Some(rejected), None);
    }

    /// Takes new results. For another kind of input, or another size, the animations start again.
    pub fn take(&mut self, study: Study) {
        let kind = |study: &Study| std::mem::discriminant(&study.choice.source);
        let is_new = self.study.as_ref().is_none_or(|before| {
            let is_resized = before.max.input_size() != study.max.input_size();
            kind(before) != kind(&study) || is_resized && study.choice.source != PoolingSource::Numbers
        });
        let is_full = self.filling.position(self.track()) + 1 >= self.track().len;
        let most_instructive = study.most_instructive();
        self.study = Some(Arc::new(study));
        (self.rejected, self.waits_since) = (None, None);
        if is_new {
            self.play(Walk::Windows, PlaybackAct::Seek(most_instructive));
        }
        // A complete picture stays complete for another number of windows.
        if is_new || is_full && !self.filling.is_playing() {
            self.play(Walk::Filling, PlaybackAct::End);
        }
    }

    /// Where the animations stand: windows, their filling, shifts.
    pub fn stand(&self) -> [Playback; 3] {
        self.put_back.unwrap_or_else(|| [self.playback, self.filling, self.shifts].map(|one| one.at_rest()))
    }

    /// Lets the animations stand there again, with the next results; `None` is where they stand at first.
    pub fn put_back(&mut self, stand: Option<[Playback; 3]>) {
        self.target = None;
        if let Some(stand) = stand {
            self.put_back = Some(stand.map(|one| one.at_rest()));
            return;
        }
        // The results are those of the settings, which may be the same.
        let (study, rejected) = (self.study.take(), self.rejected.take());
        let (backward, waits_since) = (self.backward.take(), self.waits_since);
        *self = Self { study, rejected, backward, waits_since, ..Self::default() };
    }

    /// Goes to the position set by [`Self::go_to`], once its results are there.
    pub fn arrive(&mut self) {
        if self.waits_since.is_some() {
            return;
        }
        if self.study.is_some()
            && self.rejected.is_none()
            && let Some(stand) = self.put_back.take()
        {
            [self.playback, self.filling, self.shifts] = stand;
        }
        let Some((target, study)) = self.target.take().zip(self.study.clone()) else { return };
        if self.rejected.is_some() {
            return;
        }
        let (_, columns) = study.max.input_size();
        let window = match target {
            Target::Window(window) => window,
            Target::Filled(window) => {
                self.play(Walk::Filling, PlaybackAct::Seek(window));
                return;
            }
            Target::Element(at) => {
                let windows = study.max.steps_reading(at / columns.max(1), at % columns.max(1));
                windows.first().copied().unwrap_or(0)
            }
        };
        self.play(Walk::Windows, PlaybackAct::Seek(window));
    }
}
