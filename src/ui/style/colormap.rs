//! Colours of numbers: a diverging map for signed values, greys for pictures, a sequential map for other values.
//!
//! Each map is blended once, in Oklab, into a table per theme; a lookup is a multiplication and an index.

use super::tokens::{Tokens, contrast};
use colorgrad::{BlendMode, Color, Gradient, GradientBuilder, LinearGradient};
use egui::{Color32, Theme};
use std::sync::OnceLock;

/// Entries of a table. Odd, so that zero has an entry of its own in the middle of a diverging map.
const ENTRIES: usize = 511;
/// The entry of zero in a diverging map.
const CENTRE: usize = ENTRIES / 2;
/// NaN is marked, not hidden.
const BAD_VALUE: Color32 = Color32::from_rgb(0xFF, 0x3D, 0xD0);

type Stops = &'static [(f32, [u8; 3])];

const DIVERGING_DARK: Stops = &[
    (0.0, [0x46, 0xA0, 0xFF]),
    (0.25, [0x1F, 0x55, 0x98]),
    (0.5, [0x18, 0x1B, 0x21]),
    (0.75, [0x95, 0x50, 0x19]),
    (1.0, [0xFF, 0x96, 0x3C]),
];
const DIVERGING_LIGHT: Stops = &[
    (0.0, [0x0E, 0x4F, 0xA3]),
    (0.25, [0x74, 0xAA, 0xE4]),
    (0.5, [0xF4, 0xF5, 0xF7]),
    (0.75, [0xEF, 0xA2, 0x62]),
    (1.0, [0xB0, 0x45, 0x00]),
];

/// [`DIVERGING_DARK`] with brighter ends and a zero that differs from the background: for many small maps.
const BRIGHT_DARK: Stops = &[
    (0.0, [0x8C, 0xC8, 0xFF]),
    (0.25, [0x2F, 0x77, 0xC8]),
    (0.5, [0x20, 0x24, 0x2C]),
    (0.75, [0xC0, 0x6C, 0x22]),
    (1.0, [0xFF, 0xC0, 0x7A]),
];

/// A table of colours for numbers; see [`ColorMapLut::diverging`], [`ColorMapLut::sequential`] and [`super::picture`].
#[derive(Debug)]
pub struct ColorMapLut {
    table: [Color32; ENTRIES],
    is_signed: bool,
}

