#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Makes and checks test/data/parity-*.npz with an implementation of the DDNN of its own, in PyTorch.

It shares no code with the engine, so that test/contrib-ddnn/parity-test.cc compares two independent
implementations. It is run by hand, with Debian's package python3-torch:

    test/parity/make-fixtures.py MP-CC --check test/data/parity-mp-cc.npz
    test/parity/make-fixtures.py CC-AP --check test/data/parity-cc-ap-two-failed.npz
    test/parity/make-fixtures.py AP-MP --seed 1 --filters 2 --failed 1 4 --output FILE.npz

The network is the paper's configuration (c): devices with one binary ConvP block and an exit each, a
local exit that joins their class scores, and a cloud with two blocks and an exit on their features. The
pair names the aggregations of scores and of features: MP, AP or CC. With --seed, parameters and views are
drawn. With --check they are read from a fixture; the program prints how far each of the fixture's results
is from its own, and fails if one differs by more than 1e-5 of the largest value of its array.
--output writes:

    NODE/...                   the parameters, float32, with the keys of a checkpoint
    input/x                    views [sample, device, channel, row, column], uint8
    input/label                classes [sample], int32
    input/failed               devices that are absent from expect/local_* and expect/cloud_*, int32
    expect/device_features     evaluation, with the running statistics: features of every device, failed
                               or not [sample, device, filter, row, column], int8
    expect/device_logits       their class scores [sample, device, class]
    expect/{local,cloud}_logits, expect/{local,cloud}_entropy
                               evaluation without the failed devices: class scores of the exits
                               [sample, class], and their normalised entropy [sample]
    train/loss                 training with all devices, with the statistics of the batch: the mean over
                               the samples of the sum of both exits' cross-entropies
    train/{local,cloud}_logits class scores of the exits [sample, class]
    train/gradient/NODE/...    the loss's gradient by each trained parameter, float32

All is computed in float64, which is also the type of what has no other type above.
"""

import argparse
import sys

import numpy as np
import torch
import torch.nn.functional as F

EPSILON = 2e-5  # of batch norm
TOLERANCE = 1e-5  # relative to the largest value of an array,
FLOOR = 1e-6  # or to this, as some gradients are sums that cancel to nothing
MARGIN = 1e-6  # a drawn network's activations are no nearer to where rounding decides
SAMPLES, DEVICES, CLASSES, VIEW, CLOUD_FILTERS = 8, 6, 3, (3, 32, 32), 16


def binarise(x, passes):
    """The sign of x, 0 counted as +1, with x's gradient where `passes` is 1 (straight-through)."""
    sign = torch.where(x.detach() >= 0, 1.0, -1.0).to(x.dtype)
    return sign + passes * (x - x.detach())


