"""Single items: item_answers, item_change and item_means, what is featured of them, and the questionnaire's figures."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.sections import background, change, items, participation
from analysis.sections.parts import Figure, Table, Text
from panels import HEADER, random_rows, tiny_results
from support import ANSWERS, ITEMS, SCALES

ANSWER_COLUMNS = "item wave value label n share".split()
CHANGE_COLUMNS = (
    "item scale n improved same worse superiority superiority_low superiority_high p p_adjusted note"
).split()
SCHOOLS = {"A": (9, 5, 5), "B": (7, 2, 6), "C": (12, 4, 1)}
EIGHT = dict.fromkeys("ABCDEFGH", (8, 1, 1))
BACKGROUND = [*HEADER, "gender", "tools", "years", "comment"]


def results(folder, pre, post=None, **study):
    return tiny_results(folder, participation, change, items, background, pre=pre, post=post, **study)


def with_background(folder, n=8, **study):
    rows = [
        [f"a{t}", "S", 1 + t % 5, 2, 3, 4, "fm"[t % 3 == 0], ["tablet;phone", "tablet", ""][t % 3], 3 * t, "Hello Ann"]
        for t in range(n)
    ]
    rows[1][6] = ""
    return results(folder, rows, [], header=BACKGROUND, post_header=HEADER, **study)


def shown(blocks, kind):
    return [block for block in blocks if isinstance(block, kind)]


def test_item_answers_have_a_row_per_value_zeros_too_as_asked(tmp_path):
    pre, post = random_rows(1, SCHOOLS, missing=0.1)
    table = results(tmp_path, pre, post, settings="minimum_group = 1").precise("item_answers")
    assert list(table.columns) == ANSWER_COLUMNS
    for place, item in enumerate(HEADER[2:], start=2):
        for wave, rows in (("pre", pre), ("post", post)):
            given = pd.Series([row[place] for row in rows if row[place] != ""])
            of_item = table.loc[(table["item"] == item) & (table["wave"] == wave)]
            assert of_item["value"].tolist() == ["1", "2", "3", "4", "5"]
            assert of_item["n"].tolist() == [int((given == value).sum()) for value in range(1, 6)]
            assert of_item["share"].tolist() == pytest.approx((of_item["n"] / len(given)).tolist())
    assert table["label"].iloc[:5].tolist() == [row[3] for row in ANSWERS[1:6]]


def test_choice_and_multichoice_are_counted_and_text_never_appears(tmp_path):
    table = with_background(tmp_path, settings="minimum_group = 1").precise("item_answers")
    gender = table.query("item == 'gender'").set_index("value")
    assert gender["n"].to_dict() == {"f": 4, "m": 3} and gender.loc["f", "share"] == pytest.approx(4 / 7)
    tools = table.query("item == 'tools'").set_index("value")
    assert tools["n"].to_dict() == {"tablet": 6, "board": 0, "phone": 3}
    assert tools.loc["phone", "share"] == pytest.approx(3 / 6), "an empty cell is no answer"
    assert "comment" not in set(table["item"]) and "Ann" not in table.to_csv()


def test_background_questions_stand_in_the_annex_with_the_number_who_answered(tmp_path):
    found = with_background(tmp_path, settings="minimum_group = 1")
    answers, numbers = shown(background.annex(found), Table)
    assert answers.rows[0] == ["Gender (n = 7; –)", "", "", "", ""]
    assert answers.rows[1] == ["Woman", "4", "57\u00a0%", "–", "–"]
    assert "Tools I use (n = 6; –)" in [row[0] for row in answers.rows]
    assert [row[:3] for row in numbers.rows] == [["Years as a teacher", "baseline", "8"]]


def test_numbers_have_n_mean_and_sd(tmp_path):
    table = with_background(tmp_path).precise("numbers")
    row = table.iloc[0]
    years = pd.Series([3.0 * t for t in range(8)])
    assert (row["item"], row["wave"], row["n"]) == ("years", "pre", 8)
    assert [row["mean"], row["sd"]] == pytest.approx([years.mean(), years.std()])
    assert len(table) == 1, "asked before only"


def test_few_answers_are_not_shown(tmp_path):
    found = with_background(tmp_path, n=4)
    assert found.precise("item_answers")[["n", "share"]].isna().all(axis=None)
    numbers = found.precise("numbers").iloc[0]
    assert numbers[["n", "mean", "sd"]].isna().all() and numbers["note"] == "too_few(minimum=5)"


def test_numbers_that_are_all_the_same_are_not_shown(tmp_path):
    rows = [[f"a{t}", "S", 1 + t % 5, 2, 3, 4, 7] for t in range(9)]
    post = [[*row[:5], 5, 7] for row in rows]
    numbers = results(tmp_path, rows, post, header=[*HEADER, "years"]).precise("numbers").iloc[0]
    assert pd.isna(numbers["mean"]) and numbers["note"] == "no_variation"


def test_answers_that_all_fall_into_one_category_are_not_shown(tmp_path):
    table = with_background(tmp_path).precise("item_answers").query("wave == 'pre'")
    assert table.query("item == 'p2'")["n"].isna().all()
    assert table.query("item == 'p1'")["n"].notna().all()


def test_higher_same_and_lower_are_within_matched_respondents_after_reversing(tmp_path):
    pre, post = random_rows(1, SCHOOLS, missing=0.05)
    table = results(tmp_path, pre, post, settings="minimum_group = 1").precise("item_change")
    assert list(table.columns) == CHANGE_COLUMNS
    assert table["item"].tolist() == HEADER[2:] and table["scale"].tolist() == ["pedagogy"] * 3 + ["leadership"]
    before = {tuple(row[:2]): row[2:] for row in pre}
    after = {tuple(row[:2]): row[2:] for row in post}
    for place, row in enumerate(table.itertuples()):
        steps = np.array([after[key][place] - before[key][place] for key in before.keys() & after.keys()
                          if "" not in (before[key][place], after[key][place])])
        steps = -steps if row.item == "p2" else steps
        assert (row.n, row.improved, row.same, row.worse) == (
            len(steps), (steps > 0).sum(), (steps == 0).sum(), (steps < 0).sum())
        assert row.superiority == pytest.approx((np.sign(steps).mean() + 1) / 2)
        assert row.superiority_low < row.superiority < row.superiority_high
    np.testing.assert_allclose(table["p_adjusted"], stats.false_discovery_control(table["p"]), rtol=1e-12)


def test_adjusted_p_are_of_unrounded_p_and_published_after_rounding(tmp_path):
    """Rounding first makes equal p of different ones, and adjusted p of 0 of p below .0005."""
    pre, post = random_rows(1, {"A": (30, 6, 6), "B": (30, 6, 6)})
    found = results(tmp_path, pre, post, settings="minimum_group = 1")
    precise = found.precise("item_change")
    first = stats.false_discovery_control(precise["p"].round(3))
    assert not np.allclose(precise["p_adjusted"], first)
    published = results(tmp_path / "b", pre, post).table("item_change")
    np.testing.assert_allclose(published["p_adjusted"], precise["p_adjusted"].where(precise["p_adjusted"] >= 0.001, 0),
                               atol=0.0005)


def test_items_without_p_do_not_count_in_the_family_of_items(tmp_path):
    pre, post = random_rows(1, SCHOOLS)
    for row in pre:
        row[2] = ""
    table = results(tmp_path, pre, post).precise("item_change").set_index("item")
    assert pd.isna(table.loc["p1", "p_adjusted"]) and table.loc["p1", "note"]
    rest = table.drop(index="p1")
    np.testing.assert_allclose(rest["p_adjusted"], stats.false_discovery_control(rest["p"]), rtol=1e-12)


def test_items_of_one_wave_are_not_in_item_change(tmp_path):
    pre, post = random_rows(1, SCHOOLS)
    found = results(tmp_path, [row[:4] + row[5:] for row in pre], post,
                    header=[*HEADER[:4], "l1"], post_header=HEADER)
    assert found.precise("item_change")["item"].tolist() == ["p1", "p2", "l1"]
    assert set(found.precise("item_answers").query("item == 'p3'")["wave"]) == {"post"}


def test_an_item_on_which_all_changed_alike_is_not_shown(tmp_path):
    rows = [[f"a{n}", "ST"[n % 2], 1 + n % 5, 2, 3, 4] for n in range(12)]
    table = results(tmp_path, rows, [[*row[:5], 5] for row in rows]).precise("item_change")
    assert table[["improved", "same", "worse", "superiority", "p"]].isna().all(axis=None)
    assert (table["note"] == "class_left; too_few(minimum=5)").all(), "not that they are alike"


def test_directions_that_with_the_counts_of_all_answers_would_tell_single_answers_are_not_shown(tmp_path):
    """All are matched and one answered 1: that one's answer at follow-up could be solved for."""
    pre, post = random_rows(3, {"A": (12, 0, 0), "B": (12, 0, 0)})
    for at, row in enumerate(pre):
        row[5], post[at][5] = (2, 3)[at % 2], (2, 3)[at % 3 < 2 and at > 4]
    shown = results(tmp_path / "a", pre, post).precise("item_change").set_index("item").loc["l1"]
    assert shown[["improved", "superiority", "p"]].notna().all() and "tell" not in shown["note"]
    pre[0][5] = 1
    found = results(tmp_path / "b", pre, post)
    row = found.precise("item_change").set_index("item").loc["l1"]
    assert row[["improved", "same", "worse", "superiority", "superiority_low"]].isna().all() and pd.notna(row["p"])
    assert "directions_tell" in row["note"]
    assert pd.notna(found.precise("item_means").set_index("item").loc["l1", "ci_low"])


