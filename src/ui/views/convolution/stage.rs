//! The layout of the grids: side by side, as large as the room allows.

use super::{
    grids::{after_ui, input_ui, output_ui, piece_ui},
    pictures::{has_room_for_all, pictures_ui},
    plan::Plan,
    scene::{ConvolutionScene, GridBack, part_total},
    sizes::{GAP, Sizes, TITLE, at_sizes, between, legible, place, sign, text_width, titled},
};
use crate::{
    nn::{Border, layers::PaddingMode},
    text::{Term, fill, index_range, tr},
    ui::{
        action::{Action, Actions},
        model::convolution::{
            ConvolutionSource, KernelGrid,
            act::{ConvolutionAct, ConvolutionMode},
        },
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{PlaybackAct, explain, has_room, icon_button, segmented},
    },
};
use egui::{Align, Button, DragValue, Label, Layout, Rect, RichText, Ui, UiBuilder, Vec2, pos2, vec2};

/// Input, window, kernel, products and output.
pub fn stage_ui(ui: &mut Ui, scene: &ConvolutionScene<'_>, back: &mut GridBack<'_>) {
    let conv = scene.conv;
    let (_, height, width) = conv.input().as_maps();
    let (filters, out_height, out_width) = conv.output().as_maps();
    let settings = *conv.settings();
    let border = conv.border();
    // Where outputs are to be guessed, what follows them would tell them.
    let after = if scene.lab.mode == ConvolutionMode::Predict || scene.hides.is_asking() {
        Vec::new()
    } else {
        conv.post_layers()
    };
    let mut results = vec![(out_height, out_width)];
    results.extend(after.iter().map(|after| {
        let (_, height, width) = after.shape.as_maps();
        (height, width)
    }));
    let sizes = Sizes {
        input: border.around(height, width),
        kernel: (settings.kernel_size.h, settings.kernel_size.w),
        results,
    };
    let channels = scene.step.parts.len();
    let mut room = ui.available_rect_before_wrap();
    let strip = Rect::from_min_size(room.min, vec2(room.width(), ui.spacing().interact_size.y));
    let below = Rect::from_min_max(pos2(room.left(), strip.bottom() + space::S), room.max);
    let has_choice = channels > 1 || filters > 1;
    let counts = (channels, filters);
    let least = (legible(conv.x(), conv.weight().values(), conv.y()), !has_room(ui));
    let mut plan = Plan::new(if has_choice { below } else { room }.size(), &sizes, counts, least);
    let pictures = if has_choice { below } else { room }.size();
    let is_spread = plan.as_ref().map_or_else(|| has_room_for_all(pictures, &sizes), |plan| plan.is_spread);
    // If results share a place, tabs choose one.
    let has_tabs = !after.is_empty() && !is_spread;
    if has_tabs {
        plan = Plan::new(below.size(), &sizes, counts, least).filter(|plan| !plan.is_spread);
    }
    if has_choice || has_tabs {
        room = below;
        let mut strip = ui.new_child(UiBuilder::new().max_rect(strip));
        strip.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if has_tabs {
                let names: Vec<String> = after.iter().map(|after| after.layer.summary()).collect();
                let mut options = vec![(0, tr("Output"))];
                options.extend(names.iter().enumerate().map(|(i, name)| (i + 1, name.as_str())));
                let mut result = scene.lab.result.min(after.len());
                if segmented(ui, tr("Result"), &mut result, &options).changed() {
                    back.actions.send(Action::Convolution(ConvolutionAct::ShowResult(result)));
                }
            }
            if has_choice {
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    strip_ui(ui, scene, back.actions);
                });
            }
        });
    }
    let chosen = if has_tabs { scene.lab.result.min(after.len()) } else { 0 };
    let shown = if has_tabs { chosen..=chosen } else { 0..=after.len() };
    let results =
        |ui: &mut Ui, number: usize, name: &str, filter: usize, side: f32, back: &mut GridBack<'_>| {
            match number.checked_sub(1).and_then(|number| after.get(number)) {
                None => output_ui(ui, scene, &name.replace('#', tr("output")), filter, side, back),
                Some(after) => {
                    let name = name.replace('#', &after.layer.summary());
                    after_ui(ui, scene, &name, (after, filter), side, back);
                }
            }
        };
    let result_title = |number: usize| match number.checked_sub(1).and_then(|number| after.get(number)) {
        None if scene.hides.size => (tr("Output").to_owned(), String::new()),
        None => (format!("{} {}", tr("Output"), at_sizes(sizes.results[0])), String::new()),
        Some(after) => (after.layer.summary(), at_sizes(sizes.results[number])),
    };
    let pad = padding_title(border, settings.padding_mode);
    let input_title = format!("{} {}", tr("Input"), at_sizes((height, width)));
    let Some(plan) = plan else {
        let input_title = match channel_name(scene) {
            Some(name) => format!("{input_title} · {name}"),
            None => input_title,
        };
        let titles: Vec<String> = shown.clone().map(|number| result_title(number).0).collect();
        let sizes = Sizes { results: sizes.results[shown.clone()].to_vec(), ..sizes };
        let result = |ui: &mut Ui, number: usize, side: f32, back: &mut GridBack<'_>| {
            results(ui, number, "#", scene.step.place.channel, side, back);
        };
        pictures_ui(ui, scene, room, &sizes, [&input_title, &pad], (&titles, *shown.start(), &result), back);
        return;
    };
    let many = |name: &str, number: usize| match plan.channels.max(plan.outputs) {
        1 => name.to_owned(),
        _ => fill(tr("{grid} {number}"), &[("grid", name), ("number", &number.to_string())]),
    };
    let filter = scene.step.place.channel;
    let square = Vec2::splat(plan.side);
    let has_all = plan.channels > 1;
    let inner: Vec<usize> = if has_all { (0..channels).collect() } else { vec![scene.part()] };
    let (mut left, mut top) = (room.left(), room.top());
    let mut right = room.left();
    for &inner in &inner {
        let part = &scene.step.parts[inner];
        let channel = part.channel;
        let input = place(left, top, sizes.input, square, room);
        let title = if has_all { format!("{input_title} · {channel}") } else { input_title.clone() };
        titled(ui, input, &title, &pad, |ui| {
            let name = many(tr("input"), channel);
            input_ui(ui, scene, &name, channel, plan.side, back);
        });
        let middle = if plan.is_columns {
            place(left, input.bottom() + space::S, sizes.kernel, square, room)
        } else {
            place(input.right() + GAP, top, sizes.kernel, square, room)
        };
        if !plan.is_columns {
            between(ui, input, middle, "×");
        }
        let mut piece = |ui: &mut Ui, place: Rect, piece: KernelGrid, detail: &str| {
            let title = match piece {
                KernelGrid::Kernel => format!("{} {}", piece.title(), at_sizes(sizes.kernel)),
                _ => piece.title().to_owned(),
            };
            titled(ui, place, &title, detail, |ui| {
                piece_ui(ui, scene, (piece, &many(piece.name(), channel)), part, square, back);
            });
        };
        piece(ui, middle, KernelGrid::Kernel, "");
        let products = if plan.is_beside {
            middle.translate(vec2(middle.width() + GAP, 0.0))
        } else {
            middle.translate(vec2(0.0, middle.height() + space::S))
        };
        if plan.is_beside {
            between(ui, middle, products, "=");
        } else {
            sign(ui, products, "=");
        }
        piece(ui, products, KernelGrid::Products, &part_total(scene, inner));
        right = right.max(products.right()).max(input.right());
        if plan.is_columns {
            left = right + GAP;
        } else {
            top = input.bottom().max(products.bottom()) + space::S;
        }
    }
    let filters: Vec<usize> = if plan.outputs > 1 { (0..filters).collect() } else { vec![filter] };
    for number in shown {
        let mut top = room.top();
        let mut edge = right;
        for &filter in &filters {
            let size = sizes.results[number];
            let output = place(right + GAP, top, size, square, room);
            let (title, detail) = result_title(number);
            let title = if plan.outputs > 1 { format!("{title} · {filter}") } else { title };
            let under = widened(ui, output, &title, room);
            titled(ui, under, &title, &detail, |ui| {
                results(ui, number, &many("#", filter), filter, plan.side, back);
            });
            if number > 0 && !has_tabs {
                between(ui, output.translate(vec2(-GAP - output.width(), 0.0)), output, "→");
            }
            edge = edge.max(output.right());
            // The rows of one filter are at the same height.
            top += sizes.results[0].0 as f32 * plan.side + TITLE + space::S;
        }
        right = edge;
    }
}

