"""The closing sections of a report: how it was calculated, with references, and what it does not show.

Each paragraph stands only where the run did what it says.
"""

from __future__ import annotations

import pandas as pd

from analysis.numerals import percent
from analysis.scales import Panel
from analysis.statistics.careless import DEFINITION as STRAIGHT_LINER
from analysis.study.folder import Study
from analysis.wording import plain
from analysis.wording.references import REFERENCES
from analysis.words import _, plural
from analysis.words.lists import listed

Part = tuple[str, tuple[str, ...]]


def _methods() -> dict[str, str]:
    return {
        "matched_cr2": _("the mean change of linked teachers with CR2 by school"),
        "matched_t": _("the paired t-test"),
        "wilcoxon": _("the signed-rank test with the Hodges-Lehmann estimate (normal approximation; zeros are left out of "
                      "the test, not of the estimate and its interval)"),
        "partially_overlapping_t": _("the partially overlapping t-test in the form for unequal variances "
                                     "(Derrick et al. 2017)"),
        "school_means_t": _("a t-test over the means of schools"),
        "exact_codes_only": _("the main estimate with links between equal codes only"),
        "complete_answers_only": _("the main estimate from complete answers"),
        "without_straight_liners": _("the main estimate without straight-liners"),
        "each_school_left_out": _("the range of the main estimate with each school left out in turn"),
    }


def country_methods(panel: Panel, tables: dict[str, pd.DataFrame]) -> str:
    """What was done for one country, and the references.

    `tables` are the report's own by name: change, sensitivity, robustness, reliability, item_change, who_left,
    attrition_to_zero, association and retrospective.
    """
    study, change = panel.study, tables["change"]
    schools, near = panel.cluster is not None, panel.linked.counts["near"] > 0
    parts = [_scores_and_links(study, schools), *_main_estimate(change), *_effect_size(change), *_families(change),
             *_relevance(study), *_other_methods(tables["sensitivity"], tables["robustness"], schools, near),
             *_reliability(tables["reliability"]), *_items(tables["item_change"], schools)]
    association, retrospective = tables["association"], tables["retrospective"]
    if tables["who_left"]["difference"].notna().any():
        parts.append((_(
            "Those who answered only before (they left, or their code did not match) were set against those linked by "
            "standardised differences (Hedges' g, for shares Cohen's h)."), ()))
    if tables["attrition_to_zero"]["to_zero"].notna().any():
        parts.append((_(
            "In the delta adjustment (Carpenter & Kenward 2013) those with a baseline score and no matched follow-up are "
            "taken to have changed by delta points more than the main estimate assumes; it shifts by delta times their "
            "share, and its standard error is kept."), ("carpenter",)))
    if association["slope"].notna().any():
        by_school = _(
            "Associations with what was asked only afterwards are least-squares slopes of the linked teachers' change, "
            "with CR2 standard errors by school, adjusted together by Benjamini and Hochberg's method (1995).")
        by_teacher = _(
            "Associations with what was asked only afterwards are least-squares slopes of the linked teachers' change, "
            "with CR2 standard errors, adjusted together by Benjamini and Hochberg's method (1995).")
        parts.append((by_school if schools else by_teacher, ("benjamini",)))
    if len(retrospective):
        parts.append((_(
            "The retrospective answers were never pooled with those given before. The gain was estimated against each "
            "account, and the difference between the accounts is the response shift (Howard 1980)."), ("howard",)))
    return _with_references([*parts, _disclosure(study)])


