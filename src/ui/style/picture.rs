//! How pictures are shown: the one rule for drawings and photographs.
//!
//! A drawing is ink on the theme's paper. A photograph, and a picture that was opened, looks the same in both themes: it
//! keeps its own ground. Only this file uses the greys of [`ColorMapLut`].

use super::colormap::ColorMapLut;
use crate::text::tr;
use egui::Theme;
use serde::{Deserialize, Serialize};

/// The background of a picture's ink. A picture's values are amounts of ink: 0 none, 1 full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PictureGround {
    /// The theme's paper: white ink on black in the dark theme, black ink on white in the light one.
    #[default]
    Paper,
    /// Black in both themes: a photograph, whose values are its brightness, and a picture that is bright on dark.
    Black,
    /// White in both themes: a picture that is dark on bright.
    White,
}

impl PictureGround {
    /// The ground of a picture file, whose ink is darker than its ground or brighter.
    pub fn of_picture(is_ink_dark: bool) -> Self {
        if is_ink_dark { Self::White } else { Self::Black }
    }

    /// The colours of the picture's values.
    pub fn colors(self, theme: Theme) -> &'static ColorMapLut {
        match self {
            Self::Paper => ColorMapLut::grey(theme),
            Self::Black => ColorMapLut::grey(Theme::Dark),
            Self::White => ColorMapLut::grey(Theme::Light),
        }
    }

    /// The meaning of the ends of the scale, in words that are true in both themes.
    pub fn scale(self) -> &'static str {
        match self {
            Self::Paper | Self::White => tr("0 no ink to 1 full ink"),
            Self::Black => tr("0 black to 1 white"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::style::tokens::luminance;

    const THEMES: [Theme; 2] = [Theme::Dark, Theme::Light];

    /// Whether full ink is brighter than none.
    fn is_bright_on_dark(ground: PictureGround, theme: Theme) -> bool {
        let colors = ground.colors(theme);
        luminance(colors.unsigned(1.0, 1.0)) > luminance(colors.unsigned(0.0, 1.0))
    }

    #[test]
    fn a_photograph_is_never_a_negative() {
        for theme in THEMES {
            assert!(is_bright_on_dark(PictureGround::Black, theme));
            assert!(!is_bright_on_dark(PictureGround::White, theme));
        }
        for ground in [PictureGround::Black, PictureGround::White] {
            let [dark, light] = THEMES.map(|theme| ground.colors(theme).colors());
            assert_eq!(dark, light);
        }
    }

    #[test]
    fn only_what_changes_with_the_theme_is_called_ink() {
        assert!(is_bright_on_dark(PictureGround::Paper, Theme::Dark));
        assert!(!is_bright_on_dark(PictureGround::Paper, Theme::Light));
        for ground in [PictureGround::Paper, PictureGround::Black, PictureGround::White] {
            let says_black = ground.scale().contains("black");
            let is_black = THEMES.iter().all(|theme| is_bright_on_dark(ground, *theme));
            assert_eq!(says_black, is_black, "{ground:?}");
        }
    }
}
