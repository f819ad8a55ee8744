//! The Convolution view's settings, its animation, and what the core makes of them.

mod family;

use crate::{
    explain::convolution::{EXAMPLES, KERNELS, resized},
    nn::{LayerSpec, Trace},
    ui::{
        action::FileKind,
        app::App,
        convolution::{
            ConvolutionAct, FamilySetup, Lab, Mode, Photo, Round, Setup, Source, Weights, World, made,
        },
        state::AppState,
        views::ViewId,
        widgets::PlaybackAct,
    },
};
use family::{make_family, set_family, use_family};
use std::sync::Arc;

/// What a convolution was made from: settings, and what they refer to.
#[derive(Clone)]
pub struct MadeFrom {
    setup: Setup,
    image: u64,
    trace: Option<Arc<Trace>>,
    photo: Option<Arc<Photo>>,
}

impl MadeFrom {
    fn of(state: &AppState) -> Self {
        let lab = &state.convolution;
        let setup = lab.setup.clone();
        let is_networks = uses_network(&setup);
        Self {
            image: if setup.source == Source::Image { state.image.revision } else { 0 },
            trace: if is_networks { state.trace().cloned() } else { None },
            photo: if setup.source == Source::Photo { lab.photo.clone() } else { None },
            setup,
        }
    }

    fn is_networks(&self) -> bool {
        uses_network(&self.setup)
    }

