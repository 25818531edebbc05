"""The protected sample: whom the published analyses of a country are about, decided before anything is computed."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from analysis.disclosure.policy import Policy
from analysis.scales import THEN, WAVES, Panel

PUBLIC = Policy(1)


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
    or without a school. Those in a class of 1 to `minimum_group` - 1, or in a class without both waves that all gave one
    answer, leave the scale with its items; so do those with incomplete answers where they are as few, since scale and
    items would tell their answers. The items of a scale have their classes within that. What only one wave asked is
    classed by who is matched. A constant that both waves asked is published at baseline only. Retrospective scores stay
    where at least `minimum_group` respondents gave the same waves. Open answers are only counted, so they stay.
    """
    policy = policy or Policy.of(panel.study)
    items = panel.study.codebook.items
    answers, scores = ({wave: frame.copy() for wave, frame in of.items()} for of in (panel.answers, panel.scores))
    own = {field.name: getattr(panel, field.name) for field in fields(Panel)} | {"answers": answers, "scores": scores}
    if policy.public:
        return ProtectedPanel(**own, policy=policy)
    left = set()
    for scale, its in panel.items.items():
        given = _given(scores, scale)
        incomplete = np.zeros(len(given), bool)
        for wave in WAVES:
            incomplete |= (scores[wave][scale].notna() & ~panel.complete[wave][scale].astype(bool)).to_numpy()
        leaving = _small(panel, policy, scores, scale) | (incomplete if policy.small(incomplete.sum()) else False)
        for name in (scale, *its):
            _without(scores if name == scale else answers, name, leaving)
        if (leaving & given.any(axis=1)).any():
            left.add(scale)
    for item, row in items.loc[items["kind"] != "text"].iterrows():
        if row["constant"] and all(item in panel.asked[wave] for wave in WAVES):
            answers["post"][item] = answers["post"][item].mask(np.ones(len(answers["post"]), bool))
        leaving = _small(panel, policy, answers, item)
        _without(answers, item, leaving)
        if leaving.any():
            left.add(item)
    for scale in panel.items if THEN in scores else ():
        given = np.column_stack([scores[wave][scale].notna() for wave in (THEN, *WAVES)])
        kept = policy.kept(np.column_stack([given, panel.in_clusters]))
        scores[THEN][scale] = scores[THEN][scale].where(kept)
    return ProtectedPanel(**own, policy=policy, left=frozenset(left))


def _given(of: dict[str, pd.DataFrame], name: str) -> np.ndarray:
    return np.column_stack([
        of[wave][name].notna() if name in of[wave] else np.zeros(len(of[wave]), bool) for wave in WAVES])


def _small(panel: Panel, policy: Policy, of: dict[str, pd.DataFrame], name: str) -> np.ndarray:
    """Who is in a class of the scale or item that is too small, or that all gave one answer though not matched."""
    given = _given(of, name)
    answered = given.any(axis=1)
    pattern = given @ (1, 2)
    if not given.all(axis=1).any():
        pattern = pattern + 4 * panel.respondents[["pre", "post"]].notna().all(axis=1).to_numpy()
    classes = np.column_stack([answered, pattern, panel.in_clusters])
    leaving = answered & ~policy.kept(classes)
    for wave, alone in zip(WAVES, (1, 2), strict=True):
        for school in (True, False):
            members = answered & ~leaving & (pattern == alone) & (panel.in_clusters == school)
            if members.any() and of[wave][name][members].nunique() == 1:
                leaving |= members
    return leaving


def _without(of: dict[str, pd.DataFrame], name: str, leaving: np.ndarray) -> None:
    for wave in WAVES:
        if leaving.any() and name in of[wave]:
            of[wave][name] = of[wave][name].mask(leaving)
