"""How long the main estimate takes: against statsmodels and R on the same rows, and as the data grow."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import tracemalloc
import warnings
from math import log
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd

from analysis.statistics.clustering import change_clustering
from analysis.statistics.effect_size import d_av
from analysis.statistics.mixed import mixed_change
from analysis.statistics.paired import (
    cluster_means_t,
    matched_cr2,
    matched_t,
    partially_overlapping_t,
    wilcoxon,
)
from benchmarks.tables import markdown, write

SEED = 20230630
SENSITIVITY = [mixed_change, matched_cr2, matched_t, wilcoxon, partially_overlapping_t, cluster_means_t, d_av,
               change_clustering]
R_SCRIPT = """
suppressMessages({library(lme4); library(clubSandwich)})
d <- read.csv(commandArgs(TRUE)[1])
run <- function() {
  m <- suppressMessages(lmer(score ~ post + (1 | school) + (1 | teacher), d))
  coef_test(m, vcov = "CR2", cluster = d$school, test = "Satterthwaite")
}
run()
cat(min(replicate(5, system.time(run())[["elapsed"]])))
"""


def sample(schools: int, teachers: int, seed: int = SEED):
    """Answers of `teachers` in unequal `schools`: pre, post, school; a fifth lack each answer."""
    rng = np.random.default_rng([seed, schools, teachers])
    others = rng.integers(0, schools, teachers - schools)
    school = rng.permutation(np.concatenate([np.arange(schools), others]))
    level = 3 + rng.normal(0, 0.3, schools)[school] + rng.normal(0, 0.55, teachers)
    pre = level + rng.normal(0, 0.5, teachers)
    post = level + 0.2 + rng.normal(0, 0.25, schools)[school] + rng.normal(0, 0.5, teachers)
    fate = rng.random(teachers)
    return np.where(fate < 0.2, np.nan, pre), np.where(fate > 0.8, np.nan, post), school


def long_form(pre, post, school) -> pd.DataFrame:
    """One row per answer: score, post, school, teacher."""
    teacher = np.arange(len(pre))
    waves = [pd.DataFrame({"score": s, "post": k, "school": school, "teacher": teacher})
             for k, s in enumerate((pre, post))]
    return pd.concat(waves).dropna().reset_index(drop=True)


def seconds(run, times: int) -> float:
    """The shortest time of several runs after a first: what other work on the machine disturbs least."""
    run()
    taken = []
    for _ in range(times):
        start = perf_counter()
        run()
        taken.append(perf_counter() - start)
    return min(taken)


def seconds_statsmodels(rows: pd.DataFrame) -> float:
    """One fit of the same model by `statsmodels.MixedLM`, without CR2."""
    import statsmodels.formula.api as smf

    start = perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        smf.mixedlm("score ~ post", rows, groups="school", re_formula="1",
                    vc_formula={"teacher": "0 + C(teacher)"}).fit(reml=True)
    return perf_counter() - start


def seconds_r(rows: pd.DataFrame) -> float | None:
    """One fit by lme4 with clubSandwich, or None where R or its packages are not there."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        script, data = Path(folder) / "time.R", Path(folder) / "rows.csv"
        script.write_text(R_SCRIPT, encoding="utf-8")
        rows.to_csv(data, index=False, encoding="utf-8")
        done = subprocess.run([rscript, str(script), str(data)], capture_output=True, text=True, check=False)
    return float(done.stdout.split()[-1]) if done.returncode == 0 else None


def comparison() -> pd.DataFrame:
    """The main estimate against its rivals on the same 1,300 answers, in few and in many schools."""
    results = []
    for schools in (6, 28):
        data = sample(schools, 813)
        rows = long_form(*data)
        ours = seconds(lambda data=data: mixed_change(*data), 50)
        rivals = {
            "ours (fit and CR2)": ours,
            "R lme4 + clubSandwich (fit and CR2)": seconds_r(rows),
            "statsmodels MixedLM (fit alone)": seconds_statsmodels(rows),
        }
        results += [
            {"part": "comparison", "what": f"{schools} schools: {what}", "rows": len(rows), "seconds": taken,
             "ratio": taken / ours}
            for what, taken in rivals.items() if taken is not None
        ]
    return pd.DataFrame(results)


def scaling() -> pd.DataFrame:
    """The main estimate from 10,000 to 1,000,000 teachers, 50 per school, and without schools."""
    results = []
    for teachers in (10_000, 100_000, 1_000_000):
        for what, schools in ((f"{teachers // 50:,} schools", True), ("no schools", False)):
            tracemalloc.start()
            data = sample(teachers // 50, teachers)
            data = data if schools else data[:2]
            mixed_change(*data)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            taken = seconds(lambda data=data: mixed_change(*data), 3)
            results.append({"part": "scaling", "what": what, "rows": teachers, "seconds": taken,
                            "peak_megabytes": peak / 1e6})
    return pd.DataFrame(results)


def country() -> pd.DataFrame:
    """All methods of the sensitivity table on twelve scales of 205 teachers in 6 schools."""
    scales = [sample(6, 205, seed) for seed in range(12)]
    taken = seconds(lambda: [method(*scale) for scale in scales for method in SENSITIVITY], 3)
    return pd.DataFrame([{"part": "country", "what": "twelve scales, every method", "rows": 12 * 205,
                          "seconds": taken}])


def main() -> None:
    data = pd.concat([comparison(), scaling(), country()], ignore_index=True)
    shown = pd.DataFrame({
        "what": data.what,
        "rows or teachers": data.rows.map("{:,}".format),
        "seconds": data.seconds.map("{:.4f}".format),
        "times ours": data.ratio.map(lambda r: "" if r != r else f"{r:,.0f}"),
        "peak MB": data.peak_megabytes.map(lambda m: "" if m != m else f"{m:,.0f}"),
    })
    clustered = data[(data.part == "scaling") & (data.what != "no schools")]
    exponent = log(clustered.seconds.iloc[-1] / clustered.seconds.iloc[0]) / log(100)
    text = (
        "# Speed of the main estimate\n\n"
        "Shortest of several runs in one process after a first (statsmodels: one run); peak memory is what "
        "Python and numpy held, the data and their making included.\n\n"
        f"{markdown(shown)}\nGrowth exponent from 10,000 to 1,000,000 teachers: {exponent:.2f}.\n"
    )
    write("speed", data, text)


if __name__ == "__main__":
    main()
