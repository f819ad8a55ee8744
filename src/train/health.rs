//! Whether a run still learns.

use super::{
    cause::Cause,
    error::TrainError,
    force::Force,
    hand::{FilterEdit, clear_slots},
    history::{History, written_loss},
    state::SessionState,
};
use crate::nn::{LayerSpec, Network, Shape, Trace, loss::smallest_loss};

/// Images that show whether the network's output is constant.
pub(super) const HEALTH_IMAGES: usize = 32;

/// The fewest steps between two checks.
const STEPS: usize = 20;

/// A loss is far above that of the start beyond this multiple of it.
const HIGH_LOSS: f64 = 2.0;

/// Successive checks with such a loss that end a run.
const HIGH_CHECKS: usize = 3;

/// Below this multiple of the loss of chance, which gives all classes the same probability, a network has learnt
/// something.
const LEARNT: f64 = 0.8;

/// Above this multiple of the loss of chance, a network does no better than chance.
const CHANCE: f64 = 0.95;

/// A loss is near the best one up to this multiple of it, and this fraction of the loss of chance, which is for losses near 0.
const NEAR_BEST: (f64, f64) = (1.25, 0.02);

/// A single step's loss shows beyond this multiple of that of the start that the run is in doubt.
const HUGE_LOSS: f64 = 10.0;

/// Two outputs that differ by less than this, relative to their size, count as equal.
const TOLERANCE: f32 = 1e-6;

/// The losses of a run, by which it is checked, and the state to go back to.
#[derive(Debug)]
pub(super) struct Health {
    /// The state at the last check at which the network had learnt something and its loss was near the best so far; at
    /// first that of the start.
    good: Box<SessionState>,
    /// The lowest mean loss of all checks, in nats.
    best: Option<f64>,
    /// The settings that were hardest on the weights since the good state.
    force: Option<Force>,
    /// What ruined the weights, until they have recovered.
    ruin: Option<Cause>,
    /// The loss of the first step, in nats.
    start: Option<f64>,
    /// The losses since the last check: their sum, their number and the last one.
    recent: (f64, usize, f64),
    /// Successive checks with a loss that is far too high.
    high: usize,
    /// The smallest loss that label smoothing leaves.
    smallest: f64,
    /// Why the next step is not made.
    pub(super) trouble: Option<TrainError>,
}

/// What a check found.
#[derive(Debug)]
pub(super) enum Verdict {
    /// The network has learnt something: its state is good.
    Learnt,
    /// The run is stuck or has diverged.
    Trouble(TrainError),
}

impl Health {
    /// The health of a run that starts from a state.
    pub(super) fn new(start: SessionState) -> Self {
        let loss = start.history.training().next().map(|point| point.loss);
        let smallest = smallest_loss(start.network.classes(), start.config.label_smoothing);
        let best = recent_loss(&start.history);
        Self {
            smallest,
            good: Box::new(start),
            best,
            force: None,
            ruin: None,
            start: loss,
            recent: (0.0, 0, 0.0),
            high: 0,
            trouble: None,
        }
    }

    /// The state to go back to.
    pub(super) fn good(&self) -> &SessionState {
        &self.good
    }

    pub(super) fn set_good(&mut self, state: SessionState) {
        *self.good = state;
        (self.force, self.ruin) = (None, None);
    }

    /// Carries out what a person does to filters in the good state, too: the way back leads to the filters of now. A filter
    /// with its learnt numbers has those of the good state there.
    pub(super) fn edit_good(&mut self, edits: &[FilterEdit]) {
        let SessionState { network, hand, optimizer, best, .. } = &mut *self.good;
        for edit in edits {
            let mut edit = edit.clone();
            if !edit.is_painted {
                edit.values = hand.learned(edit.id).map(<[f32]>::to_vec);
            }
            hand.apply(network, &edit);
        }
        clear_slots(optimizer, &hand.places(network));
        *best = None;
    }

