"""What every attack of the tests learns from the tables of small countries drawn at random, protected and not."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pandas as pd

from benchmarks.tables import markdown, write

TESTS = Path(__file__).parents[1] / "tests"
STUDIES, MINIMUM = 200, 5


def main() -> None:
    sys.path.insert(0, str(TESTS))
    from attacks.attackers import NAMES, hits, published
    from attacks.studies import drawn_study

    found = {minimum: dict.fromkeys(NAMES, 0) for minimum in (1, MINIMUM)}
    for seed in range(STUDIES):
        with tempfile.TemporaryDirectory() as folder:
            panel = drawn_study(Path(folder) / "study", seed)
            for minimum, count in found.items():
                for name, known in hits(published(panel, minimum), MINIMUM).items():
                    count[name] += bool(known)
    rows = pd.DataFrame({"attack": NAMES, "unprotected": found[1].values(), f"minimum_group = {MINIMUM}":
                         found[MINIMUM].values()})
    write("attacks", rows, f"Of {STUDIES} studies, in how many an attack learns something of fewer than {MINIMUM}:\n\n"
          + markdown(rows))
