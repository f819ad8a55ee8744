//! What plays in a view, as a list of positions: the steps of its animation, or the kept moments of the run.

use super::breakdown::focus;
use crate::ui::{
    action::Action,
    model::{convolution::act::ConvolutionAct, timeline::TimelineAct, view::ViewId},
    state::AppState,
    widgets::{PlaybackAct, Track},
};

/// The number of positions; 0 if nothing plays.
pub fn length(state: &AppState) -> usize {
    match state.settings.view {
        ViewId::Convolution => state.convolution.track().len,
        ViewId::Pooling => state.pooling.walk(state.settings.pooling.walk()).1.len,
        ViewId::Network if state.selection.map.is_some() => {
            breakdown_track(state).map_or(0, |track| track.len)
        }
        ViewId::Draw | ViewId::Network | ViewId::Train | ViewId::Filters => moments(state).len(),
        ViewId::Architecture | ViewId::Compare | ViewId::Evaluate | ViewId::Lessons => 0,
    }
}

/// The position that is shown.
pub fn position(state: &AppState) -> usize {
    match state.settings.view {
        ViewId::Convolution => state.convolution.position(),
        ViewId::Pooling => {
            let (playback, track) = state.pooling.walk(state.settings.pooling.walk());
            playback.position(track)
        }
        ViewId::Network if state.selection.map.is_some() => {
            breakdown_track(state).map_or(0, |track| state.breakdown.position(track))
        }
        _ => {
            let shown = state.history_step().unwrap_or(u64::MAX);
            moments(state).partition_point(|step| *step < shown).min(moments(state).len().saturating_sub(1))
        }
    }
}

/// What shows a position.
pub fn seek(state: &AppState, position: usize) -> Option<Action> {
    let seek = PlaybackAct::Seek(position);
    Some(match state.settings.view {
        ViewId::Convolution => Action::Convolution(ConvolutionAct::Play(seek)),
        ViewId::Pooling => Action::PlayPooling(seek),
        ViewId::Network if state.selection.map.is_some() => Action::PlayBreakdown(seek),
        _ => Action::Timeline(TimelineAct::Show(*moments(state).get(position)?)),
    })
}

/// The steps of the animation of the selected map.
fn breakdown_track(state: &AppState) -> Option<Track> {
    focus(state).map(|focus| focus.track)
}

/// The steps of the kept moments.
fn moments(state: &AppState) -> Vec<u64> {
    if !state.has_moments() {
        return Vec::new();
    }
    let snapshot = state.snapshot.iter();
    snapshot.flat_map(|snapshot| snapshot.timeline.moments().iter().map(|moment| moment.step)).collect()
}
