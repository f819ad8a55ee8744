#!/usr/bin/env python3
"""Measures `convlens bench` and PyTorch in turns, preset by preset, and prints a table of medians and ratios.

usage: against_torch.py [--rounds 5] [--seconds 1] [--threads 2] [--net NAME ...] [--python PYTHON] [--convlens PROGRAM]

Build first: cargo build --release. PYTHON is one that has PyTorch. Other work on the machine slows both sides, not
equally; the fastest of each side's rounds is printed too, since it is disturbed the least.
"""
import argparse
import json
import math
import pathlib
import platform
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def run(command):
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    return [json.loads(line) for line in lines]


def cpu():
    try:
        info = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":")[1].strip() for line in info if line.startswith("model name")), "a CPU")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--net", nargs="+", metavar="NAME")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--convlens", default=HERE.parent / "target" / "release" / "convlens")
    options = parser.parse_args()

    common = ["--threads", str(options.threads), "--seconds", str(options.seconds)]
    ours = [str(options.convlens), "bench", "--json", *common]
    theirs = [options.python, str(HERE / "torch_peer.py"), *common]
    listed = subprocess.run([*theirs[:2], "--list"], check=True, stdout=subprocess.PIPE, text=True).stdout.split()
    names = options.net or listed
    results = {name: ([], []) for name in names}
    for number in range(options.rounds):
        for name in names:
            for side, command in zip(results[name], (ours, theirs)):
                side.extend(run([*command, "--net", name]))
        print(f"round {number + 1} of {options.rounds}", file=sys.stderr)

    print(f"{cpu()}, {options.threads} threads, medians of {options.rounds} rounds (fastest in brackets)\n")
    print("| preset | batch | convlens images/s | PyTorch images/s | ratio | convlens forward of one, µs | PyTorch, µs | ratio |")
    print("|---|---|---|---|---|---|---|---|")
    ratios = []
    for name, sides in results.items():
        rate = [[line["train_images_per_s"] for line in side] for side in sides]
        time = [[line["forward1_us"] for line in side] for side in sides]
        (our_rate, their_rate), (our_time, their_time) = ([statistics.median(v) for v in values] for values in (rate, time))
        ratios.append((our_rate / their_rate, their_time / our_time))
        rates = [f"{statistics.median(v):.0f} ({max(v):.0f})" for v in rate]
        times = [f"{statistics.median(v):.0f} ({min(v):.0f})" for v in time]
        print(f"| {name} | {sides[0][0]['batch']} | {rates[0]} | {rates[1]} | {ratios[-1][0]:.2f} "
              f"| {times[0]} | {times[1]} | {ratios[-1][1]:.2f} |")
    means = [math.exp(statistics.fmean(math.log(ratio) for ratio in column)) for column in zip(*ratios)]
    print(f"\ngeometric means: training {means[0]:.2f} times, forward of one {means[1]:.2f} times as fast as PyTorch")


if __name__ == "__main__":
    main()