class Ddnn:
    """The network on a dictionary of tensors, with the statistics of the batch or the running ones."""

    def __init__(self, parameters, pair, training):
        self.parameters = parameters
        self.scores_by, self.features_by = pair.split("-")
        self.training = training
        self.margin = float("inf")  # the least distance of an activation's input from -1, 0 or 1

    def weight(self, name):
        return binarise(self.parameters[f"{name}/weight"], 1.0)

    def batch_norm(self, x, name):
        gamma, beta = (self.parameters[f"{name}/bn/{key}"] for key in ("gamma", "beta"))
        if self.training:
            return F.batch_norm(x, None, None, gamma, beta, training=True, eps=EPSILON)
        mean, variance = (self.parameters[f"{name}/bn/{key}"] for key in ("mean", "variance"))
        return F.batch_norm(x, mean, variance, gamma, beta, eps=EPSILON)

    def convp(self, x, name, scale=1.0):
        """A ConvP block. x holds whole numbers, scaled after pooling, so that ties in pooling are exact."""
        x = F.conv2d(x, self.weight(name), padding=1)
        x = F.max_pool2d(x, kernel_size=3, stride=2, padding=1) * scale
        x = self.batch_norm(x, name)
        edges = x.detach().abs()
        distance = torch.minimum(edges, (edges - 1).abs()) if self.training else edges
        self.margin = min(self.margin, distance.min().item())
        return binarise(x, (edges <= 1).to(x.dtype))

    def exit(self, x, name):
        return self.batch_norm(F.linear(x.flatten(1), self.weight(name)), name)

    def device(self, views, device):
        """Features and class scores of a device; views [sample, channel, row, column] hold 0 to 255."""
        features = self.convp(views, f"device/{device}/convp", 1 / 255)
        return features, self.exit(features, f"device/{device}/exit")

    def local(self, scores, present):
        """Class scores of the local exit; of absent devices CC takes zeros, and MP and AP take nothing."""
        there = torch.stack([s for s, p in zip(scores, present) if p])
        if self.scores_by == "MP":
            return there.amax(dim=0)
        if self.scores_by == "AP":
            return there.mean(dim=0)
        return self.exit(torch.cat([s * p for s, p in zip(scores, present)], dim=1), "local/exit")

    def cloud(self, features, present):
        """Class scores of the cloud's exit."""
        there = torch.stack([f for f, p in zip(features, present) if p])
        scale = 1.0
        if self.features_by == "MP":
            x = there.amax(dim=0)  # equal ones share the gradient equally
        elif self.features_by == "AP":
            x, scale = there.sum(dim=0), 1 / len(there)
        else:
            x = torch.cat([f * p for f, p in zip(features, present)], dim=1)
        x = self.convp(x, "cloud/convp/0", scale)
        return self.exit(self.convp(x, "cloud/convp/1"), "cloud/exit")

    def run(self, views, failed):
        """Features and scores of every device, and scores of both exits without the failed devices."""
        devices = range(views.shape[1])
        features, scores = zip(*(self.device(views[:, d], d) for d in devices))
        present = [d not in failed for d in devices]
        return features, scores, self.local(scores, present), self.cloud(features, present)


def normalised_entropy(scores):
    p = F.softmax(scores, dim=1)
    return -(p * p.log()).sum(dim=1) / np.log(scores.shape[1])


def compute(given, pair):
    """All of expect/ and train/ from parameters and inputs, and the least margin of an activation."""
    arrays = {key: value for key, value in given.items() if not key.startswith("input/")}
    parameters = {key: torch.from_numpy(value).double() for key, value in arrays.items()}
    views = torch.from_numpy(given["input/x"]).double()
    label = torch.from_numpy(given["input/label"]).long()
    results = {}

    evaluation = Ddnn(parameters, pair, training=False)
    features, scores, local, cloud = evaluation.run(views, given["input/failed"].tolist())
    results["expect/device_features"] = torch.stack(features, dim=1).to(torch.int8)
    results["expect/device_logits"] = torch.stack(scores, dim=1)
    results |= {"expect/local_logits": local, "expect/cloud_logits": cloud}
    results["expect/local_entropy"] = normalised_entropy(local)
    results["expect/cloud_entropy"] = normalised_entropy(cloud)

    trained = [key for key in parameters if not key.endswith(("/mean", "/variance"))]
    for key in trained:
        parameters[key].requires_grad_()
    training = Ddnn(parameters, pair, training=True)
    _, _, local, cloud = training.run(views, failed=[])
    loss = F.cross_entropy(local, label) + F.cross_entropy(cloud, label)
    loss.backward()
    results |= {"train/loss": loss, "train/local_logits": local, "train/cloud_logits": cloud}
    for key in trained:
        results[f"train/gradient/{key}"] = parameters[key].grad.float()
    margin = min(evaluation.margin, training.margin)
    return {key: value.detach().numpy() for key, value in results.items()}, margin


