//! The pictures of a film: their time, and what differs from one to the next.

use super::{FigureError, Pixels};

/// How long each picture is shown, and whether the film begins again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FilmTime {
    /// Hundredths of a second a picture.
    pub hundredths: u16,
    /// Whether it begins again at its end.
    pub is_looping: bool,
}

/// The part of a picture that differs from the one before: all of the first. One pixel of it where nothing differs, since
/// every picture has its time.
pub(super) fn changed(picture: &Pixels, before: Option<&Pixels>) -> Result<[usize; 4], FigureError> {
    let [width, height] = picture.size;
    if width == 0 || height == 0 || width > usize::from(u16::MAX) || height > usize::from(u16::MAX) {
        return Err(FigureError::Empty);
    }
    match before {
        None => Ok([0, 0, width, height]),
        Some(before) if before.size == picture.size => {
            Ok(picture.changed_from(before).unwrap_or([0, 0, 1, 1]))
        }
        Some(_) => Err(FigureError::Empty),
    }
}