/// `padding 1×2`, and what it shows if that is not zeros; nothing without padding.
fn padding_title(border: Border, mode: PaddingMode) -> String {
    let Border { left, right, top, bottom } = border;
    if border == Border::default() {
        return String::new();
    }
    let size = if (left, top) == (right, bottom) { pair(top, left) } else { border.to_string() };
    let title = fill(tr("padding {padding}"), &[("padding", &size)]);
    match mode {
        PaddingMode::Zeros => title,
        mode => format!("{title}, {}", mode.name()),
    }
}

/// The room of a grid, widened to fit its title if possible.
fn widened(ui: &Ui, rect: Rect, title: &str, room: Rect) -> Rect {
    let width = text_width(ui, title, fonts::semibold(size::SECTION)) + space::XS;
    rect.with_max_x(rect.right().max((rect.left() + width).min(room.right())))
}

/// The channel of a picture that is shown, if it has several.
fn channel_name(scene: &ConvolutionScene<'_>) -> Option<String> {
    let channel = scene.step.parts.get(scene.part())?.channel;
    let (channels, ..) = scene.conv.input().as_maps();
    match scene.lab.setup.source {
        _ if channels == 1 => None,
        ConvolutionSource::Photo => {
            [tr("red"), tr("green"), tr("blue")].get(channel).map(|name| (*name).to_owned())
        }
        _ => Some(fill(tr("channel {number}"), &[("number", &channel.to_string())])),
    }
}

