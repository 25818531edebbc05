"""REML of the mixed model score ~ post + (1 | school) + (1 | teacher), in closed form per school.

Within a school, teachers of one pattern (linked, pre only, post only) may swap places without changing the
model, so all that the model knows of a school lies in four directions: the normalised sums over its linked
teachers of (pre + post) / sqrt 2 and of (post - pre) / sqrt 2, and over its pre-only and post-only answers.
There the covariance over the residual variance is diag(1 + 2 t, 1, 1 + t, 1 + t) + r ss', where t and r are
the teacher and school variances over the residual one and s = (sqrt 2 nl, 0, sqrt na, sqrt nb). What is left
enters by three pooled sums of squares. Equals `lme4::lmer(..., REML = TRUE)` (Bates et al. 2015, JSS 67).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize, root

from analysis.statistics.answers import Answers

TEACHER, WAVE = np.array([2.0, 0.0, 1.0, 1.0]), np.array([0.5, 0.5, 0.0, 1.0])  # by direction
SCHOOL_GRID = np.log1p([0.0, 0.1, 0.5, 2.0, 10.0, 100.0, 1e4])
TEACHER_GRID = np.log1p([0.0, 0.2, 0.7, 2.0, 6.0, 40.0, 1e3])
BOUND = np.log1p(1e12)
NO_RESIDUAL = 1e8


@dataclass(frozen=True)
class SchoolSums:
    """What the model knows of J schools in four directions, each wave's answers taken from that wave's mean.

    The directions: linked (pre + post) / sqrt 2, linked (post - pre) / sqrt 2, pre-only and post-only answers.
    `counts`: (J, 4) how many each has. `y`: (J, 4) their sums over the root of their number. `within`: (4,) the pooled
    sums of squares about the school's mean. `start`: the waves' means.
    """

    counts: np.ndarray
    y: np.ndarray
    within: np.ndarray
    start: tuple[float, float]


def columns_of(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(J, 4) the intercept's column, which is the school's direction too, and (J, 4) that of the wave."""
    return np.sqrt(counts * TEACHER), np.sqrt(counts * WAVE)


def school_sums(answers: Answers, codes: np.ndarray, count: int) -> SchoolSums:
    """The sums of `count` schools; `codes`: (n,) the school of each respondent."""
    has_pre, has_post = ~answers.post_only, ~answers.pre_only
    start = float(answers.pre[has_pre].mean()), float(answers.post[has_post].mean())
    pre, post = answers.pre - start[0], answers.post - start[1]
    linked = answers.linked
    numbers, sums, squares = [], [], []
    for part, values in (
        (linked, (pre[linked] + post[linked]) / np.sqrt(2)),
        (linked, (post[linked] - pre[linked]) / np.sqrt(2)),
        (answers.pre_only, pre[answers.pre_only]),
        (answers.post_only, post[answers.post_only]),
    ):
        school = codes[part]
        number = np.bincount(school, minlength=count)
        total = np.bincount(school, weights=values, minlength=count)
        residual = values - (total / np.maximum(number, 1))[school]
        numbers.append(number.astype(float))
        sums.append(total / np.sqrt(np.maximum(number, 1)))
        squares.append(float(residual @ residual))
    return SchoolSums(np.stack(numbers, axis=1), np.stack(sums, axis=1), np.array(squares), start)


@dataclass(frozen=True)
class Optimum:
    """The REML fit: variances of schools and teachers over the residual one, and what follows from them.

    `beta`: (2,) intercept and change, less the waves' means in `SchoolSums.start`. `M`: (2, 2) inverse of
    X'W^-1 X. `criterion`: -2 log restricted likelihood up to a constant. `residual_variance`: sigma².
    """

    school: float
    teacher: float
    beta: np.ndarray
    M: np.ndarray
    residual_variance: float
    criterion: float

    @property
    def leaves_no_residual(self) -> bool:
        """Whether the residual variance vanishes beside the others, as where they explain every answer."""
        return max(self.school, self.teacher) > NO_RESIDUAL


