//! The weights of a file that does not say what its layers are, while a person completes the network in Architecture.

use crate::{
    foreign::{Foreign, Map, Matching},
    nn::NetworkSpec,
    text::{Say, Sentence},
};
use serde::{Deserialize, Serialize};
use std::{path::PathBuf, sync::Arc};

/// What can be done with such a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportAct {
    /// Shows the table of tensors, or closes it.
    Table(bool),
    /// Takes this tensor of the file (`None` for none) for the tensor of the network with this key.
    Choose(String, Option<String>),
    /// Leaves a tensor of the file out, or not.
    LeaveOut(String, bool),
    /// Forgets what was chosen.
    Again,
    /// Makes the network of the draft with these weights.
    Use,
    /// Closes the file.
    Close,
}

/// An open file.
#[derive(Clone, Debug)]
pub struct ImportLab {
    /// The file.
    pub path: PathBuf,
    /// What it has.
    pub foreign: Arc<Foreign>,
    /// What a person chose.
    pub map: Map,
    /// Whether the table is open.
    pub shows_table: bool,
}

/// How the weights fit a network.
#[derive(Clone, Debug)]
pub struct Fit {
    /// The tensors of the layers up to the first fault.
    pub matching: Matching,
    /// The first thing that does not fit.
    pub fault: Option<Sentence>,
}

impl ImportLab {
    /// A file that was opened.
    pub fn new(path: PathBuf, foreign: Arc<Foreign>) -> Self {
        Self { path, foreign, map: Map::default(), shows_table: false }
    }

    /// How the weights fit this network.
    pub fn fit(&self, spec: &NetworkSpec) -> Fit {
        let (layers, fault) = spec.build_to_fault();
        let matching = Matching::new(&layers, &self.foreign.found, &self.map);
        let shape = |shape: &[usize]| format!("{shape:?}");
        let wrong_shape = || {
            matching.rows.iter().find_map(|row| {
                let found = self.foreign.found.get(row.found?)?;
                let sentence = Sentence::new("the tensor {tensor} is {found}, but {layer} needs {wanted}");
                let said = sentence.with("tensor", &found.key).with("found", shape(&found.shape));
                let said = said.with("layer", spec.layer_name(row.layer)).with("wanted", shape(&row.shape));
                (found.shape != row.shape).then_some(said)
            })
        };
        let missing = || {
            let row = matching.missing()?;
            let sentence = Sentence::new("{layer} needs {tensor} {shape}, which the file does not have");
            let said = sentence.with("layer", spec.layer_name(row.layer)).with("tensor", &row.key);
            Some(said.with("shape", shape(&row.shape)))
        };
        let unused = || {
            let tensor = self.foreign.found.get(*matching.unused.first()?)?;
            let sentence = Sentence::new("no layer has a place for {tensor} {shape}");
            Some(sentence.with("tensor", &tensor.key).with("shape", shape(&tensor.shape)))
        };
        let fault =
            wrong_shape().or_else(missing).or_else(|| fault.map(|fault| fault.error.say())).or_else(unused);
        Fit { matching, fault }
    }
}
