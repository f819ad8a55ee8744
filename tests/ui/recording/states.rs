//! The window as a step, and the step as the window again.

use super::recording;
use crate::support::{ONE, Window};
use convlens::{
    explain::convolution::{EXAMPLES, KERNELS, PaddingMode},
    lesson::{Draft, DraftStep, Lesson, Part, Show},
    nn::Pair,
    ui::{
        action::Action,
        model::{
            convolution::{
                ConvolutionAct, ConvolutionMode, ConvolutionSource, FamilyChoice, Kernels, Weights,
            },
            network::NetworkChoice,
            pooling::{Numbers, PoolingMode, PoolingSetup, PoolingSource},
            recording::RecordAct,
            selection::{MapId, Selection},
            view::ViewId,
        },
        state::AppState,
        widgets::PlaybackAct,
    },
};

/// Random numbers.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most
    }

    fn pair(&mut self, least: usize, most: usize) -> Pair {
        let h = least + self.below(most - least + 1);
        let w = if self.below(2) == 0 { h } else { least + self.below(most - least + 1) };
        Pair { h, w }
    }

    fn value(&mut self) -> f32 {
        (self.below(81) as f32 - 40.0) / 10.0
    }
}

/// What a step of the Convolution view has to bring back.
fn convolution(state: &AppState) -> String {
    let lab = &state.convolution;
    let mut setup = lab.setup.clone();
    setup.zeros = setup.zeros().unwrap_or(setup.zeros);
    if setup.source != ConvolutionSource::Numbers {
        (setup.numbers, setup.size) = (Vec::new(), (0, 0, 0));
    }
    if !setup.has_bias {
        setup.bias.clear();
    }
    let place = (lab.position(), lab.channel, lab.is_whole, lab.mode);
    let family = (lab.mode == ConvolutionMode::Family).then(|| lab.family.choice());
    format!("{setup:?} {place:?} {family:?}")
}

fn pooling(state: &AppState) -> String {
    let mut setup = state.settings.pooling.clone();
    setup.is_square = true;
    let (playback, track) = state.pooling.walk(setup.walk());
    if setup.source != PoolingSource::Numbers {
        setup.numbers = Numbers::default();
    }
    format!("{setup:?} {}", playback.position(track))
}

/// Takes the window as a step, reads it back from a file, changes the window, and shows the step.
fn taken_and_shown(window: &mut Window, other: &[Action]) -> Show {
    window.act(Action::Record(RecordAct::New));
    window.act(Action::Record(RecordAct::Take));
    assert!(recording(window).left_out.is_empty(), "{:?}", recording(window).left_out);
    let text = recording(window).draft.to_text();
    assert_eq!(Draft::of_text(&text), recording(window).draft);
    let show = Lesson::read(&text).unwrap_or_else(|e| panic!("{e}\n{text}")).steps[0].show.clone().unwrap();
    let Some(Part::Read(taken)) = &recording(window).step().unwrap().show else { panic!() };
    assert_eq!(*taken, show, "{text}");
    for action in other {
        window.act(action.clone());
    }
    window.act(Action::Record(RecordAct::ShowStep));
    let now = window.state().window_show.clone().unwrap();
    assert!(recording(window).differences(&now).is_empty(), "{:?}", recording(window).differences(&now));
    window.act(Action::Record(RecordAct::Close(false)));
    show
}

