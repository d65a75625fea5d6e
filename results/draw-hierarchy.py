#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Draws a hierarchy: its tiers from the devices up, sections, exits, and bytes per message.

usage: ddnn-hierarchy --drawing [OPTION...] | draw-hierarchy.py FILE.png
"""

import json
import pathlib
import sys

from figure import pyplot, save
from matplotlib.patches import FancyBboxPatch

MOST_NODES = 12  # of a tier that are drawn; of more, the first and the last ones
SLOT = 1.5  # width of a node's place, in inches
NODE_WIDTH = 1.3
LINE = 0.2  # height of a line of text
BLOCK = 0.26  # height of a block
GAP = 1.15  # between two tiers: room for the arrows and what they carry
EXIT_WIDTH = 1.75
SECTION, EXIT, NODE, RAW = "#cfe0f3", "#f6dcb5", "#f7f7f7", "#e3e3e3"
SCORES, FEATURES = "#b5651d", "#33608c"


def shown(count):
    """The indices of a tier's nodes that are drawn; None is the place of those left out."""
    if count <= MOST_NODES:
        return list(range(count))
    half = (MOST_NODES - 2) // 2
    return [*range(half), None, *range(count - half, count)]


def plural(count, word):
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def lines(node, tier, drawing):
    """What stands in a node: pairs of a text and a colour, from the bottom up."""
    first, last = tier is drawing["tiers"][0], tier is drawing["tiers"][-1]
    below = drawing["tiers"][0]["nodes"]
    shape = "x".join(map(str, node["input"]))
    if drawing["rawOffload"] and not last:
        return [(f"view {shape}", RAW)] if first else [("forwards", RAW)]
    own = [(block, SECTION) for block in node["blocks"]]
    if drawing["rawOffload"]:
        return [(f"{plural(len(below), 'device section')}", SECTION), *own]
    return [(f"{'view ' if first else tier['features'] + ' '}{shape}", RAW), *own]


