"""The closing sections of a report: how it was calculated, with references, and what it does not show.

Each paragraph stands only where the run did what it says.
"""

from __future__ import annotations

import pandas as pd

from .numerals import counted, percent
from .scales import Panel
from .statistics.careless import DEFINITION as STRAIGHT_LINER
from .study import Study
from .texts import listed
from .wording import plain

REFERENCES = {
    "bates": "Bates, D., Mächler, M., Bolker, B., & Walker, S. (2015). Fitting linear mixed-effects models using lme4. "
             "Journal of Statistical Software, 67(1).",
    "bell": "Bell, R. M., & McCaffrey, D. F. (2002). Bias reduction in standard errors for linear regression with "
            "multi-stage samples. Survey Methodology, 28, 169–181.",
    "benjamini": "Benjamini, Y., & Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal "
                 "Statistical Society B, 57, 289–300.",
    "bloom": "Bloom, H. S. (1995). Minimum detectable effects: A simple way to report the statistical power of "
             "experimental designs. Evaluation Review, 19, 547–556.",
    "bonett": "Bonett, D. G. (2008). Confidence intervals for standardized linear contrasts of means. Psychological "
              "Methods, 13, 99–109.",
    "derrick": "Derrick, B., Russ, B., Toher, D., & White, P. (2017). Test statistics for the comparison of means for "
               "two samples that include both paired and independent observations. Journal of Modern Applied "
               "Statistical Methods, 16, 137–157.",
    "feldt": "Feldt, L. S., Woodruff, D. J., & Salih, F. A. (1987). Statistical inference for coefficient alpha. "
             "Applied Psychological Measurement, 11, 93–103.",
    "grissom": "Grissom, R. J., & Kim, J. J. (2012). Effect sizes for research (2nd ed.). Routledge.",
    "hartung": "Hartung, J., & Knapp, G. (2001). On tests of the overall treatment effect in meta-analysis with "
               "normally distributed responses. Statistics in Medicine, 20, 1771–1782.",
    "holm": "Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of "
            "Statistics, 6, 65–70.",
    "howard": "Howard, G. S. (1980). Response-shift bias: A problem in evaluating interventions with pre/post "
              "self-reports. Evaluation Review, 4, 93–106.",
    "lakens": "Lakens, D. (2017). Equivalence tests: A practical primer for t tests, correlations, and meta-analyses. "
              "Social Psychological and Personality Science, 8, 355–362.",
    "mcdonald": "McDonald, R. P. (1999). Test theory: A unified treatment. Erlbaum.",
    "pustejovsky": "Pustejovsky, J. E., & Tipton, E. (2018). Small-sample methods for cluster-robust variance "
                   "estimation and hypothesis testing in fixed effects models. Journal of Business & Economic "
                   "Statistics, 36, 672–683.",
    "rover": "Röver, C., Knapp, G., & Friede, T. (2015). Hartung-Knapp-Sidik-Jonkman approach and its modification for "
             "random-effects meta-analysis with few studies. BMC Medical Research Methodology, 15, 99.",
    "viechtbauer5": "Viechtbauer, W. (2005). Bias and efficiency of meta-analytic variance estimators in the "
                    "random-effects model. Journal of Educational and Behavioral Statistics, 30, 261–293.",
    "viechtbauer7": "Viechtbauer, W. (2007). Confidence intervals for the amount of heterogeneity in meta-analysis. "
                    "Statistics in Medicine, 26, 37–52.",
    "yan": "Yan, X., Lee, S., & Li, N. (2009). Missing data handling methods in medical device clinical trials. Journal "
           "of Biopharmaceutical Statistics, 19, 1085–1098.",
}

Part = tuple[str, tuple[str, ...]]


METHODS = {
    "matched_cr2": "the mean change of linked teachers with CR2 by school",
    "matched_t": "the paired t-test",
    "wilcoxon": "the signed-rank test with the Hodges-Lehmann estimate (normal approximation; zeros are left out of the "
                "test, not of the estimate and its interval)",
    "partially_overlapping_t": "the partially overlapping t-test in the form for unequal variances (Derrick et al. 2017)",
    "school_means_t": "a t-test over the means of schools",
    "complete_answers_only": "the main estimate from complete answers",
    "without_straight_liners": "the main estimate without straight-liners",
    "each_school_left_out": "the range of the main estimate with each school left out in turn",
}