def draw(pair, seed, filters, failed):
    """Parameters and inputs at random, in ranges that leave the exits neither blind nor certain."""
    random = np.random.default_rng(seed)
    given = {}

    def layer(name, shape, spread, input_variance=1.0, mean=0.0):
        fan_in = np.prod(shape[1:])
        given[f"{name}/weight"] = random.normal(0, spread, shape)
        given[f"{name}/bn/gamma"] = random.normal(1, 0.2, shape[0])
        given[f"{name}/bn/beta"] = random.normal(0, 0.2, shape[0])
        given[f"{name}/bn/mean"] = random.normal(mean, 0.3, shape[0])
        given[f"{name}/bn/variance"] = random.uniform(0.5, 1.5, shape[0]) * fan_in * input_variance

    values = filters * VIEW[1] // 2 * VIEW[2] // 2
    scores_by, features_by = pair.split("-")
    mean = 4.0 if features_by == "MP" else 0.0  # fewer +1, as the maximum of six would hardly be -1
    for device in range(DEVICES):
        layer(f"device/{device}/convp", (filters, VIEW[0], 3, 3), 0.2, 1 / 12, mean)
        layer(f"device/{device}/exit", (CLASSES, values), 0.05)
    if scores_by == "CC":
        layer("local/exit", (CLASSES, DEVICES * CLASSES), 0.2)
    channels = DEVICES * filters if features_by == "CC" else filters
    variance = 1 / DEVICES if features_by == "AP" else 1.0
    layer("cloud/convp/0", (CLOUD_FILTERS, channels, 3, 3), 0.1, variance)
    layer("cloud/convp/1", (CLOUD_FILTERS, CLOUD_FILTERS, 3, 3), 0.1)
    layer("cloud/exit", (CLASSES, CLOUD_FILTERS * VIEW[1] // 8 * VIEW[2] // 8), 0.05)
    given = {key: value.astype(np.float32) for key, value in given.items()}

    given["input/x"] = random.integers(0, 256, (SAMPLES, DEVICES, *VIEW), dtype=np.uint8)
    given["input/x"][0, 0] = 0  # a blank view, where all is a tie
    given["input/label"] = random.integers(0, CLASSES, SAMPLES, dtype=np.int32)
    given["input/failed"] = np.array(failed, dtype=np.int32)
    return given


def compare(results, fixture):
    """Prints the largest differences of each result from the fixture's; whether all are small enough."""
    if results.keys() != fixture.keys():
        sys.exit(f"only on one side: {sorted(results.keys() ^ fixture.keys())}")
    print(f"{'largest difference':44} {'absolute':>9} {'relative':>9}")
    good = True
    for key, actual in results.items():
        expected = fixture[key]
        if actual.shape != expected.shape or actual.dtype != expected.dtype:
            sys.exit(f"{key}: {actual.dtype} {actual.shape} against {expected.dtype} {expected.shape}")
        difference = np.abs(actual.astype(float) - expected).max()
        relative = difference / max(np.abs(expected).max(), FLOOR)
        small = relative <= TOLERANCE
        good = good and small
        print(f"{key:44} {difference:9.1e} {relative:9.1e}{'' if small else '  DIFFERS'}")
    return good


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    pairs = [f"{local}-{cloud}" for local in ("MP", "AP", "CC") for cloud in ("MP", "AP", "CC")]
    parser.add_argument("pair", choices=pairs, metavar="PAIR", help="aggregations, such as MP-CC")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--check", metavar="FILE", help="read them, and compare the results")
    source.add_argument("--seed", type=int, help="draw parameters and inputs")
    parser.add_argument("--filters", type=int, default=4, help="with --seed, of a device (default: 4)")
    parser.add_argument(
        "--failed", type=int, nargs="*", default=[], help="with --seed, devices (default: none)"
    )
    parser.add_argument("--output", metavar="FILE", help="write a fixture")
    arguments = parser.parse_args()
    if not (arguments.check or arguments.output):
        parser.error("--seed needs --output")
    torch.set_num_threads(1)

    if arguments.check:
        with np.load(arguments.check) as file:
            given = {key: file[key] for key in file if not key.startswith(("expect/", "train/"))}
            fixture = {key: file[key] for key in file if key not in given}
        if ("local/exit/weight" in given) != arguments.pair.startswith("CC"):
            sys.exit(f"{arguments.check} is not of {arguments.pair}")
    else:
        given = draw(arguments.pair, arguments.seed, arguments.filters, arguments.failed)
    results, margin = compute(given, arguments.pair)
    if arguments.seed is not None and margin < MARGIN:
        sys.exit(f"an activation is decided by {margin:.0e}, too little for float32: take another seed")
    if arguments.output:
        np.savez_compressed(arguments.output, **given, **results)
    if arguments.check and not compare(results, fixture):
        sys.exit(1)


if __name__ == "__main__":
    main()
