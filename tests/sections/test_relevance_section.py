"""design.csv: relevance and what the design could have detected."""

import numpy as np
import pytest
from scipy import stats

from analysis.sections.relevance import COLUMNS
from panels import country_results, random_rows

SCHOOLS = dict.fromkeys("ABCDEF", (10, 4, 4))


def test_figures_rest_on_the_main_estimates_se_and_df(tmp_path):
    panel = country_results(tmp_path, *random_rows(1, SCHOOLS), settings="smallest_change_of_interest = 0.2\n")
    table, change = panel.precise("design").set_index("scale"), panel.precise("change").set_index("scale")
    assert [*panel.precise("design").columns] == COLUMNS
    for scale, row in table.iterrows():
        main = change.loc[scale]
        reach = (stats.t.ppf(0.975, main["df"]) + stats.t.ppf(0.8, main["df"])) * main["se"]
        assert row["minimum_detectable_effect"] == pytest.approx(reach, rel=1e-9)
        lower = stats.t.sf((main["change"] + 0.2) / main["se"], main["df"])
        upper = stats.t.cdf((main["change"] - 0.2) / main["se"], main["df"])
        assert row["tost_p"] == pytest.approx(max(lower, upper), rel=1e-9)


def test_without_a_smallest_change_there_is_no_equivalence_test(tmp_path):
    table = country_results(tmp_path, *random_rows(2, SCHOOLS)).precise("design")
    assert table["tost_p"].isna().all()
    assert table["smallest_change"].isna().all()
    assert table["minimum_detectable_effect"].notna().all()


def test_the_design_is_empty_where_the_change_is_not_shown(tmp_path):
    table = country_results(tmp_path, *random_rows(3, {"A": (2, 1, 1)})).precise("design")
    assert np.isnan(table["minimum_detectable_effect"]).all()
    assert table["note"].str.contains("too_few").all()


def test_schools_that_are_not_named_have_no_icc(tmp_path):
    pre, post = random_rows(4, SCHOOLS)
    table = country_results(
        tmp_path, [[row[0], *row[2:]] for row in pre], [[row[0], *row[2:]] for row in post],
        header=["code", "p1", "p2", "p3", "l1"]).precise("design")
    assert table[["icc_score", "icc_change", "design_effect"]].isna().all(axis=None)
