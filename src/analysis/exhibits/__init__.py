"""The figures of a report: each function takes a panel and its tables and gives an `Exhibit`, or several.

`Report.figure` shows and saves one in a notebook; `analysis figures` writes them as files.
"""

from .across import forest_figures
from .change import change_figure, individual_changes_figures, scale_means_figures, school_change_figures
from .exhibit import Exhibit, labels
from .items import answer_figures, item_change_figures
from .methods import method_figures
from .participation import flow_figure, participation_figure

__all__ = [
    "Exhibit", "answer_figures", "change_figure", "flow_figure", "forest_figures", "individual_changes_figures",
    "item_change_figures", "labels", "method_figures", "participation_figure", "scale_means_figures",
    "school_change_figures",
]
