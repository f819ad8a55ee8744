//! The error of a setting that is out of range or does not fit the others.

use crate::text::{Say, Sentence};
use std::{fmt, ops::RangeInclusive};

/// A setting that cannot be used: its name, its value and the rule that it breaks.
///
/// ```
/// use convlens::nn::SettingError;
/// let error = SettingError::check("kernel_size", 0, 1..=4096).unwrap_err();
/// assert_eq!((error.setting(), error.value()), ("kernel_size", "0"));
/// assert_eq!(error.to_string(), "kernel_size is 0, but must be from 1 to 4096");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingError {
    setting: &'static str,
    value: String,
    sentence: Sentence,
}

impl SettingError {
    /// An error with this sentence, in which `{setting}` and `{value}` are filled in. [`SettingError::with`] and
    /// [`SettingError::name`] add further values.
    #[expect(clippy::needless_pass_by_value, reason = "numbers, pairs and text alike are passed")]
    pub fn new(setting: &'static str, value: impl ToString, sentence: &'static str) -> Self {
        let value = value.to_string();
        let sentence = Sentence::new(sentence).name("setting", setting).with("value", &value);
        Self { setting, value, sentence }
    }

    /// Adds a value to the sentence that no language changes, such as a limit.
    #[must_use]
    pub fn with(self, name: &'static str, value: impl ToString) -> Self {
        Self { sentence: self.sentence.with(name, value), ..self }
    }

    /// Adds the name of another setting to the sentence.
    #[must_use]
    pub fn name(self, name: &'static str, setting: &'static str) -> Self {
        Self { sentence: self.sentence.name(name, setting), ..self }
    }

    /// Adds a word or clause to the sentence that is translated by itself.
    #[must_use]
    pub fn part(self, name: &'static str, part: &'static str) -> Self {
        Self { sentence: self.sentence.part(name, Sentence::new(part)), ..self }
    }

    /// Refuses a value outside `range`. NaN is outside every range.
    ///
    /// # Errors
    /// `{setting} is {value}, but must be from {least} to {most}`.
    pub fn check<T: PartialOrd + ToString>(
        setting: &'static str,
        value: T,
        range: RangeInclusive<T>,
    ) -> Result<(), Self> {
        if range.contains(&value) {
            return Ok(());
        }
        let error = Self::new(setting, value, "{setting} is {value}, but must be from {least} to {most}");
        Err(error.with("least", range.start().to_string()).with("most", range.end().to_string()))
    }

    /// Refuses a value that is infinite or NaN.
    ///
    /// # Errors
    /// `{setting} is {value}, but must be finite`.
    pub fn check_finite(setting: &'static str, value: f32) -> Result<(), Self> {
        if value.is_finite() {
            return Ok(());
        }
        Err(Self::new(setting, value, "{setting} is {value}, but must be finite"))
    }

    /// The setting's name in spec files and on the command line, which is PyTorch's where PyTorch has the setting.
    pub fn setting(&self) -> &'static str {
        self.setting
    }

    /// Its value, as a person wrote it.
    pub fn value(&self) -> &str {
        &self.value
    }
}

impl Say for SettingError {
    fn say(&self) -> Sentence {
        self.sentence.clone()
    }
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentence.fmt(f)
    }
}

impl std::error::Error for SettingError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_checked() {
        assert!(SettingError::check("p", 0.5_f32, 0.0..=1.0).is_ok());
        let error = SettingError::check("p", f32::NAN, 0.0..=1.0).unwrap_err();
        assert_eq!(error.to_string(), "p is NaN, but must be from 0 to 1");
        assert!(SettingError::check_finite("beta", f32::INFINITY).is_err());
    }

    #[test]
    fn the_window_writes_names_without_underscores() {
        let error = SettingError::new("groups", 3, "{setting} is {value}, but {other} is 4")
            .name("other", "out_channels");
        assert_eq!(error.to_string(), "groups is 3, but out_channels is 4");
        assert_eq!(error.say().capitalised(), "Groups is 3, but out channels is 4");
    }
}
