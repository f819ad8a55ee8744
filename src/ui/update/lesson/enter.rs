//! Entering a step: the window shows its state.

use super::{
    super::{choose_as::choose_as, drawing, gradcheck, saved_state, training, what_if},
    convolution, evidence, pooling,
};
use crate::{
    explain::what_if::LayerMap,
    lesson::show::{Show, ShowImage, ShowNetwork, ShowTrain, ShowValues},
    nn::optim::OptimizerSpec,
    train::TrainConfig,
    ui::{
        action::Transport,
        core::Core,
        model::{
            display::{MapValues, TrainPart},
            gradcheck::CheckAct,
            image::ImageSource,
            lesson::{Home, position_of},
            network::{NetworkChoice, recipe},
            selection::{MapId, Selection},
            starter,
            view::ViewId,
        },
        widgets::Drawing,
    },
};

/// The radius of a lesson's strokes, as a fraction of the canvas's side.
const RADIUS: f32 = 0.045;

/// The most strokes, and points of a stroke, of a lesson.
const MOST: usize = 1_000;

/// Shows the state of the step, which may be that of a step before it.
pub(super) fn enter(core: &mut Core) {
    let Some(open) = &mut core.state.lesson else { return };
    open.has_spotlight = true;
    open.entered += 1;
    if let Some(work) = open.work.get_mut(open.at) {
        // What was said about an answer is said until the step is left; a right answer stays.
        if !work.is_done() {
            work.reply = None;
        }
    }
    core.lesson_steps = 0;
    let wanted = open.shown(open.at).cloned();
    open.home = Home { position: wanted.as_ref().and_then(position_of), ..Home::default() };
    let Some(wanted) = wanted else { return };
    show(core, &wanted, false);
    let view = core.state.settings.view;
    let convolution = (view == ViewId::Convolution).then(|| Box::new(core.state.convolution.setup.clone()));
    let pooling = (view == ViewId::Pooling).then(|| Box::new(core.state.settings.pooling.clone()));
    if let Some(open) = &mut core.state.lesson {
        (open.home.convolution, open.home.pooling) = (convolution, pooling);
    }
}

/// Remembers the number that the step asks for as soon as it is computed: the question is about this one.
pub(super) fn remember(core: &mut Core) {
    let state = &core.state;
    let Some(open) = &state.lesson else { return };
    let is_awaited = core.lesson_layer.is_some() || core.lesson_sample.is_some();
    if is_awaited || open.home.value.is_some() {
        return;
    }
    let Home { convolution, pooling, .. } = &open.home;
    let is_same = match state.settings.view {
        ViewId::Convolution => convolution.as_deref() == Some(&state.convolution.setup),
        ViewId::Pooling => {
            let is_computed = state.pooling.waits_since.is_none()
                && state
                    .pooling
                    .study
                    .as_ref()
                    .is_some_and(|study| study.choice.is_like(&state.settings.pooling));
            is_computed && pooling.as_deref() == Some(&state.settings.pooling)
        }
        _ => false,
    };
    if !is_same {
        return;
    }
    let position = open.home.position.unwrap_or_else(|| state.lesson_position());
    let value = open.asked().and_then(|quantity| state.quantity_at(quantity, position));
    let stand = value.and_then(|_| evidence::of_question(core));
    if let Some(open) = &mut core.state.lesson {
        open.home.position.get_or_insert(position);
        open.home.value = value;
        open.home.stand = stand;
    }
}

/// Shows a state. Convolution and Pooling are as at a first start, except for what it names, unless `is_change`: then only
/// what it names changes. Image, network and training stay as they are if it does not name them.
pub(super) fn show(core: &mut Core, show: &Show, is_change: bool) {
    if let Some(view) = show.view {
        core.state.settings.view = view.into();
        if core.state.settings.view == ViewId::Train {
            // Lessons point at the filters.
            core.state.settings.train_part = TrainPart::Filters;
        }
    }
    if !is_change && !core.state.settings.is_normalised {
        // As at a first start, like what a step does not name elsewhere.
        drawing::set_normalise(core, true);
    }
    if let Some(image) = &show.image {
        show_image(core, image);
    }
    if let Some(network) = &show.network {
        show_network(core, network);
    } else if !is_change {
        core.state.selection = Selection::default();
        gradcheck::apply(core, CheckAct::Open(false));
    }
    let off = show.network.as_ref().map_or(&[][..], |network| &network.off);
    if !is_change || !off.is_empty() {
        what_if::switch_off(core, off.iter().filter_map(|&(column, map)| layer_map(column, map)));
    }
    if let Some(train) = &show.train {
        // A step shows what it names, whatever a person trained with before.
        let choice = show.network.as_ref().and_then(|network| network.name.as_deref()).map(choice_of);
        let first = choice.filter(|_| !is_change).map(|choice| recipe(&choice));
        show_train(core, train, first.unwrap_or(core.state.setup));
    }
    // The layer of a network that is still being built, or has not answered yet, is shown when it has.
    let is_layer = show.convolution.as_ref().is_some_and(|shown| shown.layer.is_some());
    if is_layer || !is_change {
        core.lesson_layer = (is_layer && !is_computed(core, show)).then(|| Box::new(show.clone()));
    }
    if show.convolution.is_some() || !is_change {
        convolution::show(core, show.convolution.as_ref(), is_change);
    }
    if show.pooling.is_some() || !is_change {
        pooling::show(core, show.pooling.as_ref(), is_change);
    }
}

