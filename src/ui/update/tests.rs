use super::*;
use crate::{
    data::{DataSet, Split},
    lesson::Quantity,
    nn::Pair,
    ui::{
        action::examples,
        core::Options,
        model::{convolution::Weights, data::DataState},
        work::{dialog::Picked, tasks::Threading},
    },
};
use std::{mem::discriminant, sync::Arc};

/// Without a settings file, threads of its own or a dialog of the system, and with twenty images to learn from.
fn core() -> Core {
    let options = Options {
        language: None,
        system_language: crate::text::Language::ENGLISH,
        settings_path: None,
        threading: Threading::Inline,
        train_threads: 1,
        reads_mnist: false,
        dialog: |_| Picked::Cancelled,
        runs_folder: None,
    };
    let mut core = Core::new(options, Arc::new(|| ()));
    let images = (0..20 * 28 * 28).map(|at: usize| (at * at % 251) as u8).collect();
    let labels = (0..20).map(|at: u8| at % 10).collect();
    let split = Arc::new(Split::new("twenty", images, labels, 28, 28).unwrap());
    core.state.data = DataState::Ready(DataSet {
        name: "twenty".into(),
        train: split.clone(),
        test: split,
        classes: crate::text::ClassNames::default(),
    });
    start(&mut core);
    core
}

/// The state that an action can change, except what the training thread changes later.
fn described(core: &Core) -> String {
    let s = &core.state;
    let (lab, pooling) = (&s.convolution, &s.pooling);
    let ink: u64 = s.drawing.bitmap().iter().map(|&ink| u64::from(ink)).sum();
    format!(
        "{:?}",
        (
            (
                &s.settings,
                &s.setup,
                (s.selection, s.first_column, s.shows_breakdown),
                s.breakdown,
                s.loss_class,
                &s.what_if,
                &s.question,
            ),
            (&s.image.source, s.image.seen.as_raw(), s.image.revision, ink, s.drawing.can_redo()),
            (
                &s.network.origin,
                &s.network.network.spec().name,
                s.collection.counts(),
                discriminant(&s.fine_tune)
            ),
            (&lab.setup, lab.mode, lab.playback, lab.channel, &lab.round, lab.grid, lab.result),
            (&lab.family, lab.family_grid, lab.is_matrix, lab.first_kernel, lab.draws),
            (pooling.playback, s.toasts.visible().collect::<Vec<_>>()),
            s.top_activations.as_ref().map(|found| (found.layer, found.images, found.is_over)),
        )
    )
}

#[test]
fn actions_that_were_stored_do_what_they_did() {
    let (mut first, mut again) = (core(), core());
    for action in examples::actions(first.state.setup) {
        let json = serde_json::to_string(&action).unwrap();
        let stored: Action = serde_json::from_str(&json).unwrap();
        apply_all(&mut first, [action]);
        apply_all(&mut again, [stored]);
        for core in [&mut first, &mut again] {
            finished::take_news(core);
            inference::take_news(core);
        }
        assert_eq!(described(&first), described(&again), "{json}");
    }
}

#[test]
fn training_images_are_read_ahead_while_evaluate_is_at_rest() {
    let mut core = core();
    apply_all(&mut core, [Action::ShowSample(3)]);
    evaluate::keep_up(&mut core);
    similar::keep_up(&mut core);
    assert!(core.similar_ahead.is_none(), "another view");
    apply_all(&mut core, [Action::ShowView(ViewId::Evaluate)]);
    similar::keep_up(&mut core);
    assert!(core.similar_ahead.is_none(), "nothing is measured yet");
    while core.state.evaluate.measured.is_none() || core.state.evaluate.progress.is_some() {
        evaluate::keep_up(&mut core);
    }
    similar::keep_up(&mut core);
    let (network, split) = core.similar_ahead.clone().unwrap();
    assert!(Arc::ptr_eq(&network, &core.state.network.network));
    assert_eq!(split.len(), 20);
    apply_all(&mut core, [Action::ShowView(ViewId::Draw)]);
    similar::keep_up(&mut core);
    assert!(core.similar_ahead.is_none(), "the view was left");
}

#[test]
fn the_data_set_that_is_open_is_not_read_again() {
    let mut core = core();
    let DataState::Ready(data) = &mut core.state.data else { panic!("a data set") };
    data.name = "MNIST".into();
    apply_all(&mut core, [Action::UseEmbeddedData]);
    assert!(matches!(core.state.data, DataState::Ready(_)), "it is the one inside the program");
    // A folder may have that name.
    core.state.settings.data = Some("/data/MNIST".into());
    apply_all(&mut core, [Action::UseEmbeddedData]);
    assert!(matches!(core.state.data, DataState::Loading));
}

#[test]
fn a_lesson_shows_a_layer_once_its_network_has_answered() {
    let mut core = core();
    let lesson = crate::lesson::shipped().iter().find(|lesson| lesson.id == "pixel-to-answer").unwrap();
    open_lesson(&mut core, lesson.clone());
    // What changes nothing of it does not call it off.
    show(&mut core, &Show::default(), true);
    finished::take_news(&mut core);
    assert_eq!(core.state.network.network.spec().name, "lenet5-relu");
    lesson::keep_up(&mut core);
    assert!(core.lesson_layer.is_some(), "it has computed nothing yet");
    inference::ask(&mut core);
    inference::take_news(&mut core);
    lesson::keep_up(&mut core);
    let setup = &core.state.convolution.setup;
    assert_eq!((setup.kernel, &setup.weights), (Pair::square(5), &Weights::Learned(0)));
    assert_eq!(core.state.quantity(Quantity::ConvOutputHeight), Some(28.0));
}
