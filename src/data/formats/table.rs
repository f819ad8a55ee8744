//! Tables (CSV): a row for each image, with its label in the first or the last column and its pixels in the others. With
//! column names, as Kaggle has them, or without, as in MNIST-in-CSV.

use std::{
    collections::BTreeSet,
    io::{self, BufRead, Read},
    path::{Path, PathBuf},
};

use csv::{ByteRecord, ReaderBuilder};

use super::{
    found::Found,
    labels::Classes,
    listing::{file_name, form, has_extension},
    npz::{square, stretch},
    report::{Choices, LabelColumn, Report},
};
use crate::{
    data::{
        DataError, Split,
        packed::{MAX_BYTES, Packed},
    },
    text::Sentence,
};

/// The longest row, in bytes.
const MAX_ROW: u64 = 1 << 20;
/// The most columns: 256×256 pixels in colour, and the label.
const MAX_COLUMNS: usize = 3 * 256 * 256 + 1;
/// The rows by which it is told where the labels are, and whether values are fractions.
const LOOK: usize = 300;
/// Names of the column with the labels.
const LABEL_NAMES: [&str; 9] =
    ["label", "labels", "class", "classes", "target", "y", "digit", "letter", "character"];

/// The tables of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tables {
    train: PathBuf,
    test: Option<PathBuf>,
    others: Vec<String>,
}

/// The tables in a folder, if there are any.
///
/// # Errors
/// If there are those of several sets.
pub(super) fn find(folder: &Path, files: &[String]) -> Result<Option<Tables>, DataError> {
    let tables: Vec<&String> = files.iter().filter(|file| is_table(file)).collect();
    let (mut train, mut others): (Vec<&String>, Vec<&String>) =
        tables.iter().partition(|file| file.to_lowercase().contains("train"));
    if train.is_empty() {
        std::mem::swap(&mut train, &mut others);
    }
    match train[..] {
        [] => Ok(None),
        [train] => Ok(Some(with_test(&folder.join(train), files))),
        [first, second, ..] => {
            let (first, second) = (first.clone(), second.clone());
            Err(DataError::SeveralSets { folder: folder.display().to_string(), first, second })
        }
    }
}

/// A table with the table of its test images beside it, if there is one.
pub(super) fn with_test(path: &Path, files: &[String]) -> Tables {
    let name = file_name(path);
    let lower = name.to_lowercase();
    let test = files.iter().find(|file| {
        let other = file.to_lowercase();
        is_table(file) && lower.contains("train") && other != lower && other == lower.replace("train", "test")
    });
    let others = files.iter().filter(|file| is_table(file) && **file != name && Some(*file) != test);
    Tables {
        train: path.to_owned(),
        test: test.map(|test| path.with_file_name(test)),
        others: others.cloned().collect(),
    }
}

fn is_table(file: &str) -> bool {
    has_extension(file, "csv") || has_extension(file, "csv.gz")
}

/// Reads a set.
pub(super) fn read(tables: &Tables, choices: &Choices) -> Result<Found, DataError> {
    let mut report = Report::new("CSV", choices);
    for other in &tables.others {
        report.skip(other.clone(), Sentence::new("is another table"));
    }
    let mut train = Table::read(&tables.train, choices.labels)?.labelled()?;
    let test = match tables.test.as_deref().map(|path| Table::read(path, Some(train.column))).transpose()? {
        Some(test) if test.has_labels(train.pixel_count()) => Some(test.labelled()?),
        Some(test) => {
            report.skip(test.name, Sentence::new("has no labels"));
            None
        }
        None => None,
    };
    let mut test = test;
    let names: BTreeSet<String> = [Some(&train), test.as_ref()]
        .into_iter()
        .flatten()
        .flat_map(|table| table.labels.iter().cloned())
        .collect();
    let classes = Classes::new(names).map_err(|reason| form(&tables.train, reason))?;
    report.offers.labels = !train.is_named;
    report.choices.labels = Some(train.column);
    report.notes.push(match train.column {
        LabelColumn::First => Sentence::new("labels in the first column"),
        LabelColumn::Last => Sentence::new("labels in the last column"),
    });
    report.notes.extend(train.note.take());
    let is_sideways = file_name(&tables.train).to_lowercase().starts_with("emnist-");
    let mut split = |table: &mut Labelled| {
        let labels = table.labels.iter().map(|name| classes.label(name).unwrap_or_default()).collect();
        let pixels = std::mem::take(&mut table.pixels);
        let mut split = Split::with_channels(&table.name, pixels, labels, table.shape)?;
        if is_sideways {
            split.transpose();
        }
        Ok::<_, DataError>(split)
    };
    let (train, test) = (split(&mut train)?, test.as_mut().map(&mut split).transpose()?);
    if is_sideways {
        report.notes.push(Sentence::new("EMNIST's images lie on their side and were turned upright"));
    }
    Ok(Found { train, test, classes: classes.names(), report })
}

