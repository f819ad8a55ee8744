//! Why settings cannot be computed.

/// Why settings cannot be computed, for the control of the setting that has to change. `S` names the controls of a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected<S> {
    /// What has to change.
    pub setting: S,
    /// The setting, its value, and what would be right.
    pub sentence: String,
}

impl<S> Rejected<S> {
    /// With a sentence as it is shown.
    pub fn new(setting: S, sentence: impl Into<String>) -> Self {
        Self { setting, sentence: sentence.into() }
    }

    /// With a clause of the core, made a sentence.
    pub fn of_core(setting: S, clause: &str) -> Self {
        let mut letters = clause.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
        Self::new(setting, format!("{first}{}.", letters.as_str()))
    }
}
