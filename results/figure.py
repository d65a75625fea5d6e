# SPDX-License-Identifier: GPL-2.0-only
"""What all figures share: one colour per thing everywhere, axes, intervals, and how a PNG is written."""

import os
import pathlib
import sys

try:
    import matplotlib
except ImportError:
    sys.exit(f"{pathlib.Path(sys.argv[0]).name}: no figures, because python3-matplotlib is not installed")

matplotlib.use("Agg")
from matplotlib import pyplot, ticker  # noqa: E402 (the backend is chosen first)

# name: label, colour, marker; the colours are told apart with any colour vision
# (B. Wong, Points of view: Color blindness, Nature Methods 8, 441, 2011)
BLUE, ORANGE, GREEN, RED = "#0072b2", "#e69f00", "#009e73", "#d55e00"
SKY, PINK, DARK, GREY = "#56b4e9", "#cc79a7", "#303030", "#8c8c8c"
STYLES = {
    "individual": ("individual", GREY, "D"),
    "local": ("local exit", SKY, "s"),
    "edge": ("edge exit", GREEN, "v"),
    "cloud": ("cloud exit", BLUE, "^"),
    "overall": ("overall", DARK, "o"),
    "fallback": ("fallback", PINK, "P"),
    "lost": ("no prediction", RED, "X"),
    "normal": ("trained as usual", DARK, "o"),
    "failout": ("trained with failout", ORANGE, "s"),
    "retrained": ("retrained without it", GREEN, "^"),
    "pull": ("DDNN, pull", BLUE, "o"),
    "push": ("DDNN, push", GREEN, "s"),
    "raw": ("cloud only, raw offload", RED, "^"),
    "local-only": ("local only", GREY, "D"),
    "udp": ("UDP", BLUE, "o"),
    "tcp": ("TCP", RED, "s"),
    "arq": ("UDP, 4 tries", GREEN, "^"),
    "masked": ("masked", BLUE, "o"),
    "zero": ("zero", RED, "s"),
    "last-known": ("last known", GREEN, "^"),
    "binary": ("binary, 1 bit", BLUE, "o"),
    "int8": ("8 bits", ORANGE, "s"),
    "float32": ("float, 32 bits", RED, "^"),
    "fixed": ("fixed threshold", BLUE, "o"),
    "backlog": ("follows the backlog", GREEN, "s"),
    "deadline": ("follows the deadline", PINK, "^"),
}


def save(figure, path, dpi=150):
    """Write a PNG atomically; always the same bytes for the same figure."""
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        figure.savefig(temporary, format="png", dpi=dpi, metadata={"Software": None})
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    pyplot.close(figure)


def panels(rows, columns=1, size=(6, 3.2), **settings):
    """A figure of several axes, [row][column]."""
    figure, axes = pyplot.subplots(rows, columns, squeeze=False, **settings,
                                   figsize=(size[0] * columns, size[1] * rows + 0.8))
    for one in axes.flat:
        one.grid(alpha=0.3)
    return figure, axes


def interval(axes, name, x, statistics, **style):
    """Means with 95% error bars over x; statistics: a row of intervals.csv for each x, or None."""
    shown = [(at, row) for at, row in zip(x, statistics) if row and row["mean"]]
    if not shown:
        return
    label, colour, marker = STYLES[name]
    means = [float(row["mean"]) for _, row in shown]
    # one run has no interval: no bar is drawn
    below = [mean - float(row["low"] or mean) for mean, (_, row) in zip(means, shown)]
    above = [float(row["high"] or mean) - mean for mean, (_, row) in zip(means, shown)]
    axes.errorbar([at for at, _ in shown], means, yerr=[below, above],
                  **{"label": label, "color": colour, "marker": marker, "markersize": 4.5,
                     "linewidth": 1.4, "elinewidth": 1, "capsize": 2.5, **style})


def groups(axes, names, at, statistics):
    """Means with 95% intervals side by side, one group after the other.

    at: names of the groups; statistics: from (name, group) to a row of intervals.csv, or None.
    """
    for place, name in enumerate(names):
        offset = 0.5 * ((place + 0.5) / len(names) - 0.5)
        interval(axes, name, [x + offset for x in range(len(at))],
                 [statistics(name, group) for group in at], linestyle="none")
    axes.set_xticks(range(len(at)))
    axes.set_xticklabels(at)
    axes.grid(axis="x", visible=False)


def percent(axes, label, low=0):
    """A vertical axis of a percentage; low None: from where there are data."""
    if low is None:
        low = max(0, min(90, 10 * (axes.dataLim.y0 // 10)))
    margin = 0.03 * (100 - low)
    axes.set_ylabel(label)
    axes.set_ylim(low - margin, 100 + margin)


def short(number):
    """Like 30, 3k or 0.3."""
    return f"{number / 1000:g}k" if number >= 1000 else f"{number:g}"


def plain_logarithmic(axis, set_scale):
    """A logarithmic axis with plain numbers at 1, 2 and 5."""
    set_scale("log")
    axis.set_minor_locator(ticker.LogLocator(subs=(2, 5)))
    axis.set_major_formatter(ticker.FormatStrFormatter("%g"))
    axis.set_minor_formatter(ticker.FormatStrFormatter("%g"))


def finish(figure, title, path):
    """Title, one legend below all axes with each thing once, and the PNG."""
    handles = {}
    for axes in figure.axes:
        for handle, label in zip(*axes.get_legend_handles_labels()):
            handles.setdefault(label, handle)
    width, height = figure.get_size_inches()
    columns = max(1, min(len(handles), int(width / 1.6)))
    rows = -(-len(handles) // columns)
    figure.suptitle(title, fontsize=11)
    figure.legend(handles.values(), handles.keys(), loc="lower center", frameon=False,
                  ncol=columns)
    figure.tight_layout(rect=(0, (0.24 * rows + 0.08) / height, 1, 1))
    save(figure, path)
