//! `convlens worksheet`

use super::{error::Usage, number::whole, output};
use crate::{
    lesson::shipped,
    text::{Sentence, language},
    worksheet::{
        Chosen, Digit, MAX_COUNT, Order, Sheet, Topic, WorksheetError, file_names, lesson_sheet, limits,
        sheets, write,
    },
};
use anyhow::Result;
use clap::{Args, ValueEnum};
use std::{ops::RangeInclusive, path::PathBuf, sync::Arc};

/// The settings that a lesson's sheet does not have.
const DRAWN: [&str; 11] = [
    "topic",
    "size",
    "kernel_size",
    "stride",
    "padding",
    "dilation",
    "channels",
    "filters",
    "count",
    "seed",
    "image",
];

/// The options of `convlens worksheet`.
#[derive(Debug, Args)]
pub struct Worksheet {
    /// What the sheets are about.
    #[arg(long, value_enum, default_value = "convolution")]
    topic: TopicName,
    /// The questions of this lesson instead, by its number; see `convlens lesson list`.
    #[arg(long, value_name = "N", value_parser = whole(1..=999_u32), conflicts_with_all = DRAWN)]
    lesson: Option<u32>,
    /// The side of the input.
    #[arg(long, value_name = "N", value_parser = side(limits::SIZE))]
    size: Option<usize>,
    /// The side of the kernel, or of the window of pooling.
    #[arg(long, value_name = "N", value_parser = side(limits::KERNEL_SIZE))]
    kernel_size: Option<usize>,
    /// The distance between two windows.
    #[arg(long, value_name = "N", value_parser = side(limits::STRIDE))]
    stride: Option<usize>,
    /// Zeros around the input.
    #[arg(long, value_name = "N", value_parser = side(limits::PADDING))]
    padding: Option<usize>,
    /// The distance between two neighbouring elements of the kernel.
    #[arg(long, value_name = "N", value_parser = side(limits::DILATION))]
    dilation: Option<usize>,
    /// Channels of the input, for convolution [default: 1].
    #[arg(long, value_name = "N", value_parser = side(limits::CHANNELS))]
    channels: Option<usize>,
    /// Filters, for convolution [default: 1].
    #[arg(long, value_name = "N", value_parser = side(limits::FILTERS))]
    filters: Option<usize>,
    /// How many sheets.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = side(1..=MAX_COUNT))]
    count: usize,
    /// The seed of all that is drawn.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole(0..=u64::MAX))]
    seed: u64,
    /// A picture of a student's own digit, which becomes the input of an exercise.
    #[arg(long, value_name = "IMAGE")]
    image: Option<PathBuf>,
    /// Write every page as a PNG, too.
    #[arg(long)]
    png: bool,
    /// The folder to write to.
    #[arg(long, value_name = "DIR", default_value = "convlens-worksheets")]
    out: PathBuf,
}

fn side(range: RangeInclusive<usize>) -> clap::builder::ValueParser {
    whole(range)
}

/// [`Topic`] on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TopicName {
    /// Slide a kernel over numbers.
    Convolution,
    /// Find the largest number and the mean of windows.
    Pooling,
    /// Reckon the size of the output, padding and stride.
    Sizes,
}

impl Worksheet {
    pub(super) fn run(&self) -> Result<()> {
        let made = match self.lesson {
            Some(number) => of_lesson(number),
            None => self.drawn(),
        };
        let sheets = made.map_err(usage)?;
        let files = write(&self.out, &sheets, self.png, |_| true)?;
        let folder = self.out.display();
        let names = file_names(sheets.len());
        let sentence = match names.as_slice() {
            [first, .., last, _] => {
                Sentence::new("{folder}: {first} to {last} and answers.pdf, {files} files")
                    .with("first", first)
                    .with("last", last)
            }
            names => Sentence::new("{folder}: {first} and answers.pdf, {files} files")
                .with("first", names.first().map_or("", String::as_str)),
        };
        output::line(sentence.with("folder", folder).with("files", files))?;
        Ok(())
    }

    fn drawn(&self) -> Result<Vec<Sheet>, WorksheetError> {
        let Self { size, kernel_size, stride, padding, dilation, channels, filters, .. } = *self;
        let topic = match self.topic {
            TopicName::Convolution => Topic::Convolution,
            TopicName::Pooling => Topic::Pooling,
            TopicName::Sizes => Topic::Sizes,
        };
        let chosen = Chosen { size, kernel_size, stride, padding, dilation, channels, filters };
        let digit = match &self.image {
            Some(path) => Some(Arc::new(Digit::open(path)?)),
            None => None,
        };
        sheets(&Order { topic, chosen, count: self.count, seed: self.seed, digit })
    }
}

fn of_lesson(number: u32) -> Result<Vec<Sheet>, WorksheetError> {
    let lesson = shipped().iter().find(|lesson| lesson.number == number);
    let lesson = lesson.ok_or(WorksheetError::NoLesson(number))?;
    Ok(vec![lesson_sheet(lesson, language())?])
}

/// Settings that fit no sheet are wrong usage; a picture that cannot be read is a failure.
fn usage(error: WorksheetError) -> anyhow::Error {
    match error {
        WorksheetError::Picture(_) | WorksheetError::Blank(_) => error.into(),
        other => Usage(other.to_string()).into(),
    }
}
