//! The languages of the program.
//!
//! English is the language of the sources: its texts are the keys. Every other language is a file in
//! `assets/languages`, a TOML table of its texts by their English key, and a line in [`FILES`].

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{
    cell::Cell,
    collections::HashMap,
    sync::{
        LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Code, own name and table of every language but English. A test reads them all.
const FILES: &[(&str, &str, &str)] = &[("zh", "简体中文", include_str!("../../assets/languages/zh.toml"))];

/// A language of the window, the command line and of lessons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Language(usize);

impl Language {
    /// English.
    pub const ENGLISH: Self = Self(0);

    /// All languages, English first.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..=FILES.len()).map(Self)
    }

    /// The code in settings, lesson files and options, such as `en`.
    pub fn code(self) -> &'static str {
        self.other().map_or("en", |(code, ..)| code)
    }

    /// Its name in itself.
    pub fn name(self) -> &'static str {
        self.other().map_or("English", |(_, name, _)| name)
    }

    /// The language of a code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::all().find(|language| language.code() == code)
    }

    /// The language of a locale, such as `zh_CN.UTF-8` or `en-GB`.
    pub fn of_locale(locale: &str) -> Option<Self> {
        let code = locale.split(['-', '_', '.', '@']).next()?;
        Self::of_code(&code.to_ascii_lowercase())
    }

    /// All codes, as they are listed in sentences.
    pub fn codes() -> String {
        Self::all().map(Self::code).collect::<Vec<_>>().join(", ")
    }

    fn other(self) -> Option<&'static (&'static str, &'static str, &'static str)> {
        FILES.get(self.0.checked_sub(1)?)
    }

    /// Its texts by their English keys; English has none.
    pub(super) fn table(self) -> Option<&'static Table> {
        TABLES.get(self.0.checked_sub(1)?).map(LazyLock::force)
    }
}

impl Serialize for Language {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::of_code(&code).ok_or_else(|| D::Error::custom(format!("no language {code:?}")))
    }
}

/// The texts of a language by their English keys.
pub(super) type Table = HashMap<String, String>;

/// The table of each of [`FILES`], read when it is first used.
static TABLES: [LazyLock<Table>; FILES.len()] = [LazyLock::new(|| read(0))];

fn read(file: usize) -> Table {
    // That every file can be read is held by a test.
    toml::from_str(FILES[file].2).unwrap_or_default()
}

/// The language of threads that have none of their own.
static USUAL: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static OWN: Cell<Option<Language>> = const { Cell::new(None) };
}

/// The language of this thread: its own, or that of [`set_usual_language`].
pub fn language() -> Language {
    OWN.get().unwrap_or_else(|| Language(USUAL.load(Ordering::Relaxed)))
}

/// Sets the language of this thread. The window sets that of its own in every frame, so that tests of windows in several
/// languages run side by side.
pub fn set_language(language: Language) {
    OWN.set(Some(language));
}

/// Does work in a language, whatever that of this thread is.
pub fn in_language<T>(language: Language, work: impl FnOnce() -> T) -> T {
    let before = OWN.replace(Some(language));
    let made = work();
    OWN.set(before);
    made
}

/// Sets the language of all threads that have none of their own.
pub fn set_usual_language(language: Language) {
    USUAL.store(language.0, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_can_be_read() {
        for (code, _, text) in FILES {
            let table: Table = toml::from_str(text).unwrap_or_else(|e| panic!("{code}: {e}"));
            assert!(table.len() > 1_000, "{code} has {} texts", table.len());
        }
        let listed: Vec<String> = FILES.iter().map(|(code, ..)| format!("{code}.toml")).collect();
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/languages");
        for file in std::fs::read_dir(folder).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            assert!(listed.contains(&name), "{name} is not listed");
        }
    }

    #[test]
    fn languages_are_found_by_code_and_locale() {
        assert_eq!(Language::of_code("en"), Some(Language::ENGLISH));
        assert_eq!(Language::of_code("xx"), None);
        let chinese = Language::of_code("zh").unwrap();
        for locale in ["zh_CN.UTF-8", "zh-Hans-CN", "ZH", "zh"] {
            assert_eq!(Language::of_locale(locale), Some(chinese));
        }
        assert_eq!(Language::of_locale("C.UTF-8"), None);
        assert_eq!(Language::codes(), "en, zh");
        assert_eq!(chinese.name(), "简体中文");
    }

    #[test]
    fn a_thread_has_its_own_language() {
        let chinese = Language::of_code("zh").unwrap();
        set_language(chinese);
        assert_eq!(language(), chinese);
        let other = std::thread::spawn(language).join().unwrap();
        assert_eq!(other, Language::ENGLISH);
        assert_eq!(in_language(Language::ENGLISH, language), Language::ENGLISH);
        assert_eq!(language(), chinese);
        set_language(Language::ENGLISH);
    }
}
