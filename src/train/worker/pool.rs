//! The threads that compute the shards of a batch.

use crate::nn::{Executor, parallel::SHARDS};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use std::io;

/// Threads that compute the shards of a batch.
#[derive(Debug)]
pub struct Pool(rayon::ThreadPool);

impl Pool {
    /// A pool of `threads` threads, named `shard-0` and so on.
    pub fn new(threads: usize) -> io::Result<Self> {
        let name = |i| format!("shard-{i}");
        let builder = rayon::ThreadPoolBuilder::new().num_threads(threads.max(1)).thread_name(name);
        builder.build().map(Self).map_err(io::Error::other)
    }

    /// As many threads as the machine has cores.
    pub fn default_threads() -> usize {
        std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
    }
}

impl Executor for Pool {
    /// On one of the pool's threads: any other thread would be put to sleep and woken for each call of `for_each`.
    fn install(&self, job: &mut (dyn FnMut() + Send)) {
        self.0.install(job);
    }

    fn for_each(&self, job: &(dyn Fn(usize) + Sync)) {
        self.0.install(|| (0..SHARDS).into_par_iter().for_each(job));
    }
}
