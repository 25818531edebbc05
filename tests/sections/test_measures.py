"""The measures: scales, reliability and its one-factor model, items in their scales, ceiling."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.sections import measures
from analysis.sections.parts import Table, Text
from panels import HEADER, random_rows, tiny_results
from support import ITEMS, SCALES

COLUMNS = "scale wave n n_items alpha alpha_low alpha_high omega note".split()
SCHOOLS = {"A": (20, 5, 6), "B": (15, 6, 6)}


def results(folder, pre, post=None, **study):
    return tiny_results(folder, measures, pre=pre, post=post, **study)


def shown(blocks, kind):
    return [block for block in blocks if isinstance(block, kind)]


def alpha(rows):
    values = np.array([[row[2], 6 - row[3], row[4]] for row in rows if "" not in row[2:5]], float)
    k = values.shape[1]
    return k / (k - 1) * (1 - values.var(axis=0, ddof=1).sum() / values.sum(axis=1).var(ddof=1))


def test_alpha_is_of_complete_cases_after_reversing(tmp_path):
    pre, post = random_rows(1, SCHOOLS, missing=0.1)
    found = results(tmp_path, pre, post, settings="minimum_group = 1")
    table = found.precise("reliability")
    assert list(table.columns) == COLUMNS
    assert table[["scale", "wave"]].to_numpy().tolist() == [
        ["pedagogy", "pre"], ["pedagogy", "post"], ["leadership", "pre"], ["leadership", "post"]]
    for place, rows in enumerate((pre, post)):
        row = table.iloc[place]
        assert row["n"] == sum("" not in answers[2:5] for answers in rows) and row["n_items"] == 3
        assert row["alpha"] == pytest.approx(alpha(rows), rel=1e-12)
        assert row["alpha_low"] < row["alpha"] < row["alpha_high"]
        assert "gaps_left_out" in row["note"]


def test_a_scale_of_one_item_has_neither_alpha_nor_omega_and_says_why(tmp_path):
    row = results(tmp_path, *random_rows(1, SCHOOLS)).precise("reliability").iloc[2]
    assert row["n_items"] == 1 and row[["alpha", "alpha_low", "alpha_high", "omega"]].isna().all()
    assert row["note"] == "one_item"


@pytest.mark.parametrize(("teachers", "digits"), [(40, 2), (20, 1)])
def test_a_scale_of_two_items_has_its_spearman_brown_coefficient_rounded_as_published(tmp_path, teachers, digits):
    rows = [[[f"a{at:02}", "ST"[at % 2], 2 + (at % 2 + wave * (at % 5 == 0)) % 2,
              4 - (at + (at % 4 == 0) + wave * (at % 7 == 0)) % 2, 1 + (at // 3 + wave) % 3] for at in range(teachers)]
            for wave in range(2)]
    found = results(tmp_path, *rows, header=[*HEADER[:4], "l1"])
    row = found.table("reliability").iloc[0]
    r = np.corrcoef([[row[2], 6 - row[3]] for row in rows[0]], rowvar=False)[0, 1]
    assert row["n_items"] == 2 and pd.isna(row["alpha"])
    assert row["note"] == f"spearman_brown(value={2 * r / (1 + r):.{digits}f})"
    assert "Spearman-Brown" in " ".join(shown(measures.annex(found), Table)[0].notes)


def test_how_two_items_go_together_is_not_published_beside_an_answer_that_few_gave(tmp_path):
    """With the counts of both items it would tell what these few answered to the other."""
    rows = [[row[:4] + row[5:] for row in wave] for wave in random_rows(1, {"A": (12, 5, 5)})]
    found = results(tmp_path, *rows, header=[*HEADER[:4], "l1"])
    assert found.table("reliability")["note"].tolist()[:2] == ["two_items"] * 2
    assert not len(found.table("item_reliability"))


def test_neither_figures_nor_the_number_of_too_few_complete_cases_are_published(tmp_path):
    row = results(tmp_path, *random_rows(1, {"A": (4, 0, 3)})).precise("reliability").iloc[0]
    assert pd.isna(row["n"]) and pd.isna(row["alpha"]) and row["note"] == "too_few(minimum=5)"


@pytest.mark.parametrize("rows", [[], [["a1", "S", 1, 2, 3, 4]], [[f"a{n}", "S", 3, 3, 3, 3] for n in range(9)]])
@pytest.mark.parametrize("minimum", [1, 5])
def test_no_shape_of_data_raises_and_what_is_empty_says_why(tmp_path, rows, minimum):
    found = results(tmp_path, rows, [], settings=f"minimum_group = {minimum}")
    table = found.precise("reliability")
    assert len(table) == 4 and (table.loc[table["alpha"].isna(), "note"] != "").all()
    assert [*measures.main(found), *measures.annex(found)]


def test_a_scale_asked_in_one_wave_has_one_row_and_is_not_said_to_be_compared(tmp_path):
    pre, post = random_rows(1, SCHOOLS)
    found = results(tmp_path, [row[:5] for row in pre], post, header=HEADER[:5], post_header=HEADER)
    assert found.precise("reliability")["scale"].tolist() == ["pedagogy", "pedagogy", "leadership"]
    scales = found.precise("scales").set_index("scale")
    assert scales["waves"].to_dict() == {"pedagogy": "pre post", "leadership": "post"}
    assert scales["family"].to_dict() == {"pedagogy": "primary", "leadership": ""}
    (table,) = shown(measures.main(found), Table)
    assert [row[2] for row in table.rows] == ["", "primary", "asked at follow-up only"]


def test_the_scales_say_their_items_and_the_labels_of_their_lowest_and_highest_answers(tmp_path):
    scales = results(tmp_path, *random_rows(1, SCHOOLS)).precise("scales").set_index("scale")
    assert scales.loc["pedagogy", ["n_items", "n_reversed", "minimum", "maximum"]].tolist() == [3, 1, 1, 5]
    assert scales.loc["pedagogy", ["lowest", "highest"]].tolist() == ["Strongly disagree", "Strongly agree"]


def test_a_scale_of_numbers_has_no_labels_of_answers(tmp_path):
    items = [[*row[:2], "number", "", *row[4:]] if row[0] == "l1" else row for row in ITEMS]
    pre, post = ([[*row[:5], 1 + place % 20] for place, row in enumerate(rows)] for rows in random_rows(1, SCHOOLS))
    found = results(tmp_path, pre, post, items=items)
    assert pd.isna(found.precise("scales").set_index("scale").loc["leadership", "lowest"])
    (table,) = shown(measures.main(found), Table)
    assert [row[0] for row in table.rows] == [
        "Answers: 1 (Strongly disagree) to 5 (Strongly agree)", found.label("pedagogy"), "Answers: numbers",
        found.label("leadership")]


def four_items(rng, n, factors):
    """Rows of four items of one scale that rest on one factor, or on two that are unrelated."""
    common = rng.normal(size=(n, factors))
    values = 3 + 0.9 * common[:, [0, 0, -1, -1]] + 0.5 * rng.normal(size=(n, 4))
    return [[f"a{i:03d}x", "S", *np.clip(np.round(row), 1, 5).astype(int)] for i, row in enumerate(values)]


@pytest.mark.parametrize(("factors", "fails"), [(1, False), (2, True)])
def test_a_plain_warning_says_where_one_factor_does_not_describe_a_scale(tmp_path, factors, fails):
    items = [["l1", "pedagogy", *row[2:]] if row[0] == "l1" else row for row in ITEMS]
    items = [[*row[:4], "no", *row[5:]] if row[0] == "p2" else row for row in items]
    rng = np.random.default_rng(2)
    found = results(tmp_path, four_items(rng, 200, factors), four_items(rng, 200, factors), items=items, scales=SCALES[:2])
    fit = found.precise("one_factor_fit")
    assert fit["wave"].tolist() == ["pre", "post"] and fit["df"].tolist() == [2, 2]
    assert (fit["cfi"] < 0.9).eq(fails).all() and fit["note"].eq("one_factor_fails").eq(fails).all()
    for blocks in (measures.main(found), measures.annex(found)):
        said = " ".join(text.markdown for text in shown(blocks, Text))
        assert ("One factor does not describe the items of “Pedagogical practices”" in said) is fails


def test_items_in_their_scale_are_marked_where_reverse_scored(tmp_path):
    found = results(tmp_path, *random_rows(1, SCHOOLS))
    table = next(table for table in shown(measures.annex(found), Table) if table.name == "item-reliability")
    names = [row[0] for row in table.rows]
    assert names[0] == "Pedagogical practices" and not any(table.rows[0][1:])
    assert "I teach alone (reverse-scored)" in names and "I try new tools" in names


def test_ceiling_is_flagged_over_15_percent_and_needs_a_base(tmp_path):
    pre, post = random_rows(4, SCHOOLS)
    for row in pre[:30]:
        row[5] = 5
    table = results(tmp_path / "a", pre, post).precise("ceiling").set_index("scale")
    assert table["flagged"].to_dict() == {"pedagogy": "no", "leadership": "yes"}
    top = np.mean([row[5] == 5 for row in pre])
    assert table.loc["leadership", "share_at_maximum"] == pytest.approx(top)
    few = results(tmp_path / "b", pre[:4], post[:4]).precise("ceiling")
    assert few[["share_at_maximum", "share_could_not_rise"]].isna().all(axis=None)
    assert (few["note"] == "too_few(minimum=5)").all()


def test_a_baseline_without_variation_does_not_show_that_everybody_was_at_the_top(tmp_path):
    pre, post = random_rows(4, SCHOOLS)
    for row in pre:
        row[5] = 5
    row = results(tmp_path, pre, post).precise("ceiling").set_index("scale").loc["leadership"]
    assert pd.isna(row["share_at_maximum"]) and row["note"] == "too_few(minimum=5)"
