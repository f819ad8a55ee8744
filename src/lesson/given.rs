//! The state of the window from names and values, as `--set kernel=3` gives them.

use super::{
    check::{Known, unknown},
    show::{Show, ShowConvolution, ShowImage, ShowNetwork, ShowPooling, ShowTrain, ShowView},
};
use crate::text::{Say, Sentence};
use serde::Serialize;
use serde_json::{Map, Value};
use std::fmt;

/// The parts of a [`Show`] that have settings.
const SECTIONS: [&str; 5] = ["image", "network", "convolution", "pooling", "train"];

/// Further names of settings: the section, the name, and the setting.
const ALIASES: [(&str, &str, &str); 3] = [
    ("convolution", "position", "output"),
    ("pooling", "position", "window"),
    ("pooling", "kernel", "kernel_size"),
];

/// What is wrong with a setting that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenError(Sentence);

impl Say for GivenError {
    fn say(&self) -> Sentence {
        self.0.clone()
    }
}

impl fmt::Display for GivenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for GivenError {}

/// Reads settings such as `convolution.kernel_size=3`. Without a section, a name is of `view`. The view of the result is
/// `view`, or that of the first section that has one.
pub fn show_of(view: Option<ShowView>, given: &[String], known: &Known<'_>) -> Result<Show, GivenError> {
    let home = view.and_then(section_of);
    let mut shown = Map::new();
    let mut first = None;
    for text in given {
        let (section, name, value) = read(home, text)?;
        first = first.or(view_of(section));
        let part = shown.entry(section).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(part) = part {
            part.insert(name.clone(), value);
        }
        // One after the other, so that the error is about this one.
        serde_json::from_value::<Show>(Value::Object(shown.clone())).map_err(|error| {
            let sentence = Sentence::new("--set {given}: {reason}").with("given", text);
            GivenError(sentence.with("reason", error))
        })?;
    }
    let mut show: Show = serde_json::from_value(Value::Object(shown)).unwrap_or_default();
    show.view = view.or(first);
    match unknown(&show, known).into_iter().next() {
        Some(reason) => Err(GivenError(Sentence::new("--set: {reason}").part("reason", reason))),
        None => Ok(show),
    }
}

/// The section, the setting and its value.
fn read(home: Option<&'static str>, text: &str) -> Result<(&'static str, String, Value), GivenError> {
    let of = |key| Sentence::new(key).with("given", text);
    let Some((path, value)) = text.split_once('=') else {
        return Err(GivenError(of("--set {given}: must be NAME=VALUE, such as kernel=3")));
    };
    let (path, value) = (path.trim(), value_of(value.trim()));
    let (section, name) = match path.split_once('.') {
        Some((section, name)) => (SECTIONS.into_iter().find(|known| *known == section), name),
        None => (home, path),
    };
    let Some(section) = section else {
        let sentence = of(
            "--set {given}: begin the name with what it is of, such as convolution.stride; there are {known}",
        );
        return Err(GivenError(sentence.with("known", SECTIONS.join(", "))));
    };
    let is_alias = |(of, alias, _): &&(&str, &str, &str)| *of == section && *alias == name;
    let name = ALIASES.iter().find(is_alias).map_or(name, |(.., setting)| setting);
    // The side of a kernel is a number, its name is text.
    let is_side = section == "convolution" && name == "kernel" && (value.is_number() || is_pair(&value));
    let name = if is_side { "kernel_size" } else { name };
    let names = names(section);
    if !names.iter().any(|known| known == name) {
        let sentence = of("--set {given}: {section} has no such setting, only: {known}");
        return Err(GivenError(sentence.with("section", section).with("known", names.join(", "))));
    }
    Ok((section, name.to_owned(), value))
}

/// `3x5` is a pair, what TOML reads is what it reads, and all else is text.
fn value_of(text: &str) -> Value {
    let side = |text: &str| text.parse::<usize>().ok();
    if let Some((h, w)) = text.split_once('x').and_then(|(h, w)| Some((side(h)?, side(w)?))) {
        return Value::from(vec![h, w]);
    }
    let read = toml::from_str::<Map<String, Value>>(&format!("v = {text}"));
    read.ok().and_then(|mut read| read.remove("v")).unwrap_or_else(|| Value::from(text))
}