def country_methods(panel: Panel, tables: dict[str, pd.DataFrame]) -> str:
    """What was done for one country, and the references.

    `tables` are the report's own by name: change, sensitivity, robustness, reliability, item_change, who_left,
    tipping_point, association and retrospective.
    """
    study, change = panel.study, tables["change"]
    schools = panel.cluster is not None
    parts = [_scores_and_links(study, schools), *_main_estimate(change), *_effect_size(change), *_families(change),
             *_relevance(study), *_other_methods(tables["sensitivity"], tables["robustness"], schools),
             *_reliability(tables["reliability"]), *_items(tables["item_change"], schools)]
    association, retrospective = tables["association"], tables["retrospective"]
    if tables["who_left"]["difference"].notna().any():
        parts.append((
            "Those who answered only before (they left, or their code did not match) were set against those linked by "
            "standardised differences (Hedges' g, for shares Cohen's h).", ()))
    if tables["tipping_point"]["to_zero"].notna().any():
        parts.append((
            "The tipping point is the mean change those not linked must have had, taken without error, for the change of "
            "all who answered before to vanish (Yan, Lee & Li 2009).", ("yan",)))
    if association["slope"].notna().any():
        parts.append((
            "Associations with what was asked only afterwards are least-squares slopes of the linked teachers' change, "
            f"with CR2 standard errors{' by school' if schools else ''}, adjusted together by Benjamini and Hochberg's "
            "method (1995).", ("benjamini",)))
    if len(retrospective):
        parts.append((
            "The retrospective answers were never pooled with those given before. The gain was estimated against each "
            "account, and the difference between the accounts is the response shift (Howard 1980).", ("howard",)))
    return _with_references([*parts, _disclosure(study)])


def across_methods(study: Study, by_country: pd.DataFrame, pooled: pd.DataFrame) -> str:
    """What was done over the countries, and the references."""
    parts = [_scores_and_links(study, (by_country["n_schools"] > 0).any()), *_main_estimate(by_country),
             *_effect_size(by_country), *_families(by_country), *_relevance(study)]
    if pooled["estimate"].notna().any():
        parts.append((
            "The countries' changes were pooled in two stages: each country's main estimate with its standard error, "
            "then a random-effects mean with the variance between countries τ² by REML (Viechtbauer 2005) and the "
            "modified Hartung-Knapp interval, whose variance factor is never below 1 and which has t with k − 1 degrees "
            "of freedom (Hartung & Knapp 2001; Röver, Knapp & Friede 2015). The interval of τ² is the Q-profile one "
            "(Viechtbauer 2007). The countries' own variances are taken as known, although they rest on few schools, and "
            "the prediction interval takes τ² as known, although a handful of countries hardly tell it. "
            "The equal-weight mean counts every country once and speaks of just these countries. Pooled p values are not "
            "adjusted; those of the countries are, within each country.",
            ("viechtbauer5", "hartung", "rover", "viechtbauer7")))
    if (pooled["k"] <= 3).any():
        parts.append(("Where three countries or fewer had an estimate, nothing was pooled.", ()))
    return _with_references([*parts, _disclosure(study)])


def families(change: pd.DataFrame) -> str:
    """Which scales share a correction for multiple testing."""
    return " ".join(text for text, _ in _families(change))


