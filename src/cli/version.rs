//! `--version`: what the program was built from.

/// The version, and the commit that a package was built from. `packaging/` sets `CONVLENS_COMMIT`; what is built without
/// it is a development build.
pub fn version() -> &'static str {
    const COMMIT: Option<&str> = option_env!("CONVLENS_COMMIT");
    static VERSION: std::sync::LazyLock<String> =
        std::sync::LazyLock::new(|| said(env!("CARGO_PKG_VERSION"), COMMIT));
    &VERSION
}

fn said(version: &str, commit: Option<&str>) -> String {
    match commit.filter(|commit| !commit.is_empty()) {
        Some(commit) => format!("{version} (commit {commit})"),
        None => format!("{version} (development build)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_without_a_commit_says_so() {
        assert_eq!(said("1.2.0", Some("0a1b2c3d4e5f")), "1.2.0 (commit 0a1b2c3d4e5f)");
        assert_eq!(said("1.2.0", None), "1.2.0 (development build)");
        assert_eq!(said("1.2.0", Some("")), "1.2.0 (development build)");
    }
}
