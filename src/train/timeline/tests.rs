use super::{
    moment::{Moment, Values},
    *,
};
use crate::{
    nn::presets,
    train::{HandMade, TrainConfig},
};

fn moment(step: u64, values: usize) -> Arc<Moment> {
    let config = TrainConfig::from_recipe(&presets::lenet5_relu().recipe, 1);
    let values = Values::Exact(vec![0.0; values]);
    let hand = HandMade::default();
    Arc::new(Moment { step, config, flag: None, hand, optimizer_steps: step, values, frozen: Vec::new() })
}

/// A run of this many steps, with `values` numbers a moment.
fn run(steps: u64, values: usize, max_bytes: usize) -> Timeline {
    let mut timeline = Timeline::default();
    for step in 0..=steps {
        if timeline.is_due(step) {
            timeline.moments.push(moment(step, values));
            timeline.thin(max_bytes, MAX_MOMENTS);
            assert!(timeline.bytes() <= max_bytes);
        }
    }
    timeline
}

#[test]
fn long_runs_keep_few_moments_evenly_on_a_logarithmic_axis() {
    let timeline = run(1_000_000, 1, MAX_BYTES);
    assert!((100..=MAX_MOMENTS).contains(&timeline.moments.len()), "{}", timeline.moments.len());
    for pair in timeline.moments.windows(2) {
        let [a, b] = [pair[0].step, pair[1].step];
        assert!((b + 1) as f64 <= 1.25 * (a + 1) as f64 || b == a + 1, "{a} {b}");
    }
}

#[test]
fn memory_is_bounded_and_the_ends_stay() {
    let timeline = run(100_000, 1000, 10 * 4000);
    let steps: Vec<u64> = timeline.moments.iter().map(|moment| moment.step).collect();
    assert_eq!((steps.len(), steps[0]), (10, 0));
    let widest = steps.windows(2).map(|w| (w[1] + 1) as f64 / (w[0] + 1) as f64).fold(0.0, f64::max);
    // Nine equal ratios over five decades would be 3.6 each.
    assert!(widest < 8.0, "{steps:?}");
}

#[test]
fn flagged_moments_are_never_thinned_out() {
    let mut timeline = run(50, 1, MAX_BYTES);
    assert!(timeline.flag(3, Some("edges".into())) && !timeline.flag(4711, Some("none".into())));
    timeline.thin(3 * 4, MAX_MOMENTS);
    let steps: Vec<u64> = timeline.moments.iter().map(|moment| moment.step).collect();
    assert_eq!((steps.len(), steps[0], steps[1]), (3, 0, 3));
    assert_eq!(timeline.before(49).unwrap().step, 3);
}