def across_methods(study: Study, by_country: pd.DataFrame, pooled: pd.DataFrame) -> str:
    """What was done over the countries, and the references."""
    parts = [_scores_and_links(study, (by_country["n_schools"] > 0).any()), *_main_estimate(by_country),
             *_effect_size(by_country), *_families(by_country), *_relevance(study, reach=False)]
    if pooled["estimate"].notna().any():
        parts.append((_(
            "The countries' changes were pooled in two stages: each country's main estimate with its standard error, "
            "then a random-effects mean with the variance between countries τ² by REML (Viechtbauer 2005) and the "
            "modified Hartung-Knapp interval, whose variance factor is never below 1 and which has t with k − 1 degrees "
            "of freedom (Hartung & Knapp 2001; Röver, Knapp & Friede 2015). The interval of τ² is the Q-profile one "
            "(Viechtbauer 2007), the prediction interval has t with k − 2 degrees of freedom (Higgins, Thompson & "
            "Spiegelhalter 2009), and there is none where τ² is estimated as 0. From five countries or fewer τ² is "
            "estimated imprecisely; there text and figures give the mean with a half-normal prior on τ (scale {scale} "
            "points) and its central 95 % credible interval (Röver 2020). The countries' own variances are taken as "
            "known, although they rest on few schools. The equal-weight mean counts every country once and speaks of "
            "just these countries. Pooled p values are not adjusted; those of the countries are, within each country.",
            scale=f"{study.settings.tau_prior_scale:g}"),
            ("viechtbauer5", "hartung", "rover", "viechtbauer7", "higgins", "rover20")))
    if (pooled["k"] <= 3).any():
        parts.append((_("Where three countries or fewer had an estimate, nothing was pooled."), ()))
    return _with_references([*parts, _disclosure(study)])


def families(change: pd.DataFrame) -> str:
    """Which scales share a correction for multiple testing."""
    return " ".join(text for text, _keys in _families(change))


def limits(panel: Panel, change: pd.DataFrame, total: pd.Series, ceiling: pd.DataFrame,
           disagreeing: list[str]) -> list[str]:
    """What this country's data do not show, from what they are."""
    n_pre, n_matched = int(total["n_pre"]), int(total["n_matched"])
    sentences = [
        _("There was no control group. What is reported is change between two surveys; other things happened in the "
          "schools between them, and the change is not shown to be the mentoring's doing."),
        _("Teachers described their own practice. What they mean by an answer may itself shift with mentoring, as the "
          "retrospective answers let one judge.") if "then" in panel.scores else
        _("Teachers described their own practice. What they mean by an answer may itself shift with mentoring; there was "
          "no retrospective question to tell."),
    ]
    if n_pre and n_matched < n_pre:
        sentences.append(_(
            "{n} of {n_pre} teachers who answered before could not be linked to an answer after ({share}): some left, some "
            "gave another code or none, and the two can't be told apart. If they changed differently, the figures here "
            "miss it. Two teachers of a school with the same code would be linked wrongly; the section on links "
            "estimates how many such links chance makes.",
            n=n_pre - n_matched, n_pre=n_pre, share=percent(n_pre - n_matched, n_pre)))
    n_schools = int(change["n_schools"].max()) if len(change) else 0
    if n_schools > 1:
        sentence = _(
            "The {n} schools were chosen, not drawn at random. The intervals say how much the answer would move with other "
            "schools of the same kind, not with any school in the country.", n=n_schools)
        few = _("With so few schools the intervals are wide.") if n_schools < 10 else ""
        sentences.append(f"{sentence} {few}".strip())
    else:
        sentences.append(_("Schools could not be told apart, or there was one. The intervals say nothing beyond it, and "
                           "they are too narrow if colleagues change together."))
    at_top = ceiling.loc[ceiling["flagged"] == "yes", "label"]
    if len(at_top):
        sentences.append(_("More than 15 % stood at the top of {scales} before; they could not rise, so the change there "
                           "is understated.", scales=listed([plain(label) for label in at_top])))
    equal_steps = _("A scale score treats the steps between answers as equally wide.")
    agreement = plural(
        "For {n} item counting who answered higher or lower and comparing means do not say the same; the section on "
        "items names it.",
        "For {n} items counting who answered higher or lower and comparing means do not say the same; the section on "
        "items names them.", len(disagreeing)) if disagreeing else _(
        "Counting who answered higher or lower says the same of every item as comparing means.")
    sentences.append(f"{equal_steps} {agreement}")
    sentences.append(_("Whether the items mean the same to teachers before and after was not tested. Intervals are for "
                       "one scale at a time; p values are adjusted, intervals are not."))
    return sentences


