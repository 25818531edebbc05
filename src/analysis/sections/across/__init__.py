"""The sections of the report across countries: the countries side by side on change, and pooled; never ranked.

They compute from the countries' tables at full precision and show numbers as published.
"""

from __future__ import annotations

from analysis.sections.across import (
    brief,
    change,
    items,
    leaders,
    limitations,
    mentors,
    participation,
    pooled,
    setting,
    summary,
)

__all__ = ["brief", "change", "items", "leaders", "limitations", "mentors", "participation", "pooled", "setting", "summary"]
