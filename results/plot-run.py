#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Draws the figures of a run from its summary.csv and samples.csv, into the same folder.

usage: plot-run.py FOLDER
"""

import pathlib
import sys

from figure import plain_logarithmic, pyplot, save
from study import read

# Eq. (1) is drawn as open squares, so that equal measured bytes are seen inside them.
BYTES = (
    ("communication_cost_bytes", "Eq. (1)", {"marker": "s", "markersize": 11, "fillstyle": "none", "ls": ":"}),
    ("payload_bytes", "payload, measured", {"marker": "o"}),
    ("on_air_bytes", "on air, with MAC and retransmissions", {"marker": "^"}),
)


EXIT = "_exit_percent"  # how the columns of the exits' shares end


def column(rows, name):
    """The numbers of one column; an empty field is not a number."""
    return [float(row[name] or "nan") for row in rows]


def accuracy_and_bytes(summary):
    """Accuracy, local exits and bytes against the threshold."""
    rows = sorted(summary, key=lambda row: float(row["threshold"]))
    thresholds = column(rows, "threshold")
    figure, (top, bottom) = pyplot.subplots(2, 1, sharex=True, figsize=(7, 7))
    top.plot(thresholds, column(rows, "accuracy_percent"), "o-", label="overall accuracy")
    exits = [name[: -len(EXIT)] for name in rows[0] if name.endswith(EXIT)]
    for name, marker in zip(exits[:-1], "s^vDP*X"):
        label = "exited locally" if name == "local" else f"exited at tier {name}"
        top.plot(thresholds, column(rows, name + EXIT), marker + "--", label=label)
    top.set_ylabel("samples [%]")
    top.set_ylim(-3, 103)
    for name, label, style in BYTES:
        bottom.plot(thresholds, column(rows, name), label=label, **style)
    plain_logarithmic(bottom.yaxis, bottom.set_yscale)
    bottom.set_ylabel("bytes per device and sample")
    bottom.set_xlabel("threshold T of the local exit")
    for axes in (top, bottom):
        axes.grid(alpha=0.3, which="both")
        axes.legend(loc="best")
    top.set_title("Accuracy and communication against the threshold")
    figure.tight_layout()
    return figure


def latencies(samples):
    """Sorted latencies of all thresholds, by exit, fastest first; fallbacks are a group apart."""
    groups = {}
    for row in samples:
        if row["latency_ms"] and row["outcome"] != "lost":
            name = f"{row['exit']} exit" if row["outcome"] == "exited" else row["outcome"]
            groups.setdefault(name, []).append(float(row["latency_ms"]))
    return sorted((sorted(values), name) for name, values in groups.items())


def latency(samples):
    """Cumulative distribution of the latency of each exit."""
    figure, axes = pyplot.subplots(figsize=(7, 4.5))
    groups = latencies(samples)
    for values, name in groups:
        fractions = [100 * (i + 1) / len(values) for i in range(len(values))]
        axes.step(values, fractions, where="post", label=f"{name} ({len(values)} samples)")
    plain_logarithmic(axes.xaxis, axes.set_xscale)
    axes.set_xlabel("latency from capture to prediction [ms]")
    axes.set_ylabel("samples with at most this latency [%]")
    axes.set_title("Latency by exit, all thresholds together")
    axes.grid(alpha=0.3, which="both")
    if groups:
        axes.legend(loc="best")
    figure.tight_layout()
    return figure


def main(arguments):
    if len(arguments) != 1:
        sys.exit("usage: plot-run.py FOLDER")
    folder = pathlib.Path(arguments[0])
    try:
        summary = read(folder / "summary.csv")
        samples = read(folder / "samples.csv")
        save(accuracy_and_bytes(summary), folder / "accuracy-and-bytes.png")
        save(latency(samples), folder / "latency.png")
    except OSError as error:
        sys.exit(f"plot-run.py: {error.filename}: {error.strerror}")
    except (KeyError, ValueError) as error:
        sys.exit(f"plot-run.py: {folder}: not the results of ./ddnn run ({error})")


if __name__ == "__main__":
    main(sys.argv[1:])
