//! The grids of a convolution: input, patch, kernel, products, output.

use super::{
    scene::{ConvolutionScene, GridBack},
    sizes::limit,
};
use crate::{
    explain::{
        cell::{ChannelTerms, Term},
        convolution::PostLayer,
    },
    nn::Pair,
    ui::{
        action::Action,
        model::convolution::{ConvolutionSource, KernelGrid, Weights, act::ConvolutionAct},
        style::colormap::ColorMapLut,
        widgets::{GridCell, GridResponse, NumberGrid, PlaybackAct},
    },
};
use egui::{Theme, Ui};

fn colors(scene: &ConvolutionScene<'_>, theme: Theme) -> &'static ColorMapLut {
    match scene.lab.setup.source {
        ConvolutionSource::Image | ConvolutionSource::Photo => scene.ground.colors(theme),
        ConvolutionSource::Numbers | ConvolutionSource::Layer(_) => ColorMapLut::diverging(theme),
    }
}

/// One input channel with its padding, the window, and the cells that no window covers.
pub fn input_ui(
    ui: &mut Ui,
    scene: &ConvolutionScene<'_>,
    name: &str,
    channel: usize,
    side: f32,
    back: &mut GridBack<'_>,
) {
    let conv = scene.conv;
    let (_, height, width) = conv.input().as_maps();
    let border = conv.border();
    let padding = Pair { h: border.top, w: border.left };
    let map = conv.map(channel);
    let (rows, columns) = conv.covered();
    // The window is drawn only on maps that it covers.
    let sees_it = scene.step.parts.iter().any(|part| part.channel == channel);
    let content = |row: usize, column: usize| {
        let (y, x) = (row.checked_sub(padding.h), column.checked_sub(padding.w));
        let inside = y.zip(x).filter(|&(y, x)| y < height && x < width);
        let place = (row as isize - padding.h as isize, column as isize - padding.w as isize);
        let from = conv.source(place.0, place.1);
        GridCell {
            value: Some(from.and_then(|(y, x)| map.get(y * width + x)).copied().unwrap_or(0.0)),
            is_padding: inside.is_none(),
            is_hatched: !(rows[row] && columns[column]),
            is_lit: sees_it && is_dilated(scene) && scene.step.sees(place.0, place.1)
                || scene.hover.input.is_some_and(|(_, y, x)| (y, x) == place),
            ..GridCell::default()
        }
    };
    let window = scene.step.window().filter(|_| sees_it).map(|(rows, columns)| {
        let start = |at: isize, padding: usize| (at + padding as isize).max(0) as usize;
        let rows = start(rows.start, padding.h)..start(rows.end, padding.h);
        (rows, start(columns.start, padding.w)..start(columns.end, padding.w))
    });
    let is_numbers = scene.lab.setup.source == ConvolutionSource::Numbers
        && scene.lab.rejected.is_none()
        && !scene.hides.asks_click;
    let size = border.around(height, width);
    let shown = NumberGrid::new(name, size, side, colors(scene, ui.theme()), limit(conv.x()), &content)
        .origin((-(padding.h as isize), -(padding.w as isize)))
        .outline(window)
        .editable(is_numbers && !scene.lab.playback.is_playing())
        .ui(ui);
    if let Some((row, column)) = shown.hovered {
        let place = (row as isize - padding.h as isize, column as isize - padding.w as isize);
        back.hover.input = Some((channel, place.0, place.1));
    }
    if let Some(((row, column), value)) = shown.edited
        && let (Some(y), Some(x)) = (row.checked_sub(padding.h), column.checked_sub(padding.w))
        && (y < height && x < width)
    {
        let at = (channel * height + y) * width + x;
        back.actions.send(Action::Convolution(ConvolutionAct::SetNumber(at, value)));
        *back.refused = None;
    }
    *back.refused = shown.refused.or(back.refused.take());
}

fn is_dilated(scene: &ConvolutionScene<'_>) -> bool {
    scene.conv.settings().dilation != Pair::square(1)
}

/// A grid of the kernel's size, with one number for each term of a channel.
pub fn piece_ui(
    ui: &mut Ui,
    scene: &ConvolutionScene<'_>,
    (piece, name): (KernelGrid, &str),
    part: &ChannelTerms,
    cell: egui::Vec2,
    back: &mut GridBack<'_>,
) {
    let kernel = scene.conv.settings().kernel_size;
    let pointed = scene.hover.input;
    let is_own = matches!(scene.lab.setup.weights, Weights::Own(_));
    let is_editable = piece == KernelGrid::Kernel
        && is_own
        && !scene.lab.playback.is_playing()
        && scene.lab.rejected.is_none()
        && !scene.hides.asks_click;
    let is_asked = piece == KernelGrid::Products && scene.is_hidden(scene.at);
    let value = value_of(piece);
    let content = |row: usize, column: usize| {
        let Some(term) = part.terms.get(row * kernel.w + column) else { return GridCell::default() };
        GridCell {
            value: Some(value(term)),
            is_asked,
            is_padding: !term.seen.inside && !is_editable && value(term) == 0.0,
            is_lit: pointed.is_some_and(|(_, y, x)| (y, x) == (term.seen.row, term.seen.column)),
            ..GridCell::default()
        }
    };
    let colors = ColorMapLut::diverging(ui.theme());
    let grid = NumberGrid::new(name, (kernel.h, kernel.w), cell.y, colors, limit_of(piece, scene), &content);
    let shown = grid.cell(cell).editable(is_editable).ui(ui);
    point(part, scene, &shown, back);
    if let Some(((row, column), value)) = shown.edited {
        let channels = scene.step.parts.len();
        let inner = scene.step.parts.iter().position(|other| other.channel == part.channel).unwrap_or(0);
        let at = ((scene.step.place.channel * channels + inner) * kernel.h + row) * kernel.w + column;
        back.actions.send(Action::Convolution(ConvolutionAct::SetWeight(at, value)));
        *back.refused = None;
    }
    *back.refused = shown.refused.or(back.refused.take());
}

/// Pointing at a weight or a product highlights its input.
fn point(part: &ChannelTerms, scene: &ConvolutionScene<'_>, shown: &GridResponse, back: &mut GridBack<'_>) {
    let kernel = scene.conv.settings().kernel_size;
    let term = shown.hovered.and_then(|(row, column)| part.terms.get(row * kernel.w + column));
    if let Some(term) = term {
        back.hover.input = Some((part.channel, term.seen.row, term.seen.column));
    }
}

/// The outputs of one filter, up to the current step.
pub fn output_ui(
    ui: &mut Ui,
    scene: &ConvolutionScene<'_>,
    name: &str,
    filter: usize,
    side: f32,
    back: &mut GridBack<'_>,
) {
    let conv = scene.conv;
    let (_, height, width) = conv.output().as_maps();
    let first = filter * height * width;
    let map = conv.output_map(filter);
    let users = match scene.hover.input {
        Some((_, row, column)) => {
            let place = usize::try_from(row).ok().zip(usize::try_from(column).ok());
            let (_, rows, columns) = conv.input().as_maps();
            let place = place.filter(|&(row, column)| row < rows && column < columns);
            place.map(|(row, column)| conv.outputs_reading(row, column)).unwrap_or_default()
        }
        None => Vec::new(),
    };
    let is_pointing = scene.hover.input.is_some();
    let content = |row: usize, column: usize| {
        let at = first + row * width + column;
        let is_come = at <= scene.position;
        let is_hidden = scene.is_hidden(at);
        let value = map.get(row * width + column).copied();
        GridCell {
            value: value.filter(|_| (is_come || scene.lab.is_whole) && !is_hidden),
            is_asked: is_hidden
                && (at == scene.position || scene.is_asked(at) && (is_come || scene.lab.is_whole)),
            is_lit: if is_pointing { users.contains(&(row, column)) } else { at == scene.at },
            is_faint: !is_come && scene.lab.is_whole && is_small(scene),
            ..GridCell::default()
        }
    };
    let shown = NumberGrid::new(
        name,
        (height, width),
        side,
        ColorMapLut::diverging(ui.theme()),
        limit(conv.y()),
        &content,
    )
    .clickable()
    .ui(ui);
    let step = |(row, column): (usize, usize)| first + row * width + column;
    if let Some(cell) = shown.hovered {
        back.hover.output = Some(step(cell));
    }
    if let Some(cell) = shown.clicked {
        let act = ConvolutionAct::Play(PlaybackAct::Seek(step(cell)));
        back.actions.send(Action::Convolution(act));
    }
}

/// One filter's map after a following layer, up to the current step.
pub fn after_ui(
    ui: &mut Ui,
    scene: &ConvolutionScene<'_>,
    name: &str,
    (after, filter): (&PostLayer<'_>, usize),
    side: f32,
    back: &mut GridBack<'_>,
) {
    let (_, height, width) = after.shape.as_maps();
    let map = after.map(filter);
    let place = scene.step.place;
    let content = |row: usize, column: usize| {
        let needs = after.needs(filter, (row, column), scene.conv.output());
        let is_come = needs <= scene.position;
        GridCell {
            value: map.get(row * width + column).copied().filter(|_| is_come || scene.lab.is_whole),
            is_lit: place.channel == filter && after.cell(place.row, place.column) == (row, column),
            is_faint: !is_come && scene.lab.is_whole && is_small(scene),
            ..GridCell::default()
        }
    };
    let colors = ColorMapLut::diverging(ui.theme());
    let grid = NumberGrid::new(name, (height, width), side, colors, limit(scene.conv.y()), &content);
    if let Some(cell) = grid.clickable().ui(ui).clicked {
        // A value appears with the last output that it needs.
        let at = after.needs(filter, cell, scene.conv.output());
        back.actions.send(Action::Convolution(ConvolutionAct::Play(PlaybackAct::Seek(at))));
    }
}

/// Whether there are few enough outputs to watch one by one.
fn is_small(scene: &ConvolutionScene<'_>) -> bool {
    scene.conv.output().len() <= 256
}

/// The number of a term that a grid shows.
fn value_of(grid: KernelGrid) -> fn(&Term) -> f32 {
    match grid {
        KernelGrid::Patch => |term| term.seen.x,
        KernelGrid::Kernel => |term| term.weight,
        KernelGrid::Products => Term::product,
    }
}

/// The number at full colour.
fn limit_of(grid: KernelGrid, scene: &ConvolutionScene<'_>) -> f32 {
    match grid {
        KernelGrid::Patch => limit(scene.conv.x()),
        KernelGrid::Kernel => limit(scene.conv.weight().values()),
        KernelGrid::Products => {
            let products = scene.step.parts.iter().flat_map(|part| &part.terms).map(Term::product);
            limit(&products.collect::<Vec<_>>())
        }
    }
}
