"""The answers of two waves, one entry per respondent, and the clusters they belong to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.notes import Note, note


@dataclass(frozen=True)
class Clusters:
    """Clusters that standard errors are computed over.

    `codes`: (n,) integers 0 .. count - 1. `are_respondents` says that there are fewer than two clusters,
    so that each respondent is a cluster, and `note` then says what this means.
    """

    codes: np.ndarray
    count: int
    are_respondents: bool
    note: tuple[Note, ...]

    @property
    def one_decides(self) -> Note:
        """Why there is no standard error where one cluster alone decides."""
        return note("one_respondent_decides") if self.are_respondents else note("one_school_decides")

    def few(self, df: float) -> tuple[Note, ...]:
        """A note on the width of intervals where clusters are few (two or three, or df under 4)."""
        if not self.count or (self.count > 3 and not df < 4):
            return ()
        if self.are_respondents:
            return (note("few_respondents"),)
        return (note("few_schools") if self.count <= 3 else note("unequal_schools"),)

    def few_for_cr2(self, df: float) -> tuple[Note, ...]:
        """`few`, and with df under 4 that CR2's p and interval are themselves unreliable (Pustejovsky & Tipton 2018)."""
        return (*self.few(df), *((note("unreliable_p"),) if not self.are_respondents and df < 4 else ()))


def clusters_of(cluster, n: int) -> Clusters:
    """The clusters of `n` respondents; each respondent is one where `cluster` is None or all the same."""
    if cluster is not None and n:
        names, codes = np.unique(np.asarray(cluster), return_inverse=True)
        if len(names) > 1:
            return Clusters(codes.reshape(-1), len(names), False, ())
    why = note("schools_unknown") if cluster is None or not n else note("one_school")
    return Clusters(np.arange(n), n, True, (why,))


@dataclass(frozen=True)
class Answers:
    """Answers of the respondents who gave at least one.

    `pre`, `post`: (n,) floats, nan where missing. `cluster`: (n,) codes or None.
    `linked`, `pre_only`, `post_only`: (n,) booleans that part the respondents.
    """

    pre: np.ndarray
    post: np.ndarray
    cluster: np.ndarray | None
    linked: np.ndarray
    pre_only: np.ndarray
    post_only: np.ndarray

    @property
    def n_matched(self) -> int:
        return int(self.linked.sum())

    @property
    def n_pre(self) -> int:
        return self.n_matched + int(self.pre_only.sum())

    @property
    def n_post(self) -> int:
        return self.n_matched + int(self.post_only.sum())

    @property
    def counts(self) -> dict[str, int]:
        """The counts that go into an `Estimate` made of all answers."""
        return {"n": len(self.pre), "n_pre": self.n_pre, "n_post": self.n_post, "n_matched": self.n_matched}

    @property
    def largest(self) -> float:
        """The largest answer, whatever its sign: what rounding is small beside."""
        return float(np.nanmax(np.abs([self.pre, self.post]), initial=0.0))

    def matched(self) -> Answers:
        """The respondents with both answers alone."""
        return _part(self.pre, self.post, self.cluster, self.linked)

    def change(self) -> np.ndarray:
        """Post minus pre of the linked respondents, in their order."""
        return self.post[self.linked] - self.pre[self.linked]


def answers_of(pre, post, cluster=None) -> Answers:
    """Answers without the respondents who gave none; a value that is not finite is a missing answer."""
    pre, post = (np.asarray(values, float).reshape(-1) for values in (pre, post))
    pre, post = (np.where(np.isfinite(values), values, np.nan) for values in (pre, post))
    cluster = None if cluster is None else np.asarray(cluster).reshape(-1)
    return _part(pre, post, cluster, np.isfinite(pre) | np.isfinite(post))


def _part(pre, post, cluster, keep) -> Answers:
    if not keep.all():
        pre, post = pre[keep], post[keep]
        cluster = None if cluster is None else cluster[keep]
    has_pre, has_post = np.isfinite(pre), np.isfinite(post)
    return Answers(pre, post, cluster, has_pre & has_post, has_pre & ~has_post, has_post & ~has_pre)


def is_constant(values: np.ndarray, scale: float = 0.0) -> bool:
    """Whether values differ by no more than rounding (relative to their size and to `scale`)."""
    if not len(values):
        return True
    size = max(float(np.abs(values).max()), scale)
    return float(np.ptp(values)) <= 1e-12 * size