#[test]
fn any_state_of_convolution_comes_back() {
    let mut window = Window::new();
    window.tab("Convolution");
    let mut dice = Dice(7);
    let mut possible = 0;
    for round in 0..36 {
        let act = |window: &mut Window, act| window.act(Action::Convolution(act));
        let examples = EXAMPLES.len();
        act(&mut window, ConvolutionAct::UseExample(dice.below(examples)));
        act(&mut window, ConvolutionAct::SetMode(ConvolutionMode::Sum));
        match round % 6 {
            0 => {}
            1 => act(&mut window, ConvolutionAct::UseSource(ConvolutionSource::Image)),
            2 => act(&mut window, ConvolutionAct::UsePhoto(dice.below(4))),
            3 => act(&mut window, ConvolutionAct::UseSource(ConvolutionSource::Layer(0))),
            _ => {
                let mut setup = window.state().convolution.setup.clone();
                let channels = 1 + dice.below(3);
                setup.size = (channels, 4 + dice.below(6), 4 + dice.below(6));
                setup.groups = 1;
                setup.filters = 1 + dice.below(3);
                act(&mut window, ConvolutionAct::Set(Box::new(setup)));
            }
        }
        if round % 6 != 3 || dice.below(2) == 0 {
            let mut setup = window.state().convolution.setup.clone();
            setup.stride = dice.pair(1, 2);
            setup.padding =
                [PaddingMode::Zeros, PaddingMode::Valid, PaddingMode::Same, PaddingMode::Full][dice.below(4)];
            setup.zeros = dice.pair(0, 2);
            setup.dilation = dice.pair(1, 2);
            setup.has_bias = dice.below(2) == 0;
            // A step has it as a part of an example alone.
            setup.then.averages = false;
            setup.then.relu = dice.below(2) == 0;
            setup.then.pool = dice.below(2) == 0;
            setup.bias = (0..setup.filters).map(|_| dice.value()).collect();
            act(&mut window, ConvolutionAct::Set(Box::new(setup)));
            let setup = window.state().convolution.setup.clone();
            if dice.below(2) == 0
                && let Weights::Own(Kernels { shape, values }) = &setup.weights
            {
                let values = values.iter().map(|_| dice.value()).collect();
                let weights = Weights::Own(Kernels { shape: *shape, values });
                let setup = convlens::ui::model::convolution::ConvolutionSetup { weights, ..setup };
                act(&mut window, ConvolutionAct::Set(Box::new(setup)));
            } else if dice.below(2) == 0 {
                act(&mut window, ConvolutionAct::UseKernel(0, dice.below(KERNELS.len())));
            }
        }
        let mode = [
            ConvolutionMode::Sum,
            ConvolutionMode::Im2col,
            ConvolutionMode::Predict,
            ConvolutionMode::Family,
        ][dice.below(4)];
        if mode == ConvolutionMode::Family {
            let choice = FamilyChoice::all().nth(dice.below(FamilyChoice::all().count())).unwrap();
            act(&mut window, ConvolutionAct::UseFamily(choice));
        }
        act(&mut window, ConvolutionAct::SetMode(mode));
        if dice.below(2) == 0 {
            let is_whole = window.state().convolution.is_whole;
            act(&mut window, ConvolutionAct::ShowWhole(!is_whole));
        }
        act(&mut window, ConvolutionAct::Play(PlaybackAct::Seek(dice.below(9))));
        let lab = &window.state().convolution;
        if lab.rejected.is_some() || lab.family_rejected.is_some() {
            // What is impossible shows what was there before.
            continue;
        }
        possible += 1;
        let before = convolution(window.state());
        let other = [
            Action::Convolution(ConvolutionAct::SetMode(ConvolutionMode::Sum)),
            Action::Convolution(ConvolutionAct::UseExample(dice.below(examples))),
        ];
        let show = taken_and_shown(&mut window, &other);
        assert_eq!(convolution(window.state()), before, "round {round}: {show:?}");
    }
    assert!(possible >= 12, "{possible} of 36 states were possible");
}

