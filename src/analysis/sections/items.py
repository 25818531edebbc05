"""Single items: exploratory scales and item highlights in one chart; the questionnaire with all answers in the annex."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis import plots
from analysis.disclosure.policy import FEW_FOR_DIRECTIONS, Policy
from analysis.disclosure.protection import ProtectedPanel
from analysis.language import Language
from analysis.notes import Note, note, read, written
from analysis.plots import Interval, Share, style
from analysis.scales import Panel
from analysis.sections import change
from analysis.sections.estimates import matched_told, varies
from analysis.sections.parts import (
    Block,
    Column,
    Figure,
    Heading,
    Method,
    Table,
    Text,
    change_with_interval,
    count,
    grouped,
    number,
    p,
    proportion_with_interval,
    text,
    wave_names,
)
from analysis.sections.results import ALPHA, Results
from analysis.statistics.multiplicity import benjamini_hochberg
from analysis.statistics.paired import matched_cr2
from analysis.statistics.superiority import directions_of_change, superiority
from analysis.study.codebook import AnswerValue
from analysis.study.populations import WAVES

ANSWER_COLUMNS = ["item", "wave", "value", "label", "n", "share"]
ITEM_CHANGE_COLUMNS = ["item", "scale", "n", "improved", "same", "worse", "superiority", "superiority_low",
                       "superiority_high", "p", "p_adjusted", "note"]
ITEM_MEANS_COLUMNS = ["item", "scale", "n", "mean_pre", "mean_post", "change", "ci_low", "ci_high", "note"]
HIGHLIGHTS, ITEMS_A_FIGURE = 10, 12
CLOSED = ("likert", "choice", "multichoice")
Compared = tuple[dict, list[Note], np.ndarray, np.ndarray, np.ndarray | None]


def item_answers_table(results: Results) -> pd.DataFrame:
    """Counts and shares of every answer, as asked (not reversed), as `item_answers.csv`.

    A row per item, wave and value of the codebook, zeros too. In a multichoice item shares are of the respondents who
    answered it and may add up to more than one. Empty cells rest on too few respondents, or all answers would fall into
    one category.
    """
    panel, codebook, rows = results.panel, results.study.codebook, []
    for item, wave in asked(panel, CLOSED):
        counts, base = counted(panel, item, wave)
        shown = panel.policy.shows(counts, base)
        rows += [(item, wave, value.value, value.label, n if shown else pd.NA, n / base if shown else np.nan)
                 for value, n in zip(codebook.values(item), counts, strict=True)]
    return pd.DataFrame(rows, columns=ANSWER_COLUMNS).astype({"n": "Int64", "share": float})


def counted(panel: Panel, item: str, wave: str) -> tuple[list[int], int]:
    """How many gave each of a closed item's values, as asked, in the codebook's order; and how many answered it."""
    values, kind = panel.study.codebook.values(item), panel.study.codebook.kind(item)
    answers = (panel.as_asked(wave, [item]) if kind == "likert" else panel.answers[wave])[item].dropna()
    given = answers.str.split(";").explode() if kind == "multichoice" else answers
    found = given.value_counts()
    return [int(found.get(value.number if kind == "likert" else value.value, 0)) for value in values], len(answers)


def asked(panel: Panel, kinds: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The items of these kinds with each wave that asked them, in the codebook's order."""
    items = panel.study.codebook.items
    return ((item, wave) for item in items.index[items["kind"].isin(kinds)] for wave in WAVES if item in panel.asked[wave])


def item_change_table(results: Results) -> pd.DataFrame:
    """How many matched respondents answered higher, the same or lower at follow-up, as `item_change.csv`.

    Reverse-scored items are mirrored first, so that higher is always in the sense of the scale. `superiority` is the
    chance that a respondent answered higher plus half the chance of a tie, against one half. Below ten respondents nothing
    is shown, and no directions where the counts of all answers single out a few whom the unmatched do not cover: both
    together could be solved for single answers.
    """
    policy, rows = results.policy, []
    for row, reasons, pre, post, cluster in _compared_items(results.panel):
        if not reasons and not policy.public and len(pre) < FEW_FOR_DIRECTIONS:
            reasons = [note("few_directions", minimum=FEW_FOR_DIRECTIONS)]
        if not reasons:
            found, counts = superiority(pre, post, cluster), directions_of_change(pre, post)
            reasons = found.note
            if not policy.shows(counts, len(pre)):
                reasons = [note("no_variation")]
            elif matched_told(results.panel, row["item"], policy.cover_of_directions):
                row["p"] = np.nan if _without_clusters(cluster) else found.p
                reasons = [*reasons, note("directions_tell")]
            else:
                row |= {"improved": counts[0], "same": counts[1], "worse": counts[2], "superiority": found.estimate,
                        "superiority_low": found.low, "superiority_high": found.high, "p": found.p}
        rows.append(row | {"note": _noted(results.panel, row, reasons)})
    table = pd.DataFrame(rows, columns=ITEM_CHANGE_COLUMNS)
    table = table.astype(dict.fromkeys(("improved", "same", "worse"), "Int64"))
    return table.assign(p_adjusted=benjamini_hochberg(table["p"].to_numpy(float)))


