# SPDX-License-Identifier: GPL-2.0-only
"""What the studies have in common that compare arms of a simulation over a range of points."""

import math

import figure

LATENCIES = ("latency_p50_ms", "latency_p95_ms", "latency_p99_ms")
METRICS = ("accuracy_percent", "local_exit_percent", "cloud_exit_percent", "fallback_percent",
           "lost_percent", "unfinished_percent", *LATENCIES, "goodput_kbps", "payload_bytes",
           "on_air_bytes")

# column: axis, kind
PANELS = {
    "accuracy_percent": ("overall accuracy [%]", "percent"),
    "local_exit_percent": ("exited locally [%]", "percent"),
    "cloud_exit_percent": ("exited at the cloud [%]", "percent"),
    "unfinished_percent": ("fallback or no prediction [%]", "percent"),
    "latency_p50_ms": ("median latency [ms]", "log"),
    "latency_p95_ms": ("95th percentile of latency [ms]", "log"),
    "latency_p99_ms": ("99th percentile of latency [ms]", "log"),
    "goodput_kbps": ("goodput [kbit/s]", "log"),
    "joules_per_correct_prediction": ("energy per correct prediction [J]", "log"),
    "joules_per_correct_prediction_difference": ("the same, paired difference [J]", "signed"),
    "first_death_s": ("until the first battery is empty [s]", "linear"),
    "first_death_s_difference": ("the same, paired difference [s]", "signed"),
}


def metrics(summary):
    """The METRICS of a row of summary.csv. Latencies are of the samples that got a prediction."""
    samples = int(summary["samples"])
    fallback, lost = (100 * int(summary[name]) / samples for name in ("fallback", "lost"))
    derived = {"fallback_percent": f"{fallback:.6f}", "lost_percent": f"{lost:.6f}",
               "unfinished_percent": f"{fallback + lost:.6f}"}
    return [derived.get(name) or summary[name] for name in METRICS]


def run(this, keys, arms, points, options, name="runs", output="intervals"):
    """Simulate every arm at every point; the intervals by (arm, point, column).

    keys: names of the columns of the arm and the point; arms: names, the first one is what the
    others are compared with; options: from an arm and a point to those of ddnn-scenario.
    """
    def job(arm, point):
        return lambda number: metrics(this.simulate(number, options(arm, point))[0])

    jobs = {(arm, point): job(arm, point) for arm in arms for point in points}
    return this.intervals(keys, METRICS, jobs, f"{keys[0]}={arms[0]}", name, output)


def with_differences(rows):
    """The intervals, and those of the paired differences as columns of their own."""
    more = {(*key[:-1], f"{key[-1]}_difference"):
            {"mean": row["difference"], "low": row["difference_low"], "high": row["difference_high"]}
            for key, row in rows.items()}
    return {**rows, **more}


def scale(axes, points, kind, label):
    """The horizontal axis: linear, log, or log with a place for zero."""
    axes.set_xlabel(label)
    positive = [float(point) for point in points if float(point) > 0]
    if kind == "log" and len(positive) < len(points):
        axes.set_xscale("symlog", linthresh=min(positive))
        axes.set_xlim(left=-0.1 * min(positive))
    elif kind == "log":
        axes.set_xscale("log")
        axes.set_xticks(positive)
        axes.set_xticklabels([figure.short(point) for point in positive])
        axes.xaxis.set_minor_locator(figure.ticker.NullLocator())


def panel(axes, rows, arms, points, column, x):
    """One column of all arms against the points; x: kind and label of the horizontal axis."""
    label, kind = PANELS[column]
    for arm in arms:
        figure.interval(axes, arm, [float(point) for point in points],
                        [rows.get((arm, point, column)) for point in points])
    scale(axes, points, *x)
    if kind == "percent":
        figure.percent(axes, label, low=None if column == "accuracy_percent" else 0)
        return
    axes.set_ylabel(label)
    if kind == "log" and axes.lines:
        figure.plain_logarithmic(axes.yaxis, axes.set_yscale)
    elif kind != "signed":
        axes.set_ylim(bottom=0)


def draw(this, title, rows, arms, points, columns, x, name=None):
    """A figure with a panel for each column."""
    across = 2 if len(columns) > 1 else 1
    drawing, axes = figure.panels(math.ceil(len(columns) / across), across, size=(5.4, 3.1))
    for place, column in zip(axes.flat, columns):
        panel(place, rows, arms, points, column, x)
    for place in axes.flat[len(columns):]:
        place.set_visible(False)
    figure.finish(drawing, f"{title}\n{this.note()}", this.folder / f"{name or this.name}.png")