fn pair(h: usize, w: usize) -> String {
    if h == w { h.to_string() } else { format!("{h}×{w}") }
}

/// Chooses the filter and the channel to inspect.
fn strip_ui(ui: &mut Ui, scene: &ConvolutionScene<'_>, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let (filters, height, width) = scene.conv.output().as_maps();
    let place = scene.conv.place(scene.position);
    ui.horizontal(|ui| {
        if filters > 1 {
            if let Some(filter) = stepper_ui(ui, (tr("Filter"), Term::Filters), place.channel, 0..filters) {
                // The same position in another filter's map.
                let at = (filter * height + place.row) * width + place.column;
                let act = ConvolutionAct::Play(PlaybackAct::Seek(at));
                actions.send(Action::Convolution(act));
            }
            ui.add_space(space::L);
        }
        let channels = scene.conv.channels(place.channel);
        if channels.len() > 1 {
            let shown = scene.step.parts.get(scene.part()).map_or(0, |part| part.channel);
            if let Some(channel) = stepper_ui(ui, (tr("Channel"), Term::Channels), shown, channels) {
                actions.send(Action::Convolution(ConvolutionAct::LookAt(Some(channel))));
            }
            let is_strongest = scene.lab.channel.is_none();
            if is_strongest {
                ui.add(Label::new(RichText::new(tr("the strongest")).color(t.second)).truncate());
            } else if ui.add(Button::new(tr("Strongest")).frame(false).truncate()).clicked() {
                actions.send(Action::Convolution(ConvolutionAct::LookAt(None)));
            }
        }
    });
}

/// A number between buttons for one less and one more. Returns the new number.
fn stepper_ui(
    ui: &mut Ui,
    (name, term): (&str, Term),
    value: usize,
    range: std::ops::Range<usize>,
) -> Option<usize> {
    let t = Tokens::of(ui);
    let (first, last) = (range.start, range.end.saturating_sub(1));
    let mut new = value;
    ui.spacing_mut().item_spacing.x = space::XS;
    explain(ui.label(RichText::new(name).color(t.second)), term);
    let less = fill(tr("Previous {name}"), &[("name", &name.to_lowercase())]);
    let more = fill(tr("Next {name}"), &[("name", &name.to_lowercase())]);
    if icon_button(ui, icons::CHEVRON_LEFT, &less).clicked() {
        new = value.saturating_sub(1).max(first);
    }
    ui.spacing_mut().interact_size.x = 32.0;
    ui.add(DragValue::new(&mut new).range(first..=last).speed(0.1)).accessible_name(name);
    ui.label(RichText::new(index_range(&range)).color(t.second));
    if icon_button(ui, icons::CHEVRON_RIGHT, &more).clicked() {
        new = (value + 1).min(last);
    }
    (new != value).then_some(new)
}
