"""How well each scale measures: reliability per wave, item by item, and room to rise."""

from __future__ import annotations

import pandas as pd

from analysis.disclosure.notes import NO_VARIATION, too_few
from analysis.disclosure.protection import ProtectedPanel
from analysis.scales import WAVES
from analysis.statistics.ceiling import ceiling
from analysis.statistics.reliability import alpha_without_each, item_rest_correlations, reliability

CEILING_COLUMNS = [
    "scale", "label", "n", "share_at_maximum", "n_matched", "share_could_not_rise", "flagged", "note",
]
RELIABILITY_COLUMNS = ["scale", "wave", "n", "n_items", "alpha", "alpha_low", "alpha_high", "omega", "note"]


def reliability_table(panel: ProtectedPanel) -> pd.DataFrame:
    """Alpha with Feldt's interval and omega of every scale and wave that asked it, as `reliability.csv`.

    `n` counts the respondents who answered every item.
    """
    rows = []
    for scale in panel.study.codebook.scales.index:
        for wave in WAVES:
            used = [item for item in panel.items[scale] if item in panel.asked[wave]]
            if not used:
                continue
            answers = panel.answers[wave][used].dropna().to_numpy(float)
            row = {"scale": scale, "wave": wave, "n": len(answers), "n_items": len(used)}
            if not panel.policy.enough(len(answers)):
                row["note"] = too_few(panel.policy.minimum)
            else:
                result = reliability(answers)
                row |= {
                    "alpha": result.alpha, "alpha_low": result.alpha_low, "alpha_high": result.alpha_high,
                    "omega": result.omega, "note": " ".join(result.note),
                }
            rows.append(row)
    return pd.DataFrame(rows, columns=RELIABILITY_COLUMNS)


def item_reliability_table(panel: ProtectedPanel) -> pd.DataFrame:
    """How each item fits its scale, as `item_reliability.csv`: a row per scale, wave and item.

    `item_rest` is the correlation with the mean of the other items, `alpha_without` the alpha of the others.
    """
    rows = []
    for scale in panel.study.codebook.scales.index:
        for wave in WAVES:
            used = [item for item in panel.items[scale] if item in panel.asked[wave]]
            answers = panel.answers[wave][used].dropna().to_numpy(float)
            if len(used) < 2 or not panel.policy.enough(len(answers)):
                continue
            for item, rest, without in zip(
                    used, item_rest_correlations(answers), alpha_without_each(answers), strict=True):
                rows.append({"scale": scale, "wave": wave, "item": item, "n": len(answers), "item_rest": rest,
                             "alpha_without": without})
    return pd.DataFrame(rows, columns=["scale", "wave", "item", "n", "item_rest", "alpha_without"])


def ceiling_table(panel: ProtectedPanel) -> pd.DataFrame:
    """How many stood at the top of a scale before and could not rise, as `ceiling.csv`; flagged over 15 %."""
    rows = []
    for scale in panel.compared_scales:
        bounds = panel.study.codebook.range(panel.items[scale][0])
        if bounds is None:
            continue
        pre, post = (panel.scores[wave][scale].to_numpy(float) for wave in WAVES)
        found = ceiling(pre, post, bounds[1])
        row = {"scale": scale, "label": panel.study.codebook.label(scale), "n": found.n, "n_matched": found.n_matched}
        if not panel.policy.enough(found.n):
            row["note"] = too_few(panel.policy.minimum)
        elif not panel.policy.shows([found.n_at_maximum], found.n):
            row["note"] = NO_VARIATION
        else:
            row |= {"flagged": "yes" if found.flagged else "no", "share_at_maximum": found.share, "note": ""}
            if panel.policy.enough(found.n_matched):
                row["share_could_not_rise"] = found.share_could_not_rise
        rows.append(row)
    return pd.DataFrame(rows, columns=CEILING_COLUMNS)
