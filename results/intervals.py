#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Prints the mean over the runs of a CSV file and its 95% confidence interval (Student's t), as CSV.

A mean of one run has no interval; n says how many runs had a value. With a baseline, also the mean of
the differences to the baseline's value of the same run, and its interval.
"""

import argparse
import csv
import math
import sys

from scipy import stats

import study


def interval(values):
    """How many values, their mean and both ends of its interval, as text; NaN is no value."""
    values = [value for value in values if not math.isnan(value)]
    numbers = [sum(values) / len(values)] if values else []
    if len(values) > 1:
        # t squared has the F distribution; scipy 1.10 computes t itself to ten digits only
        t = math.sqrt(stats.f.ppf(0.95, 1, len(values) - 1))
        half = t * stats.sem(values)
        numbers += [numbers[0] - half, numbers[0] + half]
    return [str(len(values)), *(f"{number:.10g}" for number in numbers), *[""] * (3 - len(numbers))]


def number(row, name, line):
    """A field's number; NaN: it is empty."""
    try:
        value = float(row[name] or "nan")
    except ValueError:
        value = math.nan
    if row[name] and not math.isfinite(value):
        raise ValueError(f"line {line}: {name} is '{row[name]}', a number is needed; name the columns "
                         "by --values")
    return value


def group(rows, by, values, pair):
    """The numbers of each run of each group: {fields of `by`: {run: {column: number}}}."""
    groups = {}
    for line, row in enumerate(rows, start=2):
        runs = groups.setdefault(tuple(row[name] for name in by), {})
        run = row[pair] if pair else line
        if run in runs:
            raise ValueError(f"line {line}: a second row of {pair} {run}; name more columns by --by")
        runs[run] = {name: number(row, name, line) for name in values}
    return groups


def summarise(rows, by, values=None, pair=None, baseline=None):
    """The rows of the intervals, header first; of rows like {column: field}, the rest as in main."""
    if not rows:
        raise ValueError("no rows")
    values = values or [name for name in rows[0] if name not in (*by, pair)]
    for name in (*by, *values, *([pair] if pair else [])):
        if name not in rows[0]:
            raise ValueError(f"no column '{name}', only {','.join(rows[0])}")
    column, sign, field = (baseline or "").partition("=")
    if baseline and not (sign and column in by and pair):
        raise ValueError(f"--baseline={baseline}: must be COLUMN=VALUE, with a column of --by and --pair")
    compared = ["pairs", "difference", "difference_low", "difference_high"] if baseline else []
    yield [*by, "column", "n", "mean", "low", "high", *compared]
    groups = group(rows, by, values, pair if baseline else None)
    for key, runs in groups.items():
        other = tuple(field if name == column else own for name, own in zip(by, key))
        base = groups.get(other, {}) if other != key else {}
        for name in values:
            means = interval(run[name] for run in runs.values())
            differences = (runs[run][name] - base[run][name] for run in runs if run in base)
            yield [*key, name, *means, *(interval(differences) if baseline else [])]


def main(arguments):
    """Print the intervals of a file."""
    def names(text):
        return text.split(",")

    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--input", required=True, help="CSV file with one row per run")
    parser.add_argument("--by", type=names, default=[],
                        help="columns: rows that agree in these are one group")
    parser.add_argument("--values", type=names, help="columns to summarise; by default all others")
    parser.add_argument("--pair", help="column that names the run")
    parser.add_argument("--baseline", metavar="COLUMN=VALUE",
                        help="group that the others are compared with, run by run")
    options = vars(parser.parse_args(arguments))
    path = options.pop("input")
    rows = study.read(path)
    try:
        table = list(summarise(rows, **options))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    csv.writer(sys.stdout, lineterminator="\n").writerows(table)


if __name__ == "__main__":
    study.main(main, sys.argv[1:])
