"""Times two commands alternately as whole processes: wall seconds, peak memory, and their ratio.

usage: pairs.py PAIRS COMMAND_A COMMAND_B [NAME_A NAME_B]
"""

import os
import shlex
import statistics
import subprocess
import sys
import time


def run(command):
    """Wall seconds and peak memory in MiB of one run; exits if the command fails."""
    start = time.perf_counter()
    process = subprocess.Popen(shlex.split(command), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if status != 0:
        sys.exit(f"failed with status {status}: {command}")
    return wall, usage.ru_maxrss / 1024


def main():
    pairs, commands = int(sys.argv[1]), sys.argv[2:4]
    for command in commands:  # one warm-up each
        run(command)
    results = [[run(command) for command in commands] for _ in range(pairs)]
    names = sys.argv[4:6] or ["report", "scan"]
    for which, name in enumerate(names):
        walls = [pair[which][0] for pair in results]
        peaks = [pair[which][1] for pair in results]
        print(
            f"{name:9} wall median {statistics.median(walls):.3f} s "
            f"(min {min(walls):.3f}, max {max(walls):.3f}), peak memory {max(peaks):.0f} MiB"
        )
    ratios = [pair[0][0] / pair[1][0] for pair in results]
    print(
        f"ratio     median {statistics.median(ratios):.2f} "
        f"(min {min(ratios):.2f}, max {max(ratios):.2f}) of {pairs} pairs"
    )


main()
