use super::*;
use crate::explain::{
    Cell,
    family::{Chain, figure},
};

fn chain(member: Member) -> Chain {
    member.example().chain().unwrap()
}

/// Settings of every member that are not its example's.
fn others(member: Member) -> Vec<Options> {
    let plain = Options::of(member);
    let pair = |h: usize, w: usize| Pair { h, w };
    match member {
        Member::Transposed => vec![
            Options { size: pair(3, 4), kernel: pair(2, 3), ..plain },
            Options { stride: pair(2, 3), padding: pair(1, 0), output_padding: pair(1, 2), ..plain },
            Options { size: pair(3, 3), dilation: pair(2, 2), padding: pair(3, 2), ..plain },
            Options {
                size: pair(4, 4),
                kernel: pair(1, 1),
                padding: pair(1, 1),
                stride: pair(2, 2),
                ..plain
            },
        ],
        Member::Dilated => {
            vec![Options { dilation: pair(3, 1), stride: pair(1, 2), padding: pair(1, 1), ..plain }]
        }
        Member::Grouped | Member::Shuffled => vec![
            Options { groups: 1, kernel: pair(3, 2), ..plain },
            Options { groups: 4, channels: 8, filters: 4, size: pair(4, 3), ..plain },
        ],
        Member::DepthwiseSeparable => vec![Options { channels: 2, filters: 5, padding: pair(1, 1), ..plain }],
        Member::SpatiallySeparable => {
            vec![Options { kernel: pair(2, 5), stride: pair(2, 1), padding: pair(1, 2), ..plain }]
        }
        Member::Flattened => vec![Options { channels: 5, kernel: pair(2, 4), ..plain }],
        Member::Pointwise => vec![Options { channels: 6, filters: 1, ..plain }],
        Member::Stacked => vec![Options { channels: 2, layers: 2, kernel: pair(3, 2), ..plain }],
    }
}

