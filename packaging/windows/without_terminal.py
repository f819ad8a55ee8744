#!/usr/bin/env python3
"""Copies a Windows program and marks the copy as one that gets no terminal: without_terminal.py FROM TO.

The subsystem in the header of a PE file is 3 for a terminal and 2 for a window (PE format, optional header, offset 68)."""

import struct
import sys

TERMINAL, WINDOW = 3, 2


def without_terminal(program):
    (header,) = struct.unpack_from("<I", program, 0x3C)
    if program[:2] != b"MZ" or program[header : header + 4] != b"PE\0\0":
        sys.exit("not a Windows program")
    place = header + 4 + 20 + 68
    (subsystem,) = struct.unpack_from("<H", program, place)
    if subsystem != TERMINAL:
        sys.exit(f"its subsystem is {subsystem}, not {TERMINAL}")
    return program[:place] + struct.pack("<H", WINDOW) + program[place + 2 :]


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as source, open(sys.argv[2], "wb") as target:
        target.write(without_terminal(source.read()))
