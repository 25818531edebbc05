"""A reader who wants to know what was suppressed: all published numbers as equations, solved as far as they go.

`hidden_counts_known` works out the counts of schools, `answers_of_few_known` the answers of the few who are not linked
to an item, `sums_of_few_known` the scores of such a few. Each returns what became known, empty if nothing did. An
attack knows the published tables, the codebook, the rules by which tables are made (they are public), and nothing else.
The method is the audit of suppressed tables by linear programming (Hundepool et al. 2012, ch. 4 and 5; Fischetti and
Salazar 2001): a hidden cell is safe as far as its feasible range is wide.
"""

from __future__ import annotations

import itertools
import re

import numpy as np
import pandas as pd
from scipy.optimize import linprog

ATOMS = ("linked", "pre_only", "post_only")
AS_ATOMS = {
    "n_pre": ("linked", "pre_only"), "n_post": ("linked", "post_only"), "n_matched": ("linked",),
    "n_pre_only": ("pre_only",), "n_post_only": ("post_only",), "before": ("linked", "pre_only"),
    "after": ("linked", "post_only"), "both": ("linked",), "only_before": ("pre_only",), "only_after": ("post_only",),
    "n_left": ("pre_only",), "n": ("linked",),
}
"""The columns of tables with a row per school, as sums of three kinds of teachers."""

NOT_COUNTS = {"school", "note", "share_lost", "scale", "label", "mean_change", "estimate", "ci_low", "ci_high", "overall"}
SLACK = 1e-6


class System:
    """Linear equations over unknowns that are at least 0."""

    def __init__(self, unknowns):
        self.place = {unknown: number for number, unknown in enumerate(unknowns)}
        self.left: list[np.ndarray] = []
        self.right: list[float] = []

    def form(self, weights: dict) -> np.ndarray:
        row = np.zeros(len(self.place))
        for unknown, weight in weights.items():
            row[self.place[unknown]] += weight
        return row

    def know(self, weights: dict, value: float) -> None:
        self.left.append(self.form(weights))
        self.right.append(float(value))

    def range(self, weights: dict) -> tuple[float, float]:
        """Between which values a sum of unknowns must lie; nan where the equations contradict each other."""
        target = self.form(weights)
        ends = [linprog(sign * target, A_eq=np.array(self.left), b_eq=self.right, bounds=(0, None), method="highs")
                for sign in (1, -1)]
        low, high = (sign * end.fun if end.status == 0 else sign * -np.inf if end.status == 3 else np.nan
                     for sign, end in zip((1, -1), ends, strict=True))
        return low, high

    def determines(self, weights: dict) -> bool:
        """Whether the equations alone, whatever the signs, leave one value for a sum of unknowns."""
        if not self.left:
            return False
        known = np.array(self.left)
        scale = np.abs(known).max(axis=1, keepdims=True)
        known = known / scale
        both = np.vstack([known, self.form(weights)])
        return np.linalg.matrix_rank(both, tol=1e-7) == np.linalg.matrix_rank(known, tol=1e-7)


def hidden_counts_known(tables: dict[str, pd.DataFrame], truth: pd.DataFrame, minimum: int) -> list[str]:
    """Counts of 1 to `minimum` - 1 that all tables with a row per school together confine more than the totals do.

    `truth` has every school's counts, to tell the small ones from those that are hidden only for their sake.
    """
    truth = truth.set_index("school")
    participation = tables["participation"]
    schools = [name for name in participation["school"].fillna("") if name]
    unknowns = [(school, atom) for school in schools for atom in ATOMS]
    everything, totals = System(unknowns), System(unknowns)
    of_all = participation.loc[participation["school"].fillna("") == ""].iloc[0]
    for column in ("n_pre", "n_post", "n_matched", "n_pre_only", "n_post_only"):
        weights = {(school, atom): 1 for school in schools for atom in AS_ATOMS[column]}
        for system in (everything, totals):
            system.know(weights, of_all[column])
    for name, table in tables.items():
        if "school" not in table.columns:
            continue
        for row in table.to_dict("records"):
            if row["school"] not in schools:
                continue
            for column in set(row) - NOT_COUNTS:
                assert column in AS_ATOMS, f"{name} has a column per school, {column}, that the attacker must learn to use"
                if pd.notna(row[column]):
                    everything.know({(row["school"], atom): 1 for atom in AS_ATOMS[column]}, row[column])
            if pd.notna(row.get("share_lost", np.nan)):
                everything.know({(row["school"], "pre_only"): 1 - row["share_lost"],
                                 (row["school"], "linked"): -row["share_lost"]}, 0)
    known = []
    for row in participation.to_dict("records"):
        if row["school"] not in schools:
            continue
        for column in ("n_pre", "n_post", "n_matched", "n_pre_only", "n_post_only"):
            if 0 < truth.loc[row["school"], column] < minimum:
                weights = {(row["school"], atom): 1 for atom in AS_ATOMS[column]}
                (low, high), (lowest, highest) = everything.range(weights), totals.range(weights)
                least = min(minimum, highest - lowest)
                if not high - low >= least - SLACK:
                    known.append(f"{row['school']} {column}: {low:g} to {high:g} (totals alone: {lowest:g} to {highest:g})")
    return known