    fn is(&self, other: &Self) -> bool {
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

/// Whether settings refer to what the network computed.
fn uses_network(setup: &Setup) -> bool {
    matches!(setup.source, Source::Layer(_)) || matches!(setup.weights, Weights::Learned(_))
}

fn world(state: &AppState) -> World<'_> {
    World { image: &state.image, answer: state.current_answer(), photo: state.convolution.photo.as_ref() }
}

/// Has the core compute what is set, if it or what it refers to has changed. What is impossible leaves the last
/// convolution where it is.
pub fn refresh(app: &mut App) {
    let lab = &mut app.state.convolution;
    let is_family = lab.mode == Mode::Family;
    if is_family {
        if lab.family_shown.is_none() {
            make_family(lab);
        }
        // Its kinds have numbers of their own; while a network learns, others would be computed for nobody.
        if lab.shown.is_some() {
            return;
        }
    }
    let from = MadeFrom::of(&app.state);
    if app.convolved.as_ref().is_some_and(|made| made.is(&from)) {
        return;
    }
    let result = made(&from.setup, world(&app.state));
    let from_network = from.is_networks();
    let is_other = app.convolved.as_ref().is_none_or(|made| made.setup != from.setup);
    app.convolved = Some(from);
    let lab = &mut app.state.convolution;
    match result {
        Ok(made) => {
            let is_moved = lab.shown.as_ref().is_none_or(|shown| shown.output() != made.output());
            lab.shown = Some(Arc::new(made));
            lab.refusal = None;
            if is_other {
                lab.round.hide_all();
            }
            // The animation of the family stays where it is.
            if !is_family && std::mem::take(&mut lab.seeks_strongest) {
                let strongest = lab.shown.as_ref().map_or(0, |conv| strongest(conv.output_map(0)));
                lab.playback.apply(PlaybackAct::Seek(strongest), lab.track());
            } else if is_moved && !lab.playback.is_playing() {
                lab.playback.apply(PlaybackAct::Seek(lab.position()), lab.track());
            }
        }
        Err(refusal) => {
            // What was left impossible at the last run has no last picture, and the first example stands for it.
            let is_waiting = from_network && app.state.current_answer().is_none();
            if app.state.convolution.shown.is_none() && !is_waiting {
                let first = made(&Setup::default(), world(&app.state));
                app.state.convolution.shown = first.ok().map(Arc::new);
            }
            app.state.convolution.refusal = Some(refusal);
        }
    }
}

/// The first of the largest values, whatever their sign.
fn strongest(values: &[f32]) -> usize {
    let largest = values.iter().enumerate().rev().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
    largest.map_or(0, |(at, _)| at)
}

/// Carries out one act.
pub fn apply(app: &mut App, act: ConvolutionAct) {
    let draws = app.state.convolution.draws;
    match act {
        ConvolutionAct::Set(setup) => set(app, *setup),
        ConvolutionAct::UseExample(number) => {
            if let Some(example) = EXAMPLES.get(number) {
                let setup = Setup::of_example(example);
                let lab = &mut app.state.convolution;
                let refuses_rest = lab.setup.refuses_rest;
                lab.setup = Setup { refuses_rest, ..setup };
                lab.is_whole = false;
                begin(lab);
            }
        }
        ConvolutionAct::UseSource(source) => use_source(app, source),
        ConvolutionAct::SetNumber(at, value) => {
            if let Some(number) = app.state.convolution.setup.numbers.get_mut(at) {
                *number = value;
            }
        }
        ConvolutionAct::SetWeight(at, value) => {
            own(app);
            if let Weights::Own(kernels) = &mut app.state.convolution.setup.weights
                && let Some(weight) = kernels.values.get_mut(at)
            {
                *weight = value;
            }
        }
        ConvolutionAct::SetBias(filter, value) => {
            own(app);
            if let Some(bias) = app.state.convolution.setup.bias.get_mut(filter) {
                *bias = value;
            }
        }
        ConvolutionAct::UseKernel(filter, number) => use_kernel(app, filter, number),
        ConvolutionAct::RandomKernels => {
            own(app);
            let lab = &mut app.state.convolution;
            lab.draws = draws.wrapping_add(1);
            if let Weights::Own(kernels) = &mut lab.setup.weights {
                for (i, weight) in kernels.values.iter_mut().enumerate() {
                    *weight = small_number(lab.draws, i as u64);
                }
            }
        }
        ConvolutionAct::UseLearned(layer) => use_learned(app, layer),
        ConvolutionAct::Play(act) => {
            let lab = &mut app.state.convolution;
            let track = lab.track();
            lab.playback.apply(act, track);
            if !matches!(act, PlaybackAct::Advance(_)) {
                lab.round.last = None;
            }
        }
        ConvolutionAct::LookAt(channel) => app.state.convolution.channel = channel,
        ConvolutionAct::ShowWhole(is_whole) => app.state.convolution.is_whole = is_whole,
        ConvolutionAct::SetMode(mode) => {
            let lab = &mut app.state.convolution;
            let is_other = (lab.mode == Mode::Family) != (mode == Mode::Family);
            lab.mode = mode;
            if mode == Mode::Family && lab.family_shown.is_none() {
                make_family(lab);
            }
            let track = lab.track();
            if is_other {
                lab.playback.apply(PlaybackAct::Begin, track);
            } else if mode == Mode::Predict {
                lab.playback.apply(PlaybackAct::Step(0), track);
            }
        }
        ConvolutionAct::UseFamily(choice) => use_family(&mut app.state.convolution, choice),
        ConvolutionAct::SetFamily(setup) => set_family(&mut app.state.convolution, *setup),
        ConvolutionAct::ResetFamily => {
            let lab = &mut app.state.convolution;
            set_family(lab, FamilySetup::new(lab.family.choice()));
        }
        ConvolutionAct::SetFamilyNumber(at, value) => {
            let lab = &mut app.state.convolution;
            lab.family.set_number(at, value);
            make_family(lab);
        }
        ConvolutionAct::SetFamilyWeight(tensor, at, value) => {
            let lab = &mut app.state.convolution;
            lab.family.set_weight(tensor, at, value);
            make_family(lab);
        }
        ConvolutionAct::Guess(guess) => {
            let lab = &mut app.state.convolution;
            let at = lab.position();
            if let Some(step) = lab.shown.as_ref().and_then(|conv| conv.step(at)) {
                lab.round.guess(at, &step, guess);
            }
        }
        ConvolutionAct::NextGuess => {
            let lab = &mut app.state.convolution;
            let (track, at) = (lab.track(), lab.position());
            lab.round.last = None;
            if let Some(next) = lab.round.next(at, track.len) {
                lab.playback.apply(PlaybackAct::Seek(next), track);
            }
        }
        ConvolutionAct::NewRound => {
            let lab = &mut app.state.convolution;
            lab.round = Round::default();
            begin(lab);
        }
    }
}

/// To the first output.
fn begin(lab: &mut Lab) {
    let track = lab.track();
    lab.playback.apply(PlaybackAct::Begin, track);
    lab.channel = None;
}

/// Other settings, with numbers, kernels and biases that fit them.
fn set(app: &mut App, mut setup: Setup) {
    let old = app.state.convolution.setup.clone();
    // A learned kernel that has another size, or is one of fewer, is a network's no longer.
    if let Weights::Learned(layer) = setup.weights {
        let is_same = world(&app.state).conv(layer).is_some_and(|conv| {
            (conv.kernel_size, conv.out_channels, conv.groups) == (setup.kernel, setup.filters, setup.groups)
        });
        if !is_same && let Some((kernels, bias)) = world(&app.state).learned(layer) {
            (setup.weights, setup.bias) = (Weights::Own(kernels), bias);
        }
    }
    let channels = world(&app.state).input(&setup).map_or(setup.size.0, |shape| shape.as_maps().0);
    setup.fit(channels);
    setup.keep_numbers(&old);
    app.state.convolution.setup = setup;
}

/// Other numbers to convolve, with what was set for them last; a layer of the network that is a convolution comes with
/// its own settings and kernels.
fn use_source(app: &mut App, source: Source) {
    let lab = &mut app.state.convolution;
    if source == Source::Photo && lab.photo.is_none() {
        app.state.question = Some(FileKind::Photograph);
        return;
    }
    let old = lab.setup.clone();
    if !old.source.is_like(source) {
        lab.kept.retain(|kept| !kept.source.is_like(old.source));
        lab.kept.push(old);
    }
    let kept = lab.kept.iter().find(|kept| kept.source.is_like(source)).cloned();
    let mut setup = kept.unwrap_or_else(|| Setup::of_source(source));
    setup.source = source;
    if let Source::Layer(number) = source {
        setup = match world(&app.state).conv(number) {
            Some(conv) => Setup { weights: Weights::Learned(number), ..setup.with_settings(&conv) },
            None => Setup::of_source(source),
        };
    }
    set(app, setup);
    let lab = &mut app.state.convolution;
    lab.is_whole = source != Source::Numbers;
    lab.seeks_strongest = lab.is_whole;
    begin(lab);
}

/// Learned kernels become the person's own, to be changed.
fn own(app: &mut App) {
    if let Weights::Learned(layer) = app.state.convolution.setup.weights
        && let Some((kernels, bias)) = world(&app.state).learned(layer)
    {
        let setup = &mut app.state.convolution.setup;
        (setup.weights, setup.bias) = (Weights::Own(kernels), bias);
    }
}

/// A kernel with a name for every channel of a filter; a larger one makes all kernels larger.
fn use_kernel(app: &mut App, filter: usize, number: usize) {
    let Some(preset) = KERNELS.get(number) else { return };
    own(app);
    let mut setup = app.state.convolution.setup.clone();
    if setup.kernel.h < preset.size.h || setup.kernel.w < preset.size.w || setup.filters == 1 {
        setup.kernel = preset.size;
        set(app, setup);
    }
    let setup = &mut app.state.convolution.setup;
    if let Weights::Own(kernels) = &mut setup.weights {
        let [_, channels, h, w] = kernels.shape;
        let kernel = resized(&preset.weights(), preset.size, crate::nn::Pair { h, w });
        let len = channels * h * w;
        if let Some(weights) = kernels.values.get_mut(filter * len..(filter + 1) * len) {
            weights
                .chunks_exact_mut(kernel.len().max(1))
                .for_each(|weights| weights.copy_from_slice(&kernel));
        }
    }
}

/// The kernels of a layer of the network over the input that there is: of each filter, those for as many channels as the
/// input has.
fn use_learned(app: &mut App, layer: usize) {
    let Some((kernels, bias)) = world(&app.state).learned(layer) else { return };
    let mut setup = app.state.convolution.setup.clone();
    let [filters, _, h, w] = kernels.shape;
    setup.kernel = crate::nn::Pair { h, w };
    setup.filters = filters.min(crate::ui::convolution::MAX_FILTERS);
    setup.groups = 1;
    (setup.weights, setup.bias, setup.has_bias) = (Weights::Own(kernels), bias, true);
    set(app, setup);
}

/// Turns to the view at an output of a layer of the current network.
pub fn open(app: &mut App, layer: usize, at: usize) {
    let network = &app.state.network.network;
    if !matches!(network.spec().layers.get(layer), Some(LayerSpec::Conv2d(_))) {
        return;
    }
    app.state.settings.view = ViewId::Convolution;
    use_source(app, Source::Layer(layer));
    app.state.convolution.mode = Mode::Sum;
    app.state.convolution.seeks_strongest = false;
    refresh(app);
    let lab = &mut app.state.convolution;
    let track = lab.track();
    lab.playback.apply(PlaybackAct::Seek(at), track);
}

/// A photograph was opened: it is what is convolved.
pub fn take_photo(app: &mut App, photo: Photo) {
    app.state.convolution.photo = Some(Arc::new(photo));
    app.state.settings.view = ViewId::Convolution;
    if app.state.convolution.mode == Mode::Family {
        // The kinds of convolution have numbers of their own.
        app.state.convolution.mode = Mode::Sum;
    }
    use_source(app, Source::Photo);
}

/// A whole number from −2 to 2, the same for the same seed and place.
fn small_number(seed: u64, place: u64) -> f32 {
    let mut bits =
        seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(place.wrapping_mul(0xBF58_476D_1CE4_E5B9));
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((bits ^ (bits >> 31)) % 5) as f32 - 2.0
}