class Criterion:
    """-2 log restricted likelihood, the residual variance profiled out, as a function of both ratios."""

    def __init__(self, sums: SchoolSums):
        (self.s, self.x), self.y, self.squares = columns_of(sums.counts), sums.y, sums.within
        self.number = sums.counts.sum(axis=0)
        self.free = self.number.sum() - 2

    def within(self, teacher: float):
        """What does not depend on the school's ratio.

        Within schools everything is weighted by w = 1 / (1 + t T): w (4,), its sums of weights c (J,), the
        weighted means of wave and score bx, by (J,), deviations from them xw, yw (J, 4), and their products.
        """
        s, x, y = self.s, self.x, self.y
        w = 1 / (1 + teacher * TEACHER)
        ws = w * s
        c = (ws * s).sum(axis=1)
        bx, by = (ws * x).sum(axis=1) / c, (ws * y).sum(axis=1) / c
        xw, yw = x - s * bx[:, None], y - s * by[:, None]
        return w, c, bx, by, xw, yw, (w * xw * xw).sum(), (w * xw * yw).sum()

    def values(self, schools: np.ndarray, teacher: float) -> np.ndarray:
        """The criterion (K,) at K ratios of the school and one of the teacher, for a coarse search."""
        w, c, bx, by, _, yw, axx, axy = self.within(teacher)
        ayy = (w * yw * yw).sum() + w @ self.squares
        by = by - by.mean()
        omega = c / (1 + schools[:, None] * c)
        weight = omega.sum(axis=1)
        mx, my = omega @ bx / weight, omega @ by / weight
        sxx = axx + omega @ (bx * bx) - weight * mx * mx
        sxy = axy + omega @ (bx * by) - weight * mx * my
        rss = ayy + omega @ (by * by) - weight * my * my - sxy * sxy / sxx
        return (
            np.log1p(schools[:, None] * c).sum(axis=1) - self.number @ np.log(w)
            + np.log(weight) + np.log(sxx) + self.free * np.log(np.maximum(rss, 1e-300))
        )

    def at(self, school: float, teacher: float) -> tuple[float, np.ndarray, Optimum]:
        """Criterion, its gradient (2,) with respect to both ratios, and the fit at these ratios.

        Between schools it is a regression of the weighted school means on their share of post answers,
        weighted by omega = c / (1 + s c).
        """
        w, c, bx, by, xw, yw, axx, axy = self.within(teacher)
        s, ws = self.s, w * self.s
        omega = c / (1 + school * c)

        weight = omega.sum()
        mx, my = (omega @ bx) / weight, (omega @ by) / weight
        dx, dy = bx - mx, by - my
        sxx = axx + omega @ (dx * dx)
        change = (axy + omega @ (dx * dy)) / sxx
        beta = np.array([my - change * mx, change])
        M = np.array([[1 / weight + mx * mx / sxx, -mx / sxx], [-mx / sxx, 1 / sxx]])

        rb = dy - change * dx
        rw = yw - change * xw
        rss = (w * rw * rw).sum() + w @ self.squares + omega @ (rb * rb)
        value = (np.log1p(school * c).sum() - self.number @ np.log(w) + np.log(weight) + np.log(sxx)
                 + self.free * np.log(rss))

        o2 = omega * omega
        z = M[0, 0] + 2 * M[0, 1] * bx + M[1, 1] * bx * bx
        g_school = weight - o2 @ z - self.free / rss * (o2 @ (rb * rb))
        shrink = (omega / c)[:, None]
        u0 = ws * shrink
        u1 = w * (xw + s * bx[:, None] * shrink)
        ur = w * (rw + s * rb[:, None] * shrink)
        dc = -(ws * ws * TEACHER).sum(axis=1)
        g_teacher = (
            school * (dc / (1 + school * c)).sum() + self.number @ (TEACHER * w)
            - (TEACHER * (M[0, 0] * u0 * u0 + 2 * M[0, 1] * u0 * u1 + M[1, 1] * u1 * u1)).sum()
            - self.free / rss * ((TEACHER * ur * ur).sum() + self.squares @ (TEACHER * w * w))
        )
        fit = Optimum(school, teacher, beta, M, rss / self.free, value)
        return value, np.array([g_school, g_teacher]), fit


def reml_optimum(sums: SchoolSums, school: bool, teacher: bool) -> Optimum:
    """The global REML optimum over non-negative variance ratios; one that is False stays 0.

    A grid that includes the boundaries, then a bounded quasi-Newton search from its local minima, then
    the root of the analytic gradient, all in log(1 + ratio) (the school's ratio times the mean number
    of answers per school), where the boundary is an ordinary point.
    """
    criterion = Criterion(sums)
    size = np.array([sums.counts.sum() / len(sums.counts), 1.0])
    free = np.array([school, teacher])

    def at(v):
        value, gradient, fit = criterion.at(*(np.expm1(v) / size))
        return value, gradient * np.exp(v) / size, fit

    grid = [SCHOOL_GRID if school else [0.0], TEACHER_GRID if teacher else [0.0]]
    schools = np.expm1(grid[0]) / size[0]
    values = np.stack([criterion.values(schools, t) for t in np.expm1(grid[1])], axis=1)
    ends = []
    for i, j in _local_minima(values):
        found = minimize(
            lambda v: at(v)[:2], [grid[0][i], grid[1][j]], jac=True, method="L-BFGS-B",
            bounds=[(0.0, BOUND if f else 0.0) for f in free], options={"ftol": 1e-15, "gtol": 1e-9},
        )
        ends.append((found.fun, tuple(found.x)))
    return at(_polished(at, np.array(min(ends)[1]), free))[2]


def _local_minima(values: np.ndarray) -> list[tuple[int, int]]:
    padded = np.pad(values, 1, constant_values=np.inf)
    around = [padded[1 + a : 1 + a + values.shape[0], 1 + b : 1 + b + values.shape[1]]
              for a in (-1, 0, 1) for b in (-1, 0, 1)]
    lowest = values <= np.min(around, axis=0)
    best = np.argwhere(lowest)
    order = np.argsort(values[lowest], kind="stable")
    return [tuple(best[k]) for k in order[:4]]


def _polished(at, v: np.ndarray, free: np.ndarray) -> np.ndarray:
    """The root of the gradient near `v`, on the ratios that are not held at the boundary."""
    inner = free & (v > 0)
    if not inner.any():
        return v

    def placed(part: np.ndarray) -> np.ndarray:
        whole = v.copy()
        whole[inner] = np.clip(part, 0.0, BOUND)
        return whole

    def slope(part: np.ndarray) -> np.ndarray:
        return at(placed(part))[1][inner]

    found = root(slope, v[inner], tol=1e-13)
    near = np.abs(found.x - v[inner]).max() < 0.01 and np.abs(found.fun).max() < np.abs(slope(v[inner])).max()
    return placed(found.x) if near else v