/// A reader that gives only so many bytes until it is allowed more: no row is longer.
struct Rationed<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Rationed<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::Error::other("a row is longer than 1 MiB"));
        }
        let most = out.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let read = self.inner.read(&mut out[..most])?;
        self.left -= read as u64;
        Ok(read)
    }
}

/// The rows of a file. Values are numbers, of which the label is a text.
#[derive(Debug)]
struct Table {
    name: String,
    /// The names of the columns, if the first row has them.
    head: Option<Vec<String>>,
    columns: usize,
    column: LabelColumn,
    is_named: bool,
    labels: Vec<String>,
    /// Pixels row by row, without the label.
    pixels: Vec<u8>,
    are_fractions: bool,
}

/// A table whose pixels are images.
struct Labelled {
    name: String,
    column: LabelColumn,
    is_named: bool,
    labels: Vec<String>,
    pixels: Vec<u8>,
    shape: (usize, usize, usize),
    note: Option<Sentence>,
}

impl Labelled {
    fn pixel_count(&self) -> usize {
        self.shape.0 * self.shape.1 * self.shape.2
    }
}

impl Table {
    fn read(path: &Path, labels: Option<LabelColumn>) -> Result<Self, DataError> {
        Self::of(Packed::open(path)?, labels)
    }

    fn of(file: Packed<impl BufRead>, labels: Option<LabelColumn>) -> Result<Self, DataError> {
        let name = file.name.clone();
        let wrong = |reason| DataError::Form { name: name.clone(), reason };
        let rationed = Rationed { inner: file, left: MAX_ROW };
        let mut rows = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(rationed);
        let mut record = ByteRecord::new();
        let mut next = |record: &mut ByteRecord| {
            rows.get_mut().left = MAX_ROW;
            let is_row = rows.read_byte_record(record);
            is_row.map_err(|e| wrong(Sentence::new("cannot be read as CSV: {reason}").with("reason", e)))
        };
        let mut looked: Vec<ByteRecord> = Vec::new();
        while looked.len() < LOOK && next(&mut record)? {
            looked.push(record.clone());
            if looked.iter().map(ByteRecord::len).sum::<usize>() > 16 * MAX_COLUMNS {
                break;
            }
        }
        let Some(first) = looked.first() else {
            return Err(wrong(Sentence::new("has no rows; a row for each image is right")));
        };
        let is_head =
            first.iter().skip(1).take(first.len().saturating_sub(2)).any(|value| number(value).is_none());
        let head = is_head.then(|| first.iter().map(text).collect::<Vec<_>>());
        let columns = first.len();
        if !(2..=MAX_COLUMNS).contains(&columns) {
            return Err(wrong(
                Sentence::new("has {columns} columns, but a label and 4 to 196608 pixels are right")
                    .with("columns", columns),
            ));
        }
        let looked = &looked[usize::from(is_head)..];
        let named = head.as_ref().and_then(|head| {
            let is_label = |name: &String| LABEL_NAMES.contains(&name.to_lowercase().as_str());
            let (first, last) = (head.first().is_some_and(is_label), head.last().is_some_and(is_label));
            if first { Some(LabelColumn::First) } else { last.then_some(LabelColumn::Last) }
        });
        let column = named.or(labels).unwrap_or_else(|| label_column(looked, columns));
        let values = looked.iter().flat_map(|row| pixels(row, column)).filter_map(number);
        let (most, is_whole) =
            values.fold((0.0_f64, true), |(most, is_whole), v| (most.max(v), is_whole && v.fract() == 0.0));
        let mut table = Self {
            name: name.clone(),
            head,
            columns,
            column,
            is_named: named.is_some(),
            labels: Vec::new(),
            pixels: Vec::new(),
            are_fractions: most <= 1.0 && !is_whole,
        };
        let mut number = 1 + usize::from(is_head);
        for row in looked {
            table.push(number, row).map_err(wrong)?;
            number += 1;
        }
        while next(&mut record)? {
            table.push(number, &record).map_err(wrong)?;
            number += 1;
        }
        Ok(table)
    }

