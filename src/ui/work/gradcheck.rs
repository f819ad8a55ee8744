//! Checks gradients in the background.

use super::{
    latest::{Desk, Latest},
    tasks::{Threading, Wake},
};
use crate::{
    nn::{Serial, gradcheck::GradientCheck},
    ui::model::gradcheck::{CheckResult, Checked},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// The shortest time between two partial results.
const NEWS: Duration = Duration::from_millis(150);

/// What to check, on which images.
pub struct CheckQuestion {
    /// The network and the settings.
    pub of: Checked,
    /// The images as inputs of the network, (images, input shape).
    pub inputs: Vec<f32>,
    /// Their labels.
    pub labels: Vec<u8>,
}

/// The worker. Dropping it ends its thread.
pub type GradientChecks = Latest<CheckQuestion, Arc<CheckResult>>;

/// Starts the worker.
pub fn gradient_checks(threading: Threading, wake: Wake) -> GradientChecks {
    Latest::new("gradient check", threading, wake, answer)
}

fn answer(question: CheckQuestion, desk: &Desk<'_, Arc<CheckResult>>) {
    let CheckQuestion { of, inputs, labels } = question;
    let (layer, samples, h) = (of.setup.layer, of.setup.samples, of.setup.nudge.value());
    let mut check = GradientCheck::new((*of.network).clone(), (&inputs, &labels), layer, samples, h);
    let mut told = Instant::now();
    let mut found = Vec::with_capacity(check.total());
    while let Some(one) = check.step(&Serial) {
        found.push(one);
        if !desk.is_wanted() {
            return;
        }
        if told.elapsed() >= NEWS {
            told = Instant::now();
            desk.tell(Arc::new(CheckResult::new(of.clone(), &found, check.total(), false)));
        }
    }
    let total = check.total();
    desk.tell(Arc::new(CheckResult::new(of, &found, total, true)));
}
