"""The sentences: right for rising, falling and standing still, in singular and plural, and calm."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from analysis.numerals import counted, interval, number, p_value, percent
from analysis.questions.across import (
    change_by_country,
    participation_by_country,
    pooled_half_normal_table,
    pooled_read_out,
    pooled_table,
)
from analysis.questions.change import change_table
from analysis.questions.participation import participation_table
from analysis.questions.robustness import robustness_table
from analysis.questions.sensitivity import sensitivity_table
from analysis.wording import (
    bulleted,
    change_sentence,
    change_sentences,
    duplicates,
    few_schools,
    method_sentence,
    methods_agree,
    no_school_shown,
    plain,
    pooled_sentence,
    pooled_sentences,
    who_answered,
    who_answered_across,
)
from panels import random_rows, tiny_panel

NAN = np.nan
FORBIDDEN = re.compile(r"significan|\beffects?\b(?! size)|(?<!\*)\*(?!\*)", re.IGNORECASE)


def row(**changed) -> pd.Series:
    return pd.Series({
        "label": "Pedagogy", "change": 0.314, "se": 0.1, "ci_low": 0.12, "ci_high": 0.504, "n_pre": 90, "n_post": 109,
        "n_matched": 84, "n_schools": 6, "verdict": "", "note": "", **changed,
    })


def said(sentence: str) -> str:
    return sentence.replace("\u00a0", " ")


def test_a_rise_is_told_with_its_interval_and_who_it_rests_on():
    assert said(change_sentence(row(), (1, 5))) == (
        "On a scale from 1 to 5, **Pedagogy** rose by 0.31 points (95 % CI [0.12, 0.50]; 84 linked and 31 unlinked "
        "teachers in 6 schools).")


def test_of_a_fall_the_interval_says_that_it_is_of_the_change():
    assert said(change_sentence(row(change=-0.2, ci_low=-0.4, ci_high=-0.01), None)) == (
        "**Pedagogy** fell by 0.20 points (95 % CI of the change [−0.40, −0.01]; 84 linked and 31 unlinked teachers in "
        "6 schools).")


@pytest.mark.parametrize(("change", "low", "high", "told"), [(0.06, -0.17, 0.28, "+0.06"), (-0.03, -0.13, 0.0, "−0.03")])
def test_a_change_whose_interval_includes_zero_neither_rose_nor_fell(change, low, high, told):
    sentence = change_sentence(row(change=change, ci_low=low, ci_high=high), None)
    assert f"**Pedagogy** changed by {told} points" in sentence
    assert "rose" not in sentence and "fell" not in sentence


@pytest.mark.parametrize("change", [0.0, 0.004, -0.004])
def test_a_change_that_rounds_to_nothing_did_not_move(change):
    assert "**Pedagogy** did not move (95 % CI" in said(change_sentence(row(change=change), (1, 5)))


@pytest.mark.parametrize("change", [0.005, 0.0051, -0.0051, 0.0149, 0.995])
def test_no_scale_moves_by_nothing(change):
    assert "by 0.00" not in change_sentence(row(change=change), (1, 5))


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"n_pre": 84, "n_post": 84}, "84 linked teachers in 6 schools"),
        ({"n_matched": 0}, "199 unlinked teachers in 6 schools"),
        ({"n_matched": 1, "n_pre": 1, "n_post": 1, "n_schools": 1}, "1 linked teacher in 1 school"),
        ({"n_matched": 0, "n_pre": 1, "n_post": 0, "n_schools": 0}, "1 unlinked teacher)"),
        ({"n_schools": 0}, "84 linked and 31 unlinked teachers)"),
    ],
)
def test_who_it_rests_on_is_told_in_singular_and_plural(counts, told):
    assert told in change_sentence(row(**counts), None)


def test_without_a_standard_error_the_reason_stands_in_place_of_the_interval():
    sentence = change_sentence(row(se=NAN, ci_low=NAN, ci_high=NAN, note="All changed alike."), None)
    assert sentence.endswith("(84 linked and 31 unlinked teachers in 6 schools). All changed alike.")
    assert "nan" not in sentence and "CI" not in sentence


def test_without_an_estimate_the_reason_is_all_that_is_said():
    sentence = change_sentence(row(change=NAN, note="Not shown: fewer than 5 respondents."), (1, 5))
    assert sentence == "**Pedagogy**: the change can't be given. Not shown: fewer than 5 respondents."


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("relevant change", "a relevant change."),
        ("change too small to matter", "too small to matter."),
        ("equivalent", "equivalent before and after."),
        ("inconclusive", "stays open (inconclusive)."),
    ],
)
def test_every_verdict_of_the_contract_has_its_sentence(verdict, words):
    assert change_sentence(row(verdict=verdict), None).endswith(words)


@pytest.mark.parametrize("label", ["a*b*", "[x](http://y)", "`code`", "<b>", "$x$", "a|b", "_x_", "# head", "\\", "~~x~~"])
def test_markdown_signs_of_labels_are_escaped(label):
    shown = plain(label)
    assert re.sub(r"\\(.)", r"\1", shown) == label
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_\[\]`<>$|#~]", shown)
    assert f"**{shown}**" in change_sentence(row(label=label), None)
    assert f"**{shown}**" in pooled_sentence(pd.Series({"estimate": NAN, "note": ""}), label)


def methods(**intervals) -> pd.DataFrame:
    rows = [{"method": method, "estimate": (low + high) / 2, "ci_low": low, "ci_high": high}
            for method, (low, high) in intervals.items()]
    return pd.DataFrame(rows, columns=["method", "estimate", "ci_low", "ci_high"])


def test_methods_agree_where_all_intervals_exclude_or_include_zero():
    same = method_sentence(methods(mixed_cr2=(0.1, 0.5), matched_t=(0.2, 0.4)), "X")
    assert same.endswith("every interval lies on the same side of zero; the answer does not depend on these methods.")
    none = method_sentence(methods(mixed_cr2=(-0.1, 0.5), matched_t=(-0.2, 0.4)), "X")
    assert none.endswith("every interval includes zero; the answer does not depend on these methods.")


def test_methods_that_differ_are_named():
    sentence = method_sentence(methods(mixed_cr2=(-0.1, 0.5), matched_t=(0.1, 0.4), wilcoxon=(0.1, 0.3)), "X")
    assert "The interval includes zero with the main estimate, and excludes it with the other 2 of 3" in sentence
    assert "depends on the method" in sentence


def test_exact_codes_that_repeat_the_main_estimate_are_not_counted_as_a_method():
    sentence = method_sentence(methods(mixed_cr2=(-0.1, 0.5), exact_codes_only=(-0.1, 0.5), matched_t=(0.1, 0.4)), "X")
    assert "of 2" in sentence


def test_exact_codes_that_give_another_estimate_are_counted_as_a_method():
    sentence = method_sentence(methods(mixed_cr2=(-0.1, 0.5), exact_codes_only=(0.1, 0.5), matched_t=(0.1, 0.4)), "X")
    assert "of 3" in sentence and "the main estimate" in sentence


def test_intervals_on_opposite_sides_of_zero_do_not_count_as_agreement():
    sentence = method_sentence(methods(mixed_cr2=(-0.5, -0.1), matched_t=(0.1, 0.4)), "X")
    assert "does not depend" not in sentence


def test_a_single_method_is_no_comparison():
    assert "too few methods" in method_sentence(methods(mixed_cr2=(0.1, 0.2)), "X")
    assert "too few methods" in method_sentence(methods(), "X")


def test_pooled_sentences_rise_fall_or_stand_still():
    pooled = pd.Series({"estimate": -0.12, "ci_low": -0.2, "ci_high": -0.04, "k": 6, "note": "",
                        "prediction_low": -0.3, "prediction_high": 0.06, "credible": False})
    assert said(pooled_sentence(pooled, "X")) == (
        "**X** fell by 0.12 points on average over 6 countries (95 % CI of the change [−0.20, −0.04]). For a further "
        "country of this kind the 95 % prediction interval is [−0.30, 0.06].")
    assert "did not move on average" in pooled_sentence(pooled.replace(-0.12, 0.001), "X")
    few = pd.concat([pooled.drop(["credible", "k"]), pd.Series({"credible": True, "k": 5})])
    assert "over 5 countries (95 % credible interval of the change [−0.20, −0.04])." in said(pooled_sentence(few, "X"))


# Sentences of whole panels

SCHOOLS = {"A": (9, 5, 3), "B": (7, 2, 6), "C": (12, 4, 1)}


def answered(folder, pre, post, **study):
    panel = tiny_panel(folder, pre, post, **study)
    return said(who_answered(panel, participation_table(panel).iloc[-1]))


def test_who_answered_gives_counts_shares_and_targets(tmp_path):
    countries = {"EE": 'name = "Estonia"\ntarget_schools = 1\ntarget_teachers = 40'}
    assert answered(tmp_path, *random_rows(1, SCHOOLS), countries=countries) == (
        "39 teachers answered the survey before mentoring and 38 the survey after it in 3 schools. By their codes 28 "
        "teachers could be linked: 72 % of those who answered before and 74 % of those who answered after. 11 answered "
        "only before, 10 only after. The study aimed at 1 school and 40 teachers.")


def test_who_answered_where_nobody_is_linked_or_nobody_answered(tmp_path):
    one, other = random_rows(1, {"A": (0, 1, 3)})
    assert answered(tmp_path / "a", one, other) == (
        "1 teacher answered the survey before mentoring and 3 the survey after it in 1 school. Nobody's answers before "
        "and after could be linked.")
    assert answered(tmp_path / "b", [], []) == "No answers have come in yet."
    assert answered(tmp_path / "c", one, []).endswith("and 0 the survey after it in 1 school.")


def test_doubles_missing_codes_and_schools_are_told_in_singular_and_plural(tmp_path):
    pre, post = random_rows(1, SCHOOLS)
    pre[-1][0], post[-1][1] = "", ""
    told = duplicates(tiny_panel(tmp_path, [*pre, pre[0]], post))
    assert told == (
        "1 submission repeated another with identical answers and did not count again. 1 answer had no code and could "
        "not be linked. 1 teacher did not give a school; they are left out wherever schools matter for the calculation.")
    assert duplicates(tiny_panel(tmp_path / "clean", *random_rows(1, SCHOOLS))) == ""


def test_few_schools_are_said_calmly_and_many_not_at_all():
    few = pd.DataFrame({"df": [2.7, 8.0], "n_schools": [5, 5]})
    assert few_schools(few).startswith("The teachers come from 5 schools.")
    assert few_schools(few.assign(df=9.0)) == "" and few_schools(few.assign(n_schools=0)) == ""
    assert few_schools(few.assign(df=30.0, n_schools=3)) != ""


def test_hidden_changes_of_all_schools_are_one_sentence_and_shown_ones_none():
    hidden = pd.DataFrame({"estimate": [np.nan, np.nan]})
    assert no_school_shown(hidden).startswith("No school's change is shown")
    assert "can't be told apart" in no_school_shown(hidden[:0])
    assert no_school_shown(hidden.assign(estimate=[np.nan, 0.2])) == ""


@pytest.mark.parametrize("rows", [
    random_rows(1, SCHOOLS), ([], []), random_rows(1, {"A": (0, 9, 9)}), random_rows(1, {"A": (2, 9, 1)}),
    tuple([[f"a{n}", "ST"[n % 2], 3, 3, 3, 3] for n in range(several)] for several in (12, 13)),
])
def test_no_sentence_of_any_study_says_significant_effect_nan_or_a_star(tmp_path, rows):
    panel = tiny_panel(tmp_path, *rows, settings="smallest_change_of_interest = 0.2")
    change, sensitivity = change_table(panel), sensitivity_table(panel)
    by_country, participation = change_by_country({"EE": panel}), participation_by_country({"EE": panel})
    read_out = pooled_read_out(pooled_table(by_country, panel.study), pooled_half_normal_table(by_country, panel.study))
    text = "\n".join([
        who_answered(panel, participation_table(panel).iloc[-1]), duplicates(panel), few_schools(change),
        *change_sentences(panel, change), *methods_agree(panel, sensitivity, robustness_table(panel)),
        *pooled_sentences(panel.study, read_out), who_answered_across(participation),
        *panel.notices, *change["note"], *sensitivity["note"],
    ])
    assert not FORBIDDEN.search(text.replace("**", "")) and not re.search(r"\bnan\b|<NA>|None\b", text)


def test_many_primary_scales_are_summed_up_in_a_sentence(tmp_path):
    panel = tiny_panel(tmp_path, *random_rows(1, SCHOOLS))
    change = change_table(panel)
    many = pd.concat([change] * 5, ignore_index=True).assign(change=0.1, ci_low=-0.1, ci_high=0.3)
    many.loc[:2, ["ci_low", "change"]] = [0.01, 0.2]
    many.loc[3, ["ci_high", "change"]] = [-0.01, -0.2]
    (sentence,) = change_sentences(panel, many, primary_only=True)
    assert "Of 10 scales, 3 rose and 1 fell" in sentence and "on 6 the interval includes it" in sentence


def test_a_list_leaves_empty_sentences_out():
    assert bulleted(["One.", "", "Two."]) == "- One.\n- Two."


# Numbers


@pytest.mark.parametrize(("value", "text"), [
    (0.314, "0.31"), (-0.314, "−0.31"), (-0.001, "0.00"), (NAN, "–"), (None, "–"), (pd.NA, "–"), (12.0, "12.00")])
def test_numbers_have_a_true_minus_and_no_negative_zero(value, text):
    assert number(value) == text


def test_signed_numbers_intervals_shares_and_p_values():
    assert [number(0.2, signed=True), number(-0.2, signed=True), number(0.001, signed=True)] == ["+0.20", "−0.20", "0.00"]
    assert interval(-0.1, 0.25) == "[−0.10,\u00a00.25]" and said(percent(1, 3)) == "33 %" and percent(1, 0) == "–"
    assert [said(p_value(p)) for p in (0.0004, 0.012, 0.9994, 1.0, NAN)] == ["< .001", ".012", ".999", "> .999", "–"]
    assert [counted(n, "school") for n in (0, 1, 2)] == ["0 schools", "1 school", "2 schools"]
    assert counted(2, "country", "countries") == "2 countries"