def answers_of_few_known(tables: dict[str, pd.DataFrame], numbers: dict[str, list[float]], minimum: int) -> list[str]:
    """Answers of the few who are not linked on an item, where directions and means of the linked leave one possibility.

    `numbers` gives the values of each likert item as analysed (after reversing), lowest first, with `item_answers` in
    the same sense.
    """
    known = []
    answers = tables["item_answers"].dropna(subset=["n"])
    for row in tables["item_change"].to_dict("records"):
        item, values = row["item"], numbers.get(row["item"])
        of_item = answers.loc[answers["item"] == item]
        if values is None or set(of_item["wave"]) != {"pre", "post"}:
            continue
        counts = {wave: of_item.loc[of_item["wave"] == wave, "n"].to_numpy(float) for wave in ("pre", "post")}
        alone = {wave: counts[wave].sum() - row["n"] for wave in counts}
        if not any(0 < number < minimum for number in alone.values()):
            continue
        cells = [(a, b) for a in values for b in values]
        unknowns = [*(("both", *cell) for cell in cells), *((wave, value) for wave in alone for value in values)]
        everything, margins = System(unknowns), System(unknowns)
        for system in (everything, margins):
            for place, value in enumerate(values):
                system.know({("pre", value): 1, **{("both", value, b): 1 for b in values}}, counts["pre"][place])
                system.know({("post", value): 1, **{("both", a, value): 1 for a in values}}, counts["post"][place])
            for wave in alone:
                system.know({(wave, value): 1 for value in values}, alone[wave])
        if pd.notna(row["improved"]):
            everything.know({("both", a, b): 1 for a, b in cells if b > a}, row["improved"])
            everything.know({("both", a, b): 1 for a, b in cells if b < a}, row["worse"])
        zeros, rise = _of_only_item(tables, row)
        if zeros:
            everything.know({("both", a, a): 1 for a in values}, zeros)
        if pd.notna(rise):
            everything.know({("both", a, b): b - a for a, b in cells}, rise)
        means = tables["item_means"].set_index("item").loc[item] if item in set(tables["item_means"]["item"]) else {}
        for column, weigh in (("mean_pre", lambda a, b: a), ("mean_post", lambda a, b: b), ("change", lambda a, b: b - a)):
            if pd.notna(means.get(column, np.nan)):
                everything.know({("both", a, b): weigh(a, b) for a, b in cells}, means[column] * means["n"])
        for wave, number in alone.items():
            for value in values:
                if 0 < number < minimum:
                    (low, high), (lowest, highest) = (one.range({(wave, value): 1}) for one in (everything, margins))
                    if high - low < SLACK and highest - lowest > 1 - SLACK:
                        known.append(f"{item} {wave}: {low:g} of the {number:g} not linked answered {value:g}")
    return known


def _of_only_item(tables: dict[str, pd.DataFrame], row: dict) -> tuple[int, float]:
    """What the scale's methods tell of its only item: how many did not change (0: not told), and the sum of changes."""
    items = tables["item_change"].get("scale", pd.Series(dtype=str))
    if "sensitivity" not in tables or (items == row.get("scale")).sum() != 1:
        return 0, np.nan
    of_scale = tables["sensitivity"].query("scale == @row['scale']").set_index("method")
    found = re.search(r"(\d+) of \d+ changes are zero", of_scale.loc["wilcoxon", "note"])
    return int(found[1]) if found else 0, of_scale.loc["matched_cr2", "estimate"] * of_scale.loc["matched_cr2", "n"]


def sums_of_few_known(tables: dict[str, pd.DataFrame], minimum: int) -> list[str]:
    """Sums of scores of a few who are not linked, that means of all and of the linked leave as the only solution."""
    known = []
    sensitivity = tables["sensitivity"].set_index(["scale", "method"])
    for row in tables["change"].to_dict("records"):
        scale = row["scale"]
        system = System(["linked_pre", "linked_post", "pre_only", "post_only"])
        if pd.notna(row["mean_pre"]):
            system.know({"linked_pre": 1, "pre_only": 1}, row["mean_pre"] * row["n_pre"])
        if pd.notna(row["mean_post"]):
            system.know({"linked_post": 1, "post_only": 1}, row["mean_post"] * row["n_post"])
        for method in ("matched_cr2", "matched_t"):
            one = sensitivity.loc[(scale, method)] if (scale, method) in sensitivity.index else {}
            if pd.notna(one.get("estimate", np.nan)):
                system.know({"linked_post": 1, "linked_pre": -1}, one["estimate"] * one["n"])
        if pd.notna(row["d_av"]) and row["n_pre"] == row["n_matched"] == row["n_post"]:
            system.know({"linked_post": 1, "linked_pre": -1}, 0)
        few = {"pre_only": row["n_pre"] - row["n_matched"], "post_only": row["n_post"] - row["n_matched"]}
        for atom, number in few.items():
            if 0 < number < minimum and system.determines({atom: 1}):
                known.append(f"{scale}: the sum of the {number} scores {atom}")
        if 0 < sum(few.values()) < minimum and system.determines({"post_only": 1, "pre_only": -1}):
            known.append(f"{scale}: the difference of the sums of the {sum(few.values())} scores that are not linked")
    return known