    /// Whether the weights may be ruined: the run is or was in trouble, or its last losses are far too high.
    pub(super) fn is_in_doubt(&self, network: &Network) -> bool {
        let (_, _, last) = self.recent;
        let start = self.start.unwrap_or(0.0).max(chance(network));
        self.is_ruined() || self.high > 0 || last > HUGE_LOSS * start
    }

    /// Whether the weights are ruined and have not recovered.
    pub(super) fn is_ruined(&self) -> bool {
        self.ruin.is_some() || self.trouble.is_some()
    }

    /// What is to blame for the trouble of a run that is trained with these settings.
    pub(super) fn blame(&mut self, now: Force) -> Cause {
        let force = self.force.map_or(now, |force| force.and(now));
        // What happens to weights that are ruined already is not the fault of the present settings.
        self.ruin.get_or_insert_with(|| force.cause()).clone()
    }

    /// Forgets the trouble, because a setting has changed. The losses before it say nothing of the weights after a step
    /// with the new setting, so that no such state counts as good before it was tried for as many steps as a check takes.
    pub(super) fn clear(&mut self) {
        (self.trouble, self.high, self.recent) = (None, 0, (0.0, 0, self.recent.2));
    }

    /// Takes in the loss of a step, in nats, and the settings that the step was made with.
    pub(super) fn add(&mut self, loss: f64, force: Force) {
        self.force = Some(self.force.map_or(force, |before| before.and(force)));
        self.start.get_or_insert(loss);
        let (sum, count, _) = self.recent;
        self.recent = (sum + loss, count + 1, loss);
    }

    /// Checks the network if there were enough steps since the last check. `images` are inputs of the network.
    pub(super) fn check(
        &mut self,
        step: u64,
        network: &Network,
        images: impl FnOnce() -> Vec<f32>,
    ) -> Option<Verdict> {
        if self.recent.1 < STEPS {
            return None;
        }
        let (sum, count, last) = std::mem::take(&mut self.recent);
        let mean = sum / count as f64;
        let chance = chance(network);
        let start = self.start.unwrap_or(chance).max(chance);
        // A share of what can be learnt.
        let above = |share: f64| self.smallest + share * (chance - self.smallest);
        // A network that had learnt something, and now does no better than chance, has lost it.
        let is_lost = self.good.step > 0 && mean > above(CHANCE);
        let is_high = is_lost || mean > HIGH_LOSS * start;
        self.high = if is_high { self.high + 1 } else { 0 };
        if !is_high && mean.max(last) < above(LEARNT) {
            let best = self.best.map_or(mean, |best| best.min(mean));
            self.best = Some(best);
            self.recovered();
            return (mean <= NEAR_BEST.0 * best + NEAR_BEST.1 * chance).then_some(Verdict::Learnt);
        }
        let trace = network.trace(&images());
        if is_constant(&trace) {
            let dead = dead_units(network, &trace).into_iter().find(|layer| layer.dead == layer.units);
            let cause = self.cause();
            let layer = dead.map(|layer| layer.layer);
            return Some(Verdict::Trouble(TrainError::Stuck { step, layer, cause }));
        }
        if !is_high {
            self.recovered();
        }
        if self.high < HIGH_CHECKS {
            return None;
        }
        self.high = 0;
        let before = self.good.history.last().map_or(start, |point| point.loss);
        let [loss, before] = [mean, before].map(written_loss);
        let cause = self.cause();
        Some(Verdict::Trouble(TrainError::HighLoss { step, loss, good: self.good.step, before, cause }))
    }

    /// The weights are not ruined, or no longer.
    fn recovered(&mut self) {
        if self.ruin.take().is_some() {
            self.force = None;
        }
    }

    fn cause(&mut self) -> Cause {
        let force = self.force.unwrap_or_default();
        self.blame(force)
    }
}

/// The loss of a network that gives all classes the same probability, in nats.
fn chance(network: &Network) -> f64 {
    (network.classes().max(2) as f64).ln()
}

