//! The design tokens: every colour, size, distance and corner of the window, by role.
//!
//! This file and [`super::colormap`] are the only ones that construct colours.

#[cfg(test)]
mod tests;

use egui::{Color32, Context, CornerRadius, Shadow, Stroke, Theme};

/// Text sizes, in points.
pub mod size {
    /// Captions and units.
    pub const SMALL: f32 = 13.0;
    /// Numbers in the monospaced face, which looks larger than words of its size.
    pub const MONO: f32 = 13.0;
    /// Section headings.
    pub const SECTION: f32 = 13.5;
    /// Words.
    pub const BODY: f32 = 14.0;
    /// Results of sums, and the classes of probability bars.
    pub const LARGE: f32 = 17.0;
    /// The name of a view.
    pub const HEADING: f32 = 19.0;
    /// The answer.
    pub const ANSWER: f32 = 84.0;
}

/// The screen that is dark while presenting.
pub const DARK_SCREEN: Color32 = Color32::BLACK;

/// Distances, in points.
pub mod space {
    /// Between the parts of one thing.
    pub const XS: f32 = 4.0;
    /// Between neighbours.
    pub const S: f32 = 8.0;
    /// Inside cards and buttons.
    pub const M: f32 = 12.0;
    /// Between groups.
    pub const L: f32 = 16.0;
    /// Between sections, and around a view.
    pub const XL: f32 = 24.0;
}

/// Corner radii, in points.
pub mod radius {
    /// Cells, bars, badges.
    pub const S: u8 = 4;
    /// Controls.
    pub const M: u8 = 6;
    /// Tiles and cards.
    pub const L: u8 = 8;
    /// The drawing canvas.
    pub const XL: u8 = 10;
}

/// The colours of one theme, by role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// The theme these belong to.
    pub theme: Theme,
    /// The window behind a view.
    pub ground: Color32,
    /// Side panels.
    pub panel: Color32,
    /// Bars and cards.
    pub raised: Color32,
    /// The ground of the widget under the pointer.
    pub hover: Color32,
    /// Separators and the outlines of cards.
    pub line: Color32,
    /// The outlines of controls.
    pub line_strong: Color32,
    /// The empty part of bars and sliders.
    pub track: Color32,
    /// Primary text.
    pub text: Color32,
    /// Secondary text.
    pub second: Color32,
    /// Less important text: placeholders, units, disabled items. Never the only carrier of a fact.
    pub faint: Color32,
    /// Bars, links, the keyboard focus.
    pub accent: Color32,
    /// The selected view or segment.
    pub accent_ground: Color32,
    /// The one primary button of a screen.
    pub primary: Color32,
    /// The primary button under the pointer.
    pub primary_hover: Color32,
    /// Text on the primary button.
    pub on_primary: Color32,
    /// The focus of attention: window, winner, current sum, answer.
    pub highlight: Color32,
    /// The same as a text colour.
    pub highlight_text: Color32,
    /// Success; always with a word or an icon.
    pub good: Color32,
    /// The ground of a good badge.
    pub good_ground: Color32,
    /// A warning; always with a word or an icon.
    pub warn: Color32,
    /// The ground of a badge that warns.
    pub warn_ground: Color32,
    /// A failure; always with a word or an icon.
    pub bad: Color32,
    /// The ground of a bad badge.
    pub bad_ground: Color32,
    /// A positive number as text.
    pub positive: Color32,
    /// A negative number as text.
    pub negative: Color32,
    /// The drawing surface.
    pub paper: Color32,
    /// The ink on it.
    pub ink: Color32,
    /// Runs that are compared, each with a colour of its own; always with its name.
    pub runs: [Color32; 4],
    /// The shadow of popups and toasts.
    pub shadow: Color32,
}

const DARK: Tokens = Tokens {
    theme: Theme::Dark,
    ground: Color32::from_rgb(0x14, 0x16, 0x1B),
    panel: Color32::from_rgb(0x17, 0x1A, 0x20),
    raised: Color32::from_rgb(0x1A, 0x1D, 0x24),
    hover: Color32::from_rgb(0x22, 0x26, 0x2F),
    line: Color32::from_rgb(0x27, 0x2C, 0x36),
    line_strong: Color32::from_rgb(0x30, 0x36, 0x44),
    track: Color32::from_rgb(0x25, 0x2A, 0x34),
    text: Color32::from_rgb(0xD9, 0xDE, 0xE7),
    second: Color32::from_rgb(0x8A, 0x93, 0xA3),
    faint: Color32::from_rgb(0x5C, 0x65, 0x75),
    accent: Color32::from_rgb(0x4C, 0x8D, 0xFF),
    accent_ground: Color32::from_rgb(0x24, 0x32, 0x4D),
    primary: Color32::from_rgb(0x2B, 0x68, 0xE8),
    primary_hover: Color32::from_rgb(0x34, 0x71, 0xF0),
    on_primary: Color32::WHITE,
    highlight: Color32::from_rgb(0xFF, 0xD1, 0x66),
    highlight_text: Color32::from_rgb(0xFF, 0xD1, 0x66),
    good: Color32::from_rgb(0x5B, 0xD6, 0xA0),
    good_ground: Color32::from_rgb(0x16, 0x35, 0x2A),
    warn: Color32::from_rgb(0xFF, 0xB0, 0x66),
    warn_ground: Color32::from_rgb(0x3A, 0x2A, 0x18),
    bad: Color32::from_rgb(0xFF, 0x6B, 0x6B),
    bad_ground: Color32::from_rgb(0x40, 0x1F, 0x24),
    positive: Color32::from_rgb(0xFF, 0xB0, 0x66),
    negative: Color32::from_rgb(0x74, 0xB6, 0xFF),
    paper: Color32::from_rgb(0x08, 0x09, 0x0B),
    ink: Color32::from_rgb(0xF6, 0xF8, 0xFB),
    runs: [
        Color32::from_rgb(0x4C, 0x8D, 0xFF),
        Color32::from_rgb(0xC0, 0x8C, 0xFF),
        Color32::from_rgb(0x3C, 0xC4, 0xB4),
        Color32::from_rgb(0xE5, 0x8B, 0xB0),
    ],
    shadow: Color32::from_black_alpha(90),
};

