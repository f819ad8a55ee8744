use super::*;

fn both() -> [Tokens; 2] {
    [DARK, LIGHT]
}

#[test]
fn contrast_knows_the_extremes() {
    assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 0.01);
    assert!((contrast(Color32::WHITE, Color32::WHITE) - 1.0).abs() < 0.001);
}

#[test]
fn words_are_legible_on_every_ground() {
    for t in both() {
        for ground in [t.ground, t.panel, t.raised] {
            assert!(contrast(t.text, ground) >= 7.0, "text {:?}", t.theme);
            assert!(contrast(t.second, ground) >= 4.5, "second {:?}", t.theme);
            assert!(contrast(t.faint, ground) >= 2.5, "faint {:?}", t.theme);
        }
        assert!(contrast(t.text, t.hover) >= 7.0, "text on hover {:?}", t.theme);
        assert!(contrast(t.text, t.accent_ground) >= 7.0, "text on the chosen {:?}", t.theme);
    }
}

#[test]
fn meanings_are_legible() {
    for t in both() {
        for ground in [t.ground, t.panel, t.raised] {
            let inks = [t.accent, t.highlight_text, t.good, t.warn, t.bad, t.positive, t.negative];
            for (i, ink) in inks.into_iter().enumerate() {
                assert!(contrast(ink, ground) >= 4.5, "ink {i} {:?}", t.theme);
            }
            for (i, ink) in t.runs.into_iter().enumerate() {
                assert!(contrast(ink, ground) >= 4.5, "run {i} {:?}", t.theme);
            }
            assert!(contrast(t.highlight, ground) >= 2.9, "outline {:?}", t.theme);
        }
        for (ink, ground) in [
            (t.good, t.good_ground),
            (t.warn, t.warn_ground),
            (t.bad, t.bad_ground),
            (t.on_primary, t.primary),
        ] {
            assert!(contrast(ink, ground) >= 4.5, "{ink:?} on {ground:?}");
        }
        assert!(contrast(t.ink, t.paper) >= 15.0);
    }
}

#[test]
fn the_context_chooses() {
    let ctx = Context::default();
    ctx.set_theme(Theme::Light);
    assert_eq!(Tokens::of(&ctx), LIGHT);
    ctx.set_theme(Theme::Dark);
    assert_eq!(Tokens::of(&ctx), DARK);
}
