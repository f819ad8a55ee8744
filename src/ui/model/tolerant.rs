//! Reading settings tolerantly: invalid ones get their default, all others are kept.

use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use serde_json::Value;

/// The value, or the default for an invalid one. For `#[serde(deserialize_with)]`.
pub fn or_default<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(file: D) -> Result<T, D::Error> {
    let value = Value::deserialize(file)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

/// The fields of `written` that are valid and keep the whole `is_sound`; all others have their default.
pub fn fields<T: Default + Serialize + DeserializeOwned>(
    written: &Value,
    is_sound: impl Fn(&T) -> bool,
) -> T {
    let mut read = T::default();
    for (name, value) in written.as_object().into_iter().flatten() {
        let Ok(Value::Object(mut all)) = serde_json::to_value(&read) else { continue };
        all.insert(name.clone(), value.clone());
        if let Ok(with) = serde_json::from_value::<T>(Value::Object(all))
            && is_sound(&with)
        {
            read = with;
        }
    }
    read
}
