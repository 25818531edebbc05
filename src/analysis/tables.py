"""The contract's tables as a reader sees them: readable headings, rounded numbers, notes below.

The CSV files keep the contract's names and full precision; this is only for the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from .numerals import interval, number, p_value
from .wording import METHOD_NAMES

WAVE_NAMES = {"pre": "before", "post": "after"}
KIND_NAMES = {
    "exact": "linked by equal codes",
    "near": "linked by nearly equal codes",
    "ambiguous": "nearly equal codes that could belong to several, not linked",
    "pre_only": "answered only before",
    "post_only": "answered only after",
    "duplicate_identical": "repeated submissions, counted once",
    "duplicate_conflicting": "contradicting submissions, set aside",
    "no_code": "answers without a code (among those who answered only once)",
}


@dataclass(frozen=True)
class Readable:
    """A table ready for the page: headings, rows, notes to print below it, and which columns are words, not numbers.

    A line break in a cell separates an estimate from its interval.
    """

    headings: list[str]
    rows: list[list[str]]
    notes: list[str] = field(default_factory=list)
    text: tuple[int, ...] = (0,)


def readable(name: str, table: pd.DataFrame, labels: dict[str, str] | None = None) -> Readable:
    """The table `name` of the contract for reading; `labels` gives the text of scales and items."""
    return READERS[name](table, labels or {})


def whole(value) -> str:
    return "–" if pd.isna(value) else str(int(value))


def _participation(table: pd.DataFrame, labels: dict) -> Readable:
    rows = [[row.school or "All schools", *(whole(getattr(row, f"n_{kind}")) for kind in
             ("pre", "post", "matched", "pre_only", "post_only"))] for row in table.itertuples()]
    return Readable(["School", "Before", "After", "Both", "Only before", "Only after"], rows, _notes(table))


def _participation_by_country(table: pd.DataFrame, labels: dict) -> Readable:
    rows = [[row.name, *(whole(getattr(row, kind)) for kind in
             ("schools", "n_pre", "n_post", "n_matched", "n_pre_only", "n_post_only"))]
            for row in table.itertuples(index=False)]
    return Readable(["Country", "Schools", "Before", "After", "Both", "Only before", "Only after"], rows)


def _linking(table: pd.DataFrame, labels: dict) -> Readable:
    shown = table.loc[(table["n"] > 0) | ~table["kind"].isin(["near", "ambiguous"])]
    return Readable(["How the answers were linked", "n"],
                    [[KIND_NAMES[row.kind], whole(row.n)] for row in shown.itertuples()])


def _scales(table: pd.DataFrame, labels: dict) -> Readable:
    rows = [[row.label, whole(row.items), " and ".join(WAVE_NAMES[wave] for wave in row.surveys), row.example]
            for row in table.itertuples()]
    origins: dict[str, list[str]] = {}
    for row in table.itertuples():
        if origin := "; ".join(part for part in (row.instrument, row.source) if part):
            origins.setdefault(origin, []).append(row.label)
    notes = [f"{', '.join(names)}: {origin}." for origin, names in origins.items()]
    return Readable(["Scale", "Items", "Asked", "First item"], rows, notes, text=(0, 2, 3))


def _reliability(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes = [], Notes()
    for row in table.itertuples():
        rows.append([labels.get(row.scale, row.scale), WAVE_NAMES[row.wave], whole(row.n), whole(row.n_items),
                     number(row.alpha), _interval(row.alpha_low, row.alpha_high), number(row.omega) + notes.mark(row.note)])
    return Readable(["Scale", "Survey", "n", "Items", "Alpha", "95 % CI", "Omega"], rows, notes.sentences, text=(0, 1))


def _change(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes = [], Notes()
    for row in table.itertuples():
        rows.append([
            row.label, whole(row.n_pre), whole(row.n_post), whole(row.n_matched), _mean_sd(row.mean_pre, row.sd_pre),
            _mean_sd(row.mean_post, row.sd_post), _with_interval(row.change, row.ci_low, row.ci_high),
            number(row.df, 1), p_value(row.p_adjusted),
            _with_interval(row.d_av, row.d_av_low, row.d_av_high) + notes.mark(row.note),
        ])
    return Readable(["Scale", "n before", "n after", "n both", "Mean (SD) before", "Mean (SD) after",
                     "Change (95 % CI)", "df", "p, adjusted", "d_av (95 % CI)"], rows, notes.sentences)


def _change_by_country(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes, previous = [], Notes(), None
    order = _first_seen(table["scale"])
    for row in table.sort_values("scale", key=lambda scale: scale.map(order), kind="stable").itertuples():
        rows.append(["" if row.scale == previous else row.label, labels.get(row.country, row.country),
                     whole(row.n_matched), whole(row.n_schools), _with_interval(row.change, row.ci_low, row.ci_high),
                     number(row.df, 1), p_value(row.p_adjusted), (row.verdict or "–") + notes.mark(row.note)])
        previous = row.scale
    return Readable(["Scale", "Country", "Linked", "Schools", "Change (95 % CI)", "df", "p, adjusted", "Verdict"],
                    rows, notes.sentences, text=(0, 1, 7))


def _first_seen(values: pd.Series) -> dict[str, int]:
    return {value: position for position, value in enumerate(values.drop_duplicates())}


def _pooled(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes = [], Notes()
    for row in table.itertuples():
        rows.append([
            labels.get(row.scale, row.scale), whole(row.k), _with_interval(row.estimate, row.ci_low, row.ci_high),
            p_value(row.p), "–" if pd.isna(row.tau2) else
            f"{number(row.tau2, 3)}\n({interval(row.tau2_low, row.tau2_high, 3)})", number(row.i2, 0),
            _interval(row.prediction_low, row.prediction_high) + notes.mark(row.note),
        ])
    return Readable(["Scale", "Countries", "Pooled change (95 % CI)", "p", "τ² (95 % CI)", "I² (%)",
                     "95 % prediction interval"], rows, notes.sentences)


def _sensitivity(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes, previous = [], Notes(), None
    for row in table.itertuples():
        rows.append(["" if row.scale == previous else labels.get(row.scale, row.scale), METHOD_NAMES[row.method],
                     whole(row.n), number(row.estimate, signed=True), _interval(row.ci_low, row.ci_high),
                     number(row.df, 1), p_value(row.p) + notes.mark(row.note)])
        previous = row.scale
    return Readable(["Scale", "Method", "Teachers", "Change", "95 % CI", "df", "p"], rows, notes.sentences, text=(0, 1))


def _item_change(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes = [], Notes()
    for row in table.itertuples():
        shares = [_percent(count / row.n) for count in (row.improved, row.same, row.worse)]
        rows.append([labels.get(row.item, row.item), whole(row.n), *shares, number(row.superiority),
                     _interval(row.superiority_low, row.superiority_high), p_value(row.p_adjusted) + notes.mark(row.note)])
    return Readable(["Item", "n", "Higher", "Same", "Lower", "Chance of higher", "95 % CI", "p, adjusted"],
                    rows, notes.sentences)


def _numbers(table: pd.DataFrame, labels: dict) -> Readable:
    rows = [[labels.get(row.item, row.item), WAVE_NAMES[row.wave], whole(row.n), number(row.mean, 1), number(row.sd, 1)]
            for row in table.itertuples()]
    return Readable(["Question", "Survey", "n", "Mean", "SD"], rows, _notes(table), text=(0, 1))


def _item_answers(table: pd.DataFrame, labels: dict) -> Readable:
    rows = []
    for item, of_item in table.groupby("item", sort=False):
        shares = of_item.set_index(["value", "wave"])["share"]
        for position, answer in enumerate(of_item.drop_duplicates("value").itertuples()):
            rows.append([labels.get(item, item) if position == 0 else "", answer.label,
                         *(_percent(shares.get((answer.value, wave))) for wave in WAVE_NAMES)])
    return Readable(["Question", "Answer", "Before", "After"], rows, text=(0, 1))


def _item_means(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes = [], Notes()
    for row in table.itertuples():
        rows.append([labels.get(row.item, row.item), whole(row.n), number(row.mean_pre), number(row.mean_post),
                     number(row.change, signed=True), _interval(row.ci_low, row.ci_high) + notes.mark(row.note)])
    return Readable(["Item", "n", "Mean before", "Mean after", "Change", "95 % CI"], rows, notes.sentences)


def _item_reliability(table: pd.DataFrame, labels: dict) -> Readable:
    rows = []
    for (_, item), waves in table.groupby(["scale", "item"], sort=False):
        of_wave = waves.set_index("wave")
        cells = [number(of_wave[column].get(wave)) for column in ("item_rest", "alpha_without") for wave in WAVE_NAMES]
        rows.append([labels.get(item, item), *cells])
    return Readable(["Item", "Item-rest r before", "Item-rest r after", "Alpha without, before", "Alpha without, after"],
                    rows)


def _ceiling(table: pd.DataFrame, labels: dict) -> Readable:
    rows = [[row.label, whole(row.n), _percent(row.share_at_maximum, 1), whole(row.n_matched),
             _percent(row.share_could_not_rise, 1), "over 15 %" if row.flagged == "yes" else "–"]
            for row in table.itertuples()]
    return Readable(["Scale", "n before", "At the top before", "n linked", "Linked and could not rise", "Ceiling"],
                    rows, _notes(table))


def _who_left(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes, previous = [], Notes(), None
    for row in table.itertuples():
        name = row.label if row.kind != "share" else labels.get(row.variable, row.variable)
        rows.append(["" if row.variable == previous else name, row.label if row.kind == "share" else "",
                     whole(row.n_left), whole(row.n_matched), number(row.difference, signed=True),
                     _interval(row.ci_low, row.ci_high) + notes.mark(row.note)])
        previous = row.variable
    return Readable(["Before mentoring", "Answer", "n only before", "n linked", "Standardised difference", "95 % CI"],
                    rows, notes.sentences, text=(0, 1))


def _lost_by_school(table: pd.DataFrame, labels: dict) -> Readable:
    rows = [[row.school or "All schools", whole(row.n_pre), whole(row.n_pre_only), _percent(row.share_lost)]
            for row in table.itertuples()]
    return Readable(["School", "Before", "Only before", "Share not linked"], rows, _notes(table))


def _tipping(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes = [], Notes()
    for row in table.itertuples():
        rows.append([row.label, whole(row.n_matched), whole(row.n_left), number(row.change, signed=True),
                     number(row.to_zero, signed=True), number(row.interval_to_zero, signed=True) + notes.mark(row.note)])
    return Readable(["Scale", "n linked", "n only before", "Change of the linked", "… of the others for no change",
                     "… for the interval to reach it"], rows, notes.sentences)


def _design(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes = [], Notes()
    for row in table.itertuples():
        rows.append([row.label, number(row.smallest_change), p_value(row.tost_p),
                     number(row.minimal_detectable_change), number(row.icc_score), number(row.icc_change),
                     number(row.design_effect, 1) + notes.mark(row.note)])
    return Readable(["Scale", "Smallest change of interest", "p, equivalence", "Minimal detectable change",
                     "ICC of the score", "ICC of the change", "Design effect"], rows, notes.sentences)


def _association(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes, previous = [], Notes(), None
    for row in table.itertuples():
        rows.append(["" if row.scale == previous else labels.get(row.scale, row.scale), row.predictor_label,
                     whole(row.n), _with_interval(row.slope, row.ci_low, row.ci_high, 3), number(row.df, 1),
                     p_value(row.p_adjusted) + notes.mark(row.note)])
        previous = row.scale
    return Readable(["Change on", "goes with", "n", "Slope (95 % CI)", "df", "p, adjusted"], rows, notes.sentences,
                    text=(0, 1))


def _retrospective(table: pd.DataFrame, labels: dict) -> Readable:
    names = {"post minus pre": "after minus before, as told then",
             "post minus then": "after minus before, as told afterwards",
             "then minus pre": "the same time told afterwards minus told then"}
    rows, notes, previous = [], Notes(), None
    for row in table.itertuples():
        rows.append(["" if row.scale == previous else row.label, names[row.comparison], whole(row.n_matched),
                     _with_interval(row.change, row.ci_low, row.ci_high), number(row.df, 1),
                     p_value(row.p) + notes.mark(row.note)])
        previous = row.scale
    return Readable(["Scale", "Comparison", "n in both", "Difference (95 % CI)", "df", "p"], rows, notes.sentences,
                    text=(0, 1))


def _equal_weight(table: pd.DataFrame, labels: dict) -> Readable:
    rows = [[labels.get(row.scale, row.scale), whole(row.k), _with_interval(row.estimate, row.ci_low, row.ci_high),
             number(row.df, 1), p_value(row.p)] for row in table.itertuples()]
    return Readable(["Scale", "Countries", "Mean change (95 % CI)", "df", "p"], rows)


def _leave_one_out(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes, previous = [], Notes(), None
    for row in table.itertuples():
        rows.append(["" if row.scale == previous else labels.get(row.scale, row.scale),
                     labels.get(row.left_out, row.left_out), _with_interval(row.estimate, row.ci_low, row.ci_high),
                     number(row.tau2, 3)])
        previous = row.scale
    return Readable(["Scale", "Without", "Pooled change (95 % CI)", "τ²"], rows, notes.sentences, text=(0, 1))


def _open_answers(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes = [], Notes()
    for row in table.itertuples():
        rows.append([labels.get(row.item, row.item), WAVE_NAMES[row.wave], whole(row.n), _percent(row.share),
                     whole(row.median_length) + notes.mark(row.note)])
    return Readable(["Question", "Survey", "n", "Share", "Median length"], rows, notes.sentences, text=(0, 1))


def _open_answer_categories(table: pd.DataFrame, labels: dict) -> Readable:
    rows, notes, previous = [], Notes(), None
    for row in table.itertuples():
        rows.append(["" if row.item == previous else labels.get(row.item, row.item), WAVE_NAMES[row.wave],
                     row.category or "–", whole(row.n), _percent(row.share) + notes.mark(row.note)])
        previous = row.item
    return Readable(["Question", "Survey", "Category", "n", "Share"], rows, notes.sentences, text=(0, 1, 2))


FEW_SCHOOLS = re.compile(r"Few or very unequal schools make the interval wide: [^.]*\.?[^.]*equal ones\.")


class Notes:
    """Notes below a table, each printed once and marked in the rows it belongs to."""

    def __init__(self):
        self._marks: dict[str, str] = {}

    def mark(self, note: str) -> str:
        if pd.isna(note) or not note:
            return ""
        note = FEW_SCHOOLS.sub("Few or very unequal schools make the interval wide.", note)
        mark = self._marks.setdefault(note, chr(ord("a") + len(self._marks) % 26) * (1 + len(self._marks) // 26))
        return f" [{mark}]"

    @property
    def sentences(self) -> list[str]:
        return [f"[{mark}] {note}" for note, mark in self._marks.items()]


def _notes(table: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(note for note in table["note"] if note))


def _interval(low: float, high: float) -> str:
    return "–" if pd.isna(low) else interval(low, high)


def _with_interval(value: float, low: float, high: float, digits: int = 2) -> str:
    shown = number(value, digits, signed=True)
    return shown if pd.isna(low) else f"{shown}\n({interval(low, high, digits)})"


def _mean_sd(mean: float, sd: float) -> str:
    return "–" if pd.isna(mean) else f"{number(mean)} ({number(sd)})"


def _percent(share: float | None, digits: int = 0) -> str:
    return "–" if share is None or pd.isna(share) else f"{100 * share:.{digits}f} %"


READERS: dict[str, Callable[[pd.DataFrame, dict[str, str]], Readable]] = {
    "participation": _participation,
    "participation_by_country": _participation_by_country,
    "linking": _linking,
    "reliability": _reliability,
    "change": _change,
    "change_by_country": _change_by_country,
    "pooled": _pooled,
    "scales": _scales,
    "sensitivity": _sensitivity,
    "item_answers": _item_answers,
    "item_change": _item_change,
    "numbers": _numbers,
    "item_means": _item_means,
    "item_reliability": _item_reliability,
    "ceiling": _ceiling,
    "who_left": _who_left,
    "lost_by_school": _lost_by_school,
    "tipping_point": _tipping,
    "design": _design,
    "association": _association,
    "retrospective": _retrospective,
    "equal_weight": _equal_weight,
    "leave_one_out": _leave_one_out,
    "robustness": _sensitivity,
    "open_answers": _open_answers,
    "open_answer_categories": _open_answer_categories,
}
