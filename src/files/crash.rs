//! The report of a crash: a text file that says what the program was, where it failed and what was done last.
//!
//! A report names actions, not what they are about: no path, no text and no number that a person gave. The panic's own
//! message is as it is, without the name of the person's folder. Nothing is sent anywhere.

use super::atomic;
use std::{
    backtrace::Backtrace,
    collections::VecDeque,
    env, fmt,
    fmt::{Debug, Write as _},
    fs, io,
    panic::{self, PanicHookInfo},
    path::{Path, PathBuf},
    sync::Mutex,
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// The number of actions that a report names.
const ACTIONS: usize = 30;

/// The longest name of an action, in bytes.
const MAX_NAME: usize = 80;

/// The number of reports that are kept.
const KEPT: usize = 10;

/// The number of lines of the stack that a report has.
const MAX_STACK: usize = 120;

/// How the name of a report ends that no one was told of.
const UNSAID: &str = ".new.txt";

/// The last actions, each with how often it was repeated.
static LAST: Mutex<VecDeque<(String, usize)>> = Mutex::new(VecDeque::new());

/// Remembers the name of an action for a report.
pub fn note(action: &impl Debug) {
    let name = name_of(action);
    let Ok(mut last) = LAST.lock() else { return };
    match last.back_mut() {
        Some((before, times)) if *before == name => *times += 1,
        _ => {
            if last.len() == ACTIONS {
                last.pop_front();
            }
            last.push_back((name, 1));
        }
    }
}

/// The names of the variants that a value is made of, such as `Runs.Undelete`, up to the first value that is none.
fn name_of(value: &impl Debug) -> String {
    /// Takes names and opening brackets, and ends at anything else, so that a long value is not written out.
    struct Names(String);
    impl fmt::Write for Names {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            for c in text.chars() {
                let is_first = self.0.is_empty() || self.0.ends_with('.');
                match c {
                    '(' if !is_first => self.0.push('.'),
                    c if c.is_ascii_uppercase() || c.is_ascii_alphanumeric() && !is_first => self.0.push(c),
                    _ => return Err(fmt::Error),
                }
                if self.0.len() >= MAX_NAME {
                    return Err(fmt::Error);
                }
            }
            Ok(())
        }
    }
    let mut names = Names(String::new());
    // It ends early on purpose.
    let _ = write!(names, "{value:?}");
    names.0.trim_end_matches('.').to_owned()
}

/// The folder of this user's reports; `None` if the system names none.
pub fn folder() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "convlens").map(|dirs| dirs.data_local_dir().join("crashes"))
}

/// From now on, a panic writes a report to the folder, after what a panic did until now. `version` is the program's,
/// `running` what it was started as, and `told` gets the path of the report.
pub fn watch(
    folder: PathBuf,
    version: String,
    running: String,
    told: impl Fn(&Path) + Send + Sync + 'static,
) {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        usual(info);
        let now = SystemTime::now();
        // Where no report can be written, the panic itself has been said.
        if let Ok(path) = write(&folder, &report(info, &version, &running, now), now) {
            told(&path);
        }
    }));
}

/// The newest report that no one was told of; from now on, it counts as told, and so do those before it.
pub fn unsaid(folder: &Path) -> Option<PathBuf> {
    let mut said = None;
    for path in reports(folder) {
        let Some(start) = path.to_str().and_then(|text| text.strip_suffix(UNSAID)) else { continue };
        let to = PathBuf::from(format!("{start}.txt"));
        // Where nothing can be renamed, it is said again at the next start.
        said = Some(if fs::rename(&path, &to).is_ok() { to } else { path });
    }
    said
}

/// The reports of a folder, the oldest first.
fn reports(folder: &Path) -> Vec<PathBuf> {
    let is_report = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with("crash-") && path.extension().is_some_and(|ending| ending == "txt")
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_report).collect();
    found.sort();
    found
}

/// Writes a report, and removes the oldest ones.
fn write(folder: &Path, report: &str, now: SystemTime) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let before = reports(folder);
    for old in before.iter().take((before.len() + 1).saturating_sub(KEPT)) {
        fs::remove_file(old)?;
    }
    let name = format!("crash-{}{UNSAID}", utc(now).replace(':', "-"));
    let path = folder.join(name);
    atomic::write(&path, report.as_bytes())?;
    Ok(path)
}

