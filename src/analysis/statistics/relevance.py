"""Whether a change matters, and how small a change the study could have found."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite, nan

import numpy as np
from scipy.stats import chi2, t

from analysis.statistics.estimate import Estimate

RELEVANT = "relevant change"
TOO_SMALL = "change too small to matter"
EQUIVALENT = "equivalent"
INCONCLUSIVE = "inconclusive"


def verdict(estimate: Estimate, smallest_change: float | None) -> str:
    """What the interval of a change says about the smallest change of interest, in the estimate's points.

    "relevant change": the 95 % interval lies wholly beyond +d or -d. "change too small to matter": the 90 %
    interval lies inside ±d and the 95 % interval excludes 0. "equivalent": the 90 % interval lies inside and
    the 95 % interval includes 0. Otherwise "inconclusive". An empty text if there is no smallest change or
    the estimate has no standard error with degrees of freedom. Both intervals are t intervals from the
    estimate's own standard error and df. Raises ValueError if the smallest change is not positive.

    Source: Schuirmann (1987), Journal of Pharmacokinetics and Biopharmaceutics (two one-sided tests);
    Lakens (2017), Social Psychological and Personality Science.
    """
    d = _bound(smallest_change)
    if not (isfinite(d) and _has_interval(estimate)):
        return ""
    low, high = _interval(estimate, 0.95)
    if low > d or high < -d:
        return RELEVANT
    narrow_low, narrow_high = _interval(estimate, 0.90)
    if -d < narrow_low and narrow_high < d:
        return EQUIVALENT if low <= 0 <= high else TOO_SMALL
    return INCONCLUSIVE


def tost_p(estimate: Estimate, smallest_change: float | None) -> float:
    """p value of the equivalence test: the larger of two one-sided t tests against -d and +d.

    It is below .05 exactly if the 90 % interval lies inside ±d. nan where `verdict` is empty.
    Raises ValueError if the smallest change is not positive. Source: Schuirmann (1987).
    """
    d = _bound(smallest_change)
    if not (isfinite(d) and _has_interval(estimate)):
        return nan
    above_lower = t.sf((estimate.estimate + d) / estimate.se, estimate.df)
    below_upper = t.cdf((estimate.estimate - d) / estimate.se, estimate.df)
    return float(max(above_lower, below_upper))


@dataclass(frozen=True)
class DetectableEffect:
    """The smallest true change that a design finds, with the limits that its standard error leaves; nan without one."""

    estimate: float = nan
    low: float = nan
    high: float = nan


def minimum_detectable_effect(estimate: Estimate) -> DetectableEffect:
    """The true change that a study with this standard error finds with 80 % power at 5 %, two-sided, as a range.

    (t.975 + t.80) · SE with the estimate's df, in the estimate's points; power is by the shifted t distribution. The
    standard error is itself estimated: its 95 % interval is SE · √(df / χ²) at .975 and .025 with its df, and the limits
    follow. With few clusters they lie far apart. It describes the design, not the result.
    Source: Bloom (1995), Evaluation Review.
    """
    if not _has_interval(estimate):
        return DetectableEffect()
    df = estimate.df
    effect = float((t.ppf(0.975, df) + t.ppf(0.80, df)) * estimate.se)
    shrink, stretch = (1.0, 1.0) if df == inf else np.sqrt(df / chi2.ppf([0.975, 0.025], df))
    return DetectableEffect(effect, float(effect * shrink), float(effect * stretch))


def _bound(smallest_change: float | None) -> float:
    d = nan if smallest_change is None else float(smallest_change)
    if d <= 0:
        raise ValueError(f"A smallest change of interest is a positive number, not {smallest_change}.")
    return d


def _has_interval(estimate: Estimate) -> bool:
    return estimate.exists and isfinite(estimate.se) and estimate.se > 0 and estimate.df > 0


def _interval(estimate: Estimate, level: float) -> tuple[float, float]:
    reach = float(t.ppf(0.5 + level / 2, estimate.df)) * estimate.se
    return estimate.estimate - reach, estimate.estimate + reach