class Drawing:
    """Axes in inches, and the places of the nodes of each tier."""

    def __init__(self, description):
        self.tiers = description["tiers"]
        self.description = description
        self.columns = max(len(shown(len(tier["nodes"]))) for tier in self.tiers)
        self.left = max(self.columns, 2) * SLOT
        self.width = self.left + EXIT_WIDTH + 0.5
        self.heights = [max(self.node_height(tier, node) for node in tier["nodes"])
                        for tier in self.tiers]
        self.bottoms = [0.75 + sum(self.heights[:i]) + i * GAP for i in range(len(self.tiers))]
        self.height = self.bottoms[-1] + self.heights[-1] + 0.2
        self.figure = pyplot.figure(figsize=(self.width, self.height))
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_xlim(0, self.width)
        self.axes.set_ylim(0, self.height)
        self.axes.axis("off")

    def node_height(self, tier, node):
        return LINE + 0.12 + BLOCK * len(lines(node, tier, self.description))

    def place(self, t, position):
        """The middle of a node, by its position among those that are drawn."""
        return self.left * (position + 0.5) / len(shown(len(self.tiers[t]["nodes"])))

    def text(self, x, y, text, size=8, **style):
        style.setdefault("ha", "center")
        style.setdefault("va", "center")
        self.axes.text(x, y, text, fontsize=size, **style)

    def box(self, x, y, width, height, colour, edge="#555555"):
        """A rounded box around its middle x, from y up."""
        self.axes.add_patch(FancyBboxPatch(
            (x - width / 2 + 0.05, y + 0.05), width - 0.1, height - 0.1,
            boxstyle="round,pad=0.05,rounding_size=0.06", facecolor=colour, edgecolor=edge,
            linewidth=0.8, zorder=3,
        ))

    def arrow(self, start, end, colour):
        self.axes.annotate("", end, start, zorder=2, arrowprops={
            "arrowstyle": "-|>", "color": colour, "linewidth": 1, "shrinkA": 0, "shrinkB": 1})

    def node(self, t, position, index):
        tier, x, y = self.tiers[t], self.place(t, position), self.bottoms[t]
        node = tier["nodes"][index]
        content = lines(node, tier, self.description)
        self.box(x, y, NODE_WIDTH, self.node_height(tier, node), NODE)
        for i, (text, colour) in enumerate(content):
            self.box(x, y + 0.06 + i * BLOCK, NODE_WIDTH - 0.12, BLOCK - 0.03, colour, colour)
            self.text(x, y + 0.06 + (i + 0.5) * BLOCK - 0.015, text, 7, zorder=4)
        name = tier["name"] if len(tier["nodes"]) == 1 else f"{tier['name']} {index}"
        self.text(x, y + 0.06 + len(content) * BLOCK + LINE / 2, name, weight="bold", zorder=4)

    def exit(self, t):
        """The tier's exit, right of its nodes; a node alone is its own."""
        tier, raw = self.tiers[t], self.description["rawOffload"]
        last = t + 1 == len(self.tiers)
        if raw and not last:
            return
        x, y = self.left + 0.25 + EXIT_WIDTH / 2, self.bottoms[t]
        title = f"{tier['exit']} exit"
        alone = tier["scoreBytes"] == 0
        said = [] if alone else [f"{tier['scores']} of {plural(len(tier['nodes']), 'node')}' scores"
                                 .replace("node'", "node's")]
        said.append("always classifies" if last else f"if uncertainty ≤ {tier['threshold']:.2f}")
        height = LINE * (len(said) + 1) + 0.15
        middle = y + self.heights[t] / 2
        self.box(x, middle - height / 2, EXIT_WIDTH, height, EXIT)
        self.text(x, middle + height / 2 - 0.17, title, weight="bold", zorder=4)
        for i, text in enumerate(said):
            self.text(x, middle + height / 2 - 0.17 - LINE * (i + 1), text, 7, zorder=4)
        colour = "#555555" if alone else SCORES
        # from the first node, behind all others
        self.arrow((self.place(t, 0), middle), (x - EXIT_WIDTH / 2, middle), colour)
        if not alone:
            self.text(x, middle + height / 2 + 0.13, f"{tier['scoreBytes']} B from each",
                      7, color=SCORES)

    def links(self, t):
        """From the drawn nodes of a tier to their parents, with the bytes of a message."""
        tier, above = self.tiers[t], self.tiers[t + 1]
        places = {index: i for i, index in enumerate(shown(len(above["nodes"])))}
        for position, index in enumerate(shown(len(tier["nodes"]))):
            if index is None:
                continue
            node = tier["nodes"][index]
            start = (self.place(t, position),
                     self.bottoms[t] + self.node_height(tier, node))
            parent = places.get(node["parent"], places.get(None))
            end = (self.place(t + 1, parent), self.bottoms[t + 1])
            self.arrow(start, end, FEATURES)
            at = 0.3  # of the way, where arrows do not meet yet
            self.text(start[0] + at * (end[0] - start[0]), start[1] + at * (end[1] - start[1]),
                      f"{node['sentBytes']:,} B", 7, color=FEATURES, zorder=5,
                      bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8})

    def draw(self):
        for t, tier in enumerate(self.tiers):
            for position, index in enumerate(shown(len(tier["nodes"]))):
                if index is None:
                    left_out = len(tier["nodes"]) - len(shown(len(tier["nodes"]))) + 1
                    self.text(self.place(t, position), self.bottoms[t] + self.heights[t] / 2,
                              f"... {left_out:,} more\n{tier['name']}s", zorder=5,
                              bbox={"facecolor": "white", "edgecolor": "none"})
                else:
                    self.node(t, position, index)
            self.exit(t)
            if t + 1 < len(self.tiers):
                self.links(t)
        self.legend()
        return self.figure

    def legend(self):
        raw = self.description["rawOffload"]
        carried = [("raw views", FEATURES)] if raw else [("features, if not exited", FEATURES),
                                                         ("class scores", SCORES)]
        cells = self.description["numCells"]
        note = ", ".join([plural(len(self.tiers[0]["nodes"]), "device"),
                          f"{self.description['numClasses']} classes",
                          *([plural(cells, "cell")] if cells else [])])
        self.text(0.12, 0.45, note, ha="left")
        x = 0.12
        for name, colour in carried:
            self.arrow((x, 0.2), (x + 0.35, 0.2), colour)
            self.text(x + 0.42, 0.2, name, ha="left", color=colour)
            x += 0.7 + 0.062 * len(name)


def main(arguments):
    if len(arguments) != 1:
        sys.exit("usage: draw-hierarchy.py FILE.png")
    path = pathlib.Path(arguments[0])
    try:
        description = json.load(sys.stdin)
    except ValueError:
        sys.exit("draw-hierarchy.py: give the output of ddnn-hierarchy --drawing")
    try:
        save(Drawing(description).draw(), path, dpi=130)
    except OSError as error:
        sys.exit(f"draw-hierarchy.py: {path}: {error.strerror}; choose another --draw=FILE")


if __name__ == "__main__":
    main(sys.argv[1:])