def item_means_table(results: Results) -> pd.DataFrame:
    """Means of matched respondents at baseline and follow-up and their change with its interval, as `item_means.csv`.

    Beside `item_change.csv`, which counts directions only; reverse-scored items are mirrored.
    """
    rows = []
    for row, reasons, pre, post, cluster in _compared_items(results.panel):
        if not reasons:
            found = matched_cr2(pre, post, cluster)
            row |= {"mean_pre": pre.mean(), "mean_post": post.mean(), "change": found.estimate}
            if _without_clusters(cluster) and matched_told(results.panel, row["item"]):
                reasons = [note("spread_tells")]
            else:
                row |= {"ci_low": found.low, "ci_high": found.high}
                reasons = found.note
        rows.append(row | {"note": _noted(results.panel, row, reasons)})
    return pd.DataFrame(rows, columns=ITEM_MEANS_COLUMNS)


def _compared_items(panel: ProtectedPanel) -> Iterator[Compared]:
    """For each compared item: the row that begins with item and scale, why nothing is shown (if so), both answers of the
    matched, and their clusters."""
    for scale in panel.compared_scales:
        for item in panel.items[scale]:
            pre, post = (panel.answers[wave][item].to_numpy(float) for wave in WAVES)
            both = np.isfinite(pre) & np.isfinite(post) & panel.in_clusters
            reasons = []
            if not panel.policy.enough(int(both.sum())):
                reasons = [note("too_few", minimum=panel.policy.minimum)]
            elif not panel.policy.public and not all(map(varies, (pre[both], post[both], (post - pre)[both]))):
                reasons = [note("no_variation")]
            yield ({"item": item, "scale": scale, "n": int(both.sum())}, reasons, pre[both], post[both],
                   panel.policy.clusters(panel.cluster_of(both)))


def _without_clusters(cluster: np.ndarray | None) -> bool:
    return cluster is None or len(np.unique(cluster)) < 2


def _noted(panel: ProtectedPanel, row: dict, reasons: Sequence[Note]) -> str:
    return written([*[note("class_left")] * bool({row["item"], row["scale"]} & panel.left), *reasons])


ESTIMATES = {"item_answers": item_answers_table, "item_change": item_change_table, "item_means": item_means_table}


def _directions(row: pd.Series, say: Language, policy: Policy) -> str:
    if pd.isna(row["improved"]):
        return say.count(None)
    return " / ".join(say.number(100 * row[name] / row["n"], 0) for name in ("improved", "same", "worse"))


ANALYSES = [
    Column("Item", text("label"), words=True), Column("n", count("n")),
    Column("Baseline mean", number("mean_pre")), Column("Follow-up mean", number("mean_post")),
    Column("Change [95 % CI]", change_with_interval()),
    Column("Higher / same / lower (%)", _directions),
    Column("Superiority [95 % CI]", proportion_with_interval("superiority", "superiority_low", "superiority_high")),
    Column("Adjusted p", p("p_adjusted")),
]


def claims(results: Results) -> pd.Series:
    """What the test of each item with a p says, by item: rose, fell or unclear, after adjustment over all items."""
    table = results.precise("item_change").dropna(subset=["p_adjusted"]).set_index("item")
    means = results.precise("item_means").set_index("item")["change"]
    found = np.where((table["superiority"] - 0.5).fillna(means) > 0, "rose", "fell")
    return pd.Series(np.where(table["p_adjusted"] < ALPHA, found, "unclear"), table.index, dtype=object)