    /// Adds a row; rows are counted from 1.
    fn push(&mut self, number: usize, row: &ByteRecord) -> Result<(), Sentence> {
        if row.len() != self.columns {
            return Err(Sentence::new("row {row} has {found} columns, but the first has {columns}")
                .with("row", number)
                .with("found", row.len())
                .with("columns", self.columns));
        }
        if self.pixels.len() + row.len() > MAX_BYTES {
            return Err(Sentence::new("row {row} goes beyond 1 GiB of pixels").with("row", number));
        }
        let at = match self.column {
            LabelColumn::First => 0,
            LabelColumn::Last => row.len() - 1,
        };
        let label = text(&row[at]);
        if label.is_empty() {
            return Err(Sentence::new("row {row} has no label in column {column}")
                .with("row", number)
                .with("column", at + 1));
        }
        // Labels are whole numbers, but some programs write them as 3.0.
        self.labels.push(label.strip_suffix(".0").map_or(label.clone(), str::to_owned));
        for (column, value) in row.iter().enumerate().filter(|(column, _)| *column != at) {
            let byte = match byte(value) {
                Some(byte) if !self.are_fractions => Some(byte),
                _ => self::number(value)
                    .map(|number| if self.are_fractions { number * 255.0 } else { number })
                    .filter(|number| (-0.5..255.5).contains(number))
                    .map(|number| number.round() as u8),
            };
            let Some(byte) = byte else {
                let rule = if self.are_fractions { "a number from 0 to 1" } else { "a number from 0 to 255" };
                return Err(Sentence::new("row {row}, column {column} is {value}, but a pixel is {rule}")
                    .with("row", number)
                    .with("column", column + 1)
                    .with("value", text(value).chars().take(30).collect::<String>())
                    .part("rule", Sentence::new(rule)));
            };
            self.pixels.push(byte);
        }
        Ok(())
    }

    /// Whether this table has labels, beside training images of so many pixels.
    fn has_labels(&self, pixels: usize) -> bool {
        // Without a column for labels, all columns are pixels.
        self.columns == pixels + 1 && (self.head.is_none() || self.is_named)
    }

    fn labelled(mut self) -> Result<Labelled, DataError> {
        let pixels = self.columns - 1;
        let wrong = |name: &String, reason| Err(DataError::Form { name: name.clone(), reason });
        if self.labels.is_empty() {
            return wrong(&self.name, Sentence::new("has no rows below the names of its columns"));
        }
        let Some(shape) = square(pixels) else {
            let sentence = Sentence::new(
                "has {pixels} pixels beside the label in each row, which is no square image, grey or in colour (784 are 28×28)",
            );
            return wrong(&self.name, sentence.with("pixels", pixels));
        };
        let stretched = (!self.are_fractions).then(|| stretch(&mut self.pixels)).flatten();
        let note =
            stretched.or_else(|| self.are_fractions.then(|| Sentence::new("values are floats from 0 to 1")));
        let Self { name, column, is_named, labels, pixels, .. } = self;
        Ok(Labelled { name, column, is_named, labels, pixels, shape, note })
    }
}

fn text(value: &[u8]) -> String {
    String::from_utf8_lossy(value).trim().trim_start_matches('\u{feff}').to_owned()
}

