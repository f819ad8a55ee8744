//! Whether the numbers of a state that was made again are those that are claimed, and its conditions hold.

use super::stage::{Computed, Stage};
use crate::{
    lesson::{Condition, Quantity},
    text::Sentence,
    ui::model::lesson::{
        stand::{Evidence, StandNetwork},
        written::written,
    },
};

/// What came out.
pub(super) enum Found {
    /// What is claimed. `is_exact`: not only within the tolerance between machines.
    AsClaimed {
        /// Whether it is the same.
        is_exact: bool,
    },
    /// Something else.
    Other {
        /// What is claimed.
        claimed: String,
        /// What comes out.
        computed: String,
    },
}

/// How far the accuracy of a run that is trained again may be from the claimed one, in points: another machine rounds in
/// another way.
const POINTS: f64 = 2.0;

/// The same of losses and activations, relative to them and at least.
const PART: f64 = 0.1;
const LEAST: f64 = 0.05;

/// The same of what is not trained.
const ROUNDING: f64 = 1e-3;

/// Makes a state again, and looks whether its conditions hold.
pub(super) fn of_state(
    stage: &mut Stage<'_>,
    when: &[Condition],
    evidence: &Evidence,
) -> Result<Found, Sentence> {
    let Some(stand) = &evidence.stand else {
        return Err(if evidence.is_cut {
            Sentence::new("the state that solves it was too large to be kept")
        } else {
            Sentence::new("no state is kept of it")
        });
    };
    let quantities = || when.iter().flat_map(Condition::quantities);
    let needs_weights = quantities().any(|quantity| is_trained(quantity, stand.network.as_ref()));
    let all: Vec<Computed> = stage.values(stand, &quantities().collect::<Vec<_>>(), needs_weights)?;
    let mut other = None;
    for computed in &all {
        let value = |quantity| computed.value(quantity);
        let is_close = |quantity: Quantity| match (evidence.value(quantity), value(quantity)) {
            (Some(claimed), Some(computed)) => {
                is_near(quantity, claimed, computed, is_trained(quantity, stand.network.as_ref()))
            }
            _ => false,
        };
        let is_same = |quantity: Quantity| match (evidence.value(quantity), value(quantity)) {
            (Some(claimed), Some(computed)) => (claimed - computed).abs() <= 1e-9 * claimed.abs().max(1.0),
            _ => false,
        };
        let are_close = quantities().all(is_close);
        let holds = when.iter().all(|condition| condition.holds(value))
            || needs_weights
                && when.iter().all(|condition| condition.holds(|quantity| evidence.value(quantity)));
        if are_close && holds {
            let is_trained = |quantity| is_trained(quantity, stand.network.as_ref());
            let is_exact = quantities().filter(|quantity| is_trained(*quantity)).all(is_same);
            return Ok(Found::AsClaimed { is_exact });
        }
        let far: Vec<Quantity> = quantities().filter(|quantity| !is_close(*quantity)).collect();
        let named = if far.is_empty() { quantities().collect() } else { far };
        let list = |value: &dyn Fn(Quantity) -> Option<f64>| in_words(&named, value);
        let claimed = list(&|quantity| evidence.value(quantity));
        other.get_or_insert_with(|| Found::Other { claimed, computed: list(&value) });
    }
    other.ok_or_else(|| Sentence::new("no state is kept of it"))
}

fn in_words(quantities: &[Quantity], value: &dyn Fn(Quantity) -> Option<f64>) -> String {
    let mut texts: Vec<String> = Vec::new();
    for quantity in quantities {
        let number = value(*quantity).map_or_else(|| "–".to_owned(), |value| written(*quantity, value));
        let text = format!("{} = {number}", quantity.name());
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts.join(", ")
}

/// Whether a number depends on trained weights.
fn is_trained(quantity: Quantity, network: Option<&StandNetwork>) -> bool {
    match quantity {
        Quantity::TrainStep
        | Quantity::TrainEpoch
        | Quantity::TrainLoss
        | Quantity::TrainAccuracy
        | Quantity::TrainTrainingAccuracy
        | Quantity::TrainGap
        | Quantity::TrainRate
        | Quantity::TrainRunning => true,
        Quantity::NetTop
        | Quantity::NetProbability
        | Quantity::ConvOutput
        | Quantity::ConvKernelSum
        | Quantity::ConvSmallest
        | Quantity::ConvLargest
        | Quantity::ConvPosition
        | Quantity::PoolOutput
        | Quantity::PoolAverage
        | Quantity::PoolChanged => network == Some(&StandNetwork::Run),
        _ => false,
    }
}

/// Whether a claimed number comes out.
fn is_near(quantity: Quantity, claimed: f64, computed: f64, is_trained: bool) -> bool {
    let distance = (claimed - computed).abs();
    let rounding = ROUNDING * claimed.abs().max(1.0);
    let tolerance = match quantity {
        Quantity::TrainAccuracy | Quantity::TrainTrainingAccuracy | Quantity::TrainGap => POINTS,
        Quantity::NetProbability | Quantity::PoolChanged if is_trained => POINTS,
        Quantity::TrainLoss => (PART * claimed.abs()).max(LEAST),
        Quantity::ConvOutput
        | Quantity::ConvKernelSum
        | Quantity::ConvSmallest
        | Quantity::ConvLargest
        | Quantity::PoolOutput
        | Quantity::PoolAverage
            if is_trained =>
        {
            (PART * claimed.abs()).max(LEAST)
        }
        _ => rounding,
    };
    distance <= tolerance
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_trained_has_a_tolerance_and_nothing_else() {
        assert!(is_near(Quantity::TrainAccuracy, 91.0, 90.0, true));
        assert!(!is_near(Quantity::TrainAccuracy, 95.0, 90.0, true));
        assert!(
            is_near(Quantity::TrainLoss, 0.5, 0.46, true) && !is_near(Quantity::TrainLoss, 0.5, 0.4, true)
        );
        assert!(!is_near(Quantity::TrainStep, 64.0, 63.0, true));
        assert!(!is_near(Quantity::ConvOutput, 15.0, 14.9, false));
        assert!(!is_near(Quantity::NetTop, 7.0, 1.0, true));
        assert!(!is_near(Quantity::ConvOutput, f64::NAN, 1.0, true));
    }
}
