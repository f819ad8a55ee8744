//! Two networks trained in turns, against each of them trained alone.

use crate::support::{COUPLED, PLAIN, config, data, network, noisy};
use convlens::{
    nn::{Network, NetworkSpec, Serial},
    train::{
        Pool, Session, TrainConfig,
        compare::{Comparison, Conditions, Contestant, Did},
        session::Due,
    },
};

const CONDITIONS: Conditions = Conditions { epochs: 2, seed: 7, train_images: None };

fn spec(layers: &str) -> NetworkSpec {
    network(layers).spec().clone()
}

fn contestants(batches: [usize; 2]) -> [Contestant; 2] {
    let one = |(layers, batch)| Contestant { spec: spec(layers), config: TrainConfig { batch, ..config() } };
    [(PLAIN, batches[0]), (COUPLED, batches[1])].map(one)
}

fn bits(network: &Network) -> Vec<u32> {
    let tensors = network.parameters().iter().chain(network.buffers()).flatten();
    tensors.flat_map(|t| t.values().iter().map(|v| v.to_bits())).collect()
}

/// Nothing of a run depends on the one beside it: neither its weights nor its curves.
#[test]
fn each_run_is_the_one_that_it_is_alone() {
    let data = data(100, 20);
    let mut both = Comparison::new(contestants([16, 10]), CONDITIONS, &data, false).unwrap();
    let pool = Pool::new(2).unwrap();
    while both.advance(&pool).is_some() {}
    for (run, one) in both.runs().iter().zip(contestants([16, 10])) {
        let config = TrainConfig { epochs: 2, seed: 7, ..one.config };
        let network = Network::new(one.spec, config.init, 7).unwrap();
        let mut alone = Session::new(config, network, &data).unwrap();
        while alone.epoch() < 2 {
            if alone.step(&Serial).unwrap() == Due::FullEvaluation {
                let mut evaluator = alone.evaluator(Due::FullEvaluation);
                while alone.evaluate(Due::FullEvaluation, &mut evaluator, &Serial).is_none() {}
            }
        }
        assert_eq!(bits(run.session().network()), bits(alone.network()));
        assert_eq!(run.session().history(), alone.history());
        let standing = run.standing().unwrap();
        assert_eq!(standing.accuracy, alone.history().full[1].accuracy);
        assert_eq!(standing.parameters, alone.network().parameter_count());
    }
}

/// With other batches, no run is further ahead than by a batch; time counts where it was spent.
#[test]
fn runs_take_turns_by_images_and_have_times_of_their_own() {
    let mut both = Comparison::new(contestants([16, 10]), CONDITIONS, &data(100, 20), true).unwrap();
    let (mut steps, mut evaluated) = ([0.0; 2], [0; 2]);
    while let Some((run, did)) = both.advance(&Serial) {
        match did {
            Did::Step => {
                steps[run] += 1.0;
                both.took(run, 0.5);
            }
            Did::Evaluated(Due::FullEvaluation) => evaluated[run] += 1,
            Did::Evaluation | Did::Evaluated(_) => {}
            Did::Failed => panic!("{:?}", both.failure()),
        }
        let [a, b] = both.runs().each_ref().map(|run| run.session().images_seen());
        assert!(a.abs_diff(b) <= 16, "{a} {b}");
    }
    assert_eq!((steps, evaluated), ([14.0, 20.0], [2, 2]));
    for (run, steps) in both.runs().iter().zip(steps) {
        assert_eq!(run.standing().unwrap().seconds, steps * 0.5);
        let quick = &run.session().history().quick;
        assert_eq!((quick[0].step, quick[0].images), (0, 20), "the curve begins at step 0");
        assert!(quick.len() > 8);
    }
}

#[test]
fn a_part_of_the_set_is_the_same_for_both_and_a_recipes_validation_counts_for_neither() {
    let [a, b] = contestants([16, 16]);
    let b = Contestant { config: TrainConfig { validation: 0.2, early_stop: 1, ..b.config }, ..b };
    let conditions = Conditions { train_images: Some(40), ..CONDITIONS };
    let both = Comparison::new([a, b], conditions, &data(100, 20), false).unwrap();
    for run in both.runs() {
        assert_eq!((run.session().images_per_epoch(), run.session().has_validation()), (40, false));
    }
}

#[test]
fn a_run_that_diverges_stops_and_the_other_goes_on() {
    let [a, b] = contestants([16, 16]);
    let layers = PLAIN.replace("relu", "leaky_relu");
    let a = Contestant { spec: spec(&layers), config: TrainConfig { lr: 1e9, ..a.config } };
    let mut both = Comparison::new([a, b], CONDITIONS, &noisy(100, 20), false).unwrap();
    while both.advance(&Serial).is_some() {}
    let [bad, good] = both.runs();
    assert!(bad.is_over() && bad.trouble().is_some() && bad.session().epoch() < 2);
    assert!(good.trouble().is_none() && good.session().epoch() == 2);
    let said = both.failure().unwrap().to_string();
    assert!(said.starts_with("corner-net: training diverged"), "{said}");
}

#[test]
fn what_is_impossible_names_the_network() {
    let refusal = |contestants, conditions| {
        Comparison::new(contestants, conditions, &data(100, 20), false).unwrap_err().to_string()
    };
    let none = Conditions { epochs: 0, ..CONDITIONS };
    assert_eq!(refusal(contestants([4, 4]), none), "corner-net: epochs is 0, but must be from 1 to 10000");
    let many = Conditions { train_images: Some(101), ..CONDITIONS };
    assert!(refusal(contestants([4, 4]), many).contains("training images is 101, but must be at most 100"));
    let lenet = convlens::nn::presets::lenet5_relu();
    let [a, _] = contestants([4, 4]);
    let b = Contestant { spec: lenet.spec, config: config() };
    assert!(refusal([a, b], CONDITIONS).starts_with("lenet5-relu: the images of corners are 8×8"));
}
