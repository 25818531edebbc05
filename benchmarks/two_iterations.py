"""How often the interval of the difference between two iterations' changes holds the truth, beside adding both variances.

Schools and teachers may take part twice. Schools differ in their change, in both iterations by a part they share; a teacher
who takes part twice has one level in both. The true difference is 0.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import pandas as pd
from scipy.stats import t

from analysis.statistics.mixed import mixed_change, mixed_difference
from benchmarks.tables import markdown, write

SEED, STUDIES = 20230630, 400
SIZES = (34, 30, 24, 18, 15, 10)
VARIANCE_SCHOOL, VARIANCE_TEACHER, VARIANCE_RESIDUAL, VARIANCE_CHANGE = 0.10, 0.30, 0.25, 0.06
MATCHED, TWICE = 0.6, 0.4


def study(rng: np.random.Generator, in_both: int, shared: float) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """pre, post and school of two iterations of six schools, `in_both` of them the same.

    `shared`: correlation between a school's two deviations from the common change.
    """
    schools = [np.arange(6), np.arange(6) + 6 - in_both]
    level, common = rng.normal(0, sqrt(VARIANCE_SCHOOL), 12), rng.normal(0, 1, 12)
    teacher = rng.normal(0, sqrt(VARIANCE_TEACHER), (12, max(SIZES)))
    made = []
    for at, of in enumerate(schools):
        own = sqrt(abs(shared)) * common * (np.sign(shared) if at else 1) + sqrt(1 - abs(shared)) * rng.normal(0, 1, 12)
        school = np.repeat(of, SIZES)
        place = np.concatenate([np.arange(size) for size in SIZES])
        again = rng.random(len(school)) < (TWICE if at else 1)
        person = np.where(again, teacher[school, place], rng.normal(0, sqrt(VARIANCE_TEACHER), len(school)))
        pre, post = (3 + level[school] + person + rng.normal(0, sqrt(VARIANCE_RESIDUAL), len(school)) for _wave in range(2))
        post = post + sqrt(VARIANCE_CHANGE) * own[school]
        fate = rng.random(len(school))
        pre[fate > (1 + MATCHED) / 2] = np.nan
        post[(fate > MATCHED) & (fate <= (1 + MATCHED) / 2)] = np.nan
        made.append((pre, post, school))
    return made


def coverage(in_both: int, shared: float) -> dict[str, object]:
    """Coverage of both intervals and their median half-widths."""
    rng, rows = np.random.default_rng([SEED, in_both, int(10 * shared) + 10]), []
    for _study in range(STUDIES):
        first, second = study(rng, in_both, shared)
        found = mixed_difference(first, second)
        one, other = mixed_change(*first), mixed_change(*second)
        se = np.hypot(one.se, other.se)
        df = se**4 / (one.se**4 / one.df + other.se**4 / other.df)
        rows.append((found.low <= 0 <= found.high, (found.high - found.low) / 2,
                     abs(found.estimate) <= t.ppf(0.975, df) * se, t.ppf(0.975, df) * se))
    raw = np.array(rows, float)
    held = raw[:, 0].mean()
    return {"schools in both": in_both, "correlation of their changes": shared, "coverage": held,
            "Monte Carlo error": sqrt(held * (1 - held) / STUDIES), "half-width": np.median(raw[:, 1]),
            "coverage, variances added": raw[:, 2].mean(), "half-width, variances added": np.median(raw[:, 3])}


def main() -> None:
    scenarios = [(0, 0.0), (3, 0.8), (6, 0.8), (6, -0.8)]
    summary = pd.DataFrame([coverage(*scenario) for scenario in scenarios])
    write("two_iterations", summary, (
        "# Coverage of the difference between two iterations' changes (95 %)\n\n"
        f"{STUDIES} simulated studies per row, seed {SEED}; six schools in each iteration ({', '.join(map(str, SIZES))} "
        f"teachers), {MATCHED:.0%} matched, {TWICE:.0%} of the later iteration's teachers in shared schools "
        "took part twice.\n\n"
        f"{markdown(summary.round(3))}\n"))


if __name__ == "__main__":
    main()
