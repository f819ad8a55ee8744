//! *Evaluate*: what it shows is what the core computes, and its images become the current image.

use crate::support::{LARGE, SMALL, Window, small_set};
use convlens::{
    data::{Change, Split},
    explain::verdict::MIN_CONFIDENCE,
    nn::{Network, Serial},
    train::{
        Evaluation,
        confusion::{precision, recall},
        evaluate::{evaluate, input_transform},
        similar::{Metric, last_hidden, nearest_by_layer, nearest_by_pixels},
    },
    ui::{
        action::{Action, Transport},
        model::{
            evaluate::{EvaluateAct, EvaluateSet},
            image::ImageSource,
            network::NetworkChoice,
        },
        widgets::numbers,
    },
};
use egui::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

/// A window on an untrained network, which takes many digits for others.
fn untrained(size: egui::Vec2) -> Window {
    let mut window = Window::with_data(size);
    window.act(Action::ChooseNetwork(NetworkChoice::Preset("mlp-5".into())));
    window.tab("Evaluate");
    window
}

fn plain(network: &Network, split: &Split) -> Evaluation {
    evaluate(network, "small", split, &Serial, |_| {}).unwrap()
}

/// The probabilities of an image by a pass of its own.
fn probabilities(network: &Network, split: &Split, index: usize) -> Vec<f32> {
    let mut input = vec![0.0; network.input().len()];
    input_transform(network).apply(split.image(index), split.height(), split.width(), &mut input);
    network.trace(&input).first_probabilities().to_vec()
}

/// The cell beside the diagonal with the most images.
fn worst_cell(confusion: &[Vec<usize>]) -> (usize, usize, usize) {
    let cells = confusion.iter().enumerate().flat_map(|(label, row)| {
        row.iter().enumerate().filter(move |(said, _)| *said != label).map(move |(said, n)| (*n, label, said))
    });
    let (count, label, said) = cells.max().unwrap();
    (label, said, count)
}

#[test]
fn the_figures_and_the_matrix_are_those_of_the_core() {
    for size in [LARGE, SMALL] {
        let window = untrained(size);
        let set = small_set();
        let network = window.state().network.network.clone();
        let expected = plain(&network, &set.test);
        let cell = |name: &str| window.value(Role::Cell, name);
        assert_eq!(cell("Accuracy"), numbers::percent_to(expected.accuracy(), 2));
        assert_eq!(cell("Loss"), convlens::train::written_loss(expected.loss));
        assert_eq!(cell("Mistakes"), (200 - expected.correct).to_string());
        let is_unsure =
            |&i: &usize| probabilities(&network, &set.test, i).iter().all(|p| *p < MIN_CONFIDENCE);
        assert_eq!(cell("Not sure"), (0..200).filter(is_unsure).count().to_string());
        for (label, row) in expected.confusion.iter().enumerate() {
            for (said, count) in row.iter().enumerate() {
                let name = format!("{label} read as {said}");
                assert_eq!(window.value(Role::Button, &name), count.to_string(), "{name}");
            }
        }
        let shares = [("Recall", recall(&expected.confusion)), ("Precision", precision(&expected.confusion))];
        for (name, shares) in shares {
            for (class, share) in shares.into_iter().enumerate() {
                let text = share.map_or("–".to_owned(), |share| numbers::percent_to(share, 1));
                assert_eq!(cell(&format!("{name} {class}")), text);
            }
        }
    }
}

#[test]
fn a_cell_shows_its_images_and_an_image_is_the_current_one_in_network() {
    let mut window = untrained(LARGE);
    let set = small_set();
    let network = window.state().network.network.clone();
    let (label, said, count) = worst_cell(&plain(&network, &set.test).confusion);
    assert!(count > 2);
    window.button(&format!("{label} read as {said}"));
    assert!(window.shows(&format!("{count} images, the most confident first")));
    // The images of the cell, by the probability of the wrong answer.
    let of_cell = (0..200).filter_map(|i| {
        let p = probabilities(&network, &set.test, i);
        let is_of = usize::from(set.test.label(i)) == label && convlens::nn::loss::argmax(&p) == said;
        is_of.then(|| (i, p[said]))
    });
    let mut of_cell: Vec<(usize, f32)> = of_cell.collect();
    of_cell.sort_by(|a, b| b.1.total_cmp(&a.1));
    for (place, (image, p)) in of_cell.iter().take(3).enumerate() {
        let told = window.value(Role::Button, &format!("Image {}", place + 1));
        let share = numbers::probability(*p);
        assert_eq!(told, format!("image {image}: a {label}, read as {said} with {share}"));
    }
    window.button("Image 2");
    let index = of_cell[1].0;
    let is_it = |window: &Window| matches!(&window.state().image.source, ImageSource::Sample { index: shown, .. } if *shown == index);
    assert!(is_it(&window));
    window.tab("Network");
    assert!(is_it(&window) && window.shows(&format!("small test {index}, a {label}")));
    let answer = window.state().current_answer().expect("the network has read it");
    let shown = answer.whole.first_probabilities();
    assert!((shown[said] - of_cell[1].1).abs() < 1e-5);
    // All mistakes again, by a second click on the cell.
    window.tab("Evaluate");
    window.button(&format!("{label} read as {said}"));
    assert_eq!(window.state().evaluate.cell, None);
    assert!(window.shows("All mistakes"));
}

