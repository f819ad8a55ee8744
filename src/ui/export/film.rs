//! Films: a view from one position of its animation to another.

use super::{
    caption::caption,
    sheet::Sheet,
    studio::{Look, Studio},
};
use crate::{
    figure::{Apng, FigureError, Film, FilmTime, Gif},
    ui::{
        model::picture::{Captioned, FilmProgress, FilmRange, PictureFormat},
        state::AppState,
    },
};
use std::sync::atomic::Ordering;

/// A window that can be told what to show.
pub trait Player {
    /// Shows a position of the animation.
    fn seek(&mut self, position: usize);

    /// What is shown.
    fn state(&self) -> &AppState;

    /// All that is shown, with bars and panels, if it has them.
    fn window(&self) -> Option<&Sheet> {
        None
    }
}

/// The bytes of a film; `None` if it was called off. `captioned` is the line below the content; without it the whole window is
/// shown.
pub fn film(
    player: &mut dyn Player,
    look: Look,
    content: Option<&Captioned>,
    range: FilmRange,
    format: PictureFormat,
    progress: &FilmProgress,
) -> Result<Option<Vec<u8>>, FigureError> {
    let FilmRange { from, to, hundredths, is_looping } = range;
    let time = FilmTime { hundredths, is_looping };
    let mut film =
        if format == PictureFormat::Apng { Film::Apng(Apng::new(time)) } else { Film::Gif(Gif::new(time)) };
    let mut studio = content.and_then(|_| Studio::new(player.state().settings.view, look));
    let is_called_off = || progress.is_called_off.load(Ordering::Relaxed);
    if let Some(studio) = &mut studio {
        for position in from..=to {
            player.seek(position);
            studio.measure(player.state());
            if is_called_off() {
                return Ok(None);
            }
        }
        studio.hold();
    }
    for position in from..=to {
        player.seek(position);
        let picture = match (&mut studio, content) {
            (Some(studio), Some(content)) => {
                studio.shoot(player.state(), &caption(player.state(), content)).paint()
            }
            _ => player.window().ok_or(FigureError::Empty)?.paint(),
        };
        film.push(&picture)?;
        progress.done.fetch_add(1, Ordering::Relaxed);
        progress.bytes.store(film.len(), Ordering::Relaxed);
        if is_called_off() {
            return Ok(None);
        }
    }
    film.finish().map(Some)
}
