"""How often the intervals of schools' changes hold the true change, of all schools and of the worst single one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.statistics.shrinkage import shrunken_means
from benchmarks.tables import markdown, write
from example import SEED

STUDIES = 1000
SCHOOLS = ([12, 9, 5], [25, 18, 12, 8, 5], [34, 32, 17, 14, 13, 9], [25, 20, 15, 12, 10, 8, 7, 6, 6, 5, 5, 5])
BETWEEN = (0.0, 0.15, 0.25, 0.4)
WITHIN = 0.7


def row(sizes: list[int], between: float, rng: np.random.Generator) -> dict:
    """Coverage over all schools, of the worst and the smallest school, and squared error beside the own means'."""
    cluster = np.repeat(np.arange(len(sizes)), sizes)
    held, drawn, own = np.zeros(len(sizes)), 0.0, 0.0
    for _ in range(STUDIES):
        true = 0.2 + between * rng.standard_normal(len(sizes))
        found = shrunken_means(true[cluster] + WITHIN * rng.standard_normal(len(cluster)), cluster)
        held += (found.low <= true) & (true <= found.high)
        drawn += float(((found.estimate - true) ** 2).sum())
        own += float(((found.own - true) ** 2).sum())
    held /= STUDIES
    return {"schools": len(sizes), "sd between": between, "coverage": held.mean(), "worst school": held.min(),
            "smallest school": held[-1], "squared error beside own means": drawn / own}


def main() -> None:
    rng = np.random.default_rng(SEED)
    table = pd.DataFrame([row(sizes, between, rng) for sizes in SCHOOLS for between in BETWEEN])
    shares = list(table.columns[2:])
    shown = table.assign(**{name: table[name].map("{:.3f}".format) for name in shares})
    lists = "; ".join(f"{len(sizes)}: {', '.join(map(str, sizes))}" for sizes in SCHOOLS)
    write("school_intervals", table, f"""# Change by school: 95 % intervals

{STUDIES:,} simulated studies per row, seed {SEED}; the standard deviation of a teacher's change within a school is
{WITHIN:g}. Linked teachers per school: {lists}.
The Monte Carlo standard error of a single school's coverage is about 0.007.

{markdown(shown)}""")
