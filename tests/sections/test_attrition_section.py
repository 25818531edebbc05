"""Attrition: differences at baseline, and the delta adjustment of the main estimate."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.sections import attrition, change, matching, participation
from analysis.sections.parts import Table, Text
from panels import random_rows, tiny_results

SCHOOLS = {"A": (9, 5, 6), "B": (10, 6, 5), "C": (12, 5, 5), "D": (9, 7, 6)}
HEADER = ["code", "school", "p1", "p2", "p3", "l1", "gender", "years"]


def rows(seed, women_left=8, schools=SCHOOLS):
    pre, post = random_rows(seed, schools)
    matched = {row[0] for row in pre} & {row[0] for row in post}
    rng = np.random.default_rng(seed)
    left = 0
    for row in pre:
        if row[0] in matched:
            row += ["f" if rng.random() < 0.5 else "m", int(rng.integers(1, 40))]
        else:
            left += 1
            row += ["f" if left <= women_left else "m", int(rng.integers(1, 40))]
    return pre, [row[:6] for row in post], matched


def results_of(folder, pre, post, **study):
    return tiny_results(folder, attrition, change, participation, matching, pre=pre, post=post, header=HEADER,
                        post_header=HEADER[:6], **study)


def text_of(results):
    return " ".join(block.markdown for block in attrition.main(results) if isinstance(block, Text))


def test_scores_numbers_and_answers_are_compared_with_hedges_g_and_cohens_h(tmp_path):
    pre, post, matched = rows(1)
    table = results_of(tmp_path, pre, post).precise("attrition")
    assert list(table.columns) == attrition.ATTRITION_COLUMNS
    frame = pd.DataFrame(pre, columns=HEADER).assign(matched=lambda f: f["code"].isin(matched))
    years = [frame.loc[frame["matched"] == who, "years"] for who in (False, True)]
    a, b = map(len, years)
    pooled = np.sqrt(((a - 1) * years[0].var() + (b - 1) * years[1].var()) / (a + b - 2))
    # The approximate correction 1 - 3 / (4 df - 1) is Hedges' exact one to the third digit.
    g = (years[0].mean() - years[1].mean()) / pooled * (1 - 3 / (4 * (a + b - 2) - 1))
    shown = table.set_index(["variable", "value"])
    assert shown.loc[("years", ""), "difference"] == pytest.approx(g, abs=2e-4)
    assert shown.loc[("years", ""), ["n_unmatched", "n_matched"]].tolist() == [a, b]
    shares = [(frame.loc[frame["matched"] == who, "gender"] == "f").mean() for who in (False, True)]
    h = 2 * np.arcsin(np.sqrt(shares[0])) - 2 * np.arcsin(np.sqrt(shares[1]))
    assert shown.loc[("gender", "f"), "difference"] == pytest.approx(h, rel=1e-12)


def test_an_answer_that_few_of_a_group_gave_is_not_compared(tmp_path):
    pre, post, _ = rows(2, women_left=3)
    table = results_of(tmp_path, pre, post).precise("attrition")
    assert table.loc[table["variable"] == "gender", "difference"].isna().all()


def test_a_group_that_all_gave_one_answer_is_not_compared(tmp_path):
    pre, post, matched = rows(2)
    for row in pre:
        row[7] = 20 if row[0] in matched else row[7]
    shown = results_of(tmp_path, pre, post).precise("attrition").set_index("variable").loc["years"]
    assert np.isnan(shown["difference"]) and shown["note"] == "no_variation"


def test_fewer_unmatched_than_the_smallest_group_are_not_compared(tmp_path):
    pre, post, _ = rows(3, schools={"A": (9, 2, 6), "B": (10, 2, 5)})
    found = results_of(tmp_path, pre, post)
    assert found.precise("attrition")["difference"].isna().all()
    assert "Too few baseline respondents lack a follow-up" in text_of(found)


def test_the_groups_are_those_that_the_change_rests_on(tmp_path):
    """Any other split of the baseline scores would differ by the few matched teachers who skipped the scale afterwards."""
    pre, post, matched = rows(4)
    next(row for row in post if row[0] in matched)[5] = ""
    found = results_of(tmp_path, pre, post)
    shown, main = (found.table(name).set_index(key) for name, key in (("attrition", "variable"), ("change", "scale")))
    assert main.loc["leadership", "n_matched"] == 39
    for scale in ("pedagogy", "leadership"):
        assert shown.loc[scale, "n_matched"] == main.loc[scale, "n_matched"]
        assert shown.loc[scale, "n_unmatched"] == main.loc[scale, "n_pre"] - main.loc[scale, "n_matched"]


def test_a_difference_is_named_only_if_it_is_clear_after_adjustment(tmp_path):
    pre, post, matched = rows(5, women_left=12)
    quiet = text_of(results_of(tmp_path / "quiet", pre, post))
    assert "on 5 characteristics" in quiet and "None differs clearly" in quiet
    assert "where 0.2 would be expected by chance" in quiet
    assert "“" not in quiet
    for row in pre:
        row[7] = row[7] if row[0] in matched else row[7] + 40
    found = results_of(tmp_path / "loud", pre, post)
    table = found.precise("attrition").set_index("variable")
    assert table.loc["years", "p_adjusted"] < 0.05 < table.drop("years")["p_adjusted"].min()
    digits = found.table("attrition").set_index("variable").loc["years", "difference"]
    assert f"“Years as a teacher” (+{digits} standard deviations) differs after adjustment" in text_of(found)


def test_the_change_shifts_by_delta_times_the_share_without_a_follow_up_towards_zero(tmp_path):
    found = results_of(tmp_path, *rows(4)[:2])
    table, main = found.precise("attrition_delta"), found.precise("change").set_index("scale")
    assert list(table.columns) == "scale delta change se df ci_low ci_high".split()
    for scale, adjusted in table.groupby("scale"):
        row = main.loc[scale]
        sign = 1 if row["change"] > 0 else -1
        assert (sign * adjusted["delta"]).tolist() == [0, -0.1, -0.2, -0.3, -0.4, -0.5]
        shift = adjusted["delta"] * (row["n_pre"] - row["n_matched"]) / row["n_pre"]
        for name in ("change", "ci_low", "ci_high"):
            np.testing.assert_allclose(adjusted[name], row[name] + shift, atol=1e-12)
        np.testing.assert_allclose(adjusted[["se", "df"]], [row[["se", "df"]].to_list()] * 6)


def test_the_deltas_at_which_nothing_is_left_go_with_the_main_estimate(tmp_path):
    found = results_of(tmp_path, *rows(4)[:2])
    table, main = found.precise("attrition_to_zero"), found.precise("change").set_index("scale")
    assert (table["n_pre"] == 63).all() and (table["n_unmatched"] == 23).all() and (table["n"] == 85).all()
    for row in table.itertuples():
        assert row.to_zero == pytest.approx(-main.loc[row.scale, "change"] * 63 / 23)


def test_where_nobody_lacks_a_follow_up_nothing_is_adjusted_and_the_note_says_why(tmp_path):
    found = results_of(tmp_path, *rows(5, schools={"A": (9, 0, 6), "B": (10, 0, 5)})[:2])
    assert found.precise("attrition_delta").empty
    assert (found.precise("attrition_to_zero")["note"] == "all_seen").all()


def test_no_delta_has_more_decimals_than_the_change_it_is_made_from(tmp_path):
    table = results_of(tmp_path, *rows(4)[:2]).table("attrition_to_zero")
    for name in ("to_zero", "interval_to_zero"):
        assert (table[name].dropna() * 10).map(float.is_integer).all()


def test_the_annex_has_a_table_for_each_question(tmp_path):
    pre, post, _ = rows(6)
    names = [block.name for block in attrition.annex(results_of(tmp_path / "some", pre, post)) if isinstance(block, Table)]
    assert names == ["attrition", "attrition-by-school", "attrition-delta", "attrition-to-zero"]
    alone = results_of(tmp_path / "alone", *rows(6, schools={"A": (0, 9, 0)})[:2])
    assert not list(attrition.annex(alone))
