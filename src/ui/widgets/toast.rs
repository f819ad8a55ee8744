//! Short messages in the lower right corner.

use super::{badge::Tone, buttons::tool_button, face::ICON_SIDE};
use crate::{
    text::tr,
    ui::style::{
        fonts, icons, theme,
        tokens::{Tokens, radius, size, space},
    },
};
use egui::{
    Align2, Area, Color32, Context, Frame, Id, Margin, Order, Response, Role, Sense, Ui, UiBuilder,
    WidgetInfo, accesskit, vec2,
};

/// How long a message stays, in seconds. A failure stays until it is dismissed.
const STAY_SECS: f64 = 6.0;
/// The same of a message that offers something.
const OFFER_SECS: f64 = 20.0;
/// The most messages that are shown at once.
const MOST_SHOWN: usize = 4;
/// The margin above and below the words, in points.
const MARGIN: i8 = 10;
/// The height that a button adds, in points.
const OFFER_HEIGHT: f32 = 36.0;
/// The width of the words, in points.
const TEXT_WIDTH: f32 = 300.0;

/// The subject of a failure. Its message disappears when the same thing succeeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// Opening or pasting a picture.
    Picture,
    /// Opening a photograph.
    Photograph,
    /// Opening a data set.
    Data,
    /// Opening or building a network.
    Network,
    /// Saving a file.
    Save,
    /// Opening a lesson.
    Lesson,
    /// Opening a state.
    State,
    /// Saving the settings.
    Settings,
    /// Training.
    Training,
    /// Fine-tuning.
    FineTuning,
    /// A background task.
    Task,
    /// A crash before this start.
    Crash,
}

/// What a message offers, as a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// The state before *Start over*.
    UndoStartOver,
    /// The run that was deleted.
    UndeleteRun,
    /// The state of a lesson that was left.
    KeepLesson,
}

impl Offer {
    fn name(self) -> &'static str {
        match self {
            Self::UndoStartOver | Self::UndeleteRun => tr("Undo"),
            Self::KeepLesson => tr("Keep the lesson’s"),
        }
    }
}

/// One message.
#[derive(Clone, Debug, PartialEq)]
struct Toast {
    id: u64,
    topic: Option<Topic>,
    tone: Tone,
    text: String,
    offer: Option<Offer>,
    /// When it goes, once it has been shown.
    until_secs: Option<f64>,
}

/// Where a message is: it stays there, whichever others come and go.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    id: u64,
    /// The distance of its lower edge from the lowest place, in points.
    bottom: f32,
    height: f32,
}

/// The messages that have not gone yet, the newest last.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_field_names, reason = "toasts are what it holds")]
pub struct Toasts {
    toasts: Vec<Toast>,
    next_id: u64,
    /// The places of the messages that are shown.
    places: Vec<Place>,
}

impl Toasts {
    /// Adds a message of one sentence. A message that is there already is not added twice; its time starts again.
    pub fn push(&mut self, tone: Tone, text: impl Into<String>) {
        let text = text.into();
        self.toasts.retain(|toast| toast.tone != tone || toast.text != text);
        self.add(None, tone, text);
    }

    /// Adds a message with a button. There is one of each at most.
    pub fn offer(&mut self, tone: Tone, text: impl Into<String>, offer: Offer) {
        self.toasts.retain(|toast| toast.offer != Some(offer));
        self.add(None, tone, text.into());
        if let Some(toast) = self.toasts.last_mut() {
            toast.offer = Some(offer);
        }
    }

    /// Adds the message of a failure. It replaces the one before on the same topic, and stays until it is dismissed or
    /// [`Toasts::cured`].
    pub fn fail(&mut self, topic: Topic, text: impl Into<String>) {
        self.cured(topic);
        self.add(Some(topic), Tone::Bad, text.into());
    }

    /// Removes the message with an offer that no longer holds.
    pub fn withdraw(&mut self, offer: Offer) {
        self.toasts.retain(|toast| toast.offer != Some(offer));
    }

    /// Removes the message of a failure that is over.
    pub fn cured(&mut self, topic: Topic) {
        self.toasts.retain(|toast| toast.topic != Some(topic));
    }

    fn add(&mut self, topic: Option<Topic>, tone: Tone, text: String) {
        self.toasts.push(Toast { id: self.next_id, topic, tone, text, offer: None, until_secs: None });
        self.next_id += 1;
    }

    /// The messages that are shown, oldest first: the newest few.
    pub fn visible(&self) -> impl Iterator<Item = (Tone, &str)> {
        self.shown().iter().map(|toast| (toast.tone, toast.text.as_str()))
    }

    /// Removes every message.
    pub fn clear(&mut self) {
        self.toasts.clear();
    }