def main(results: Results) -> Iterator[Block]:
    """The exploratory scales and the items that changed clearly, in one chart; a sentence on all items."""
    say, found = results.say, claims(results)
    changes = results.table("change")
    scales = changes.loc[(changes["family"] == "exploratory") & changes["change"].notna(), "scale"].tolist()
    clear = _highlights(results, found)
    if not scales and found.empty:
        return
    yield Heading(say("Exploratory scales and single items"))
    yield Text(_examined(say, len(found), int((found != "unclear").sum()), bool(scales)))
    if scales or clear:
        yield _highlights_figure(results, scales, clear, found)


def _highlights(results: Results, found: pd.Series) -> list[str]:
    """The items that changed clearly, those with the smallest adjusted p where there are many, the largest change first."""
    tests = results.precise("item_change").set_index("item")["p_adjusted"]
    clear = tests[found.index[found != "unclear"]].sort_values(kind="stable").index[:HIGHLIGHTS]
    changes = results.table("item_means").set_index("item")["change"]
    return changes[clear].sort_values(ascending=False, kind="stable").index.tolist()


def _examined(say: Language, items: int, clear: int, scales: bool) -> str:
    sentences = [say("The exploratory scales stand in @fig-exploratory, with all numbers in @tbl-change-full.")] * scales
    if not items:
        return " ".join(sentences)
    if not clear:
        return " ".join([*sentences, say.plural(
            "The {n} item examined does not show a clear change (@tbl-item-analyses).",
            "None of the {n} items examined shows a clear change after adjustment for their number (@tbl-item-analyses).",
            items)])
    sentences.append(say.plural(
        "Of {items} items examined, {n} shows a clear change after adjustment for their number (@tbl-item-analyses).",
        "Of {items} items examined, {n} show a clear change after adjustment for their number (@tbl-item-analyses).",
        clear, items=items))
    if clear > HIGHLIGHTS:
        sentences.append(say("The figure has the {n} with the smallest adjusted p.", n=HIGHLIGHTS))
    return " ".join(sentences)


def _highlights_figure(results: Results, scales: list[str], clear: list[str], found: pd.Series) -> Figure:
    say, cell = results.say, change_with_interval()
    of_scales = results.table("change").set_index("scale", drop=False).loc[scales]
    of_scales = of_scales.sort_values("change", ascending=False, kind="stable")
    of_items = results.table("item_means").set_index("item", drop=False).loc[clear]
    of_items = of_items.assign(label=[results.item(item) for item in clear])
    marks = [Interval(row["label"], row["change"], row["ci_low"], row["ci_high"], cell(row, say, results.policy),
                      band=results.study.settings.smallest_change(row["scale"]) if group is of_scales else None,
                      group=name)
             for name, group in ((say("Exploratory scales"), of_scales), (say("Items with a clear change"), of_items))
             for _at, row in group.iterrows()]
    x_label, column = say("Change in scale points, follow-up minus baseline"), say("Change [95 % CI]")
    caption = [say("Dots are changes from baseline to follow-up, lines 95 % intervals with schools as clusters, not "
                   "adjusted for their number.")]
    if scales:
        caption.append(say("Scales: n = {n} teachers.", n=change.analysed(results, scales)))
    if clear:
        caption.append(say("Items: n = {n} matched teachers.", n=change.span(say, of_items["n"])))
        caption.append(say("Items are shown if their p, adjusted over all items, is below .05; reverse-scored items are in "
                           "the scale's direction."))
    columns = ["scale", "item", "label", "n_pre", "n_post", "n_matched", "n_analysed", "n", "change", "ci_low",
               "ci_high"]
    return Figure(
        "exploratory", _message(results, scales, clear, found), " ".join(caption),
        say("Changes with their 95 % intervals. {rows}",
            rows="; ".join(f"{mark.label}: {mark.text}" for mark in marks) + "."),
        lambda width: plots.intervals(
            marks, x_label, column, width=width, synthetic=results.synthetic,
            band_label=say("smaller than the smallest change of interest"),
            keys={"arrow": say("the interval goes on")}),
        pd.concat([of_scales.assign(n_analysed=change.n_analysed(results, scales)), of_items]).reindex(columns=columns))


def _message(results: Results, scales: list[str], clear: list[str], found: pd.Series) -> str:
    say, precise = results.say, results.precise("change").set_index("scale", drop=False)
    moved = any(change.claim(precise.loc[scale]) in ("rose", "fell") for scale in scales)
    of_scales = change.message_title(results, scales) if moved else say("No exploratory scale shows a clear change")
    if not clear:
        return of_scales
    of_items = _items_message(say, found)
    if not scales:
        return say("Single items: {found}", found=of_items)
    return say("{scales}; {items}", scales=of_scales, items=of_items)


