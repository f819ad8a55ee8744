//! Reading a lesson file.

use super::{
    Block, LessonError, Prose, Show, SpanKind, Task, Texts,
    blocks::{BlockError, parse},
    checksum::checksum,
    task,
};
use crate::text::{Language, Sentence, language};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, MetadataBlockKind, Options, Parser, Tag, TagEnd};
use serde::{Deserialize, Serialize};
use std::{collections::HashMap, ops::Range};

/// The most bytes of a lesson file.
pub const MAX_BYTES: usize = 1 << 20;

/// A lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// A short name, which identifies it: letters, digits and hyphens.
    pub id: String,
    /// Its place in the list; 0 for a lesson outside of it.
    pub number: u32,
    /// The minutes that it takes.
    pub minutes: u32,
    /// Its title.
    pub title: Texts,
    /// What it is about, in a sentence.
    pub about: Texts,
    /// Its group in the list.
    pub topic: Option<Topic>,
    /// Its steps.
    pub steps: Vec<Step>,
    /// The checksum of its file.
    pub checksum: String,
}

/// A group of lessons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// Images, windows, sizes.
    FirstSteps,
    /// Kernels, channels, pooling, variants.
    Convolution,
    /// Whole networks.
    Networks,
    /// Training.
    Learning,
}

impl Topic {
    /// All topics, in the order of the list.
    pub const ALL: [Self; 4] = [Self::FirstSteps, Self::Convolution, Self::Networks, Self::Learning];
}

/// A step of a lesson.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    /// Its title, in English.
    pub title: String,
    /// Its text, in English.
    pub text: Prose,
    /// Title and text in other languages.
    pub translations: HashMap<&'static str, (String, Prose)>,
    /// The state that it shows; `None` leaves the state of the step before.
    pub show: Option<Show>,
    /// What it asks.
    pub task: Option<Task>,
    /// Its line in the file, from 1.
    pub line: usize,
}

impl Step {
    /// Title and text in a language, or in English if there is no other.
    pub fn in_language(&self, language: Language) -> (&str, &Prose) {
        match self.translations.get(language.code()) {
            Some((title, text)) => (title, text),
            None => (&self.title, &self.text),
        }
    }

    /// Title and text in the language of the window.
    pub fn shown(&self) -> (&str, &Prose) {
        self.in_language(language())
    }
}

/// The beginning of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    id: String,
    #[serde(default)]
    number: u32,
    minutes: u32,
    title: Texts,
    #[serde(default)]
    about: Texts,
    topic: Option<Topic>,
}

impl Lesson {
    /// Reads a lesson. Errors name the line.
    pub fn read(text: &str) -> Result<Self, LessonError> {
        if text.len() > MAX_BYTES {
            let reason = Sentence::new("the file has {bytes} bytes, but a lesson has at most {most}");
            return Err(LessonError::new(1, reason.with("bytes", text.len()).with("most", MAX_BYTES)));
        }
        Reader::new(text).read()
    }
}

/// Where the text goes that is being read.
enum Target {
    /// The text of the step.
    English,
    /// Its text in another language.
    Other(Language),
}

