# SPDX-License-Identifier: GPL-2.0-only
"""The four ways to classify what the devices see that the studies compare."""

import paired

STRATEGIES = {
    "pull": ["--offload=pull", f"--threshold={paired.PAPER_THRESHOLD}"],
    "push": ["--offload=push", f"--threshold={paired.PAPER_THRESHOLD}"],
    "raw": ["--config=a", "--threshold=0"],
    "local-only": ["--threshold=1"],
}