#[test]
fn training_and_validation_images_are_measured_and_shown_as_such() {
    let mut window = untrained(LARGE);
    window.click(Role::RadioButton, "Validation");
    assert!(window.shows("No images are kept for validation"));
    let mut config = window.state().setup;
    config.validation = 0.25;
    window.act(Action::EditSetup(config));
    window.until("the run is loaded", |state| {
        state.snapshot.as_ref().is_some_and(|s| s.config.validation > 0.0)
    });
    window.settle();
    let set = small_set();
    let network = window.state().network.network.clone();
    let accuracy = |window: &Window| window.value(Role::Cell, "Accuracy");
    let of = |range: std::ops::Range<usize>| {
        numbers::percent_to(plain(&network, &set.train.take(range)).accuracy(), 2)
    };
    assert_eq!(accuracy(&window), of(450..600));
    assert!(window.shows("150 validation images of small"));
    window.button("Image 1");
    let ImageSource::TrainingSample { index, label, .. } = window.state().image.source else {
        panic!("{:?}", window.state().image.source)
    };
    assert!((450..600).contains(&index) && label == set.train.label(index));
    assert!(window.shows(&format!("small training {index}, a {label}")));
    assert_eq!(window.state().image.seen.as_raw(), set.train.image(index));
    window.click(Role::RadioButton, "Training");
    assert_eq!(accuracy(&window), of(0..450));
}

#[test]
fn the_curves_are_the_accuracies_on_changed_images() {
    let mut window = untrained(LARGE);
    let set = small_set();
    let network = window.state().network.network.clone();
    let under = |changes: &[Change]| {
        let right = |change: &Change| plain(&network, &change.of(&set.test, 0..200, 1)).correct;
        let mean = changes.iter().map(right).sum::<usize>() as f64 / (200 * changes.len()) as f64;
        numbers::percent_to(mean, 1)
    };
    let none = Change::default();
    let cell = |window: &Window, level: &str| window.value(Role::Cell, &format!("mlp-5, {level}"));
    assert_eq!(cell(&window, "0 px"), under(&[none]));
    let ways = [(2, 0), (-2, 0), (0, 2), (0, -2)].map(|shift| Change { shift, ..none });
    assert_eq!(cell(&window, "2 px"), under(&ways));
    window.click(Role::RadioButton, "Rotation");
    assert_eq!(cell(&window, "30°"), under(&[30.0, -30.0].map(|rotation| Change { rotation, ..none })));
    window.click(Role::RadioButton, "Noise");
    assert_eq!(cell(&window, "σ 0.3"), under(&[Change { noise: 0.3, ..none }]));
    window.click(Role::RadioButton, "Thickness");
    assert_eq!(cell(&window, "0 px"), under(&[none]));
    for (level, thickness) in [("−1 px", -1.0), ("+1.5 px", 1.5)] {
        assert_eq!(cell(&window, level), under(&[Change { thickness, ..none }]));
    }
    window.click(Role::RadioButton, "Noise");
    // The curve of another network stands beside it.
    window.act(Action::ChooseNetwork(NetworkChoice::Shipped));
    window.settle();
    assert_eq!(cell(&window, "σ 0.3"), under(&[Change { noise: 0.3, ..none }]));
    let shipped = window.state().network.network.clone();
    let expected = numbers::percent_to(plain(&shipped, &set.test).accuracy(), 1);
    assert_eq!(window.value(Role::Cell, "lenet5-wide, σ 0"), expected);
}

#[test]
fn it_follows_training_and_keeps_the_last_measurement_with_its_step() {
    let mut window = untrained(LARGE);
    let measured = |window: &Window| {
        let measured = window.state().evaluate.measured.clone().expect("there is a measurement");
        (measured.of.step, measured.result.clone())
    };
    window.act(Action::Train(Transport::OneEpoch));
    window.until("the end of the epoch", |state| {
        state.snapshot.as_ref().is_some_and(|s| s.epoch == 1 && !s.is_active())
    });
    window.settle();
    let snapshot = window.state().snapshot.clone().unwrap();
    let (step, result) = measured(&window);
    assert_eq!(step, Some(snapshot.step));
    assert_eq!(result, plain(&snapshot.network, &small_set().test));
    let step = numbers::count(snapshot.step);
    assert!(window.shows(&format!("mlp-5 at step {step}, on 200 test images of small.")));
    // Not following: the measurement stays, and says that it is of an earlier step.
    window.click(Role::Switch, "Follow training");
    window.act(Action::Train(Transport::OneBatch));
    window.until("a step", |state| state.snapshot.as_ref().is_some_and(|s| s.step == snapshot.step + 1));
    window.settle();
    assert_eq!(measured(&window), (Some(snapshot.step), result.clone()));
    let next = numbers::count(snapshot.step + 1);
    assert!(window.shows(&format!("The network is now at step {next}.")));
    window.button("Measure");
    let (step, after) = measured(&window);
    assert_eq!(step, Some(snapshot.step + 1));
    assert_ne!(after, result);
}

