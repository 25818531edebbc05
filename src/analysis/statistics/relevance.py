"""Whether a change matters, and how small a change the study could have found."""

from __future__ import annotations

from math import inf, isfinite, isnan, nan

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
    p = tost_p(estimate, smallest_change)
    if isnan(p):
        return ""
    reach = t.ppf(0.975, estimate.df) * estimate.se
    if abs(estimate.estimate) - reach > smallest_change:
        return RELEVANT
    if p < 0.05:
        return EQUIVALENT if abs(estimate.estimate) <= reach else TOO_SMALL
    return INCONCLUSIVE


def tost_p(estimate: Estimate, smallest_change: float | None) -> float:
    """p value of the equivalence test: the larger of two one-sided t tests against -d and +d.

    It is below .05 exactly if the 90 % interval lies inside ±d. nan where `verdict` is empty.
    Raises ValueError if the smallest change is not positive. Source: Schuirmann (1987).
    """
    d = nan if smallest_change is None else smallest_change
    if d <= 0:
        raise ValueError(f"A smallest change of interest is a positive number, not {smallest_change}.")
    if not (isfinite(d) and _has_interval(estimate)):
        return nan
    return float(t.cdf((abs(estimate.estimate) - d) / estimate.se, estimate.df))


def minimum_detectable_effect(estimate: Estimate) -> Estimate:
    """The true change that a study with this standard error finds with 80 % power at 5 %, two-sided, as a range.

    (t.975 + t.80) · SE with the estimate's df, in the estimate's points; power is by the shifted t distribution. The
    standard error is itself estimated: its 95 % interval is SE · √(df / χ²) at .975 and .025 with its df, and the limits
    follow. With few clusters they lie far apart. It describes the design, not the result.
    Source: Bloom (1995), Evaluation Review.
    """
    if not _has_interval(estimate):
        return Estimate()
    df = estimate.df
    effect = float((t.ppf(0.975, df) + t.ppf(0.80, df)) * estimate.se)
    shrink, stretch = (1.0, 1.0) if df == inf else np.sqrt(df / chi2.ppf([0.975, 0.025], df))
    return Estimate(effect, low=float(effect * shrink), high=float(effect * stretch))


def _has_interval(estimate: Estimate) -> bool:
    return estimate.exists and isfinite(estimate.se) and estimate.se > 0 and estimate.df > 0
