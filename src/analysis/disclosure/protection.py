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

    On each scale and each closed item the respondents are matched, baseline only or follow-up only, with or without a
    school. A class of 1 to `minimum_group` - 1 respondents has no answer there. Scores of the retrospective wave stay
    where at least `minimum_group` respondents gave the same waves. Open answers are only counted, so they stay.
    """
    policy = policy or Policy.of(panel.study)
    items = panel.study.codebook.items
    closed = list(items.index[items["kind"] != "text"])
    answers, scores = ({wave: frame.copy() for wave, frame in of.items()} for of in (panel.answers, panel.scores))
    left = set()
    for of, names in ((answers, closed), (scores, list(panel.items))):
        for name in names:
            given = np.column_stack([of[wave][name].notna() for wave in WAVES if name in of[wave]])
            if _leave(of, name, WAVES, given, panel.in_clusters, policy):
                left.add(name)
    if THEN in scores:
        for name in panel.items:
            given = np.column_stack([scores[wave][name].notna() for wave in (THEN, *WAVES)])
            given[~given[:, 0]] = False
            _leave(scores, name, (THEN,), given, panel.in_clusters, policy)
    own = {field.name: getattr(panel, field.name) for field in fields(Panel)}
    return ProtectedPanel(**own | {"answers": answers, "scores": scores}, policy=policy, left=frozenset(left))


def _leave(of: dict[str, pd.DataFrame], name: str, waves: tuple[str, ...], given: np.ndarray, in_school: np.ndarray,
           policy: Policy) -> bool:
    """Take the answers of too small classes out of `of`; whether there were any."""
    answered = given.any(axis=1)
    pattern = given @ (1 << np.arange(given.shape[1]))
    leaving = answered & ~policy.kept(np.column_stack([pattern, in_school]))
    if leaving.any():
        for wave in waves:
            if name in of[wave]:
                of[wave][name] = of[wave][name].mask(leaving)
    return bool(leaving.any())
