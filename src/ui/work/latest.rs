//! A worker thread that answers only the newest question, and can be cancelled.

use super::tasks::{Threading, Wake, spawn};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread::JoinHandle,
};

struct Slots<Q, A> {
    question: Option<(u64, Q)>,
    answer: Option<A>,
    is_closed: bool,
}

struct Shared<Q, A> {
    slots: Mutex<Slots<Q, A>>,
    asked: Condvar,
    /// Counts cancellations: answers to earlier questions are dropped.
    era: AtomicU64,
    wake: Wake,
}

impl<Q, A> Shared<Q, A> {
    fn lock(&self) -> MutexGuard<'_, Slots<Q, A>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The worker's side: it takes answers, and says whether the question was cancelled.
pub struct Desk<'a, A> {
    tell: &'a dyn Fn(A),
    is_wanted: &'a dyn Fn() -> bool,
}

impl<A> Desk<'_, A> {
    /// Publishes an answer, which may be a partial one. It replaces one that was not taken yet.
    pub fn tell(&self, answer: A) {
        (self.tell)(answer);
    }

    /// Whether the question was not cancelled.
    pub fn is_wanted(&self) -> bool {
        (self.is_wanted)()
    }
}

/// Answers one question.
type Work<Q, A> = dyn Fn(Q, &Desk<'_, A>) + Send + Sync;

/// The caller's side. Dropping it ends the thread.
pub struct Latest<Q, A> {
    shared: Arc<Shared<Q, A>>,
    work: Arc<Work<Q, A>>,
    thread: Option<JoinHandle<()>>,
}

impl<Q: Send + 'static, A: Send + 'static> Latest<Q, A> {
    /// Starts the thread. With [`Threading::Inline`], `work` runs in the caller's.
    pub fn new(
        name: &str,
        threading: Threading,
        wake: Wake,
        work: impl Fn(Q, &Desk<'_, A>) + Send + Sync + 'static,
    ) -> Self {
        let slots = Mutex::new(Slots { question: None, answer: None, is_closed: false });
        let shared = Arc::new(Shared { slots, asked: Condvar::new(), era: AtomicU64::new(0), wake });
        let work: Arc<Work<Q, A>> = Arc::new(work);
        let thread = match threading {
            Threading::Inline => None,
            Threading::Threads => {
                let (shared, work) = (shared.clone(), work.clone());
                // If no thread can be started, questions are answered in the caller's.
                spawn(name, move || answer_all(&shared, work.as_ref())).ok()
            }
        };
        Self { shared, work, thread }
    }

    /// Asks a question. It replaces one that is waiting; one that is being answered is finished first.
    pub fn ask(&self, question: Q) {
        let era = self.shared.era.load(Ordering::Relaxed);
        if self.thread.is_some() {
            self.shared.lock().question = Some((era, question));
            self.shared.asked.notify_one();
        } else {
            answer(&self.shared, self.work.as_ref(), era, question);
        }
    }

    /// Cancels the questions asked so far, and drops an answer that was not taken.
    pub fn call_off(&self) {
        let mut slots = self.shared.lock();
        self.shared.era.fetch_add(1, Ordering::Relaxed);
        (slots.question, slots.answer) = (None, None);
    }

    /// Takes the newest answer.
    pub fn take(&self) -> Option<A> {
        self.shared.lock().answer.take()
    }
}

impl<Q, A> Drop for Latest<Q, A> {
    fn drop(&mut self) {
        self.shared.lock().is_closed = true;
        self.shared.era.fetch_add(1, Ordering::Relaxed);
        self.shared.asked.notify_one();
        if let Some(thread) = self.thread.take() {
            // It catches its own panics.
            let _ = thread.join();
        }
    }
}

fn answer_all<Q, A>(shared: &Shared<Q, A>, work: &Work<Q, A>) {
    let mut slots = shared.lock();
    while !slots.is_closed {
        if let Some((era, question)) = slots.question.take() {
            drop(slots);
            answer(shared, work, era, question);
            slots = shared.lock();
        } else {
            slots = shared.asked.wait(slots).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn answer<Q, A>(shared: &Shared<Q, A>, work: &Work<Q, A>, era: u64, question: Q) {
    let is_wanted = || shared.era.load(Ordering::Relaxed) == era;
    let tell = |answer| {
        let mut slots = shared.lock();
        // Checked under the lock: a cancelled answer is never published.
        if is_wanted() {
            slots.answer = Some(answer);
            drop(slots);
            (shared.wake)();
        }
    };
    // A panic leaves the question without an answer: what is shown stays as it was.
    let desk = Desk { tell: &tell, is_wanted: &is_wanted };
    let _ = catch_unwind(AssertUnwindSafe(|| work(question, &desk)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    fn deaf() -> Wake {
        Arc::new(|| ())
    }

    #[test]
    fn only_the_newest_question_is_answered() {
        let (begun, begins) = channel();
        let (go, gone) = channel::<()>();
        let (begun, gone, told) = (Mutex::new(begun), Mutex::new(gone), channel());
        let wake: Wake = {
            let told = Mutex::new(told.0);
            Arc::new(move || told.lock().unwrap().send(()).unwrap())
        };
        let latest = Latest::new("latest", Threading::Threads, wake, move |question: u32, desk| {
            begun.lock().unwrap().send(question).unwrap();
            gone.lock().unwrap().recv().unwrap();
            desk.tell(question * 10);
        });
        latest.ask(1);
        assert_eq!(begins.recv(), Ok(1));
        (2..5).for_each(|question| latest.ask(question));
        go.send(()).unwrap();
        told.1.recv().unwrap();
        assert_eq!((begins.recv(), latest.take()), (Ok(4), Some(10)));
        // An answer that is cancelled meanwhile is not published.
        latest.call_off();
        latest.ask(7);
        go.send(()).unwrap();
        assert_eq!(begins.recv(), Ok(7));
        assert_eq!(latest.take(), None);
        go.send(()).unwrap();
        told.1.recv().unwrap();
        assert_eq!(latest.take(), Some(70));
    }

    #[test]
    fn without_threads_it_is_answered_at_once_and_a_panic_is_no_answer() {
        let latest =
            Latest::new("latest", Threading::Inline, deaf(), |question: u32, desk: &Desk<'_, u32>| {
                assert!(question != 3, "three");
                assert!(desk.is_wanted());
                desk.tell(question);
                desk.tell(question + 1);
            });
        latest.ask(1);
        assert_eq!((latest.take(), latest.take()), (Some(2), None));
        latest.ask(3);
        assert_eq!(latest.take(), None);
        latest.ask(5);
        latest.call_off();
        assert_eq!(latest.take(), None);
    }
}