impl ColorMapLut {
    /// For signed values: blue below zero, orange above, the ground at zero.
    pub fn diverging(theme: Theme) -> &'static Self {
        static TABLES: OnceLock<[ColorMapLut; 2]> = OnceLock::new();
        let tables =
            TABLES.get_or_init(|| [DIVERGING_DARK, DIVERGING_LIGHT].map(|s| Self::from_stops(s, true)));
        &tables[index_of(theme)]
    }

    /// [`ColorMapLut::diverging`] for maps that are seen from far away: brighter, and a value of a quarter of the limit
    /// has half the colour (a square root).
    pub fn diverging_root(theme: Theme) -> &'static Self {
        static TABLES: OnceLock<[ColorMapLut; 2]> = OnceLock::new();
        let tables = TABLES.get_or_init(|| {
            [BRIGHT_DARK, DIVERGING_LIGHT].map(|stops| {
                let linear = Self::from_stops(stops, true);
                Self::from_fn(true, |t| {
                    let value = 2.0 * t - 1.0;
                    linear.signed(value.abs().sqrt().copysign(value), 1.0)
                })
            })
        });
        &tables[index_of(theme)]
    }

    /// The theme's paper at zero, its ink at full colour. Which theme's is the decision of [`super::picture`].
    pub(super) fn grey(theme: Theme) -> &'static Self {
        static TABLES: OnceLock<[ColorMapLut; 2]> = OnceLock::new();
        let tables = TABLES.get_or_init(|| {
            [Theme::Dark, Theme::Light].map(|theme| {
                let tokens = Tokens::for_theme(theme);
                Self::from_fn(false, |t| blend_gamma(tokens.paper, tokens.ink, t))
            })
        });
        &tables[index_of(theme)]
    }

    /// For unsigned values that are not images: even steps of lightness away from the ground.
    pub fn sequential(theme: Theme) -> &'static Self {
        static TABLES: OnceLock<[ColorMapLut; 2]> = OnceLock::new();
        let tables = TABLES.get_or_init(|| {
            let dark = colorgrad::preset::magma();
            let light = colorgrad::preset::yl_gn_bu();
            [
                // The ends of the presets leave the ground or glare on it.
                Self::from_fn(false, |t| to_color32(&dark.at(0.08 + 0.86 * t))),
                Self::from_fn(false, |t| to_color32(&light.at(0.02 + 0.95 * t))),
            ]
        });
        &tables[index_of(theme)]
    }

    /// The colour of `value`, where `limit` is the value at full colour: from −limit when the map is diverging, from 0
    /// when it is not.
    pub fn color(&self, value: f32, limit: f32) -> Color32 {
        if self.is_signed { self.signed(value, limit) } else { self.unsigned(value, limit) }
    }

    /// The colour of `value` on a scale from −`limit` to `limit`; beyond the ends, the colour of the end.
    pub fn signed(&self, value: f32, limit: f32) -> Color32 {
        let t = ratio(value, limit) * CENTRE as f32 + CENTRE as f32;
        self.entry(t)
    }

    /// The colour of `value` on a scale from 0 to `limit`; beyond the ends, the colour of the end.
    pub fn unsigned(&self, value: f32, limit: f32) -> Color32 {
        self.entry(ratio(value, limit).max_nan(0.0) * (ENTRIES - 1) as f32)
    }

    /// Whether zero is in the middle of this map.
    pub fn is_signed(&self) -> bool {
        self.is_signed
    }

    /// The whole scale from its lowest to its highest colour, for legends.
    pub fn colors(&self) -> &[Color32] {
        &self.table
    }

    /// The colour of NaN.
    pub fn bad() -> Color32 {
        BAD_VALUE
    }

    /// The more legible of the two inks on a cell of this colour.
    pub fn text_on(color: Color32) -> Color32 {
        let Tokens { ink: light, paper: dark, .. } = Tokens::for_theme(Theme::Dark);
        if contrast(light, color) >= contrast(dark, color) { light } else { dark }
    }

    fn entry(&self, t: f32) -> Color32 {
        if t.is_nan() { BAD_VALUE } else { self.table[(t.round() as usize).min(ENTRIES - 1)] }
    }

    fn from_fn(is_signed: bool, color: impl Fn(f32) -> Color32) -> Self {
        Self { table: std::array::from_fn(|i| color(i as f32 / (ENTRIES - 1) as f32)), is_signed }
    }

    fn from_stops(stops: Stops, is_signed: bool) -> Self {
        let colors: Vec<Color> =
            stops.iter().map(|(_, [r, g, b])| Color::from_rgba8(*r, *g, *b, 255)).collect();
        let places: Vec<f32> = stops.iter().map(|(place, _)| *place).collect();
        let built = GradientBuilder::new()
            .colors(&colors)
            .domain(&places)
            .mode(BlendMode::Oklab)
            .build::<LinearGradient>();
        // The stops are constants that the tests build; if they were ever wrong, everything would show as bad.
        built.map_or_else(
            |_| Self::from_fn(is_signed, |_| BAD_VALUE),
            |gradient| Self::from_fn(is_signed, |t| to_color32(&gradient.at(t))),
        )
    }
}

/// `value / limit`, clamped to −1…1; 0 for a value of zero with any limit; ±1 for a limit of zero.
fn ratio(value: f32, limit: f32) -> f32 {
    if value == 0.0 { 0.0 } else { (value / limit.abs()).clamp(-1.0, 1.0) }
}

trait MaxNan {
    fn max_nan(self, least: f32) -> f32;
}

impl MaxNan for f32 {
    /// The larger of two, where NaN stays NaN.
    fn max_nan(self, least: f32) -> f32 {
        if self < least { least } else { self }
    }
}

fn index_of(theme: Theme) -> usize {
    usize::from(theme == Theme::Light)
}

fn to_color32(color: &Color) -> Color32 {
    let [r, g, b, _] = color.to_rgba8();
    Color32::from_rgb(r, g, b)
}

/// Images are stored in gamma space, so their greys are blended there.
fn blend_gamma(from: Color32, to: Color32, t: f32) -> Color32 {
    from.lerp_to_gamma(to, t)
}

/// The colour of a picture's pixel from its red, green and blue.
pub fn photo_color([red, green, blue]: [u8; 3]) -> Color32 {
    Color32::from_rgb(red, green, blue)
}

#[cfg(test)]
mod tests {
    use super::*;

    const THEMES: [Theme; 2] = [Theme::Dark, Theme::Light];

    fn lightness(color: Color32) -> f32 {
        Color::from_rgba8(color.r(), color.g(), color.b(), 255).to_oklaba()[0]
    }

    #[test]
    fn zero_is_the_centre_whatever_the_limit() {
        for theme in THEMES {
            let map = ColorMapLut::diverging(theme);
            for limit in [0.0, 1e-20, 1.0, 1e20, f32::INFINITY] {
                assert_eq!(map.signed(0.0, limit), map.table[CENTRE]);
                assert_eq!(map.signed(-0.0, limit), map.table[CENTRE]);
            }
        }
    }

