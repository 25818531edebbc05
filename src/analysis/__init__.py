"""Change between pre- and post-mentoring surveys.

The way of the data, each step one function:

    study = read_study("data/example")           study.toml and codebook
    responses = read_responses(study)            all exports, one row per respondent and wave
    estonia = panel(study, responses, "EE")      linked and scored, one row per respondent
    change_table(estonia)                        what changed, and how sure
"""

from __future__ import annotations

from importlib import import_module

_HOMES = {
    "read_study": "study",
    "read_responses": "responses",
    "panel": "scales",
    "participation_table": "participation",
    "linking_table": "participation",
    "false_links_table": "participation",
    "reliability_table": "measurement",
    "change_table": "change",
    "sensitivity_table": "sensitivity",
    "item_answers_table": "items",
    "item_change_table": "items",
    "numbers_table": "items",
    "background_answers": "items",
    "scales_overview": "items",
    "robustness_table": "robustness",
    "who_left_table": "attrition",
    "tipping_table": "attrition",
    "lost_by_school": "attrition",
    "ceiling_table": "measurement",
    "item_reliability_table": "measurement",
    "item_means_table": "items",
    "disagreements": "items",
    "design_table": "design",
    "association_table": "association",
    "retrospective_table": "retrospective",
    "change_by_school_table": "schools_change",
    "open_answers_table": "open_answers",
    "open_answer_categories_table": "open_answers",
    "open_answers_paragraphs": "open_answers",
    "change_by_country": "across",
    "pooled_table": "across",
    "StudyError": "errors",
}
_MODULES = (
    "across", "closing", "exhibits", "linking_words", "quality", "quality_findings", "quality_report", "quality_words",
    "wording",
)
__all__ = sorted((*_HOMES, *_MODULES))


def __getattr__(name: str):
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module “analysis” has no attribute “{name}”")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__():
    return __all__
