//! Opening the window on machines that may have none.

use std::{
    ffi::OsString,
    panic::{self, AssertUnwindSafe},
};

/// Why no window can be opened, when the environment alone says so.
///
/// On Linux a window needs a display server, and what tells a program of one is in the environment.
pub(crate) fn no_display(variable: impl Fn(&str) -> Option<OsString>) -> Option<&'static str> {
    let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    let is_free = cfg!(all(unix, not(any(target_os = "macos", target_os = "ios", target_os = "android"))));
    let displays = ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"];
    (is_free && !displays.into_iter().any(is_set)).then_some("neither DISPLAY nor WAYLAND_DISPLAY is set")
}

/// Runs `start` and turns a panic in it into an error, in silence: the window's libraries panic, instead of failing,
/// when a system library is missing, and a person is to read one sentence about it.
pub(crate) fn guarded(start: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let outcome = panic::catch_unwind(AssertUnwindSafe(start));
    panic::set_hook(hook);
    outcome.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        Err(text.unwrap_or_else(|| "the window's libraries failed".into()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_reason() {
        assert_eq!(guarded(|| Ok(())), Ok(()));
        assert_eq!(guarded(|| Err("no GL".into())), Err("no GL".into()));
        assert_eq!(guarded(|| panic!("no libxkbcommon")), Err("no libxkbcommon".into()));
        let library = "libX";
        assert_eq!(guarded(|| panic!("no {library}")), Err("no libX".into()));
        assert!(guarded(|| panic::panic_any(3)).is_err());
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
