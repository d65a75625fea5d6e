#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Draw a contact sheet of a data set (.npz): samples as rows, devices as columns."""

import argparse
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

CELL = 0.8  # inches per view
BLANK = 0.93  # grey that stands for a blank view


def label_samples(y):
    """The class of each sample, which is in y [n, device] except where a view is absent.

    Absent views have a negative label or, where labels of one sample differ, the highest one.
    """
    highest = y.max(axis=1)
    differ = np.any((y >= 0) & (y != highest[:, None]))
    return np.where((y == y.max()) & differ, -1, y).max(axis=1)


def pick_samples(labels, per_class, seed):
    """The indices of some samples of each class, by class."""
    generator = np.random.default_rng(seed)
    return {
        label: generator.permutation(np.flatnonzero(labels == label))[:per_class]
        for label in np.unique(labels[labels >= 0])
    }


def as_image(view):
    """[channel, row, column], uint8 or float, as an RGB image; a blank view as light grey."""
    if not view.any():
        return np.full((*view.shape[1:], 3), BLANK)
    scale = 255 if view.dtype == np.uint8 else max(1, view.max())
    colours = view if len(view) == 3 else np.repeat(view[:1], 3, axis=0)
    return colours.transpose(1, 2, 0) / scale


def draw_sheet(views, groups, names):
    """One row per sample, one column per device, a gap and a name per class."""
    num_devices = views.shape[1]
    rows = sum(len(group) for group in groups.values())
    figure, axes = plt.subplots(
        rows,
        num_devices,
        figsize=(CELL * (num_devices + 1), CELL * (rows + 1)),
        squeeze=False,
        layout="constrained",
    )
    figure.get_layout_engine().set(w_pad=0.01, h_pad=0.01, wspace=0, hspace=0)
    for axis in axes.flat:
        axis.set(xticks=[], yticks=[])
        for spine in axis.spines.values():
            spine.set_visible(False)
    row = 0
    for label, group in groups.items():
        for sample in group:
            for device in range(num_devices):
                axes[row, device].imshow(as_image(views[sample, device]), interpolation="nearest")
            name = names[label] if label < len(names) else f"class {label}"
            axes[row, 0].set_ylabel(f"{name}\n#{sample}", fontsize=8)
            row += 1
    for device in range(num_devices):
        axes[0, device].set_title(f"device {device}", fontsize=8)
    return figure


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", help=".npz with X [n, device, channel, row, column] and y")
    parser.add_argument("output", help="the picture, for example sheet.png")
    parser.add_argument("--per-class", type=int, default=5, help="samples of each class (5)")
    parser.add_argument("--classes", default="car,bus,person", help="names, class 0 first")
    parser.add_argument("--seed", type=int, default=0, help="of the choice of samples (0)")
    arguments = parser.parse_args()
    try:
        with np.load(arguments.dataset) as data:
            views, y = data["X"], data["y"]
    except (OSError, KeyError, ValueError) as error:
        sys.exit(f"{arguments.dataset}: {error}; give a data set with the arrays X and y")
    groups = pick_samples(label_samples(y), arguments.per_class, arguments.seed)
    draw_sheet(views, groups, arguments.classes.split(",")).savefig(arguments.output, dpi=150)


if __name__ == "__main__":
    main()