def limits(panel: Panel, change: pd.DataFrame, total: pd.Series, ceiling: pd.DataFrame,
           disagreeing: list[str]) -> list[str]:
    """What this country's data do not show, from what they are."""
    n_pre, n_matched = int(total["n_pre"]), int(total["n_matched"])
    sentences = [
        "There was no control group. What is reported is change between two surveys; other things happened in the "
        "schools between them, and the change is not shown to be the mentoring's doing.",
        "Teachers described their own practice. What they mean by an answer may itself shift with mentoring"
        + (", as the retrospective answers let one judge." if "then" in panel.scores else
           "; there was no retrospective question to tell."),
    ]
    if n_pre and n_matched < n_pre:
        sentences.append(
            f"{n_pre - n_matched} of {n_pre} teachers who answered before could not be linked to an answer after "
            f"({percent(n_pre - n_matched, n_pre)}): some left, some gave another code or none, and the two can't be told "
            "apart. If they changed differently, the figures here miss it. Two teachers of a school with the same code "
            "would be linked wrongly; how many is not known.")
    n_schools = int(change["n_schools"].max()) if len(change) else 0
    if n_schools > 1:
        few = " With so few schools the intervals are wide." if n_schools < 10 else ""
        sentences.append(
            f"The {n_schools} schools were chosen, not drawn at random. The intervals say how much the answer would "
            f"move with other schools of the same kind, not with any school in the country.{few}")
    else:
        sentences.append("Schools could not be told apart, or there was one. The intervals say nothing beyond it, and "
                         "they are too narrow if colleagues change together.")
    at_top = ceiling.loc[ceiling["flagged"] == "yes", "label"]
    if len(at_top):
        sentences.append(f"More than 15 % stood at the top of {listed([plain(label) for label in at_top])} before; "
                         "they could not rise, so the change there is understated.")
    sentences.append(
        "A scale score treats the steps between answers as equally wide. "
        + (f"For {counted(len(disagreeing), 'item')} counting who answered higher or lower and comparing means do not "
           "say the same; the table of items names them." if disagreeing else
           "Counting who answered higher or lower says the same of every item as comparing means."))
    sentences.append("Whether the items mean the same to teachers before and after was not tested. Intervals are for "
                     "one scale at a time; p values are adjusted, intervals are not.")
    return sentences


def across_limits(participation: pd.DataFrame, by_country: pd.DataFrame) -> list[str]:
    """What the countries together do not show."""
    sentences = [
        "There was no control group in any country.",
        "Whether the scales measure the same in every language was not tested; levels are therefore not compared.",
        "The schools were chosen, not drawn at random, and the countries differ in more than their mentoring: in the "
        "survey tool, the time between the surveys and the share of teachers who could be linked.",
    ]
    n_pre, n_matched = participation["n_pre"].sum(), participation["n_matched"].sum()
    if n_matched < n_pre:
        sentences.append(f"{int(n_pre - n_matched)} of {int(n_pre)} teachers who answered before could not be linked to "
                         "an answer after.")
    if by_country["country"].nunique() <= 5:
        sentences.append("With so few countries, how far they differ can hardly be estimated.")
    return sentences


def _scores_and_links(study: Study, schools: bool) -> Part:
    settings = study.settings
    forms = ("case, white space at the ends and the look-alikes o/0 and i/l/1 set aside"
             if settings.codes == "self-generated" else "case and white space at the ends set aside")
    return (
        f"A scale score is the mean of the answered items, for teachers who answered at least "
        f"{percent(settings.minimum_answered, 1)} of them; reversed items were turned round first. Answers before and "
        f"after were linked by equal codes{' within the same school' if schools else ''} ({forms}).", ())


def _main_estimate(change: pd.DataFrame) -> list[Part]:
    estimated = change.loc[change["method"] == "mixed_cr2"]
    parts: list[Part] = []
    by_school = (estimated["n_schools"] > 1).any()
    by_teacher = (estimated["n_schools"] <= 1).any()
    if by_school:
        parts.append((
            "The change is the coefficient of the later survey in a linear mixed model over all answers, linked or not, "
            "with random intercepts for teachers and schools, fitted by REML (Bates et al. 2015). Its standard error is "
            "the cluster-robust CR2 estimator with schools as clusters, with Satterthwaite degrees of freedom (Bell & "
            "McCaffrey 2002; Pustejovsky & Tipton 2018).", ("bates", "bell", "pustejovsky")))
    if by_teacher:
        begin = "Where no school or only one is named, the" if by_school else "The"
        parts.append((
            f"{begin} change is the coefficient of the later survey in a linear mixed model over all answers, with a "
            "random intercept for each teacher, fitted by REML (Bates et al. 2015); teachers are the clusters of its CR2 "
            "standard error (Bell & McCaffrey 2002; Pustejovsky & Tipton 2018), and nothing is said beyond them.",
            ("bates", "bell", "pustejovsky")))
    return parts