#[test]
fn calling_off_keeps_what_was_measured() {
    let mut window = untrained(LARGE);
    let before = window.state().evaluate.measured.clone().unwrap();
    window.act(Action::Evaluate(EvaluateAct::Cancel));
    assert!(window.state().evaluate.is_frozen && window.state().evaluate.progress.is_none());
    let after = window.state().evaluate.measured.clone().unwrap();
    assert!(std::sync::Arc::ptr_eq(&before, &after));
    // Another set is measured when it is asked for, whether the view follows or not.
    window.click(Role::RadioButton, "Training");
    let after = window.state().evaluate.measured.clone().unwrap();
    assert_eq!((after.of.set, after.result.images), (EvaluateSet::Training, 600));
}

#[test]
fn images_that_it_is_not_sure_about_are_beside_it() {
    let mut window = untrained(LARGE);
    let measured = window.state().evaluate.measured.clone().unwrap();
    assert!(measured.unsure.len() > 3);
    let told = window.value(Role::Button, "Not sure 1");
    let first = measured.unsure[0];
    assert!(measured.unsure.iter().all(|j| j.probability >= first.probability));
    assert!(told.contains(&numbers::probability(first.probability)), "{told}");
    window.button("Not sure 1");
    let index = first.image as usize;
    assert!(
        matches!(window.state().image.source, ImageSource::Sample { index: shown, .. } if shown == index)
    );
}

#[test]
fn without_a_data_set_or_with_images_of_another_size_it_says_why() {
    let mut window = Window::new();
    window.tab("Evaluate");
    assert!(window.shows("Images are needed"));
    assert!(window.h.query_by_role_and_label(Role::Cell, "Accuracy").is_none());
}

#[test]
fn a_low_window_has_two_pages() {
    let mut window = untrained(SMALL);
    assert!(window.h.query_by_label("Calibration curve").is_none());
    window.click(Role::RadioButton, "Curves");
    let curve = window.h.get_by_role_and_label(Role::Image, "Calibration curve");
    assert!(curve.accesskit_node().value().is_some_and(|value| value.contains("% sure")));
    assert!(window.h.query_by_label("0 read as 1").is_none());
    window.click(Role::RadioButton, "Mistakes");
    window.h.get_by_role_and_label(Role::Button, "0 read as 1");
}

#[test]
fn training_images_like_the_current_one_are_those_of_a_plain_computation() {
    let mut window = Window::with_data(LARGE);
    window.tab("Evaluate");
    window.act(Action::ShowSample(17));
    assert!(window.h.query_by_label("by pixels 1").is_none());
    window.click(Role::Switch, "Find training images like the current image");
    let set = small_set();
    let network = window.state().network.network.clone();
    let layer = last_hidden(&network).unwrap();
    let name = format!("by {}", network.spec().layer_name(layer));
    let assert_found = |window: &Window, pixels: &[u8], metric: Metric| {
        let mut input = vec![0.0; network.input().len()];
        input_transform(&network).apply(pixels, 28, 28, &mut input);
        let images = ("small", set.train.as_ref());
        let by_layer =
            nearest_by_layer(&network, images, (layer, &input), (metric, 12), &Serial, |_| {}).unwrap();
        let by_pixels = nearest_by_pixels(&set.train, pixels, (metric, 12), &Serial);
        for (name, list) in [(name.as_str(), by_layer), ("by pixels", by_pixels)] {
            for (i, neighbour) in list.iter().enumerate() {
                let told = window.value(Role::Button, &format!("{name} {}", i + 1));
                let expected = format!(
                    "image {}: a {}, distance {:.3}",
                    neighbour.index, neighbour.label, neighbour.distance
                );
                assert_eq!(told, expected, "{name} {}", i + 1);
            }
        }
    };
    assert_found(&window, set.test.image(17), Metric::Cosine);
    window.click(Role::RadioButton, "Euclidean");
    assert_found(&window, set.test.image(17), Metric::Euclidean);
    let read = |window: &Window| window.state().similar.found.as_ref().unwrap().images_read;
    assert_eq!(read(&window), 0, "another metric needs no pass");
    // It follows the current image, which may be one of those found.
    window.button("by pixels 3");
    let ImageSource::TrainingSample { index, .. } = window.state().image.source else {
        panic!("a training image")
    };
    assert_found(&window, set.train.image(index), Metric::Euclidean);
    assert_eq!(read(&window), 0, "nor another image");
    assert!(window.value(Role::Button, "by pixels 1").starts_with(&format!("image {index}: ")));
}
