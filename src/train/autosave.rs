//! Keeping the run of the training thread while it goes on.

use super::{checkpoint::Checkpoint, kept::KeptRuns, run::Run, timeline::Timeline};
use crate::{model_file::ModelError, nn::Network};
use std::time::Instant;

/// Decides when to save the run, and to which number.
#[derive(Debug)]
pub(super) struct Autosave {
    runs: KeptRuns,
    /// The number of the present run, once it was saved.
    id: Option<u64>,
    /// The step that was saved last.
    step: u64,
    /// The revision of the timeline that was saved last.
    moments: u64,
    /// Whether moments are to be written that the last save left out.
    owes_moments: bool,
    saved: Instant,
    has_failed: bool,
}

impl Autosave {
    pub(super) fn new(runs: KeptRuns) -> Self {
        let saved = Instant::now();
        Self { runs, id: None, step: 0, moments: 0, owes_moments: false, saved, has_failed: false }
    }

    /// The number of the present run, once it was saved.
    pub(super) fn id(&self) -> Option<u64> {
        self.id
    }

    /// Another run begins: one that was kept under a number, or a new one.
    pub(super) fn begin(&mut self, id: Option<u64>, run: &Run) {
        (self.id, self.step, self.moments) = (id, run.session.steps(), run.timeline.revision());
        (self.owes_moments, self.saved) = (false, Instant::now());
    }

    /// The run that begins is a branch: neither its state nor its moments are in a file.
    pub(super) fn owe_all(&mut self) {
        (self.step, self.moments) = (0, 0);
    }

    /// The moments that were kept with a run of this network.
    pub(super) fn moments(&self, id: u64, network: &Network) -> Result<Option<Timeline>, ModelError> {
        self.runs.moments(id, network)
    }

    /// Saves a run that has made steps since it was saved, as it was when it was well: a ruined one at its last good step, if
    /// it is time or `now` says so; its moments, which can be many megabytes, only `now`: else [`Autosave::take_moments`]
    /// has them. A failure is returned once, until a save succeeds.
    pub(super) fn save(&mut self, run: &Run, now: bool) -> Option<Result<u64, ModelError>> {
        let step = run.session.sound_step();
        let moments = run.timeline.revision();
        let has_new_moments = now && moments != self.moments;
        if step == 0
            || !(step != self.step && (now || self.saved.elapsed() >= self.runs.every) || has_new_moments)
        {
            return None;
        }
        let id = *self.id.get_or_insert_with(|| self.runs.claim());
        let mut checkpoint = Checkpoint::of_sound(&run.session, &run.setup.data);
        checkpoint.seconds = run.seconds;
        // What it was told after that step is not of the state that is kept.
        checkpoint.log = (step == run.session.steps()).then(|| run.log.clone());
        let mut result = self.runs.keep(id, &checkpoint);
        if has_new_moments && result.is_ok() {
            result = self.runs.keep_moments(id, &run.timeline);
            if result.is_ok() {
                self.moments = moments;
            }
        }
        self.owes_moments = result.is_ok() && moments != self.moments;
        self.saved = Instant::now();
        match result {
            Ok(()) => {
                self.step = step;
                self.has_failed = false;
                Some(Ok(id))
            }
            Err(error) => self.failed(error).map(Err),
        }
    }

    /// The moments of a run that its last save left out, to be written meanwhile: where to, and under which number.
    pub(super) fn take_moments(&mut self, run: &Run) -> Option<(KeptRuns, u64, Timeline)> {
        let id = self.id.filter(|_| std::mem::take(&mut self.owes_moments))?;
        self.moments = run.timeline.revision();
        Some((self.runs.clone(), id, run.timeline.clone()))
    }

    /// The moments could not be written: they are to be written again. Returns the failure if it is news.
    pub(super) fn lost_moments(&mut self, error: ModelError) -> Option<ModelError> {
        // No timeline of a run that has made steps has this revision.
        self.moments = 0;
        self.failed(error)
    }

    fn failed(&mut self, error: ModelError) -> Option<ModelError> {
        (!std::mem::replace(&mut self.has_failed, true)).then_some(error)
    }
}
