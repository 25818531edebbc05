"""The protected sample: whom the published analyses of a country are about, decided before anything is computed."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from analysis.disclosure.policy import Policy
from analysis.scales import Panel
from analysis.study.populations import THEN, WAVES

PUBLIC = Policy(1)
ALIKE = 1e-9


@dataclass(frozen=True)
class ProtectedPanel(Panel):
    """A panel without the answers that leave the published sample.

    `left`: the scales and items on which a class of respondents was too small to publish and left the sample.
    """

    policy: Policy = PUBLIC
    left: frozenset[str] = frozenset()


def protected(panel: Panel, policy: Policy | None = None) -> ProtectedPanel:
    """The panel that is published, by the study's own policy if none is given.

    On each scale, and on each closed item without one, the respondents are matched, baseline only or follow-up only, with
    or without a school; on a scale further those who skipped some of its items, in either survey and among the matched,
    and those who answered some but too few for a score. Of each such group nobody stays, or at least `minimum_group`;
    unmatched respondents of one class who all gave one answer leave, too. The items of a scale have their classes within
    that. What only one wave asked is classed by who is matched. An item of a scale that all, or all the matched, answered
    or changed alike leaves, with one more to cover it, or with the scale if it has no other. A constant that both waves
    asked is published at baseline only. Retrospective scores stay where those who gave them, and those who did not, are
    such groups of every class. Open answers are only counted, so they stay.
    """
    policy = policy or Policy.of(panel.study)
    items = panel.study.codebook.items
    answers, scores = ({wave: frame.copy() for wave, frame in of.items()} for of in (panel.answers, panel.scores))
    own = {field.name: getattr(panel, field.name) for field in fields(Panel)} | {"answers": answers, "scores": scores}
    if policy.public:
        return ProtectedPanel(**own, policy=policy)
    left = set()
    for scale, its in panel.items.items():
        while some := _leave_scale(panel, policy, answers, scores, scale, its):
            left |= some
    in_scales = {item for its in panel.items.values() for item in its}
    for item, row in items.loc[items["kind"] != "text"].iterrows():
        if row["constant"] and all(item in panel.asked[wave] for wave in WAVES):
            answers["post"][item] = answers["post"][item].mask(np.ones(len(panel.respondents), bool))
        while item not in in_scales and _without(answers, item, _leaving(panel, policy, answers, item)):
            left.add(item)
    for scale in panel.items if THEN in scores else ():
        classes, then = _classes(panel, scores, scale), scores[THEN][scale].notna().to_numpy()
        then = then & policy.kept(classes & then[:, None])
        without = policy.small((classes & ~then[:, None] & scores["post"][scale].notna().to_numpy()[:, None]).sum(axis=0))
        scores[THEN][scale] = scores[THEN][scale].where(then & ~without.any())
    return ProtectedPanel(**own, policy=policy, left=frozenset(left))


def _leave_scale(panel: Panel, policy: Policy, answers: dict, scores: dict, scale: str, its: list[str]) -> set[str]:
    """Make empty what next has to leave a scale and its items; the names of those that somebody left."""
    leaving = _leaving(panel, policy, scores, scale) | ~policy.kept(_incomplete(panel, answers, scores, scale, its))
    left = {scale} if _without(scores, scale, leaving) else set()
    left |= {item for item in its if _without(answers, item, leaving)}
    left |= {item for item in its if _without(answers, item, _leaving(panel, policy, answers, item))}
    if left:
        return left
    alike = [item for item in its if _alike(answers, item)]
    others = [item for item in its if item not in alike and _given(answers, item).any()]
    everybody = np.ones(len(panel.respondents), bool)
    if _alike(scores, scale) or (alike and not others):
        _without(scores, scale, everybody)
        alike, others, left = its, [], {scale}
    return left | {item for item in [*alike, *others[:1]] if alike and _without(answers, item, everybody)}


def _given(of: dict[str, pd.DataFrame], name: str) -> np.ndarray:
    """Who gave it before and after ((n, 2) bool)."""
    return np.column_stack([
        of[wave][name].notna() if name in of[wave] else np.zeros(len(of[wave]), bool) for wave in WAVES])


def _classes(panel: Panel, of: dict[str, pd.DataFrame], name: str) -> np.ndarray:
    """The classes of those who gave it, a column each (bool): before, after or both, with or without a school.

    What nobody gave twice is classed by who is matched, the unmatched first.
    """
    given = _given(of, name)
    patterns = [given @ (1, 2) == pattern for pattern in (1, 2, 3)]
    if not patterns[2].any():
        matched = panel.respondents[["pre", "post"]].notna().all(axis=1).to_numpy()
        patterns = [*(pattern & ~matched for pattern in patterns[:2]), *(pattern & matched for pattern in patterns[:2])]
    return np.column_stack([pattern & (panel.in_clusters == school) for pattern in patterns for school in (True, False)])


def _incomplete(panel: Panel, answers: dict, scores: dict, scale: str, its: list[str]) -> np.ndarray:
    """Groups (bool, a column each) whose answers scale and items together would tell: those who skipped items, before,
    after and among the matched, and those with answers but no score, before and after."""
    skipped, scoreless = [], []
    for wave in WAVES:
        given = answers[wave][[item for item in its if item in panel.asked[wave]]].notna()
        scored = scores[wave][scale].notna()
        skipped.append(scored & ~given.all(axis=1))
        scoreless.append(~scored & given.any(axis=1))
    matched = _given(scores, scale).all(axis=1)
    return np.column_stack([*skipped, matched & (skipped[0] | skipped[1]), *scoreless])


def _leaving(panel: Panel, policy: Policy, of: dict[str, pd.DataFrame], name: str) -> np.ndarray:
    """Who is in a class that is too small, or in one of unmatched respondents that all gave one answer."""
    classes = _classes(panel, of, name)
    leaving = ~policy.kept(classes)
    for at, wave in enumerate(WAVES):
        for members in classes.T[2 * at:2 * at + 2]:
            if members.any() and of[wave][name][members & ~leaving].nunique() == 1:
                leaving |= members
    return leaving


def _alike(of: dict[str, pd.DataFrame], name: str) -> bool:
    """Whether all, or all the matched, gave one answer in a survey, or changed alike."""
    values = [of[wave][name].to_numpy(float) if name in of[wave] else np.full(len(of[wave]), np.nan) for wave in WAVES]
    both = np.isfinite(values[0]) & np.isfinite(values[1])
    bases = [*values, *(one[both] for one in values), (values[1] - values[0])[both]]
    return any(base.size and np.ptp(base) < ALIKE for base in (base[np.isfinite(base)] for base in bases))


def _without(of: dict[str, pd.DataFrame], name: str, leaving: np.ndarray) -> bool:
    """Make empty what these gave; whether there was any."""
    found = bool((_given(of, name) & leaving[:, None]).any())
    for wave in WAVES if found else ():
        if name in of[wave]:
            of[wave][name] = of[wave][name].mask(leaving)
    return found