    /// Starts the time of messages that are shown for the first time, and removes those whose time is over.
    ///
    /// Returns the seconds until the next one goes.
    pub fn advance(&mut self, now_secs: f64) -> Option<f64> {
        self.toasts.retain(|toast| toast.until_secs.is_none_or(|until| now_secs < until));
        let first = self.toasts.len().saturating_sub(MOST_SHOWN);
        for toast in self.toasts[first..].iter_mut().filter(|toast| toast.tone != Tone::Bad) {
            let stay = if toast.offer.is_some() { OFFER_SECS } else { STAY_SECS };
            toast.until_secs.get_or_insert(now_secs + stay);
        }
        self.shown()
            .iter()
            .filter_map(|toast| toast.until_secs)
            .map(|until| until - now_secs)
            .reduce(f64::min)
    }

    /// Shows the messages over everything else, `bottom_margin` points above the window's lower edge. Returns the offer
    /// that was taken.
    pub fn show(&mut self, ctx: &Context, bottom_margin: f32) -> Option<Offer> {
        if let Some(secs) = self.advance(ctx.input(|input| input.time)) {
            ctx.request_repaint_after_secs(secs.max(0.0) as f32);
        }
        if self.toasts.is_empty() {
            return None;
        }
        self.find_places(ctx);
        let (mut dismissed, mut taken) = (None, None);
        for toast in self.shown() {
            let bottom = self.places.iter().find(|place| place.id == toast.id).map_or(0.0, |p| p.bottom);
            Area::new(Id::unique(("message", toast.id)))
                .order(Order::Foreground)
                .anchor(Align2::RIGHT_BOTTOM, vec2(-space::L, -space::M - bottom_margin - bottom))
                .fade_in(!theme::is_motion_reduced(ctx))
                .show(ctx, |ui| {
                    let (response, is_taken) = toast_ui(ui, toast);
                    if is_taken {
                        taken = toast.offer;
                    }
                    if is_taken || response.clicked() {
                        dismissed = Some(toast.id);
                    }
                });
        }
        self.toasts.retain(|toast| Some(toast.id) != dismissed);
        taken
    }

    /// Gives each message that is shown for the first time the lowest free place.
    fn find_places(&mut self, ctx: &Context) {
        let mut places = std::mem::take(&mut self.places);
        places.retain(|place| self.shown().iter().any(|toast| toast.id == place.id));
        for toast in self.shown() {
            if places.iter().any(|place| place.id == toast.id) {
                continue;
            }
            let height = height_of(ctx, toast);
            let above = places.iter().map(|place| place.bottom + place.height + space::S);
            let is_free = |bottom: f32| {
                let meets = |p: &Place| bottom < p.bottom + p.height && p.bottom < bottom + height;
                !places.iter().any(meets)
            };
            let bottom = above.chain([0.0]).filter(|bottom| is_free(*bottom)).fold(f32::INFINITY, f32::min);
            places.push(Place { id: toast.id, bottom, height });
        }
        self.places = places;
    }

    fn shown(&self) -> &[Toast] {
        &self.toasts[self.toasts.len().saturating_sub(MOST_SHOWN)..]
    }
}

/// The height of a message of these words, in points.
fn height_of(ctx: &Context, toast: &Toast) -> f32 {
    let words = ctx.fonts_mut(|fonts_of| {
        fonts_of.layout(toast.text.clone(), fonts::words(size::BODY), Color32::PLACEHOLDER, TEXT_WIDTH)
    });
    let button = if toast.offer.is_some() { OFFER_HEIGHT } else { 0.0 };
    words.size().y.max(ICON_SIDE) + button + 2.0 * f32::from(MARGIN) + 2.0
}

