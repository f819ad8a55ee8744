//! What a panic leaves. Alone in its program, since the hook of a panic is the whole process's.

use convlens::files::crash;
use std::{
    fs,
    path::PathBuf,
    sync::{Arc, Mutex},
    thread,
};

#[derive(Debug)]
#[expect(dead_code, reason = "only their names are read, by `Debug`")]
enum Act {
    Open(PathBuf),
    Step(usize),
}

#[test]
fn a_panic_leaves_a_report() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("crashes");
    let told = Arc::new(Mutex::new(Vec::new()));
    let hear = Arc::clone(&told);
    crash::watch(folder.clone(), "1.2.0 (commit 0a1b)".into(), "the window".into(), move |path| {
        hear.lock().unwrap().push(path.to_owned());
    });
    crash::note(&Act::Open("/home/ada/secret.png".into()));
    for number in 0..40 {
        crash::note(&Act::Step(number));
    }
    let failed = thread::Builder::new().name("training".into()).spawn(|| {
        let values = [1, 2, 3];
        let index = values.len() + std::process::id().min(1) as usize;
        values[index]
    });
    assert!(failed.unwrap().join().is_err());

    let written = told.lock().unwrap().clone();
    assert_eq!(written.len(), 1);
    let report = fs::read_to_string(&written[0]).unwrap();
    for line in
        ["version: 1.2.0 (commit 0a1b)", "running: the window", "thread: training", "  Open", "  Step ×40"]
    {
        assert!(report.lines().any(|found| found == line), "{line}: {report}");
    }
    assert!(report.contains("place: tests/crash.rs:") && report.contains("the len is 3"), "{report}");
    assert!(
        report.contains("\nsystem: ") && report.contains("\ntime: 20") && report.contains("\nstack:\n"),
        "{report}"
    );
    assert!(!report.contains("ada") && !report.contains("secret"), "{report}");

    let said = crash::unsaid(&folder).unwrap();
    assert_eq!(fs::read_to_string(&said).unwrap(), report);
    assert_eq!(crash::unsaid(&folder), None);
}
