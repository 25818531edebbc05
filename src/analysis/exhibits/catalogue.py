"""All kinds of figures that a study has, and what makes each."""

from __future__ import annotations

from collections.abc import Callable

from analysis.questions.across import change_by_country, pooled_half_normal_table, pooled_read_out, pooled_table
from analysis.questions.change import change_table
from analysis.questions.items import item_answers_table
from analysis.questions.participation import linking_table, participation_table
from analysis.questions.robustness import robustness_table
from analysis.questions.schools_change import change_by_school_table
from analysis.questions.sensitivity import sensitivity_table
from analysis.study.folder import Study

from ..scales import Panel
from ..words import _
from .across import forest_figures
from .change import change_figure, individual_changes_figures, scale_means_figures, school_change_figures
from .exhibit import Exhibit
from .items import answer_figures, item_change_figures
from .methods import method_figures
from .participation import flow_figure, participation_figure

COUNTRY: dict[str, Callable[[Panel], list[Exhibit]]] = {
    "participant-flow": lambda panel: [flow_figure(panel, participation_table(panel), linking_table(panel))],
    "participation": lambda panel: [participation_figure(panel, participation_table(panel))],
    "change": lambda panel: [change_figure(panel, change_table(panel))],
    "scale-means": lambda panel: scale_means_figures(panel, change_table(panel)),
    "individual-changes": individual_changes_figures,
    "change-by-school": lambda panel: school_change_figures(panel, change_by_school_table(panel)),
    "answers": lambda panel: answer_figures(panel, item_answers_table(panel)),
    "methods": lambda panel: method_figures(panel, sensitivity_table(panel), robustness_table(panel)),
}
"""The figures of one country, by kind, in the order of its report."""


def _forests(study: Study, panels: dict[str, Panel]) -> list[Exhibit]:
    by_country = change_by_country(panels)
    pooled = pooled_read_out(pooled_table(by_country, study), pooled_half_normal_table(by_country, study))
    return forest_figures(study, by_country, pooled)


ACROSS: dict[str, Callable[[Study, dict[str, Panel]], list[Exhibit]]] = {
    "forest": _forests,
    "items-by-country": item_change_figures,
}
"""The figures of all countries together, by kind."""


def titles() -> dict[str, str]:
    """The short title of each kind, which its caption begins with; the reports' notebooks have the same."""
    return {
        "participant-flow": _("Participant flow"),
        "participation": _("Teachers who answered before and after, by school"),
        "change": _("Change on each scale, after minus before"),
        "scale-means": _("Scale means before and after"),
        "individual-changes": _("Linked teachers by their own change on each scale"),
        "change-by-school": _("Change by school"),
        "answers": _("Answers to each item"),
        "methods": _("The change under each method"),
        "forest": _("Change in each country"),
        "items-by-country": _("Change on each item in each country"),
    }


def caption(exhibit: Exhibit) -> str:
    """The exhibit's whole caption: title, subject, and what n, intervals and data are."""
    title = titles()[exhibit.kind]
    return f"{title}: {exhibit.subject}. {exhibit.details}" if exhibit.subject else f"{title}. {exhibit.details}"
