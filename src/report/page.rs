//! The page, from top to bottom.

use super::{
    Facts,
    figures::figures,
    html::{grouped, text},
    network,
    repeat::repeat,
    results,
    run::run,
};
use crate::text::{Sentence, language};

/// The report as one HTML file in the language of the thread.
pub fn page(facts: &Facts<'_>) -> String {
    let name = &facts.network.spec().name;
    let title = Sentence::new("{network}: a report").with("network", name).translated();
    let below = Sentence::new("Measured on the {images} test images of {data} by ConvLens {version}.")
        .with("images", grouped(facts.test.len() as u64))
        .with("data", facts.data)
        .with("version", facts.version)
        .translated();
    let sections = [
        figures(facts),
        network::layers(facts),
        run(facts),
        results::classes(facts),
        results::matrix(facts),
        results::calibration(facts),
        results::worst(facts),
        network::filters(facts),
        repeat(facts),
    ]
    .concat();
    let (code, title_text, style) = (language().code(), text(&title), include_str!("style.css"));
    format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title_text}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n<header><h1>{}</h1><p>{}</p></header>\n{sections}<footer>ConvLens {}</footer>\n</main>\n</body>\n</html>\n",
        text(name),
        text(below),
        text(facts.version),
    )
}
