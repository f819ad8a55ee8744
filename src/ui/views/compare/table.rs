//! What is set for the next comparison, and the figures of the last one.

use super::palette::color;
use crate::{
    text::{Term, fill, tr},
    train::{
        compare::Contestant,
        config::{MAX_EPOCHS, MAX_IMAGES},
        written_loss,
    },
    ui::{
        action::{Action, Actions},
        model::compare::{CompareAct, NAMES, RunShown, settings},
        state::AppState,
        style::{
            fonts,
            tokens::{Tokens, size, space},
        },
        widgets::{explain, numbers, section, typed_number, typed_number_ui},
    },
};
use egui::{
    Align, Align2, Color32, DragValue, Layout, Response, RichText, Role, Sense, Ui, WidgetInfo, vec2,
};

/// The height of a row, in points.
const ROW: f32 = 24.0;

/// The size of a number field, in points.
const FIELD: egui::Vec2 = vec2(96.0, 26.0);

/// The width of a column of values, as a part of the table.
const VALUE: f32 = 0.29;

/// The settings that both share.
pub fn settings_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    section(ui, tr("For both"));
    ui.add_space(space::XS);
    let mut setup = state.settings.compare.clone();
    setting_ui(ui, Term::Epochs, typed_number(&mut setup.epochs).range(1..=MAX_EPOCHS).speed(0.05));
    setting_ui(ui, Term::Seed, typed_number(&mut setup.seed).speed(0.2));
    let mut images = setup.train_images.unwrap_or(0);
    let most = state.data.ready().map_or(MAX_IMAGES, |data| data.train.len());
    let written = |value: f64, _: std::ops::RangeInclusive<usize>| {
        if value < 1.0 { tr("all").to_owned() } else { numbers::count(value as u64) }
    };
    let parsed = |text: &str| {
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if digits == tr("all") { Some(0.0) } else { digits.parse().ok() }
    };
    let field = typed_number(&mut images).range(0..=most).speed(20.0);
    setting_ui(ui, Term::TrainImages, field.custom_formatter(written).custom_parser(parsed));
    setup.train_images = (images > 0).then_some(images);
    if setup != state.settings.compare {
        actions.send(Action::Compare(CompareAct::Edit(setup)));
    }
}

/// A number with its name.
fn setting_ui(ui: &mut Ui, term: Term, value: DragValue<'_>) {
    let t = Tokens::of(ui);
    ui.horizontal(|ui| {
        explain(ui.label(RichText::new(term.label()).color(t.second)), term);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().interact_size = FIELD;
            typed_number_ui(ui, value).accessible_name(term.label());
        });
    });
}

/// What differs between the two, and what came of it. Before the first run, what would differ.
pub fn table_ui(ui: &mut Ui, state: &AppState) {
    let shown = state.compare.shown.as_deref();
    head_ui(ui);
    let planned =
        |i: usize| state.settings.compare.nets[i].contestant(state.network.network.spec(), &state.setup);
    let [a, b] = match shown {
        Some(shown) => shown.runs.each_ref().map(|run| Some(settings(run.network.spec(), &run.config))),
        None => [0, 1].map(|i| planned(i).map(|Contestant { spec, config }| settings(&spec, &config))),
    };
    let (Some(a), Some(b)) = (a, b) else { return };
    let mut same = Vec::new();
    for ((term, a), (_, b)) in a.into_iter().zip(b) {
        if a == b {
            same.push(format!("{} {a}", term.label().to_lowercase()));
        } else {
            explain(row_ui(ui, term.label(), [a, b]), term);
        }
    }
    let of = |value: fn(&RunShown) -> Option<String>| {
        let value = |i: usize| shown.and_then(|shown| value(&shown.runs[i]));
        [0, 1].map(|i| value(i).unwrap_or_else(|| "–".to_owned()))
    };
    let count = |run: &RunShown| Some(numbers::count(run.network.parameter_count() as u64));
    explain(row_ui(ui, Term::Parameters.label(), of(count)), Term::Parameters);
    let adds = |run: &RunShown| Some(numbers::count(run.multiply_adds()));
    explain(row_ui(ui, Term::MultiplyAdds.label(), of(adds)), Term::MultiplyAdds);
    let steps = |run: &RunShown| Some(numbers::count(run.step));
    explain(row_ui(ui, Term::StepsMade.label(), of(steps)), Term::StepsMade);
    row_ui(ui, tr("Seconds"), of(|run| Some(format!("{:.1}", run.seconds))))
        .on_hover_text(tr("The time that the training steps of each took, without evaluations."));
    let accuracy = |run: &RunShown| Some(numbers::percent_to(run.standing.as_ref()?.accuracy, 2));
    explain(row_ui(ui, Term::TestAccuracy.label(), of(accuracy)), Term::TestAccuracy);
    let loss = |run: &RunShown| Some(written_loss(run.standing.as_ref()?.loss));
    explain(row_ui(ui, Term::TestLoss.label(), of(loss)), Term::TestLoss);
    let t = Tokens::of(ui);
    let text = fill(tr("The rest is the same: {settings}."), &[("settings", &same.join(", "))]);
    ui.label(RichText::new(text).size(size::SMALL).color(t.second));
}

fn head_ui(ui: &mut Ui) {
    let t = Tokens::of(ui);
    let colors = [0, 1].map(|run| color(&t, run));
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let name = tr("What differs");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, name));
    let heading = ui.painter().layout_no_wrap(name.to_owned(), fonts::semibold(size::SECTION), t.text);
    let place = Align2::LEFT_CENTER.anchor_size(rect.left_center(), heading.size());
    ui.painter().galley(place.min, heading, t.text);
    values_ui(ui, rect, NAMES.map(str::to_owned), colors);
}

/// A row of the table.
fn row_ui(ui: &mut Ui, label: &str, values: [String; 2]) -> Response {
    let t = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Cell, true, label);
        info.current_text_value = Some(values.join(" | "));
        info
    });
    let galley = ui.painter().layout_no_wrap(label.to_owned(), fonts::words(size::BODY), t.second);
    let place = Align2::LEFT_CENTER.anchor_size(rect.left_center(), galley.size());
    ui.painter().galley(place.min, galley, t.second);
    values_ui(ui, rect, values, [t.text; 2]);
    response
}

/// Two values at the right of a row; one that is too long is cut.
fn values_ui(ui: &Ui, row: egui::Rect, values: [String; 2], inks: [Color32; 2]) {
    let width = row.width() * VALUE;
    for (i, (value, ink)) in values.into_iter().zip(inks).enumerate() {
        let mut job = egui::text::LayoutJob::simple_singleline(value, fonts::mono(size::MONO), ink);
        job.wrap = egui::text::TextWrapping::truncate_at_width(width - space::XS);
        let galley = ui.painter().layout_job(job);
        let end = row.right_center() - vec2((1 - i) as f32 * width, 0.0);
        let place = Align2::RIGHT_CENTER.anchor_size(end, galley.size());
        ui.painter().galley(place.min, galley, ink);
    }
}