def across_limits(participation: pd.DataFrame, by_country: pd.DataFrame) -> list[str]:
    """What the countries together do not show."""
    sentences = [
        _("There was no control group in any country."),
        _("Whether the scales measure the same in every language was not tested; levels are therefore not compared."),
        _("The schools were chosen, not drawn at random, and the countries differ in more than their mentoring: in the "
          "survey tool, the time between the surveys and the share of teachers who could be linked."),
    ]
    n_pre, n_matched = participation["n_pre"].sum(), participation["n_matched"].sum()
    if n_matched < n_pre:
        sentences.append(_("{n} of {n_pre} teachers who answered before could not be linked to an answer after.",
                           n=int(n_pre - n_matched), n_pre=int(n_pre)))
    if by_country["country"].nunique() <= 5:
        sentences.append(_("With so few countries, how far they differ can hardly be estimated."))
    return sentences


def _scores_and_links(study: Study, schools: bool) -> Part:
    settings = study.settings
    scores = _("A scale score is the mean of the answered items, for teachers who answered at least {share} of them; "
               "reversed items were turned round first.", share=percent(settings.minimum_answered, 1))
    within = (_("Answers before and after were linked by the teachers' codes, within the same school.") if schools else
              _("Answers before and after were linked by the teachers' codes."))
    if settings.codes == "self-generated":
        codes = _("Codes are equal if they differ only in case, white space at the ends or the look-alikes o/0 and i/l/1. "
                  "Codes of five signs or more that were left over and differ by one sign, two neighbouring signs swapped "
                  "or leading zeros were linked where neither had another code as near and nothing that can't change spoke "
                  "against it.")
    else:
        codes = _("Codes were assigned, so only equal ones were linked (case and white space at the ends set aside).")
    return (f"{scores} {within} {codes}", ())


def _main_estimate(change: pd.DataFrame) -> list[Part]:
    estimated = change.loc[change["method"] == "mixed_cr2"]
    parts: list[Part] = []
    by_school = (estimated["n_schools"] > 1).any()
    by_teacher = (estimated["n_schools"] <= 1).any()
    if by_school:
        parts.append((_(
            "The change is the coefficient of the later survey in a linear mixed model over all answers, linked or not, "
            "with random intercepts for teachers and schools, fitted by REML (Bates et al. 2015). Its standard error is "
            "the cluster-robust CR2 estimator with schools as clusters, with Satterthwaite degrees of freedom (Bell & "
            "McCaffrey 2002; Pustejovsky & Tipton 2018)."), ("bates", "bell", "pustejovsky")))
    if by_teacher:
        beside = _(
            "Where no school or only one is named, the change is the coefficient of the later survey in a linear mixed "
            "model over all answers, with a random intercept for each teacher, fitted by REML (Bates et al. 2015); "
            "teachers are the clusters of its CR2 standard error (Bell & McCaffrey 2002; Pustejovsky & Tipton 2018), and "
            "nothing is said beyond them.")
        alone = _(
            "The change is the coefficient of the later survey in a linear mixed model over all answers, with a random "
            "intercept for each teacher, fitted by REML (Bates et al. 2015); teachers are the clusters of its CR2 standard "
            "error (Bell & McCaffrey 2002; Pustejovsky & Tipton 2018), and nothing is said beyond them.")
        parts.append((beside if by_school else alone, ("bates", "bell", "pustejovsky")))
    return parts


def _effect_size(change: pd.DataFrame) -> list[Part]:
    sized = change.loc[change["d_av"].notna()]
    if sized.empty:
        return []
    if (sized["n_schools"] > 1).any():
        return [(_("The effect size d_av is the mean change of linked teachers over the square root of the mean of their "
                   "two variances; its interval comes from its linearised form with the same CR2 estimator."), ())]
    return [(_("The effect size d_av is the mean change of linked teachers over the square root of the mean of their two "
               "variances, with Bonett's interval (Bonett 2008)."), ("bonett",))]


def _families(change: pd.DataFrame) -> list[Part]:
    parts, keys = [], []
    for family, key in (("primary", "holm"), ("exploratory", "benjamini")):
        members = change.loc[change["family"].eq(family) & change["p"].notna(), "scale"].nunique()
        if members:
            parts.append(
                plural("{n} primary scale by Holm's method (1979)", "{n} primary scales by Holm's method (1979)", members)
                if family == "primary" else
                plural("{n} exploratory scale by Benjamini and Hochberg's (1995)",
                       "{n} exploratory scales by Benjamini and Hochberg's (1995)", members))
            keys.append(key)
    if not parts:
        return []
    return [(_("The p values are adjusted within their family: {families}.", families=listed(parts)), tuple(keys))]


