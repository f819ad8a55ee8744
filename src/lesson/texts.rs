//! Text by language.

use serde::{Deserialize, Serialize};

/// A language of lessons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// The code in lesson files and options, such as `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }

    /// The language of a code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }
}

/// A text in English and perhaps in other languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Texts {
    en: String,
    zh: Option<String>,
}

/// A text as it is written: a string is English.
#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "a text, or a table of texts by language such as { en = \"…\", zh = \"…\" }")]
enum Written {
    English(String),
    Languages(Languages),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Languages {
    en: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zh: Option<String>,
}

impl From<Written> for Texts {
    fn from(written: Written) -> Self {
        match written {
            Written::English(en) => Self { en, zh: None },
            Written::Languages(Languages { en, zh }) => Self { en, zh },
        }
    }
}

impl From<Texts> for Written {
    fn from(texts: Texts) -> Self {
        match texts {
            Texts { en, zh: None } => Self::English(en),
            Texts { en, zh } => Self::Languages(Languages { en, zh }),
        }
    }
}

impl Texts {
    /// A text in English alone.
    pub fn english(text: &str) -> Self {
        Self { en: text.to_owned(), zh: None }
    }

    /// Changes the English text; other languages stay.
    pub fn set_english(&mut self, text: &str) {
        text.clone_into(&mut self.en);
    }

    /// The text in a language, or in English if it has no other.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Chinese => self.zh.as_deref().unwrap_or(&self.en),
        }
    }
}
