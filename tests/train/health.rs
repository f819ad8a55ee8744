//! Runs that cannot learn any more, the way back, and runs that are kept.

use crate::support::{COUPLED, PLAIN, SIDE, config, corners, data, network, noisy};
use convlens::{
    data::{DataSet, Split},
    nn::{
        Serial,
        optim::{OptimizerSpec, Sgd},
        presets,
    },
    train::{Cause, Checkpoint, KeptRuns, LiveChange, Session, TrainConfig, TrainError},
};
use std::{fs, sync::Arc};

/// Trains for at most `steps` steps; the error that ended it, if one did.
fn train(session: &mut Session, steps: usize) -> Option<TrainError> {
    (0..steps).find_map(|_| session.step(&Serial).err())
}

fn recent_loss(session: &Session) -> f64 {
    session.history().last().unwrap().loss
}

#[test]
fn a_rate_that_kills_every_unit_is_recognised_and_the_run_can_go_back() {
    for rate in [20.0, 1000.0] {
        let mut session = Session::new(config(), network(PLAIN), &noisy(800, 20)).unwrap();
        assert_eq!(train(&mut session, 200), None);
        let learnt = recent_loss(&session);
        assert!(learnt < 1.1, "{learnt}");
        session.change(LiveChange::LearningRate(rate)).unwrap();
        let error = train(&mut session, 300).unwrap_or_else(|| panic!("{rate}: never recognised"));
        let step = session.steps();
        let is_recognised = match &error {
            TrainError::Stuck { step: at, .. } | TrainError::HighLoss { step: at, .. } => *at == step,
            TrainError::Diverged { step: at, .. } => *at == step + 1,
            _ => false,
        };
        assert!(is_recognised, "{rate}: {error}");
        assert_eq!(error.cause(), Some(&Cause::Rate(rate.to_string())));
        assert!(session.is_ruined() && session.sound_step() == session.good_step());
        // The rate alone does not bring the weights back.
        session.change(LiveChange::LearningRate(0.02)).unwrap();
        assert!(session.good_step() <= 200 && session.good_step() > 150, "{}", session.good_step());
        if let Some(again) = train(&mut session, 60) {
            // The rate that ruined the weights is to blame, not the one that finds them ruined.
            assert_eq!(again.cause(), error.cause());
        }
        session.rewind();
        assert_eq!(session.steps(), session.good_step());
        assert_eq!((session.config().lr, session.history().last().unwrap().step), (0.02, session.steps()));
        assert!(session.trouble().is_none());
        assert_eq!(train(&mut session, 200), None);
        assert!(recent_loss(&session) < 1.1, "{}", recent_loss(&session));
    }
}

#[test]
fn a_weight_decay_that_turns_every_weight_is_to_blame() {
    let optimizer = OptimizerSpec::Sgd(Sgd { momentum: 0.9, weight_decay: 1e9, ..Sgd::default() });
    let mut session =
        Session::new(TrainConfig { optimizer, ..config() }, network(PLAIN), &data(800, 20)).unwrap();
    let error = train(&mut session, 300).unwrap();
    assert_eq!(error.cause(), Some(&Cause::WeightDecay("1e9".into())), "{error}");
    let advice = error.advice(0, false).to_string();
    assert!(advice.ends_with("; use a smaller weight decay and reset"), "{advice}");
}

#[test]
fn a_run_that_is_dead_from_the_start_goes_back_to_step_0() {
    let config = TrainConfig { lr: 1000.0, ..config() };
    let mut session = Session::new(config, network(PLAIN), &data(800, 20)).unwrap();
    let error = train(&mut session, 400).unwrap();
    assert!(matches!(error, TrainError::Stuck { layer: Some(1), .. }), "{error}");
    assert!(error.to_string().contains("every unit of relu 1 outputs 0 for every image"), "{error}");
    // It is said again until something changes.
    let steps = session.steps();
    assert_eq!((session.step(&Serial), session.steps()), (Err(error.clone()), steps));
    assert_eq!(session.trouble(), Some(&error));
    session.rewind();
    assert_eq!((session.steps(), session.good_step()), (0, 0));
    assert_eq!(session.network().parameters(), network(PLAIN).parameters());
}

#[test]
fn a_run_that_went_back_is_the_run_that_never_left() {
    let run = |steps| {
        let mut session = Session::new(config(), network(COUPLED), &data(800, 20)).unwrap();
        assert_eq!(train(&mut session, steps), None);
        session
    };
    let mut session = run(200);
    let good = session.good_step();
    session.rewind();
    assert_eq!(session.history(), run(good as usize).history());
    train(&mut session, 30);
    let straight = run(good as usize + 30);
    assert_eq!(session.network().parameters(), straight.network().parameters());
    assert_eq!(session.network().buffers(), straight.network().buffers());
}

