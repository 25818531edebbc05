"""How often the intervals of the perception gap and of perceived change hold the truth.

Schools are unequal and differ in what is estimated. Answers are whole steps from 1 to 5, means of four items; the truth is
the mean over many schools, answered in the same way. The gap counts each school once; perceived change is the mean of all
teachers with CR2, where a school's size has nothing to do with its answers.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import pandas as pd

from analysis.statistics.cr2 import mean_cr2
from analysis.statistics.paired import matched_t
from benchmarks.tables import markdown, write

SEED, STUDIES, MANY = 20230630, 400, 20_000
SIZES = (34, 30, 24, 18, 15, 10)
LEADERS = (3, 2, 2, 3, 1, 2)
ITEMS, GAP, PERCEIVED = 4, 0.4, 3.5
VARIANCE_SCHOOL, VARIANCE_PERSON, VARIANCE_ITEM = 0.10, 0.30, 0.50


def scores(rng: np.random.Generator, level: np.ndarray) -> np.ndarray:
    """The score of each person, whose school (or group) is on this level: the mean of whole answers from 1 to 5."""
    person = level + rng.normal(0, sqrt(VARIANCE_PERSON), len(level))
    answers = person[:, None] + rng.normal(0, sqrt(VARIANCE_ITEM), (len(level), ITEMS))
    return np.clip(np.round(answers), 1, 5).mean(axis=1)


def gap(rng: np.random.Generator, schools: int, apart: float) -> tuple[np.ndarray, np.ndarray]:
    """The teachers' and the leaders' mean of each school; `apart`: variance of the schools' own gaps."""
    level = 3 + rng.normal(0, sqrt(VARIANCE_SCHOOL), schools)
    own = GAP + rng.normal(0, sqrt(apart), schools)
    means = []
    for of_school, sizes in ((level, SIZES), (level + own, LEADERS)):
        school = np.repeat(np.arange(schools), np.resize(sizes, schools))
        means.append(np.bincount(school, scores(rng, of_school[school])) / np.bincount(school))
    return means[0], means[1]


def perceived(rng: np.random.Generator, schools: int, apart: float) -> tuple[np.ndarray, np.ndarray]:
    """Scores of perceived change and schools; `apart`: variance of the schools' means."""
    school = np.repeat(np.arange(schools), np.resize(SIZES, schools))
    return scores(rng, (PERCEIVED + rng.normal(0, sqrt(apart), schools))[school]), school


def coverage(kind: str, schools: int, apart: float) -> dict[str, object]:
    """Coverage of the 95 % interval of one kind and its median half-width."""
    rng = np.random.default_rng([SEED, len(kind), schools, int(100 * apart)])
    if kind == "perception gap":
        taught, leading = gap(rng, MANY, apart)
        truth, studies = (leading - taught).mean(), (matched_t(*gap(rng, schools, apart)) for _study in range(STUDIES))
    else:
        truth, studies = perceived(rng, MANY, apart)[0].mean(), (
            mean_cr2(*perceived(rng, schools, apart)) for _study in range(STUDIES))
    raw = np.array([(one.low <= truth <= one.high, (one.high - one.low) / 2) for one in studies])
    held = raw[:, 0].mean()
    return {"interval": kind, "schools": schools, "variance between schools": apart, "truth": truth, "coverage": held,
            "Monte Carlo error": sqrt(held * (1 - held) / STUDIES), "half-width": np.median(raw[:, 1])}


def main() -> None:
    summary = pd.DataFrame([coverage(kind, schools, apart) for kind in ("perception gap", "perceived change")
                            for schools in (4, 6, 12) for apart in (0.0, 0.06)])
    write("programme", summary, (
        "# Coverage of the perception gap and of perceived change (95 %)\n\n"
        f"{STUDIES} simulated studies per row, seed {SEED}; schools of {', '.join(map(str, SIZES))} teachers and "
        f"{', '.join(map(str, LEADERS))} leaders, over again where there are more, the first ones where there are fewer; "
        f"the truth is that of {MANY:,} schools.\n\n{markdown(summary.round(3))}\n"))


if __name__ == "__main__":
    main()
