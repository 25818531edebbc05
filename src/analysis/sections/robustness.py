"""Robustness: the same change by other methods and on other samples, in one panel of small multiples."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis import plots
from analysis.language import N_, Language
from analysis.language.notes import sentence
from analysis.notes import note, written
from analysis.scales import straight_lined
from analysis.sections.estimates import (
    Scores,
    arrays,
    estimate_columns,
    main_estimate,
    matched_in_school,
    scores_of,
    varies,
)
from analysis.sections.parts import (
    Block,
    Column,
    Figure,
    Heading,
    Method,
    Text,
    change_with_interval,
    count,
    message,
    p,
    text,
)
from analysis.sections.results import Results
from analysis.statistics.careless import STRAIGHT_LINER
from analysis.statistics.estimate import Estimate
from analysis.statistics.paired import cluster_means_t, matched_cr2, matched_t, partially_overlapping_t, wilcoxon
from analysis.study.populations import WAVES

COLUMNS = ["scale", "method", "n", "estimate", "se", "df", "ci_low", "ci_high", "p", "note"]
MAIN, STRAIGHT, LEFT_OUT = "mixed_cr2", "without_straight_liners", "each_school_left_out"
FEWEST_SCHOOLS = 4
COPIES = ("same_sample", "repeated")
Found = tuple[Estimate, int]


@dataclass(frozen=True)
class Estimator:
    """One way to estimate the change: its label in tables and figures, how the methods section names it, its source.

    `label` and `text` are messages. `estimate` takes pre, post and cluster; `matched`: of matched respondents only;
    `of_schools`: it speaks of how schools differ, so every school needs enough respondents; `of_people`: its standard
    error is that of the respondents' own changes, as if there were no schools.
    """

    name: str
    label: str
    text: str
    estimate: Callable[..., Estimate]
    matched: bool = True
    of_schools: bool = False
    of_people: bool = False
    citation: str = ""


ESTIMATORS = [
    Estimator("matched_cr2", "Matched only, CR2 by school", "the mean change of matched teachers with CR2 by school",
              matched_cr2),
    Estimator("matched_t", "Paired t-test (ignores schools)", "the paired t-test, ignoring clustering by school",
              matched_t, of_people=True),
    Estimator("wilcoxon", "Signed-rank test (ignores schools)",
              "the signed-rank test with the Hodges-Lehmann estimate, ignoring clustering by school", wilcoxon,
              of_people=True),
    Estimator("partially_overlapping_t", "Partially overlapping t-test (ignores schools)",
              "the partially overlapping t-test in the form for unequal variances, ignoring clustering by school",
              partially_overlapping_t, matched=False, of_people=True, citation="derrick"),
    Estimator("school_means_t", "Mean of school means", "a t-test over the means of schools, which weighs schools equally",
              cluster_means_t, of_schools=True),
]
"""The further estimators, in the order of their rows; a new one is a line here."""

SAMPLES = {
    "exact_codes_only": N_("Main estimate, exact codes only"),
    "complete_answers_only": N_("Main estimate, complete answers only"),
    STRAIGHT: N_("Main estimate, without straight-liners"),
    LEFT_OUT: N_("Main estimate, each school left out (range)"),
}


def method_names(say: Language) -> dict[str, str]:
    """The labels of methods and samples, by their name in the tables."""
    return {MAIN: say("Main estimate")} | {one.name: say(one.label) for one in ESTIMATORS} | {
        name: say(label) for name, label in SAMPLES.items()}


def sensitivity_table(results: Results) -> pd.DataFrame:
    """The same change by other methods and on other samples, as `sensitivity.csv`.

    A sample that differs from the main one, or from another row's, by too few respondents is not used: the row repeats
    the main estimate and says so.
    """
    rows = []
    for scale in results.panel.compared_scales:
        found = [(MAIN, _main(results, scale))]
        found += [(one.name, _by(one, results, scale)) for one in ESTIMATORS]
        found += [(name, of) for name, of in results.once(other_samples, scale).items() if name != STRAIGHT]
        rows += [_row(scale, name, *of) for name, of in found]
    return pd.DataFrame(rows, columns=COLUMNS)


def robustness_table(results: Results) -> pd.DataFrame:
    """The main estimate on further samples, as `robustness.csv`; columns as in `sensitivity.csv`.

    `without_straight_liners` leaves out the answers that `statistics.careless.STRAIGHT_LINER` marks.
    `each_school_left_out` has no estimate: `ci_low` and `ci_high` are the lowest and the highest of the
    estimates, each with one school left out, since any single one would tell of that school.
    """
    rows = []
    for scale in results.panel.compared_scales:
        rows.append(_row(scale, STRAIGHT, *results.once(other_samples, scale)[STRAIGHT]))
        rows.append(_row(scale, LEFT_OUT, _schools_left_out(results, scale), pd.NA))
    return pd.DataFrame(rows, columns=COLUMNS).astype({"n": "Int64"})


def _row(scale: str, method: str, estimate: Estimate, n) -> dict:
    return {"scale": scale, "method": method, "n": n, **estimate_columns(estimate, "estimate"),
            "note": written(estimate.note)}


def _main(results: Results, scale: str) -> Found:
    scores = scores_of(results.panel, scale)
    return main_estimate(scores, results.policy), len(scores.clustered().pre)


def _by(method: Estimator, results: Results, scale: str) -> Found:
    policy, scores = results.policy, scores_of(results.panel, scale)
    sample = matched_in_school(scores) if method.matched else scores
    n = len(sample.pre)
    counts = [int(np.isfinite(wave).sum()) for wave in (sample.pre, sample.post)]
    if not policy.enough(min(counts)):
        return Estimate(note=(note("too_few", minimum=policy.minimum),)), n
    if method.of_schools and not policy.schools_speak(sample.cluster):
        return Estimate(note=(note("small_school"),)), n
    if not policy.public and not all(map(varies, (sample.pre, sample.post, sample.changes))):
        return Estimate(note=(note("no_variation"),)), n
    if sample.told and (method.of_people or sample.without_clusters(policy)):
        return Estimate(note=(note("spread_tells"),)), n
    return method.estimate(*arrays(sample, policy)), n


def other_samples(results: Results, scale: str) -> dict[str, Found]:
    """The main estimate and the number of respondents on other samples, by name.

    `exact_codes_only` undoes matches of nearly equal codes: each such teacher counts as two, one per survey. The others
    keep complete answers only, or leave out the answers of straight-liners (`straight_lined`).
    """
    panel, policy, main = results.panel, results.policy, _main(results, scale)
    scores = {wave: panel.scores[wave][scale].to_numpy(float) for wave in WAVES}
    every = np.column_stack([np.isfinite(scores[wave]) for wave in WAVES])
    near = (panel.respondents["kind"] == "near").to_numpy() & every.all(axis=1)
    flagged, nobody = results.once(_straight_lined), np.zeros(len(near), bool)
    wanted = {
        "exact_codes_only": (every, near),
        "complete_answers_only": (every & np.column_stack([panel.complete[wave][scale] for wave in WAVES]), nobody),
        STRAIGHT: (every & ~np.column_stack([flagged[wave][scale] for wave in WAVES]), nobody),
    }
    used, found = [np.column_stack([every, nobody])], {}
    for name, (kept, split) in wanted.items():
        sample = np.column_stack([kept, split])
        differing = [_differing(sample[panel.in_clusters], other[panel.in_clusters]) for other in used]
        if not any(differing[0]):
            found[name] = main[0].noting(note("same_sample")), main[1]
        elif policy.small(differing).any():
            found[name] = main[0].noting(note("repeated")), main[1]
        else:
            found[name] = _on_sample(results, scores, kept, split, scores_of(panel, scale).told)
            used.append(sample)
    return found


def _differing(one: np.ndarray, other: np.ndarray) -> list[int]:
    """By how many respondents two samples differ: in each survey, in those matched anew, and in those used at all."""
    changed = [*(one != other).T, one[:, :2].any(axis=1) != other[:, :2].any(axis=1),
               one[:, :2].all(axis=1) != other[:, :2].all(axis=1), (one != other).any(axis=1)]
    return [int(of.sum()) for of in changed]


def _on_sample(results: Results, scores: dict[str, np.ndarray], kept: np.ndarray, split: np.ndarray, told: bool) -> Found:
    panel = results.panel
    pre, post = (np.where(kept[:, at], scores[wave], np.nan) for at, wave in enumerate(WAVES))
    pre, post = np.append(pre, np.full(split.sum(), np.nan)), np.append(np.where(split, np.nan, post), post[split])
    cluster = None if panel.cluster is None else np.append(panel.cluster, panel.cluster[split])
    sample = replace(Scores.of(pd.Series(pre), pd.Series(post), cluster), told=told)
    return main_estimate(sample, results.policy), len(sample.clustered().pre)


def _straight_lined(results: Results) -> dict[str, pd.DataFrame]:
    return straight_lined(results.panel)


def _schools_left_out(results: Results, scale: str) -> Estimate:
    scores = scores_of(results.panel, scale).clustered()
    if scores.cluster is None or scores.n_schools < FEWEST_SCHOOLS:
        return Estimate(note=(note("takes_schools", n=FEWEST_SCHOOLS),))
    if not all(map(results.policy.schools_speak, (scores.cluster, matched_in_school(scores).cluster))):
        return Estimate(note=(note("small_school"),))
    without = [main_estimate(scores.where(scores.cluster != school), results.policy).estimate
               for school in np.unique(scores.cluster)]
    if not np.isfinite(without).all():
        return Estimate(note=(note("too_few", minimum=results.policy.minimum),))
    return Estimate(low=min(without), high=max(without), note=(note("range_not_interval"),))


ESTIMATES = {"sensitivity": sensitivity_table, "robustness": robustness_table}
TABLE = [
    Column("Scale", text("label"), words=True),
    Column("Method or sample", message("method", method_names), words=True),
    Column("n", count("n")),
    Column("Change [95 % CI]", change_with_interval("estimate")),
    Column("df", count("df")),
    Column("p", p("p")),
]


def _every(results: Results, rows: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    """Both tables below each other, a scale's rows together, with the scales' labels."""
    both = pd.concat([rows("sensitivity").astype({"n": "Int64"}), rows("robustness")], ignore_index=True)
    order = {scale: at for at, scale in enumerate(results.panel.compared_scales)}
    both = both.sort_values("scale", key=lambda scales: scales.map(order), kind="stable", ignore_index=True)
    return both.assign(label=both["scale"].map(results.label))


def main(results: Results) -> Iterator[Block]:
    """One figure of all methods on the primary scales, and a sentence for each of these."""
    say, precise = results.say, _every(results, results.precise)
    scales = [scale for scale in results.study.primary_scales if scale in set(precise["scale"])]
    if not any(_agree(precise.loc[precise["scale"] == scale]) for scale in scales):
        return
    yield Heading(say("Does the answer depend on the method?"))
    yield Text("\n".join(f"- {_sentence(results, scale, precise)}" for scale in scales))
    yield figure(results, scales)


def annex(results: Results) -> Iterator[Block]:
    """Every method and sample on every scale."""
    say = results.say
    if len(results.table("sensitivity")):
        yield Heading(say("Every method and sample"))
        yield results.shown("sensitivity", say("The change by each method and sample, in scale points"), TABLE,
                            _every(results, results.table))


def methods(results: Results) -> Iterator[Method]:
    """What was used beside the main estimate."""
    say, rows = results.say, _every(results, results.precise)
    used = set(rows.loc[rows["estimate"].notna() | rows["ci_low"].notna(), "method"])
    named = [say(one.text) for one in ESTIMATORS if one.name in used]
    if named:
        yield Method(say("Beside the main estimate, the change was estimated by {methods}.", methods=say.list(named)),
                     tuple(one.citation for one in ESTIMATORS if one.citation and one.name in used))
        yield Method(say("The main estimate was repeated with exact codes only, with complete answers only and without "
                         "straight-liners.") + " " + sentence(STRAIGHT_LINER, say))


def _distinct(of_scale: pd.DataFrame) -> pd.DataFrame:
    """The rows with an interval that are not copies of the main estimate."""
    copies = of_scale["note"].str.contains("|".join(COPIES))
    return of_scale.loc[of_scale["estimate"].notna() & of_scale["ci_low"].notna() & ~copies]


def _agree(of_scale: pd.DataFrame) -> str:
    """Whether the methods agree on zero: excludes, includes, differ, or nothing where there is no second method."""
    shown = _distinct(of_scale)
    if len(shown) < 2 or shown.iloc[0]["method"] != MAIN:
        return ""
    signs = np.sign(shown["estimate"]) * ((shown["ci_low"] > 0) | (shown["ci_high"] < 0))
    if signs.nunique() > 1:
        return "differ"
    return "includes" if signs.iloc[0] == 0 else "excludes"


def _sentence(results: Results, scale: str, precise: pd.DataFrame) -> str:
    say = results.say
    of_scale = precise.loc[precise["scale"] == scale]
    shown = _distinct(of_scale)
    values = {"scale": f"**{results.label(scale)}**", "n": len(shown)}
    found = _agree(of_scale)
    if not found:
        return say("{scale}: too few methods could be used for a comparison.", **values)
    published = _every(results, results.table)
    for end, at in (("low", shown["estimate"].idxmin()), ("high", shown["estimate"].idxmax())):
        row = published.loc[at]
        values[end] = say.number(row["estimate"], results.policy.digits(row, "estimate"), signed=True)
    if found == "excludes":
        return say("{scale}: with all {n} methods and samples the 95 % interval lies on the same side of zero; the "
                   "estimates range from {low} to {high}.", **values)
    if found == "includes":
        return say("{scale}: with all {n} methods and samples the 95 % interval includes zero; the estimates range from "
                   "{low} to {high}.", **values)
    main_excludes = shown.iloc[0]["ci_low"] > 0 or shown.iloc[0]["ci_high"] < 0
    apart = ((shown["ci_low"] > 0) | (shown["ci_high"] < 0)) != main_excludes
    names = say.list(method_names(say)[method] for method in shown.loc[apart, "method"])
    if main_excludes:
        return say("{scale}: the main estimate's 95 % interval excludes zero, but not that of: {methods}. The estimates "
                   "range from {low} to {high}.", methods=names, **values)
    return say("{scale}: the main estimate's 95 % interval includes zero, but not that of: {methods}. The estimates range "
               "from {low} to {high}.", methods=names, **values)


def figure(results: Results, scales: Sequence[str]) -> Figure:
    """The change on these scales by each method and sample."""
    say, rows, precise = results.say, _every(results, results.table), _every(results, results.precise)
    rows = rows.loc[rows["scale"].isin(scales)]
    names = method_names(say)
    panels = {results.label(scale): [
        plots.Interval(names[row["method"]], row["estimate"], row["ci_low"], row["ci_high"],
                       change_with_interval("estimate")(row, say, results.policy),
                       band=results.study.settings.smallest_change(scale), guide=row["method"] == MAIN,
                       mark={LEFT_OUT: "range", MAIN: "point"}.get(row["method"], "hollow"))
        for _at, row in rows.loc[rows["scale"] == scale].iterrows()] for scale in scales}
    differing = [results.label(scale) for scale in scales
                 if _agree(precise.loc[precise["scale"] == scale]) == "differ"]
    title = (say("Whether the change differs from zero depends on the method on {scales}", scales=say.list(differing))
             if differing else say("All methods agree on whether the change differs from zero"))
    return Figure(
        "methods", title,
        say("The change on the primary scales by each method and sample, with 95 % intervals. The thick grey line is the "
            "range of the main estimate with each school left out. Numbers in @tbl-sensitivity."),
        say("Small multiples of the change by method, one panel per primary scale. {title}.", title=title),
        lambda width: plots.interval_panels(
            panels, say("Change in scale points, follow-up minus baseline"), width=width, synthetic=results.synthetic,
            band_label=say("smaller than the smallest change of interest"),
            keys={"point": say("main estimate"), "hollow": say("other methods and samples"),
                  "range": say("main estimate, each school left out"), "arrow": say("the interval goes on")}),
        rows[["scale", "method", "n", "estimate", "ci_low", "ci_high"]])
