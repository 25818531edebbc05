"""change.csv and sensitivity.csv: columns, counts, families, and what stands there for every shape of data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.sections.change import claim, sentence
from analysis.sections.estimates import scores_of
from analysis.statistics.mixed import mixed_change
from panels import HEADER, SCHOOLS, country_results, made, random_rows
from support import ITEMS, SCALES

CHANGE_COLUMNS = (
    "scale label n_pre n_post n_matched n_schools mean_pre sd_pre mean_post sd_post change se df ci_low ci_high p "
    "p_adjusted family d_av d_av_low d_av_high verdict method note"
).split()
SENSITIVITY_COLUMNS = "scale method n estimate se df ci_low ci_high p note".split()
METHODS = (
    "mixed_cr2 matched_cr2 matched_t wilcoxon partially_overlapping_t school_means_t exact_codes_only "
    "complete_answers_only"
).split()


def test_the_columns_are_the_contract_s(tmp_path):
    panel, _ = made(tmp_path)
    assert list(panel.precise("change").columns) == CHANGE_COLUMNS
    assert list(panel.precise("sensitivity").columns) == SENSITIVITY_COLUMNS


def test_a_row_per_compared_scale_in_the_codebook_s_order_with_its_label(tmp_path):
    panel, _ = made(tmp_path)
    table = panel.precise("change")
    assert table["scale"].tolist() == ["pedagogy", "leadership"]
    assert table["label"].tolist() == ["Pedagogical practices", "Leadership"]
    sensitivity = panel.precise("sensitivity")
    assert sensitivity["method"].tolist() == METHODS * 2


def test_counts_means_and_sds_are_of_all_scores_of_the_wave(tmp_path):
    panel, rows = made(tmp_path, missing=0.15, settings="minimum_group = 1")
    table = panel.precise("change").set_index("scale")
    answered = rows[["p1", "p2", "p3"]].notna().sum(axis=1)
    rows["pedagogy"] = rows["pedagogy"].where(answered >= 2)
    for scale in ("pedagogy", "leadership"):
        wide = rows.pivot(index=["school", "code"], columns="wave", values=scale).dropna(how="all")
        row = table.loc[scale]
        assert row[["n_pre", "n_post"]].tolist() == wide[["pre", "post"]].notna().sum().tolist()
        assert row["n_matched"] == len(wide.dropna())
        assert row["n_schools"] == wide.index.get_level_values("school").nunique()
        for wave in ("pre", "post"):
            assert row[f"mean_{wave}"] == pytest.approx(wide[wave].mean(), rel=1e-12)
            assert row[f"sd_{wave}"] == pytest.approx(wide[wave].std(), rel=1e-12)


def test_d_av_rests_on_linked_respondents_and_their_standard_deviations(tmp_path):
    panel, rows = made(tmp_path)
    wide = rows.pivot(index=["school", "code"], columns="wave", values="leadership").dropna()
    difference = (wide["post"] - wide["pre"]).mean()
    expected = difference / np.sqrt((wide["pre"].var() + wide["post"].var()) / 2)
    row = panel.precise("change").set_index("scale").loc["leadership"]
    assert row["d_av"] == pytest.approx(expected, rel=1e-12)
    assert row["d_av_low"] < expected < row["d_av_high"]


def test_methods_on_linked_respondents_are_the_textbook_ones(tmp_path):
    panel, rows = made(tmp_path)
    wide = rows.pivot(index=["school", "code"], columns="wave", values="pedagogy")
    linked = wide.dropna()
    table = panel.precise("sensitivity").query("scale == 'pedagogy'").set_index("method")
    paired = stats.ttest_rel(linked["post"], linked["pre"])
    assert table.loc["matched_t", ["estimate", "df", "p"]].tolist() == pytest.approx(
        [(linked["post"] - linked["pre"]).mean(), len(linked) - 1, paired.pvalue])
    means = (linked["post"] - linked["pre"]).groupby("school").mean()
    school = stats.ttest_1samp(means, 0)
    assert table.loc["school_means_t", ["estimate", "df", "p"]].tolist() == pytest.approx(
        [means.mean(), len(means) - 1, school.pvalue])
    assert table.loc["matched_cr2", "estimate"] == pytest.approx(table.loc["matched_t", "estimate"])
    assert np.isnan(table.loc["wilcoxon", ["se", "df"]].astype(float)).all()
    assert table.loc["matched_t", "note"] != "" != table.loc["school_means_t", "note"]
    overlapping = table.loc["partially_overlapping_t", "estimate"]
    assert overlapping == pytest.approx(wide["post"].mean() - wide["pre"].mean())


def test_n_in_sensitivity_counts_distinct_teachers(tmp_path):
    panel, rows = made(tmp_path)
    wide = rows.pivot(index=["school", "code"], columns="wave", values="leadership")
    n = panel.precise("sensitivity").query("scale == 'leadership'").set_index("method")["n"]
    everyone, linked = len(wide), len(wide.dropna())
    assert n.to_dict() == {
        "mixed_cr2": everyone, "matched_cr2": linked, "matched_t": linked, "wilcoxon": linked,
        "partially_overlapping_t": everyone, "school_means_t": linked, "exact_codes_only": everyone,
        "complete_answers_only": everyone,
    }


def test_with_equal_codes_only_exact_codes_only_is_the_main_estimate(tmp_path):
    table = made(tmp_path)[0].precise("sensitivity").set_index(["scale", "method"])
    numbers = ["n", "estimate", "se", "df", "ci_low", "ci_high", "p"]
    for scale in ("pedagogy", "leadership"):
        main, exact = table.loc[(scale, "mixed_cr2")], table.loc[(scale, "exact_codes_only")]
        assert main[numbers].tolist() == exact[numbers].tolist()


def test_the_main_estimate_of_change_csv_is_that_of_sensitivity_csv(tmp_path):
    panel, _ = made(tmp_path)
    table = panel.precise("change").set_index("scale")
    main = panel.precise("sensitivity").query("method == 'mixed_cr2'").set_index("scale")
    columns = ["se", "df", "ci_low", "ci_high", "p"]
    pd.testing.assert_frame_equal(table[columns], main[columns])
    assert table["change"].tolist() == main["estimate"].tolist()
    assert set(table["method"]) == {"mixed_cr2"}


def test_complete_answers_only_is_the_main_estimate_of_complete_respondents(tmp_path):
    def lacking(pre, post):
        for row in pre[:6] + post[:6]:
            row[2] = ""

    panel, rows = made(tmp_path / "all", edit=lacking)

    def without(pre, post):
        del pre[:6], post[:6]

    complete, _ = made(tmp_path / "complete", edit=without)
    given = panel.precise("sensitivity").query("scale == 'pedagogy'").set_index("method").loc["complete_answers_only"]
    expected = complete.precise("change").set_index("scale").loc["pedagogy"]
    assert given["estimate"] == pytest.approx(expected["change"], rel=1e-9)
    assert given["se"] == pytest.approx(expected["se"], rel=1e-9)
    assert given["n"] == rows.query("p1.notna()")["code"].nunique()


# Families


def with_scales(tmp_path, number, empty=(), **study):
    """A study of single-item scales s1, s2 ...; those in `empty` are left without an answer."""
    names = [f"s{n}" for n in range(1, number + 1)]
    scales = [SCALES[0], *([name, name.upper(), "", "", ""] for name in names)]
    items = [ITEMS[0], *([f"i{name}", name, "likert", "agree", "no", "", name, ""] for name in names)]
    rng = np.random.default_rng(11)
    rows = [
        [[f"c{t}", "ABCD"[t % 4], *("" if name in empty else int(rng.integers(1 + (wave and n > 1), 5))
                                    for n, name in enumerate(names))] for t in range(40)]
        for wave in (0, 1)
    ]
    return country_results(
        tmp_path, *rows, header=["code", "school", *(f"i{name}" for name in names)], scales=scales, items=items,
        **study)


def holm(p):
    p = np.asarray(p)
    order = np.argsort(p)
    stepped = np.maximum.accumulate((len(p) - np.arange(len(p))) * p[order])
    return np.minimum(stepped, 1)[np.argsort(order)]


def test_without_primary_scales_all_are_primary_and_adjusted_by_holm(tmp_path):
    table = with_scales(tmp_path, 4).precise("change")
    assert set(table["family"]) == {"primary"}
    np.testing.assert_allclose(table["p_adjusted"], holm(table["p"]), rtol=1e-12)


def test_other_scales_are_exploratory_and_adjusted_by_benjamini_and_hochberg(tmp_path):
    table = with_scales(tmp_path, 6, settings='primary_scales = ["s2", "s5"]').precise("change")
    assert table["family"].tolist() == [
        "exploratory", "primary", "exploratory", "exploratory", "primary", "exploratory"]
    primary = table["family"] == "primary"
    np.testing.assert_allclose(table.loc[primary, "p_adjusted"], holm(table.loc[primary, "p"]), rtol=1e-12)
    np.testing.assert_allclose(
        table.loc[~primary, "p_adjusted"], stats.false_discovery_control(table.loc[~primary, "p"]), rtol=1e-12)


def test_a_scale_without_p_does_not_count_in_its_family(tmp_path):
    table = with_scales(tmp_path, 4, empty=("s3",)).precise("change")
    tested = table["p"].notna()
    assert tested.tolist() == [True, True, False, True]
    np.testing.assert_allclose(table.loc[tested, "p_adjusted"], holm(table.loc[tested, "p"]), rtol=1e-12)
    assert table.loc[~tested, "p_adjusted"].isna().all()
    assert table.loc[2, "note"] == "too_few(minimum=5)"


# Verdicts


def test_without_a_smallest_change_the_verdict_is_empty(tmp_path):
    assert made(tmp_path)[0].precise("change")["verdict"].tolist() == ["", ""]


def expected_verdict(row, d):
    if row["ci_low"] > d or row["ci_high"] < -d:
        return "relevant change"
    half = stats.t.ppf(0.95, row["df"]) * row["se"]
    if -d < row["change"] - half and row["change"] + half < d:
        return "equivalent" if row["ci_low"] <= 0 <= row["ci_high"] else "change too small to matter"
    return "inconclusive"


@pytest.mark.parametrize("d", [0.001, 0.05, 0.3, 5.0])
def test_the_verdict_follows_from_the_intervals(tmp_path, d):
    table = made(tmp_path, settings=f"smallest_change_of_interest = {d}")[0].precise("change")
    assert table["verdict"].tolist() == [expected_verdict(row, d) for _, row in table.iterrows()]
    if d == 5.0:
        assert set(table["verdict"]) <= {"equivalent", "change too small to matter"}


def test_a_smallest_change_may_be_declared_for_some_scales_only(tmp_path):
    made_panel, _ = made(tmp_path, settings="smallest_change_of_interest = {leadership = 5}")
    assert made_panel.precise("change")["verdict"].iloc[0] == "" != made_panel.precise("change")["verdict"].iloc[1]


# Schools not given


def test_who_gave_no_school_is_in_the_counts_and_means_but_not_in_clustered_estimates(tmp_path):
    def forget(pre, post):
        for row in pre[-7:]:
            row[1] = ""

    panel, rows = made(tmp_path, edit=forget)
    row = panel.precise("change").set_index("scale").loc["leadership"]
    before = rows.query("wave == 'pre'")["leadership"]
    assert row["n_pre"] == len(before) and row["mean_pre"] == pytest.approx(before.mean())
    n = panel.precise("sensitivity").query("scale == 'leadership'").set_index("method")["n"]
    named = rows.dropna(subset="school")
    assert n["mixed_cr2"] == len(named.drop_duplicates(["school", "code"]))
    lost = rows.fillna({"school": ""}).query("school == ''")["code"].nunique()
    assert f"without_school(n={lost})" in row["note"]


def test_a_few_who_gave_no_school_leave_the_sample(tmp_path):
    def forget(pre, post):
        for row in pre[-2:]:
            row[1] = ""

    results, rows = made(tmp_path, edit=forget)
    row = results.precise("change").iloc[0]
    assert row["n_pre"] == len(rows.query("wave == 'pre'").dropna(subset="school"))
    assert row["note"].startswith("class_left")


# Bases under the minimum


def test_a_wave_with_too_few_scores_is_empty_and_says_why(tmp_path):
    panel, _ = made(tmp_path, {"A": (2, 10, 1), "B": (1, 8, 0)})
    table = panel.precise("change")
    assert table["n_post"].tolist() == [0, 0] and table["mean_post"].isna().all()
    assert table["mean_pre"].notna().all()
    assert table[["change", "se", "p", "d_av"]].isna().all(axis=None)
    assert (table["note"] == "class_left; too_few(minimum=5)").all()
    sensitivity = panel.precise("sensitivity")
    assert sensitivity["estimate"].isna().all() and (sensitivity["note"] != "").all()


def test_five_answers_in_a_wave_are_enough(tmp_path):
    table = made(tmp_path, {"A": (3, 9, 0), "B": (2, 6, 0)})[0].precise("change")
    assert table["n_post"].tolist() == [5, 5]
    assert table[["mean_post", "change"]].notna().all(axis=None)


def test_without_enough_linked_respondents_there_is_a_change_but_no_effect_size(tmp_path):
    panel, _ = made(tmp_path, {"A": (2, 9, 6), "B": (2, 6, 8)})
    table = panel.precise("change")
    assert table["n_matched"].tolist() == [0, 0]
    assert table["change"].notna().all() and table["d_av"].isna().all()
    assert table["note"].str.contains("no_effect_size(minimum=5)", regex=False).all()
    rows = panel.precise("sensitivity").set_index("method")
    assert rows.loc[["matched_cr2", "matched_t", "wilcoxon", "school_means_t"], "estimate"].isna().all()


def test_with_a_minimum_of_one_everything_that_can_be_computed_is_shown(tmp_path):
    panel, _ = made(tmp_path, {"A": (2, 1, 1), "B": (2, 0, 0)}, settings="minimum_group = 1")
    assert panel.precise("change")[["mean_pre", "mean_post", "change", "d_av"]].notna().all(axis=None)


# Shapes that must not raise

SHAPES = {
    "no rows": ([], []),
    "only before": ([["a1", "S", 1, 2, 3, 4]] * 1, []),
    "only after": ([], [["a1", "S", 1, 2, 3, 4]]),
    "one teacher": ([["a1", "S", 1, 2, 3, 4]], [["a1", "S", 2, 2, 3, 5]]),
    "all answers missing but one": (
        [["a1", "S", 1, "", "", ""]], [["a1", "S", 99, 99, 99, 1]]),
    "no variance": (
        [[f"a{n}", "ST"[n % 2], 3, 3, 3, 3] for n in range(12)], [[f"a{n}", "ST"[n % 2], 3, 3, 3, 3] for n in range(13)]),
    "the same change for all": (
        [[f"a{n}", "ST"[n % 2], 3, 3, 3, 3] for n in range(12)], [[f"a{n}", "ST"[n % 2], 4, 2, 4, 4] for n in range(12)]),
    "one school": random_rows(2, {"S": (12, 3, 3)}),
    "one school, nobody linked": random_rows(2, {"S": (0, 9, 9)}),
    "a school with pre only": random_rows(3, {"S": (9, 3, 3), "T": (0, 5, 0)}),
    "a school of one": random_rows(4, {"S": (9, 3, 3), "T": (1, 0, 0)}),
    "schools of one teacher": random_rows(5, {f"S{n}": (1, 0, 0) for n in range(20)}),
    "no school given": ([[row[0], "", *row[2:]] for row in random_rows(6, {"S": (9, 2, 2)})[0]],
                        [[row[0], "", *row[2:]] for row in random_rows(6, {"S": (9, 2, 2)})[1]]),
    "no codes given": ([["", *row[1:]] for row in random_rows(7, {"S": (9, 0, 0), "T": (8, 0, 0)})[0]],
                       [["", *row[1:]] for row in random_rows(7, {"S": (9, 0, 0), "T": (8, 0, 0)})[1]]),
    "hardly any answers": random_rows(8, {"S": (9, 3, 3), "T": (8, 1, 1)}, missing=0.8),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("minimum", [1, 5])
def test_no_shape_of_data_raises_and_what_is_empty_says_why(tmp_path, shape, minimum):
    panel = country_results(tmp_path, *SHAPES[shape], settings=f"minimum_group = {minimum}")
    table, sensitivity = panel.precise("change"), panel.precise("sensitivity")
    assert table["scale"].tolist() == ["pedagogy", "leadership"] and len(sensitivity) == 16
    assert (table.loc[table["change"].isna() | table["se"].isna(), "note"] != "").all()
    assert (table.loc[table["d_av"].isna(), "note"] != "").all()
    assert (sensitivity.loc[sensitivity["estimate"].isna(), "note"] != "").all()
    assert not np.isinf(table.select_dtypes("number")).any(axis=None)
    assert len(panel.precise("individual_changes")) == 2


@pytest.mark.parametrize(
    "columns", [HEADER[1:], [HEADER[0], *HEADER[2:]], HEADER[2:]], ids=["no code", "no school", "neither"])
def test_exports_without_code_or_school_are_analysed(tmp_path, columns):
    pre, post = random_rows(9, SCHOOLS)
    kept = [HEADER.index(name) for name in columns]
    panel = country_results(
        tmp_path, [[row[k] for k in kept] for row in pre], [[row[k] for k in kept] for row in post], header=columns)
    table = panel.precise("change")
    assert table["change"].notna().all()
    assert (table["n_schools"] == (4 if "school" in columns else 0)).all()
    assert (table["n_matched"] > 0).all() == ("code" in columns)
    if "school" not in columns:
        assert (table["note"] != "").all()


def test_a_study_with_one_export_only_compares_nothing(tmp_path):
    panel = country_results(tmp_path, random_rows(1, SCHOOLS)[0])
    for table, columns in ((panel.precise("change"), CHANGE_COLUMNS), (panel.precise("sensitivity"), SENSITIVITY_COLUMNS)):
        assert table.empty and list(table.columns) == columns




def test_a_small_school_is_put_together_with_another_as_a_cluster(tmp_path):
    results, _ = made(tmp_path, {"A": (15, 9, 9), "B": (3, 0, 0)})
    change, sensitivity = results.precise("change"), results.precise("sensitivity").set_index("method")
    assert (change["n_schools"] == 2).all() and change["se"].notna().all()
    scores = scores_of(results.panel, "leadership")
    alone = mixed_change(scores.pre, scores.post, np.zeros(len(scores.pre), int))
    assert change["se"].iloc[1] == pytest.approx(alone.se) and change["df"].iloc[1] == pytest.approx(alone.df)
    assert sensitivity.loc["school_means_t", "estimate"].isna().all()


# What is published, and what is claimed


def test_published_numbers_are_rounded_by_their_base_and_p_has_three_places(tmp_path):
    results, _ = made(tmp_path, {"A": (20, 9, 6), "B": (8, 7, 8)})
    precise, shown = results.precise("change").iloc[0], results.table("change").iloc[0]
    assert shown["change"] == round(precise["change"], 2) and shown["d_av"] == round(precise["d_av"], 1)
    assert shown["df"] == round(precise["df"]) <= shown["n_schools"] - 1
    assert shown["p"] == pytest.approx(round(precise["p"], 3)) or shown["p"] == 0 < precise["p"] < 0.001


def test_with_public_data_nothing_is_rounded(tmp_path):
    results, _ = made(tmp_path, settings="minimum_group = 1")
    pd.testing.assert_frame_equal(results.table("change"), results.precise("change"))


@pytest.mark.parametrize(("row", "said"), [
    ({"change": 0.3, "p_adjusted": 0.04}, "rose"), ({"change": -0.3, "p_adjusted": 0.04}, "fell"),
    ({"change": 0.3, "p_adjusted": 0.06}, "unclear"), ({"change": 0.0, "p_adjusted": 0.9}, "unclear"),
    ({"change": 0.0, "p_adjusted": 0.9, "verdict": "equivalent"}, "equivalent"), ({"change": np.nan}, "missing"),
])
def test_the_claim_follows_the_adjusted_p_and_equivalence_only_a_verdict(row, said):
    assert claim(pd.Series({"p_adjusted": np.nan, "verdict": "inconclusive"} | row)) == said


def test_a_sentence_has_the_published_numbers_and_the_yardstick(tmp_path):
    results, _ = made(tmp_path, {"A": (20, 9, 6), "B": (18, 7, 8)}, settings="smallest_change_of_interest = 0.2")
    row = results.table("change").iloc[0]
    said = sentence(results, "pedagogy")
    assert f"{abs(row['change']):.2f}" in said and f"{row['ci_high']:.2f}".lstrip("-") in said and "0.20 points" in said
