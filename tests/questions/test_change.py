"""change.csv and sensitivity.csv: columns, counts, families, and what stands there for every shape of data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.questions.change import change_table, mean_intervals
from analysis.questions.sensitivity import sensitivity_table
from analysis.questions.spread import changes_in_bands
from panels import HEADER, SCHOOLS, made, random_rows, tiny_panel
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
    assert list(change_table(panel).columns) == CHANGE_COLUMNS
    assert list(sensitivity_table(panel).columns) == SENSITIVITY_COLUMNS


def test_a_row_per_compared_scale_in_the_codebook_s_order_with_its_label(tmp_path):
    panel, _ = made(tmp_path)
    table = change_table(panel)
    assert table["scale"].tolist() == ["pedagogy", "leadership"]
    assert table["label"].tolist() == ["Pedagogical practices", "Leadership"]
    sensitivity = sensitivity_table(panel)
    assert sensitivity["method"].tolist() == METHODS * 2


def test_counts_means_and_sds_are_of_all_scores_of_the_wave(tmp_path):
    panel, rows = made(tmp_path, missing=0.15)
    table = change_table(panel).set_index("scale")
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
    row = change_table(panel).set_index("scale").loc["leadership"]
    assert row["d_av"] == pytest.approx(expected, rel=1e-12)
    assert row["d_av_low"] < expected < row["d_av_high"]


def test_methods_on_linked_respondents_are_the_textbook_ones(tmp_path):
    panel, rows = made(tmp_path)
    wide = rows.pivot(index=["school", "code"], columns="wave", values="pedagogy")
    linked = wide.dropna()
    table = sensitivity_table(panel).query("scale == 'pedagogy'").set_index("method")
    paired = stats.ttest_rel(linked["post"], linked["pre"])
    assert table.loc["matched_t", ["estimate", "df", "p"]].tolist() == pytest.approx(
        [(linked["post"] - linked["pre"]).mean(), len(linked) - 1, paired.pvalue])
    means = (linked["post"] - linked["pre"]).groupby("school").mean()
    school = stats.ttest_1samp(means, 0)
    assert table.loc["school_means_t", ["estimate", "df", "p"]].tolist() == pytest.approx(
        [means.mean(), len(means) - 1, school.pvalue])
    assert table.loc["matched_cr2", "estimate"] == pytest.approx(table.loc["matched_t", "estimate"])
    assert np.isnan(table.loc["wilcoxon", ["se", "df"]].astype(float)).all()
    assert "Schools are ignored" in table.loc["matched_t", "note"]
    assert "Each school counts the same" in table.loc["school_means_t", "note"]
    overlapping = table.loc["partially_overlapping_t", "estimate"]
    assert overlapping == pytest.approx(wide["post"].mean() - wide["pre"].mean())


def test_n_in_sensitivity_counts_distinct_teachers(tmp_path):
    panel, rows = made(tmp_path)
    wide = rows.pivot(index=["school", "code"], columns="wave", values="leadership")
    n = sensitivity_table(panel).query("scale == 'leadership'").set_index("method")["n"]
    everyone, linked = len(wide), len(wide.dropna())
    assert n.to_dict() == {
        "mixed_cr2": everyone, "matched_cr2": linked, "matched_t": linked, "wilcoxon": linked,
        "partially_overlapping_t": everyone, "school_means_t": linked, "exact_codes_only": everyone,
        "complete_answers_only": everyone,
    }


def test_with_equal_codes_only_exact_codes_only_is_the_main_estimate(tmp_path):
    table = sensitivity_table(made(tmp_path)[0]).set_index(["scale", "method"])
    numbers = ["n", "estimate", "se", "df", "ci_low", "ci_high", "p"]
    for scale in ("pedagogy", "leadership"):
        main, exact = table.loc[(scale, "mixed_cr2")], table.loc[(scale, "exact_codes_only")]
        assert main[numbers].tolist() == exact[numbers].tolist()


def test_the_main_estimate_of_change_csv_is_that_of_sensitivity_csv(tmp_path):
    panel, _ = made(tmp_path)
    table = change_table(panel).set_index("scale")
    main = sensitivity_table(panel).query("method == 'mixed_cr2'").set_index("scale")
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
    given = sensitivity_table(panel).query("scale == 'pedagogy'").set_index("method").loc["complete_answers_only"]
    expected = change_table(complete).set_index("scale").loc["pedagogy"]
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
    return tiny_panel(
        tmp_path, *rows, header=["code", "school", *(f"i{name}" for name in names)], scales=scales, items=items,
        **study)


def holm(p):
    p = np.asarray(p)
    order = np.argsort(p)
    stepped = np.maximum.accumulate((len(p) - np.arange(len(p))) * p[order])
    return np.minimum(stepped, 1)[np.argsort(order)]


def test_without_primary_scales_all_are_primary_and_adjusted_by_holm(tmp_path):
    table = change_table(with_scales(tmp_path, 4))
    assert set(table["family"]) == {"primary"}
    np.testing.assert_allclose(table["p_adjusted"], holm(table["p"]), rtol=1e-12)


def test_other_scales_are_exploratory_and_adjusted_by_benjamini_and_hochberg(tmp_path):
    table = change_table(with_scales(tmp_path, 6, settings='primary_scales = ["s2", "s5"]'))
    assert table["family"].tolist() == [
        "exploratory", "primary", "exploratory", "exploratory", "primary", "exploratory"]
    primary = table["family"] == "primary"
    np.testing.assert_allclose(table.loc[primary, "p_adjusted"], holm(table.loc[primary, "p"]), rtol=1e-12)
    np.testing.assert_allclose(
        table.loc[~primary, "p_adjusted"], stats.false_discovery_control(table.loc[~primary, "p"]), rtol=1e-12)


def test_a_scale_without_p_does_not_count_in_its_family(tmp_path):
    table = change_table(with_scales(tmp_path, 4, empty=("s3",)))
    tested = table["p"].notna()
    assert tested.tolist() == [True, True, False, True]
    np.testing.assert_allclose(table.loc[tested, "p_adjusted"], holm(table.loc[tested, "p"]), rtol=1e-12)
    assert table.loc[~tested, "p_adjusted"].isna().all()
    assert table.loc[2, "note"] == "Not shown: fewer than 5 respondents."


# Verdicts


def test_without_a_smallest_change_the_verdict_is_empty(tmp_path):
    assert change_table(made(tmp_path)[0])["verdict"].tolist() == ["", ""]


def expected_verdict(row, d):
    if row["ci_low"] > d or row["ci_high"] < -d:
        return "relevant change"
    half = stats.t.ppf(0.95, row["df"]) * row["se"]
    if -d < row["change"] - half and row["change"] + half < d:
        return "equivalent" if row["ci_low"] <= 0 <= row["ci_high"] else "change too small to matter"
    return "inconclusive"


@pytest.mark.parametrize("d", [0.001, 0.05, 0.3, 5.0])
def test_the_verdict_follows_from_the_intervals(tmp_path, d):
    table = change_table(made(tmp_path, settings=f"smallest_change_of_interest = {d}")[0])
    assert table["verdict"].tolist() == [expected_verdict(row, d) for _, row in table.iterrows()]
    if d == 5.0:
        assert set(table["verdict"]) <= {"equivalent", "change too small to matter"}


def test_a_smallest_change_may_be_declared_for_some_scales_only(tmp_path):
    made_panel, _ = made(tmp_path, settings="smallest_change_of_interest = {leadership = 5}")
    assert change_table(made_panel)["verdict"].iloc[0] == "" != change_table(made_panel)["verdict"].iloc[1]


# Schools not given


def test_who_gave_no_school_is_in_the_counts_and_means_but_not_in_clustered_estimates(tmp_path):
    def forget(pre, post):
        for row in pre[-7:]:
            row[1] = ""

    panel, rows = made(tmp_path, edit=forget)
    row = change_table(panel).set_index("scale").loc["leadership"]
    before = rows.query("wave == 'pre'")["leadership"]
    assert row["n_pre"] == len(before) and row["mean_pre"] == pytest.approx(before.mean())
    n = sensitivity_table(panel).query("scale == 'leadership'").set_index("method")["n"]
    named = rows.dropna(subset="school")
    assert n["mixed_cr2"] == len(named.drop_duplicates(["school", "code"]))
    lost = rows.fillna({"school": ""}).query("school == ''")["code"].nunique()
    assert f"Without {lost} respondents whose school is not given." in row["note"]


def test_one_respondent_without_a_school_is_counted_in_the_singular(tmp_path):
    def forget(pre, post):
        pre[-1][1] = ""

    note = change_table(made(tmp_path, edit=forget)[0])["note"].iloc[0]
    assert "Without 1 respondent whose school is not given." in note


# Bases under the minimum


def test_a_wave_with_too_few_scores_is_empty_and_says_why(tmp_path):
    panel, _ = made(tmp_path, {"A": (2, 10, 1), "B": (1, 8, 0)})
    table = change_table(panel)
    assert table["n_post"].tolist() == [4, 4] and table["mean_post"].isna().all()
    assert table["mean_pre"].notna().all()
    assert table[["change", "se", "p", "d_av"]].isna().all(axis=None)
    assert (table["note"].str.startswith("Not shown: fewer than 5 respondents.")).all()
    sensitivity = sensitivity_table(panel)
    assert sensitivity["estimate"].isna().all() and (sensitivity["note"] != "").all()


def test_five_answers_in_a_wave_are_enough(tmp_path):
    table = change_table(made(tmp_path, {"A": (3, 9, 0), "B": (2, 6, 0)})[0])
    assert table["n_post"].tolist() == [5, 5]
    assert table[["mean_post", "change"]].notna().all(axis=None)


def test_without_enough_linked_respondents_there_is_a_change_but_no_effect_size(tmp_path):
    panel, _ = made(tmp_path, {"A": (2, 9, 6), "B": (2, 6, 8)})
    table = change_table(panel)
    assert table["n_matched"].tolist() == [4, 4]
    assert table["change"].notna().all() and table["d_av"].isna().all()
    assert table["note"].str.contains("No effect size: fewer than 5 linked respondents.").all()
    rows = sensitivity_table(panel).set_index("method")
    assert rows.loc[["matched_cr2", "matched_t", "wilcoxon", "school_means_t"], "estimate"].isna().all()


def test_with_a_minimum_of_one_everything_that_can_be_computed_is_shown(tmp_path):
    panel, _ = made(tmp_path, {"A": (2, 1, 1), "B": (2, 0, 0)}, settings="minimum_group = 1")
    assert change_table(panel)[["mean_pre", "mean_post", "change", "d_av"]].notna().all(axis=None)


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
    panel = tiny_panel(tmp_path, *SHAPES[shape], settings=f"minimum_group = {minimum}")
    table, sensitivity = change_table(panel), sensitivity_table(panel)
    assert table["scale"].tolist() == ["pedagogy", "leadership"] and len(sensitivity) == 16
    assert (table.loc[table["change"].isna() | table["se"].isna(), "note"] != "").all()
    assert (table.loc[table["d_av"].isna(), "note"] != "").all()
    assert (sensitivity.loc[sensitivity["estimate"].isna(), "note"] != "").all()
    assert not np.isinf(table.select_dtypes("number")).any(axis=None)
    mean_intervals(panel, table)
    for scale in panel.compared_scales:
        changes_in_bands(panel, scale)


@pytest.mark.parametrize(
    "columns", [HEADER[1:], [HEADER[0], *HEADER[2:]], HEADER[2:]], ids=["no code", "no school", "neither"])
def test_exports_without_code_or_school_are_analysed(tmp_path, columns):
    pre, post = random_rows(9, SCHOOLS)
    kept = [HEADER.index(name) for name in columns]
    panel = tiny_panel(
        tmp_path, [[row[k] for k in kept] for row in pre], [[row[k] for k in kept] for row in post], header=columns)
    table = change_table(panel)
    assert table["change"].notna().all()
    assert (table["n_schools"] == (4 if "school" in columns else 0)).all()
    assert (table["n_matched"] > 0).all() == ("code" in columns)
    if "school" not in columns:
        assert (table["note"] != "").all()


def test_a_study_with_one_export_only_compares_nothing(tmp_path):
    panel = tiny_panel(tmp_path, random_rows(1, SCHOOLS)[0])
    for table, columns in ((change_table(panel), CHANGE_COLUMNS), (sensitivity_table(panel), SENSITIVITY_COLUMNS)):
        assert table.empty and list(table.columns) == columns


# Figures' tables


def test_mean_intervals_lie_around_the_means_and_are_empty_on_too_small_a_base(tmp_path):
    panel, _ = made(tmp_path)
    table = mean_intervals(panel, change_table(panel))
    for wave in ("pre", "post"):
        middle = (table[f"mean_{wave}_low"] + table[f"mean_{wave}_high"]) / 2
        np.testing.assert_allclose(middle, table[f"mean_{wave}"], rtol=1e-12)

    def forget(pre, post):
        for row in pre[:-3]:
            row[1] = ""

    few, _ = made(tmp_path / "few", {"A": (0, 9, 0), "B": (0, 0, 9)}, edit=forget)
    table = mean_intervals(few, change_table(few))
    assert table["mean_pre"].notna().all() and table["mean_pre_low"].isna().all()


def test_with_two_schools_and_one_of_them_small_no_interval_tells_them_apart(tmp_path):
    panel, _ = made(tmp_path, {"A": (15, 6, 7), "B": (3, 0, 0)})
    change, sensitivity = change_table(panel), sensitivity_table(panel).set_index("method")
    assert change["change"].notna().all() and change[["se", "df", "ci_low", "p", "d_av_low"]].isna().all(axis=None)
    assert change["note"].str.contains("No interval").all()
    assert sensitivity.loc["matched_cr2", "se"].isna().all() and sensitivity.loc["school_means_t", "estimate"].isna().all()
    assert sensitivity.loc["matched_t", "se"].notna().all()
    assert mean_intervals(panel, change)["mean_pre_low"].isna().all()