def _effect_size(change: pd.DataFrame) -> list[Part]:
    sized = change.loc[change["d_av"].notna()]
    if sized.empty:
        return []
    text = ("The effect size d_av is the mean change of linked teachers over the square root of the mean of their two "
            "variances")
    if (sized["n_schools"] > 1).any():
        return [(f"{text}; its interval comes from its linearised form with the same CR2 estimator.", ())]
    return [(f"{text}, with Bonett's interval (Bonett 2008).", ("bonett",))]


def _families(change: pd.DataFrame) -> list[Part]:
    parts, keys = [], []
    for family, rule, key in (("primary", "Holm's method (1979)", "holm"),
                              ("exploratory", "Benjamini and Hochberg's (1995)", "benjamini")):
        members = change.loc[change["family"].eq(family) & change["p"].notna(), "scale"].nunique()
        if members:
            parts.append(f"{counted(members, f'{family} scale')} by {rule}")
            keys.append(key)
    return [(f"The p values are adjusted within their family: {listed(parts)}.", tuple(keys))] if parts else []


def _relevance(study: Study) -> list[Part]:
    smallest = study.settings.smallest_change_of_interest
    if smallest is None:
        return [("No smallest change of interest was declared, so no verdict is given on whether a change matters.", ())]
    points = (f"{smallest:g} scale points" if not isinstance(smallest, dict) else
              listed([f"{points:g} points on {plain(study.codebook.label(scale))}" for scale, points in smallest.items()]))
    return [(
        f"The smallest change of interest was declared as {points}. A change is called relevant if its 95 % interval lies "
        "wholly beyond it; equivalent, or too small to matter, if its 90 % interval lies wholly within (two one-sided "
        "tests, Lakens 2017); and inconclusive otherwise. The minimal detectable change is (t.975 + t.80) standard errors "
        "(Bloom 1995).", ("lakens", "bloom"))]


def _other_methods(sensitivity: pd.DataFrame, robustness: pd.DataFrame, schools: bool) -> list[Part]:
    every = pd.concat([sensitivity, robustness], ignore_index=True)
    used = set(every.loc[every["estimate"].notna() | every["ci_low"].notna(), "method"])
    if not schools:
        used -= {"matched_cr2"}  # without schools it is the paired t-test
    named = [text for method, text in METHODS.items() if method in used]
    if not named:
        return []
    text = f"Beside it {'stand' if len(named) > 1 else 'stands'}: {listed(named, limit=99)}."
    if "without_straight_liners" in used:
        text += f" {STRAIGHT_LINER}"
    return [(text, ("derrick",) if "partially_overlapping_t" in used else ())]


def _reliability(reliability: pd.DataFrame) -> list[Part]:
    parts, keys = [], []
    if reliability["alpha"].notna().any():
        parts.append("Alpha has Feldt's interval (Feldt, Woodruff & Salih 1987)")
        keys.append("feldt")
    if reliability["omega"].notna().any():
        parts.append("omega comes from a one-factor model by maximum likelihood (McDonald 1999)")
        keys.append("mcdonald")
    return [(f"{'; '.join(parts)}; from complete answers.", tuple(keys))] if parts else []


def _items(item_change: pd.DataFrame, schools: bool) -> list[Part]:
    if not item_change["superiority"].notna().any():
        return []
    return [(
        "For single items the chance of a higher answer is the mean of 1, ½ and 0 for a rise, a tie and a fall (Grissom & "
        f"Kim 2012), with CR2{' by school' if schools else ''}, adjusted over all items by Benjamini and Hochberg's "
        "method (1995).",
        ("grissom", "benjamini"))]


def _disclosure(study: Study) -> Part:
    minimum = study.settings.minimum_group
    hidden = f"Figures that rest on fewer than {minimum} respondents are not shown. " if minimum > 1 else ""
    return (f"{hidden}The hashes of the input files, the package versions and the seed stand in manifest.json beside this "
            "report.", ())


def _with_references(parts: list[Part]) -> str:
    keys = sorted({key for _, used in parts for key in used})
    references = [f"- {REFERENCES[key]}" for key in keys]
    paragraphs = [text for text, _ in parts]
    return "\n\n".join([*paragraphs, *(["### References", "\n".join(references)] if references else [])])
