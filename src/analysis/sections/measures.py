"""The measures: what each scale asks and how reliable it is; items in their scales and ceiling in the annex."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.disclosure.protection import ProtectedPanel
from analysis.language import Language
from analysis.notes import note, read, written
from analysis.sections.estimates import pair_told
from analysis.sections.parts import (
    Block,
    Column,
    Heading,
    Method,
    Table,
    Text,
    blank_repeats,
    count,
    grouped,
    message,
    percent,
    proportion,
    proportion_with_interval,
    text,
    wave_names,
)
from analysis.sections.results import Results
from analysis.statistics.ceiling import LARGEST_SHARE, ceiling
from analysis.statistics.reliability import Reliability, alpha_without_each, item_rest_correlations, reliability
from analysis.study.codebook import Codebook
from analysis.study.populations import WAVES

SCALE_COLUMNS = ["scale", "label", "n_items", "n_reversed", "waves", "family", "minimum", "lowest", "maximum", "highest",
                 "instrument", "source"]
RELIABILITY_COLUMNS = ["scale", "wave", "n", "n_items", "alpha", "alpha_low", "alpha_high", "omega", "note"]
FIT_COLUMNS = ["scale", "wave", "n", "n_items", "chisq", "df", "cfi", "rmsea", "srmr", "note"]
ITEM_COLUMNS = ["scale", "wave", "item", "n", "item_rest", "alpha_without"]
CEILING_COLUMNS = ["scale", "label", "n", "share_at_maximum", "n_matched", "share_could_not_rise", "flagged", "note"]
FAILS = "one_factor_fails"


def scales_table(results: Results) -> pd.DataFrame:
    """What each scale asks, as `scales.csv`: a row per scale that a survey asked.

    `n_items` are those a score rests on, `n_reversed` of them are reverse-scored; `waves` asked them. `minimum` and
    `maximum` of the answers (empty for numbers) have the labels `lowest` and `highest` (empty where the items' differ).
    `family` is that of `change.csv`, empty for a scale that is not compared.
    """
    panel, codebook = results.panel, results.study.codebook
    rows = []
    for scale in panel.items:
        if not (waves := panel.waves_of[scale]):
            continue
        items = panel.items[scale] or codebook.items_of(scale)
        family = "primary" if scale in results.study.primary_scales else "exploratory"
        rows.append({
            "scale": scale, "label": codebook.label(scale), "n_items": len(items),
            "n_reversed": int(codebook.items.loc[items, "reversed"].sum()), "waves": " ".join(waves),
            "family": family if scale in panel.compared_scales else "", **_ends(codebook, items),
            "instrument": codebook.scales.loc[scale, "instrument"], "source": codebook.scales.loc[scale, "source"]})
    return pd.DataFrame(rows, columns=SCALE_COLUMNS)


def _ends(codebook: Codebook, items: list[str]) -> dict:
    """The range of the answers, and the labels of its ends if all items have the same; nothing for numbers."""
    if codebook.range(items[0]) is None:
        return {}
    low, *_between, high = sorted((value for value in codebook.values(items[0]) if value.number is not None),
                                  key=lambda value: value.number)
    same = codebook.items.loc[items, "answers"].nunique() == 1
    return {"minimum": low.number, "maximum": high.number} | ({"lowest": low.label, "highest": high.label} if same else {})


def reliability_table(results: Results) -> pd.DataFrame:
    """Alpha with Feldt's interval and omega of every scale and wave that asked it, as `reliability.csv`.

    `n` counts the respondents who answered every item.
    """
    policy, rows = results.policy, []
    for row, answers in _asked(results.panel):
        if not policy.enough(int((~np.isnan(answers).any(axis=1)).sum())):
            rows.append(row | {"note": written([note("too_few", minimum=policy.minimum)])})
            continue
        found = reliability(answers)
        row["n"] = found.n
        rows.append(row | {"alpha": found.alpha, "alpha_low": found.alpha_low, "alpha_high": found.alpha_high,
                           "omega": found.omega, "note": written(_reasons(found, results, row))})
    return pd.DataFrame(rows, columns=RELIABILITY_COLUMNS).astype({"n": "Int64"})


def _reasons(found: Reliability, results: Results, row: dict) -> list:
    """The notes; of two items with their coefficient, rounded as published, unless it would tell answers."""
    if np.isnan(found.spearman_brown) or pair_told(results.panel, row["scale"], row["wave"]):
        return list(found.note)
    digits = results.policy.digits(pd.Series(row), "alpha")
    value = note("spearman_brown", value=f"{found.spearman_brown:.{digits}f}")
    return [value if reason.code == "two_items" else reason for reason in found.note]


def one_factor_fit_table(results: Results) -> pd.DataFrame:
    """The fit of the one-factor model behind omega, as `one_factor_fit.csv`; a row per scale of four items and wave."""
    rows = []
    for row, answers in _asked(results.panel):
        if row["n_items"] > 3 and results.policy.enough(int((~np.isnan(answers).any(axis=1)).sum())):
            fit = reliability(answers).fit
            if fit.n_items:
                rows.append(row | {"n": fit.n, "chisq": fit.chisq, "df": fit.df, "cfi": fit.cfi, "rmsea": fit.rmsea,
                                   "srmr": fit.srmr, "note": written(fit.note)})
    return pd.DataFrame(rows, columns=FIT_COLUMNS)


def item_reliability_table(results: Results) -> pd.DataFrame:
    """How each item fits its scale, as `item_reliability.csv`: a row per scale, wave and item.

    `item_rest` is the corrected item-total correlation, `alpha_without` alpha if the item is deleted.
    """
    panel, rows = results.panel, []
    for row, answers in _asked(panel):
        n = int((~np.isnan(answers).any(axis=1)).sum())
        if row["n_items"] < 2 or not results.policy.enough(n) or pair_told(panel, row["scale"], row["wave"]):
            continue
        used = [item for item in panel.items[row["scale"]] if item in panel.asked[row["wave"]]]
        figures = zip(used, item_rest_correlations(answers), alpha_without_each(answers), strict=True)
        rows += [{"scale": row["scale"], "wave": row["wave"], "item": item, "n": n, "item_rest": rest,
                  "alpha_without": without} for item, rest, without in figures]
    return pd.DataFrame(rows, columns=ITEM_COLUMNS)


def _asked(panel: ProtectedPanel) -> Iterator[tuple[dict, np.ndarray]]:
    """The row that begins with scale and wave, and the answers to its items, for each scale that a wave asked."""
    for scale in panel.items:
        for wave in WAVES:
            if used := [item for item in panel.items[scale] if item in panel.asked[wave]]:
                yield ({"scale": scale, "wave": wave, "n": pd.NA, "n_items": len(used)},
                       panel.answers[wave][used].to_numpy(float))


def ceiling_table(results: Results) -> pd.DataFrame:
    """How many had a scale's highest score at baseline, as `ceiling.csv`; flagged over 15 %."""
    panel, policy, rows = results.panel, results.policy, []
    for scale in panel.compared_scales:
        bounds = results.study.codebook.range(panel.items[scale][0])
        if bounds is None:
            continue
        found = ceiling(*(panel.scores[wave][scale].to_numpy(float) for wave in WAVES), bounds[1])
        row = {"scale": scale, "label": results.label(scale), "n": found.n, "n_matched": found.n_matched, "note": ""}
        if not policy.enough(found.n):
            row["note"] = written([note("too_few", minimum=policy.minimum)])
        elif not policy.shows([found.n_at_maximum], found.n):
            row["note"] = written([note("no_variation")])
        else:
            row |= {"flagged": "yes" if found.flagged else "no", "share_at_maximum": found.share}
            if policy.enough(found.n_matched):
                row["share_could_not_rise"] = found.share_could_not_rise
        rows.append(row)
    return pd.DataFrame(rows, columns=CEILING_COLUMNS)


ESTIMATES = {"scales": scales_table, "reliability": reliability_table, "one_factor_fit": one_factor_fit_table,
             "item_reliability": item_reliability_table, "ceiling": ceiling_table}


def _answers(row: pd.Series, say: Language) -> str:
    """The answers from the lowest to the highest, above the scales that have them."""
    if pd.isna(row["minimum"]):
        return say("Answers: numbers")
    low, high = (f"{row[end]:g}" for end in ("minimum", "maximum"))
    if pd.isna(row["lowest"]):
        return say("Answers: {low} to {high}", low=low, high=high)
    return say("Answers: {low} ({lowest}) to {high} ({highest})", low=low, lowest=row["lowest"], high=high,
               highest=row["highest"])


def _role(row: pd.Series, say: Language, policy) -> str:
    if row["family"] == "primary":
        return say("primary")
    if row["family"] == "exploratory":
        return say("exploratory")
    return {"pre": say("asked at baseline only"), "post": say("asked at follow-up only")}.get(
        row["waves"], say("no item in common, not compared"))


MEASURES = [
    Column("Scale", text("label"), words=True),
    Column("Items", count("n_items")),
    Column("Role", _role, words=True),
    Column("Alpha, baseline", proportion("alpha_pre")), Column("Alpha, follow-up", proportion("alpha_post")),
    Column("Omega, baseline", proportion("omega_pre")), Column("Omega, follow-up", proportion("omega_post")),
]
RELIABILITY = [
    Column("Scale", text("label"), words=True), Column("Survey", message("wave", wave_names), words=True),
    Column("n", count("n")), Column("Items", count("n_items")),
    Column("Alpha [95 % CI]", proportion_with_interval("alpha", "alpha_low", "alpha_high")),
    Column("Omega", proportion("omega")),
    Column("CFI", proportion("cfi")), Column("RMSEA", proportion("rmsea")), Column("SRMR", proportion("srmr")),
]
ITEMS = [
    Column("Item", text("item"), words=True),
    Column("Corrected item-total r, baseline", proportion("item_rest_pre")),
    Column("Corrected item-total r, follow-up", proportion("item_rest_post")),
    Column("Alpha if item deleted, baseline", proportion("alpha_without_pre")),
    Column("Alpha if item deleted, follow-up", proportion("alpha_without_post")),
]
CEILING = [
    Column("Scale", text("label"), words=True), Column("n baseline", count("n")),
    Column("Highest score at baseline", percent("share_at_maximum")), Column("n matched", count("n_matched")),
    Column("Matched with the highest score at baseline", percent("share_could_not_rise")),
]


def main(results: Results) -> Iterator[Block]:
    """One table of the scales, and where one factor does not describe a scale."""
    say, scales = results.say, results.table("scales")
    if scales.empty:
        return
    waves = _side_by_side(results.table("reliability"), "scale", ["n", "alpha", "omega"])
    answers = scales.apply(_answers, axis=1, say=say)
    rows = scales.join(waves, on="scale").iloc[answers.map(list(dict.fromkeys(answers)).index).argsort(kind="stable")]
    yield Heading(say("Measures"))
    yield Text(" ".join(filter(None, [
        say("A teacher's score on a scale is the mean of the answered items; reverse-scored items are mirrored, so that a "
            "higher score always means more of what the scale measures (@tbl-scales)."), _caution(results),
        results.notices("baseline_only", "follow_up_only", "no_shared_item", "shared_items", "never_asked")])))
    made = results.shown("scales", say("The scales"), MEASURES, rows, " ".join([
        say("Alpha and omega estimate reliability as internal consistency, from 0 to 1; from .70 on it is usually taken as "
            "sufficient for comparing groups."), *_origins(results, scales)]))
    yield grouped(made, answers[rows.index])


def _caution(results: Results) -> str:
    """A plain warning where the one-factor model fails; empty otherwise."""
    say, fit = results.say, results.precise("one_factor_fit")
    failing = [scale for scale in fit["scale"].unique()
               if any(reason.code == FAILS for cell in fit.loc[fit["scale"] == scale, "note"] for reason in read(cell))]
    if not failing:
        return ""
    if len(failing) == fit["scale"].nunique() and len(failing) > 1:
        return say("On no scale does one factor describe the items well (@tbl-reliability), so that alpha and omega, and "
                   "the scores themselves, are to be read with caution.")
    return say("One factor does not describe the items of {scales} well (@tbl-reliability), so that their alpha, omega and "
               "scores are to be read with caution.",
               scales=say.list(say.quoted(results.label(scale)) for scale in failing))


def _origins(results: Results, scales: pd.DataFrame) -> list[str]:
    """Which instrument and source the scales are from, those of one together."""
    origins = scales.assign(origin=["; ".join(filter(None, pair)) for pair in
                                    zip(scales["instrument"], scales["source"], strict=True)])
    return [results.say("{scales}: {origin}.", scales=results.say.list(labels), origin=origin.rstrip("."))
            for origin, labels in origins.groupby("origin", sort=False)["label"] if origin]


def annex(results: Results) -> Iterator[Block]:
    """Reliability with intervals and the fit of one factor, each item in its scale, and ceiling."""
    say = results.say
    if results.table("reliability").empty:
        return
    yield Heading(say("Reliability and ceiling"))
    if caution := _caution(results):
        yield Text(caution)
    yield _reliability(results)
    if not results.table("item_reliability").empty:
        yield _items(results)
    if not results.table("ceiling").empty:
        yield Text(say("A teacher with the highest score at baseline cannot score higher at follow-up. From {share} such "
                       "teachers on a ceiling effect is possible: a rise may be understated (@tbl-ceiling).",
                       share=say.percent(LARGEST_SHARE)))
        yield results.shown("ceiling", say("Teachers with the highest score at baseline"), CEILING)


def _reliability(results: Results) -> Table:
    say, keys = results.say, ["scale", "wave"]
    fit = results.table("one_factor_fit")[[*keys, "cfi", "rmsea", "srmr"]]
    rows = results.table("reliability").merge(fit, on=keys, how="left")
    rows["label"] = [results.label(scale) for scale in rows["scale"]]
    return results.shown("reliability", say("Reliability of the scales and fit of the one-factor model"), RELIABILITY,
                         blank_repeats(rows, "label"),
                         say("n: teachers who answered every item. CFI (below .90), RMSEA and SRMR (above .10) speak "
                             "against one factor."))


def _items(results: Results) -> Table:
    say, table = results.say, results.table("item_reliability")
    rows = table[["scale", "item"]].drop_duplicates().join(
        _side_by_side(table, "item", ["n", "item_rest", "alpha_without"]), on="item")
    made = results.shown("item_reliability", say("Items in their scales"), ITEMS,
                         rows.assign(item=[results.item(item) for item in rows["item"]]),
                         say("Corrected item-total r: correlation of the item with the mean of the scale's other items."),
                         label="item-reliability")
    return grouped(made, [results.label(scale) for scale in rows["scale"]])


def _side_by_side(table: pd.DataFrame, key: str, columns: list[str]) -> pd.DataFrame:
    """The columns of baseline and follow-up beside each other, as `<column>_pre` and `<column>_post`, indexed by `key`."""
    wide = [table.loc[table["wave"] == wave].set_index(key)[columns].add_suffix(f"_{wave}") for wave in WAVES]
    return wide[0].join(wide[1], how="outer")


def methods(results: Results) -> Iterator[Method]:
    """How reliability and ceiling were calculated."""
    say = results.say
    if results.precise("reliability")["alpha"].notna().any():
        yield Method(say("Internal consistency is Cronbach's alpha with Feldt's interval (Feldt et al., 1987) of the "
                         "teachers who answered every item of a scale."), ("feldt",))
    if results.precise("reliability")["omega"].notna().any():
        yield Method(say("Omega is (Σλ)² / s² of the sum of the items (McDonald, 1999), with the loadings λ of a "
                         "one-factor model by maximum likelihood. One factor is said not to describe the items if CFI is "
                         "below .90 (Bentler & Bonett, 1980) or SRMR above .10 (Kline, 2016) and the chi-square test with "
                         "Bartlett's correction rejects the model at 5 %."), ("mcdonald", "bentler", "kline"))
    if (results.precise("ceiling")["flagged"] == "yes").any():
        yield Method(say("A ceiling effect is considered possible if more than 15 % had the highest score at baseline "
                         "(Terwee et al., 2007)."), ("terwee",))
