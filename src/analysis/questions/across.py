"""All countries together: each one's change side by side, and pooled where there are enough of them.

Countries are compared on change, never ranked on level: whether the items mean the same in every
language was not tested, and a level is only as comparable as the items.
"""

from __future__ import annotations

import pandas as pd

from analysis.questions.change import CHANGE_COLUMNS, change_table
from analysis.questions.participation import participation_table
from analysis.responses import Responses
from analysis.scales import Panel, panel
from analysis.statistics.meta import Pooled, equal_weight_mean, leave_one_out, pool
from analysis.study.folder import Study

POOLED_COLUMNS = [
    "scale", "k", "estimate", "se", "df", "ci_low", "ci_high", "p", "tau2", "tau2_low", "tau2_high", "q", "i2",
    "prediction_low", "prediction_high", "method", "note",
]


def panels(study: Study, responses: Responses) -> dict[str, Panel]:
    """One panel per country of the study that has answers, in the order of study.toml."""
    present = set(responses.frame["country"])
    return {country: panel(study, responses, country) for country in study.settings.countries if country in present}


def participation_by_country(countries: dict[str, Panel]) -> pd.DataFrame:
    """Each country's total: `country, name, schools, n_pre, n_post, n_matched, n_pre_only, n_post_only`."""
    rows = []
    for country, of_country in countries.items():
        total = participation_table(of_country).iloc[-1]
        schools = of_country.respondents["school"]
        rows.append({
            "country": country, "name": of_country.name, "schools": schools[schools != ""].nunique(),
            **total.drop(["school", "note"]).to_dict(),
        })
    return pd.DataFrame(rows, columns=[
        "country", "name", "schools", "n_pre", "n_post", "n_matched", "n_pre_only", "n_post_only"])


def change_by_country(countries: dict[str, Panel]) -> pd.DataFrame:
    """Every country's `change.csv`, one below the other, with the country's key in front."""
    tables = [change_table(of_country).assign(country=country) for country, of_country in countries.items()]
    tables = [table for table in tables if len(table)]
    columns = ["country", *CHANGE_COLUMNS]
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)


def equal_weight_table(by_country: pd.DataFrame, study: Study) -> pd.DataFrame:
    """The plain mean of the countries' changes, each counted once, as `equal_weight.csv`.

    It speaks of just these countries: `scale, k, estimate, se, df, ci_low, ci_high, p, method, note`.
    """
    rows = []
    for scale, usable in _usable(by_country, study):
        mean = equal_weight_mean(*(usable[name].to_numpy(float) for name in ("change", "se", "df")))
        rows.append({
            "scale": scale, "k": len(usable), "estimate": mean.estimate, "se": mean.se, "df": mean.df,
            "ci_low": mean.low, "ci_high": mean.high, "p": mean.p, "method": mean.method, "note": " ".join(mean.note),
        })
    return pd.DataFrame(rows, columns=["scale", "k", "estimate", "se", "df", "ci_low", "ci_high", "p", "method", "note"])


def leave_one_out_table(by_country: pd.DataFrame, study: Study) -> pd.DataFrame:
    """The pooled change with each country left out in turn, as `leave_one_out.csv`: `left_out` and as `pooled.csv`."""
    rows = []
    for scale, usable in _usable(by_country, study):
        without = leave_one_out(usable["change"].to_numpy(float), usable["se"].to_numpy(float))
        for country, pooled in zip(usable["country"], without, strict=True):
            rows.append({"scale": scale, "left_out": country, **_pooled_columns(pooled), "note": " ".join(pooled.note)})
    return pd.DataFrame(rows, columns=["scale", "left_out", *POOLED_COLUMNS[1:]])


def _usable(by_country: pd.DataFrame, study: Study):
    """Each scale with the rows of the countries that have an estimate and a standard error."""
    for scale in study.codebook.scales.index:
        of_scale = by_country.loc[by_country["scale"] == scale]
        if len(of_scale):
            yield scale, of_scale.loc[of_scale["change"].notna() & (of_scale["se"] > 0)]


def _pooled_columns(pooled: Pooled) -> dict:
    return {
        "k": pooled.k, "estimate": pooled.estimate, "se": pooled.se, "df": pooled.df, "ci_low": pooled.low,
        "ci_high": pooled.high, "p": pooled.p, "tau2": pooled.tau2, "tau2_low": pooled.tau2_low,
        "tau2_high": pooled.tau2_high, "q": pooled.q, "i2": pooled.i2, "prediction_low": pooled.prediction_low,
        "prediction_high": pooled.prediction_high, "method": pooled.method,
    }


def pooled_table(by_country: pd.DataFrame, study: Study) -> pd.DataFrame:
    """The change on each scale pooled over the countries whose own change is shown, as `pooled.csv`."""
    rows = []
    for scale, usable in _usable(by_country, study):
        pooled = pool(usable["change"].to_numpy(float), usable["se"].to_numpy(float))
        here = by_country.loc[by_country["scale"] == scale, "country"]
        left_out = [study.settings.countries[country].name for country in here if country not in set(usable["country"])]
        note = list(pooled.note)
        if left_out:
            note.append(f"Without {', '.join(left_out)}: no estimate with a standard error there.")
        rows.append({"scale": scale, **_pooled_columns(pooled), "note": " ".join(note)})
    return pd.DataFrame(rows, columns=POOLED_COLUMNS)
