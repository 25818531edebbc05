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
    "read_study": "study.folder",
    "read_responses": "responses",
    "panel": "scales",
    "participation_table": "questions.participation",
    "linking_table": "questions.participation",
    "false_links_table": "questions.participation",
    "reliability_table": "questions.measurement",
    "one_factor_fit_table": "questions.one_factor_fit",
    "change_table": "questions.change",
    "sensitivity_table": "questions.sensitivity",
    "item_answers_table": "questions.items",
    "item_change_table": "questions.items",
    "numbers_table": "questions.items",
    "background_answers": "questions.items",
    "scales_overview": "questions.items",
    "robustness_table": "questions.robustness",
    "who_left_table": "questions.attrition",
    "attrition_delta_table": "questions.attrition_delta",
    "attrition_to_zero_table": "questions.attrition_delta",
    "lost_by_school": "questions.attrition",
    "ceiling_table": "questions.measurement",
    "item_reliability_table": "questions.measurement",
    "item_means_table": "questions.items",
    "disagreements": "questions.items",
    "design_table": "questions.design",
    "association_table": "questions.association",
    "retrospective_table": "questions.retrospective",
    "change_by_school_table": "questions.schools_change",
    "open_answers_table": "questions.open_answers",
    "open_answer_categories_table": "questions.open_answers",
    "open_answers_paragraphs": "questions.open_answers",
    "change_by_country": "questions.across",
    "pooled_table": "questions.across",
    "pooled_half_normal_table": "questions.across",
    "StudyError": "errors",
}
_MODULES = {
    "across": "questions.across", "closing": "wording.closing", "exhibits": "exhibits", "quality": "quality",
    "wording": "wording",
}
__all__ = sorted((*_HOMES, *_MODULES))


def __getattr__(name: str):
    if name in _MODULES:
        return import_module(f"{__name__}.{_MODULES[name]}")
    if name not in _HOMES:
        raise AttributeError(f"module “analysis” has no attribute “{name}”")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__():
    return __all__