def _items_message(say: Language, found: pd.Series) -> str:
    """How many items rose and fell, as what follows in a title."""
    rose, fell, of = int((found == "rose").sum()), int((found == "fell").sum()), len(found)
    if rose and fell:
        return say.plural("of {of} items {n} rose and {fell} fell", "of {of} items {n} rose and {fell} fell", rose, of=of,
                          fell=fell)
    if rose or fell:
        return (say.plural("of {of} items {n} rose", "of {of} items {n} rose", rose, of=of) if rose else
                say.plural("of {of} items {n} fell", "of {of} items {n} fell", fell, of=of))
    return say.plural("the item shows no clear change", "none of {n} items shows a clear change", of)


def annex(results: Results) -> Iterator[Block]:
    """The questionnaire with the distribution of all answers to its scales, and one table of all item analyses."""
    say = results.say
    figures = list(answers_figures(results))
    if figures:
        yield Heading(say("The questionnaire and its answers"))
        yield Text(say("All items of the scales as they were asked. Items marked “reverse-scored” are shown as answered "
                       "here; wherever means stand they are mirrored into the scale's direction."))
        yield from figures
    if not results.table("item_change").empty:
        yield Heading(say("Item analyses"))
        yield _analyses(results)


def _analyses(results: Results) -> Table:
    say, means = results.say, results.table("item_means").rename(columns={"note": "also"})
    rows = results.table("item_change").merge(means.drop(columns=["scale", "n"]), on="item")
    rows["note"] = [written([*read(one), *read(other)]) for one, other in zip(rows["note"], rows["also"], strict=True)]
    rows["label"] = [results.item(item) for item in rows["item"]]
    made = results.shown("item_change", say("Change on each item, matched teachers"), ANALYSES, rows, say(
        "Reverse-scored items are in the scale's direction. Superiority: chance that a teacher answered higher at "
        "follow-up than at baseline, ties counted half; .50 is no change. p tests superiority and is adjusted over all "
        "items (Benjamini-Hochberg)."), label="item-analyses")
    return grouped(made, [results.label(scale) for scale in rows["scale"]])


@dataclass(frozen=True)
class Answers:
    """Answers to draw: a table with the columns of `item_answers.csv`, in which `by` tells the rows of an item apart.

    `names`: what the values of `by` are called, in their order; `title` says of a scale (or "") and its items what was
    found; `stem` begins the figures' names.
    """

    table: pd.DataFrame
    by: str
    names: dict
    stem: str
    title: Callable[[str, list[str]], str]
    caption: str


def _of_teachers(results: Results) -> Answers:
    say, found = results.say, claims(results)

    def title(scale: str, items: list[str]) -> str:
        own = found[found.index.isin(items)]
        if len(own):
            return _items_message(say, own)
        waves = results.panel.waves_of[scale] if scale else []
        return {"pre": say("asked at baseline only"), "post": say("asked at follow-up only")}.get(
            "".join(waves), say("not compared"))

    return Answers(
        results.table("item_answers"), "wave", wave_names(say), "answers", title,
        say("Shares of each answer in percent, baseline above follow-up, as asked; all figures of answers have the same "
            "axis. n: teachers who answered."))


def answers_figures(results: Results) -> Iterator[Figure]:
    """The answers to all items of the scales, at baseline and at follow-up."""
    return distributions(results, _of_teachers(results))


def distributions(results: Results, answers: Answers) -> Iterator[Figure]:
    """A figure per scale, scales of one item together; long scales in parts. All have one axis."""
    codebook, table = results.study.codebook, answers.table
    scale = codebook.items["scale"]
    items = [item for item in table["item"].unique() if codebook.kind(item) == "likert" and scale[item]]
    sizes = scale[items].value_counts()
    groups: dict[tuple[str, str], list[str]] = {}
    for item in items:
        name = scale[item] if sizes[scale[item]] > 1 else ""
        groups.setdefault((name, codebook.items.loc[item, "answers"]), []).append(item)
    parts = [(name, own[start:start + ITEMS_A_FIGURE]) for (name, _answers), own in groups.items()
             for start in range(0, len(own), ITEMS_A_FIGURE)]
    bars = [_bars(results, answers, own) for _name, own in parts]
    centres = [(len(codebook.values(own[0])) - 1) / 2 for _name, own in parts]
    reaches = [plots.reach(rows, centre) for rows, centre in zip(bars, centres, strict=True)]
    span = (min((low for low, _high in reaches), default=0), max((high for _low, high in reaches), default=0))
    names = [name or "single-items" for name, _own in parts]
    for at, ((name, own), rows, centre) in enumerate(zip(parts, bars, centres, strict=True)):
        place = names[:at + 1].count(names[at])
        stem = f"{answers.stem}-{names[at]}" + (f"-{place}" if names.count(names[at]) > 1 else "")
        yield _distribution(results, answers, stem, name, own, rows, centre, span)


