//! The runs: the current one and those that are kept, with their names and curves.

use super::compare::settings;
use crate::{
    nn::NetworkSpec,
    text::{Term, fill, tr},
    train::{DamagedRun, History, KeptRun, Snapshot, TrainConfig},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32},
    },
};

/// As many of the newest kept runs show their curves until a person decides otherwise: one for each colour.
pub const SHOWN: usize = 3;

/// The longest name of a run, in characters.
pub const MAX_NAME: usize = 40;

/// What a person has set for a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunLook {
    /// Its name; empty is the name of its network.
    pub name: String,
    /// Whether its curves are shown; `None` shows those of the newest runs.
    pub is_shown: Option<bool>,
}

/// Which run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RunRef {
    /// The current one.
    Current,
    /// The kept run of this number, which is not the current one.
    Kept(u64),
}

/// What a person does with a run. See also [`crate::ui::action::Action::OpenRun`] and
/// [`crate::ui::action::Action::DeleteRun`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RunsAct {
    /// Names it.
    Name(RunRef, String),
    /// Shows or hides its curves.
    Show(RunRef, bool),
    /// Asks where to save its curves.
    SaveCurves(RunRef),
    /// Asks where to save its network.
    SaveModel(RunRef),
    /// Asks where to save a report on it.
    Report(RunRef),
    /// Brings back the run that was deleted last.
    Undelete,
}

/// What there is of the runs besides the kept ones.
#[derive(Clone, Debug, Default)]
pub struct RunsState {
    /// Whether runs are kept in a folder.
    pub is_kept: bool,
    /// The look of the current run until it is kept.
    pub unkept: RunLook,
    /// The number of a run that has ended, and its look, until that run is kept.
    pub leaving: Option<(u64, RunLook)>,
    /// The kept runs whose files cannot be read.
    pub damaged: Vec<DamagedRun>,
    /// The run that was deleted last, with its look.
    pub deleted: Option<(u64, RunLook)>,
    /// The run whose curves, network or report are saved.
    pub saved: Option<RunRef>,
    /// The report that is being written.
    pub report: Option<Arc<ReportProgress>>,
}

/// The progress of a report.
#[derive(Debug, Default)]
pub struct ReportProgress {
    /// How much is measured, in thousandths.
    pub done: AtomicU32,
    /// Whether it is called off.
    pub is_stopped: AtomicBool,
}

/// A run as the curves and the table show it.
#[derive(Clone, Debug)]
pub struct RunRow {
    /// Which run it is.
    pub run: RunRef,
    /// The number that it is kept under.
    pub id: Option<u64>,
    /// Its name.
    pub name: String,
    /// Whether its curves are shown.
    pub is_shown: bool,
    /// Which of the colours of runs it has. The current one has the first.
    pub color: usize,
    /// The spec of its network.
    pub spec: Arc<NetworkSpec>,
    /// Its settings.
    pub config: TrainConfig,
    /// The parameters of its network.
    pub parameters: u64,
    /// The time that its steps took, if that is known.
    pub seconds: Option<f64>,
    /// Steps made.
    pub step: u64,
    /// The curves.
    pub history: Arc<History>,
    /// The name of its data set.
    pub data: String,
}

/// The current run, then the kept ones, the newest first. `data` is the present data set.
pub fn rows(
    snapshot: Option<&Snapshot>,
    kept: &[KeptRun],
    looks: &BTreeMap<u64, RunLook>,
    unkept: &RunLook,
    data: &str,
) -> Vec<RunRow> {
    let mut rows = Vec::new();
    let current = snapshot.and_then(|snapshot| snapshot.kept);
    if let Some(snapshot) = snapshot {
        let spec = snapshot.network.spec();
        let look = current.and_then(|id| looks.get(&id)).unwrap_or(unkept);
        rows.push(RunRow {
            run: RunRef::Current,
            id: current,
            name: named(look, spec),
            is_shown: look.is_shown.unwrap_or(true),
            color: 0,
            spec: Arc::new(spec.clone()),
            config: snapshot.config,
            parameters: snapshot.network.parameter_count() as u64,
            seconds: snapshot.seconds,
            step: snapshot.step,
            history: snapshot.history.clone(),
            data: data.to_owned(),
        });
    }
    let others = kept.iter().filter(|run| Some(run.id) != current);
    let mut is_taken = [false; SHOWN];
    rows.extend(others.enumerate().map(|(place, run)| {
        let (summary, look) = (&run.summary, looks.get(&run.id).cloned().unwrap_or_default());
        let is_shown = look.is_shown.unwrap_or(place < SHOWN);
        // A run's own colour, unless a newer one that is shown has it.
        let own = (run.id % SHOWN as u64) as usize;
        let color =
            (own..own + SHOWN).map(|color| color % SHOWN).find(|color| !is_taken[*color]).unwrap_or(own);
        is_taken[color] |= is_shown;
        RunRow {
            run: RunRef::Kept(run.id),
            id: Some(run.id),
            name: named(&look, &summary.spec),
            is_shown,
            color: 1 + color,
            spec: summary.spec.clone(),
            config: summary.config,
            parameters: summary.parameters,
            seconds: summary.seconds,
            step: summary.step,
            history: summary.history.clone(),
            data: summary.data.clone(),
        }
    }));
    rows
}

