//! The animation of a map's breakdown: the place that is selected moves through the map.

use crate::ui::{
    core::Core,
    model::breakdown::BreakdownFocus,
    state::AppState,
    widgets::{PlaybackAct, Track},
};

/// Moves through the places of the map that is selected.
pub(super) fn play(core: &mut Core, act: PlaybackAct) {
    let Some(focus) = focus(&core.state) else { return };
    if !core.state.breakdown.is_playing() {
        // What was selected since is where it goes on.
        core.state.breakdown.apply(PlaybackAct::Seek(focus.step()), focus.track);
    }
    core.state.breakdown.apply(act, focus.track);
    select(core, &focus);
}

/// Moves it by so many seconds, if it plays.
pub(super) fn pass(core: &mut Core, seconds: f32) {
    if !core.state.breakdown.is_playing() {
        return;
    }
    if let Some(focus) = focus(&core.state) {
        core.state.breakdown.advance(seconds, focus.track);
        select(core, &focus);
    }
}

fn focus(state: &AppState) -> Option<BreakdownFocus> {
    let breakdown = state.current_answer()?.breakdown.as_ref()?;
    state.selection.map?;
    let focus = BreakdownFocus::of(breakdown, &state.network.network, state.selection);
    let Track { len, .. } = focus.track;
    (len > 1).then_some(focus)
}

fn select(core: &mut Core, focus: &BreakdownFocus) {
    let at = focus.selection_at(core.state.breakdown.position(focus.track));
    if at.pixel != focus.selection.pixel {
        core.state.selection = at;
    }
}
