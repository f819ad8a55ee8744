//! Single tasks in the background. All threads of the window are started here.
//!
//! A task is a closure that returns a [`Done`], which the window applies in its next frame. Tests run tasks at once in
//! the caller's thread, so that they never wait.

use super::dialog::Picked;
use crate::{
    data::{
        DataSet,
        formats::{Choices, Opened},
    },
    lesson::Lesson,
    nn::{Network, NetworkSpec},
    text::{Sentence, language, set_language},
    train::{Checkpoint, FineTuned, Survey},
    ui::{
        model::{
            convolution::photo::Photo,
            file_kind::FileKind,
            file_question::SaveTarget,
            fine_tune::FineTuneProgress,
            picture::{PicturePreview, PictureSetup},
            recording::{MyLesson, Recording},
            saved::SavedState,
        },
        style::picture::PictureGround,
    },
};
use egui::ColorImage;
use image::GrayImage;
use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
    thread::JoinHandle,
};

/// The result of a task; an error is one sentence.
#[derive(Debug)]
pub enum Done {
    /// A data set and its folder; `None` is the embedded MNIST. This and the next variants have the number of the choice.
    Data(u64, Result<(DataSet, Option<PathBuf>), Sentence>),
    /// A data set to be shown before it is opened: its folder or file, the choices, and what was read.
    Preview(u64, PathBuf, Choices, Result<Box<Opened>, Sentence>),
    /// A picture: its name, its ink, and the background of the ink.
    Picture(u64, Result<(String, GrayImage, PictureGround), Sentence>),
    /// A photograph.
    Photograph(u64, Result<Photo, Sentence>),
    /// A model: its file and the network.
    Model(u64, Result<(PathBuf, Network), Sentence>),
    /// A model whose run can be resumed: its file, the run, and the network at step 0.
    Run(u64, PathBuf, Box<Checkpoint>, Network),
    /// The spec of a network, and its file.
    Spec(u64, Result<(PathBuf, NetworkSpec), Sentence>),
    /// A spec for Architecture, whether its layers fit or not: the number of the choice, and its file.
    Draft(u64, PathBuf, Result<Box<NetworkSpec>, Sentence>),
    /// A lesson, and its file.
    Lesson(PathBuf, Result<Box<Lesson>, Sentence>),
    /// The text of a lesson file that is to be changed.
    LessonText(PathBuf, Result<String, Sentence>),
    /// The lessons of a person.
    MyLessons(Vec<MyLesson>),
    /// The lesson that is being recorded was kept up to this revision, or could not be.
    RecordingKept(u64, Result<(), Sentence>),
    /// The lesson that was closed was saved, or could not be.
    LessonClosed(Box<Recording>, Result<(), Sentence>),
    /// A state of the window, and its file.
    State(u64, PathBuf, Result<Box<SavedState>, Sentence>),
    /// The kept runs, and what could not be done with them.
    Runs(u64, Survey, Option<Sentence>),
    /// A kept run: the number of the choice, the number of the run, and the run.
    KeptRun(u64, u64, Result<Box<ReadRun>, Sentence>),
    /// An untrained network, with the number of its order.
    Built(u64, Result<Network, Sentence>),
    /// Fine-tuning with this progress is over. `None`: it was cancelled.
    FineTuned(Arc<FineTuneProgress>, Result<Option<Box<FineTuned>>, Sentence>),
    /// The network that was taught was kept in this file, or could not be.
    TaughtKept(PathBuf, Arc<Network>, Result<(), Sentence>),
    /// The place to save to was checked, for the question of this number.
    Checked(u64, Result<SaveTarget, Sentence>),
    /// A file was written, or could not be.
    Saved(PathBuf, Result<(), Sentence>),
    /// A report was written; `Ok(false)` if it was called off.
    Report(PathBuf, Result<bool, Sentence>),
    /// Worksheets were written to a folder: how many, `None` if it was called off.
    Worksheets(PathBuf, Result<Option<usize>, Sentence>),
    /// A picture of a view was written, with so many bytes; `None` if it was called off.
    Pictured(PathBuf, Result<Option<usize>, Sentence>),
    /// A picture for the clipboard; `None` if it was called off.
    Copied(Result<Option<ColorImage>, Sentence>),
    /// What a picture of this setup would look like; `None` if it was called off.
    Previewed(PictureSetup, Result<Option<Box<PicturePreview>>, Sentence>),
    /// The dialog of the system was closed.
    Picked(FileKind, Picked),
    /// The settings were written, or could not be.
    SettingsWritten(Result<(), Sentence>),
    /// The task itself failed.
    Panicked(Sentence),
}

/// Whether a run can be resumed on the data set.
#[derive(Debug)]
pub enum Fit {
    /// There was no data set.
    Unknown,
    /// It can be.
    Fits,
    /// It cannot be, for this reason.
    Misfit(Sentence),
}

/// A kept run that was read.
#[derive(Debug)]
pub struct ReadRun {
    /// The run.
    pub checkpoint: Checkpoint,
    /// The network at step 0.
    pub initial: Network,
    /// Whether it can be resumed.
    pub fit: Fit,
}

