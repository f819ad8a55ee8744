use super::*;
use crate::nn::{
    layers::{BatchNorm2d, ChannelShuffle, Conv2d, ConvTranspose2d, Dropout, MaxPool2d, Relu, SettingKind},
    presets,
    spec::Preprocess,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn spec(input: Shape, layers: Vec<LayerSpec>) -> NetworkSpec {
    NetworkSpec {
        name: "t".into(),
        input,
        preprocess: Preprocess::default(),
        layers,
        class_names: crate::text::ClassNames::default(),
    }
}

/// The repairs of the first fault in words, each with the output of the layer.
fn offered(spec: &NetworkSpec) -> Vec<(String, Option<Shape>)> {
    let (_, fault) = spec.build_to_fault();
    let all = repairs(spec, &fault.expect("a fault"));
    all.into_iter().map(|repair| (repair.sentence.to_string(), repair.output)).collect()
}

fn words(spec: &NetworkSpec) -> Vec<String> {
    offered(spec).into_iter().map(|(words, _)| words).collect()
}

#[test]
fn a_kernel_that_is_too_large_shrinks_or_is_padded() {
    let layers = vec![Conv2d::new(4, 3).into(), MaxPool2d::new(2).into(), Conv2d::new(64, 5).into()];
    let found = offered(&spec(Shape::maps(1, 8, 8), layers));
    let shape = |side| Some(Shape::maps(64, side, side));
    assert_eq!(
        found,
        [
            ("take kernel 3".into(), shape(1)),
            ("pad by 1".into(), shape(1)),
            ("drop max_pool2d 1".into(), shape(2)),
        ]
    );
}

#[test]
fn each_kind_of_fault_has_its_repair() {
    let maps = Shape::maps(6, 8, 8);
    let grouped = |filters, groups| Conv2d { groups, ..Conv2d::new(filters, 3) };
    let cases: Vec<(Vec<LayerSpec>, &str)> = vec![
        (vec![grouped(8, 4).into()], "set groups to 2"),
        (vec![grouped(8, 3).into()], "set out_channels to 9"),
        (vec![ChannelShuffle { groups: 4 }.into()], "set groups to 3"),
        (vec![Linear::new(10).into()], "put a flatten layer before it"),
        (vec![Flatten {}.into(), Relu {}.into(), Conv2d::new(4, 3).into()], "move it before flatten 0"),
        (vec![Flatten {}.into(), Relu {}.into(), Conv2d::new(4, 3).into()], "drop flatten 0"),
        (vec![Dropout { p: 1.5 }.into()], "set p to 0.5"),
        (vec![BatchNorm2d { eps: -1.0, momentum: 0.1 }.into()], "set eps to 0.00001"),
        (vec![Conv2d { stride: Pair::square(0), ..Conv2d::new(4, 3) }.into()], "set stride to 1"),
        (vec![Conv2d::new(0, 3).into()], "set out_channels to 1"),
        (vec![Conv2d { dilation: Pair::square(4), ..Conv2d::new(4, 3) }.into()], "take dilation 3"),
        (vec![MaxPool2d { padding: Pair::square(3), ..MaxPool2d::new(2) }.into()], "set padding to 1"),
        (
            vec![ConvTranspose2d { padding: Pair::square(9), ..ConvTranspose2d::new(2, 3) }.into()],
            "set padding to 4",
        ),
        (vec![Flatten {}.into(), Linear::new(1 << 20).into()], "set out_features to 697234"),
        (vec![], "add a linear layer with 10 outputs"),
    ];
    for (layers, expected) in cases {
        let spec = spec(maps, layers);
        let found = words(&spec);
        assert!(found.iter().any(|words| words == expected), "{:?}: {found:?}", spec.layers);
    }
    let padded = NetworkSpec {
        preprocess: Preprocess { pad: 4, ..Preprocess::default() },
        ..spec(maps, vec![Flatten {}.into(), Linear::new(10).into()])
    };
    assert_eq!(words(&padded), ["take 6×9×9"]);
}

#[test]
fn another_number_of_classes_is_set_or_added() {
    let lenet = presets::lenet5_relu().spec;
    let found = class_repairs(&lenet, 26);
    assert_eq!(found[0].sentence.to_string(), "take 26 outputs in linear 11");
    assert_eq!(found[0].output, Some(Shape::Vector(26)));
    let maps = spec(Shape::maps(1, 8, 8), vec![Relu {}.into()]);
    let found = class_repairs(&maps, 3);
    assert_eq!(found[0].sentence.to_string(), "add a linear layer with 3 outputs");
    assert_eq!(found[0].edits.len(), 2);
}

/// A spec of random layers of the registry, of which some settings are spoilt.
fn random(seed: u64) -> NetworkSpec {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut next = |below: usize| random.random_range(0..below);
    let examples = LayerSpec::examples();
    let shapes = [Shape::maps(6, 9, 7), Shape::maps(4, 5, 5), Shape::maps(1, 28, 28), Shape::Vector(40)];
    let input = shapes[next(shapes.len())];
    let layers = (0..=next(5)).map(|_| {
        let mut layer = examples[next(examples.len())].0.clone();
        for setting in layer.settings() {
            if next(3) > 0 {
                continue;
            }
            let counts = [0, 1, 2, 3, 5, 9, 64, 5000, usize::MAX];
            let mut count = || counts[next(counts.len())];
            let value = match setting.kind {
                SettingKind::Count => SettingValue::Count(count()),
                SettingKind::Pair => SettingValue::Pair([count(), count()]),
                SettingKind::Real => SettingValue::Real([-1.0, 0.0, 0.5, 2.0, f32::MAX][next(5)]),
                SettingKind::Switch => SettingValue::Switch(next(2) == 0),
                SettingKind::PairOr(words) => match [count(), count()] {
                    [height, width] if height > width => SettingValue::Choice(words[0].clone()),
                    pair => SettingValue::Pair(pair),
                },
                SettingKind::List => SettingValue::List((0..4).map(|_| count()).collect()),
                SettingKind::Choice(words) => SettingValue::Choice(words[next(words.len())].clone()),
            };
            layer = layer.with_setting(&setting.name, Some(&value)).unwrap();
        }
        layer
    });
    spec(input, layers.collect())
}

#[test]
fn every_offered_repair_makes_its_layer_valid() {
    let (mut faults, mut mended) = (0, 0);
    for seed in 0..3000 {
        let spec = random(seed);
        let Err(before) = spec.build() else { continue };
        let (_, fault) = spec.build_to_fault();
        let fault = fault.unwrap();
        assert_eq!(fault.error, before);
        let number = fault.number.unwrap();
        let found = repairs(&spec, &fault);
        faults += 1;
        mended += usize::from(!found.is_empty());
        for repair in found {
            let after = repair.edits.iter().fold(spec.clone(), |spec, edit| edit.applied(spec));
            // Where the layer is now: it is the only one whose settings may differ besides inserted and removed ones.
            let shift = repair.edits.iter().fold(number, |at, edit| match edit {
                SpecEdit::Insert(place, _) if *place <= at => at + 1,
                SpecEdit::Remove(place) if *place < at => at - 1,
                SpecEdit::Move(from, to) if *from == at => *to,
                _ => at,
            });
            let kind = spec.layers[number].type_name();
            assert_eq!(after.layers[shift].type_name(), kind);
            let error_at = match after.build() {
                Ok(built) => {
                    assert_eq!(repair.output, Some(built[shift].output()));
                    continue;
                }
                Err(SpecError::Layer { number, .. }) => number,
                Err(SpecError::TooLarge(_)) => after.build_to_fault().1.unwrap().number.unwrap(),
                Err(error) => panic!("{error}"),
            };
            assert!(error_at > shift, "seed {seed}: {} leaves {:?}", repair.sentence, after.layers[shift]);
        }
    }
    assert!(faults > 1000, "{faults}");
    // What cannot be mended has two wrong settings at once, or no place in the network.
    assert!(mended * 10 > faults * 4, "only {mended} of {faults}");
}
