"""What every attack of the tests learns from the tables of small countries drawn at random, protected and not."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pandas as pd

from benchmarks.tables import markdown, write

TESTS = Path(__file__).parents[1] / "tests"
STUDIES, MINIMUM, PROCESSES = 200, 5, 2


def learnt(seed: int) -> dict[str, tuple[bool, bool]]:
    """Whether each attack learns something of a study without protection, and with it."""
    sys.path[:0] = [str(TESTS)] * (str(TESTS) not in sys.path)
    from attacks.attackers import hits, published
    from attacks.studies import drawn_study

    with tempfile.TemporaryDirectory() as folder:
        panel = drawn_study(Path(folder) / "study", seed)
        found = [hits(published(panel, minimum), MINIMUM) for minimum in (1, MINIMUM)]
    return {name: (bool(found[0][name]), bool(found[1][name])) for name in found[0]}


def main() -> None:
    count: dict[str, Counter] = {"unprotected": Counter(), f"minimum_group = {MINIMUM}": Counter()}
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        for of_study in pool.map(learnt, range(STUDIES)):
            for name, known in of_study.items():
                for column, yes in zip(count.values(), known, strict=True):
                    column[name] += yes
    rows = pd.DataFrame(count).rename_axis("attack").reset_index()
    write("attacks", rows, f"Of {STUDIES} studies, in how many an attack learns something of fewer than {MINIMUM}:\n\n"
          + markdown(rows))
