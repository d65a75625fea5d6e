#! /usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The examples that ns-3's test.py runs: (command, run it, run it under Valgrind)."""

cpp_examples = [
    ("ddnn-hierarchy --config=f --describe", "True", "False"),
    ("ddnn-own-network --epochs=1", "True", "False"),
    ("ddnn-quick-start --epochs=1", "True", "False"),
    ("ddnn-roaming --epochs=1", "True", "False"),
    ("ddnn-scenario --epochs=1 --samples=10 --threshold=0.8", "True", "False"),
    ("ddnn-scenario --config=f --access=lrwpan --epochs=1 --samples=10", "True", "False"),
    ("ddnn-shared-cloud --epochs=1 --duration=1s", "True", "False"),
]

python_examples = []