/// Called when there are results to show.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// Where tasks run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threading {
    /// Each on a thread of its own.
    Threads,
    /// At once in the caller's thread.
    Inline,
}

/// A task that starts when it gets its input.
pub type Later<T> = Box<dyn FnOnce(T) + Send>;

/// Runs tasks and collects their results.
pub struct Tasks {
    threading: Threading,
    wake: Wake,
    sender: Sender<(IsWaitedFor, Done)>,
    receiver: Receiver<(IsWaitedFor, Done)>,
    running: usize,
    /// The number of them that a person waits for.
    waited_for: usize,
}

/// Whether a person waits for a task.
type IsWaitedFor = bool;

impl Tasks {
    /// Starts without tasks.
    pub fn new(threading: Threading, wake: Wake) -> Self {
        let (sender, receiver) = channel();
        Self { threading, wake, sender, receiver, running: 0, waited_for: 0 }
    }

    /// Starts a task that a person waits for. [`Tasks::poll`] returns its result.
    pub fn run(&mut self, name: &str, work: impl FnOnce() -> Done + Send + 'static) {
        self.running += 1;
        self.waited_for += 1;
        start(self.threading, name, (true, self.sender.clone()), self.wake.clone(), work);
    }

    /// Starts a task that no one waits for, or whose progress is shown elsewhere.
    pub fn run_quietly(&mut self, name: &str, work: impl FnOnce() -> Done + Send + 'static) {
        self.running += 1;
        start(self.threading, name, (false, self.sender.clone()), self.wake.clone(), work);
    }

    /// Prepares a task that starts when the returned closure gets its input, such as the picture of the window. The window
    /// does not show that it is waited for, since that would be in the picture.
    pub fn when_given<T: Send + 'static>(
        &mut self,
        name: &'static str,
        work: impl FnOnce(T) -> Done + Send + 'static,
    ) -> Later<T> {
        let (sender, wake, threading) = ((false, self.sender.clone()), self.wake.clone(), self.threading);
        self.running += 1;
        Box::new(move |given| start(threading, name, sender, wake, move || work(given)))
    }

    /// The results since the last call.
    pub fn poll(&mut self) -> Vec<Done> {
        let mut done = Vec::new();
        for (is_waited_for, one) in self.receiver.try_iter() {
            self.running = self.running.saturating_sub(1);
            self.waited_for = self.waited_for.saturating_sub(usize::from(is_waited_for));
            done.push(one);
        }
        done
    }

    /// Whether a task is running.
    pub fn is_busy(&self) -> bool {
        self.running > 0
    }

    /// Whether a task is running that a person waits for.
    pub fn is_waited_for(&self) -> bool {
        self.waited_for > 0
    }

    /// Where tasks run.
    pub fn threading(&self) -> Threading {
        self.threading
    }
}

fn start(
    threading: Threading,
    name: &str,
    (is_waited_for, sender): (IsWaitedFor, Sender<(IsWaitedFor, Done)>),
    wake: Wake,
    work: impl FnOnce() -> Done + Send + 'static,
) {
    let failed = sender.clone();
    let guarded = move || {
        let done = catch_unwind(AssertUnwindSafe(work))
            .unwrap_or_else(|_| Done::Panicked(Sentence::new("a background task failed: please report it")));
        // Fails once the window is closed.
        let _ = sender.send((is_waited_for, done));
        wake();
    };
    match threading {
        Threading::Inline => guarded(),
        Threading::Threads => {
            if let Err(e) = spawn(name, guarded) {
                let sentence = Sentence::new("a thread for the task {task} could not be started: {reason}");
                let sentence = sentence.with("task", name).with("reason", e);
                let _ = failed.send((is_waited_for, Done::Panicked(sentence)));
            }
        }
    }
}

/// Starts a named thread.
pub fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    // What the thread says, it says in the language of the window.
    let language = language();
    std::thread::Builder::new().name(name.to_owned()).spawn(move || {
        set_language(language);
        work();
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_task_is_reported_and_others_go_on() {
        let mut tasks = Tasks::new(Threading::Inline, Arc::new(|| ()));
        tasks.run("bad", || panic!("oh"));
        tasks.run("good", || Done::Saved("here".into(), Ok(())));
        assert!(tasks.is_busy() && tasks.is_waited_for());
        let done = tasks.poll();
        assert!(matches!(done.as_slice(), [Done::Panicked(_), Done::Saved(_, Ok(()))]), "{done:?}");
        assert!(!tasks.is_busy() && !tasks.is_waited_for());
        let later = tasks.when_given("picture", |path| Done::Saved(path, Ok(())));
        assert!(tasks.is_busy() && !tasks.is_waited_for());
        later("here".into());
        assert!(matches!(tasks.poll().as_slice(), [Done::Saved(_, Ok(()))]) && !tasks.is_busy());
        tasks.run_quietly("settings", || Done::SettingsWritten(Ok(())));
        assert!(tasks.is_busy() && !tasks.is_waited_for());
        tasks.poll();
        assert!(!tasks.is_busy());
    }
}