/// The mean loss of the last steps of the curves.
fn recent_loss(history: &History) -> Option<f64> {
    let points: Vec<f64> = history.training().map(|point| point.loss).collect();
    let count = (STEPS as u64).div_ceil(history.steps_per_point()) as usize;
    let last = points.get(points.len().saturating_sub(count)..).filter(|last| !last.is_empty())?;
    Some(last.iter().sum::<f64>() / last.len() as f64)
}

/// The units of a ReLU layer that output 0 for every image. Such a unit is dead: its weights get no gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeadUnits {
    /// The layer, counted from 0.
    pub layer: usize,
    /// Dead units.
    pub dead: usize,
    /// All units: maps of a convolutional layer, values of a fully connected one.
    pub units: usize,
}

/// Counts the dead units of every ReLU layer over the images of a trace.
pub fn dead_units(network: &Network, trace: &Trace) -> Vec<DeadUnits> {
    let count = |(layer, units): (usize, Vec<bool>)| {
        let dead = units.iter().filter(|&&is_dead| is_dead).count();
        DeadUnits { layer, dead, units: units.len() }
    };
    dead_units_of(network, trace).into_iter().map(count).collect()
}

/// Which units of every ReLU layer are dead over the images of a trace.
pub(super) fn dead_units_of(network: &Network, trace: &Trace) -> Vec<(usize, Vec<bool>)> {
    let layers = network.spec().layers.iter().zip(network.layers()).enumerate();
    let relus = layers.filter(|(_, (spec, _))| matches!(spec, LayerSpec::Relu(_)));
    relus
        .map(|(layer, (_, module))| {
            let (units, cells) = match module.output() {
                Shape::Maps { channels, height, width } => (channels, height * width),
                Shape::Vector(features) => (features, 1),
            };
            let mut is_dead = vec![true; units];
            for image in trace.activations[layer].values().chunks_exact(units * cells) {
                for (is_dead, unit) in is_dead.iter_mut().zip(image.chunks_exact(cells)) {
                    *is_dead &= unit.iter().all(|&value| value == 0.0);
                }
            }
            (layer, is_dead)
        })
        .collect()
}

