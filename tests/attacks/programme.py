"""The programme beside its teachers' surveys: other respondents, groups of teachers, and countries less those shown."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.sections.attrition import OTHER_ANSWERS
from analysis.sections.correlates import predictors
from analysis.sections.iterations import by_iteration
from analysis.sections.leaders import LEADERS
from analysis.sections.mentors import of_iterations
from analysis.sections.results import Results
from attacks.codebooks import Book
from attacks.reading import Reader, Tables

MOST_CELLS = 3
Groups = dict[str, dict[str, np.ndarray]]
"""By scale and iteration, who of the matched is in each group whose change is published (bool), by the group's name."""


def others(results: Results) -> Iterator[tuple[str, Tables, Book]]:
    """What is published of each other population under the names of the teachers' tables, so that the attacks read it."""
    def of(name: str) -> pd.DataFrame:
        return results.table(name)

    if "leaders_change" in results.tables:
        yield "leaders", {"change": of("leaders_change"), "item_answers": of("leaders_answers")}, Book.of(
            results.of(LEADERS).panel)
    if "mentor_answers" in results.tables:
        for iteration, one in of_iterations(results).items():
            answers = of("mentor_answers")
            yield f"mentors {iteration}", {
                "item_answers": answers[answers["iteration"] == iteration].assign(wave="post")}, Book.of(one.panel)
    if "iterations" in results.tables:
        for iteration, one in list(by_iteration(results).items())[1:]:
            changes = of("iterations")
            yield f"iteration {iteration}", {"change": changes[changes["iteration"] == iteration]}, Book.of(one.panel)
    if "perceived_scales" in results.tables:
        rows = of("perceived_scales")
        everybody = rows["mean"].notna() & ~rows["note"].str.contains("without_school")
        shown = rows[["scale"]].assign(n_pre=0, n_post=rows["n"].where(everybody, 0), n_matched=0, n_schools=0,
                                       mean_post=rows["mean"])
        items = [item for scale in rows["scale"] for item in results.panel.items[scale]]
        answers = of("item_answers")
        yield "perceived", {"change": shown.reindex(columns=of("change").columns),
                            "item_answers": answers[answers["item"].isin(items)],
                            "reliability": of("reliability")}, Book.of(results.panel)


def groups(results: Results) -> Groups:
    """The groups of the matched whose changes are published; who is in them the reader is assumed to know."""
    found = {}
    for iteration, one in by_iteration(results).items():
        panel = one.panel
        for scale in panel.compared_scales:
            changes = (panel.scores["post"][scale] - panel.scores["pre"][scale]).to_numpy(float)
            who = np.isfinite(changes) & panel.in_clusters
            own = {"all": np.ones(who.sum(), bool)}
            if panel.cluster is not None:
                own |= _of_parts(results, one, iteration, scale, who)
            if iteration == 1:
                own |= _of_schools(results, scale, who) | _of_context(results, scale, who)
            found[f"{scale} {iteration}"] = own
    return found


def _shown(results: Results, name: str, scale: str, column: str) -> pd.DataFrame:
    if name not in results.tables:
        return pd.DataFrame()
    table = results.table(name)
    return table[(table["scale"] == scale) & table[column].notna()] if len(table) else table


def _of_schools(results: Results, scale: str, who: np.ndarray) -> dict[str, np.ndarray]:
    school = results.panel.respondents["school"].to_numpy(str)[who]
    rows = _shown(results, "change_by_school", scale, "mean_change")
    names = [] if rows.empty else list(rows["school"])
    return {f"school {name}": school == name if (school == name).any() else ~np.isin(school, names) for name in names}


def _of_parts(results: Results, one: Results, iteration: int, scale: str, who: np.ndarray) -> dict[str, np.ndarray]:
    schools, school = one.panel.schools, one.panel.respondents["school"][who]
    rows = _shown(results, "change_by_role", scale, "change")
    sides = [] if rows.empty else rows.loc[rows["iteration"] == iteration, "role"]
    of = {role: (school.map(schools["role"]) == role).to_numpy() for role in ("mentoring", "mentored")}
    of |= {name: (school.map(schools["advanced"]) == yes).to_numpy()
           for name, yes in (("advanced", True), ("less_advanced", False))}
    return {f"part {side}": of[side] for side in sides if side in of}


def _of_context(results: Results, scale: str, who: np.ndarray) -> dict[str, np.ndarray]:
    found, context, rows = {}, results.panel.context[who], _shown(results, "change_by_group", scale, "change")
    for item, own in rows.groupby("item") if len(rows) else ():
        given = context[item].fillna("").to_numpy(str)
        for value in own["value"]:
            rest = (given != "") & ~np.isin(given, own["value"])
            found[f"{item} {value}"] = rest if value == OTHER_ANSWERS else given == value
    rows = _shown(results, "change_by_dose", scale, "change")
    for predictor, own in rows.groupby("predictor") if len(rows) else ():
        x = predictors(results.panel)[predictor].to_numpy(float)[who]
        order, start = np.argsort(x, kind="stable"), 0
        for at, n in enumerate(own["n"]):
            found[f"{predictor} {at}"] = np.isin(np.arange(len(x)), order[start:start + n])
            start += n
    return found


def groups_by_subtraction(reader: Reader, book: Book, groups: Groups) -> list[str]:
    """Changes of a few that sums over published groups, added and subtracted, leave alone.

    Those who are in the same groups are a cell; a union of cells is learnt if it is a linear combination of the groups.
    """
    known = []
    for scale, of in groups.items():
        published = np.array(list(of.values()), float)
        cells, sizes = np.unique(published, axis=1, return_counts=True)
        small = np.flatnonzero(sizes < reader.minimum)
        for places in itertools.chain(*(itertools.combinations(small, k) for k in range(1, MOST_CELLS + 1))):
            n = int(sizes[list(places)].sum())
            target = np.zeros(len(sizes))
            target[list(places)] = 1
            if reader.few(n) and np.abs(cells.T @ np.linalg.lstsq(cells.T, target)[0] - target).max() < 1e-9:
                inside = [name for name, row in zip(of, cells, strict=True) if row[places[0]]]
                known.append(f"scale {scale}: the sum of {n} in {', '.join(inside)}")
    return known


def countries_by_subtraction(reader: Reader) -> list[str]:
    """Mentors' answers in the countries that are not shown: those of all countries less those of the countries shown."""
    table, known = reader["mentor_answers"], []
    for (item, iteration), rows in table.groupby(["item", "iteration"]) if len(table) else ():
        counts = rows.pivot(index="value", columns="country", values="n").dropna(axis=1).astype(int)
        if "" not in counts:
            continue
        rest = counts[""] - counts.drop(columns="").sum(axis=1)
        if reader.few(rest.sum()) or (rest.sum() > 0 and (rest > 0).sum() == 1):
            known.append(f"item {item} iteration {iteration}: {rest.to_dict()} in the countries not shown")
        for country, own in counts.items():
            if (own > 0).sum() == 1 or reader.few(own.sum()):
                known.append(f"item {item} iteration {iteration}: {own.to_dict()} in {country or 'all countries'}")
    return known
