"""How well each scale measures: reliability per wave."""

from __future__ import annotations

import pandas as pd

from .disclosure import too_few
from .scales import WAVES, Panel
from .statistics.reliability import reliability

RELIABILITY_COLUMNS = ["scale", "wave", "n", "n_items", "alpha", "alpha_low", "alpha_high", "omega", "note"]


def reliability_table(panel: Panel) -> pd.DataFrame:
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
            if len(answers) < panel.study.settings.minimum_group:
                row["note"] = too_few(panel.study.settings.minimum_group)
            else:
                result = reliability(answers)
                row |= {
                    "alpha": result.alpha, "alpha_low": result.alpha_low, "alpha_high": result.alpha_high,
                    "omega": result.omega, "note": " ".join(result.note),
                }
            rows.append(row)
    return pd.DataFrame(rows, columns=RELIABILITY_COLUMNS)

