"""How it was calculated: a paragraph for each method that this run used, and what it cites."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.sections.parts import Block, Heading, Method, Text
from analysis.sections.results import Results
from analysis.study.folder import Study

REFERENCES = {
    "bates": "Bates, D., Mächler, M., Bolker, B., & Walker, S. (2015). Fitting linear mixed-effects models using lme4. "
             "Journal of Statistical Software, 67(1).",
    "bell": "Bell, R. M., & McCaffrey, D. F. (2002). Bias reduction in standard errors for linear regression with "
            "multi-stage samples. Survey Methodology, 28, 169–181.",
    "benjamini": "Benjamini, Y., & Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal "
                 "Statistical Society B, 57, 289–300.",
    "bentler": "Bentler, P. M., & Bonett, D. G. (1980). Significance tests and goodness of fit in the analysis of "
               "covariance structures. Psychological Bulletin, 88, 588–606.",
    "bloom": "Bloom, H. S. (1995). Minimum detectable effects: A simple way to report the statistical power of "
             "experimental designs. Evaluation Review, 19, 547–556.",
    "bonett": "Bonett, D. G. (2008). Confidence intervals for standardized linear contrasts of means. Psychological "
              "Methods, 13, 99–109.",
    "carpenter": "Carpenter, J. R., & Kenward, M. G. (2013). Multiple imputation and its application. Wiley.",
    "cohen": "Cohen, J. (1988). Statistical power analysis for the behavioral sciences (2nd ed.). Erlbaum.",
    "derrick": "Derrick, B., Russ, B., Toher, D., & White, P. (2017). Test statistics for the comparison of means for "
               "two samples that include both paired and independent observations. Journal of Modern Applied "
               "Statistical Methods, 16, 137–157.",
    "feldt": "Feldt, L. S., Woodruff, D. J., & Salih, F. A. (1987). Statistical inference for coefficient alpha. "
             "Applied Psychological Measurement, 11, 93–103.",
    "grissom": "Grissom, R. J., & Kim, J. J. (2012). Effect sizes for research (2nd ed.). Routledge.",
    "hartung": "Hartung, J., & Knapp, G. (2001). On tests of the overall treatment effect in meta-analysis with "
               "normally distributed responses. Statistics in Medicine, 20, 1771–1782.",
    "hedges": "Hedges, L. V. (1981). Distribution theory for Glass's estimator of effect size and related estimators. "
              "Journal of Educational Statistics, 6, 107–128.",
    "higgins": "Higgins, J. P. T., Thompson, S. G., & Spiegelhalter, D. J. (2009). A re-evaluation of random-effects "
               "meta-analysis. Journal of the Royal Statistical Society A, 172, 137–159.",
    "holm": "Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of "
            "Statistics, 6, 65–70.",
    "howard": "Howard, G. S. (1980). Response-shift bias: A problem in evaluating interventions with pre/post "
              "self-reports. Evaluation Review, 4, 93–106.",
    "hundepool": "Hundepool, A., Domingo-Ferrer, J., Franconi, L., Giessing, S., Nordholt, E. S., Spicer, K., & de Wolf, "
                 "P.-P. (2012). Statistical disclosure control. Wiley.",
    "kline": "Kline, R. B. (2016). Principles and practice of structural equation modeling (4th ed.). Guilford Press.",
    "lakens_2013": "Lakens, D. (2013). Calculating and reporting effect sizes to facilitate cumulative science. Frontiers "
                   "in Psychology, 4, 863.",
    "lakens": "Lakens, D. (2017). Equivalence tests: A practical primer for t tests, correlations, and meta-analyses. "
              "Social Psychological and Personality Science, 8, 355–362.",
    "mcdonald": "McDonald, R. P. (1999). Test theory: A unified treatment. Erlbaum.",
    "pustejovsky": "Pustejovsky, J. E., & Tipton, E. (2018). Small-sample methods for cluster-robust variance "
                   "estimation and hypothesis testing in fixed effects models. Journal of Business & Economic "
                   "Statistics, 36, 672–683.",
    "rover": "Röver, C., Knapp, G., & Friede, T. (2015). Hartung-Knapp-Sidik-Jonkman approach and its modification for "
             "random-effects meta-analysis with few studies. BMC Medical Research Methodology, 15, 99.",
    "rover20": "Röver, C. (2020). Bayesian random-effects meta-analysis using the bayesmeta R package. Journal of "
               "Statistical Software, 93(6).",
    "shrout": "Shrout, P. E., & Fleiss, J. L. (1979). Intraclass correlations: Uses in assessing rater reliability. "
              "Psychological Bulletin, 86, 420–428.",
    "terwee": "Terwee, C. B., Bot, S. D. M., de Boer, M. R., van der Windt, D. A. W. M., Knol, D. L., Dekker, J., "
              "Bouter, L. M., & de Vet, H. C. W. (2007). Quality criteria were proposed for measurement properties of "
              "health status questionnaires. Journal of Clinical Epidemiology, 60, 34–42.",
    "viechtbauer5": "Viechtbauer, W. (2005). Bias and efficiency of meta-analytic variance estimators in the "
                    "random-effects model. Journal of Educational and Behavioral Statistics, 30, 261–293.",
    "viechtbauer7": "Viechtbauer, W. (2007). Confidence intervals for the amount of heterogeneity in meta-analysis. "
                    "Statistics in Medicine, 26, 37–52.",
}


def annex(results: Results) -> Iterator[Block]:
    """The methods of this run with formulas, and the references."""
    say = results.say
    found = list(_study(results)) + list(_main_estimate(results))
    for section in results.sections:
        if hasattr(section, "methods"):
            found += section.methods(results)
    found += _disclosure(results)
    yield Heading(say("Methods"))
    yield Text("\n\n".join(method.text for method in found if method.text))
    cited = sorted({key for method in found for key in method.citations})
    yield Heading(say("References"), 3)
    yield Text("\n".join(f"- {REFERENCES[key]}" for key in cited))


def _study(results: Results) -> Iterator[Method]:
    say, settings = results.say, results.study.settings
    yield Method(say("A scale score is the mean of the answered items of a teacher who answered at least {share} of them; "
                     "reverse-scored items were reversed first.", share=say.percent(settings.minimum_answered)))
    if settings.codes == "self-generated":
        yield Method(say("Baseline and follow-up answers were matched by self-generated codes within the same school: "
                         "equal codes first (case, white space at the ends and the look-alikes o/0 and i/l/1 set aside), "
                         "then codes of five signs or more at an edit distance of one (or one transposition), if neither "
                         "had another code as near and no time-invariant answer contradicted the match."))
    else:
        yield Method(say("Codes were assigned, so only equal ones were matched (case and white space at the ends set "
                         "aside)."))


def _main_estimate(results: Results) -> Iterator[Method]:
    say, table = results.say, "change" if results.panel is not None else "change_by_country"
    change = results.precise(table)
    estimated = change.loc[change["method"] == "mixed_cr2"]
    if (estimated["n_schools"] > 1).any():
        yield Method(say("The change is the coefficient of the follow-up in a linear mixed model of all answers, matched "
                         "or not, score = β₀ + β₁ · follow-up + u(school) + v(teacher) + e, with random intercepts for "
                         "schools and teachers, fitted by REML (Bates et al., 2015). Its standard error is the "
                         "cluster-robust CR2 estimator with schools as clusters, with Satterthwaite degrees of freedom "
                         "(Bell & McCaffrey, 2002; Pustejovsky & Tipton, 2018)."), ("bates", "bell", "pustejovsky"))
    if (estimated["n_schools"] <= 1).any():
        yield Method(say("Where no school or only one is named, the model has random intercepts for teachers only, and "
                         "teachers are the clusters of the CR2 standard error; nothing is said beyond these schools."),
                     ("bates", "bell", "pustejovsky"))
    if change["d_av"].notna().any():
        yield Method(say("The effect size is d_av = mean change of matched teachers / √((s²_baseline + s²_follow-up)/2); "
                         "its interval linearises it and uses the same CR2 estimator by school, or Bonett's (2008) "
                         "standard error where teachers are the clusters."), ("bonett",))
    for family, text, key in (
        ("primary", say("The p values of the primary scales are adjusted by Holm's method (1979)."), "holm"),
        ("exploratory", say("Those of the exploratory scales are adjusted by Benjamini and Hochberg's (1995)."),
         "benjamini"),
    ):
        if (change["family"].eq(family) & change["p"].notna()).any():
            yield Method(text, (key,))
    yield Method(_relevance(results.study, say), ("lakens",))


def _relevance(study: Study, say) -> str:
    smallest = study.settings.smallest_change_of_interest
    if smallest is None:
        return say("No smallest change of interest was declared, so no verdict is given on whether a change matters.")
    points = (say.number(smallest) if not isinstance(smallest, dict) else
              say.list(say("{points} on {scale}", points=say.number(value), scale=study.codebook.label(scale))
                       for scale, value in smallest.items()))
    return say("The smallest change of interest was declared before the analysis as {points} scale points. A change is "
               "called relevant if its 95 % interval lies wholly beyond it; equivalent, or too small to matter, if its 90 "
               "% interval lies wholly within (two one-sided tests; Lakens, 2017); otherwise the question is open.",
               points=points)


def _disclosure(results: Results) -> Iterator[Method]:
    say, policy = results.say, results.policy
    if not policy.public:
        yield Method(say("To protect respondents, classes of fewer than {minimum} (matched, baseline only, follow-up only) "
                         "left the published sample, schools with fewer matched teachers were joined, and published "
                         "statistics are rounded: two decimals, one below 30 respondents (Hundepool et al., 2012).",
                         minimum=policy.minimum),
                     ("hundepool",))