fn number(value: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(value).ok()?.trim();
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// A whole number from 0 to 255 in digits alone.
fn byte(value: &[u8]) -> Option<u8> {
    if value.is_empty() || value.len() > 3 {
        return None;
    }
    let number = value.iter().try_fold(0_u32, |number, digit| {
        digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0'))
    })?;
    u8::try_from(number).ok()
}

/// The values of a row that are not its label.
fn pixels(row: &ByteRecord, column: LabelColumn) -> impl Iterator<Item = &[u8]> {
    let (skipped, taken) = match column {
        LabelColumn::First => (1, row.len()),
        LabelColumn::Last => (0, row.len().saturating_sub(1)),
    };
    row.iter().skip(skipped).take(taken)
}

/// Where the labels are: the outer column that varies and has the fewer values, as the classes are few; the first column
/// if both are alike.
fn label_column(rows: &[ByteRecord], columns: usize) -> LabelColumn {
    let values = |column: usize| {
        let all: BTreeSet<&[u8]> = rows.iter().filter_map(|row| row.get(column)).collect();
        // A label is a word or a whole number.
        let fits = all
            .iter()
            .all(|value| number(value).is_none_or(|n| n.fract() == 0.0 && (0.0..255.0).contains(&n)));
        (all.len(), fits)
    };
    let ((first, first_fits), (last, last_fits)) = (values(0), values(columns - 1));
    match (first_fits && first > 1, last_fits && last > 1) {
        (false, true) => LabelColumn::Last,
        (true, true) if last < first => LabelColumn::Last,
        _ => LabelColumn::First,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::data::{DataSet, formats::open};

    /// Rows of a label and 2×2 pixels.
    const ROWS: &str = "3,0,10,20,255\n1,0,11,21,254\n3,0,12,22,253\n1,0,13,23,252\n";

    fn table(text: &str) -> Result<Labelled, DataError> {
        Table::of(Packed::new("t.csv".into(), text.as_bytes(), text.len() as u64)?, None)?.labelled()
    }

    fn say(text: &str) -> String {
        table(text).map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn labels_are_first_or_last_with_names_or_without() {
        let last: Vec<String> = ROWS.lines().map(|row| format!("{},{}\n", &row[2..], &row[..1])).collect();
        let last = last.concat();
        let head = "label,pixel0,pixel1,pixel2,pixel3\n";
        let windows = ROWS.replace('\n', "\r\n");
        for (text, column) in [
            (ROWS.to_owned(), LabelColumn::First),
            (last.clone(), LabelColumn::Last),
            (format!("{head}{ROWS}"), LabelColumn::First),
            (format!("\u{feff}a,b,c,d,Class\n{last}"), LabelColumn::Last),
            (windows, LabelColumn::First),
            (ROWS.trim_end().to_owned(), LabelColumn::First),
        ] {
            let table = table(&text).unwrap();
            assert_eq!(table.column, column, "{text}");
            assert_eq!(
                (table.labels.concat(), &table.pixels[4..8]),
                ("3131".into(), &[0, 11, 21, 254][..]),
                "{text}"
            );
            assert_eq!(table.shape, (1, 2, 2));
        }
    }

    #[test]
    fn a_set_as_kaggle_has_it_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("train.csv", &format!("label,p0,p1,p2,p3\n{ROWS}"));
        write("test.csv", "p0,p1,p2,p3\n1,2,3,4\n");
        write("sample_submission.csv", "ImageId,Label\n1,0\n");
        for path in [folder.path().to_owned(), folder.path().join("train.csv")] {
            let opened = open(&path, &Choices::default()).unwrap();
            assert_eq!((opened.data.train.len(), opened.data.test.len()), (2, 2));
            assert!(opened.report.offers.split && !opened.report.offers.labels);
            assert_eq!(opened.report.skipped_count, 2);
            let skipped: Vec<String> = opened.report.skipped.iter().map(|s| s.reason.to_string()).collect();
            assert_eq!(skipped, ["is another table", "has no labels"]);
        }
    }

    #[test]
    fn words_are_classes_and_two_tables_are_a_set() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("shapes_train.csv", "disc,0,0.5,1,0.2\n\"a, b\",1,0,0,0.1\n");
        write("shapes_test.csv", "disc,0,1,1,0\n");
        let set = DataSet::read_dir(folder.path()).unwrap();
        assert_eq!(
            (set.classes.list(), set.train.labels()),
            (&["a, b".to_owned(), "disc".into()][..], &[1, 0][..])
        );
        assert_eq!(
            (set.train.image(0), set.test.image(0)),
            (&[0, 128, 255, 51][..], &[0, 1, 1, 0].map(|v: u8| v * 255)[..])
        );
        assert_eq!(table("0,1,16,3,4\n1,0,2,8,4\n").unwrap().pixels[1], 255, "values to 16 are stretched");
        write("more_train.csv", ROWS);
        let several = DataSet::read_dir(folder.path()).unwrap_err().to_string();
        assert!(several.contains("more_train.csv and shapes_train.csv"), "{several}");
    }

    #[test]
    fn errors_name_row_and_column() {
        assert!(say("").contains("has no rows"));
        assert!(say(&format!("{ROWS}1,2,3\n")).contains("t.csv: row 5 has 3 columns, but the first has 5"));
        assert!(
            say(&format!("{ROWS}1,0,300,3,4\n"))
                .contains("row 5, column 3 is 300, but a pixel is a number from 0 to 255")
        );
        assert!(say(&format!("{ROWS}1,0,x,3,4\n")).contains("row 5, column 3 is x"));
        assert!(say(&format!("{ROWS},0,1,3,4\n")).contains("row 5 has no label in column 1"));
        assert!(say("1,2,3\n2,3,4\n").contains("2 pixels beside the label"));
        assert!(say("label,a,b,c,d\n").contains("no rows below"));
        assert!(say(&"1".repeat(3 << 20)).contains("longer than 1 MiB"));
        assert!(say(&format!("\"{}", "1,".repeat(2 << 20))).contains("longer than 1 MiB"));
    }

    #[test]
    fn a_damaged_table_never_panics() {
        let text = format!("label,a,b,c,d\n{ROWS}");
        for end in 0..text.len() {
            drop(table(&text[..end]));
        }
        for bit in 0..text.len() * 8 {
            let mut bytes = text.clone().into_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let file = Packed::new("t.csv".into(), bytes.as_slice(), bytes.len() as u64).unwrap();
            drop(Table::of(file, None).and_then(Table::labelled));
        }
    }
}
