//! Work that must not hold up the window: the only threads of the window's side.
//!
//! A task is a closure that gives a [`Done`]; the window takes what is done at its next frame. Tests let tasks run at
//! once, in the caller's thread, so that nothing has to be waited for.

use crate::{
    data::DataSet,
    nn::Network,
    train::{Checkpoint, FineTuned},
    ui::{
        model::{convolution::photo::Photo, file_kind::FileKind, fine_tune::FineTuneProgress},
        style::picture::PictureGround,
    },
};
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

/// What came of a task; errors are one sentence.
#[derive(Debug)]
pub enum Done {
    /// A data set was read. This and what follows come with the number of the choice.
    Data(u64, Result<DataSet, String>),
    /// A picture was read: its name, its ink, and what the ink is on.
    Picture(u64, Result<(String, GrayImage, PictureGround), String>),
    /// A photograph was read.
    Photograph(u64, Result<Photo, String>),
    /// A model was read: its name and the network.
    Model(u64, Result<(String, Network), String>),
    /// A model was read whose training can go on: its name, where it stood, and its network at step 0.
    Run(u64, String, Box<Checkpoint>, Network),
    /// An untrained network was built: which order it was, and the network.
    Built(u64, Result<Network, String>),
    /// The network has learnt a person's drawings, or `None` if it was given up; of the order that had this progress.
    FineTuned(Arc<FineTuneProgress>, Result<Option<Box<FineTuned>>, String>),
    /// A file was written.
    Saved(Result<PathBuf, String>),
    /// The system's dialog was closed, with a path or without.
    Picked(FileKind, Option<PathBuf>),
    /// The settings were written, or why not.
    SettingsWritten(Result<(), String>),
    /// The task itself failed.
    Panicked(String),
}

/// Called when there is something new to show.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// Where tasks run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threading {
    /// Each on a thread of its own.
    Threads,
    /// At once, in the caller's thread.
    Inline,
}

/// A task's work, which is done when the graphics card has the picture.
pub type Later<T> = Box<dyn FnOnce(T) + Send>;

/// Runs tasks and hands out what is done.
pub struct Tasks {
    threading: Threading,
    wake: Wake,
    sender: Sender<(IsWaitedFor, Done)>,
    receiver: Receiver<(IsWaitedFor, Done)>,
    running: usize,
    /// How many of them a person waits for.
    waited_for: usize,
}

/// Whether a person waits for a task, or it is a matter of the program.
type IsWaitedFor = bool;

impl Tasks {
    /// No task yet.
    pub fn new(threading: Threading, wake: Wake) -> Self {
        let (sender, receiver) = channel();
        Self { threading, wake, sender, receiver, running: 0, waited_for: 0 }
    }

    /// Starts `work` that a person waits for; what it gives comes out of [`Tasks::poll`].
    pub fn run(&mut self, name: &str, work: impl FnOnce() -> Done + Send + 'static) {
        self.running += 1;
        self.waited_for += 1;
        start(self.threading, name, (true, self.sender.clone()), self.wake.clone(), work);
    }

    /// The same for work that nobody waits for, or that is shown in its own place.
    pub fn run_quietly(&mut self, name: &str, work: impl FnOnce() -> Done + Send + 'static) {
        self.running += 1;
        start(self.threading, name, (false, self.sender.clone()), self.wake.clone(), work);
    }

    /// The same for work that begins when the window is given something, such as its own picture, which is not to show that
    /// it is waited for.
    pub fn when_given<T: Send + 'static>(
        &mut self,
        name: &'static str,
        work: impl FnOnce(T) -> Done + Send + 'static,
    ) -> Later<T> {
        let (sender, wake, threading) = ((false, self.sender.clone()), self.wake.clone(), self.threading);
        self.running += 1;
        Box::new(move |given| start(threading, name, sender, wake, move || work(given)))
    }

    /// What is done since the last call.
    pub fn poll(&mut self) -> Vec<Done> {
        let mut done = Vec::new();
        for (is_waited_for, one) in self.receiver.try_iter() {
            self.running = self.running.saturating_sub(1);
            self.waited_for = self.waited_for.saturating_sub(usize::from(is_waited_for));
            done.push(one);
        }
        done
    }

    /// Whether a task is under way.
    pub fn is_busy(&self) -> bool {
        self.running > 0
    }

    /// Whether a task is under way that a person waits for.
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
            .unwrap_or_else(|_| Done::Panicked("a background task failed: please report it".into()));
        // Nobody listens any more when the window is closed.
        let _ = sender.send((is_waited_for, done));
        wake();
    };
    match threading {
        Threading::Inline => guarded(),
        Threading::Threads => {
            if let Err(e) = spawn(name, guarded) {
                let text = format!("no thread for the task {name}: {e}");
                let _ = failed.send((is_waited_for, Done::Panicked(text)));
            }
        }
    }
}

/// Starts a named thread.
pub fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name(name.to_owned()).spawn(work)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_task_is_reported_and_others_go_on() {
        let mut tasks = Tasks::new(Threading::Inline, Arc::new(|| ()));
        tasks.run("bad", || panic!("oh"));
        tasks.run("good", || Done::Saved(Ok("here".into())));
        assert!(tasks.is_busy() && tasks.is_waited_for());
        let done = tasks.poll();
        assert!(matches!(done.as_slice(), [Done::Panicked(_), Done::Saved(Ok(_))]), "{done:?}");
        assert!(!tasks.is_busy() && !tasks.is_waited_for());
        let later = tasks.when_given("picture", |path| Done::Saved(Ok(path)));
        assert!(tasks.is_busy() && !tasks.is_waited_for());
        later("here".into());
        assert!(matches!(tasks.poll().as_slice(), [Done::Saved(Ok(_))]) && !tasks.is_busy());
        tasks.run_quietly("settings", || Done::SettingsWritten(Ok(())));
        assert!(tasks.is_busy() && !tasks.is_waited_for());
        tasks.poll();
        assert!(!tasks.is_busy());
    }
}
