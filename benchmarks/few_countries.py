"""How often the pooled interval and the prediction interval hold the truth with four and five countries.

The standard error of each country is drawn, as it is estimated: from few schools, with four degrees of freedom, beside
the case that it is known.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.statistics.half_normal import pool_half_normal
from analysis.statistics.meta import pool
from benchmarks.tables import markdown, write
from example import SEED

STUDIES = 1000
SES = (0.05, 0.07, 0.08, 0.10, 0.12)
BETWEEN = (0.0, 0.1, 0.2, 0.3)
DF = 4
SCALE = 0.3


def row(k: int, between: float, known: bool, rng: np.random.Generator) -> dict:
    """Coverage and median width of both methods' intervals of the mean and of a further country."""
    held = {name: [] for name in ("REML", "prior", "REML, further", "prior, further")}
    width = {"REML": [], "prior": []}
    for _ in range(STUDIES):
        se = np.array(SES[:k])
        y = 0.2 + between * rng.standard_normal(k) + se * rng.standard_normal(k)
        given = se if known else se * np.sqrt(rng.chisquare(DF, k) / DF)
        further = 0.2 + between * rng.standard_normal()
        for name, found in (("REML", pool(y, given)), ("prior", pool_half_normal(y, given, SCALE))):
            held[name].append(found.low <= 0.2 <= found.high)
            width[name].append(found.high - found.low)
            if np.isfinite(found.prediction_low):
                held[f"{name}, further"].append(found.prediction_low <= further <= found.prediction_high)
    return {
        "countries": k, "sd between": between, "SE": "known" if known else f"{DF} df",
        "REML + HK": np.mean(held["REML"]), "half-normal": np.mean(held["prior"]),
        "width, REML + HK": np.median(width["REML"]), "width, half-normal": np.median(width["prior"]),
        "no τ²": 1 - len(held["REML, further"]) / STUDIES,
        "further country, t(k - 2)": np.mean(held["REML, further"]),
        "further country, half-normal": np.mean(held["prior, further"]),
    }


def main() -> None:
    rng = np.random.default_rng(SEED)
    table = pd.DataFrame([row(k, between, known, rng) for k in (4, 5) for known in (True, False) for between in BETWEEN])
    shown = table.assign(**{name: table[name].map("{:.3f}".format) for name in table.columns[3:]})
    write("few_countries", table, f"""# Few countries: coverage of 95 % intervals

{STUDIES:,} simulated studies per row, seed {SEED}; standard errors of the countries {', '.join(map(str, SES))} (the
first four for four countries), known or estimated with {DF} degrees of freedom and taken as known. The half-normal prior
has the scale {SCALE}. `no τ²`: share of studies where τ² is estimated as 0, which have no prediction interval by REML;
its coverage is that of the others. The Monte Carlo standard error of a coverage is about 0.007.

{markdown(shown)}""")
