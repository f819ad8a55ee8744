//! The Pooling view's part of the state.

use super::{
    make::{Back, GradientOf, PoolingRejected, Study},
    setup::{PoolingSetup, PoolingSource, Walk},
};
use crate::{
    explain::pooling::Direction,
    ui::widgets::{Playback, PlaybackAct, Track},
};
use std::{sync::Arc, time::Instant};

/// What is shown in the Pooling view: the choice is in the settings, what came of it is here.
pub struct PoolingLab {
    /// Which window is looked at.
    pub playback: Playback,
    /// Up to which window a picture is filled.
    filling: Playback,
    /// Where the map is moved.
    shifts: Playback,
    /// The last choice that the core could compute.
    pub study: Option<Arc<Study>>,
    /// Why the choice as it is now gives nothing.
    pub rejected: Option<PoolingRejected>,
    /// The way of the gradient back, of late.
    pub back: Option<Arc<Back>>,
    /// Since when the choice as it is waits for what comes of it.
    pub waits_since: Option<Instant>,
    /// Where to go when that has come.
    target: Option<Target>,
}

/// A place to go to.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// This window.
    Window(usize),
    /// The first window that sees this element of the map.
    Element(usize),
}

impl Default for PoolingLab {
    fn default() -> Self {
        let mut shifts = Playback::default();
        // A map that is moved shows more than one that is not.
        shifts.apply(PlaybackAct::End, SHIFTS);
        Self {
            playback: Playback::default(),
            filling: Playback::default(),
            shifts,
            study: None,
            rejected: None,
            back: None,
            waits_since: None,
            target: None,
        }
    }
}

/// The map where it is, then in each direction.
const SHIFTS: Track = Track { len: 1 + Direction::ALL.len(), row: 1 };

impl PoolingLab {
    /// The windows of what is shown; none before there is something.
    pub fn track(&self) -> Track {
        self.study.as_ref().map_or(Track { len: 0, row: 1 }, |study| study.track())
    }

    /// The window that is looked at.
    pub fn position(&self) -> usize {
        self.playback.position(self.track())
    }

    /// Where a walk stands, and its steps.
    pub fn walk(&self, walk: Walk) -> (&Playback, Track) {
        match walk {
            Walk::Windows => (&self.playback, self.track()),
            Walk::Filling => (&self.filling, self.track()),
            Walk::Shifts => (&self.shifts, SHIFTS),
        }
    }

    /// Does one thing to a walk; speed and loop are the same for all.
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

    /// Moves a walk that is playing by the time that has passed, in seconds.
    pub fn advance(&mut self, walk: Walk, seconds: f32) {
        let windows = self.track();
        match walk {
            Walk::Windows => self.playback.advance(seconds, windows),
            Walk::Filling => self.filling.advance(seconds, windows),
            Walk::Shifts => self.shifts.advance(seconds, SHIFTS),
        }
    }

    /// Where the map is moved; `None` where it is.
    pub fn direction(&self) -> Option<Direction> {
        self.shifts.position(SHIFTS).checked_sub(1).and_then(|at| Direction::ALL.get(at)).copied()
    }

    /// The step of [`Walk::Shifts`] that moves the map there.
    pub fn shift_to(direction: Direction) -> usize {
        1 + Direction::ALL.iter().position(|other| *other == direction).unwrap_or(0)
    }

    /// Of which outputs the page shows the gradient.
    pub fn gradient_of(&self, choice: &PoolingSetup) -> GradientOf {
        let (playback, track) = self.walk(choice.walk());
        let position = playback.position(track);
        if choice.is_gradient_of_one { GradientOf::One(position) } else { GradientOf::First(position) }
    }

    /// Goes to a place of the next picture.
    pub fn go_to(&mut self, target: Target) {
        self.target = Some(target);
    }

    /// Why the choice gives nothing; the last picture stays.
    pub fn reject(&mut self, rejected: PoolingRejected) {
        (self.rejected, self.waits_since) = (Some(rejected), None);
    }

    /// Another picture: of a source of another kind or another size, the playback begins anew.
    pub fn take(&mut self, study: Study) {
        let kind = |study: &Study| std::mem::discriminant(&study.choice.source);
        let is_new = self.study.as_ref().is_none_or(|before| {
            let is_resized = before.max.input_size() != study.max.input_size();
            kind(before) != kind(&study) || is_resized && study.choice.source != PoolingSource::Numbers
        });
        let is_full = self.filling.position(self.track()) + 1 >= self.track().len;
        let most_telling = study.most_telling();
        self.study = Some(Arc::new(study));
        (self.rejected, self.waits_since) = (None, None);
        if is_new {
            self.play(Walk::Windows, PlaybackAct::Seek(most_telling));
        }
        // What was whole is whole again, with more windows or fewer.
        if is_new || is_full && !self.filling.is_playing() {
            self.play(Walk::Filling, PlaybackAct::End);
        }
    }

    /// Goes where it was to go, if the picture is there that it is a place of.
    pub fn arrive(&mut self) {
        if self.waits_since.is_some() {
            return;
        }
        let Some((target, study)) = self.target.take().zip(self.study.clone()) else { return };
        if self.rejected.is_some() {
            return;
        }
        let (_, columns) = study.max.input_size();
        let window = match target {
            Target::Window(window) => window,
            Target::Element(at) => {
                let windows = study.max.steps_reading(at / columns.max(1), at % columns.max(1));
                windows.first().copied().unwrap_or(0)
            }
        };
        self.play(Walk::Windows, PlaybackAct::Seek(window));
    }
}