#[test]
fn a_loss_far_above_the_start_is_recognised() {
    // Nothing can die in one layer, and nothing can be learnt from labels at random.
    let layers = r#"{"type":"flatten"},{"type":"linear","out_features":4}"#;
    let images = corners(0, 800);
    let pixels = (0..800).flat_map(|i| images.image(i).to_vec()).collect();
    let labels = (0..800_usize).map(|i| (i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 62) as u8).collect();
    let random = Arc::new(Split::new("random", pixels, labels, SIDE, SIDE).unwrap());
    let config = TrainConfig { lr: 50.0, ..config() };
    let mut session =
        Session::new(config, network(layers), &DataSet { train: random, ..data(4, 4) }).unwrap();
    let error = train(&mut session, 400).unwrap();
    assert!(matches!(error, TrainError::HighLoss { .. }), "{error}");
    // It can go on all the same.
    assert_eq!(train(&mut session, 20), None);
}

#[test]
fn slow_starts_hard_data_and_single_images_are_no_trouble() {
    // Sigmoids, whose loss stays at that of equal probabilities for a long time.
    let slow = r#"{"type":"conv2d","out_channels":4,"kernel_size":3}, {"type":"sigmoid"}, {"type":"avg_pool2d","kernel_size":2},
        {"type":"sigmoid"}, {"type":"flatten"}, {"type":"linear","out_features":8}, {"type":"sigmoid"}, {"type":"linear","out_features":4}"#;
    let config = TrainConfig { lr: 1e-4, ..config() };
    let mut session = Session::new(config, network(slow), &data(800, 20)).unwrap();
    assert_eq!(train(&mut session, 300), None);
    assert!(recent_loss(&session) > 1.0, "it would learn: {}", recent_loss(&session));
    let mut session = Session::new(TrainConfig { batch: 1, ..config }, network(PLAIN), &data(1, 1)).unwrap();
    assert_eq!(train(&mut session, 100), None);
    assert_eq!(presets::all().len(), 10);
}

#[test]
fn kept_runs_are_bounded_listed_and_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let runs = KeptRuns {
        folder: folder.path().join("runs"),
        max_runs: 3,
        max_bytes: u64::MAX,
        every: KeptRuns::EVERY,
    };
    assert!(runs.list().is_empty());
    let set = data(100, 20);
    let mut session = Session::new(config(), network(COUPLED), &set).unwrap();
    for id in 1..=5 {
        assert_eq!(runs.next_id(), id);
        train(&mut session, 3);
        runs.keep(id, &Checkpoint::of(&session, &set)).unwrap();
    }
    let kept: Vec<_> = runs.list().into_iter().map(|run| (run.id, run.summary.step)).collect();
    assert_eq!(kept, [(5, 15), (4, 12), (3, 9)]);
    let first = &runs.list()[0];
    assert_eq!((first.summary.network.as_str(), first.summary.data.as_str()), ("corner-net", "corners"));
    assert_eq!((first.summary.config, first.summary.evaluation), (config(), None));
    // The same run again, in place of its earlier state.
    train(&mut session, 1);
    runs.keep(5, &Checkpoint::of(&session, &set)).unwrap();
    assert_eq!(
        runs.list().iter().map(|run| (run.id, run.summary.step)).collect::<Vec<_>>(),
        [(5, 16), (4, 12), (3, 9)]
    );
    let mut resumed = runs.load(5).unwrap().resume(&set).unwrap();
    train(&mut resumed, 10);
    train(&mut session, 10);
    assert_eq!(resumed.network().parameters(), session.network().parameters());
    assert_eq!(resumed.history(), session.history());
    // What is not a kept run is left alone and not listed.
    fs::write(runs.folder.join("run-000009.training.safetensors"), "damaged").unwrap();
    fs::write(runs.folder.join("notes.txt"), "mine").unwrap();
    assert_eq!(runs.list().len(), 3);
    assert_eq!(runs.next_id(), 10);
    runs.remove(4).unwrap();
    assert_eq!(runs.list().iter().map(|run| run.id).collect::<Vec<_>>(), [5, 3]);
    // The damaged one is named.
    let survey = runs.survey();
    assert_eq!(survey.runs, runs.list());
    assert_eq!(survey.damaged.iter().map(|run| run.id).collect::<Vec<_>>(), [9]);
    assert!(survey.damaged[0].reason.to_string().contains("run-000009"), "{}", survey.damaged[0].reason);
    // A deleted run comes back, and no other one gets its number meanwhile.
    let before = runs.list();
    runs.discard(5).unwrap();
    runs.discard(9).unwrap();
    assert_eq!((runs.list(), runs.next_id()), (before[1..].to_vec(), 10));
    runs.restore(5).unwrap();
    assert_eq!(runs.list(), before);
    runs.sweep();
    assert!(runs.restore(9).is_err());
    assert_eq!((runs.list(), runs.next_id()), (before, 6));
    // By bytes, but never the newest.
    let small = KeptRuns { max_bytes: 1, ..runs.clone() };
    small.keep(10, &Checkpoint::of(&session, &set)).unwrap();
    assert_eq!(small.list().iter().map(|run| run.id).collect::<Vec<_>>(), [10]);
    assert!(runs.folder.join("notes.txt").exists());
}
