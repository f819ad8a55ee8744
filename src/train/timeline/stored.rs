//! The moments of a run as a file.

use super::{
    FilterMark, Moment, SettingChange, Timeline,
    moment::{Values, value_count},
};
use crate::{
    model_file::{self, Array, ModelError, StateFault},
    nn::{
        Network,
        filters::{FilterId, FilterLayout},
        optim::Optimizer,
    },
    text::Say,
    train::{config::TrainConfig, hand::HandMade},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, path::Path, sync::Arc};

/// What the arrays of a file mean.
#[derive(Serialize, Deserialize)]
struct TimelineJson {
    moments: Vec<MomentJson>,
    changes: Vec<SettingChange>,
    #[serde(default)]
    marks: Vec<FilterMark>,
}

#[derive(Serialize, Deserialize)]
struct MomentJson {
    step: u64,
    config: TrainConfig,
    flag: Option<String>,
    optimizer_steps: u64,
    #[serde(default)]
    hand: HandMade,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    frozen: Vec<(FilterId, Vec<f32>)>,
}

impl Timeline {
    /// Writes the moments to a file.
    pub(in crate::train) fn save(&self, path: &Path) -> Result<(), ModelError> {
        let mut arrays = BTreeMap::new();
        for moment in &self.moments {
            let mut add = |what: &str, array| arrays.insert(format!("{}.{what}", moment.step), array);
            match &moment.values {
                Values::Exact(values) => {
                    add("values", Array::F32(values.clone()));
                }
                Values::Half { weights, buffers, slots } => {
                    add("weights", Array::F16(weights.clone()));
                    add("buffers", Array::F32(buffers.clone()));
                    add("slots", Array::Bf16(slots.clone()));
                }
            }
        }
        let moment = |m: &Arc<Moment>| MomentJson {
            step: m.step,
            config: m.config,
            flag: m.flag.clone(),
            optimizer_steps: m.optimizer_steps,
            hand: m.hand.clone(),
            frozen: m.frozen.clone(),
        };
        let moments = self.moments.iter().map(moment).collect();
        let json = TimelineJson { moments, changes: self.changes.clone(), marks: self.marks.clone() };
        model_file::save_arrays(path, serde_json::to_string(&json).unwrap_or_default(), &arrays)
    }

    /// Reads the moments of a run that trains `network`.
    ///
    /// # Errors
    /// The file cannot be read, is damaged, or is not of this network.
    pub(in crate::train) fn load(path: &Path, network: &Network) -> Result<Self, ModelError> {
        let name = path.display().to_string();
        let damaged = |reason| ModelError::DamagedState { name: name.clone(), reason };
        let (json, mut arrays) = model_file::load_arrays(path)?;
        let json: TimelineJson =
            serde_json::from_str(&json).map_err(|e| damaged(StateFault::Json(e.to_string())))?;
        if !json.moments.is_sorted_by(|a, b| a.step < b.step) {
            return Err(damaged(StateFault::Curves));
        }
        let mut moments = Vec::new();
        for MomentJson { step, config, flag, optimizer_steps, hand, mut frozen } in json.moments {
            config.check().map_err(|e| damaged(StateFault::Settings(e.say())))?;
            let mut take = |what: &str| arrays.remove(&format!("{step}.{what}"));
            let values = match (take("values"), take("weights"), take("buffers"), take("slots")) {
                (Some(Array::F32(values)), ..) => Values::Exact(values),
                (_, Some(Array::F16(weights)), Some(Array::F32(buffers)), Some(Array::Bf16(slots))) => {
                    Values::Half { weights, buffers, slots }
                }
                _ => return Err(damaged(StateFault::Weights)),
            };
            let hand = hand.fitting(network);
            frozen.retain(|(id, values)| {
                let layout = FilterLayout::of(network, id.layer);
                hand.is_frozen(*id)
                    && layout.is_some_and(|layout| layout.len() == values.len())
                    && values.iter().all(|value| value.is_finite())
            });
            let moment = Moment { step, config, flag, hand, optimizer_steps, values, frozen };
            if moment.len() != value_count(network, &Optimizer::new(config.optimizer, network.parameters())) {
                return Err(damaged(StateFault::Weights));
            }
            moments.push(Arc::new(moment));
        }
        Ok(Self { moments, changes: json.changes, marks: json.marks, revision: 0 })
    }
}
