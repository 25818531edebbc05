"""Type I error and coverage of the main estimate and its rivals in studies with a known change.

A study: few schools of unequal size, some teachers without one of their answers; the variance between
schools is .10, between teachers .30, of an answer .25, and schools differ in their change by a variance of
0 or .06. The true change is 0, so that every p below .05 and every 95 % interval without 0 is an error.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from math import sqrt
from multiprocessing import get_context

import numpy as np
import pandas as pd

from analysis.statistics.mixed import mixed_change
from analysis.statistics.paired import cluster_means_t, matched_cr2, matched_t
from benchmarks.tables import markdown, write

SEED = 20230630
STUDIES, CHUNK, PROCESSES = 2000, 250, 2
SCHOOLS = {
    5: (25, 18, 12, 8, 4),
    6: (34, 30, 24, 18, 15, 10),
    12: (30, 28, 25, 22, 20, 18, 15, 12, 10, 8, 6, 5),
}
VARIANCE_SCHOOL, VARIANCE_TEACHER, VARIANCE_RESIDUAL = 0.10, 0.30, 0.25
METHODS = {
    "mixed + CR2": mixed_change,
    "matched CR2": matched_cr2,
    "paired t": matched_t,
    "school means": cluster_means_t,
}
LOWEST, HIGHEST = 0.035, 0.065


def study(rng: np.random.Generator, sizes: tuple[int, ...], linked: float, variance_change: float):
    """One study: pre and post (n,), nan where missing, and school (n,)."""
    school = np.repeat(np.arange(len(sizes)), sizes)
    n = len(school)
    level = 3 + rng.normal(0, sqrt(VARIANCE_SCHOOL), len(sizes))[school]
    level += rng.normal(0, sqrt(VARIANCE_TEACHER), n)
    pre = level + rng.normal(0, sqrt(VARIANCE_RESIDUAL), n)
    post = level + rng.normal(0, sqrt(variance_change), len(sizes))[school]
    post += rng.normal(0, sqrt(VARIANCE_RESIDUAL), n)
    fate = rng.random(n)
    pre[fate > (1 + linked) / 2] = np.nan
    post[(fate > linked) & (fate <= (1 + linked) / 2)] = np.nan
    return pre, post, school


def results_of_chunk(task: tuple[int, int, float, float, int]) -> list[tuple]:
    """One row per study and method: scenario, method, estimate, se, df, low, high, p."""
    index, schools, linked, variance_change, chunk = task
    rng = np.random.default_rng([SEED, index, chunk])
    rows = []
    for _ in range(CHUNK):
        data = study(rng, SCHOOLS[schools], linked, variance_change)
        for name, method in METHODS.items():
            e = method(*data)
            rows.append((schools, linked, variance_change, name, e.estimate, e.se, e.df, e.low, e.high, e.p))
    return rows


def simulate() -> pd.DataFrame:
    """One row per scenario and method, with Monte Carlo standard errors."""
    scenarios = list(product(SCHOOLS, (0.6, 1.0), (0.0, 0.06)))
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # each process has a core; threads would only wait
    chunks = range(STUDIES // CHUNK)
    tasks = [(i, *scenario, chunk) for i, scenario in enumerate(scenarios) for chunk in chunks]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        rows = [row for chunk in pool.map(results_of_chunk, tasks) for row in chunk]
    names = ["schools", "linked", "variance_change", "method", "estimate", "se", "df", "low", "high", "p"]
    raw = pd.DataFrame(rows, columns=names)
    summaries = []
    for key, group in raw.groupby(names[:4], sort=False):
        done = group.dropna(subset=["p"])
        n = len(done)
        error = float((done.p < 0.05).mean())
        covered = float(((done.low <= 0) & (done.high >= 0)).mean())
        summaries.append({
            **dict(zip(names[:4], key, strict=True)),
            "studies": n,
            "without_p": len(group) - n,
            "type_1_error": error,
            "type_1_error_mc_se": sqrt(error * (1 - error) / n),
            "coverage": covered,
            "coverage_mc_se": sqrt(covered * (1 - covered) / n),
            "mean_estimate": float(done.estimate.mean()),
            "sd_estimate": float(done.estimate.std()),
            "root_mean_squared_se": float(np.sqrt((done.se**2).mean())),
            "median_df": float(done.df.median()),
            "median_width": float((done.high - done.low).median()),
        })
    return pd.DataFrame(summaries)


def table(summary: pd.DataFrame) -> str:
    """Type I error of every method per scenario, and the main estimate's coverage, in Markdown."""
    lines = []
    for (schools, linked, variance), group in summary.groupby(["schools", "linked", "variance_change"]):
        cells = {"schools": str(schools), "linked": f"{linked:.0%}", "variance of change": f"{variance:g}"}
        for row in group.itertuples():
            cells[row.method] = f"{row.type_1_error:.3f} ({row.type_1_error_mc_se:.3f})"
        main = group[group.method == "mixed + CR2"].iloc[0]
        cells["coverage of mixed + CR2"] = f"{main.coverage:.3f} ({main.coverage_mc_se:.3f})"
        cells["its median df"] = f"{main.median_df:.1f}"
        lines.append(cells)
    return markdown(pd.DataFrame(lines))


def verdict(summary: pd.DataFrame) -> str:
    """Whether the main estimate stays within the bounds, give or take two Monte Carlo errors."""
    main = summary[summary.method == "mixed + CR2"]
    slack = 2 * main.type_1_error_mc_se
    outside = main[(main.type_1_error + slack < LOWEST) | (main.type_1_error - slack > HIGHEST)]
    where = ", ".join(
        f"{r.schools} schools, {r.linked:.0%} linked, variance {r.variance_change:g}: {r.type_1_error:.3f}"
        for r in outside.itertuples()
    )
    bounds = f"{LOWEST} to {HIGHEST}, give or take two Monte Carlo errors"
    if outside.empty:
        return f"The main estimate's type I error lies within {bounds}, in all {len(main)} scenarios."
    return f"The main estimate's type I error lies outside {bounds}, here: {where}."


def main() -> None:
    summary = simulate()
    sizes = "; ".join(f"{n}: {', '.join(map(str, s))}" for n, s in SCHOOLS.items())
    text = (
        "# Type I error at 5 %\n\n"
        f"{STUDIES} simulated studies per row, seed {SEED}; Monte Carlo standard errors in brackets.\n"
        f"Teachers per school: {sizes}. Of those not linked, half lack the answer before, half that after.\n"
        f"Variances: school {VARIANCE_SCHOOL:g}, teacher {VARIANCE_TEACHER:g}, "
        f"answer {VARIANCE_RESIDUAL:g}.\n\n"
        f"{table(summary)}\n{verdict(summary)}\n"
    )
    write("simulation", summary, text)


if __name__ == "__main__":
    main()