/// The message, and whether what it offers was taken.
fn toast_ui(ui: &mut Ui, toast: &Toast) -> (Response, bool) {
    let t = Tokens::of(ui);
    let (icon, ink) = match toast.tone {
        Tone::Info => (icons::INFO, t.accent),
        Tone::Good => (icons::CIRCLE_CHECK, t.good),
        Tone::Warn => (icons::TRIANGLE_ALERT, t.warn),
        Tone::Bad => (icons::CIRCLE_ALERT, t.bad),
    };
    let frame = Frame::new()
        .fill(t.raised)
        .stroke(t.control_stroke())
        .corner_radius(radius::L)
        .shadow(t.float_shadow())
        .inner_margin(Margin::symmetric(space::M as i8, MARGIN));
    let shown = frame.show(ui, |ui| {
        let words = ui.painter().layout(toast.text.clone(), fonts::words(size::BODY), t.text, TEXT_WIDTH);
        let line = words.rows.first().map_or(ICON_SIDE, |row| row.height());
        let height = words.size().y.max(ICON_SIDE) + if toast.offer.is_some() { OFFER_HEIGHT } else { 0.0 };
        let room = vec2(ICON_SIDE + space::S + TEXT_WIDTH + space::S + ICON_SIDE, height);
        let (rect, _) = ui.allocate_exact_size(room, Sense::hover());
        let glyph = |pos, align: Align2, icon: &str, ink: Color32| {
            ui.painter().text(pos, align, icon, fonts::icons(ICON_SIDE), ink);
        };
        let middle = rect.top() + line / 2.0;
        glyph(egui::pos2(rect.left(), middle), Align2::LEFT_CENTER, icon, ink);
        glyph(egui::pos2(rect.right(), middle), Align2::RIGHT_CENTER, icons::X, t.faint);
        ui.painter().galley(rect.min + vec2(ICON_SIDE + space::S, 0.0), words, t.text);
    });
    let response = ui.interact(shown.response.rect, Id::unique(("toast", toast.id)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Alert, true, &toast.text));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(accesskit::Live::Polite));
    if response.hovered() || response.has_focus() {
        let stroke = egui::Stroke::new(1.0, t.second);
        ui.painter().rect_stroke(response.rect, radius::L, stroke, egui::StrokeKind::Inside);
    }
    // After the message, so that a click on it is its own.
    let is_taken = toast.offer.is_some_and(|offer| {
        let inside = shown.response.rect.shrink2(vec2(space::M + ICON_SIDE + space::S, f32::from(MARGIN)));
        let row = inside.with_min_y(inside.bottom() - OFFER_HEIGHT + space::XS);
        let mut row = ui.new_child(UiBuilder::new().max_rect(row));
        tool_button(&mut row, icons::UNDO_2, offer.name(), "").clicked()
    });
    (response, is_taken)
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable as _;

    use super::*;
    use crate::ui::widgets::testing::harness;

    fn texts(toasts: &Toasts) -> Vec<&str> {
        toasts.visible().map(|(_, text)| text).collect()
    }

    #[test]
    fn the_newest_four_are_shown_and_their_time_begins_when_they_are() {
        let mut toasts = Toasts::default();
        for text in ["a", "b", "c", "d", "e"] {
            toasts.push(Tone::Info, text);
        }
        assert_eq!(texts(&toasts), ["b", "c", "d", "e"]);
        assert_eq!(toasts.advance(10.0), Some(STAY_SECS));
        toasts.advance(10.0 + STAY_SECS);
        assert_eq!(texts(&toasts), ["a"]);
        toasts.advance(30.0);
        assert!(toasts.advance(30.0 + STAY_SECS).is_none());
        assert!(texts(&toasts).is_empty());
    }

    #[test]
    fn failures_stay() {
        let mut toasts = Toasts::default();
        toasts.push(Tone::Bad, "The file is cut short.");
        assert_eq!(toasts.advance(0.0), None);
        toasts.advance(1e9);
        assert_eq!(texts(&toasts), ["The file is cut short."]);
    }

    #[test]
    fn a_failure_goes_when_it_is_cured_or_another_one_takes_its_place() {
        let mut toasts = Toasts::default();
        toasts.fail(Topic::Picture, "a.png cannot be read.");
        toasts.fail(Topic::Data, "The folder is empty.");
        toasts.fail(Topic::Picture, "b.png cannot be read.");
        assert_eq!(texts(&toasts), ["The folder is empty.", "b.png cannot be read."]);
        toasts.cured(Topic::Picture);
        assert_eq!(texts(&toasts), ["The folder is empty."]);
    }

    #[test]
    fn the_same_message_stands_once_and_anew() {
        let mut toasts = Toasts::default();
        toasts.push(Tone::Good, "Saved.");
        toasts.advance(0.0);
        toasts.push(Tone::Info, "Paused.");
        toasts.push(Tone::Good, "Saved.");
        toasts.advance(STAY_SECS - 1.0);
        toasts.advance(STAY_SECS + 1.0);
        assert_eq!(texts(&toasts), ["Paused.", "Saved."]);
    }

    #[test]
    fn a_message_stays_where_it_is_while_others_come_and_go() {
        let mut harness = harness(|ui, toasts: &mut Toasts| {
            toasts.show(ui.ctx(), 32.0);
        });
        for text in
            ["First.", "Second, which is so long that it takes a second line at this width.", "Third."]
        {
            harness.state_mut().push(Tone::Bad, text);
        }
        harness.run_ok();
        let place = |harness: &egui_kittest::Harness<'_, Toasts>, text: &str| {
            harness.get_by_role_and_label(Role::Alert, text).rect()
        };
        let third = place(&harness, "Third.");
        harness.get_by_role_and_label(Role::Alert, "First.").click();
        harness.run_ok();
        assert_eq!(place(&harness, "Third."), third);
        harness.state_mut().push(Tone::Bad, "Fourth.");
        harness.run_ok();
        assert_eq!(place(&harness, "Third."), third);
        let fourth = place(&harness, "Fourth.");
        assert!(fourth.top() > third.bottom(), "the lowest free place: {fourth:?}, {third:?}");
    }

    #[test]
    fn a_click_dismisses() {
        let mut harness = harness(|ui, toasts: &mut Toasts| {
            toasts.show(ui.ctx(), 32.0);
        });
        harness.state_mut().push(Tone::Bad, "The picture could not be read.");
        harness.state_mut().push(Tone::Good, "Saved.");
        harness.run_ok();
        harness.get_by_role_and_label(Role::Alert, "The picture could not be read.").click();
        harness.run_ok();
        assert_eq!(texts(harness.state()), ["Saved."]);
    }
}