def small_schools_known(tables: dict[str, pd.DataFrame], linked: dict[str, dict[str, int]], minimum: int) -> list[str]:
    """Mean changes of a few teachers that follow from the shown schools and the figures of all schools.

    `linked` gives for each scale how many teachers of each school have both scores, which a patient reader learns from
    degrees of freedom. Known is the mean change of the schools that are not shown, taken together, by subtraction; and
    that of each of them where there are no more of them than figures that depend on their means alone.
    """
    known = []
    sensitivity = tables["sensitivity"].set_index(["scale", "method"])
    change, design = (tables[name].set_index("scale") for name in ("change", "design"))
    shown = tables["change_by_school"].dropna(subset=["mean_change"]).groupby("scale")["school"].agg(set)
    for scale, sizes in linked.items():
        hidden = {school: n for school, n in sizes.items() if n and school not in shown.get(scale, set())}
        rows = [sensitivity.loc[(scale, method)] for method in ("matched_cr2", "school_means_t")]
        of_linked, row = sensitivity.loc[(scale, "matched_t"), "estimate"], change.loc[scale]
        if pd.notna(of_linked) and 0 < sum(hidden.values()) < minimum:
            known.append(f"{scale}: the change of the {sum(hidden.values())} teachers of schools that are not shown")
        beside = row["n_pre"] + row["n_post"] - 2 * row["n_matched"]
        if pd.notna(row["mean_pre"]) and pd.notna(row["mean_post"]) and 0 < beside + sum(hidden.values()) < minimum:
            known.append(f"{scale}: what the {beside} who are not linked and the schools that are not shown add")
        figures = sum(pd.notna(one[name]) for one in rows for name in ("estimate", "se"))
        figures += pd.notna(design.loc[scale, "icc_change"])
        if len(sizes) > 1 and any(0 < n < minimum for n in hidden.values()) and len(hidden) <= figures:
            known.append(f"{scale}: the means of {len(hidden)} schools from {figures} figures")
    return known


def counts_from_pairs(tables: dict[str, pd.DataFrame], truth: pd.DataFrame, minimum: int) -> list[str]:
    """Hidden counts of who answered only once that the pairs of different and of one school narrow down.

    The pairs that could be linked wrongly are the sum over schools of those only before times those only after.
    """
    table = tables["participation"].set_index("school")
    total, schools = table.loc[""], table.index[:-1]
    row = tables["false_links"].set_index("kind").loc["near"]
    pairs, step = row["within"] + row["links"], max(100, 10 ** (len(str(int(row["within"]))) - 1))
    ways = {}
    for column in ("n_pre_only", "n_post_only"):
        of_all = [range(int(total[column]) + 1) if pd.isna(n) else [int(n)] for n in table.loc[schools, column]]
        ways[column] = np.array([way for way in itertools.product(*of_all) if sum(way) == total[column]])
    products = ways["n_pre_only"] @ ways["n_post_only"].T
    near = np.abs(products - pairs) <= (0 if row["within"] % 100 else step)
    known = []
    for column, fits in (("n_pre_only", near.any(axis=1)), ("n_post_only", near.any(axis=0))):
        for place, school in enumerate(schools):
            if 0 < truth.set_index("school").loc[school, column] < minimum:
                before, after = (np.ptp(some[:, place]) for some in (ways[column], ways[column][fits]))
                if after < min(minimum, before):
                    known.append(f"{school} {column}: {after} wide instead of {before}")
    return known


def tops_of_few_known(tables: dict[str, pd.DataFrame], minimum: int) -> list[str]:
    """How many of the few who are not linked stood at the top of a scale, by subtraction of two shares."""
    known = []
    for row in tables["ceiling"].to_dict("records"):
        alone = row["n"] - row["n_matched"]
        if 0 < alone < minimum and pd.notna(row["share_could_not_rise"]):
            linked = row["share_could_not_rise"] * row["n_matched"]
            if pd.notna(row["share_at_maximum"]):
                known.append(f"{row['scale']}: {row['share_at_maximum'] * row['n'] - linked:g} of the {alone} not linked")
            elif "stood at the top" in str(row["note"]) and linked == 0:
                known.append(f"{row['scale']}: some of the {alone} not linked, and nobody else")
    return known
