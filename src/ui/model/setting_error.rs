//! What is wrong with a training setting, in the unit of its field.

use crate::{
    text::{Say as _, Sentence},
    train::TrainError,
};

/// Rules for fractions, and what they are called in a field that shows percents.
const IN_PERCENT: [(&str, &str); 3] = [
    ("must be from 0 to 0.5", "must be from 0 to 50 %"),
    ("must be from 0 to 0.9", "must be from 0 to 90 %"),
    ("must be from 0 to 1", "must be from 0 to 100 %"),
];

/// The settings that are fractions and shown in percents.
const FRACTIONS: [&str; 9] =
    ["validation", "shift", "scale", "aspect", "pen", "serifs", "scan", "hands", "outliers"];

/// The sentence of an error. A fraction is said in percents, as its field shows it; the command line, where it is typed as
/// a fraction, says it as one.
pub fn in_fields(error: &TrainError) -> Sentence {
    let TrainError::Setting { setting, value, rule } = error else { return error.say() };
    let percent = FRACTIONS.contains(setting).then(|| value.parse::<f32>().ok()).flatten();
    let Some(percent) = percent.map(|fraction| fraction * 100.0) else { return error.say() };
    let rule = IN_PERCENT.iter().find(|(fraction, _)| fraction == rule).map_or(*rule, |(_, percent)| percent);
    let value = format!("{} %", (f64::from(percent) * 1000.0).round() / 1000.0);
    TrainError::Setting { setting, value, rule }.say()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{data::Augment, nn::presets, train::TrainConfig};

    fn said(change: impl FnOnce(&mut TrainConfig)) -> String {
        let mut config = TrainConfig::from_recipe(&presets::lenet5_relu().recipe, 1);
        change(&mut config);
        in_fields(&config.check().unwrap_err()).to_string()
    }

    #[test]
    fn fractions_are_said_in_percents() {
        assert_eq!(said(|c| c.validation = 1.0), "validation is 100 %, but must be from 0 to 90 %");
        assert_eq!(said(|c| c.lr = -1.0), "learning rate is -1, but must be a number above 0");
        for number in ["shift", "scale", "aspect", "pen", "serifs", "scan", "hands", "outliers"] {
            let sentence = said(|c| c.augment = augment(number));
            assert!(
                sentence.starts_with(&format!("{number} is 120 %")) && sentence.ends_with(" %"),
                "{sentence}"
            );
        }
        assert_eq!(
            said(|c| c.augment.rotation = 200.0),
            "rotation is 200, but must be from 0 to 180 degrees"
        );
    }

    fn augment(number: &str) -> Augment {
        let value = 1.2;
        let none = Augment::default();
        match number {
            "shift" => Augment { shift: value, ..none },
            "scale" => Augment { scale: value, ..none },
            "aspect" => Augment { aspect: value, ..none },
            "pen" => Augment { pen: value, ..none },
            "serifs" => Augment { serifs: value, ..none },
            "scan" => Augment { scan: value, ..none },
            "hands" => Augment { hands: value, ..none },
            _ => Augment { outliers: value, ..none },
        }
    }
}
