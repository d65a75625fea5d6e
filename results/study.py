# SPDX-License-Identifier: GPL-2.0-only
"""What the studies share: many runs of the programs, side by side, each result kept at once, so that
a study that was stopped goes on where it was."""

import concurrent.futures
import csv
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("DDNN_BUILD_DIR", ROOT / "build"))


def program(name, *options):
    """What a program prints; ends the study if it fails."""
    environment = dict(os.environ, OMP_NUM_THREADS="1")
    done = subprocess.run(
        [str(BUILD / name), *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, env=environment,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{name} {' '.join(options)}: {done.stderr.strip()}")
    return done.stdout


def write(path, text):
    """Write a file all or nothing."""
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, path)


def commit():
    """The commit that the programs were built from, as far as git knows."""
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=12"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          check=False)
    return done.stdout.strip() or "unknown"


def made_by(folder, command):
    """Note the command and the commit that made a folder of results."""
    write(folder / "made-by.txt", f"command: {command}\ncommit: {commit()}\n")


def read(path):
    """Rows of a CSV file as dictionaries; an error names the line."""
    rows = []
    with open(path, newline="", encoding="utf-8") as file:
        lines = csv.reader(file)
        try:
            for row in lines:
                if rows and len(row) != len(rows[0]):
                    raise ValueError(f"fields: {len(row)}, but the header has {len(rows[0])}")
                rows.append(row)
        except (ValueError, csv.Error) as error:
            raise ValueError(f"{path}:{lines.line_num}: {error}") from error
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def write_csv(path, rows):
    """Write lists of plain texts, the header first."""
    write(path, "".join(",".join(row) + "\n" for row in rows))


def load(path, key):
    """Rows of a CSV file by their first `key` columns; none if there is no such file."""
    rows = (list(row.values()) for row in read(path)) if path.exists() else ()
    return {tuple(row[:key]): row for row in rows}


def run_all(path, header, key, jobs, workers=None):
    """Run those jobs whose row is not in the file yet, one per processor at a time or as many as
    `workers`.

    path: CSV file of all rows; header: its columns, of which the first `key` name a job; jobs: from
    a tuple of these columns to a function without arguments that gives the other columns.
    Returns the rows of all jobs by their names.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = load(path, key)
    missing = [name for name in jobs if name not in rows]
    with concurrent.futures.ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        running = {pool.submit(jobs[name]): name for name in missing}
        try:
            for count, future in enumerate(concurrent.futures.as_completed(running), start=1):
                name = running[future]
                rows[name] = [*name, *map(str, future.result())]
                write_csv(path, [header, *(rows[key] for key in sorted(rows))])
                if sys.stderr.isatty():
                    print(f"\r{count}/{len(missing)} runs", end="", file=sys.stderr, flush=True)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    if missing and sys.stderr.isatty():
        print(file=sys.stderr)
    return {name: rows[name] for name in jobs}


def main(run, arguments):
    """Run a study; an error is one line."""
    try:
        run(arguments)
    except KeyboardInterrupt:
        sys.exit("stopped; what is finished is kept, the same command goes on")
    except (OSError, RuntimeError, ValueError) as error:
        sys.exit(f"{pathlib.Path(sys.argv[0]).name}: {error}")