fn is_pair(value: &Value) -> bool {
    value.as_array().is_some_and(|values| values.len() == 2 && values.iter().all(Value::is_number))
}

/// The settings of a section.
fn names(section: &str) -> Vec<String> {
    fn fields(part: impl Serialize) -> Vec<String> {
        match serde_json::to_value(part) {
            Ok(Value::Object(fields)) => fields.into_iter().map(|(name, _)| name).collect(),
            _ => Vec::new(),
        }
    }
    match section {
        "image" => fields(ShowImage::default()),
        "network" => fields(ShowNetwork::default()),
        "convolution" => fields(ShowConvolution::default()),
        "pooling" => fields(ShowPooling::default()),
        _ => fields(ShowTrain::default()),
    }
}

/// The section whose settings need no prefix in a view.
fn section_of(view: ShowView) -> Option<&'static str> {
    match view {
        ShowView::Draw => Some("image"),
        ShowView::Network => Some("network"),
        ShowView::Train => Some("train"),
        ShowView::Convolution => Some("convolution"),
        ShowView::Pooling => Some("pooling"),
        ShowView::Filters | ShowView::Architecture | ShowView::Compare | ShowView::Evaluate => None,
    }
}

/// The view that a section is about.
fn view_of(section: &str) -> Option<ShowView> {
    match section {
        "network" => Some(ShowView::Network),
        "convolution" => Some(ShowView::Convolution),
        "pooling" => Some(ShowView::Pooling),
        "train" => Some(ShowView::Train),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::show::{Kernel, Size};

    const KNOWN: Known<'_> = Known { examples: &[], kernels: &["Sharpen"] };

    fn show(view: Option<ShowView>, given: &[&str]) -> Result<Show, String> {
        let given: Vec<String> = given.iter().map(|one| (*one).to_owned()).collect();
        show_of(view, &given, &KNOWN).map_err(|error| error.to_string())
    }

    #[test]
    fn names_are_those_of_lessons_and_need_no_section_in_their_view() {
        let given = ["kernel=3", "stride=2x1", "convolution.position=5", "bias = -0.5", "relu=true"];
        let shown = show(Some(ShowView::Convolution), &given).unwrap();
        let wanted = ShowConvolution {
            kernel_size: Some(Size::Square(3)),
            stride: Some(Size::Pair(2, 1)),
            output: Some(5),
            bias: Some(-0.5),
            relu: Some(true),
            ..ShowConvolution::default()
        };
        assert_eq!(shown.convolution, Some(wanted));
        let shown = show(None, &["convolution.kernel=Sharpen", "image.sample=7"]).unwrap();
        assert_eq!(shown.view, Some(ShowView::Convolution));
        let kernel = shown.convolution.unwrap().kernel;
        assert_eq!(kernel, Some(Kernel::Named("Sharpen".into())));
        let shown =
            show(Some(ShowView::Pooling), &["kernel=2", "position=3", "input=[[1,2],[3,4]]"]).unwrap();
        assert_eq!(shown.pooling.unwrap().window, Some(3));
    }

    #[test]
    fn every_error_is_one_line_that_names_the_setting() {
        let convolution = Some(ShowView::Convolution);
        for (view, given, words) in [
            (convolution, "kernel", "NAME=VALUE"),
            (None, "kernel=3", "convolution.stride"),
            (None, "moon.kernel=3", "image, network, convolution, pooling, train"),
            (convolution, "kernal=3", "padding_mode"),
            (convolution, "stride=fast", "[height, width]"),
            (convolution, "padding=-1", "padding"),
            (convolution, "kernel=Blurr", "Sharpen"),
            (convolution, "mode=\"x", "family"),
            (Some(ShowView::Network), "name=lenet9", "lenet5"),
        ] {
            let error = show(view, &[given]).unwrap_err();
            assert!(error.starts_with("--set") && error.contains(words), "{given}: {error}");
            assert!(!error.contains('\n'), "{error}");
        }
    }

    #[test]
    fn any_text_is_read_or_refused() {
        let odd = [
            "=",
            ".=",
            "image.strokes=[[[0,1e39]]]",
            "convolution.kernel=[]",
            "train.seed=99999999999999999999",
        ];
        for text in odd {
            let _ = show(None, &[text]);
        }
    }
}
