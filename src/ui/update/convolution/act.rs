//! Carries out what a person does in the Convolution view.

use super::family::{begin, make_family, set_family, use_family};
use super::setup::{own, set, small_number, use_kernel, use_learned, use_source};
use crate::{
    explain::convolution::EXAMPLES,
    ui::{
        core::Core,
        model::convolution::{
            ConvolutionSetup, ConvolutionSource, EditedNumber, FamilySetup, Round, SpareNumbers, Weights,
            act::{ConvolutionAct, ConvolutionMode},
            photos::{BuiltInPhoto, PHOTOS},
        },
        widgets::PlaybackAct,
    },
};

/// Carries out one act. A change of settings or numbers can be undone.
pub fn apply(core: &mut Core, act: ConvolutionAct) {
    let edited = match act {
        ConvolutionAct::SetNumber(at, _) => Some(EditedNumber::Input(at)),
        ConvolutionAct::SetWeight(at, _) => Some(EditedNumber::Weight(at)),
        ConvolutionAct::SetBias(filter, _) => Some(EditedNumber::Bias(filter)),
        ConvolutionAct::Set(_)
        | ConvolutionAct::UseExample(_)
        | ConvolutionAct::UseKernel(..)
        | ConvolutionAct::RandomKernels
        | ConvolutionAct::UseLearned(_) => None,
        other => return carry_out(core, other),
    };
    let replaces_kernels = matches!(
        act,
        ConvolutionAct::UseKernel(..) | ConvolutionAct::RandomKernels | ConvolutionAct::UseLearned(_)
    );
    let before = core.state.convolution.setup.clone();
    carry_out(core, act);
    let lab = &mut core.state.convolution;
    if replaces_kernels {
        lab.spare.forget_kernels();
    }
    if lab.setup != before {
        lab.history.record(before, edited);
    }
}

fn carry_out(core: &mut Core, act: ConvolutionAct) {
    let draws = core.state.convolution.draws;
    match act {
        ConvolutionAct::Set(setup) => set(core, *setup),
        ConvolutionAct::UseExample(number) => {
            if let Some(example) = EXAMPLES.get(number) {
                let setup = ConvolutionSetup::of_example(example);
                let lab = &mut core.state.convolution;
                let refuses_rest = lab.setup.refuses_rest;
                lab.spare = SpareNumbers::default();
                lab.setup = ConvolutionSetup { refuses_rest, ..setup };
                lab.is_whole = false;
                begin(lab);
            }
        }
        ConvolutionAct::UseSource(source) => use_source(core, source),
        ConvolutionAct::SetNumber(at, value) => {
            if let Some(number) = core.state.convolution.setup.numbers.get_mut(at) {
                *number = value;
            }
        }
        ConvolutionAct::SetWeight(at, value) => {
            own(core);
            if let Weights::Own(kernels) = &mut core.state.convolution.setup.weights
                && let Some(weight) = kernels.values.get_mut(at)
            {
                *weight = value;
            }
        }
        ConvolutionAct::SetBias(filter, value) => {
            own(core);
            if let Some(bias) = core.state.convolution.setup.bias.get_mut(filter) {
                *bias = value;
            }
        }
        ConvolutionAct::Undo => {
            let lab = &mut core.state.convolution;
            if let Some(setup) = lab.history.undo(&lab.setup) {
                lab.setup = setup;
            }
        }
        ConvolutionAct::Redo => {
            let lab = &mut core.state.convolution;
            if let Some(setup) = lab.history.redo(&lab.setup) {
                lab.setup = setup;
            }
        }
        ConvolutionAct::UseKernel(filter, number) => use_kernel(core, filter, number),
        ConvolutionAct::UsePhoto(number) => {
            if let Some(photo) = PHOTOS.get(number).and_then(BuiltInPhoto::photo) {
                core.state.convolution.photo = Some(photo);
                use_source(core, ConvolutionSource::Photo);
            }
        }
        ConvolutionAct::RandomKernels => {
            own(core);
            let lab = &mut core.state.convolution;
            lab.draws = draws.wrapping_add(1);
            if let Weights::Own(kernels) = &mut lab.setup.weights {
                for (i, weight) in kernels.values.iter_mut().enumerate() {
                    *weight = small_number(lab.draws, i as u64);
                }
            }
        }
        ConvolutionAct::UseLearned(layer) => use_learned(core, layer),
        ConvolutionAct::Play(act) => {
            let lab = &mut core.state.convolution;
            let track = lab.track();
            lab.playback.apply(act, track);
            lab.round.last = None;
        }
        ConvolutionAct::LookAt(channel) => core.state.convolution.channel = channel,
        ConvolutionAct::ShowWhole(is_whole) => core.state.convolution.is_whole = is_whole,
        ConvolutionAct::SetMode(mode) => {
            let lab = &mut core.state.convolution;
            let is_other = (lab.mode == ConvolutionMode::Family) != (mode == ConvolutionMode::Family);
            lab.mode = mode;
            if mode == ConvolutionMode::Family && lab.family_shown.is_none() {
                make_family(lab);
            }
            let track = lab.track();
            if is_other {
                lab.playback.apply(PlaybackAct::Begin, track);
            } else if mode == ConvolutionMode::Predict {
                lab.playback.apply(PlaybackAct::Step(0), track);
            }
        }
        ConvolutionAct::UseFamily(choice) => use_family(&mut core.state.convolution, choice),
        ConvolutionAct::SetFamily(setup) => set_family(&mut core.state.convolution, *setup),
        ConvolutionAct::ResetFamily => {
            let lab = &mut core.state.convolution;
            set_family(lab, FamilySetup::new(lab.family.choice()));
        }
        ConvolutionAct::SetFamilyNumber(at, value) => {
            let lab = &mut core.state.convolution;
            lab.family.set_number(at, value);
            make_family(lab);
        }
        ConvolutionAct::SetFamilyWeight(tensor, at, value) => {
            let lab = &mut core.state.convolution;
            lab.family.set_weight(tensor, at, value);
            make_family(lab);
        }
        ConvolutionAct::ShowGrid(grid) => core.state.convolution.grid = grid,
        ConvolutionAct::ShowResult(result) => core.state.convolution.result = result,
        ConvolutionAct::ShowFamilyGrid(grid) => {
            let lab = &mut core.state.convolution;
            lab.is_matrix = grid.is_none();
            lab.family_grid = grid.unwrap_or(lab.family_grid);
        }
        ConvolutionAct::ShowKernels(first) => core.state.convolution.first_kernel = first,
        ConvolutionAct::Guess(guess) => {
            let lab = &mut core.state.convolution;
            let at = lab.position();
            if let Some(step) = lab.shown.as_ref().and_then(|conv| conv.step(at)) {
                lab.round.guess(at, &step, guess);
            }
        }
        ConvolutionAct::NextGuess => {
            let lab = &mut core.state.convolution;
            let (track, at) = (lab.track(), lab.position());
            lab.round.last = None;
            if let Some(next) = lab.round.next(at, track.len) {
                lab.playback.apply(PlaybackAct::Seek(next), track);
            }
        }
        ConvolutionAct::NewRound => {
            let lab = &mut core.state.convolution;
            lab.round = Round::default();
            begin(lab);
        }
    }
}
