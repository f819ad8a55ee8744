//! Writes the moments of the run that is training, on a thread of its own: they can be many megabytes, and training does
//! not wait for them.

use crate::{
    model_file::ModelError,
    train::{kept::KeptRuns, timeline::Timeline},
};
use std::{
    io,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread::JoinHandle,
};

/// The moments of a run, and where they are kept.
pub(super) struct Order {
    pub(super) runs: KeptRuns,
    pub(super) id: u64,
    /// A copy shares its moments with the run.
    pub(super) timeline: Timeline,
}

/// The owner of the thread. Dropping it waits for what is being written.
#[derive(Debug)]
pub(super) struct Keeper {
    orders: Option<SyncSender<Order>>,
    results: Receiver<Result<(), ModelError>>,
    thread: Option<JoinHandle<()>>,
    is_writing: bool,
}

impl Keeper {
    /// Starts the thread.
    pub(super) fn spawn() -> io::Result<Self> {
        let (orders, received) = sync_channel::<Order>(1);
        let (done, results) = sync_channel(1);
        let write = move || {
            for Order { runs, id, timeline } in received {
                if done.send(runs.write_moments(id, &timeline)).is_err() {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new().name("keeper".into()).spawn(write)?;
        Ok(Self { orders: Some(orders), results, thread: Some(thread), is_writing: false })
    }

    /// Whether it is still at the last order, whose result was not taken.
    pub(super) fn is_writing(&self) -> bool {
        self.is_writing
    }

    /// Writes in the background. To be called when nothing is being written.
    pub(super) fn write(&mut self, order: Order) {
        self.is_writing = self.orders.as_ref().is_some_and(|orders| orders.try_send(order).is_ok());
    }

    /// The result of the last order, if there is one by now.
    pub(super) fn poll(&mut self) -> Option<Result<(), ModelError>> {
        let result = self.results.try_recv().ok()?;
        self.is_writing = false;
        Some(result)
    }

    /// Waits until nothing is being written.
    pub(super) fn wait(&mut self) -> Option<Result<(), ModelError>> {
        if !std::mem::take(&mut self.is_writing) {
            return None;
        }
        self.results.recv().ok()
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            // What has been written is complete; a panic has left the file as it was.
            let _ = thread.join();
        }
    }
}
