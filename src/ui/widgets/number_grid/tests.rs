use super::{text::shorter, *};
use crate::ui::{style::tokens::contrast, widgets::testing::harness};
use egui::Key;
use egui_kittest::kittest::Queryable as _;

struct State {
    values: Vec<f32>,
    side: f32,
    hovered: Option<(usize, usize)>,
    clicked: Option<(usize, usize)>,
    refused: Option<String>,
}

impl Default for State {
    fn default() -> Self {
        let values = (0..12).map(|i| i as f32 - 4.0).collect();
        Self { values, side: 40.0, hovered: None, clicked: None, refused: None }
    }
}

fn show(is_editable: bool) -> impl FnMut(&mut Ui, &mut State) {
    move |ui, state: &mut State| {
        let values = state.values.clone();
        let content = |row: usize, column: usize| GridCell {
            is_lit: (row, column) == (1, 1),
            is_hatched: column == 3,
            is_padding: row == 2,
            is_asked: (row, column) == (0, 2) && !is_editable,
            ..GridCell::of(values[row * 4 + column])
        };
        let colors = ColorMapLut::diverging(ui.theme());
        let shown = NumberGrid::new("Input", (3, 4), state.side, colors, 8.0, &content)
            .outline(Some((0..2, 1..3)))
            .editable(is_editable)
            .clickable()
            .ui(ui);
        state.hovered = shown.hovered;
        state.clicked = shown.clicked.or(state.clicked);
        state.refused = shown.refused.or(state.refused.take());
        if let Some(((row, column), value)) = shown.edited {
            state.values[row * 4 + column] = value;
        }
    }
}

#[test]
fn every_cell_tells_its_number() {
    let mut harness = harness(show(false));
    harness.run();
    for (i, value) in harness.state().values.iter().enumerate() {
        let label = format!("Input {}, {}", i / 4, i % 4);
        let told = harness.get_by_role_and_label(Role::Cell, &label).value();
        let expected = if i == 2 { "?".to_owned() } else { exact(*value) };
        assert_eq!(told.as_deref(), Some(expected.as_str()), "{label}");
    }
}

#[test]
fn the_pointer_finds_its_cell() {
    for side in [40.0, 12.0, 4.0] {
        let mut harness = harness(show(false));
        harness.state_mut().side = side;
        harness.run();
        let grid = harness.get_by_role_and_label(Role::Grid, "Input").rect();
        assert_eq!(grid.size(), vec2(4.0, 3.0) * side);
        let place = grid.min + vec2(2.5, 1.5) * side;
        harness.hover_at(place);
        harness.run();
        assert_eq!(harness.state().hovered, Some((1, 2)), "{side}");
        harness.drag_at(place);
        harness.drop_at(place);
        harness.run();
        assert_eq!(harness.state().clicked, Some((1, 2)), "{side}");
        harness.hover_at(grid.max + vec2(9.0, 9.0));
        harness.run();
        assert_eq!(harness.state().hovered, None, "{side}");
    }
}

#[test]
fn a_cell_is_edited_and_what_is_no_number_is_refused() {
    let mut harness = harness(show(true));
    harness.run();
    harness.get_by_role_and_label(Role::SpinButton, "Input 0, 1").set_value_accesskit(7.0);
    harness.run();
    assert_eq!(harness.state().values[1], 7.0);
    for (text, value) in [("-2.5", -2.5), ("−3", -3.0), ("abc", -3.0), ("1e30", -3.0)] {
        harness.get_by_role_and_label(Role::SpinButton, "Input 1, 0").click();
        harness.run();
        harness.get_by_role_and_label(Role::SpinButton, "Input 1, 0").type_text(text);
        harness.run();
        harness.key_press(Key::Enter);
        harness.run();
        assert_eq!(harness.state().values[4], value, "{text}");
    }
    let refused = harness.state().refused.clone().unwrap_or_default();
    assert!(refused.contains("Input 1, 0") && refused.contains("1e30"), "{refused}");
}

/// Every text that is painted.
fn texts<S>(harness: &egui_kittest::Harness<'_, S>) -> Vec<String> {
    let shapes = harness.output().shapes.iter();
    let text = |shape: &egui::epaint::ClippedShape| match &shape.shape {
        Shape::Text(text) => Some(text.galley.text().to_owned()),
        _ => None,
    };
    shapes.filter_map(text).collect()
}

#[test]
fn a_number_that_is_shortened_is_typed_in_full_and_not_changed_by_looking_at_it() {
    let mut harness = harness(show(true));
    harness.state_mut().side = 30.0;
    harness.state_mut().values[4] = -0.94;
    harness.run();
    assert!(texts(&harness).contains(&"−.9".to_owned()), "{:?}", texts(&harness));
    harness.get_by_role_and_label(Role::SpinButton, "Input 1, 0").click();
    harness.run();
    assert!(texts(&harness).contains(&"−0.94".to_owned()), "{:?}", texts(&harness));
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(harness.state().values[4], -0.94);
    // With the keyboard, too.
    harness.get_by_role_and_label(Role::SpinButton, "Input 1, 0").focus();
    harness.run();
    harness.key_press(Key::Tab);
    harness.run();
    assert_eq!(harness.state().values[4], -0.94);
}