struct Reader<'a> {
    text: &'a str,
    /// The first byte of each line.
    lines: Vec<usize>,
    head: Option<Head>,
    steps: Vec<Step>,
    target: Target,
    block: Block,
    /// The kinds of the spans that are open, the innermost last.
    kinds: Vec<SpanKind>,
    heading: Option<(HeadingLevel, String)>,
    is_head: bool,
    fence: Option<String>,
    is_item: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self {
            text,
            lines,
            head: None,
            steps: Vec::new(),
            target: Target::English,
            block: Block::default(),
            kinds: Vec::new(),
            heading: None,
            is_head: false,
            fence: None,
            is_item: false,
        }
    }

    /// The line of a byte, from 1.
    fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|start| *start <= at)
    }

    fn read(mut self) -> Result<Lesson, LessonError> {
        let options = Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
        for (event, range) in Parser::new_ext(self.text, options).into_offset_iter() {
            self.take(event, range)?;
        }
        let Some(Head { id, number, minutes, title, about, topic }) = self.head else {
            let reason =
                Sentence::new("a lesson begins with its id, minutes and title between two lines of +++");
            return Err(LessonError::new(1, reason));
        };
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if id.is_empty() || !id.chars().all(is_plain) {
            let reason =
                Sentence::new("the short name (id) is “{id}”, but must be letters, digits and hyphens");
            return Err(LessonError::new(2, reason.with("id", &id)));
        }
        if self.steps.is_empty() {
            let reason =
                Sentence::new("a lesson has at least one step, which begins with a heading: ## Title");
            return Err(LessonError::new(self.lines.len(), reason));
        }
        let checksum = checksum(self.text);
        Ok(Lesson { id, number, minutes, title, about, topic, steps: self.steps, checksum })
    }

    fn take(&mut self, event: Event<'_>, range: Range<usize>) -> Result<(), LessonError> {
        let line = self.line(range.start);
        match event {
            Event::Start(Tag::MetadataBlock(MetadataBlockKind::PlusesStyle)) => self.is_head = true,
            Event::End(TagEnd::MetadataBlock(_)) => self.is_head = false,
            Event::Text(text) if self.is_head => {
                self.head = Some(parse(&text).map_err(|error| at_line(line, error))?);
            }
            Event::Start(Tag::Heading { level, .. }) => self.heading = Some((level, String::new())),
            Event::End(TagEnd::Heading(_)) => self.end_heading(line)?,
            Event::Text(text) | Event::Code(text) if self.heading.is_some() => {
                if let Some((_, title)) = &mut self.heading {
                    title.push_str(&text);
                }
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(kind))) => {
                self.fence = Some(kind.trim().to_owned());
                // An empty block has no text.
                if self.text[range.clone()].lines().count() <= 2 {
                    self.take_block("", line)?;
                }
            }
            Event::Text(text) if self.fence.is_some() => self.take_block(&text, line)?,
            Event::End(TagEnd::CodeBlock) => self.fence = None,
            Event::Start(Tag::Strong) => self.kinds.push(SpanKind::Strong),
            Event::Start(Tag::Emphasis) => self.kinds.push(SpanKind::Emphasis),
            Event::Start(Tag::Link { dest_url, .. }) => {
                self.kinds.push(SpanKind::Pointing(dest_url.into_string()));
            }
            Event::End(TagEnd::Strong | TagEnd::Emphasis | TagEnd::Link) => {
                self.kinds.pop();
            }
            Event::Start(Tag::Item) => self.is_item = true,
            Event::End(TagEnd::Item) => {
                self.end_block(line)?;
                self.is_item = false;
            }
            Event::End(TagEnd::Paragraph) => self.end_block(line)?,
            Event::Text(text) => {
                let kind = self.kinds.last().cloned().unwrap_or(SpanKind::Plain);
                self.block.push(&text, &kind, line)?;
            }
            Event::Code(text) => self.block.push(&text, &SpanKind::Code, line)?,
            Event::SoftBreak | Event::HardBreak => {
                let kind = self.kinds.last().cloned().unwrap_or(SpanKind::Plain);
                self.block.push(" ", &kind, line)?;
            }
            Event::Html(_) | Event::InlineHtml(_) => {
                let reason = Sentence::new("a lesson has no HTML");
                return Err(LessonError::new(line, reason));
            }
            _ => {}
        }
        Ok(())
    }

    fn end_heading(&mut self, line: usize) -> Result<(), LessonError> {
        let Some((level, title)) = self.heading.take() else { return Ok(()) };
        let title = title.trim().to_owned();
        match level {
            HeadingLevel::H2 => {
                self.target = Target::English;
                self.steps.push(Step { title, line, ..Step::default() });
            }
            HeadingLevel::H3 => {
                let (code, rest) = title.split_once(' ').unwrap_or((&title, ""));
                let language = Language::of_code(code).filter(|language| *language != Language::ENGLISH);
                let Some(language) = language else {
                    let reason = Sentence::new(
                        "“### {title}” must begin with the code of a language other than English: zh",
                    );
                    return Err(LessonError::new(line, reason.with("title", &title)));
                };
                let step = self.step(line)?;
                step.translations.insert(language.code(), (rest.to_owned(), Prose::default()));
                self.target = Target::Other(language);
            }
            _ => {
                let reason =
                    Sentence::new("“{title}” must be a step (## Title) or a translation (### zh Title)");
                return Err(LessonError::new(line, reason.with("title", &title)));
            }
        }
        Ok(())
    }

    /// The step that is being read.
    fn step(&mut self, line: usize) -> Result<&mut Step, LessonError> {
        self.steps.last_mut().ok_or_else(|| {
            LessonError::new(line, Sentence::new("text before the first step, which begins with ## Title"))
        })
    }

    fn take_block(&mut self, text: &str, line: usize) -> Result<(), LessonError> {
        let kind = self.fence.clone().unwrap_or_default();
        // The text of a block begins below its fence.
        let first = if text.is_empty() { line } else { line.max(1) };
        let at = |error| at_line(first, error);
        let step = self.step(line)?;
        if kind == "show" {
            if step.show.is_some() {
                return Err(LessonError::new(line, Sentence::new("a step has one `show` block")));
            }
            step.show = Some(parse(text).map_err(at)?);
        } else if task::KINDS.contains(&kind.as_str()) {
            if step.task.is_some() {
                return Err(LessonError::new(line, Sentence::new("a step has one task")));
            }
            step.task = Some(task::read(&kind, text).map_err(at)?);
        } else {
            let reason = Sentence::new("there is no block “{kind}”, only show, {known}")
                .with("kind", kind)
                .with("known", task::KINDS.join(", "));
            return Err(LessonError::new(line, reason));
        }
        Ok(())
    }

    fn end_block(&mut self, line: usize) -> Result<(), LessonError> {
        let mut block = std::mem::take(&mut self.block);
        if block.spans.is_empty() {
            return Ok(());
        }
        block.is_item = self.is_item;
        let language = match self.target {
            Target::English => None,
            Target::Other(language) => Some(language),
        };
        let step = self.step(line)?;
        let prose = match language.and_then(|language| step.translations.get_mut(language.code())) {
            Some((_, prose)) => prose,
            None => &mut step.text,
        };
        prose.blocks.push(block);
        Ok(())
    }
}