    #[test]
    fn a_quarter_of_the_limit_has_half_the_colour_of_a_root() {
        let map = ColorMapLut::diverging_root(Theme::Light);
        let linear = ColorMapLut::diverging(Theme::Light);
        for (value, shown) in [(0.25, 0.5), (-0.25, -0.5), (1.0, 1.0), (0.0, 0.0)] {
            let (a, b) = (map.signed(value, 1.0), linear.signed(shown, 1.0));
            let near = |a: u8, b: u8| a.abs_diff(b) <= 3;
            assert!(near(a.r(), b.r()) && near(a.g(), b.g()) && near(a.b(), b.b()), "{value}: {a:?} {b:?}");
        }
        // A tenth of the largest value differs visibly from zero in the dark theme.
        let dark = ColorMapLut::diverging_root(Theme::Dark);
        assert!(contrast(dark.signed(0.1, 1.0), dark.signed(0.0, 1.0)) > 1.5);
        let linear = ColorMapLut::diverging(Theme::Dark);
        assert!(contrast(linear.signed(0.1, 1.0), linear.signed(0.0, 1.0)) < 1.5);
    }

    #[test]
    fn zero_is_near_the_ground() {
        for theme in THEMES {
            let zero = ColorMapLut::diverging(theme).signed(0.0, 1.0);
            assert!(contrast(zero, Tokens::for_theme(theme).ground) < 1.15, "{theme:?}");
        }
    }

    #[test]
    fn the_ends_are_those_of_the_design() {
        let map = ColorMapLut::diverging(Theme::Dark);
        assert_eq!(map.signed(-1.0, 1.0), Color32::from_rgb(0x46, 0xA0, 0xFF));
        assert_eq!(map.signed(9.0, 1.0), Color32::from_rgb(0xFF, 0x96, 0x3C));
    }

    #[test]
    fn lightness_moves_one_way_from_zero_and_equally() {
        for theme in THEMES {
            let map = ColorMapLut::diverging(theme);
            let away = if theme == Theme::Dark { 1.0 } else { -1.0 };
            for i in 1..=CENTRE {
                for (near, far) in [(CENTRE + i - 1, CENTRE + i), (CENTRE + 1 - i, CENTRE - i)] {
                    let step = away * (lightness(map.table[far]) - lightness(map.table[near]));
                    assert!(step > -0.004, "{theme:?} {near} to {far}: {step}");
                }
                let (below, above) = (lightness(map.table[CENTRE - i]), lightness(map.table[CENTRE + i]));
                assert!((below - above).abs() < 0.09, "{theme:?} {i}: {below} {above}");
            }
        }
    }

    #[test]
    fn sequential_maps_are_monotone() {
        for theme in THEMES {
            for map in [ColorMapLut::sequential(theme), ColorMapLut::grey(theme)] {
                let away = if theme == Theme::Dark { 1.0 } else { -1.0 };
                for pair in map.table.windows(2) {
                    assert!(away * (lightness(pair[1]) - lightness(pair[0])) > -0.006, "{theme:?} {pair:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_not_a_number_is_marked() {
        let map = ColorMapLut::diverging(Theme::Dark);
        assert_eq!(map.signed(f32::NAN, 1.0), ColorMapLut::bad());
        assert_eq!(map.unsigned(f32::NAN, 1.0), ColorMapLut::bad());
        assert_eq!(map.signed(1.0, f32::NAN), ColorMapLut::bad());
        assert_ne!(map.signed(f32::INFINITY, 1.0), ColorMapLut::bad());
        assert!(!map.colors().contains(&ColorMapLut::bad()));
    }

    #[test]
    fn ink_is_legible_on_every_colour() {
        for theme in THEMES {
            for map in
                [ColorMapLut::diverging(theme), ColorMapLut::sequential(theme), ColorMapLut::grey(theme)]
            {
                for color in map.colors() {
                    assert!(contrast(ColorMapLut::text_on(*color), *color) > 4.0, "{theme:?} {color:?}");
                }
            }
        }
    }

    #[test]
    fn unsigned_values_start_at_the_first_colour() {
        let map = ColorMapLut::grey(Theme::Dark);
        assert_eq!(map.unsigned(-3.0, 1.0), map.colors()[0]);
        assert_eq!(map.unsigned(2.0, 2.0), map.colors()[ENTRIES - 1]);
        assert_eq!(map.color(0.0, 0.0), map.colors()[0]);
    }
}
