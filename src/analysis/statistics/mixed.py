"""The main estimate: change from a mixed model on all answers, with CR2 standard error over schools."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import nan

import numpy as np

from analysis.notes import Note, note
from analysis.statistics.answers import Answers, Clusters, answers_of, clusters_of, is_constant
from analysis.statistics.cr2 import NULL_VARIANCE, satterthwaite
from analysis.statistics.estimate import Estimate
from analysis.statistics.reml import TEACHER, Optimum, columns_of, reml_optimum, school_sums

METHOD = "mixed_cr2"
NULL_SINGULAR_VALUE = 1e-6  # the root of clubSandwich's tolerance for eigenvalues


@dataclass(frozen=True)
class MixedFit:
    """Variance components of score ~ post + (1 | school) + (1 | teacher) by REML, in squared scale points.

    Components that the data cannot tell apart, or that are fixed by rule, are nan and `note` says why. `icc_score` is
    the share of the variance of scores that lies between schools. `criterion` is -2 log restricted likelihood plus a
    constant.
    """

    change: float = nan
    var_school: float = nan
    var_teacher: float = nan
    var_residual: float = nan
    criterion: float = nan
    note: tuple[Note, ...] = ()

    @property
    def icc_score(self) -> float:
        return self.var_school / (self.var_school + self.var_teacher + self.var_residual)


def mixed_change(pre, post, cluster=None) -> Estimate:
    """Change in a score between two waves, from all answers, linked or not, in scale points.

    `pre`, `post`: (n,) floats, one entry per respondent, nan where that answer is missing. `cluster`: (n,)
    codes of schools, or None. The fixed effect of the wave in a REML fit of score ~ post + (1 | school) +
    (1 | teacher), its CR2 standard error and Satterthwaite degrees of freedom over schools; with fewer than
    two schools the respondents are the clusters. What cannot be computed is nan, and `note` says why. With one matched
    respondent the variance between respondents is fixed at 0 by rule and the note says so; lme4 would estimate it from
    that single pair. Otherwise equal to lme4 and clubSandwich:
    Bates et al. (2015), JSS 67; Bell & McCaffrey (2002); Pustejovsky & Tipton (2018), JBES 36.
    R: `clubSandwich::coef_test(lme4::lmer(...), vcov = "CR2", cluster = school, test = "Satterthwaite")`.
    """
    answers = answers_of(pre, post, cluster)
    clusters = clusters_of(answers.cluster, len(answers.pre))
    model, change, notes = _fitted(answers, clusters)
    start = Estimate(**answers.counts, n_clusters=clusters.count, method=METHOD, note=(*clusters.note, *notes))
    if model is None:
        return start.with_t_interval(change, nan, nan)
    return _with_cr2(start, change, _cr2_of_change(model), clusters)


def mixed_difference(first, second) -> Estimate:
    """Difference between two changes in a score, `second` minus `first`, each by `mixed_change`.

    `first`, `second`: pre, post and cluster of each (as `mixed_change` takes them), with the same codes for the same
    schools. Each has variance components of its own. The CR2 standard error is over the schools of both, so that it allows
    for whatever a school's two changes share: its climate, or teachers who took part twice. Each needs two schools.
    Counts are of both together. Bell & McCaffrey (2002); Pustejovsky & Tipton (2018).
    R: `nlme::lme(score ~ second * post, list(school = pdDiag(~ 0 + first + second), teacher = pdDiag(~ 0 + first +
    second)), weights = varIdent(form = ~ 1 | iteration))`, `clubSandwich::coef_test(..., "CR2", test = "Satterthwaite")`.
    """
    answers = [answers_of(*arguments) for arguments in (first, second)]
    clusters = [clusters_of(one.cluster, len(one.pre)) for one in answers]
    counts = {name: sum(one.counts[name] for one in answers) for name in answers[0].counts}
    start = Estimate(**counts, method=METHOD)
    if any(one.are_respondents for one in clusters):
        return start.noting(note("takes_schools", n=2))
    fitted = [_fitted(*each) for each in zip(answers, clusters, strict=True)]
    names, place = np.unique(np.concatenate([np.unique(one.cluster) for one in answers]), return_inverse=True)
    both = Clusters(np.arange(len(names)), len(names), False, ())
    start = replace(start, n_clusters=both.count, note=tuple(dict.fromkeys(n for _m, _c, notes in fitted for n in notes)))
    change = fitted[1][1] - fitted[0][1]
    if any(model is None for model, _change, _notes in fitted):
        return start.with_t_interval(change, nan, nan)
    places = np.split(place.reshape(-1), [clusters[0].count])
    parts = [_cr2_of_change(model) for model, _change, _notes in fitted]
    influence, g, h = np.zeros(both.count), np.zeros(both.count), np.zeros((both.count, 4))
    for at, (own, part) in enumerate(zip(places, parts, strict=True)):
        influence[own] += (2 * at - 1) * part.influence
        g[own] += part.g
        h[own, 2 * at:2 * at + 2] = part.h
    return _with_cr2(start, change, _Parts(influence, g, h, parts[0].variance + parts[1].variance), both)


def _with_cr2(start: Estimate, change: float, parts: _Parts, clusters: Clusters) -> Estimate:
    """The change with its CR2 standard error and Satterthwaite df, or the note that says why it has none."""
    df, expected = (float(one[0]) for one in satterthwaite(parts.g[:, None], parts.h[:, None, :]))
    variance = float((parts.influence**2).sum())
    if expected < (1 - 1e-6) * parts.variance or not np.isfinite(df):
        return start.with_t_interval(change, nan, nan).noting(clusters.one_decides)
    if variance <= NULL_VARIANCE * parts.variance:
        return start.with_t_interval(change, nan, nan).noting(note("schools_alike"))
    return start.with_t_interval(change, variance, df).noting(*clusters.few_for_cr2(df))


def mixed_fit(pre, post, cluster=None) -> MixedFit:
    """The variance components behind `mixed_change`, for the same arguments.

    R: `lme4::VarCorr(lme4::lmer(score ~ post + (1 | school) + (1 | teacher)))`.
    """
    answers = answers_of(pre, post, cluster)
    model, change, notes = _fitted(answers, clusters_of(answers.cluster, len(answers.pre)))
    if model is None:
        return MixedFit(change=change, note=notes)
    fit = model.fit
    sigma2 = fit.residual_variance
    return MixedFit(
        change=change,
        var_school=float(fit.school * sigma2) if model.tells_schools else nan,
        var_teacher=float(fit.teacher * sigma2) if model.tells_teachers else nan,
        var_residual=float(sigma2),
        criterion=float(fit.criterion),
        note=notes,
    )


def _fitted(answers: Answers, clusters: Clusters) -> tuple[_Model | None, float, tuple[Note, ...]]:
    """The model, its change and its notes; no model where nothing can be estimated or no residual variance is left."""
    if not answers.n_pre:
        return None, nan, (note("no_baseline"),)
    if not answers.n_post:
        return None, nan, (note("no_follow_up"),)
    if min(answers.n_pre, answers.n_post) == 1:
        return None, nan, (note("too_few_to_estimate"),)
    pre, post, change = answers.pre[~answers.post_only], answers.post[~answers.pre_only], answers.change()
    if is_constant(np.concatenate([pre, post])):
        return None, nan, (note("constant_answers"),)
    if len(change) > 1 and is_constant(change, answers.largest):
        return None, float(change.mean()), (note("same_change"), note("no_residual"))
    if is_constant(pre, answers.largest) and is_constant(post, answers.largest):
        return None, float(post.mean() - pre.mean()), (note("constant_within_surveys"),)
    model = _Model(answers, clusters)
    if model.fit.leaves_no_residual:
        return None, model.change, (*model.note, note("no_residual"))
    return model, model.change, model.note


@dataclass(frozen=True)
class _Parts:
    """What the clusters (J,) add to a change: `influence` to the estimate; `g` and `h` (J, p) give the matrix of the
    influences' covariances under the model, diag(g) - h h' (`satterthwaite`). `variance` is the model's own."""

    influence: np.ndarray
    g: np.ndarray
    h: np.ndarray
    variance: float


