//! `convlens render`: the window, or a view's content, as a picture: no display is needed.

use super::{Usage, file, number::whole, output};
use crate::text::Sentence;
use anyhow::{Result, anyhow};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// The most pixels of a side.
const MAX_SIDE: usize = 16_384;

/// The longest side of the window, in points.
const MAX_POINTS: usize = 8_000;

/// The shortest side of the window, in points.
const MIN_POINTS: usize = 320;

/// The most pixels of a picture.
const MAX_PIXELS: usize = 100_000_000;

/// The endings of files.
const ENDINGS: &str = ".png, .svg, .pdf, .gif, .apng";

/// The options of `convlens render`.
#[derive(Clone, Debug, Args)]
pub struct Render {
    /// Show this view.
    #[arg(long, value_name = "NAME")]
    pub view: Option<String>,
    /// Show this state, a .convlens file that the window saved.
    #[arg(long, value_name = "FILE", conflicts_with = "lesson")]
    pub state: Option<PathBuf>,
    /// Show this lesson: a lesson file, or the number or id of one that ships; see `convlens lesson list`.
    #[arg(long, value_name = "FILE")]
    pub lesson: Option<PathBuf>,
    /// The step of the lesson, from 1.
    #[arg(long, value_name = "N", default_value_t = 1, requires = "lesson", value_parser = whole(1..=10_000_usize))]
    pub step: usize,
    /// Change a setting, such as kernel=3, stride=2x1, kernel=Sharpen or network.name=lenet5: the names of `show` blocks in
    /// lessons. Names without a section are of the view.
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// The size of the window: width × height.
    #[arg(long, value_name = "WxH", default_value = "1600x1000", value_parser = size)]
    pub size: [usize; 2],
    /// Pixels of a point: 2 and 4 are for print.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole(1..=8_usize))]
    pub scale: usize,
    /// The colours.
    #[arg(long, value_enum, value_name = "NAME", default_value_t = RenderTheme::Light)]
    pub theme: RenderTheme,
    /// Show the content of the view alone, without bars, panels and controls.
    #[arg(long)]
    pub content: bool,
    /// What is below the content.
    #[arg(long, value_enum, value_name = "NAME", default_value_t = RenderGround::White, requires = "content")]
    pub ground: RenderGround,
    /// A line of text below the content; `auto` names view, settings, step and network.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true, requires = "content")]
    pub caption: String,
    /// The first position of a film, from 0.
    #[arg(long, value_name = "N", value_parser = whole(0..=10_000_000_usize))]
    pub from: Option<usize>,
    /// The last position of a film.
    #[arg(long, value_name = "N", value_parser = whole(0..=10_000_000_usize))]
    pub to: Option<usize>,
    /// Positions that a film shows in a second.
    #[arg(long, value_name = "N", default_value_t = 2.0, value_parser = rate)]
    pub fps: f32,
    /// End a film at its end instead of beginning again.
    #[arg(long)]
    pub once: bool,
    /// The file to write: .png, .svg and .pdf are pictures, .gif and .apng are films.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Dark or light.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RenderTheme {
    /// Dark ink on a light ground.
    Light,
    /// Light ink on a dark ground.
    Dark,
}

/// What is below the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RenderGround {
    /// White paper.
    White,
    /// Nothing.
    Transparent,
    /// The ground of the window.
    Window,
}

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RenderFormat {
    /// Pixels.
    Png,
    /// A drawing.
    Svg,
    /// A drawing for print.
    Pdf,
    /// A film.
    Gif,
    /// A film of all colours.
    Apng,
}

/// Why there is no picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotRendered {
    /// What was asked for cannot be shown: exit code 2.
    Impossible(Sentence),
    /// It failed: exit code 1.
    Failed(Sentence),
}

/// Makes the bytes of a picture: the window's painting, which `main` passes here.
pub type Renderer = fn(&Render, RenderFormat) -> Result<Vec<u8>, NotRendered>;

impl Render {
    pub(super) fn run(&self, render: Renderer) -> Result<()> {
        let format = format_of(&self.out)?;
        let pixels = self.size.map(|side| side * self.scale);
        if pixels.iter().any(|side| *side > MAX_SIDE) || pixels[0] * pixels[1] > MAX_PIXELS {
            let sentence = Sentence::new(
                "--size and --scale make {width} × {height} pixels, but a side has at most {side}, and a picture {most}",
            );
            let sentence = sentence.with("width", pixels[0]).with("height", pixels[1]);
            return Err(Usage::from(sentence.with("side", MAX_SIDE).with("most", MAX_PIXELS)).into());
        }
        file::check_writable("--out", &self.out)?;
        let bytes = render(self, format).map_err(|error| match error {
            NotRendered::Impossible(sentence) => Usage::from(sentence).into(),
            NotRendered::Failed(sentence) => anyhow!(sentence),
        })?;
        file::write(&self.out, &bytes)?;
        let sentence = Sentence::new("{file}: {bytes} bytes");
        output::line(sentence.with("file", self.out.display()).with("bytes", bytes.len()))?;
        Ok(())
    }
}

/// The format that a file's ending names.
fn format_of(path: &Path) -> Result<RenderFormat, Usage> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    match ending.to_ascii_lowercase().as_str() {
        "png" => Ok(RenderFormat::Png),
        "svg" => Ok(RenderFormat::Svg),
        "pdf" => Ok(RenderFormat::Pdf),
        "gif" => Ok(RenderFormat::Gif),
        "apng" => Ok(RenderFormat::Apng),
        _ => {
            let sentence = Sentence::new("--out {file}: the name must end in {known}");
            Err(sentence.with("file", path.display()).with("known", ENDINGS).into())
        }
    }
}

fn rate(text: &str) -> Result<f32, String> {
    text.parse().ok().filter(|rate| (0.05..=50.0).contains(rate)).ok_or_else(|| {
        let sentence = Sentence::new("must be a number from {least} to {most}");
        sentence.with("least", 0.05).with("most", 50).to_string()
    })
}

fn size(text: &str) -> Result<[usize; 2], String> {
    let side = |text: &str| text.trim().parse().ok().filter(|side| (MIN_POINTS..=MAX_POINTS).contains(side));
    text.split_once(['x', '×']).and_then(|(w, h)| Some([side(w)?, side(h)?])).ok_or_else(|| {
        let sentence =
            Sentence::new("must be width x height, each from {least} to {most}, such as 1600x1000");
        sentence.with("least", MIN_POINTS).with("most", MAX_POINTS).to_string()
    })
}