const LIGHT: Tokens = Tokens {
    theme: Theme::Light,
    ground: Color32::from_rgb(0xF7, 0xF8, 0xFA),
    panel: Color32::from_rgb(0xF0, 0xF2, 0xF6),
    raised: Color32::from_rgb(0xFF, 0xFF, 0xFF),
    hover: Color32::from_rgb(0xE6, 0xEA, 0xF0),
    line: Color32::from_rgb(0xDD, 0xE1, 0xE8),
    line_strong: Color32::from_rgb(0xC2, 0xC9, 0xD4),
    track: Color32::from_rgb(0xDF, 0xE4, 0xEC),
    text: Color32::from_rgb(0x1C, 0x22, 0x2E),
    second: Color32::from_rgb(0x55, 0x5F, 0x70),
    faint: Color32::from_rgb(0x80, 0x8A, 0x9A),
    accent: Color32::from_rgb(0x23, 0x63, 0xDF),
    accent_ground: Color32::from_rgb(0xD6, 0xE4, 0xFD),
    primary: Color32::from_rgb(0x23, 0x63, 0xDF),
    primary_hover: Color32::from_rgb(0x1B, 0x54, 0xC4),
    on_primary: Color32::WHITE,
    highlight: Color32::from_rgb(0xCB, 0x7C, 0x00),
    highlight_text: Color32::from_rgb(0x90, 0x58, 0x00),
    good: Color32::from_rgb(0x0B, 0x73, 0x48),
    good_ground: Color32::from_rgb(0xD5, 0xF1, 0xE2),
    warn: Color32::from_rgb(0x9A, 0x52, 0x00),
    warn_ground: Color32::from_rgb(0xFC, 0xE9, 0xCF),
    bad: Color32::from_rgb(0xBE, 0x21, 0x2C),
    bad_ground: Color32::from_rgb(0xFC, 0xDF, 0xDF),
    positive: Color32::from_rgb(0x9F, 0x46, 0x00),
    negative: Color32::from_rgb(0x11, 0x56, 0xA8),
    paper: Color32::from_rgb(0xFE, 0xFE, 0xFE),
    ink: Color32::from_rgb(0x12, 0x15, 0x1B),
    runs: [
        Color32::from_rgb(0x23, 0x63, 0xDF),
        Color32::from_rgb(0x8A, 0x3F, 0xD1),
        Color32::from_rgb(0x0A, 0x7A, 0x73),
        Color32::from_rgb(0xB2, 0x3A, 0x72),
    ],
    shadow: Color32::from_black_alpha(26),
};

impl Tokens {
    /// The tokens of the context's theme. A `Ui` derefs to its context.
    pub fn of(ctx: &Context) -> Self {
        Self::for_theme(ctx.theme())
    }

    /// The tokens of a theme.
    pub fn for_theme(theme: Theme) -> Self {
        match theme {
            Theme::Dark => DARK,
            Theme::Light => LIGHT,
        }
    }

    /// Whether this is the dark theme.
    pub fn is_dark(&self) -> bool {
        self.theme == Theme::Dark
    }

    /// The outline of cards and separators.
    pub fn line_stroke(&self) -> Stroke {
        Stroke::new(1.0, self.line)
    }

    /// The outline of controls.
    pub fn control_stroke(&self) -> Stroke {
        Stroke::new(1.0, self.line_strong)
    }

    /// The outline of the focus of attention.
    pub fn highlight_stroke(&self) -> Stroke {
        Stroke::new(2.0, self.highlight)
    }

    /// The outline of the widget with the keyboard focus.
    pub fn focus_stroke(&self) -> Stroke {
        Stroke::new(2.0, self.accent)
    }

    /// The shadow of popups and messages.
    pub fn float_shadow(&self) -> Shadow {
        Shadow { offset: [0, 6], blur: 20, spread: 0, color: self.shadow }
    }

    /// The text colour of a signed number; zero is neutral.
    pub fn signed_text(&self, value: f32) -> Color32 {
        if value > 0.0 {
            self.positive
        } else if value < 0.0 {
            self.negative
        } else {
            self.text
        }
    }
}

/// The corners of a control.
pub fn control_corners() -> CornerRadius {
    CornerRadius::same(radius::M)
}

/// The contrast of two opaque colours as WCAG 2 defines it, 1 to 21.
pub fn contrast(a: Color32, b: Color32) -> f32 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Relative luminance, 0 to 1.
pub(super) fn luminance(color: Color32) -> f32 {
    let channel = |value: u8| {
        let value = f32::from(value) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(color.r()) + 0.7152 * channel(color.g()) + 0.0722 * channel(color.b())
}
