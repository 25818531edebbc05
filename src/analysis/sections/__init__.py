"""The sections of the reports, in reading order: a file each, with its estimate, its table, its figure and its text.

A section is a module with any of `ESTIMATES` (the tables it computes, by name), `PUBLISHED` (those of them whose published
form is made of other published tables), `main(results)` (its part of the main report) and `annex(results)` (its part of the
technical annex); both give blocks, or nothing where there is nothing to show.
"""

from __future__ import annotations

from analysis.sections import (
    across,
    attrition,
    background,
    change,
    correlates,
    dictionary,
    dosage,
    effect_sizes,
    items,
    iterations,
    leaders,
    limitations,
    matching,
    measures,
    mentors,
    methods,
    monitoring,
    open_answers,
    participation,
    perceived,
    quality,
    relevance,
    retrospective,
    robustness,
    rubric,
    schools,
    setting,
    spread,
    strobe,
    summary,
)

COUNTRY = [
    summary, setting, participation, measures, change, effect_sizes, items, spread, schools, robustness, attrition,
    retrospective, perceived, iterations, dosage, rubric, leaders, mentors, limitations, matching, relevance, correlates,
    background, open_answers, methods, strobe, dictionary,
]
ACROSS = [
    across.summary, across.setting, across.participation, across.change, across.pooled, across.items,
    across.leaders, across.mentors, across.limitations, methods, dictionary,
]
BRIEF = [*ACROSS, across.brief]
QUALITY = [quality]
MONITORING = [monitoring]
