"""Two iterations of the mentoring: the change in each, their difference, and schools by their part in the programme."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from analysis.disclosure.policy import Policy
from analysis.language import Language
from analysis.notes import note, written
from analysis.sections.change import CHANGE_COLUMNS, adjusted
from analysis.sections.estimates import Scores, arrays, estimate_columns, main_estimate, scores_of
from analysis.sections.parts import (
    Block,
    Column,
    Heading,
    Method,
    Table,
    Text,
    change_with_interval,
    count,
    grouped,
    message,
    p,
    text,
)
from analysis.sections.results import ALPHA, Results
from analysis.statistics.estimate import Estimate
from analysis.statistics.mixed import mixed_difference
from analysis.study.populations import TEACHERS

COLUMNS = ["iteration", *CHANGE_COLUMNS]
DIFFERENCE_COLUMNS = ["scale", "label", "iteration", "n", "n_both", "n_schools", "n_schools_both", "estimate", "se", "df",
                      "ci_low", "ci_high", "p", "p_adjusted", "family", "note"]
ROLE_COLUMNS = ["iteration", "scale", "label", "role", "n", "n_matched", "n_schools", "change", "se", "df", "ci_low",
                "ci_high", "p", "p_adjusted", "family", "note"]
DIFFERENCE = "difference"
SIDES = {"role": ("mentoring", "mentored"), "advanced": ("advanced", "less_advanced")}
"""What study.toml declares of schools, and the two sides of each."""


def by_iteration(results: Results) -> dict[int, Results]:
    """The results of the teachers of each iteration, the first one first."""
    others = [one for one in results.populations if one.respondents == TEACHERS.respondents]
    return {TEACHERS.iteration: results} | {one.iteration: results.of(one) for one in others}


def present(results: Results) -> bool:
    """Whether there are several iterations, or schools on both sides of what study.toml declares."""
    return any(one.respondents == TEACHERS.respondents for one in results.populations) or any(
        _on_both(_side(results, declared), sides) for declared, sides in SIDES.items())


def iterations_table(results: Results) -> pd.DataFrame:
    """The change in each iteration from its own sample, as `iterations.csv`; empty where there is one iteration.

    p is adjusted within each iteration.
    """
    tables = [one.precise("change").assign(iteration=at) for at, one in by_iteration(results).items()]
    return pd.concat(tables, ignore_index=True)[COLUMNS] if len(tables) > 1 else pd.DataFrame(columns=COLUMNS)


def difference_table(results: Results) -> pd.DataFrame:
    """How far each later iteration's change lies above that of the one before, as `iteration_difference.csv`.

    `estimate` is the difference of the two main estimates with the schools of both as clusters
    (`statistics.mixed.mixed_difference`). Schools that are put together as clusters in one iteration are so in both.
    `n`: teachers of both iterations, once in each; `n_both`: those who gave the same code in both, at the same school;
    `n_schools_both`: schools that took part in both. p is adjusted as that of the change.
    """
    rows, found = [], by_iteration(results)
    for before, at in zip(list(found)[:-1], list(found)[1:], strict=True):
        first, second = found[before], found[at]
        both = _in_both(first, second)
        for scale in [scale for scale in first.panel.compared_scales if scale in second.panel.compared_scales]:
            scores = [scores_of(one.panel, scale).clustered() for one in (first, second)]
            schools = [set() if own.cluster is None else set(one.panel.school_names[own.cluster])
                       for one, own in zip((first, second), scores, strict=True)]
            rows.append({
                "scale": scale, "label": results.label(scale), "iteration": at, "n": sum(len(own.pre) for own in scores),
                "n_both": both, "n_schools": len(schools[0] | schools[1]), "n_schools_both": len(schools[0] & schools[1]),
                **_columns(_difference(results.policy, *zip((first, second), scores, strict=True)), "estimate")})
    return _tested(results, pd.DataFrame(rows, columns=DIFFERENCE_COLUMNS).astype({"n_both": "Int64"}))


def role_table(results: Results) -> pd.DataFrame:
    """The change of mentoring and of mentored schools, of advanced and of less advanced ones, as `change_by_role.csv`.

    A row for each side of what study.toml declares of schools (`SIDES`), by the main estimate on its schools, and one for
    the first side minus the second ("difference"), which alone is tested; what parts the schools in the same way stands
    once. A class of teachers (matched, baseline only, follow-up only) that is too small on any side is left out of all.
    Each side needs two schools that stand alone.
    """
    rows = []
    for at, one in by_iteration(results).items():
        for scale in one.panel.compared_scales:
            published: list[np.ndarray] = []
            for declared in SIDES:
                rows += [{"iteration": at, "scale": scale, "label": results.label(scale), **row}
                         for row in _sides(one, scale, declared, published)]
    return _tested(results, pd.DataFrame(rows, columns=ROLE_COLUMNS))


def _columns(estimate: Estimate, name: str) -> dict:
    return estimate_columns(estimate, name) | {"note": written(estimate.note)}


def _tested(results: Results, table: pd.DataFrame) -> pd.DataFrame:
    table["family"] = np.where(table["scale"].isin(results.study.primary_scales), "primary", "exploratory")
    return adjusted(table)


def _in_both(first: Results, second: Results) -> int | None:
    """Teachers with one code and school in both iterations; None where that would tell few apart."""
    keys = [set(zip(one.panel.respondents["school"], one.panel.codes, strict=True)) for one in (first, second)]
    both = len({(school, code) for school, code in keys[0] & keys[1] if code})
    alone = [len(one.panel.respondents) - both for one in (first, second)]
    return both if first.policy.enough(both) and not first.policy.small(alone).any() else None


def _difference(policy: Policy, first: tuple[Results, Scores], second: tuple[Results, Scores]) -> Estimate:
    """`second` minus `first`, with schools put together as both samples need it."""
    for _one, scores in (first, second):
        if not (estimate := main_estimate(scores, policy)).exists:
            return Estimate(note=estimate.note)
        if scores.cluster is None or scores.without_clusters(policy):
            return Estimate(note=(note("takes_schools", n=2),))
    names = [one.panel.school_names[scores.cluster] for one, scores in (first, second)]
    schools, place = np.unique(np.concatenate(names), return_inverse=True)
    places, home = np.split(place.reshape(-1), [len(names[0])]), np.arange(len(schools))
    for own in places:
        for school, joined in set(zip(own, policy.clusters(own), strict=True)):
            home[home == home[school]] = home[joined]
    return mixed_difference(*((scores.pre, scores.post, home[own])
                              for (_one, scores), own in zip((first, second), places, strict=True)))


def _sides(results: Results, scale: str, declared: str, published: list[np.ndarray]) -> Iterator[dict]:
    """The rows of both sides and their difference; none where schools stand on one side only, or it was published."""
    panel, policy, sides, side = results.panel, results.policy, SIDES[declared], _side(results, declared)
    if not _on_both(side, sides):
        return
    masks = _masks(results, scale, side, sides)
    if masks is not None and any(not (masks[0] != other).any() for other in published):
        return
    suppressed = masks is None or any(policy.small((one != other).sum()) for one in masks for other in published)
    scores = [] if suppressed else [Scores.of(*(panel.scores[wave][scale].where(mask) for wave in ("pre", "post")),
                                              panel.cluster) for mask in masks]
    estimates = [main_estimate(own, policy) for own in scores]
    if suppressed or any(not one.exists or own.without_clusters(policy)
                         for one, own in zip(estimates, scores, strict=True)):
        yield {"role": DIFFERENCE, "note": written([note("takes_schools", n=2)])}
        return
    published += masks
    for name, one, own in zip(sides, estimates, scores, strict=True):
        yield {"role": name, "n": len(own.pre), "n_matched": int(own.matched.sum()), "n_schools": own.n_schools,
               **_columns(one, "change"), "p": np.nan}
    contrast = mixed_difference(*(arrays(own, policy) for own in reversed(scores)))
    yield {"role": DIFFERENCE, "n": sum(len(own.pre) for own in scores), "n_schools": sum(own.n_schools for own in scores),
           **_columns(contrast, "change")}


def _side(results: Results, declared: str) -> np.ndarray:
    """The side of each respondent's school (object, (n,))."""
    value = results.panel.schools[declared]
    of_school = value if declared == "role" else value.map(dict(zip((True, False), SIDES[declared], strict=True)))
    return results.panel.respondents["school"].map(of_school).to_numpy(object)


