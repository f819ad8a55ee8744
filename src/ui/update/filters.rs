//! Painting and freezing filters of the current network, with undo.
//!
//! The filters of a run are changed by its thread. What was sent and is not in a snapshot yet is shown at once.

use super::{message::problem, network, run::send, timeline};
use crate::{
    nn::filters::{FilterId, FilterLayout},
    text::{Sentence, tr},
    train::{Command, FilterEdit},
    ui::{
        core::Core,
        model::{
            filters::{FilterStep, FiltersAct, FiltersAhead, FiltersState, MOST_UNDO, OwnFilters},
            network::Origin,
            timeline::TimelineAct,
            view::ViewId,
        },
        widgets::{Tone, Topic},
    },
};
use std::sync::Arc;

/// Carries out what a person does in the Filters view.
pub(super) fn apply(core: &mut Core, act: FiltersAct) {
    let is_past = core.state.history_step().is_some();
    let filters = &mut core.state.filters;
    match act {
        FiltersAct::Layer(layer) => (filters.layer, filters.kernel) = (layer, (0, 0)),
        FiltersAct::Select(filter, input) => filters.kernel = (filter, input),
        FiltersAct::Order(order) => filters.order = order,
        FiltersAct::Photo(choice) => filters.photo = choice,
        FiltersAct::ShowPhoto(is_shown) => filters.shows_photo = is_shown,
        FiltersAct::Stay => filters.waits = None,
        FiltersAct::Branch => {
            let Some(act) = filters.waits.take() else { return };
            timeline::apply(core, TimelineAct::Branch);
            if core.state.history_step().is_none() {
                core.filter_commands.branches = true;
                apply(core, *act);
            }
        }
        FiltersAct::TrainFrozen => train_frozen(core),
        FiltersAct::Paint { .. }
        | FiltersAct::Learned(_)
        | FiltersAct::Freeze(..)
        | FiltersAct::Undo
        | FiltersAct::Redo
            if is_past =>
        {
            // History does not change: another one begins. The cells of a stroke wait together.
            match (filters.waits.as_deref_mut(), act) {
                (None, act) => filters.waits = Some(Box::new(act)),
                (
                    Some(FiltersAct::Paint { id, values, .. }),
                    FiltersAct::Paint { id: of, values: new, goes_on: true },
                ) if *id == of => {
                    let network = &core.state.network.network;
                    let tensors = network.parameters().get(of.layer);
                    let old = FilterLayout::of(network, of.layer).zip(tensors);
                    let old =
                        old.map_or_else(Vec::new, |(layout, tensors)| layout.values(tensors, of.filter));
                    for ((value, new), old) in values.iter_mut().zip(new).zip(old) {
                        if new != old {
                            *value = new;
                        }
                    }
                }
                _ => {}
            }
        }
        FiltersAct::Paint { id, values, goes_on } => {
            let edit = FilterEdit { id, values: Some(values), is_frozen: true, is_painted: true };
            change(core, vec![edit], goes_on);
        }
        FiltersAct::Learned(ids) => {
            let hand = core.state.filters.hand.clone();
            let back = |id: FilterId| {
                let values = Some(hand.learned(id)?.to_vec());
                Some(FilterEdit { id, values, is_frozen: false, is_painted: false })
            };
            change(core, ids.into_iter().filter_map(back).collect(), false);
        }
        FiltersAct::Freeze(ids, is_frozen) => {
            let hand = core.state.filters.hand.clone();
            let of = |id| FilterEdit { id, values: None, is_frozen, is_painted: hand.is_painted(id) };
            let others = ids.into_iter().filter(|id| hand.is_frozen(*id) != is_frozen);
            change(core, others.map(of).collect(), false);
        }
        FiltersAct::Undo => {
            if let Some(step) = filters.undo.pop() {
                let is_made = make(core, &step.before);
                let filters = &mut core.state.filters;
                (if is_made { &mut filters.redo } else { &mut filters.undo }).push(step);
            }
        }
        FiltersAct::Redo => {
            if let Some(step) = filters.redo.pop() {
                let is_made = make(core, &step.after);
                let filters = &mut core.state.filters;
                (if is_made { &mut filters.undo } else { &mut filters.redo }).push(step);
            }
        }
    }
}

/// Changes filters as a step that can be undone, or as a part of the step before.
fn change(core: &mut Core, edits: Vec<FilterEdit>, goes_on: bool) {
    let (network, hand) = (&core.state.network.network, &core.state.filters.hand);
    let before = edits.iter().map(|edit| {
        let mut back = FilterEdit::back_to(network, hand, edit.id)?;
        if edit.values.is_none() {
            // Freezing and releasing is undone without the training that came since.
            back.values = None;
        }
        Some(back)
    });
    let before: Option<Vec<FilterEdit>> = before.collect();
    let (Some(before), false) = (before, edits.is_empty()) else { return };
    let paints = edits.iter().any(|edit| edit.is_painted && edit.values.is_some());
    if !make(core, &edits) {
        return;
    }
    let last = core.state.filters.undo.last_mut().filter(|last| {
        let ids = |edits: &[FilterEdit]| edits.iter().map(|edit| edit.id).collect::<Vec<_>>();
        goes_on && ids(&last.after) == ids(&edits)
    });
    if let Some(last) = last {
        last.after = edits;
    } else {
        let answer = core.state.current_answer().filter(|_| paints);
        let told = answer.map(|a| (a.image_revision, a.whole.first_probabilities().to_vec()));
        let filters = &mut core.state.filters;
        filters.answer_before = told.or(filters.answer_before.take());
        filters.undo.push(FilterStep { before, after: edits });
        if filters.undo.len() > MOST_UNDO {
            filters.undo.remove(0);
        }
    }
    core.state.filters.redo.clear();
}

