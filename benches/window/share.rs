//! How much of the process's time on the processors goes to training.

use std::fs;

/// The time that the threads of this process had on processors, in ticks of the system.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ticks {
    training: u64,
    all: u64,
}

impl Ticks {
    /// The time so far; zeros where the system does not tell it by thread.
    pub fn now() -> Self {
        let mut ticks = Self::default();
        for task in fs::read_dir("/proc/self/task").into_iter().flatten().flatten() {
            let Ok(stat) = fs::read_to_string(task.path().join("stat")) else { continue };
            let Some((name, rest)) = stat.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')')) else {
                continue;
            };
            // The fields 14 and 15, in user and kernel mode; the state after the name is field 3.
            let time: u64 =
                rest.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum();
            ticks.all += time;
            if name.starts_with("trainer") || name.starts_with("shard-") {
                ticks.training += time;
            }
        }
        ticks
    }

    /// The fraction that training had since `before`, 0 to 1. A thread that has ended since is left out.
    pub fn share_since(self, before: Self) -> f64 {
        let all = self.all.saturating_sub(before.all);
        self.training.saturating_sub(before.training) as f64 / all.max(1) as f64
    }
}