#[test]
fn what_is_lit_stands_out_on_every_color() {
    for theme in [egui::Theme::Dark, egui::Theme::Light] {
        let t = Tokens::for_theme(theme);
        assert!(contrast(t.highlight, t.ground) > 3.0, "{theme:?}");
        let mut harness = harness(show(false));
        harness.ctx.set_theme(theme);
        harness.run();
        // Three rectangles inside each other: the highlight, a line of the ground, the cell's colour.
        let rects = harness.output().shapes.iter().filter_map(|shape| match &shape.shape {
            Shape::Rect(rect) => Some(rect.clone()),
            _ => None,
        });
        let rects: Vec<_> = rects.collect();
        let outline = |color: Color32| rects.iter().filter(move |rect| rect.stroke.color == color);
        let cell = harness.get_by_role_and_label(Role::Cell, "Input 1, 1").rect();
        let lit = outline(t.highlight).find(|rect| rect.rect == cell).unwrap();
        let ring = outline(t.ground).find(|ring| cell.contains_rect(ring.rect)).unwrap();
        assert!(ring.stroke.width >= 1.0, "{theme:?}");
        assert!((ring.rect.left() - cell.left() - lit.stroke.width).abs() < 0.1, "{theme:?}");
    }
}

#[test]
fn many_cells_without_digits_are_one_shape() {
    for (side, lit) in [(12.0, 0), (18.0, 1), (30.0, 1)] {
        let mut harness = harness(|ui, (): &mut ()| {
            let content = |row: usize, column: usize| GridCell {
                is_lit: (row, column) == (3, 4) && lit > 0,
                ..GridCell::of((row * column) as f32)
            };
            let colors = ColorMapLut::sequential(ui.theme());
            let grid = NumberGrid::new("Pixels", (11, 11), side, colors, 100.0, &content);
            grid.without_digits().ui(ui);
        });
        harness.run();
        assert!(harness.output().shapes.len() < 8, "{side}: {}", harness.output().shapes.len());
        // Its cells are reported nevertheless.
        let told = harness.get_by_role_and_label(Role::Cell, "Pixels 10, 10");
        assert_eq!((told.value().as_deref(), told.rect().width().round()), (Some("100"), side));
    }
}

#[test]
fn padding_is_not_edited() {
    let harness = harness(show(true));
    assert!(harness.query_by_role_and_label(Role::SpinButton, "Input 2, 0").is_none());
    harness.get_by_role_and_label(Role::Cell, "Input 2, 0");
}

#[test]
fn numbers_are_as_short_as_they_can_be() {
    for (value, text, narrow) in [
        (-4.0, "−4", "−4"),
        (0.384, "0.38", ".4"),
        (-1.96, "−1.96", "−2.0"),
        (12.34, "12.3", "12"),
        (0.001, "0", "0"),
        (-0.001, "0", "0"),
        (-0.03, "−0.03", "0"),
        (250.0, "250", "250"),
    ] {
        assert_eq!((short(value).as_str(), shorter(value).as_str()), (text, narrow));
    }
    assert_eq!(side_for(vec2(100.0, 50.0), (3, 4), 40.0), 16.0);
    assert_eq!(side_for(vec2(100.0, 500.0), (0, 0), 40.0), 40.0);
}

#[test]
fn a_grid_without_cells_and_without_room_does_no_harm() {
    let mut harness = harness(|ui, (): &mut ()| {
        let content = |_: usize, _: usize| GridCell::of(f32::NAN);
        let colors = ColorMapLut::diverging(ui.theme());
        NumberGrid::new("Empty", (0, 3), 10.0, colors, 0.0, &content).clickable().ui(ui);
        NumberGrid::new("Tiny", (2, 2), 0.5, colors, f32::NAN, &content).ui(ui);
    });
    harness.run();
}

/// The cells of a picture of small cells, and how often they were asked for.
#[derive(Default)]
struct Picture {
    key: u64,
    lit: Vec<(usize, usize)>,
    asked: usize,
}

#[test]
fn a_picture_that_is_kept_asks_its_cells_only_when_the_key_is_another() {
    let mut harness = harness(|ui: &mut Ui, state: &mut Picture| {
        let asked = std::cell::Cell::new(0);
        let content = |row: usize, column: usize| {
            asked.set(asked.get() + 1);
            GridCell { is_lit: state.lit.contains(&(row, column)), ..GridCell::of((row + column) as f32) }
        };
        let colors = ColorMapLut::diverging(ui.theme());
        NumberGrid::new("Picture", (60, 50), 2.0, colors, 110.0, &content)
            .picture_of(state.key, &state.lit)
            .ui(ui);
        state.asked = asked.get();
    });
    harness.step();
    harness.step();
    assert_eq!(harness.state().asked, 0, "it is kept");
    harness.state_mut().key = 7;
    harness.step();
    assert_eq!(harness.state().asked, 3000, "it is made anew");
    // Few marks are painted over it; many are part of it, and of its key.
    harness.state_mut().lit = vec![(3, 4), (5, 6)];
    harness.step();
    assert_eq!(harness.state().asked, 0);
    let shapes = |harness: &egui_kittest::Harness<'_, Picture>| harness.output().shapes.len();
    let few = shapes(&harness);
    harness.state_mut().lit = (0..200).map(|i| (i / 50, i % 50)).collect();
    harness.state_mut().key = 8;
    harness.step();
    assert_eq!(harness.state().asked, 3000);
    assert!(shapes(&harness) < few, "no mark is painted by itself");
}
