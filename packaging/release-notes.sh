#!/usr/bin/env bash
# Prints the section of CHANGELOG.md about a version, such as 0.1.0 or Unreleased.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version="${1:?usage: release-notes.sh VERSION}"
changelog="${CHANGELOG:-CHANGELOG.md}"
notes="$(awk -v head="## [$version]" '
    index($0, "## [") == 1 { inside = index($0, head) == 1; next }
    inside && !/^\[[^]]*\]: /
' "$changelog")"
if [[ -z "${notes//[[:space:]]/}" ]]; then
    echo "$changelog has no section about $version" >&2
    exit 1
fi
printf '%s\n' "$notes" | sed -e '/./,$!d'