def test_without_schools_the_interval_is_not_shown_either_where_it_would_tell_single_answers(tmp_path):
    pre, post = random_rows(3, {"A": (24, 0, 0)})
    found = results(tmp_path, pre, post)
    row = found.precise("item_means").set_index("item").loc["l1"]
    assert pd.notna(row["change"]) and pd.isna(row["ci_low"]) and "spread_tells" in row["note"]
    assert pd.isna(found.precise("item_change").set_index("item").loc["l1", "p"])


def test_an_item_to_which_all_gave_one_answer_at_baseline_has_no_mean(tmp_path):
    """item_answers.csv suppresses a question to which all gave one answer, and a mean without spread would say which."""
    pre, post = random_rows(12, dict.fromkeys("ABC", (9, 6, 6)))
    for row in pre:
        row[5] = 5
    found = results(tmp_path, pre, post)
    assert found.precise("item_answers").query("item == 'l1' and wave == 'pre'")["n"].isna().all()
    means = found.precise("item_means").set_index("item")
    assert means.loc["l1", ["mean_pre", "mean_post", "change", "ci_low"]].isna().all()
    assert means.loc["l1", "note"] == "class_left; too_few(minimum=5)" and means["change"].notna().any()


def test_below_ten_matched_respondents_directions_are_not_shown_beside_the_distributions(tmp_path):
    found = results(tmp_path, *random_rows(1, {"A": (9, 0, 0)}))
    table = found.precise("item_change")
    assert table[["improved", "same", "worse", "superiority", "p"]].isna().all(axis=None)
    assert (table["note"] == "few_directions(minimum=10)").all()