def _bars(results: Results, answers: Answers, items: list[str]) -> list[Share]:
    say, rows = results.say, []
    shares = dict(list(answers.table.groupby(["item", answers.by], sort=False)))
    for item in items:
        for part, name in answers.names.items():
            if (item, part) in shares:
                own = shares[item, part]
                known = own["n"].notna().all()
                rows.append(Share(name, own["share"].tolist() if known else [],
                                  say.count(own["n"].sum()) if known else say("suppressed"), results.item(item)))
    return rows


def _distribution(results: Results, answers: Answers, stem: str, scale: str, items: list[str], rows: list[Share],
                  centre: float, span: tuple[float, float]) -> Figure:
    say = results.say
    label = results.label(scale) if scale else say("Scales of one item")
    values = results.study.codebook.values(items[0])
    colours = style.answer_colours(len(values))
    x_label, column = say("Share of answers on either side of the middle (%)"), say("n")
    upper = _upper(results, items)
    return Figure(
        stem, say("{scale}: {found}", scale=label, found=answers.title(scale, items)), answers.caption,
        say("Share of the answers {answers}, by item. {rows}",
            answers=say.list(say.quoted(value.label) for value in upper), rows=_alternative(say, rows, len(upper))),
        lambda width: plots.shares(rows, [(value.label, colour) for value, colour in zip(values, colours, strict=True)],
                                   x_label, width=width, centre=centre, span=span, column=column,
                                   synthetic=results.synthetic),
        answers.table.loc[answers.table["item"].isin(items)])


def _upper(results: Results, items: list[str]) -> list[AnswerValue]:
    """The answers above the middle of the items' answer set."""
    values = results.study.codebook.values(items[0])
    return values[len(values) - len(values) // 2:]


def upper_answers(results: Results, table: pd.DataFrame, by: str, items: list[str]) -> str:
    """From which to which share the items, in every row of `by`, have the answers above the middle.

    Reverse-scored items stand aside unless there are no others.
    """
    say, upper, reverse = results.say, _upper(results, items), results.study.codebook.items["reversed"]
    items = [item for item in items if not reverse[item]] or items
    rows = table.loc[table["item"].isin(items) & table["share"].notna()]
    if rows.empty:
        return say("suppressed")
    found = rows.loc[rows["value"].isin([value.value for value in upper])].groupby(["item", by])["share"].sum()
    low, high = say.percent(found.min()), say.percent(found.max())
    named = " / ".join(say.quoted(value.label) for value in upper)
    if low == high:
        return say("{share} answered {answers}", share=low, answers=named)
    return say("{low} to {high} answered {answers}, depending on the item", low=low, high=high, answers=named)


def _alternative(say: Language, rows: list[Share], upper: int) -> str:
    """The bars in words: each item with the share of the upper answers in each survey."""
    said: dict[str, list[str]] = {}
    for row in rows:
        shown = say.percent(sum(row.shares[-upper:])) if row.shown else row.text
        said.setdefault(row.group, []).append(f"{row.label} {shown}")
    return "; ".join(f"{item.rstrip('.')}: {', '.join(parts)}" for item, parts in said.items()) + "."


def methods(results: Results) -> Iterator[Method]:
    """How single items were tested."""
    say = results.say
    if not claims(results).empty:
        yield Method(say("Single items are compared by superiority, the chance of a higher answer at follow-up with ties "
                         "counted half (Grissom & Kim, 2012), with the CR2 standard error by school; the p values of all "
                         "items are adjusted together (Benjamini & Hochberg, 1995). The change of an item's mean is that "
                         "of matched teachers with CR2 by school."), ("grissom", "benjamini"))
