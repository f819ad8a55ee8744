//! The text of a step: paragraphs of words, numbers of the window, and phrases that point at places.

use super::{LessonError, Quantity};
use crate::text::Sentence;

/// How a span looks, or what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpanKind {
    /// Plain words.
    Plain,
    /// Words in bold: a new term.
    Strong,
    /// Words in italics.
    Emphasis,
    /// Code, in a monospaced font.
    Code,
    /// Words that point at the place of this accessible name.
    Pointing(String),
    /// A number of the window.
    Number(Quantity),
}

/// A part of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The words; for a number its name.
    pub text: String,
    /// How they look.
    pub kind: SpanKind,
}

/// A paragraph, or an item of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// Whether it is an item of a list.
    pub is_item: bool,
    /// Its parts.
    pub spans: Vec<Span>,
}

/// The text of a step in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prose {
    /// Its paragraphs.
    pub blocks: Vec<Block>,
}

impl Prose {
    /// The accessible names of the places that it points at.
    pub fn places(&self) -> impl Iterator<Item = &str> {
        self.blocks.iter().flat_map(|block| &block.spans).filter_map(|span| match &span.kind {
            SpanKind::Pointing(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The numbers of the window in it.
    pub fn numbers(&self) -> impl Iterator<Item = Quantity> {
        self.blocks.iter().flat_map(|block| &block.spans).filter_map(|span| match span.kind {
            SpanKind::Number(quantity) => Some(quantity),
            _ => None,
        })
    }

    /// How many words it has.
    pub fn words(&self) -> usize {
        let spans = self.blocks.iter().flat_map(|block| &block.spans);
        spans.map(|span| span.text.split_whitespace().count()).sum()
    }
}

impl Block {
    /// Adds words, in which `{conv.output}` is a number of the window.
    pub(super) fn push(&mut self, text: &str, kind: &SpanKind, line: usize) -> Result<(), LessonError> {
        let mut rest = text;
        while let Some(start) = rest.find('{').filter(|_| *kind != SpanKind::Code) {
            let Some(len) = rest[start..].find('}') else {
                let reason =
                    Sentence::new("an opening brace without a closing one in “{text}”").with("text", text);
                return Err(LessonError::new(line, reason));
            };
            self.push_words(&rest[..start], kind);
            let name = &rest[start + 1..start + len];
            let quantity = Quantity::of_name(name).map_err(|reason| LessonError::new(line, reason))?;
            self.spans.push(Span { text: name.to_owned(), kind: SpanKind::Number(quantity) });
            rest = &rest[start + len + 1..];
        }
        self.push_words(rest, kind);
        Ok(())
    }

    fn push_words(&mut self, text: &str, kind: &SpanKind) {
        if text.is_empty() {
            return;
        }
        match self.spans.last_mut().filter(|last| last.kind == *kind) {
            Some(last) => last.text.push_str(text),
            None => self.spans.push(Span { text: text.to_owned(), kind: kind.clone() }),
        }
    }
}