def _on_both(side: np.ndarray, sides: tuple[str, str]) -> bool:
    return all((side == name).any() for name in sides)


def _masks(results: Results, scale: str, side: np.ndarray, sides: tuple[str, str]) -> list[np.ndarray] | None:
    """Who of each side enters (bool), or None: each class of everybody stays on both sides, or leaves both.

    The matched of the schools that `change_by_school.csv` does not show alone are a class, too: it would tell them.
    """
    panel, policy = results.panel, results.policy
    given = [panel.scores[wave][scale].notna().to_numpy() & panel.in_clusters for wave in ("pre", "post")]
    groups = [np.where(side == name, at, 2) for at, name in enumerate(sides)]
    group = np.minimum(*groups)
    kept = np.zeros(len(side), bool)
    for members in (given[0] & ~given[1], given[1] & ~given[0], given[0] & given[1]):
        if not policy.small(np.bincount(group[members], minlength=3)).any():
            kept |= members
    matched = given[0] & given[1]
    table = results.precise("change_by_school")
    alone = panel.respondents["school"].isin(table.loc[table["scale"] == scale, "school"]).to_numpy()
    if not (kept & matched).any() or policy.small(np.bincount(group[matched & ~alone], minlength=3)).any():
        return None
    return [kept & (side == name) for name in sides]


