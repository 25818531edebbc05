"""The figures of a report: each function takes a panel and its tables and gives an `Exhibit`, or several.

`Report.figure` shows and saves one in a notebook; `analysis figures` writes them as files.
"""

from .across import forest_figures
from .answers import answer_figures
from .country import (
    change_figure,
    individual_changes_figure,
    labels,
    method_figures,
    participation_figure,
    scale_means_figures,
)
from .exhibit import Exhibit

__all__ = [
    "Exhibit", "answer_figures", "change_figure", "forest_figures", "individual_changes_figure", "labels",
    "method_figures", "participation_figure", "scale_means_figures",
]
