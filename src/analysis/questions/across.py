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
from analysis.statistics.half_normal import pool_half_normal
from analysis.statistics.meta import Pooled, equal_weight_mean, leave_one_out, pool
from analysis.study.folder import Study

POOLED_COLUMNS = [
    "scale", "k", "estimate", "se", "df", "ci_low", "ci_high", "p", "tau2", "tau2_low", "tau2_high", "q", "i2",
    "prediction_low", "prediction_high", "method", "note",
]

HALF_NORMAL_COLUMNS = [
    "scale", "k", "estimate", "mean", "ci_low", "ci_high", "tau", "tau_low", "tau_high", "prediction_low",
    "prediction_high", "tau_prior_scale", "method", "note",
]
FEW_COUNTRIES = 5
"""Up to so many countries, what is read out of the pooling is the one with a prior on their differences."""


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


def pooled_half_normal_table(by_country: pd.DataFrame, study: Study) -> pd.DataFrame:
    """The same with a half-normal prior on the standard deviation between countries, as `pooled_half_normal.csv`.

    `estimate` is the posterior median; `ci_low`, `ci_high` the central 95 % credible interval; `tau` the median of the
    standard deviation between countries; the prior's scale is study.toml's `tau_prior_scale`.
    """
    rows = []
    for scale, usable in _usable(by_country, study):
        pooled = pool_half_normal(
            usable["change"].to_numpy(float), usable["se"].to_numpy(float), study.settings.tau_prior_scale)
        rows.append({
            "scale": scale, "k": pooled.k, "estimate": pooled.estimate, "mean": pooled.mean, "ci_low": pooled.low,
            "ci_high": pooled.high, "tau": pooled.tau, "tau_low": pooled.tau_low, "tau_high": pooled.tau_high,
            "prediction_low": pooled.prediction_low, "prediction_high": pooled.prediction_high,
            "tau_prior_scale": pooled.scale, "method": pooled.method, "note": " ".join(pooled.note),
        })
    return pd.DataFrame(rows, columns=HALF_NORMAL_COLUMNS)


def pooled_read_out(pooled: pd.DataFrame, half_normal: pd.DataFrame) -> pd.DataFrame:
    """Of each scale the row that sentences and figures show: with the prior up to `FEW_COUNTRIES`, else of `pooled`.

    `credible` says which it is.
    """
    columns = ["scale", "k", "estimate", "ci_low", "ci_high", "prediction_low", "prediction_high", "method", "note"]
    credible = (pooled["k"] <= FEW_COUNTRIES) & pooled["estimate"].notna()
    rows = [(half_normal if chosen else pooled).loc[position, columns] for position, chosen in credible.items()]
    return pd.DataFrame(rows, columns=columns).reset_index(drop=True).assign(credible=credible.to_numpy(bool))