#[test]
fn every_step_of_every_member_adds_up_to_the_cores_value() {
    for member in Member::ALL {
        let example = member.example();
        let all = others(member).into_iter().map(|options| example.with(options));
        for setup in all.chain([example.clone()]) {
            let chain = setup.chain().unwrap();
            assert!(chain.step(chain.len()).is_none());
            for at in 0..chain.len() {
                let step = chain.step(at).unwrap();
                let (layer, element) = chain.place(at);
                assert_eq!(chain.step_of(layer, element), at);
                assert_eq!(step.value, chain.values(layer + 1)[element]);
                assert_eq!(step.cell.total(), Some(step.value), "{member:?}, {at}");
                let Cell::Sum { parts, .. } = &step.cell else { continue };
                assert!(parts.len() <= chain.inputs(layer), "{member:?}");
                for part in parts {
                    // Every weight of the sum is where the kernel says.
                    let (tensor, first) = chain.kernel_at(layer, element, part.channel).unwrap();
                    let width = crate::explain::family::kernel_size(&chain.layers()[layer]).unwrap().w;
                    for term in &part.terms {
                        let at = first + term.kernel.0 * width + term.kernel.1;
                        assert_eq!(setup.weights[tensor].values[at], term.weight, "{member:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn the_standard_gives_an_output_of_the_same_size() {
    for member in Member::ALL {
        for options in others(member).into_iter().chain([Options::of(member)]) {
            let standard = member.standard(&options).unwrap();
            let end = |input: Shape, layers: &[LayerSpec]| {
                layers.iter().fold(input, |shape, layer| layer.build(shape).unwrap().output())
            };
            let output = end(options.input(member), &member.layers(&options));
            assert_eq!(end(standard.input, &standard.layers), output, "{member:?} {options:?}");
        }
    }
}

#[test]
fn the_figures_of_the_literature() {
    let parameters = |member: Member| {
        let options = Options::of_literature(member).unwrap_or_else(|| Options::of(member));
        let figure = figure(member, &options).unwrap();
        (figure.standard.parameters, figure.member.parameters)
    };
    assert_eq!(parameters(Member::DepthwiseSeparable), (576, 72 + 64));
    assert_eq!(parameters(Member::SpatiallySeparable), (9, 3 + 3));
    assert_eq!(parameters(Member::Stacked), (49 * 64, 27 * 64));
    assert_eq!(parameters(Member::Flattened), (5 * 5 * 3, 5 + 5 + 3));
    assert_eq!(parameters(Member::Grouped), (576, 288));
    assert_eq!(parameters(Member::Pointwise), (32 * 64 * 9, 32 * 64));
    assert_eq!(parameters(Member::Dilated), (25, 9));
    for member in Member::ALL {
        let (standard, this) = parameters(member);
        assert!(this <= standard, "{member:?}");
    }
    let transposed = figure(Member::Transposed, &Options::of(Member::Transposed)).unwrap();
    assert_eq!((transposed.standard.multiply_adds, transposed.member.multiply_adds), (16 * 9, 4 * 9));
}

#[test]
fn what_is_impossible_names_its_knob_and_changes_no_number() {
    let pair = Pair::square;
    let cases = [
        (
            Member::Transposed,
            Options { output_padding: pair(1), ..Options::of(Member::Transposed) },
            Knob::OutputPadding,
        ),
        (Member::Transposed, Options { padding: pair(2), ..Options::of(Member::Transposed) }, Knob::Padding),
        (Member::Dilated, Options { dilation: pair(4), ..Options::of(Member::Dilated) }, Knob::Dilation),
        (Member::Grouped, Options { groups: 3, ..Options::of(Member::Grouped) }, Knob::Groups),
        (Member::Shuffled, Options { groups: 0, ..Options::of(Member::Shuffled) }, Knob::Groups),
        (Member::Flattened, Options { kernel: pair(5), ..Options::of(Member::Flattened) }, Knob::Kernel),
        (Member::Stacked, Options { layers: 4, ..Options::of(Member::Stacked) }, Knob::Layers),
        (Member::Stacked, Options { layers: 0, ..Options::of(Member::Stacked) }, Knob::Layers),
        (Member::Pointwise, Options { size: pair(0), ..Options::of(Member::Pointwise) }, Knob::Size),
    ];
    for (member, options, knob) in cases {
        let example = member.example();
        let set = example.with(options);
        assert_eq!(set.chain().unwrap_err().knob, knob, "{member:?}");
        assert_eq!((&set.x, &set.weights), (&example.x, &example.weights));
        assert_eq!(set.with(Options::of(member)), example, "and back");
    }
}

#[test]
fn settings_that_change_keep_what_was_typed() {
    let mut setup = Member::Grouped.example();
    setup.x.values[4] = 50.0;
    setup.weights[0].values[3] = 70.0;
    let other =
        setup.with(Options { size: Pair::square(4), kernel: Pair::square(3), groups: 1, ..setup.options });
    assert_eq!(other.x.values[5], 50.0);
    // The lower right of 2×2 is the middle of 3×3, whose lower right is new.
    assert_eq!((other.weights[0].values[4], other.weights[0].values[8]), (70.0, 0.0));
    assert!(other.x.is_sound() && other.weights.iter().all(super::super::Values::is_sound));
    assert_eq!(other.with(setup.options), setup);
}

#[test]
fn a_separable_kernel_gives_the_same_map() {
    for member in [Member::SpatiallySeparable, Member::Flattened] {
        for options in others(member).into_iter().chain([Options::of(member)]) {
            let setup = member.example().with(options);
            let (parts, one) = (setup.chain().unwrap(), setup.same_as().unwrap());
            assert_eq!(parts.values(parts.layers().len()), one.values(1), "{member:?}");
        }
    }
    assert!(Member::Dilated.example().same_as().is_none());
}

#[test]
fn a_transposed_convolution_is_the_product_with_its_matrix() {
    let chain_of = chain(Member::Transposed);
    let matrix = chain_of.matrix().unwrap();
    assert_eq!((matrix.rows, matrix.columns), (16, 4));
    for options in others(Member::Transposed) {
        let chain = Member::Transposed.example().with(options).chain().unwrap();
        let matrix = chain.matrix().unwrap();
        assert_eq!((matrix.rows, matrix.columns), (chain.values(1).len(), chain.values(0).len()));
        assert_eq!(matrix.times(chain.values(0)), chain.values(1));
    }
    assert!(chain(Member::Dilated).matrix().is_none());
}

#[test]
fn groups_see_their_own_channels_until_they_are_shuffled() {
    let chain = chain(Member::Shuffled);
    let sources = |layer: usize, channel: usize| {
        let (_, height, width) = chain.shape(layer + 1).as_maps();
        match chain.step(chain.step_of(layer, channel * height * width)).unwrap().cell {
            Cell::Sum { parts, .. } => parts.iter().map(|part| part.channel).collect::<Vec<_>>(),
            Cell::Same { from, .. } => vec![from.channel],
            other => panic!("{other:?}"),
        }
    };
    assert_eq!((sources(0, 0), sources(0, 3)), (vec![0, 1], vec![2, 3]));
    assert_eq!((0..4).map(|channel| sources(1, channel)[0]).collect::<Vec<_>>(), [0, 2, 1, 3]);
}
