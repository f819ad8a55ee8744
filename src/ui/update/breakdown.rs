//! The animation of a map's breakdown: the selected place moves through the map.

use crate::ui::{
    core::Core,
    model::breakdown::BreakdownFocus,
    state::AppState,
    widgets::{PlaybackAct, Track},
};

/// Moves through the places of the map that is selected; without a selection, selects the example that is shown.
pub(super) fn play(core: &mut Core, act: PlaybackAct) {
    if core.state.selection.map.is_none() {
        core.state.selection.map = core.state.example_map();
    }
    let Some(focus) = focus(&core.state) else { return };
    if !core.state.breakdown.is_playing() {
        // It continues at the place that was selected since.
        core.state.breakdown.apply(PlaybackAct::Seek(focus.step()), focus.track);
    }
    core.state.breakdown.apply(act, focus.track);
    select(core, &focus);
}

/// Advances the animation by `seconds`, if it plays.
pub(super) fn pass(core: &mut Core, seconds: f32) {
    if !core.state.breakdown.is_playing() {
        return;
    }
    if let Some(focus) = focus(&core.state) {
        core.state.breakdown.advance(seconds, focus.track);
        select(core, &focus);
    }
}

pub(super) fn focus(state: &AppState) -> Option<BreakdownFocus> {
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
