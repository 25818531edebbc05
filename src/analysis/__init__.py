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
    "reliability_table": "measurement",
    "change_table": "change",
    "sensitivity_table": "change",
    "item_answers_table": "items",
    "item_change_table": "items",
    "numbers_table": "items",
    "background_answers": "items",
    "scales_overview": "items",
    "change_by_country": "across",
    "pooled_table": "across",
    "StudyError": "errors",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str):
    if name in ("across", "exhibits", "wording"):
        return import_module(f"{__name__}.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module “analysis” has no attribute “{name}”")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__():
    return __all__