/// Whether the network's output is the same for every image of a trace, although the images differ.
pub(super) fn is_constant(trace: &Trace) -> bool {
    let Some(logits) = trace.activations.last() else { return false };
    let classes = trace.probabilities.shape().get(1).copied().unwrap_or(1).max(1);
    let mut images = logits.values().chunks_exact(classes);
    let Some(first) = images.next() else { return false };
    let is_close = |(a, b): (&f32, &f32)| (a - b).abs() <= TOLERANCE * a.abs().max(b.abs());
    let mut inputs = trace.input.values().chunks_exact(trace.input.len() / (images.len() + 1));
    let differ = inputs.next().is_some_and(|first| inputs.any(|input| input != first));
    differ && images.all(|image| image.iter().zip(first).all(is_close))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        nn::{Init, NetworkSpec, optim::Optimizer, presets},
        train::{HandMade, TrainConfig, history::Point},
    };

    fn network() -> Network {
        let json = r#"{"name":"n","input":[1,4,4],"layers":[{"type":"conv2d","out_channels":3,"kernel_size":3},{"type":"relu"},
            {"type":"flatten"},{"type":"linear","out_features":5},{"type":"relu"},{"type":"linear","out_features":2}]}"#;
        Network::new(NetworkSpec::from_json(json).unwrap(), Init::He, 1).unwrap()
    }

    fn images() -> Vec<f32> {
        (0..8 * 16).map(|i| (i * 7 % 13) as f32 / 13.0).collect()
    }

    #[test]
    fn dead_maps_and_values_are_counted() {
        let mut network = network();
        // Biases that no input can overcome, for one map and two values.
        network.parameters_mut()[0][1].values_mut()[1] = -1e6;
        network.parameters_mut()[3][1].values_mut()[2..4].fill(-1e6);
        let trace = network.trace(&images());
        let found = dead_units(&network, &trace);
        assert_eq!(found.iter().map(|f| (f.layer, f.units)).collect::<Vec<_>>(), [(1, 3), (4, 5)]);
        assert!(found[0].dead >= 1 && found[1].dead >= 2, "{found:?}");
        assert!(!is_constant(&trace));
        network.parameters_mut()[0][1].values_mut().fill(-1e6);
        let trace = network.trace(&images());
        assert_eq!(dead_units(&network, &trace)[0], DeadUnits { layer: 1, dead: 3, units: 3 });
        assert!(is_constant(&trace));
        assert!(!is_constant(&network.trace(&images()[..16])), "one image");
        assert!(!is_constant(&network.trace(&images()[..16].repeat(3))), "the same image");
    }

    #[test]
    fn a_state_is_good_only_after_a_whole_check_with_its_settings() {
        let config = TrainConfig::from_recipe(&presets::lenet5_relu().recipe, 1);
        let network = network();
        let optimizer = Optimizer::new(config.optimizer, network.parameters());
        let (history, hand) = (History::default(), HandMade::default());
        let start =
            SessionState { network: network.clone(), config, optimizer, best: None, step: 0, history, hand };
        let mut health = Health::new(start);
        (0..STEPS).for_each(|_| health.add(0.1, Force::default()));
        // A higher rate is set, and makes the step after which the check is due.
        health.clear();
        health.add(0.1, Force::default());
        assert!(health.check(21, &network, images).is_none());
        (0..STEPS).for_each(|_| health.add(0.1, Force::default()));
        assert!(matches!(health.check(41, &network, images), Some(Verdict::Learnt)));
        // A loss that is far too high leaves its doubt.
        health.add(1e6, Force::default());
        health.clear();
        assert!(health.is_in_doubt(&network));
    }

    #[test]
    fn good_is_near_the_best_so_far() {
        let config = TrainConfig::from_recipe(&presets::lenet5_relu().recipe, 1);
        let network = network();
        let state = |step: u64, history: History| {
            let optimizer = Optimizer::new(config.optimizer, network.parameters());
            SessionState {
                network: network.clone(),
                config,
                optimizer,
                best: None,
                step,
                history,
                hand: HandMade::default(),
            }
        };
        let check = |health: &mut Health, step: u64, loss: f64| {
            (0..STEPS).for_each(|_| health.add(loss, Force::default()));
            if let Some(Verdict::Learnt) = health.check(step, &network, images) {
                health.set_good(state(step, History::default()));
            }
            health.good().step
        };
        let mut health = Health::new(state(0, History::default()));
        assert_eq!(check(&mut health, 20, 0.3), 20);
        assert_eq!(check(&mut health, 40, 0.1), 40);
        // Better than chance, whose loss is ln 2, but far from the best.
        assert_eq!(check(&mut health, 60, 0.4), 40);
        assert_eq!(check(&mut health, 80, 0.11), 80);
        // A run that is resumed knows how well it did.
        let mut history = History::default();
        (1..=30).for_each(|step| history.push(Point { step, loss: 0.1, accuracy: 0.9, images: 8 }));
        let mut resumed = Health::new(state(30, history));
        assert_eq!(check(&mut resumed, 50, 0.4), 30);
        assert_eq!(check(&mut resumed, 70, 0.1), 70);
    }

    #[test]
    fn a_huge_loss_is_a_doubt_before_the_run_is_given_up() {
        let config = TrainConfig::from_recipe(&presets::lenet5_relu().recipe, 1);
        let network = network();
        let optimizer = Optimizer::new(config.optimizer, network.parameters());
        let history = History::default();
        let start = SessionState {
            network: network.clone(),
            config,
            optimizer,
            best: None,
            step: 0,
            history,
            hand: HandMade::default(),
        };
        let mut health = Health::new(start);
        health.add(0.7, Force::default());
        assert!(!health.is_in_doubt(&network));
        health.add(7e23, Force::default());
        assert!(health.is_in_doubt(&network) && !health.is_ruined());
    }
}
