//! The words of the pages.

use crate::{
    text::{fill, plural, tr},
    worksheet::{Settings, Sheet, Title, Topic},
};

/// What a sheet is called.
pub(super) fn title(sheet: &Sheet) -> String {
    match &sheet.title {
        Title::Topic(Topic::Convolution) => tr("Convolution by hand").to_owned(),
        Title::Topic(Topic::Pooling) => tr("Pooling by hand").to_owned(),
        Title::Topic(Topic::Sizes) => tr("Sizes, padding and stride").to_owned(),
        Title::Lesson { title, .. } => title.clone(),
    }
}

/// `Sheet 04`, or the number of the lesson.
pub(super) fn number(sheet: &Sheet) -> String {
    match &sheet.title {
        Title::Topic(_) => fill(tr("Sheet {number}"), &[("number", &padded(sheet))]),
        Title::Lesson { number, .. } => fill(tr("Lesson {number}"), &[("number", &number.to_string())]),
    }
}

/// `seed 7 · sheet 04 of 30`: where a teacher finds the answers.
pub(super) fn place(sheet: &Sheet) -> String {
    let Some(seed) = sheet.seed else { return number(sheet) };
    let (number, count, seed) = (padded(sheet), sheet.count.to_string(), seed.to_string());
    fill(
        tr("seed {seed} · sheet {number} of {count}"),
        &[("seed", &seed), ("number", &number), ("count", &count)],
    )
}

fn padded(sheet: &Sheet) -> String {
    let digits = sheet.count.to_string().len().max(2);
    format!("{:0digits$}", sheet.number)
}

/// The settings of a convolution in words.
pub(super) fn of_conv(settings: &Settings) -> String {
    let Settings { size, kernel_size, stride, padding, channels, filters, .. } = *settings;
    let [size, kernel, stride, padding] = [size, kernel_size, stride, padding].map(|n| n.to_string());
    let sentence = tr("Input n = {size}, kernel K = {kernel}, stride S = {stride}, padding P = {padding}");
    let values = [("size", &*size), ("kernel", &*kernel), ("stride", &*stride), ("padding", &*padding)];
    let mut text = fill(sentence, &values);
    add_dilation(&mut text, settings);
    if channels > 1 {
        text.push_str(tr(", "));
        text.push_str(&plural(channels, "{count} channel", "{count} channels"));
    }
    if filters > 1 {
        text.push_str(tr(", "));
        text.push_str(&plural(filters, "{count} filter", "{count} filters"));
    }
    text.push_str(tr("."));
    text
}

/// The settings of pooling in words.
pub(super) fn of_pooling(settings: &Settings) -> String {
    let Settings { size, kernel_size, stride, padding, .. } = *settings;
    let [size, kernel, stride, padding] = [size, kernel_size, stride, padding].map(|n| n.to_string());
    let sentence = tr("Input n = {size}, window K = {kernel}, stride S = {stride}, padding P = {padding}");
    let values = [("size", &*size), ("kernel", &*kernel), ("stride", &*stride), ("padding", &*padding)];
    let mut text = fill(sentence, &values);
    add_dilation(&mut text, settings);
    text.push_str(tr("."));
    text
}

fn add_dilation(text: &mut String, settings: &Settings) {
    if settings.dilation > 1 {
        text.push_str(tr(", "));
        text.push_str(&fill(tr("dilation D = {dilation}"), &[("dilation", &settings.dilation.to_string())]));
    }
}
