//! Computes the convolution of the current settings.

use super::family::make_family;
use crate::ui::{
    core::Core,
    model::convolution::{ConvolutionSetup, World, act::ConvolutionMode, made, made_from::MadeFrom},
    state::AppState,
    widgets::PlaybackAct,
};
use std::sync::Arc;

/// What the view's input and kernels can come from.
pub fn world(state: &AppState) -> World<'_> {
    World { image: &state.image, answer: state.current_answer(), photo: state.convolution.photo.as_ref() }
}

fn made_from(state: &AppState) -> MadeFrom {
    MadeFrom::of(&state.convolution, state.image.revision, state.trace())
}

/// Computes the convolution if the settings or their data have changed. Impossible settings leave the last
/// result.
pub fn refresh(core: &mut Core) {
    let lab = &mut core.state.convolution;
    let is_family = lab.mode == ConvolutionMode::Family;
    if is_family {
        if lab.family_shown.is_none() {
            make_family(lab);
        }
        // The variants have inputs of their own, so a convolution would not be shown.
        if lab.shown.is_some() {
            return;
        }
    }
    let from = made_from(&core.state);
    if core.convolved.as_ref().is_some_and(|made| made.is(&from)) {
        return;
    }
    let result = made(from.setup(), world(&core.state));
    let from_network = from.is_networks();
    let is_other = core.convolved.as_ref().is_none_or(|made| made.setup() != from.setup());
    core.convolved = Some(from);
    let lab = &mut core.state.convolution;
    match result {
        Ok(made) => {
            let is_moved = lab.shown.as_ref().is_none_or(|shown| shown.output() != made.output());
            lab.shown = Some(Arc::new(made));
            lab.rejected = None;
            if is_other {
                lab.round.hide_all();
            }
            // The animation of the variant keeps its step.
            if !is_family && std::mem::take(&mut lab.seeks_strongest) {
                let strongest = lab.shown.as_ref().map_or(0, |conv| strongest(conv.output_map(0)));
                lab.playback.apply(PlaybackAct::Seek(strongest), lab.track());
            } else if is_moved && !lab.playback.is_playing() {
                lab.playback.apply(PlaybackAct::Seek(lab.position()), lab.track());
            }
        }
        Err(rejected) => {
            // Restored settings that are impossible have no last result, so the first example is shown.
            let is_waiting = from_network && core.state.current_answer().is_none();
            if core.state.convolution.shown.is_none() && !is_waiting {
                let first = made(&ConvolutionSetup::default(), world(&core.state));
                core.state.convolution.shown = first.ok().map(Arc::new);
            }
            core.state.convolution.rejected = Some(rejected);
        }
    }
}

/// The first of the values with the largest size.
fn strongest(values: &[f32]) -> usize {
    let largest = values.iter().enumerate().rev().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
    largest.map_or(0, |(at, _)| at)
}
