//! What a convolution was computed from, to notice when that changes.

use super::{
    lab::ConvolutionLab,
    photo::Photo,
    setup::{ConvolutionSetup, ConvolutionSource, Weights},
};
use crate::nn::Trace;
use std::sync::Arc;

/// What a convolution was computed from: settings, and the data that they refer to.
#[derive(Clone)]
pub struct MadeFrom {
    setup: ConvolutionSetup,
    image: u64,
    trace: Option<Arc<Trace>>,
    photo: Option<Arc<Photo>>,
}

impl MadeFrom {
    /// The current data of `lab`: the image by its revision, and the activations that the network computed from it.
    pub fn of(lab: &ConvolutionLab, image_revision: u64, trace: Option<&Arc<Trace>>) -> Self {
        let setup = lab.setup.clone();
        let is_networks = uses_network(&setup);
        Self {
            image: if setup.source == ConvolutionSource::Image { image_revision } else { 0 },
            trace: if is_networks { trace.cloned() } else { None },
            photo: if setup.source == ConvolutionSource::Photo { lab.photo.clone() } else { None },
            setup,
        }
    }

    /// Whether it depends on activations of the network.
    pub fn is_networks(&self) -> bool {
        uses_network(&self.setup)
    }

    /// The settings.
    pub fn setup(&self) -> &ConvolutionSetup {
        &self.setup
    }

    /// Whether both are the same.
    pub fn is(&self, other: &Self) -> bool {
        fn same<T>(a: Option<&Arc<T>>, b: Option<&Arc<T>>) -> bool {
            match (a, b) {
                (Some(a), Some(b)) => Arc::ptr_eq(a, b),
                (None, None) => true,
                _ => false,
            }
        }
        self.image == other.image
            && same(self.trace.as_ref(), other.trace.as_ref())
            && same(self.photo.as_ref(), other.photo.as_ref())
            && self.setup == other.setup
    }
}

/// Whether settings depend on activations of the network.
fn uses_network(setup: &ConvolutionSetup) -> bool {
    matches!(setup.source, ConvolutionSource::Layer(_)) || matches!(setup.weights, Weights::Learned(_))
}