def test_a_class_too_small_to_publish_leaves_the_items_and_the_note_says_so(tmp_path):
    """Two teachers of baseline only: what is published is of the matched, so no difference tells of the two."""
    pre, post = random_rows(1, {"A": (20, 2, 0)})
    found = results(tmp_path, pre, post)
    answers = found.precise("item_answers").query("item == 'l1' and wave == 'pre'")
    assert answers["n"].sum() == 20
    assert found.precise("item_means").set_index("item").loc["l1", "note"].startswith("class_left")


def test_small_schools_are_put_together_as_clusters_of_the_items_intervals(tmp_path):
    pre, post = random_rows(1, {"A": (9, 0, 0), "B": (9, 0, 0), "C": (3, 0, 0), "D": (2, 0, 0)})
    joined = [[*row[:1], "C" if row[1] == "D" else row[1], *row[2:]] for row in (*pre, *post)]
    two = [results(tmp_path / name, rows[:23], rows[23:]) for name, rows in (("a", [*pre, *post]), ("b", joined))]
    for name in ("item_means", "item_change"):
        pd.testing.assert_frame_equal(*(found.precise(name) for found in two))


def test_item_means_are_of_matched_respondents(tmp_path):
    pre, post = random_rows(1, {"A": (9, 5, 5), "B": (7, 0, 6)})
    row = results(tmp_path, pre, post).precise("item_means").set_index("item").loc["l1"]
    matched = {row[0] for row in pre} & {row[0] for row in post}
    means = [np.mean([row[5] for row in rows if row[0] in matched]) for rows in (pre, post)]
    assert row[["n", "mean_pre", "mean_post", "change"]].tolist() == pytest.approx(
        [16, *means, means[1] - means[0]])


def test_below_30_matched_respondents_the_means_of_items_have_one_decimal(tmp_path):
    published = results(tmp_path, *random_rows(1, {"A": (8, 5, 5), "B": (8, 5, 5)})).table("item_means")
    numbers = published[["mean_pre", "mean_post", "change", "ci_low"]]
    assert numbers.notna().any().all() and (numbers.isna() | (numbers == numbers.round(1))).all(axis=None)


@pytest.mark.parametrize("rows", [[], [["a1", "S", 1, 2, 3, 4]]])
@pytest.mark.parametrize("minimum", [1, 5])
def test_no_or_one_answer_raises_nothing(tmp_path, rows, minimum):
    found = results(tmp_path, rows, rows, settings=f"minimum_group = {minimum}")
    assert list(found.precise("item_answers").columns) == ANSWER_COLUMNS
    assert list(found.precise("item_change").columns) == CHANGE_COLUMNS and found.precise("numbers").empty


