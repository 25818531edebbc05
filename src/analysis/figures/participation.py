"""How many answered before, after and both times: one row a school."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.figures import chart, layout, legend, marks, style
from analysis.words import _

COLUMNS = (
    ("n_pre", "before", style.PRE),
    ("n_post", "after", style.POST),
    ("n_matched", "linked", style.INK),
)
BAR = 0.075  # inches
BARS = (
    ("n_pre", "before", style.PRE, style.PRE_LIGHT, -BAR / 2 - 0.005),
    ("n_post", "after", style.POST, style.POST_LIGHT, BAR / 2 + 0.005),
)
CLOSING = 0.19  # inches a line below the axes takes


@style.context()
def figure(
    participation: pd.DataFrame,
    target_schools: int | None = None,
    target_teachers: int | None = None,
    *,
    width: float = style.FULL,
    heading: str = "",
    synthetic: bool = False,
) -> Figure:
    """Two bars a school, respondents before and after, the linked ones in the full colour.

    `participation` has the columns school, n_pre, n_post, n_matched; the row with an empty school is the
    total, which stands in numbers below the schools (and as bars where there is no school). Suppressed
    counts are an en dash, and a bar whose linked part is suppressed is an outline. Targets, where given,
    stand below. `width` in inches.
    """
    total, schools = _total(participation), _schools(participation)
    shown = schools if len(schools) else participation.assign(school=_("All respondents"))
    closing = _closing(participation, target_schools, target_teachers)
    summed = len(schools) > 0 and total is not None
    counts = [[marks.count(n) for n in shown[name]] for name, *_rest in COLUMNS]
    # The total below the schools may be wider than any of them.
    room = ["" if total is None else marks.count(total[name]) for name, *_rest in COLUMNS]
    drawn = chart.row_chart(
        list(shown["school"]), _("Respondents"), width=width, least=0.205 if len(shown) > 15 else 0.27,
        after=[chart.Column(_(title), [*texts, widest], colour)
               for (_name, title, colour), texts, widest in zip(COLUMNS, counts, room, strict=True)],
        entries=_entries(shown), foot=CLOSING * (summed + len(closing)) + 0.04, heading=heading, synthetic=synthetic,
    )
    panel = drawn.panel
    most = shown[["n_pre", "n_post"]].fillna(0).to_numpy().max(initial=0)
    panel.axes.set_xlim(0, 1.04 * most if most > 0 else 1)
    panel.axes.xaxis.get_major_locator().set_params(integer=True)
    for i, (_index, row) in enumerate(shown.iterrows()):
        _draw_bars(panel, i, row)
    y = drawn.foot + CLOSING / 2
    if summed:
        panel.write(layout.EDGE, y, _("Total"), size=style.TEXT, weight="bold")
        for (_name, _title, colour), text, end in zip(COLUMNS, room, drawn.ends, strict=True):
            panel.write(end, y, text, ha="right", size=style.SMALL, color=colour, weight="bold")
        y += CLOSING
    for text in closing:
        panel.write(layout.EDGE, y, text, size=style.SMALL, color=style.MUTED)
        y += CLOSING
    return drawn.page


def alt_text(
    participation: pd.DataFrame, target_schools: int | None = None, target_teachers: int | None = None
) -> str:
    """What `figure` shows of the same frame, in words."""
    total = _total(participation)
    n = int((_schools(participation)["school"] != "(not given)").sum())
    place = f" in {n} school{'s' * (n != 1)}" if n else ""
    if total is None:
        return f"Respondents before, after and linked{place}."
    counts = [
        f"{marks.not_shown() if pd.isna(total[name]) else marks.count(total[name])} {title}"
        for name, title, _colour in COLUMNS
    ]
    aims = _targets(target_schools, target_teachers)
    return f"Respondents{place}: {', '.join(counts)}.{f' The target was {aims}.' * bool(aims)}"


def _schools(participation: pd.DataFrame) -> pd.DataFrame:
    return participation[participation["school"].fillna("") != ""]


def _total(participation: pd.DataFrame) -> pd.Series | None:
    rows = participation[participation["school"].fillna("") == ""]
    return rows.iloc[0] if len(rows) else None


def _targets(schools: int | None, teachers: int | None) -> str:
    return " in ".join(
        f"{n} {what}" for n, what in ((teachers, "teachers"), (schools, "schools")) if n is not None
    )


def _closing(participation: pd.DataFrame, schools: int | None, teachers: int | None) -> list[str]:
    aims = _targets(schools, teachers)
    hidden = participation[[name for name, *_rest in COLUMNS]].isna().any(axis=None)
    return [_("Target: {aims}", aims=aims)] * bool(aims) + [f"\N{EN DASH} {marks.not_shown()}"] * bool(hidden)


def _entries(shown: pd.DataFrame) -> list[legend.Entry]:
    outlined = shown["n_matched"].isna() & shown[["n_pre", "n_post"]].notna().any(axis=1)
    return [
        legend.Entry(_("before, linked"), "s", style.PRE),
        legend.Entry(_("before only"), "s", style.PRE_LIGHT),
        legend.Entry(_("after, linked"), "s", style.POST),
        legend.Entry(_("after only"), "s", style.POST_LIGHT),
        *[legend.Entry(_("linked part not shown"), "s", style.MUTED, filled=False)] * bool(outlined.any()),
    ]


def _draw_bars(panel: layout.Rows, i: int, row: pd.Series) -> None:
    y = panel.centres[i]
    if pd.isna(row["n_pre"]) and pd.isna(row["n_post"]):
        panel.remark(panel.left + 0.05, y, marks.not_shown())
    for name, label, full, light, shift in BARS:
        if pd.isna(row[name]):
            continue
        if pd.isna(row["n_matched"]):
            marks.draw_bar(panel.axes, 0, row[name], y + shift, BAR - 0.01, full, label, outline=True)
            continue
        marks.draw_bar(panel.axes, 0, row[name], y + shift, BAR, light, label)
        marks.draw_bar(panel.axes, 0, row["n_matched"], y + shift, BAR, full, f"{label}, linked")