#[test]
fn any_state_of_pooling_comes_back() {
    let mut window = Window::new();
    window.tab("Pooling");
    let mut dice = Dice(11);
    for round in 0..24 {
        let source = match round % 4 {
            0 => PoolingSource::Image,
            1 => PoolingSource::Map { column: 1 + dice.below(2), map: dice.below(3) },
            _ => PoolingSource::Numbers,
        };
        let (rows, columns) = (5 + dice.below(6), 5 + dice.below(6));
        let values = (0..rows * columns).map(|_| dice.value()).collect();
        let kernel_size = dice.pair(2, 3);
        let setup = PoolingSetup {
            source,
            numbers: if round % 3 == 0 { Numbers::default() } else { Numbers { rows, columns, values } },
            kernel_size,
            stride: (dice.below(2) == 0).then(|| dice.pair(1, 3)),
            padding: if dice.below(2) == 0 { 1.into() } else { 0.into() },
            ceil_mode: dice.below(2) == 0,
            count_include_pad: dice.below(2) == 0,
            show: [PoolingMode::Windows, PoolingMode::Gradient, PoolingMode::Shift, PoolingMode::Loss]
                [dice.below(4)],
            is_gradient_of_one: dice.below(2) == 0,
            ..PoolingSetup::default()
        };
        window.act(Action::EditPooling(setup));
        window.act(Action::PlayPooling(PlaybackAct::Seek(dice.below(4))));
        let before = pooling(window.state());
        let other = [Action::EditPooling(PoolingSetup::default()), Action::PlayPooling(PlaybackAct::End)];
        let show = taken_and_shown(&mut window, &other);
        assert_eq!(pooling(window.state()), before, "round {round}: {show:?}");
    }
}

#[test]
fn drawing_network_and_training_come_back() {
    let mut window = Window::with_data(crate::support::LARGE);
    window.tab("Draw");
    window.stroke(&ONE);
    let pixels = window.state().image.seen.clone();
    taken_and_shown(&mut window, &[Action::ClearDrawing, Action::ShowView(ViewId::Train)]);
    assert_eq!(window.state().settings.view, ViewId::Draw);
    let now = &window.state().image.seen;
    let far = pixels.pixels().zip(now.pixels()).filter(|(a, b)| a.0[0].abs_diff(b.0[0]) > 100).count();
    assert!(far < 28, "{far} of 784 pixels differ");

    window.tab("Network");
    window.act(Action::Select(Selection {
        map: Some(MapId { column: 1, map: 2 }),
        pixel: Some((3, 4)),
        channel: None,
    }));
    let selection = window.state().selection;
    taken_and_shown(&mut window, &[Action::Select(Selection::default()), Action::ShowView(ViewId::Draw)]);
    assert_eq!((window.state().selection, window.state().settings.view), (selection, ViewId::Network));

    window.act(Action::ChooseNetwork(NetworkChoice::Preset("lenet5".into())));
    window.tab("Train");
    let mut setup = window.state().setup;
    (setup.lr, setup.batch, setup.epochs) = (0.3, 16, 3);
    window.act(Action::EditSetup(setup));
    let other = [Action::ChooseNetwork(NetworkChoice::Shipped), Action::ShowView(ViewId::Draw)];
    taken_and_shown(&mut window, &other);
    assert_eq!(window.state().settings.network, NetworkChoice::Preset("lenet5".into()));
    let now = window.state().setup;
    assert_eq!((now.lr, now.batch, now.epochs), (0.3, 16, 3));
}

#[test]
fn a_step_says_what_it_cannot_hold_and_parts_are_left_out() {
    let mut window = Window::new();
    window.tab("Draw");
    window.act(Action::Record(RecordAct::New));
    window.act(Action::Record(RecordAct::Take));
    super::page(&mut window, "Text");
    super::press(&mut window, "Leave network as it is");
    super::press(&mut window, "Leave image as it is");
    let Some(Part::Read(show)) = &recording(&window).step().unwrap().show else { panic!() };
    assert!(show.network.is_none() && show.image.is_none() && show.view.is_some());
    super::press(&mut window, "Set nothing");
    assert!(recording(&window).step().unwrap().show.is_none());
    let step = DraftStep { show: None, ..recording(&window).step().unwrap().clone() };
    assert_eq!(*recording(&window).step().unwrap(), step);

    window.tab("Convolution");
    let mut setup = window.state().convolution.setup.clone();
    setup.refuses_rest = true;
    window.act(Action::Convolution(ConvolutionAct::Set(Box::new(setup))));
    window.act(Action::Record(RecordAct::Take));
    assert!(window.shows("Not part of the step: that strides"), "{:?}", recording(&window).left_out);
}
