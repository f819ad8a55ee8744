//! Questions about what is shown, asked again whenever that changes, but not too often while a network trains.

use super::{
    latest::{Desk, Latest},
    tasks::{Threading, Wake},
};
use std::time::{Duration, Instant};

/// While a network trains, the next question waits for this many times the duration of the last answer: so explanations
/// cost training at most a fortieth of two cores.
const PAUSE: u32 = 20;

/// The shortest pause.
const LEAST_PAUSE: Duration = Duration::from_millis(150);

/// Whether it is time to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// It has been asked, or the pause is not over.
    No,
    /// The subject has changed.
    Again,
    /// The choice has changed: questions under the last one were cancelled.
    Anew,
}

/// A worker that is asked about a subject of type `S` (an image, a trace) under a choice of type `C` (settings).
pub struct Throttled<C, S, Q, A> {
    latest: Latest<Q, A>,
    asked: Option<(C, S)>,
    pause: Option<(Instant, Duration)>,
}

impl<C: PartialEq, S: PartialEq, Q: Send + 'static, A: Send + 'static> Throttled<C, S, Q, A> {
    /// Starts the worker; see [`Latest::new`].
    pub fn new(
        name: &str,
        threading: Threading,
        wake: Wake,
        work: impl Fn(Q, &Desk<'_, A>) + Send + Sync + 'static,
    ) -> Self {
        Self { latest: Latest::new(name, threading, wake, work), asked: None, pause: None }
    }

    /// Whether to ask about `subject` now. A question under another choice is cancelled. One about another subject is
    /// not, so that slow answers arrive.
    pub fn due(&mut self, choice: &C, subject: &S, is_training: bool) -> Due {
        let Some((_, of)) = self.asked.as_ref().filter(|(asked, _)| asked == choice) else {
            self.latest.call_off();
            return Due::Anew;
        };
        let is_paused = || is_training && self.pause.is_some_and(|(at, pause)| at.elapsed() < pause);
        if of == subject || is_paused() { Due::No } else { Due::Again }
    }

    /// Records that `subject` was asked about, without asking the worker.
    pub fn note(&mut self, choice: C, subject: S) {
        self.asked = Some((choice, subject));
    }

    /// Asks the worker; see [`Latest::ask`].
    pub fn ask(&self, question: Q) {
        self.latest.ask(question);
    }

    /// Cancels the questions asked so far.
    pub fn call_off(&self) {
        self.latest.call_off();
    }

    /// Forgets the last question, so that it is asked again.
    pub fn forget(&mut self) {
        self.asked = None;
    }

    /// Whether the last question was under this choice.
    pub fn is_asked(&self, choice: &C) -> bool {
        self.asked.as_ref().is_some_and(|(asked, _)| asked == choice)
    }

    /// Takes the newest answer.
    pub fn take(&self) -> Option<A> {
        self.latest.take()
    }

    /// Begins the pause after an answer that took this long.
    pub fn took(&mut self, duration: Duration) {
        self.pause = Some((Instant::now(), (duration * PAUSE).max(LEAST_PAUSE)));
    }
}