/// The text of a report.
fn report(info: &PanicHookInfo, version: &str, running: &str, now: SystemTime) -> String {
    let message = info.payload();
    let message =
        message.downcast_ref::<&str>().copied().or(message.downcast_ref::<String>().map(String::as_str));
    let place = info.location().map_or_else(|| "unknown".to_owned(), ToString::to_string);
    let thread = thread::current().name().unwrap_or("unnamed").to_owned();
    let processors = thread::available_parallelism().map_or(0, usize::from);
    let mut text = format!(
        "ConvLens failed. This report says where; it was sent to no one.\n\n\
         version: {version}\nsystem: {}, {}, {processors} processors\ntime: {}\nrunning: {running}\nthread: {thread}\n\
         place: {place}\nmessage: {}\n\nlast actions, the newest last:\n",
        system(),
        env::consts::ARCH,
        utc(now),
        message.unwrap_or("none"),
    );
    // The panic may be in the middle of a note.
    match LAST.try_lock() {
        Ok(last) => {
            for (name, times) in last.iter() {
                let _ = if *times == 1 {
                    writeln!(text, "  {name}")
                } else {
                    writeln!(text, "  {name} ×{times}")
                };
            }
        }
        Err(_) => text.push_str("  (not readable)\n"),
    }
    text.push_str("\nstack:\n");
    for line in Backtrace::force_capture().to_string().lines().take(MAX_STACK) {
        let _ = writeln!(text, "{line}");
    }
    let home = directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_string_lossy().into_owned());
    without_home(&text, home.as_deref())
}

/// The text without the person's folder, whose name is often the person's.
fn without_home(text: &str, home: Option<&str>) -> String {
    match home {
        Some(home) if home.len() > 1 => text.replace(home, "~"),
        _ => text.to_owned(),
    }
}

/// The name of the system, as it calls itself.
fn system() -> String {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    name.map_or_else(
        || env::consts::OS.to_owned(),
        |name| format!("{} ({})", env::consts::OS, name.trim_matches('"')),
    )
}

/// A time in UTC, as ISO 8601 writes it.
fn utc(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // Years begin in March, so that the day that some have more is the last one (Howard Hinnant, "chrono-compatible
    // low-level date algorithms").
    let shifted = days + 719_468;
    let (era, day) = (shifted / 146_097, shifted % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z", era * 400 + year + next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    #[expect(dead_code, reason = "only their names are read")]
    enum Act {
        Plain,
        Nested(Option<Inner>),
        Path(PathBuf),
        Fields { name: String },
    }

    #[derive(Debug)]
    #[expect(dead_code, reason = "only their names are read")]
    enum Inner {
        Number(f32),
        Cells(Vec<usize>),
    }

    #[test]
    fn an_action_is_named_without_what_it_is_about() {
        let ada = "/home/ada/Letter to Ada.png";
        assert_eq!(name_of(&Act::Plain), "Plain");
        assert_eq!(name_of(&Act::Nested(Some(Inner::Number(-4.5)))), "Nested.Some.Number");
        assert_eq!(name_of(&Act::Nested(Some(Inner::Cells(vec![3])))), "Nested.Some.Cells");
        assert_eq!(name_of(&Act::Nested(None)), "Nested.None");
        assert_eq!(name_of(&Act::Path(ada.into())), "Path");
        assert_eq!(name_of(&Act::Fields { name: ada.into() }), "Fields");
        assert_eq!(name_of(&ada), "");
    }

    #[test]
    fn times_are_written_as_a_calendar_has_them() {
        let at = |seconds| utc(UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(at(0), "1970-01-01T00:00:00Z");
        assert_eq!(at(951_782_399), "2000-02-28T23:59:59Z");
        assert_eq!(at(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(at(4_107_542_400), "2100-03-01T00:00:00Z");
        assert_eq!(at(1_798_761_599), "2026-12-31T23:59:59Z");
    }

    #[test]
    fn the_persons_folder_is_left_out() {
        assert_eq!(without_home("at /home/ada/x.rs", Some("/home/ada")), "at ~/x.rs");
        assert_eq!(without_home("at /x.rs", Some("/")), "at /x.rs");
        assert_eq!(without_home("at /x.rs", None), "at /x.rs");
    }

    #[test]
    fn a_report_is_told_of_once_and_old_ones_go() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("crashes");
        assert_eq!(unsaid(&folder), None);
        for second in 0..KEPT as u64 + 3 {
            write(&folder, "it failed", UNIX_EPOCH + Duration::from_secs(second)).unwrap();
        }
        fs::write(folder.join("notes.new.txt"), "a person's own").unwrap();
        assert_eq!(reports(&folder).len(), KEPT);
        let newest = folder.join("crash-1970-01-01T00-00-12Z.txt");
        assert_eq!(unsaid(&folder), Some(newest.clone()));
        assert_eq!(fs::read_to_string(newest).unwrap(), "it failed");
        assert_eq!(unsaid(&folder), None);
        assert_eq!(reports(&folder).len(), KEPT);
    }
}