/// Changes filters of the current network. Returns whether it could.
fn make(core: &mut Core, edits: &[FilterEdit]) -> bool {
    let current = core.state.network.network.clone();
    let mut hand = (*core.state.filters.hand).clone();
    let mut changed = (*current).clone();
    if !edits.iter().all(|edit| hand.apply(&mut changed, edit)) {
        let sentence = Sentence::new("a filter has finite numbers only, as many as its kernels and its bias");
        problem(core, Topic::Task, &sentence);
        return false;
    }
    if core.state.network.origin == Origin::Live {
        if !send(core, Command::Filters(edits.to_vec())) {
            return false;
        }
        core.filter_commands.note(edits.to_vec());
    } else {
        let learned = own(core).map_or(current, |own| own.learned.clone());
        let own = OwnFilters { network: Arc::new(changed.clone()), learned, hand: Arc::new(hand.clone()) };
        core.state.network.network = own.network.clone();
        core.state.filters.hand = own.hand.clone();
        core.state.filters.own = Some(own);
        return true;
    }
    core.state.network.network = Arc::new(changed);
    core.state.filters.hand = Arc::new(hand);
    true
}

fn own(core: &Core) -> Option<&OwnFilters> {
    let own = core.state.filters.own.as_ref()?;
    Arc::ptr_eq(&own.network, &core.state.network.network).then_some(own)
}

/// Follows the current network: what of it is painted and frozen, and what was sent and is not in the snapshot yet.
pub(super) fn keep_up(core: &mut Core) {
    let run = match core.state.network.origin {
        Origin::Live | Origin::Moment(_) => core.state.snapshot.clone(),
        _ => None,
    };
    let number = run.as_ref().map(|run| run.run);
    if number != core.filter_commands.run {
        // Another run has nothing to do with what was painted before.
        let goes_on = std::mem::take(&mut core.filter_commands.branches) && number.is_some();
        core.filter_commands.run = number;
        if !goes_on {
            forget(&mut core.state.filters);
        }
    }
    let Some(run) = run else {
        if let Some(hand) = own(core).map(|own| own.hand.clone()) {
            core.state.filters.hand = hand;
        } else {
            // A network that was chosen, or whose run is not loaded yet.
            if core.state.filters.own.take().is_some() {
                forget(&mut core.state.filters);
            }
            reset_hand(&mut core.state.filters);
        }
        return;
    };
    if let Origin::Moment(step) = core.state.network.origin {
        if let Some(moment) = run.timeline.at(step)
            && *core.state.filters.hand != moment.hand
        {
            core.state.filters.hand = Arc::new(moment.hand.clone());
        }
        return;
    }
    core.state.filters.waits = None;
    let commands = &mut core.filter_commands;
    commands.waiting.retain(|(number, _)| *number > run.filter_commands);
    if commands.waiting.is_empty() {
        commands.shown = None;
        core.state.filters.hand = run.hand.clone();
        return;
    }
    let sent = commands.sent;
    let ahead = commands.shown.as_ref();
    if let Some(ahead) = ahead.filter(|ahead| Arc::ptr_eq(&ahead.of, &run.network) && ahead.upto == sent) {
        core.state.network.network = ahead.network.clone();
        core.state.filters.hand = ahead.hand.clone();
        return;
    }
    let (mut network, mut hand) = ((*run.network).clone(), (*run.hand).clone());
    for edit in commands.waiting.iter().flat_map(|(_, edits)| edits) {
        hand.apply(&mut network, edit);
    }
    let (network, hand) = (Arc::new(network), Arc::new(hand));
    let (of, upto) = (run.network.clone(), sent);
    commands.shown = Some(FiltersAhead { of, upto, network: network.clone(), hand: hand.clone() });
    core.state.network.network = network;
    core.state.filters.hand = hand;
}

fn forget(filters: &mut FiltersState) {
    filters.undo.clear();
    filters.redo.clear();
    filters.waits = None;
    filters.answer_before = None;
}

fn reset_hand(filters: &mut FiltersState) {
    if !filters.hand.is_empty() {
        filters.hand = Arc::default();
    }
}

/// What makes the frozen filters of a new network as they are now.
pub(super) fn frozen_edits(core: &Core) -> Vec<FilterEdit> {
    let current = core.state.network.network.clone();
    let hand = core.state.filters.hand.clone();
    let of = |id: FilterId| {
        let layout = FilterLayout::of(&current, id.layer)?;
        let values = Some(layout.values(current.parameters().get(id.layer)?, id.filter));
        Some(FilterEdit { id, values, is_frozen: true, is_painted: hand.is_painted(id) })
    };
    hand.frozen().filter_map(of).collect()
}

/// Trains the current architecture anew, from random weights, with its frozen filters as they are.
fn train_frozen(core: &mut Core) {
    let edits = frozen_edits(core);
    if edits.is_empty() || core.state.data.ready().is_none() {
        core.state.toasts.push(Tone::Info, tr("Freeze a filter first, and have a data set."));
        return;
    }
    let (spec, setup) = (core.state.network.network.spec().clone(), core.state.setup);
    timeline::live(core);
    network::train(core, spec, setup);
    core.filter_commands.for_build = Some((core.builds, edits));
    core.state.settings.view = ViewId::Train;
}
