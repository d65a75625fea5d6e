# SPDX-License-Identifier: GPL-2.0-only
"""What the studies of accuracy share: training with several seeds, and the spread over them."""

import argparse
import pathlib
import re
import statistics
import tempfile

import study

# the device that has the object in view most often, for configurations with one device
STRONGEST = {"synthetic": 3, "epfl-multiview": 4}


def parse(arguments, description):
    """The options that these studies have, and how they name their folder of results."""
    parser = argparse.ArgumentParser(description=description, allow_abbrev=False)
    parser.add_argument("--dataset", default="synthetic", help="file, or synthetic")
    parser.add_argument("--seeds", type=int, default=5, help="trainings of each network")
    parser.add_argument("--epochs", type=int, default=100, help="of each training")
    options = parser.parse_args(arguments)
    if options.seeds < 1 or options.epochs < 1:
        parser.error("--seeds and --epochs must be at least 1")
    options.name = pathlib.Path(options.dataset).stem
    return options


def train(options, seed, *network):
    """Accuracy in percent of each exit on the test split, by the exit's name."""
    with tempfile.TemporaryDirectory(prefix="ddnn-") as folder:
        text = study.program(
            "ddnn-train", f"--dataset={options.dataset}", f"--seed={seed}",
            f"--epochs={options.epochs}", f"--output={folder}/model.npz", "--threads=1", "--quiet",
            *network,
        )
    line = next(line for line in text.splitlines() if line.startswith("Accuracy on"))
    return {name: float(value) for name, value in re.findall(r"([\w-]+) ([\d.]+)%", line)}


def spread(values):
    """Mean and standard deviation as text."""
    deviation = statistics.stdev(values) if len(values) > 1 else 0
    return f"{statistics.mean(values):5.1f} +- {deviation:4.1f}"


def command(script, options):
    """The command line of a study, without the folder of its data."""
    dataset = pathlib.Path(options.dataset).name
    return (f"./ddnn results {script} --dataset={dataset} --seeds={options.seeds} "
            f"--epochs={options.epochs}")