fn show_image(core: &mut Core, image: &ShowImage) {
    core.lesson_sample = image.sample;
    if image.sample.is_some() {
        show_awaited_sample(core);
        return;
    }
    let canvas = match &image.strokes {
        Some(strokes) => drawing_of(strokes),
        None if image.blank => Drawing::default(),
        None => starter::drawing(),
    };
    core.state.settings.image = ImageSource::Drawing;
    saved_state::put_image(core, canvas);
}

/// Shows the test image that a step asked for, once there is a data set.
pub(super) fn show_awaited_sample(core: &mut Core) {
    if core.state.data.ready().is_some()
        && let Some(index) = core.lesson_sample.take()
    {
        drawing::show_sample(core, index);
    }
}

/// Whether the network that a step names is there and has computed its layers. It computes nothing from a blank drawing.
fn is_computed(core: &Core, show: &Show) -> bool {
    let state = &core.state;
    let network = match state.current_answer() {
        Some(answer) => &answer.network,
        None if state.image.is_blank() => &state.network.network,
        None => return false,
    };
    let name = show.network.as_ref().and_then(|network| network.name.as_deref());
    name.is_none_or(|name| {
        network.spec().name == if name == "trained" { &core.shipped.spec().name } else { name }
    })
}

/// Shows the layer that a step asked for, once its network is there.
pub(super) fn show_awaited_layer(core: &mut Core) {
    let is_there = core.lesson_layer.as_ref().is_some_and(|shown| is_computed(core, shown));
    if is_there && let Some(shown) = core.lesson_layer.take() {
        convolution::show(core, shown.convolution.as_ref(), false);
        // The step is about this layer, not about what was shown while it was awaited.
        let setup = Box::new(core.state.convolution.setup.clone());
        if let Some(open) = &mut core.state.lesson
            && open.home.convolution.is_some()
        {
            open.home.convolution = Some(setup);
        }
    }
}

fn drawing_of(strokes: &[Vec<[f32; 2]>]) -> Drawing {
    let mut canvas = Drawing::default();
    let is_sound = |point: &&[f32; 2]| point.iter().all(|part| (-0.5..=1.5).contains(part));
    for stroke in strokes.iter().take(MOST) {
        let mut points = stroke.iter().filter(is_sound).take(MOST);
        let Some(first) = points.next() else { continue };
        canvas.begin_stroke(*first, RADIUS, false);
        for point in points {
            canvas.extend_stroke(*point);
        }
        canvas.end_stroke();
    }
    canvas
}

/// The network of a name in a lesson.
fn choice_of(name: &str) -> NetworkChoice {
    match name {
        "trained" => NetworkChoice::Shipped,
        name => NetworkChoice::Preset(name.to_owned()),
    }
}

/// A map by its column; the input cannot be switched off.
fn layer_map(column: usize, map: usize) -> Option<LayerMap> {
    column.checked_sub(1).map(|layer| LayerMap { layer, map })
}

fn show_network(core: &mut Core, wanted: &ShowNetwork) {
    if let Some(name) = &wanted.name {
        let choice = choice_of(name);
        // The same network goes on, with what it has learnt.
        if core.state.settings.network != choice {
            let training = recipe(&choice);
            core.state.first_column = 0.0;
            // What is still being read is not for the step.
            core.choices.networks.now();
            choose_as(core, choice, training);
        }
    }
    gradcheck::apply(core, CheckAct::Open(wanted.check == Some(true)));
    let map = wanted.column.map(|column| MapId { column, map: wanted.map.unwrap_or(0) });
    core.state.selection = Selection { map, pixel: wanted.pixel.filter(|_| map.is_some()), channel: None };
    core.state.settings.map_values = match wanted.values {
        Some(ShowValues::Gradients) => MapValues::Gradients,
        _ => MapValues::Activations,
    };
}

/// Sets what a run is trained with: what is named, and `config` for the rest.
fn show_train(core: &mut Core, wanted: &ShowTrain, mut config: TrainConfig) {
    let ShowTrain { rate, momentum, batch, epochs, seed, validation, images, fresh, run } = *wanted;
    config.lr = rate.unwrap_or(config.lr);
    if let (Some(momentum), OptimizerSpec::Sgd(sgd)) = (momentum, &mut config.optimizer) {
        sgd.momentum = momentum;
    }
    config.batch = batch.unwrap_or(config.batch);
    config.epochs = epochs.unwrap_or(config.epochs);
    config.seed = seed.unwrap_or(config.seed);
    config.validation = validation.unwrap_or(config.validation);
    config.train_images = images.map_or(config.train_images, |images| (images > 0).then_some(images));
    let has_begun = core.state.snapshot.as_ref().is_some_and(|snapshot| snapshot.step > 0);
    if has_begun && (fresh || run.is_some() && !is_run_of(core, &config)) {
        // The run that is there, perhaps a person's own, is left as it is.
        core.state.setup = config;
        core.state.settings.training = Some(config);
        training::transport(core, Transport::Reset);
    } else if config != core.state.setup {
        training::edit_setup(core, config);
    }
    core.lesson_steps = run.unwrap_or(0) as u64;
}

/// Whether the run was made with these settings. It may have more epochs, if it was continued beyond its end.
fn is_run_of(core: &Core, config: &TrainConfig) -> bool {
    let run = core.state.snapshot.as_ref();
    run.is_some_and(|run| TrainConfig { epochs: config.epochs, ..run.config } == *config)
}
