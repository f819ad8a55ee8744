#!/usr/bin/env bash
# Fuzzes every reader of files for a bounded time or number of runs: fuzz/run.sh 60s, fuzz/run.sh 1000000, and with names
# after it those alone: fuzz/run.sh 60s spec lesson.
#
# Needs cargo-fuzz (`cargo install cargo-fuzz`) and a nightly toolchain. What fails is in fuzz/artifacts; the new examples that
# reach more of the program are in fuzz/found, which is not committed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

bound="${1:?usage: run.sh SECONDSs|RUNS [TARGET…]}"
shift
case "$bound" in
    *s) limit="-max_total_time=${bound%s}" ;;
    *) limit="-runs=$bound" ;;
esac
mapfile -t all < <(sed -n 's/^    ("\([a-z_]*\)", [a-z_]*),$/\1/p' fuzz_targets/targets.rs)
if [[ $# -gt 0 ]]; then all=("$@"); fi

(cd .. && ${CARGO:-cargo} +nightly fuzz build --release files)
program="$(ls -t target/*/release/files | head -1)"
failed=()
for target in "${all[@]}"; do
    mkdir -p "found/$target" "artifacts/$target" "corpus/$target"
    echo "== $target"
    CONVLENS_TARGET="$target" "$program" "found/$target" "corpus/$target" "$limit" -artifact_prefix="artifacts/$target/" \
        -max_len=20000 -timeout=20 -rss_limit_mb=4096 -print_final_stats=1 -verbosity=0 2>&1 | tee "artifacts/$target.log" \
        | grep -E 'number_of_executed_units|new_units_added|peak_rss|panicked|ERROR|Test unit written' || true
    grep -q 'Test unit written' "artifacts/$target.log" && failed+=("$target")
done
if [[ ${#failed[@]} -gt 0 ]]; then
    echo "failed: ${failed[*]}"
    exit 1
fi
