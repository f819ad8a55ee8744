use super::*;
use crate::explain::{
    Cell,
    variants::{Chain, compare_costs},
};

fn chain(variant: Variant) -> Chain {
    variant.example().chain().unwrap()
}

/// Settings of each variant that differ from its example.
fn others(variant: Variant) -> Vec<VariantSettings> {
    let plain = VariantSettings::of(variant);
    let pair = |h: usize, w: usize| Pair { h, w };
    match variant {
        Variant::Transposed => vec![
            VariantSettings { size: pair(3, 4), kernel: pair(2, 3), ..plain },
            VariantSettings { stride: pair(2, 3), padding: pair(1, 0), output_padding: pair(1, 2), ..plain },
            VariantSettings { size: pair(3, 3), dilation: pair(2, 2), padding: pair(3, 2), ..plain },
            VariantSettings {
                size: pair(4, 4),
                kernel: pair(1, 1),
                padding: pair(1, 1),
                stride: pair(2, 2),
                ..plain
            },
        ],
        Variant::Dilated => {
            vec![VariantSettings { dilation: pair(3, 1), stride: pair(1, 2), padding: pair(1, 1), ..plain }]
        }
        Variant::Grouped | Variant::Shuffled => vec![
            VariantSettings { groups: 1, kernel: pair(3, 2), ..plain },
            VariantSettings { groups: 4, channels: 8, filters: 4, size: pair(4, 3), ..plain },
        ],
        Variant::DepthwiseSeparable => {
            vec![VariantSettings { channels: 2, filters: 5, padding: pair(1, 1), ..plain }]
        }
        Variant::SpatiallySeparable => {
            vec![VariantSettings { kernel: pair(2, 5), stride: pair(2, 1), padding: pair(1, 2), ..plain }]
        }
        Variant::Flattened => vec![VariantSettings { channels: 5, kernel: pair(2, 4), ..plain }],
        Variant::Pointwise => vec![VariantSettings { channels: 6, filters: 1, ..plain }],
        Variant::Stacked => vec![VariantSettings { channels: 2, layers: 2, kernel: pair(3, 2), ..plain }],
    }
}

