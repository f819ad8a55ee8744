//! How far a session is.

use super::Session;
use crate::nn::optim::Progress;

impl Session {
    /// The learning rate of the next step.
    pub fn rate(&self) -> f32 {
        let per_epoch = self.batches_per_epoch() as u64;
        let progress = Progress { step: self.step, per_epoch, total: per_epoch * self.config.epochs as u64 };
        let rate = self.config.schedule.rate(self.config.lr, progress);
        let warmup = self.config.warmup;
        if self.step < warmup { rate * ((self.step + 1) as f64 / warmup as f64) as f32 } else { rate }
    }

    /// Optimiser steps made.
    pub fn steps(&self) -> u64 {
        self.step
    }

    /// Steps per epoch. The last batch may be smaller.
    pub fn batches_per_epoch(&self) -> usize {
        self.train_len.div_ceil(self.config.batch)
    }

    /// Complete epochs.
    pub fn epoch(&self) -> usize {
        (self.step / self.batches_per_epoch() as u64) as usize
    }

    /// Batches made of the present epoch.
    pub fn batch_in_epoch(&self) -> usize {
        (self.step % self.batches_per_epoch() as u64) as usize
    }

    /// Images per epoch.
    pub fn images_per_epoch(&self) -> usize {
        self.train_len
    }

    /// Images trained on so far; an image counts once in each epoch.
    pub fn images_seen(&self) -> usize {
        self.epoch() * self.train_len + self.batch_in_epoch() * self.config.batch
    }
}
