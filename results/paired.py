# SPDX-License-Identifier: GPL-2.0-only
"""What the studies of paired runs share: run n of every arm has the network trained with seed n, and
the run number n of the simulation; means over the runs come with 95% confidence intervals."""

import argparse
import collections
import json
import pathlib
import re
import sys
import tempfile
import threading

import intervals
import study
import training

PAPER_THRESHOLD = "0.8"  # of the local exit, the paper's choice from its Table II


def parse(name, arguments, description):
    """The options that these studies have."""
    parser = argparse.ArgumentParser(prog=f"./ddnn results {name}", description=description,
                                     allow_abbrev=False,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataset", default="synthetic", help="file, or synthetic")
    parser.add_argument("--runs", type=int, default=10, help="of each arm and point, at least 2")
    parser.add_argument("--epochs", type=int, default=100, help="of each training")
    parser.add_argument("--output", type=pathlib.Path,
                        help=f"folder of the results (default results/reference/{name}-DATASET)")
    options = parser.parse_args(arguments)
    if options.runs < 2 or options.epochs < 1:
        parser.error("--runs must be at least 2, as one run has no confidence interval; "
                     "--epochs at least 1")
    return options


class Once:
    """Results that several jobs need: the first one computes, the others wait for it."""

    def __init__(self):
        self.guard = threading.Lock()
        self.locks = collections.defaultdict(threading.Lock)
        self.results = {}

    def get(self, key, compute):
        with self.guard:
            lock = self.locks[key]
        with lock:
            if key not in self.results:
                self.results[key] = compute()
            return self.results[key]


class Study:
    """A study's options, folder of results and trained networks."""

    def __init__(self, name, arguments, description):
        options = parse(name, arguments, description)
        self.name, self.runs, self.epochs = name, options.runs, options.epochs
        self.dataset = pathlib.Path(options.dataset).stem
        self.strongest = training.STRONGEST.get(self.dataset, 0)
        default = study.ROOT / "results" / "reference" / f"{name}-{self.dataset}"
        self.folder = options.output or default
        self.temporary = tempfile.TemporaryDirectory(prefix="ddnn-")
        self.once = Once()
        self.begin(f"./ddnn results {name} --dataset={pathlib.Path(options.dataset).name}")
        self.data = self.render() if options.dataset == "synthetic" else options.dataset

    def begin(self, command):
        """Note the command before anything is kept; refuse the folder of another one."""
        path = self.folder / "made-by.txt"
        settings = f"{command} --epochs={self.epochs}"
        commits = [study.commit()]
        if path.exists():
            old = dict(line.split(": ", 1) for line in path.read_text(encoding="utf-8").splitlines())
            if re.sub(r" --runs=\d+", "", old["command"]) != settings:
                raise RuntimeError(f"{self.folder} holds the results of '{old['command']}': give "
                                   "the same options, or another --output, or remove it")
            commits = [*(c for c in old["commit"].split(", ") if c != commits[0]), *commits]
        self.folder.mkdir(parents=True, exist_ok=True)
        study.write(path, f"command: {settings} --runs={self.runs}\ncommit: {', '.join(commits)}\n")

    def render(self):
        """The data set synthetic as a file: read in less time than rendered."""
        path = f"{self.temporary.name}/synthetic.npz"
        study.program("ddnn-dataset", f"--output={path}")
        return path

    def devices(self):
        """The number of devices of the data set."""
        text = study.program("ddnn-hierarchy", f"--dataset={self.data}")
        return json.loads(text)["tiers"][0]["numNodes"]

    def run_numbers(self):
        return range(1, self.runs + 1)

    # ---- networks -----------------------------------------------------------------------------------

    def model(self, run, *network):
        """The checkpoint of a network trained with the seed `run`; trained once for all studies."""
        def train():
            name = re.sub(r"\W+", "_", " ".join(network))
            path = f"{self.temporary.name}/model{name}-{run}.npz"
            study.program("ddnn-train", "--reuse", f"--dataset={self.data}", f"--seed={run}",
                          f"--epochs={self.epochs}", f"--output={path}", "--threads=1", "--quiet",
                          *network)
            return path
        return self.once.get(("model", run, network), train)

    def failures(self, run, *network, only=None):
        """Accuracies in percent of a network by the set of failed devices, like "0-3"."""
        def evaluate():
            chosen = [f"--onlyDevices={only}"] if only else []
            model = self.model(run, *network, *chosen)
            study.program("ddnn-evaluate", f"--dataset={self.data}", f"--model={model}", *chosen,
                          f"--threshold={PAPER_THRESHOLD}", f"--allFailures={model}.csv")
            return {row["failed"]: row for row in study.read(f"{model}.csv")}
        return self.once.get(("failures", run, network, only), evaluate)

    # ---- simulations --------------------------------------------------------------------------------

    def simulate(self, run, options, network=()):
        """The row of summary.csv, and the rows of samples.csv, of one simulation."""
        model = self.model(run, *network)
        with tempfile.TemporaryDirectory(prefix="ddnn-") as folder:
            study.program("ddnn-scenario", f"--dataset={self.data}", f"--model={model}",
                          f"--RngRun={run}", f"--output={folder}", "--quiet", *options)
            return study.read(f"{folder}/summary.csv")[0], study.read(f"{folder}/samples.csv")

    # ---- results ------------------------------------------------------------------------------------

    def run_all(self, keys, values, jobs, name="runs"):
        """Run the jobs, from a tuple of the keys but for the run to a function of the run that gives
        the values. Returns the rows of all runs."""
        named = {(*map(str, key), str(run)): lambda job=job, run=run: job(run)
                 for key, job in jobs.items() for run in self.run_numbers()}
        header = [*keys, "run", *values]
        return study.run_all(self.folder / f"{name}.csv", header, len(keys) + 1, named), header

    def intervals(self, keys, values, jobs, baseline=None, name="runs", output="intervals"):
        """Run the jobs; the rows of the CSV file of the means by the tuple of keys and column."""
        rows, header = self.run_all(keys, values, jobs, name)
        named = [dict(zip(header, row)) for row in rows.values()]
        table = list(intervals.summarise(named, keys, pair="run", baseline=baseline))
        study.write_csv(self.folder / f"{output}.csv", table)
        return {tuple(row[:len(keys) + 1]): dict(zip(table[0], row)) for row in table[1:]}

    def note(self):
        """What a figure's title says of its runs."""
        return f"{self.dataset}, {self.runs} paired runs, 95% confidence intervals"


def table(intervals, columns):
    """Print the means with half their intervals, a line for each group."""
    groups = list(dict.fromkeys(key[:-1] for key in intervals))
    width = max(len(" ".join(group)) for group in groups)
    print(" " * width + "".join(f"{column:>28}" for column in columns))
    for group in groups:
        cells = []
        for column in columns:
            row = intervals.get((*group, column))
            if not row or not row["mean"]:
                cells.append("-")
            elif not row["low"]:
                cells.append(f"{float(row['mean']):.4g} (n = {row['n']})")
            else:
                half = (float(row["high"]) - float(row["low"])) / 2
                cells.append(f"{float(row['mean']):.4g} +- {half:.2g}")
        print(f"{' '.join(group):{width}}" + "".join(f"{cell:>28}" for cell in cells))


def main(name, run, description):
    """Run a study by its function; an error is one line."""
    study.main(lambda arguments: run(Study(name, arguments, description)), sys.argv[1:])