fn at_line(line: usize, error: BlockError) -> LessonError {
    let reason = Sentence::new("{reason}").with("reason", error.reason);
    LessonError::new(line + error.line, reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::SHIPPED;

    const HEAD: &str =
        "+++\nid = \"a\"\nnumber = 1\nminutes = 5\ntitle = { en = \"A\", zh = \"甲\" }\n+++\n\n";

    fn error(body: &str) -> String {
        Lesson::read(&format!("{HEAD}{body}")).unwrap_err().to_string()
    }

    #[test]
    fn a_lesson_is_read_with_its_languages() {
        let body = "## One\n\nSee **this** and [that](<output 0, 0>): {conv.output}.\n\n- an item\n\n### zh 一\n\n中文 {conv.stride}\n\n```number\nask = \"?\"\nanswer = 3\n```\n\n## Two\n\nEnd.\n";
        let lesson = Lesson::read(&format!("{HEAD}{body}")).unwrap();
        assert_eq!(lesson.title.get(Language::of_code("zh").unwrap()), "甲");
        assert_eq!(lesson.steps.len(), 2);
        let step = &lesson.steps[0];
        assert_eq!(step.text.places().collect::<Vec<_>>(), ["output 0, 0"]);
        assert_eq!(step.text.blocks.len(), 2);
        let (title, text) = step.in_language(Language::of_code("zh").unwrap());
        assert_eq!((title, text.numbers().count()), ("一", 1));
        assert_eq!(lesson.steps[1].in_language(Language::of_code("zh").unwrap()).0, "Two");
        assert!(step.task.is_some());
    }

    #[test]
    fn errors_name_the_line_and_the_reason() {
        for (body, line, words) in [
            ("## One\n\n{conv.outptu}\n", 10, "there is no number conv.outptu"),
            ("## One\n\n```show\nview = \"train\"\nstride = 2\n```\n", 12, "stride"),
            ("## One\n\n```question\n```\n", 10, "there is no block “question”"),
            ("## One\n\n```number\nask = \"?\"\nanswer = \"x\"\n```\n", 12, "x"),
            ("## One\n\n### fr Un\n", 10, "must begin with the code of a language"),
            ("# One\n", 8, "must be a step"),
            ("Text.\n", 8, "before the first step"),
            ("", 8, "at least one step"),
            ("## One\n\n<b>bold</b>\n", 10, "no HTML"),
        ] {
            let error = error(body);
            assert!(error.contains(words), "{body}: {error}");
            assert!(error.starts_with(&format!("line {line}: ")), "{body}: {error}");
        }
        assert!(Lesson::read("## One\n").unwrap_err().to_string().contains("begins with its id"));
    }

    #[test]
    fn a_damaged_file_is_refused_in_one_line_or_read() {
        for text in SHIPPED {
            for (at, _) in text.char_indices().filter(|(at, _)| at % 7 == 0) {
                let broken = format!("{}{}", &text[..at], text[at..].get(5..).unwrap_or_default());
                for text in [&text[..at], broken.as_str()] {
                    if let Err(error) = Lesson::read(text) {
                        let sentence = error.to_string();
                        assert!(!sentence.contains('\n') && error.line >= 1, "{sentence}");
                    }
                }
            }
        }
    }
}