ESTIMATES = {"iterations": iterations_table, "iteration_difference": difference_table, "change_by_role": role_table}


def role_names(say: Language) -> dict[str, str]:
    """What the sides of `change_by_role.csv` are called."""
    return {"mentoring": say("mentoring schools"), "mentored": say("mentored schools"), "advanced": say("advanced schools"),
            "less_advanced": say("less advanced schools"), DIFFERENCE: say("difference")}


TABLE = [
    Column("Iteration", text("row"), words=True),
    Column("n matched", count("n_matched")), Column("Schools", count("n_schools")),
    Column("Change [95 % CI]", change_with_interval()), Column("Adjusted p", p("p_adjusted")),
]
ROLES = [
    Column("Schools", message("role", role_names), words=True), Column("Iteration", count("iteration")),
    Column("n matched", count("n_matched")),
    Column("Number of schools", count("n_schools")), Column("Change [95 % CI]", change_with_interval()),
    Column("Adjusted p", p("p_adjusted")),
]


def main(results: Results) -> Iterator[Block]:
    """How the change differed between iterations on the primary scales, and what is clear between schools' parts."""
    say, found = results.say, results.table("iteration_difference").dropna(subset=["ci_low"])
    roles = results.table("change_by_role").dropna(subset=["change"])
    if found.empty and roles.empty:
        return
    yield Heading(say("Change in each iteration") if len(found) else say("Mentoring and mentored schools"))
    primary = found.loc[found["family"] == "primary"]
    if len(primary):
        clear = _clear(results, "iteration_difference")
        said = (say("The change differed clearly between iterations on {scales} (@tbl-iterations).", scales=say.list(clear))
                if clear else say("On no scale does the change differ clearly between iterations (@tbl-iterations)."))
        differences = "; ".join(_difference_said(results, row) for _at, row in primary.iterrows())
        yield Text(" ".join(filter(None, (
            said, say("Later minus earlier iteration: {differences}.", differences=differences), _who(results), say(
                "Other schools and teachers took part in each, so a difference cannot be attributed to how the mentoring "
                "was done."), _for_the_plan(results)))))
    if len(roles):
        clear = _clear(results, "change_by_role")
        parts = (say("The change differed clearly between schools with different parts in the programme on {scales}.",
                     scales=say.list(clear)) if clear else
                 say("On no scale does the change differ clearly between schools with different parts in the programme."))
        yield Text(" ".join([parts, say("All numbers are in @tbl-change_by_role; schools were not randomised to a part.")]))


def annex(results: Results) -> Iterator[Block]:
    """The change in each iteration with the differences, and the change by the schools' part."""
    say = results.say
    if results.table("iteration_difference")["estimate"].notna().any():
        yield Heading(say("Change in each iteration"))
        yield _table(results)
    roles = results.table("change_by_role").dropna(subset=["change"])
    if len(roles):
        yield Heading(say("Change by the schools' part in the programme"))
        rows = roles.sort_values("scale", key=_order(results), kind="stable")
        made = results.shown("change_by_role", say("Change by the schools' part in the programme, in scale points"), ROLES,
                             rows)
        yield grouped(made, rows["label"].tolist())


