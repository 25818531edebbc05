"""The sentence of each note, by its code; docs/tables.md lists the codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from analysis.language import Language
from analysis.notes import Note

Sentence = Callable[..., str]


def sentence(note: Note, say: Language) -> str:
    """What a note says in a language."""
    return SENTENCES[note.code](say, **dict(note.values))


SENTENCES: dict[str, Sentence] = {
    "class_left": lambda say: say(
        "A class of respondents (matched, baseline only or follow-up only) too small to publish was left out."),
    "too_few": lambda say, minimum: say("Suppressed: fewer than {minimum} respondents.", minimum=minimum),
    "countries_suppressed": lambda say: say("Countries whose answers are suppressed are left out."),
    "no_variation": lambda say: say("Suppressed: too few respondents, or too few who differ."),
    "small_school": lambda say: say("Suppressed: a school has too few respondents for figures of how schools differ."),
    "small_cells": lambda say: say("Suppressed: too few respondents in a cell, or one more cell to cover it."),
    "repeated": lambda say: say(
        "The samples differ by too few respondents to publish both, so this is the main estimate."),
    "same_sample": lambda say: say("The sample is that of the main estimate."),
    "no_effect_size": lambda say, minimum: say(
        "No effect size: fewer than {minimum} matched respondents.", minimum=minimum),
    "no_threshold": lambda say: say("No smallest change of interest was declared, and no reliability to derive one from."),
    "without_school": lambda say, n: say.plural("Without {n} respondent who gave no school.",
                                                "Without {n} respondents who gave no school.", int(n)),
    "takes_schools": lambda say, n: say("Not estimable: it takes {n} schools with enough respondents.", n=n),
    "schools_unknown": lambda say: say(
        "No school is told apart, so each respondent counts as a cluster and nothing is said beyond these schools."),
    "one_school": lambda say: say(
        "There is only one school, so each respondent counts as a cluster and nothing is said beyond this school."),
    "few_schools": lambda say: say("With two or three schools the interval is wide."),
    "unequal_schools": lambda say: say("Few or very unequal schools make the interval wide."),
    "few_respondents": lambda say: say("With few respondents, or some of great weight, the interval is wide."),
    "unreliable_p": lambda say: say("With fewer than four degrees of freedom p and the interval are themselves unreliable "
                                    "(Pustejovsky & Tipton, 2018)."),
    "one_school_decides": lambda say: say("No standard error: one school alone decides the estimate."),
    "one_respondent_decides": lambda say: say("No standard error: one respondent alone decides the estimate."),
    "schools_alike": lambda say: say("No standard error: the schools do not differ at all."),
    "one_per_school": lambda say: say("Each school has one respondent, so schools and respondents cannot be told apart."),
    "different_schools": lambda say: say("No school answered in both surveys, so the change compares different schools."),
    "schools_weigh_alike": lambda say: say(
        "Each school counts the same, whatever its size: this answers another question."),
    "all_independent": lambda say: say("Fewer than two respondents are matched, so all answers count as independent."),
    "few_matched": lambda say, needed: say("Not estimable: fewer than {needed} matched respondents.", needed=needed),
    "too_few_to_estimate": lambda say: say("Not estimable: too few respondents."),
    "too_few_for_error": lambda say: say("No standard error: too few respondents."),
    "too_few_for_interval": lambda say: say("No interval: too few matched respondents."),
    "zeros_left_out": lambda say: say("The test leaves out changes of zero, the estimate does not."),
    "same_change": lambda say: say("All matched respondents changed by the same amount, so nothing can be tested."),
    "one_direction": lambda say: say("No standard error: all matched answers changed in the same way."),
    "constant_answers": lambda say: say("Not estimable: all answers are the same."),
    "constant_within_surveys": lambda say: say(
        "The answers do not vary within a survey, so the change has no standard error and no effect size."),
    "constant_within_schools": lambda say: say("Not estimable: the values do not vary within schools."),
    "no_variation_left": lambda say: say("No standard error: there is no variation to judge the estimate by."),
    "no_residual": lambda say: say("No standard error: the model leaves no residual variance."),
    "predictors_alike": lambda say: say("Not estimable: the predictors cannot be told apart in these data."),
    "no_follow_up": lambda say: say("There are no scores at follow-up."),
    "iterations_read": lambda say, iteration: say(
        "Answers of other iterations were read and checked; unless it says otherwise, this report is about iteration "
        "{iteration}.",
        iteration=iteration),
    "schools_at_baseline": lambda say: say(
        "Only the baseline survey names schools. Answers are matched within a school only, so none could be matched."),
    "schools_at_follow_up": lambda say: say(
        "Only the follow-up survey names schools. Answers are matched within a school only, so none could be matched."),
    "baseline_only": lambda say, scale: say("Asked only at baseline, so described but not compared: {scale}.", scale=scale),
    "follow_up_only": lambda say, scale: say(
        "Asked only at follow-up, so described but not compared: {scale}.", scale=scale),
    "never_asked": lambda say, scale: say("Asked in neither survey: {scale}.", scale=scale),
    "no_shared_item": lambda say, scale: say(
        "Without an item that both surveys asked, so described but not compared: {scale}.", scale=scale),
    "shared_items": lambda say, scale, used, items: say(
        "Scored on the {used} of {items} items that both surveys asked: {scale}.", scale=scale, used=used, items=items),
    "straight_liner": lambda say, answers: say(
        "A straight-liner is a respondent whose answers to a page of questions are all the same, at least {answers} of "
        "them, although some of these questions are worded the opposite way. Someone who holds a firm view has to change "
        "sides there; only a middle answer to every question would agree with itself, so straight-liners are marked and "
        "the results shown without them, and nobody is deleted.", answers=answers),
    "range_not_interval": lambda say: say("Lowest and highest change with one school left out; not an interval."),
    "lone_predictor": lambda say: say("Suppressed: too few respondents decide the slope."),
    "between_schools": lambda say: say("It varies between schools only, so the slope compares schools."),
    "several_raters": lambda say: say("Not estimable: it takes two schools with two raters each."),
    "few_rated": lambda say, n: say("Suppressed: it takes {n} schools rated in every survey.", n=n),
    "directions_tell": lambda say: say(
        "Directions suppressed: with the counts of all answers they would tell single answers."),
    "spread_tells": lambda say: say(
        "Suppressed: with the counts of all answers, how widely these spread would tell single answers."),
    "few_directions": lambda say, minimum: say(
        "Suppressed: fewer than {minimum} respondents, whose answers could be solved for.", minimum=minimum),
    "gaps_left_out": lambda say: say("Respondents who did not answer every item of the scale are left out."),
    "ignores_schools": lambda say: say("The interval takes respondents as independent and so ignores schools."),
    "no_item": lambda say: say("No item was asked."),
    "one_item": lambda say: say("One item alone has no internal consistency."),
    "two_items": lambda say: say("Two items have no alpha and no omega."),
    "spearman_brown": lambda say, value: say("Two items: instead of alpha, the Spearman-Brown coefficient is {value}.",
                                             value=say.proportion(float(value), len(value.partition(".")[2]))),
    "few_complete": lambda say, needed: say("Not estimable: it takes {needed} respondents who answered every item.",
                                            needed=needed),
    "constant_items": lambda say, n, items: say.plural(
        "Not estimable: {n} of {items} items has the same answer from everybody.",
        "Not estimable: {n} of {items} items have the same answer from everybody.", int(n), items=items),
    "constant_sum": lambda say: say("Not estimable: the sum of the items does not vary."),
    "heywood_case": lambda say: say(
        "The one-factor model has no proper solution (Heywood case), so there is no omega and no fit."),
    "just_identified": lambda say: say("Three items fit a one-factor model whatever the answers, so its fit says nothing."),
    "one_factor_fails": lambda say: say(
        "One factor does not describe these items, so one coefficient for the scale is to be read with caution."),
    "items_against": lambda say, n, items: say.plural(
        "{n} of {items} items runs against the others.", "{n} of {items} items run against the others.", int(n),
        items=items),
    "no_school_named": lambda say: say("No school is named in the surveys."),
    "no_strangers": lambda say: say("Not estimable: it takes answers of two schools."),
    "no_colleagues": lambda say: say("Not estimable: it takes two answers of one school."),
    "few_values": lambda say: say("Not estimable: a group has too few values."),
    "constant_groups": lambda say: say("Not estimable: the values vary in neither group."),
    "no_change": lambda say: say("There is no change to adjust."),
    "all_seen": lambda say: say("Everyone with a baseline score has a matched follow-up score."),
    "no_interval": lambda say: say("The change has no interval."),
    "includes_zero": lambda say: say("The interval of the change includes zero already."),
    "no_baseline": lambda say: say("There are no scores at baseline."),
    "not_pooled": lambda say, k: say("Not pooled: fewer than four estimates cannot tell how far the true changes differ."),
    "estimates_without_error": lambda say, n, of: say.plural(
        "{n} of {of} estimates has no standard error and does not enter.",
        "{n} of {of} estimates have no standard error and do not enter.", int(n), of=of),
    "alike_estimates": lambda say: say(
        "The estimates lie closer together than their standard errors suggest; the interval is not narrowed for that."),
    "no_prediction": lambda say, k: say(
        "No prediction interval: the variance between countries is estimated as 0, which {k} countries cannot show.", k=k),
    "empty_tau2_interval": lambda say: say(
        "The estimates are so alike that the interval of τ² is empty; it is given as 0 to 0."),
    "errors_taken_as_known": lambda say: say(
        "The countries' standard errors are taken as known, though they rest on few degrees of freedom."),
    "no_mean": lambda say: say("A mean takes at least two estimates."),
    "no_degrees_of_freedom": lambda say: say("No interval: a standard error comes without degrees of freedom."),
    "equal_weights": lambda say, k: say(
        "The mean of these {k} countries, each with the same weight; the interval says nothing beyond them.", k=k),
    "narrow_prior": lambda say: say("The estimates differ far more than the prior expects: its scale is too small."),
    "without_countries": lambda say, countries: say(
        "Without {countries}: no estimate with a standard error there.", countries=say.list(countries.split())),
}


def of_scales(notices: Iterable[Note], label: Callable[[str], str], say: Language) -> list[str]:
    """What notices say, scales of which the same is said in one sentence; `label` gives a scale's name by its key."""
    scales: dict[Note, list[str]] = {}
    for notice in notices:
        values = dict(notice.values)
        own = [say.quoted(label(values.pop("scale")))] if "scale" in values else []
        scales.setdefault(Note(notice.code, tuple(values.items())), []).extend(own)
    return [sentence(replace(notice, values=(*notice.values, ("scale", say.list(own)))) if own else notice, say)
            for notice, own in scales.items()]
