"""How precise a change will be known: the expected interval from numbers of respondents and schools alone."""

from __future__ import annotations

from math import inf, sqrt

from scipy.special import stdtrit


def expected_half_width(matched: float, schools: int, sd_change: float, icc: float) -> float:
    """Half the expected width of the 95 % interval of a mean change, in the unit of `sd_change`.

    `matched` respondents spread evenly over `schools`, whose changes have the standard deviation `sd_change` and the
    intraclass correlation `icc`: t(schools − 1) · sd · √((1 + (matched / schools − 1) · icc) / matched), infinite with
    fewer than two schools. Source: the design effect of Kish (1965), Survey Sampling; R: `qt(.975, schools - 1) * ...`.
    """
    if schools < 2 or matched < schools:
        return inf
    effect = 1 + (matched / schools - 1) * icc
    return float(stdtrit(schools - 1, 0.975)) * sd_change * sqrt(effect / matched)
