//! Text by language.

use crate::text::{Language, Sentence, language};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A text in English and perhaps in other languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Texts {
    en: String,
    /// By the code of the language.
    others: BTreeMap<String, String>,
}

/// A text as it is written: a string is English.
#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "a text, or a table of texts by language such as { en = \"…\", zh = \"…\" }")]
enum Written {
    English(String),
    Languages(BTreeMap<String, String>),
}

impl TryFrom<Written> for Texts {
    type Error = Sentence;

    fn try_from(written: Written) -> Result<Self, Sentence> {
        let mut others = match written {
            Written::English(en) => return Ok(Self { en, others: BTreeMap::new() }),
            Written::Languages(texts) => texts,
        };
        if let Some(code) = others.keys().find(|code| Language::of_code(code).is_none()) {
            let sentence = Sentence::new("there is no language {code}, only {known}");
            return Err(sentence.with("code", code).with("known", Language::codes()));
        }
        match others.remove(Language::ENGLISH.code()) {
            Some(en) => Ok(Self { en, others }),
            None => Err(Sentence::new("a text by language has to have an English one: en = \"…\"")),
        }
    }
}

impl From<Texts> for Written {
    fn from(texts: Texts) -> Self {
        let Texts { en, mut others } = texts;
        if others.is_empty() {
            return Self::English(en);
        }
        others.insert(Language::ENGLISH.code().to_owned(), en);
        Self::Languages(others)
    }
}

impl Texts {
    /// A text in English alone.
    pub fn english(text: &str) -> Self {
        Self { en: text.to_owned(), others: BTreeMap::new() }
    }

    /// Changes the English text; other languages stay.
    pub fn set_english(&mut self, text: &str) {
        text.clone_into(&mut self.en);
    }

    /// The text in a language, or in English if it has no other.
    pub fn get(&self, language: Language) -> &str {
        self.others.get(language.code()).unwrap_or(&self.en)
    }

    /// The text in the language of the window.
    pub fn shown(&self) -> &str {
        self.get(language())
    }

    /// Whether there is a text of this language.
    pub fn has(&self, language: Language) -> bool {
        language == Language::ENGLISH || self.others.contains_key(language.code())
    }
}