def methods(results: Results) -> Iterator[Method]:
    """How the differences were estimated."""
    tables = results.precise("iteration_difference")["estimate"], results.precise("change_by_role")["change"]
    if any(column.notna().any() for column in tables):
        yield Method(results.say(
            "Differences between iterations, or between groups of schools, are those of their main estimates, each from a "
            "mixed model of its own; the CR2 standard error has the schools of both as clusters, so that schools and "
            "teachers who took part twice are allowed for (Pustejovsky & Tipton, 2018)."), ("pustejovsky",))


def _clear(results: Results, name: str) -> list[str]:
    """The scales on which a difference is clear after adjustment."""
    table = results.precise(name)
    return list(dict.fromkeys(table.loc[table["p_adjusted"] < ALPHA, "label"]))


def _difference_said(results: Results, row: pd.Series) -> str:
    say, digits = results.say, results.policy.digits(row, "estimate")
    return say("{scale} {points} (95 % CI {interval}; adjusted {p})", scale=row["label"], p=say.p_is(row["p_adjusted"]),
               points=say.number(row["estimate"], digits, signed=True),
               interval=say.interval(row["ci_low"], row["ci_high"], digits))


def _who(results: Results) -> str:
    """How many teachers and schools took part in both of the first two iterations."""
    say, rows = results.say, results.table("iteration_difference")
    row = rows.loc[rows["estimate"].notna()].iloc[0]
    schools = say.plural("{n} school of {all} took part in both iterations.",
                         "{n} schools of {all} took part in both iterations.", int(row["n_schools_both"]),
                         all=say.count(row["n_schools"]))
    if pd.isna(row["n_both"]):
        return schools
    teachers = say.plural("{n} teacher gave the same code in both.", "{n} teachers gave the same code in both.",
                          int(row["n_both"]))
    return f"{schools} {teachers}"


def _for_the_plan(results: Results) -> str:
    """What iteration 1 says for planning a later one; empty where it says nothing."""
    say = results.say
    rates, design = results.table("rates").set_index("rate"), results.table("design")
    design = design.loc[design["scale"].isin(results.study.primary_scales)].dropna(subset=["minimum_detectable_effect"])
    if "matched_of_pre" not in rates.index or design.empty or pd.isna(rates.at["matched_of_pre", "share"]):
        return ""
    digits = [results.policy.digits(row, "minimum_detectable_effect") for _at, row in design.iterrows()]
    effects = [say.number(value, places)
               for value, places in zip(design["minimum_detectable_effect"], digits, strict=True)]
    order = np.argsort(design["minimum_detectable_effect"].to_numpy())
    low, high = effects[order[0]], effects[order[-1]]
    points = low if low == high else say("{low} to {high}", low=low, high=high)
    return say("For the plan of a later iteration: in iteration 1, {share} of baseline teachers were matched, and true "
               "changes of {points} points on the primary scales would have been found in four of five such studies.",
               share=say.percent(rates.at["matched_of_pre", "share"]), points=points)


def _table(results: Results) -> Table:
    """The iterations of each scale, and below them the differences, as one table."""
    say = results.say
    changes, differences = results.table("iterations"), results.table("iteration_difference")
    differences = differences.rename(columns={"estimate": "change"}).assign(
        row=[say("Iteration {later} minus {earlier}", later=at, earlier=at - 1) for at in differences["iteration"]])
    changes = changes.assign(row=[say("Iteration {n}", n=at) for at in changes["iteration"]])
    rows = pd.concat([changes, differences], ignore_index=True)
    rows = rows.loc[rows["scale"].isin(differences["scale"])].sort_values("scale", key=_order(results), kind="stable")
    made = results.shown("iterations", say("Change in each iteration, in scale points"), TABLE, rows, say(
        "Differences are the later iteration minus the one before, with the schools of both as clusters. p is adjusted "
        "within each iteration, and over the differences."))
    return grouped(made, rows["label"].tolist())


def _order(results: Results) -> Callable[[pd.Series], pd.Series]:
    """The codebook's order, to sort scales by."""
    order = {scale: at for at, scale in enumerate(results.study.codebook.scales.index)}
    return lambda scales: scales.map(order)
