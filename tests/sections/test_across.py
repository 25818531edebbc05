"""Countries together: each one's rows, the pooled change, what is claimed of it, and what is drawn."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from analysis import sections
from analysis.language import Language
from analysis.report import across_report
from analysis.sections.across import brief, change, items, limitations, pooled, summary
from analysis.sections.parts import Figure, Heading, Table, Text
from analysis.sections.results import AcrossResults
from analysis.statistics.multiplicity import holm
from analysis.study.folder import read_study
from panels import HEADER, random_rows
from support import study_folder, write_csv

POOLED_COLUMNS = (
    "scale k estimate se df ci_low ci_high p tau2 tau2_low tau2_high q i2 prediction_low prediction_high method note"
).split()
SCHOOLS = {"A": (9, 5, 6), "B": (7, 6, 6), "C": (12, 5, 7)}
SETTINGS = 'primary_scales = ["pedagogy"]\nsmallest_change_of_interest = 0.2\n'
ADVICE = """[brief]
why = "Whole schools were mentored."
policy = "Fund **whole schools**."
policy_et = "Rahastage *terveid koole*."
contact = "ihub@example.org"
"""


def countries(folder, settings="", language="en", **rows) -> AcrossResults:
    """Results across the countries whose rows (pre, post) are given by key."""
    exports = [{"country": key, "wave": wave, "file": f"raw/{key}-{wave}.csv"} for key in rows for wave in ("pre", "post")]
    for key, waves in rows.items():
        for wave, given in zip(("pre", "post"), waves, strict=True):
            write_csv(folder / "raw" / f"{key}-{wave}.csv", [HEADER, *given])
    study_folder(folder, exports, countries={key: f'name = "Land {key}"' for key in rows}, settings=settings)
    return across_report(folder, language).results


def several(folder, k, **study) -> AcrossResults:
    keys = ("EE", "FI", "GE", "LT", "NO", "PL")[:k]
    return countries(folder, **{key: random_rows(seed, SCHOOLS) for seed, key in enumerate(keys)}, **study)


@pytest.fixture(scope="module")
def five(tmp_path_factory) -> AcrossResults:
    return several(tmp_path_factory.mktemp("five"), 5, settings=SETTINGS + ADVICE)


def with_changes(folder, values, se, settings="", df=5.0, n=50) -> AcrossResults:
    """Results whose countries A, B ... have these changes and standard errors on the scale pedagogy."""
    keys = "ABCDEFGH"[:len(values)]
    study = read_study(study_folder(folder, [{"country": "A", "file": "raw/a.csv"}], settings=settings,
                                    countries={key: f'name = "Land {key}"' for key in keys}))
    results = AcrossResults(study, {}, sections.ACROSS, Language())
    results._precise["change_by_country"] = pd.DataFrame(
        {"country": list(keys), "scale": "pedagogy", "label": "Pedagogical practices", "change": values, "se": se, "df": df,
         "n_pre": n, "n_post": n, "n_matched": n, "family": "primary", "p_adjusted": 0.5, "verdict": ""})
    return results


def blocks(results, kind, part="main"):
    return [block for module in results.sections for block in getattr(module, part, lambda _results: ())(results)
            if isinstance(block, kind)]


# The countries side by side


def test_change_by_country_is_each_country_s_change_csv_with_its_key_in_front(five):
    table = five.precise("change_by_country")
    assert table.columns[0] == "country" and table["country"].tolist() == [key for key in five.countries for _ in range(2)]
    for key, one in five.countries.items():
        own = table.loc[table["country"] == key].drop(columns="country").reset_index(drop=True)
        pd.testing.assert_frame_equal(own, one.precise("change"), check_dtype=False)


def test_what_is_shown_of_a_country_is_rounded_as_in_its_own_report(five):
    table = five.table("change_by_country")
    for key, one in five.countries.items():
        own = table.loc[table["country"] == key].drop(columns="country").reset_index(drop=True)
        pd.testing.assert_frame_equal(own, one.table("change"), check_dtype=False)


def test_participation_by_country_holds_the_totals(tmp_path):
    results = countries(tmp_path, EE=random_rows(1, SCHOOLS), FI=random_rows(2, {"A": (1, 1, 0)}))
    assert results.precise("participation_by_country").to_dict("records") == [
        {"country": "EE", "name": "Land EE", "schools": 3, "n_pre": 44, "n_post": 47, "n_matched": 28,
         "n_pre_only": 16, "n_post_only": 19},
        {"country": "FI", "name": "Land FI", "schools": 1, "n_pre": 2, "n_post": 1, "n_matched": 1,
         "n_pre_only": 1, "n_post_only": 0},
    ]


def test_codes_of_two_countries_never_match(tmp_path):
    pre, post = random_rows(1, SCHOOLS)
    results = countries(tmp_path, EE=(pre, []), FI=([], post))
    assert all(one.panel.linked.counts["exact"] == 0 for one in results.countries.values())


def test_a_country_without_answers_is_not_among_them(tmp_path):
    assert list(countries(tmp_path, EE=random_rows(1, SCHOOLS), FI=([], [])).countries) == ["EE"]


# Pooled


def test_pooling_gives_metafor_s_numbers(tmp_path):
    """The reference of STATISTICS: rma(method = "REML", test = "knha"), where the factor is above 1."""
    variance = np.array([0.455**2 / 96, 0.403**2 / 82, 0.365**2 / 84, 0.255**2 / 50, 0.318**2 / 57])
    results = with_changes(tmp_path, [0.159, 0.018, 0.169, 0.087, 0.143], np.sqrt(variance))
    row = results.precise("pooled").iloc[0]
    assert list(results.precise("pooled").columns) == POOLED_COLUMNS
    assert row[["estimate", "se", "ci_low", "ci_high"]].tolist() == pytest.approx(
        [0.115157, 0.02762565, 0.03845591, 0.1918581], abs=1e-6)
    assert (row["k"], row["df"]) == (5, 4) and row["q"] == pytest.approx(8.5316, abs=1e-4)
    assert row["tau2_low"] == pytest.approx(0, abs=1e-8) and row["tau2_high"] == pytest.approx(0.0308, abs=1e-4)
    assert row[["prediction_low", "prediction_high"]].tolist() == pytest.approx([-0.0511, 0.2814], abs=1e-4)
    prior = results.precise("pooled_half_normal").iloc[0]
    assert prior[["estimate", "ci_low", "ci_high", "tau"]].tolist() == pytest.approx(
        [0.1151135, 0.02996658, 0.2004242, 0.05645429], rel=1e-6), "as R integrates it"
    assert (prior["k"], prior["tau_prior_scale"]) == (5, 0.3)


def test_countries_enter_with_all_their_decimals(five):
    table = five.precise("change_by_country").query("scale == 'pedagogy'")
    mean = five.precise("equal_weight").iloc[0]
    assert mean["estimate"] == pytest.approx(table["change"].mean(), rel=1e-12)
    assert mean["estimate"] != pytest.approx(table["change"].round(2).mean(), rel=1e-6)


def test_the_mean_of_two_countries_is_not_finer_than_the_change_of_the_smaller(tmp_path):
    results = with_changes(tmp_path, [0.123, 0.456], 0.1, n=np.array([50, 20]))
    assert results.precise("equal_weight")["estimate"].iloc[0] == pytest.approx(0.2895)
    assert results.table("equal_weight")["estimate"].iloc[0] == 0.3


def test_the_scale_of_the_prior_comes_from_the_study(tmp_path):
    results = with_changes(tmp_path, [0.1, 0.5, -0.3, 0.2], 0.1, "tau_prior_scale = 0.05")
    row = results.precise("pooled_half_normal").iloc[0]
    assert row["tau_prior_scale"] == 0.05 and row["tau"] < 0.2


@pytest.mark.parametrize(("k", "table", "kind"), [
    (4, "pooled_half_normal", "credible"), (5, "pooled_half_normal", "credible"), (6, "pooled", "confidence")])
def test_up_to_five_countries_the_estimate_with_the_prior_is_read_out(tmp_path, k, table, kind):
    results = with_changes(tmp_path, np.linspace(0, 0.4, k), 0.1)
    row, source = results.precise("pooled_change").iloc[0], results.precise(table).iloc[0]
    assert row["interval"] == kind
    assert row[["change", "ci_low", "ci_high"]].tolist() == source[["estimate", "ci_low", "ci_high"]].tolist()
    assert ("credible" in pooled.sentence(results, "pedagogy")) == (kind == "credible")
    left_out = results.precise("leave_one_out")
    assert left_out["k"].tolist() == [k - 1] * k
    assert set(left_out["interval"]) == ({kind} if k > 4 else {""})


def test_with_three_countries_nothing_is_pooled_and_the_note_says_so(tmp_path):
    results = several(tmp_path, 3, settings=SETTINGS)
    table = results.precise("pooled")
    assert table["k"].tolist() == [3, 3] and table["note"].str.contains("not_pooled(k=3)", regex=False).all()
    assert table[["estimate", "ci_low", "prediction_low"]].isna().all(axis=None)
    assert pooled.claims(results) == {} and pooled.row_of(results, "pedagogy") is None
    assert all(mark != "diamond" for mark in marks_of(results))
    said = " ".join(block.markdown for block in blocks(results, Text))
    assert "too few to be pooled" in said and "Nothing is pooled" in said and "Hartung" not in said


def marks_of(results):
    return [mark.mark for mark in change._marks(results, "pedagogy")]


def test_countries_without_an_estimate_or_standard_error_are_named_not_pooled(tmp_path):
    results = with_changes(tmp_path / "a", [0.1, 0.2, np.nan, 0.3, 0.2], [0.1, 0.1, np.nan, 0.1, 0.12])
    row = results.precise("pooled").iloc[0]
    assert row["k"] == 4 and np.isfinite(row["estimate"]) and "without_countries(countries=C)" in row["note"]
    results = with_changes(tmp_path / "b", [0.1, 0.2, 0.3, 0.3, 0.2], [0.1, 0.1, np.nan, 0.1, np.nan])
    row = results.precise("pooled").iloc[0]
    assert row["k"] == 3 and np.isnan(row["estimate"]) and "without_countries(countries=C E)" in row["note"]


# What is claimed


def test_the_pooled_primary_scales_are_adjusted_by_holm(tmp_path):
    table = several(tmp_path, 4).precise("pooled_change")
    assert set(table["family"]) == {"primary"} and len(table) == 2
    np.testing.assert_allclose(table["p_adjusted"], holm(table["p"].to_numpy(float)))


@pytest.mark.parametrize(("values", "said"), [
    ([0.5, 0.52, 0.48, 0.5, 0.51], "rose"), ([-0.5, -0.52, -0.48, -0.5, -0.51], "fell"),
    ([0.6, -0.5, 0.4, 0.1, 0.0], "unclear"), ([0.01, 0.0, -0.01, 0.02, 0.0], "equivalent")])
def test_a_pooled_scale_rose_or_fell_only_where_p_and_interval_say_so(tmp_path, values, said):
    results = with_changes(tmp_path, values, 0.02, SETTINGS)
    assert pooled.claims(results) == {"pedagogy": said}
    words = {"rose": "rose", "fell": "fell", "unclear": "no clear change", "equivalent": "did not change by a relevant"}
    for text in (pooled.sentence(results, "pedagogy"), pooled.title(results, "pedagogy").replace("shows ", "")):
        assert [word for word in words.values() if word in text] == [words[said]]


def test_a_p_below_five_percent_is_no_rise_if_the_interval_that_is_read_out_holds_zero():
    row = pd.Series({"change": 0.2, "p_adjusted": 0.03, "verdict": "", "ci_low": -0.01, "ci_high": 0.41})
    assert pooled._claim(row) == "unclear" and pooled._claim(row.replace(-0.01, 0.01)) == "rose"


@pytest.mark.parametrize(("low", "high", "said"), [
    (0.25, 0.4, "relevant change"), (-0.4, -0.25, "relevant change"), (0.05, 0.15, "change too small to matter"),
    (-0.1, 0.1, "equivalent"), (0.1, 0.3, "inconclusive"), (-0.3, 0.3, "inconclusive")])
def test_the_verdict_on_a_pooled_scale_follows_from_its_interval(low, high, said):
    row = pd.Series({"ci_low": low, "ci_high": high})
    assert pooled._verdict(row, 0.2) == said and pooled._verdict(row, None) == ""


def test_one_sentence_says_where_the_mean_of_just_these_countries_answers_differently(tmp_path):
    differing = with_changes(tmp_path / "a", [0.9, 0.1, 0.05, 0.6, 0.0], 0.05, SETTINGS)
    assert pooled.claims(differing) == {"pedagogy": "unclear"}
    said = " ".join(pooled._other_answer(differing))
    assert said.count(".") == 1 and "“Pedagogical practices”" in said and "@tbl-equal_weight" in said
    alike = with_changes(tmp_path / "b", [0.5, 0.52, 0.48, 0.5, 0.51], 0.02, SETTINGS)
    assert list(pooled._other_answer(alike)) == []


def test_no_sentence_on_a_further_country_where_tau_is_estimated_as_0(tmp_path):
    alike = with_changes(tmp_path / "a", [0.2, 0.21, 0.19, 0.2, 0.2], 0.1, SETTINGS)
    assert alike.precise("pooled")["tau2"].iloc[0] == 0 and np.isnan(alike.precise("pooled")["prediction_low"].iloc[0])
    assert "further country" not in " ".join(pooled._how_far(alike))
    apart = with_changes(tmp_path / "b", [0.9, 0.1, -0.5, 0.6, 0.0], 0.05, SETTINGS)
    assert "further country" in " ".join(pooled._how_far(apart))


def test_few_countries_are_said_to_tell_imprecisely_how_far_they_differ(tmp_path, five):
    assert "estimated imprecisely from 5 countries" in " ".join(pooled._how_far(five))
    assert any("estimated imprecisely" in line for line in limitations.limits(five))
    six = with_changes(tmp_path, np.linspace(0, 0.4, 6), 0.1)
    assert "imprecisely" not in " ".join(pooled._how_far(six))


# The report


def test_page_one_has_question_answers_forest_and_limitation(five):
    found = list(summary.main(five))
    assert [type(block) for block in found] == [Heading, Text, Text, Text, Figure, Text]
    total = five.table("participation_by_country")[["n_pre", "n_post", "n_matched"]].sum()
    assert all(str(n) in found[1].markdown for n in total) and "5 countries" in found[1].markdown
    assert found[2].markdown == f"- {pooled.sentence(five, 'pedagogy')}"
    assert found[4].name == "forest" and "comparison group" in found[5].markdown


def test_a_forest_has_the_countries_in_the_order_of_the_study_and_the_pooled_change_last(five):
    marks = change._marks(five, "pedagogy")
    assert [mark.label for mark in marks] == [*(f"Land {key}" for key in five.countries), "Pooled"]
    assert [mark.mark for mark in marks] == ["point"] * 5 + ["diamond"]
    row = five.table("pooled_change").iloc[0]
    assert (marks[-1].estimate, marks[-1].low) == (row["change"], row["ci_low"]), "as published"
    assert all(mark.text in change.forest(five, "pedagogy").alt for mark in marks)


def test_a_scale_that_was_pooled_has_its_message_as_the_title_of_its_forest(five):
    figure = change.forest(five, "pedagogy")
    assert figure.name == "forest-pedagogy" and figure.title == pooled.title(five, "pedagogy")
    assert figure.numbers["country"].tolist() == [*five.countries, ""]


def test_many_primary_scales_have_their_forests_in_the_annex(five, monkeypatch):
    names = {part: [block.name for block in getattr(change, part)(five) if isinstance(block, Figure)]
             for part in ("main", "annex")}
    assert names == {"main": ["forest-pedagogy", "forest-exploratory"], "annex": []}
    monkeypatch.setattr(change, "MOST_FORESTS", 0)
    assert [block.name for block in change.annex(five) if isinstance(block, Figure)] == ["forest-pedagogy"]


def test_the_map_has_every_item_in_every_country_fainter_where_the_interval_is_wider(five):
    (figure,) = (block for block in items.main(five) if isinstance(block, Figure))
    assert set(figure.numbers["item"]) == {"p1", "p2", "p3"} and set(figure.numbers["country"]) == set(five.countries)
    rows = pd.DataFrame({"item": ["a", "a", "a", "b"], "country": ["X", "Y", "Z", "X"], "change": [0.1, 0.1, 0.1, 0.2],
                         "ci_low": [0.0, -0.1, -0.3, np.nan], "ci_high": [0.2, 0.3, 0.5, np.nan]})
    certain = items._certainty(rows)
    assert certain.loc["a"].tolist() == pytest.approx([1, 1, 0.5]) and certain.loc["b", "X"] == pytest.approx(0.5)
    assert "(reverse-scored)" in figure.alt


def test_tables_and_figures_that_the_text_refers_to_are_there(five):
    parts = [block for part in ("main", "annex") for kind in (Table, Figure, Text) for block in blocks(five, kind, part)]
    text = " ".join(block.markdown for block in parts if isinstance(block, Text))
    names = {f"@{kind}-{block.name}" for block in parts for kind, of in (("tbl", Table), ("fig", Figure))
             if isinstance(block, of)}
    assert set(re.findall(r"@(?:tbl|fig)-[\w-]+", text)) <= names


def test_no_sentence_ranks_countries_or_speaks_of_effects_or_significance(five):
    text = " ".join(block.markdown for block in blocks(five, Text)).lower()
    assert "significan" not in text and not re.search(r"\beffects?\b", text)
    assert not re.search(r"\b(best|worst|highest|lowest|ahead)\b", text)


@pytest.mark.parametrize("rows", [
    {"EE": ([], [])}, {"EE": ([["a1", "S", 1, 2, 3, 4]], [])}, {"EE": random_rows(1, SCHOOLS)},
    {"EE": random_rows(1, SCHOOLS), "FI": ([["a1", "S", 1, 2, 3, 4]], [["a1", "S", 2, 2, 3, 4]])}])
def test_no_country_or_hardly_an_answer_raises_nothing(tmp_path, rows):
    results = countries(tmp_path, **rows)
    for part in ("main", "annex"):
        for block in blocks(results, object, part):
            assert not isinstance(block, Figure) or block.draw(6)
    assert list(results.precise("pooled").columns) == POOLED_COLUMNS
    assert results.precise("change_by_country").columns[0] == "country"
    assert len(results.precise("participation_by_country")) == len(results.countries)


# The policy brief


def the_brief(of: AcrossResults) -> brief.BriefResults:
    return brief.BriefResults(of.study, of.countries, sections.BRIEF, of.say)


def test_the_brief_s_sentences_and_title_are_those_of_the_report_across_countries(five):
    texts = [block.markdown for block in brief.main(the_brief(five)) if isinstance(block, Text)]
    in_brief = [block.markdown for block in summary.main(five) if isinstance(block, Text)]
    assert texts[1] == in_brief[1] == f"- {pooled.sentence(five, 'pedagogy')}"
    (shown,) = (block for block in brief.main(the_brief(five)) if isinstance(block, Figure))
    (forest,) = change.overviews(five, "forest", ["pedagogy"])
    assert shown.title == forest.title


def test_the_brief_s_figure_shows_the_pooled_changes_of_the_primary_scales_only(five):
    (shown,) = (block for block in brief.main(the_brief(five)) if isinstance(block, Figure))
    row = five.table("pooled_change").set_index("scale").loc["pedagogy"]
    assert shown.numbers["scale"].tolist() == ["pedagogy"]
    for name in ("n_matched", "change", "ci_low", "ci_high"):
        assert shown.numbers[name].tolist() == [row[name]]


@pytest.mark.parametrize(("p_adjusted", "low", "claimed"), [(0.01, 0.1, "rose"), (0.2, 0.1, "no clear change"),
                                                            (0.01, -0.1, "no clear change")])
def test_the_brief_claims_a_rise_only_where_the_declared_test_and_the_interval_do(five, p_adjusted, low, claimed):
    results = the_brief(five)
    table = five.precise("pooled_change").assign(change=0.3, ci_low=low, ci_high=0.5, p_adjusted=p_adjusted, verdict="")
    results._precise["pooled_change"] = table
    said = [block.markdown for block in brief.main(results) if isinstance(block, Text)]
    assert claimed in said[1]
    assert ("They say how teachers' own accounts moved" in said[3]) == (claimed == "rose")


def test_the_brief_has_the_study_s_texts_in_their_order_under_headings_and_in_the_report_s_language(five):
    said = [block.text if isinstance(block, Heading) else block.markdown for block in brief.main(the_brief(five))
            if not isinstance(block, Figure)]
    assert said[said.index("How far the evidence goes") + 2:] == [
        "What follows is the authors' judgement, not a result of the analysis.", "Whole schools were mentored.",
        "For policy bodies", "Fund **whole schools**.", "Contact", "ihub@example.org"]
    estonian = brief.BriefResults(five.study, five.countries, sections.BRIEF, Language("et"))
    said = [block.markdown for block in brief.main(estonian) if isinstance(block, Text)]
    assert "Rahastage *terveid koole*." in said and "[brief] contact_et" in estonian.say.missing
    assert "[brief] policy_et" not in estonian.say.missing


def test_where_nothing_is_pooled_the_brief_shows_the_countries_own_changes(tmp_path):
    results = the_brief(several(tmp_path, 2, settings=SETTINGS))
    shown = list(brief.main(results))
    (drawn,) = (block for block in shown if isinstance(block, Figure))
    assert drawn.numbers["country"].tolist() == ["EE", "FI"]
    assert "too few to be pooled" in shown[2].markdown and not isinstance(shown[-1], Heading)
