"""Countries together: each one's rows, and the pooled change."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.questions.across import (
    HALF_NORMAL_COLUMNS,
    change_by_country,
    panels,
    participation_by_country,
    pooled_half_normal_table,
    pooled_read_out,
    pooled_table,
)
from analysis.questions.change import change_table
from analysis.responses import read_responses
from analysis.study.folder import read_study
from panels import HEADER, random_rows
from support import study_folder, write_csv

POOLED_COLUMNS = (
    "scale k estimate se df ci_low ci_high p tau2 tau2_low tau2_high q i2 prediction_low prediction_high method note"
).split()
SCHOOLS = {"A": (9, 5, 3), "B": (7, 2, 6), "C": (12, 4, 1)}


def countries(folder, **rows):
    """Panels of the countries whose rows (pre, post) are given by key."""
    exports = [{"country": key, "wave": wave, "file": f"raw/{key}-{wave}.csv"} for key in rows for wave in ("pre", "post")]
    for key, waves in rows.items():
        for wave, given in zip(("pre", "post"), waves, strict=True):
            write_csv(folder / "raw" / f"{key}-{wave}.csv", [HEADER, *given])
    study = read_study(study_folder(folder, exports, countries={key: f'name = "Land {key}"' for key in rows}))
    return study, panels(study, read_responses(study))


def test_change_by_country_is_each_country_s_change_csv_with_its_key_in_front(tmp_path):
    _, made = countries(tmp_path, EE=random_rows(1, SCHOOLS), FI=random_rows(2, SCHOOLS))
    table = change_by_country(made)
    assert table.columns[0] == "country" and table["country"].tolist() == ["EE", "EE", "FI", "FI"]
    for key in ("EE", "FI"):
        own = table.loc[table["country"] == key].drop(columns="country").reset_index(drop=True)
        pd.testing.assert_frame_equal(own, change_table(made[key]), check_dtype=False)


def test_participation_by_country_holds_the_totals(tmp_path):
    _, made = countries(tmp_path, EE=random_rows(1, SCHOOLS), FI=random_rows(2, {"A": (1, 1, 0)}))
    table = participation_by_country(made)
    assert table.to_dict("records") == [
        {"country": "EE", "name": "Land EE", "schools": 3, "n_pre": 39, "n_post": 38, "n_matched": 28,
         "n_pre_only": 11, "n_post_only": 10},
        {"country": "FI", "name": "Land FI", "schools": 1, "n_pre": 2, "n_post": 1, "n_matched": 1,
         "n_pre_only": 1, "n_post_only": 0},
    ]


def test_codes_of_two_countries_never_link(tmp_path):
    pre, post = random_rows(1, SCHOOLS)
    _, made = countries(tmp_path, EE=(pre, []), FI=([], post))
    assert all(one.linked.counts["exact"] == 0 for one in made.values())


def test_a_country_without_answers_has_no_panel(tmp_path):
    _, made = countries(tmp_path, EE=random_rows(1, SCHOOLS), FI=([], []))
    assert list(made) == ["EE"]


def test_with_three_countries_nothing_is_pooled_and_the_note_says_so(tmp_path):
    study, made = countries(tmp_path, **{key: random_rows(seed, SCHOOLS) for seed, key in enumerate(("EE", "FI", "GE"))})
    table = pooled_table(change_by_country(made), study)
    assert list(table.columns) == POOLED_COLUMNS and table["k"].tolist() == [3, 3]
    assert table[["estimate", "ci_low", "prediction_low"]].isna().all(axis=None) and (table["note"] != "").all()


def by_country(change, se) -> pd.DataFrame:
    return pd.DataFrame({"country": list("ABCDE")[:len(change)], "scale": "pedagogy", "change": change, "se": se})


@pytest.fixture
def five(tmp_path):
    return countries(tmp_path, **{key: ([], []) for key in "ABCDE"})[0]


def test_pooling_gives_metafor_s_numbers(five):
    """The reference of STATISTICS: rma(method = "REML", test = "knha"), where the factor is above 1."""
    variance = np.array([0.455**2 / 96, 0.403**2 / 82, 0.365**2 / 84, 0.255**2 / 50, 0.318**2 / 57])
    row = pooled_table(by_country([0.159, 0.018, 0.169, 0.087, 0.143], np.sqrt(variance)), five).iloc[0]
    assert row[["estimate", "se", "ci_low", "ci_high"]].tolist() == pytest.approx(
        [0.115157, 0.02762565, 0.03845591, 0.1918581], abs=1e-6)
    assert (row["k"], row["df"]) == (5, 4) and row["q"] == pytest.approx(8.5316, abs=1e-4)
    assert row["tau2_low"] == pytest.approx(0, abs=1e-8) and row["tau2_high"] == pytest.approx(0.0308, abs=1e-4)
    assert row[["prediction_low", "prediction_high"]].tolist() == pytest.approx([-0.0511, 0.2814], abs=1e-4)


def test_with_the_prior_the_numbers_are_those_that_r_integrates(five):
    variance = np.array([0.455**2 / 96, 0.403**2 / 82, 0.365**2 / 84, 0.255**2 / 50, 0.318**2 / 57])
    table = pooled_half_normal_table(by_country([0.159, 0.018, 0.169, 0.087, 0.143], np.sqrt(variance)), five)
    assert list(table.columns) == HALF_NORMAL_COLUMNS
    row = table.iloc[0]
    assert row[["estimate", "ci_low", "ci_high", "tau"]].tolist() == pytest.approx(
        [0.1151135, 0.02996658, 0.2004242, 0.05645429], rel=1e-6)
    assert (row["k"], row["tau_prior_scale"]) == (5, 0.3)


def test_the_scale_of_the_prior_comes_from_the_study(tmp_path):
    study = read_study(study_folder(tmp_path, settings="tau_prior_scale = 0.05"))
    row = pooled_half_normal_table(by_country([0.1, 0.5, -0.3, 0.2], [0.1] * 4), study).iloc[0]
    assert row["tau_prior_scale"] == 0.05 and row["tau"] < 0.2


@pytest.mark.parametrize("k, credible", [(4, True), (5, True), (6, False)])
def test_up_to_five_countries_the_one_with_the_prior_is_read_out(tmp_path, k, credible):
    study = read_study(study_folder(tmp_path))
    rows = pd.DataFrame({"country": list("ABCDEF")[:k], "scale": "pedagogy", "change": np.linspace(0, 0.4, k), "se": 0.1})
    pooled, half_normal = pooled_table(rows, study), pooled_half_normal_table(rows, study)
    read_out = pooled_read_out(pooled, half_normal).iloc[0]
    assert read_out["credible"] == credible
    assert read_out["ci_low"] == (half_normal if credible else pooled)["ci_low"].iloc[0]


def test_where_nothing_is_pooled_the_reason_is_read_out(tmp_path):
    study = read_study(study_folder(tmp_path))
    rows = by_country([0.1, 0.2, 0.3], [0.1] * 3)
    read_out = pooled_read_out(pooled_table(rows, study), pooled_half_normal_table(rows, study)).iloc[0]
    assert not read_out["credible"] and "three estimates" in read_out["note"]


def test_countries_without_an_estimate_or_standard_error_are_named_not_pooled(five):
    row = pooled_table(by_country([0.1, 0.2, np.nan, 0.3, 0.2], [0.1, 0.1, np.nan, 0.1, 0.12]), five).iloc[0]
    assert row["k"] == 4 and np.isfinite(row["estimate"])
    assert "Without Land C: no estimate with a standard error there." in row["note"]
    row = pooled_table(by_country([0.1, 0.2, 0.3, 0.3, 0.2], [0.1, 0.1, np.nan, 0.1, np.nan]), five).iloc[0]
    assert row["k"] == 3 and np.isnan(row["estimate"]) and "Land C, Land E" in row["note"]


@pytest.mark.parametrize("rows", [{}, {"EE": ([], [])}, {"EE": ([["a1", "S", 1, 2, 3, 4]], [])}])
def test_no_country_or_hardly_an_answer_raises_nothing(tmp_path, rows):
    study, made = countries(tmp_path, **(rows or {"EE": ([], [])}))
    table = change_by_country(made if rows else {})
    assert table.columns[0] == "country"
    pooled, half_normal = pooled_table(table, study), pooled_half_normal_table(table, study)
    assert list(pooled.columns) == POOLED_COLUMNS and list(half_normal.columns) == HALF_NORMAL_COLUMNS
    assert len(pooled_read_out(pooled, half_normal)) == len(pooled)
    assert len(participation_by_country(made if rows else {})) == len(made if rows else {})
