//! Opening the window on a machine that may have no display.

use convlens::text::{key, tr};
use std::{
    ffi::OsString,
    panic::{self, AssertUnwindSafe},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// Why no window can be opened, as far as the environment tells.
///
/// On Linux a window needs a display server, which environment variables name.
pub(crate) fn no_display(variable: impl Fn(&str) -> Option<OsString>) -> Option<&'static str> {
    let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    let is_free = cfg!(all(unix, not(any(target_os = "macos", target_os = "ios", target_os = "android"))));
    let displays = ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"];
    (is_free && !displays.into_iter().any(is_set))
        .then_some(key("neither DISPLAY nor WAYLAND_DISPLAY is set"))
}

/// Why there is no window.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NoWindow {
    /// It could not be opened.
    NeverOpened(String),
    /// It was open and failed.
    Broke(String),
}

/// Runs `start` and turns a panic into an error. `start` calls its argument when the window is open.
///
/// Until then a panic prints nothing: the window's libraries panic if a system library is missing, and the error says so
/// in one sentence.
pub(crate) fn guarded(start: impl FnOnce(&dyn Fn()) -> Result<(), String>) -> Result<(), NoWindow> {
    let is_open = Arc::new(AtomicBool::new(false));
    let hook = Arc::new(panic::take_hook());
    let (speaks, usual) = (is_open.clone(), hook.clone());
    panic::set_hook(Box::new(move |info| {
        if speaks.load(Ordering::Relaxed) {
            usual(info);
        }
    }));
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| start(&|| is_open.store(true, Ordering::Relaxed))));
    panic::set_hook(Box::new(move |info| hook(info)));
    let reason = match outcome {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(reason)) => reason,
        Err(panic) => {
            let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
            text.unwrap_or_else(|| tr("the window's libraries failed").into())
        }
    };
    Err(if is_open.load(Ordering::Relaxed) { NoWindow::Broke(reason) } else { NoWindow::NeverOpened(reason) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_reason() {
        let never = |reason: &str| Err(NoWindow::NeverOpened(reason.into()));
        assert_eq!(guarded(|_| Ok(())), Ok(()));
        assert_eq!(guarded(|_| Err("no GL".into())), never("no GL"));
        assert_eq!(guarded(|_| panic!("no libxkbcommon")), never("no libxkbcommon"));
        let library = "libX";
        assert_eq!(guarded(|_| panic!("no {library}")), never("no libX"));
        assert!(guarded(|_| panic::panic_any(3)).is_err());
        let broke = guarded(|open| {
            open();
            Err("lost the display".into())
        });
        assert_eq!(broke, Err(NoWindow::Broke("lost the display".into())));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_display_is_known_by_its_variable() {
        let only = |set: &'static str, value: &'static str| {
            no_display(move |name| (name == set).then(|| OsString::from(value)))
        };
        for name in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
            assert_eq!(only(name, ":0"), None);
            assert!(only(name, "").is_some());
        }
        assert!(only("TERM", "xterm").is_some());
    }
}