def _relevance(study: Study, reach: bool = True) -> list[Part]:
    smallest = study.settings.smallest_change_of_interest
    if smallest is None:
        return [(_("No smallest change of interest was declared, so no verdict is given on whether a change matters."), ())]
    points = (_("{points} scale points", points=f"{smallest:g}") if not isinstance(smallest, dict) else
              listed([_("{points} points on {scale}", points=f"{points:g}", scale=plain(study.codebook.label(scale)))
                      for scale, points in smallest.items()]))
    verdicts = _(
        "The smallest change of interest was declared as {points}. A change is called relevant if its 95 % interval lies "
        "wholly beyond it; equivalent, or too small to matter, if its 90 % interval lies wholly within (two one-sided "
        "tests, Lakens 2017); and inconclusive otherwise.", points=points)
    if not reach:
        return [(verdicts, ("lakens",))]
    detectable = _("The minimum detectable effect is (t.975 + t.80) standard errors (Bloom 1995); its limits come from the "
                   "chi-square interval of the standard error.")
    return [(f"{verdicts} {detectable}", ("lakens", "bloom"))]


def _other_methods(sensitivity: pd.DataFrame, robustness: pd.DataFrame, schools: bool, near: bool) -> list[Part]:
    every = pd.concat([sensitivity, robustness], ignore_index=True)
    used = set(every.loc[every["estimate"].notna() | every["ci_low"].notna(), "method"])
    if not schools:
        used -= {"matched_cr2"}  # without schools it is the paired t-test
    if not near:
        used -= {"exact_codes_only"}  # without near links it is the main estimate
    named = [text for method, text in _methods().items() if method in used]
    if not named:
        return []
    text = _("Beside it: {methods}.", methods=listed(named, limit=99))
    if "without_straight_liners" in used:
        text += f" {_(STRAIGHT_LINER)}"
    return [(text, ("derrick",) if "partially_overlapping_t" in used else ())]


def _reliability(reliability: pd.DataFrame) -> list[Part]:
    parts, keys = [], []
    if reliability["alpha"].notna().any():
        parts.append(_("Alpha has Feldt's interval (Feldt, Woodruff & Salih 1987)"))
        keys.append("feldt")
    if reliability["omega"].notna().any():
        parts.append(_("omega is the share of the observed variance of the sum that a one-factor model by maximum "
                       "likelihood explains (McDonald 1999)"))
        keys.append("mcdonald")
    return [(_("{coefficients}; from complete answers.", coefficients="; ".join(parts)), tuple(keys))] if parts else []


def _items(item_change: pd.DataFrame, schools: bool) -> list[Part]:
    if not item_change["superiority"].notna().any():
        return []
    by_school = _(
        "For single items the chance of a higher answer is the mean of 1, ½ and 0 for a rise, a tie and a fall (Grissom & "
        "Kim 2012), with CR2 by school, adjusted over all items by Benjamini and Hochberg's method (1995).")
    by_teacher = _(
        "For single items the chance of a higher answer is the mean of 1, ½ and 0 for a rise, a tie and a fall (Grissom & "
        "Kim 2012), with CR2, adjusted over all items by Benjamini and Hochberg's method (1995).")
    return [(by_school if schools else by_teacher, ("grissom", "benjamini"))]


def _disclosure(study: Study) -> Part:
    minimum = study.settings.minimum_group
    hidden = (_("Figures that rest on fewer than {minimum} respondents are not shown, nor those from which such a figure "
                "could be worked out (Hundepool et al. 2012).", minimum=minimum) if minimum > 1 else "")
    letters = _("Schools stand as letters.") if study.settings.school_names == "hide" else ""
    return (" ".join(filter(None, (hidden, letters))), ("hundepool",) if hidden else ())


def _with_references(parts: list[Part]) -> str:
    keys = sorted({key for _text, used in parts for key in used})
    references = [f"- {REFERENCES[key]}" for key in keys]
    paragraphs = [text for text, _keys in parts if text]
    heading = _("References")
    return "\n\n".join([*paragraphs, *([f"### {heading}", "\n".join(references)] if references else [])])
