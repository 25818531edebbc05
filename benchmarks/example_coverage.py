"""How often the whole way, from answers over linking and scoring to the main estimate, covers the example's true change.

Each seed draws other schools, teachers, answers and slips from the parameters of the example study. The change to be
covered is the expected change of the scale's score in truth.json. Intervals of one seed and country share their schools,
so the Monte Carlo error is taken over seeds, not over intervals.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pandas as pd

from analysis import sections
from analysis.language import Language
from analysis.responses import Responses, read_responses
from analysis.scales import panel
from analysis.sections.results import of_country
from analysis.study.folder import read_study
from benchmarks.tables import markdown, write
from example import SEED, simulate

SEEDS, PROCESSES = 400, 2
EXAMPLE = Path(__file__).parents[1] / "data" / "example"


def intervals_of_seed(seed: int) -> list[tuple]:
    """One row per country and scale: seed, country, scale, true change, estimate, low, high."""
    study = read_study(EXAMPLE)
    frame, truth = simulate(seed)
    responses = Responses(frame.reset_index(drop=True), read_responses(study).asked)
    true = {(row["country"], row["scale"]): row["change_score"] for row in truth["change"]}
    rows = []
    for country in study.settings.countries:
        results = of_country(panel(study, responses, country), sections.COUNTRY, Language())
        for row in results.precise("change").itertuples():
            rows.append((seed, country, row.scale, true[country, row.scale], row.change, row.ci_low, row.ci_high))
    return rows


def simulated() -> pd.DataFrame:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    seeds = range(SEED + 1, SEED + 1 + SEEDS)
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        rows = [row for rows in pool.map(intervals_of_seed, seeds, chunksize=10) for row in rows]
    frame = pd.DataFrame(rows, columns=["seed", "country", "scale", "true", "estimate", "low", "high"])
    return frame.assign(covered=(frame["low"] <= frame["true"]) & (frame["true"] <= frame["high"]))


def coverage(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    """Coverage, bias and median width by country or scale, with Monte Carlo errors over seeds."""
    rows = []
    for name, group in [*frame.groupby(by, sort=False), ("all", frame)]:
        per_seed = group.groupby("seed")["covered"].mean()
        bias = (group["estimate"] - group["true"]).groupby(group["seed"]).mean()
        rows.append({
            by: name, "intervals": int(group["low"].notna().sum()), "coverage": per_seed.mean(),
            "coverage_mc_se": per_seed.sem(), "bias": bias.mean(), "bias_mc_se": bias.sem(),
            "median_width": (group["high"] - group["low"]).median(),
        })
    return pd.DataFrame(rows)


def main() -> None:
    frame = simulated()
    tables = {by: coverage(frame, by) for by in ("country", "scale")}
    text = (
        f"# Coverage on the example study\n\n{SEEDS} simulated example studies, seeds from {SEED + 1}; 95 % intervals "
        "of the main estimate, Monte Carlo standard errors over seeds in brackets.\n"
    )
    for by, table in tables.items():
        text += "\n" + markdown(pd.DataFrame({
            by: table[by], "intervals": table["intervals"],
            "coverage": [f"{r.coverage:.3f} ({r.coverage_mc_se:.3f})" for r in table.itertuples()],
            "bias, points": [f"{r.bias:+.3f} ({r.bias_mc_se:.3f})" for r in table.itertuples()],
            "median width, points": [f"{width:.2f}" for width in table["median_width"]],
        }))
    data = pd.concat([table.rename(columns={by: "group"}).assign(by=by) for by, table in tables.items()])
    write("example_coverage", data, text)
