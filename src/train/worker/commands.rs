//! Carrying out commands.

use super::{keeper::Keeper, thread::Worker};
use crate::{
    text::{Say, Sentence},
    train::{
        autosave::Autosave,
        message::{Command, Event, Status},
        run::Run,
    },
};

impl Worker {
    pub(super) fn obey(&mut self, command: Command) {
        match command {
            Command::Load(setup) => {
                return self.load(Run::new(*setup), None, self.runs + 1);
            }
            Command::Resume(resume) => {
                let (setup, checkpoint) = *resume;
                return self.load(Run::resume(setup, checkpoint), None, self.runs + 1);
            }
            Command::ResumeKept(resume, id) => {
                let (setup, checkpoint) = *resume;
                return self.load(Run::resume(setup, checkpoint), Some(id), self.runs + 1);
            }
            Command::KeepRuns(runs) => {
                self.autosave = Some(Autosave::new(runs));
                self.keeper = Keeper::spawn().ok();
                return;
            }
            Command::Watch(is_on) => return self.watch.set(is_on),
            Command::Save(path) => return self.saves.push(path),
            Command::Filters(_) => self.filter_commands += 1,
            _ => {}
        }
        let Some(run) = &mut self.run else {
            if matches!(command, Command::Run | Command::OneBatch | Command::OneEpoch) {
                self.report(Event::Problem(Sentence::new("there is no run to train")));
            }
            return;
        };
        let step = run.session.steps();
        let per_epoch = run.session.batches_per_epoch() as u64;
        let mut refused = None;
        match command {
            Command::Load(_)
            | Command::Resume(_)
            | Command::ResumeKept(..)
            | Command::KeepRuns(_)
            | Command::Watch(_)
            | Command::Save(_) => {}
            Command::Run => run.train_on(),
            Command::Pause => {
                if run.status == Status::Running {
                    run.status = Status::Paused;
                }
            }
            Command::OneBatch => run.train_until(step + 1),
            Command::OneEpoch => run.train_until((step / per_epoch + 1) * per_epoch),
            Command::Reset => {
                let setup = run.setup.clone();
                self.load(Run::new(setup), None, self.runs);
            }
            Command::Rewind => run.rewind(),
            Command::Branch(step) => {
                let Some(branch) = run.branch(step) else {
                    let sentence = Sentence::new("step {step} is no longer kept").with("step", step);
                    return self.report(Event::Problem(sentence));
                };
                self.load(branch, None, self.runs + 1);
                if let Some(autosave) = &mut self.autosave {
                    autosave.owe_all();
                }
            }
            Command::Flag(step, name) => {
                run.timeline.flag(step, name);
            }
            Command::Filters(edits) => run.edit_filters(&edits),
            Command::Change(change) => refused = run.change(change).err(),
        }
        if let Some(error) = refused {
            self.report(Event::Problem(error.say()));
        }
    }

    /// Replaces the run. `number` is the new one's [`Snapshot::run`](crate::train::Snapshot::run).
    fn load(&mut self, run: Result<Run, impl Say>, kept: Option<u64>, number: u64) {
        // The waiting saves are of the run before.
        self.save();
        self.keep(true);
        self.runs = number;
        self.give_up();
        match run {
            Ok(mut run) => {
                let moments = kept
                    .zip(self.autosave.as_ref())
                    .map(|(id, autosave)| autosave.moments(id, run.session.network()));
                match moments.transpose() {
                    Ok(moments) => {
                        if let Some(timeline) = moments.flatten() {
                            run.remember(timeline);
                        }
                    }
                    // The run itself is whole.
                    Err(error) => self.report(Event::Problem(error.say())),
                }
                if let Some(autosave) = &mut self.autosave {
                    autosave.begin(kept, &run);
                    self.kept = kept;
                }
                self.run = Some(run);
            }
            Err(error) => self.report(Event::Problem(error.say())),
        }
    }
}
