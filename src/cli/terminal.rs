//! Digits in the terminal: two pixels per character in shades of grey, or ASCII if stdout is not a terminal.

use std::{env, fmt::Write, io::IsTerminal};

/// From no ink to full ink.
const SHADES: &[u8] = b" .:-=+*#%@";

/// The most rows and columns to leave out on each side, so that three digits fit in a row.
const MAX_BORDER: usize = 4;

/// A picture, row by row; 255 is ink.
#[derive(Clone, Copy, Debug)]
pub(super) struct Picture<'a> {
    /// The pixels.
    pub pixels: &'a [u8],
    /// Pixels per row, at least 1.
    pub width: usize,
}

/// How pictures are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Half-block characters in 24-bit shades of grey.
    Blocks,
    /// ASCII characters.
    Ascii,
}

impl Style {
    /// The style for stdout. `NO_COLOR` and a dumb terminal get ASCII.
    pub(super) fn of_stdout() -> Self {
        let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        let is_plain = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) || is_dumb;
        if std::io::stdout().is_terminal() && !is_plain { Self::Blocks } else { Self::Ascii }
    }
}

impl Picture<'_> {
    /// The lines of text, without `border` rows and columns on each side.
    pub(super) fn lines(self, style: Style, border: usize) -> Vec<String> {
        let height = self.pixels.len() / self.width;
        let pixel = |y: usize, x: usize| if y < height { self.pixels[y * self.width + x] } else { 0 };
        let rows = (border..height.saturating_sub(border)).step_by(2);
        let line = |y: usize| {
            let mut line = String::new();
            for x in border..self.width - border {
                let (upper, lower) = (pixel(y, x), pixel(y + 1, x));
                match style {
                    Style::Blocks => {
                        let _ =
                            write!(line, "\x1b[38;2;{upper};{upper};{upper};48;2;{lower};{lower};{lower}m▀");
                    }
                    Style::Ascii => {
                        let shade = usize::from(u8::midpoint(upper, lower)) * (SHADES.len() - 1) / 255;
                        line.push(char::from(SHADES[shade]));
                    }
                }
            }
            line + if style == Style::Blocks { "\x1b[0m" } else { "" }
        };
        rows.map(line).collect()
    }

    /// The number of rows and columns to leave out on each side because all of them are blank, at most 4.
    pub(super) fn border(self) -> usize {
        let height = self.pixels.len() / self.width;
        let from_edge = |i: usize, side: usize| i.min(side - 1 - i);
        let inked = self.pixels.iter().enumerate().filter(|&(_, &pixel)| pixel > 0);
        let distance =
            |i: usize| from_edge(i % self.width, self.width).min(from_edge(i / self.width, height));
        inked.map(|(i, _)| distance(i)).min().unwrap_or(0).min(MAX_BORDER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_border_is_left_out() {
        let mut pixels = vec![0; 28 * 28];
        pixels[14 * 28 + 14] = 255;
        let picture = Picture { pixels: &pixels, width: 28 };
        assert_eq!(picture.border(), 4);
        let lines = picture.lines(Style::Ascii, 4);
        assert_eq!((lines.len(), lines[0].len()), (10, 20));
        pixels[28 * 26 + 5] = 1;
        assert_eq!(Picture { pixels: &pixels, width: 28 }.border(), 1);
    }

    #[test]
    fn ink_is_dense_and_colours_are_reset() {
        let picture = Picture { pixels: &[255, 0, 255, 0, 255, 0], width: 2 };
        assert_eq!(picture.lines(Style::Ascii, 0), ["@ ", "= "]);
        let blocks = picture.lines(Style::Blocks, 0);
        assert!(
            blocks[0].starts_with("\x1b[38;2;255;255;255;48;2;255;255;255m▀")
                && blocks[0].ends_with("\x1b[0m")
        );
    }
}
