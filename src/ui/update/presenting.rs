//! Carries out what is done while presenting.

use super::{breakdown, convolution, lesson, pooling};
use crate::ui::{
    core::Core,
    model::{
        convolution::ConvolutionAct,
        hidden::{HiddenControl, MOST_HIDDEN},
        presenting::PresentAct,
        view::ViewId,
    },
    widgets::PlaybackAct,
};

/// Carries out one act.
pub(super) fn apply(core: &mut Core, act: PresentAct) {
    let presenting = &mut core.state.presenting;
    match act {
        PresentAct::Fill(true) => presenting.is_on = true,
        PresentAct::Fill(false) => presenting.end(),
        PresentAct::Dark(is_dark) => presenting.is_dark = is_dark && presenting.is_on,
        PresentAct::Pen(has_pen) => {
            presenting.has_pen = has_pen && presenting.is_on;
            presenting.is_hiding &= !presenting.has_pen;
        }
        PresentAct::Touch(point) => presenting.touch(point),
        PresentAct::Move(point) => presenting.move_to(point),
        PresentAct::Wipe => presenting.strokes.clear(),
        PresentAct::Step(steps) => step(core, steps),
        PresentAct::Hiding(is_hiding) => {
            presenting.is_hiding = is_hiding;
            presenting.has_pen &= !is_hiding;
        }
        PresentAct::Hide(control) => hide(core, control),
        PresentAct::Show(control) => core.state.settings.hidden.retain(|other| *other != control),
        PresentAct::ShowAll => core.state.settings.hidden.clear(),
    }
}

fn hide(core: &mut Core, control: HiddenControl) {
    let hidden = &mut core.state.settings.hidden;
    if hidden.len() < MOST_HIDDEN && !hidden.contains(&control) {
        hidden.push(control);
    }
}

/// Moves the animation of the view that is shown.
fn step(core: &mut Core, steps: isize) {
    if core.state.lesson.is_some() {
        lesson::step(core, steps);
        return;
    }
    let act = PlaybackAct::Step(steps);
    match core.state.settings.view {
        ViewId::Convolution => convolution::act::apply(core, ConvolutionAct::Play(act)),
        ViewId::Pooling => pooling::act::play(core, act),
        ViewId::Network => breakdown::play(core, act),
        ViewId::Draw
        | ViewId::Train
        | ViewId::Filters
        | ViewId::Compare
        | ViewId::Evaluate
        | ViewId::Lessons
        | ViewId::Architecture => {}
    }
}