class _Model:
    """The REML fit and the clusters' sums that its CR2 needs."""

    def __init__(self, answers: Answers, clusters: Clusters):
        per_school = np.bincount(clusters.codes)
        linked = answers.n_matched
        self.tells_schools = not clusters.are_respondents and bool(per_school.max() > 1)
        self.tells_teachers = linked > 1
        notes = []
        if linked < 2:
            notes.append(note("all_independent"))
        if not clusters.are_respondents:
            if not self.tells_schools:
                notes.append(note("one_per_school"))
            both = np.bincount(clusters.codes[~answers.post_only], minlength=clusters.count) * np.bincount(
                clusters.codes[~answers.pre_only], minlength=clusters.count
            )
            if not both.any():
                notes.append(note("different_schools"))
        self.note = tuple(notes)
        self.sums = school_sums(answers, clusters.codes, clusters.count)
        self.fit: Optimum = reml_optimum(self.sums, self.tells_schools, self.tells_teachers)
        self.change = self.sums.start[1] - self.sums.start[0] + float(self.fit.beta[1])


def _cr2_of_change(model: _Model) -> _Parts:
    """What each cluster adds to the change, by CR2.

    Schools with the same numbers of linked, pre-only and post-only respondents share their adjustment
    A = D'(D B D')^-1/2 D with D'D = V and B = V - X M X', here in the four directions of `SchoolSums`. With V = LL',
    D = L' and H = L^-1 X M X' L^-T, D B D' = F'F where F = (I - H)^1/2 L'L: the singular values of F lose half the
    digits that its squares would where V is badly conditioned.
    """
    sums, fit = model.sums, model.fit
    pattern, index = np.unique(sums.counts, axis=0, return_inverse=True)
    index = index.reshape(-1)
    s, x = columns_of(pattern)
    diagonal = 1 + fit.teacher * TEACHER * (pattern > 0)
    L = np.linalg.cholesky(fit.school * s[:, :, None] * s[:, None, :] + np.eye(4) * diagonal[:, :, None])
    values, vectors = np.linalg.eigh(fit.M)
    root = (vectors * np.sqrt(values)) @ vectors.T
    K = np.linalg.solve(L, np.stack([s, x], axis=2) @ root)

    leverage, E = np.linalg.eigh(K @ K.transpose(0, 2, 1))
    spare = np.sqrt(np.clip(1 - leverage, 0.0, 1.0))
    S = L.transpose(0, 2, 1) @ L
    _, size, Y = np.linalg.svd((E * spare[:, None, :]) @ E.transpose(0, 2, 1) @ S)
    null = size <= np.maximum(NULL_SINGULAR_VALUE, 1e-14 * size[:, :1])
    power = np.where(null, 0.0, 1 / np.where(null, 1.0, size))
    half = np.einsum("jka,jk,jkb,jb->ja", Y, power, Y, K @ root[1], optimize=True)
    weights = np.einsum("jab,jb->ja", L, half)
    spread = np.einsum("jab,jb->ja", S, half)

    residual = sums.y - s[index] * fit.beta[0] - x[index] * fit.beta[1]
    g, h = (spread**2).sum(axis=1), np.einsum("ja,jap->jp", spread, K)
    sigma2 = fit.residual_variance
    return _Parts((weights[index] * residual).sum(axis=1), g[index] * sigma2, h[index] * np.sqrt(sigma2),
                  float(fit.M[1, 1] * sigma2))