def moved(folder, by, settings="", seed=1):
    """Results of teachers who answer l1 about `by` points higher at follow-up, if 0 either way, and the rest at random."""
    pre, post = random_rows(seed, dict.fromkeys("ABCDEFGH", (8, 0, 0)))
    rng = np.random.default_rng(seed)
    for at, (before, after) in enumerate(zip(pre, post, strict=True)):
        before[2:5] = rng.integers(1, 6, 3).tolist()
        after[2:5] = rng.integers(1, 6, 3).tolist()
        before[5] = int(rng.integers(2, 5))
        after[5] = before[5] + ((rng.random() < 0.8) * by if by else (-1, 0, 1)[at % 3])
    return results(folder, pre, post, settings=settings)


@pytest.mark.parametrize(("by", "said"), [(1, "of 4 items 1 rose"), (-1, "of 4 items 1 fell")])
def test_only_items_whose_adjusted_p_is_below_05_are_featured(tmp_path, by, said):
    found = moved(tmp_path, by, 'primary_scales = ["pedagogy"]')
    (figure,) = shown(items.main(found), Figure)
    assert figure.title.endswith(f"; {said}") and "Leadership" in figure.title
    assert figure.numbers["item"].dropna().tolist() == ["l1"]
    assert figure.numbers["scale"].tolist() == ["leadership", "leadership"]
    assert "Of 4 items examined, 1 shows a clear change" in shown(items.main(found), Text)[0].markdown


def test_where_no_item_changed_clearly_a_sentence_says_how_many_were_examined(tmp_path):
    found = moved(tmp_path, 0, 'primary_scales = ["pedagogy"]')
    (figure,) = shown(items.main(found), Figure)
    assert figure.title == "No exploratory scale shows a clear change" and figure.numbers["item"].isna().all()
    assert "None of the 4 items examined shows a clear change" in shown(items.main(found), Text)[0].markdown


def test_where_all_scales_are_primary_and_no_item_changed_there_is_no_figure(tmp_path):
    assert not shown(items.main(moved(tmp_path, 0)), Figure)


def test_the_table_of_item_analyses_has_each_compared_item_once_with_both_analyses(tmp_path):
    found = moved(tmp_path, 1)
    (table,) = [table for table in shown(items.annex(found), Table) if table.name == "item-analyses"]
    assert [row[0].rstrip("ᵃᵇᶜᵈᵉ") for row in table.rows] == [
        "Pedagogical practices", "I plan lessons with others", "I teach alone (reverse-scored)", "I try new tools",
        "Leadership", "Leaders support me"]
    n, pre, post, _change, directions, _superiority, p = table.rows[-1][1:]
    precise = found.precise("item_change").set_index("item").loc["l1"]
    assert n == "64" and float(post) > float(pre) and p == "<\u00a0.001"
    assert directions == " / ".join(f"{100 * precise[name] / 64:.0f}" for name in ("improved", "same", "worse"))


def test_there_is_a_figure_of_answers_per_scale_with_one_axis_and_scales_of_one_item_together(tmp_path):
    found = results(tmp_path, *random_rows(1, EIGHT))
    figures = shown(items.annex(found), Figure)
    assert [figure.name for figure in figures] == ["answers-pedagogy", "answers-single-items"]
    assert len({figure.draw(6.3).axes[0].get_xlim() for figure in figures}) == 1
    assert "I teach alone (reverse-scored): baseline" in figures[0].alt
    pd.testing.assert_frame_equal(
        pd.concat([figure.numbers for figure in figures]), found.table("item_answers"))


def test_a_long_scale_has_its_answers_in_several_figures(tmp_path):
    many = [f"p{n}" for n in range(1, 15)]
    codebook = [ITEMS[0], *([name, *ITEMS[1][1:]] for name in many)]
    rng = np.random.default_rng(1)
    rows = [[f"a{n}", "S", *rng.integers(1, 6, len(many))] for n in range(12)]
    found = results(tmp_path, rows, header=["code", "school", *many], items=codebook, scales=SCALES[:2])
    figures = shown(items.annex(found), Figure)
    assert [figure.name for figure in figures] == ["answers-pedagogy-1", "answers-pedagogy-2"]
    assert [figure.numbers["item"].nunique() for figure in figures] == [12, 2]


def test_suppressed_answers_are_said_to_be_suppressed_in_the_figure(tmp_path):
    rows = [[f"a{n}", "S", 1 + n % 5, 2, 1 + n % 4, 4] for n in range(12)]
    figure = shown(items.annex(results(tmp_path, rows)), Figure)[0]
    assert "I teach alone (reverse-scored): baseline suppressed" in figure.alt