#[test]
fn every_step_adds_up_to_the_computed_value() {
    for variant in Variant::ALL {
        let example = variant.example();
        let all = others(variant).into_iter().map(|settings| example.with(settings));
        for setup in all.chain([example.clone()]) {
            let chain = setup.chain().unwrap();
            assert!(chain.step(chain.len()).is_none());
            for at in 0..chain.len() {
                let step = chain.step(at).unwrap();
                let (layer, element) = chain.place(at);
                assert_eq!(chain.step_of(layer, element), at);
                assert_eq!(step.value, chain.values(layer + 1)[element]);
                assert_eq!(step.cell.total(), Some(step.value), "{variant:?}, {at}");
                let Cell::Sum { parts, .. } = &step.cell else { continue };
                assert!(parts.len() <= chain.inputs(layer), "{variant:?}");
                for part in parts {
                    // Each weight of the sum is at the position given by `kernel_at`.
                    let (tensor, first) = chain.kernel_at(layer, element, part.channel).unwrap();
                    let width = kernel_size(&chain.layers()[layer]).unwrap().w;
                    for term in &part.terms {
                        let at = first + term.kernel.0 * width + term.kernel.1;
                        assert_eq!(setup.weights[tensor].values[at], term.weight, "{variant:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn baselines_have_the_same_output_size() {
    for variant in Variant::ALL {
        for settings in others(variant).into_iter().chain([VariantSettings::of(variant)]) {
            let baseline = variant.baseline(&settings).unwrap();
            let end = |input: Shape, layers: &[LayerSpec]| {
                layers.iter().fold(input, |shape, layer| layer.build(shape).unwrap().output())
            };
            let output = end(settings.input(variant), &variant.layers(&settings));
            assert_eq!(end(baseline.input, &baseline.layers), output, "{variant:?} {settings:?}");
        }
    }
}

#[test]
fn costs_match_the_literature() {
    let parameters = |variant: Variant| {
        let settings =
            VariantSettings::of_literature(variant).unwrap_or_else(|| VariantSettings::of(variant));
        let compare_costs = compare_costs(variant, &settings).unwrap();
        (compare_costs.baseline.parameters, compare_costs.variant.parameters)
    };
    assert_eq!(parameters(Variant::DepthwiseSeparable), (576, 72 + 64));
    assert_eq!(parameters(Variant::SpatiallySeparable), (9, 3 + 3));
    assert_eq!(parameters(Variant::Stacked), (49 * 64, 27 * 64));
    assert_eq!(parameters(Variant::Flattened), (5 * 5 * 3, 5 + 5 + 3));
    assert_eq!(parameters(Variant::Grouped), (576, 288));
    assert_eq!(parameters(Variant::Pointwise), (32 * 64 * 9, 32 * 64));
    assert_eq!(parameters(Variant::Dilated), (25, 9));
    for variant in Variant::ALL {
        let (baseline, this) = parameters(variant);
        assert!(this <= baseline, "{variant:?}");
    }
    let transposed = compare_costs(Variant::Transposed, &VariantSettings::of(Variant::Transposed)).unwrap();
    assert_eq!((transposed.baseline.multiply_adds, transposed.variant.multiply_adds), (16 * 9, 4 * 9));
}

#[test]
fn errors_name_the_setting_and_change_no_number() {
    let pair = Pair::square;
    let cases = [
        (
            Variant::Transposed,
            VariantSettings { output_padding: pair(1), ..VariantSettings::of(Variant::Transposed) },
            VariantSetting::OutputPadding,
        ),
        (
            Variant::Transposed,
            VariantSettings { padding: pair(2), ..VariantSettings::of(Variant::Transposed) },
            VariantSetting::Padding,
        ),
        (
            Variant::Dilated,
            VariantSettings { dilation: pair(4), ..VariantSettings::of(Variant::Dilated) },
            VariantSetting::Dilation,
        ),
        (
            Variant::Grouped,
            VariantSettings { groups: 3, ..VariantSettings::of(Variant::Grouped) },
            VariantSetting::Groups,
        ),
        (
            Variant::Shuffled,
            VariantSettings { groups: 0, ..VariantSettings::of(Variant::Shuffled) },
            VariantSetting::Groups,
        ),
        (
            Variant::Flattened,
            VariantSettings { kernel: pair(5), ..VariantSettings::of(Variant::Flattened) },
            VariantSetting::Kernel,
        ),
        (
            Variant::Stacked,
            VariantSettings { layers: 4, ..VariantSettings::of(Variant::Stacked) },
            VariantSetting::Layers,
        ),
        (
            Variant::Stacked,
            VariantSettings { layers: 0, ..VariantSettings::of(Variant::Stacked) },
            VariantSetting::Layers,
        ),
        (
            Variant::Pointwise,
            VariantSettings { size: pair(0), ..VariantSettings::of(Variant::Pointwise) },
            VariantSetting::Size,
        ),
    ];
    for (variant, settings, setting) in cases {
        let example = variant.example();
        let set = example.with(settings);
        assert_eq!(set.chain().unwrap_err().setting, setting, "{variant:?}");
        assert_eq!((&set.x, &set.weights), (&example.x, &example.weights));
        assert_eq!(set.with(VariantSettings::of(variant)), example, "and back");
    }
}

#[test]
fn changed_settings_keep_the_numbers() {
    let mut setup = Variant::Grouped.example();
    setup.x.values[4] = 50.0;
    setup.weights[0].values[3] = 70.0;
    let other = setup.with(VariantSettings {
        size: Pair::square(4),
        kernel: Pair::square(3),
        groups: 1,
        ..setup.settings
    });
    assert_eq!(other.x.values[5], 50.0);
    // The lower right of a 2×2 kernel is the centre of a 3×3 one.
    assert_eq!((other.weights[0].values[4], other.weights[0].values[8]), (70.0, 0.0));
    assert!(other.x.is_sound() && other.weights.iter().all(Tensor4::is_sound));
    assert_eq!(other.with(setup.settings), setup);
}

#[test]
fn a_separable_kernel_equals_the_full_kernel() {
    for variant in [Variant::SpatiallySeparable, Variant::Flattened] {
        for settings in others(variant).into_iter().chain([VariantSettings::of(variant)]) {
            let setup = variant.example().with(settings);
            let (parts, one) = (setup.chain().unwrap(), setup.same_as().unwrap());
            assert_eq!(parts.values(parts.layers().len()), one.values(1), "{variant:?}");
        }
    }
    assert!(Variant::Dilated.example().same_as().is_none());
}

#[test]
fn a_transposed_convolution_is_a_matrix_product() {
    let chain_of = chain(Variant::Transposed);
    let matrix = chain_of.matrix().unwrap();
    assert_eq!((matrix.rows, matrix.columns), (16, 4));
    for settings in others(Variant::Transposed) {
        let chain = Variant::Transposed.example().with(settings).chain().unwrap();
        let matrix = chain.matrix().unwrap();
        assert_eq!((matrix.rows, matrix.columns), (chain.values(1).len(), chain.values(0).len()));
        assert_eq!(matrix.times(chain.values(0)), chain.values(1));
    }
    assert!(chain(Variant::Dilated).matrix().is_none());
}

#[test]
fn groups_read_their_own_channels_until_shuffled() {
    let chain = chain(Variant::Shuffled);
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