fn named(look: &RunLook, spec: &NetworkSpec) -> String {
    if look.name.is_empty() { spec.name.clone() } else { look.name.clone() }
}

/// A name as it is kept: in one line, neither long nor with spaces at its ends.
pub fn tidy_name(name: &str) -> String {
    let name: String = name.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect();
    name.trim().to_owned()
}

impl RunRow {
    /// What differs from another run: network and settings, a part each.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut found = Vec::new();
        if self.spec != other.spec {
            found.push(if self.spec.name == other.spec.name {
                fill(tr("{name} with other layers"), &[("name", &self.spec.name)])
            } else {
                self.spec.name.clone()
            });
        }
        if self.data != other.data {
            found.push(fill(tr("data {name}"), &[("name", &self.data)]));
        }
        let own = settings(&self.spec, &self.config);
        let others = settings(&other.spec, &other.config);
        let label = |term: Term| term.label().to_lowercase();
        for ((term, value), (_, before)) in own.into_iter().zip(others) {
            if value != before {
                found.push(format!("{} {value}", label(term)));
            }
        }
        if self.config.train_images != other.config.train_images {
            let images = self.config.train_images.map_or_else(|| tr("all").to_owned(), |n| n.to_string());
            found.push(format!("{} {images}", label(Term::TrainImages)));
        }
        if self.config.validation != other.config.validation {
            let percent = (f64::from(self.config.validation) * 1e4).round() / 100.0;
            found.push(format!("{} {percent} %", label(Term::Validation)));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{nn::presets, train::Summary};

    fn kept(id: u64, preset: &str, lr: f32) -> KeptRun {
        let preset = presets::by_name(preset).unwrap();
        let config = TrainConfig { lr, ..TrainConfig::from_recipe(&preset.recipe, 1) };
        let summary = Summary {
            network: preset.spec.name.clone(),
            data: "MNIST".into(),
            step: 7,
            config,
            evaluation: None,
            spec: Arc::new(preset.spec),
            parameters: 1,
            history: Arc::default(),
            seconds: None,
            frozen: 0,
        };
        KeptRun { id, bytes: 1, summary }
    }

    #[test]
    fn names_and_hidden_runs_are_as_they_were_set() {
        let all: Vec<KeptRun> = (1..=5).rev().map(|id| kept(id, "lenet5", 0.1)).collect();
        let look = |name: &str, is_shown| RunLook { name: name.into(), is_shown };
        let looks = BTreeMap::from([(5, look("wide", Some(false))), (1, look("", Some(true)))]);
        let rows = rows(None, &all, &looks, &RunLook::default(), "MNIST");
        let found: Vec<_> =
            rows.iter().map(|row| (row.id.unwrap(), row.name.as_str(), row.is_shown)).collect();
        let name = "lenet5";
        assert_eq!(
            found,
            [(5, "wide", false), (4, name, true), (3, name, true), (2, name, false), (1, name, true)]
        );
        assert!(rows.iter().all(|row| (1..=SHOWN).contains(&row.color)));
        // Those that are shown differ in colour, also with gaps between their numbers.
        let mut colors: Vec<usize> = rows.iter().filter(|row| row.is_shown).map(|row| row.color).collect();
        colors.sort_unstable();
        assert_eq!(colors, [1, 2, 3]);
        let gaps: Vec<KeptRun> = [7, 4, 1].map(|id| kept(id, "lenet5", 0.1)).to_vec();
        let rows = super::rows(None, &gaps, &BTreeMap::new(), &RunLook::default(), "MNIST");
        let mut colors: Vec<usize> = rows.iter().map(|row| row.color).collect();
        colors.sort_unstable();
        assert_eq!(colors, [1, 2, 3]);
    }

    #[test]
    fn only_what_differs_is_said() {
        let all = [kept(3, "lenet5-relu", 0.1), kept(2, "lenet5-relu", 0.01), kept(1, "mlp-5", 0.1)];
        let rows = rows(None, &all, &BTreeMap::new(), &RunLook::default(), "MNIST");
        assert_eq!(rows[0].differences(&rows[0]), Vec::<String>::new());
        assert_eq!(rows[1].differences(&rows[0]), ["learning rate 0.01"]);
        assert_eq!(rows[2].differences(&rows[0])[0], "mlp-5");
        let mut part = rows[0].clone();
        (part.config.train_images, part.config.validation) = (Some(1000), 0.1);
        let found = part.differences(&rows[0]);
        assert!(found.contains(&"training images 1000".to_owned()), "{found:?}");
    }

    #[test]
    fn a_name_is_one_short_line() {
        assert_eq!(tidy_name("  my\nrun \u{7}"), "myrun");
        assert_eq!(tidy_name(&"x".repeat(99)).len(), MAX_NAME);
    }
}
