//! Gives egui the look of the tokens, for both themes.

use super::{
    fonts,
    tokens::{Tokens, control_corners, radius, size, space},
};
use egui::{
    Context, FontId, Margin, Stroke, Style, TextStyle, Theme, Visuals,
    style::{HandleShape, ScrollAnimation, Selection, TextCursorStyle, WidgetVisuals, Widgets},
    vec2,
};

/// Sets the style of both themes; the context chooses between them.
pub fn apply(ctx: &Context) {
    for theme in [Theme::Dark, Theme::Light] {
        ctx.style_mut_of(theme, |style| set(style, Tokens::for_theme(theme)));
    }
}

/// Turns animations off that carry no information, or on again.
pub fn set_reduced_motion(ctx: &Context, is_reduced: bool) {
    ctx.all_styles_mut(|style| {
        style.animation_time = if is_reduced { 0.0 } else { ANIMATION_SECS };
        style.scroll_animation =
            if is_reduced { ScrollAnimation::none() } else { ScrollAnimation::default() };
    });
}

/// Whether animations are off; see [`set_reduced_motion`].
pub fn is_motion_reduced(ctx: &Context) -> bool {
    ctx.global_style().animation_time == 0.0
}

const ANIMATION_SECS: f32 = 0.12;

fn set(style: &mut Style, t: Tokens) {
    style.text_styles = text_styles().into();
    style.drag_value_text_style = TextStyle::Monospace;
    style.animation_time = ANIMATION_SECS;
    style.visuals = visuals(t);
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(space::S, 6.0);
    spacing.button_padding = vec2(space::M, 6.0);
    spacing.interact_size = vec2(40.0, 28.0);
    spacing.window_margin = Margin::same(16);
    spacing.menu_margin = Margin::same(6);
    spacing.menu_spacing = 4.0;
    spacing.icon_width = 16.0;
    spacing.icon_width_inner = 8.0;
    spacing.icon_spacing = space::S;
    spacing.slider_width = 160.0;
    spacing.slider_rail_height = 6.0;
    spacing.combo_width = 96.0;
    spacing.combo_height = 320.0;
    spacing.tooltip_width = 360.0;
    // The greatest height of a menu before it scrolls; it overrides the menu's own.
    spacing.default_area_size.y = 700.0;
    spacing.scroll.bar_width = 8.0;
    // What can be scrolled shows it before the pointer comes.
    spacing.scroll.dormant_handle_opacity = 0.4;
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.4;
}

fn text_styles() -> [(TextStyle, FontId); 5] {
    [
        (TextStyle::Small, fonts::words(size::SMALL)),
        (TextStyle::Body, fonts::words(size::BODY)),
        (TextStyle::Button, fonts::words(size::BODY)),
        (TextStyle::Heading, fonts::semibold(size::HEADING)),
        (TextStyle::Monospace, fonts::mono(size::MONO)),
    ]
}

fn visuals(t: Tokens) -> Visuals {
    let base = if t.is_dark() { Visuals::dark() } else { Visuals::light() };
    Visuals {
        widgets: widgets(t),
        selection: Selection { bg_fill: t.accent_ground, stroke: Stroke::new(1.0, t.text) },
        weak_text_color: Some(t.second),
        hyperlink_color: t.accent,
        faint_bg_color: t.panel,
        extreme_bg_color: t.ground,
        text_edit_bg_color: Some(t.ground),
        code_bg_color: t.track,
        warn_fg_color: t.warn,
        error_fg_color: t.bad,
        window_corner_radius: radius::XL.into(),
        window_shadow: t.float_shadow(),
        window_fill: t.raised,
        window_stroke: t.control_stroke(),
        window_highlight_topmost: false,
        menu_corner_radius: radius::L.into(),
        panel_fill: t.ground,
        popup_shadow: t.float_shadow(),
        text_cursor: TextCursorStyle { stroke: Stroke::new(2.0, t.accent), ..TextCursorStyle::default() },
        slider_trailing_fill: true,
        handle_shape: HandleShape::Circle,
        indent_has_left_vline: false,
        ..base
    }
}

fn widgets(t: Tokens) -> Widgets {
    let state = |ground, outline, text| WidgetVisuals {
        bg_fill: ground,
        weak_bg_fill: ground,
        bg_stroke: outline,
        corner_radius: control_corners(),
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    let outline = t.control_stroke();
    // Sliders, check boxes and bars need a visible background; buttons keep that of their card.
    let with_rail = |visuals: WidgetVisuals, rail| WidgetVisuals { bg_fill: rail, ..visuals };
    Widgets {
        noninteractive: state(t.raised, t.line_stroke(), t.text),
        inactive: with_rail(state(t.raised, outline, t.text), t.track),
        hovered: with_rail(state(t.hover, Stroke::new(1.0, t.second), t.text), t.line_strong),
        // egui paints the focused widget as active, so this is the focus outline.
        active: with_rail(state(t.hover, Stroke::new(1.5, t.accent), t.text), t.line_strong),
        open: with_rail(state(t.hover, outline, t.text), t.track),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_themes_take_their_tokens() {
        let ctx = Context::default();
        apply(&ctx);
        for theme in [Theme::Dark, Theme::Light] {
            let (style, tokens) = (ctx.style_of(theme), Tokens::for_theme(theme));
            assert_eq!(style.visuals.dark_mode, tokens.is_dark());
            assert_eq!(style.visuals.text_color(), tokens.text);
            assert_eq!(style.visuals.panel_fill, tokens.ground);
            assert_eq!(style.visuals.widgets.active.bg_stroke.color, tokens.accent);
        }
    }

    #[test]
    fn motion_can_be_left_out() {
        let ctx = Context::default();
        apply(&ctx);
        assert!(!is_motion_reduced(&ctx));
        set_reduced_motion(&ctx, true);
        assert!(is_motion_reduced(&ctx));
        set_reduced_motion(&ctx, false);
        assert!(!is_motion_reduced(&ctx));
    }
}
