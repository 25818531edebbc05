"""Whether one factor describes the items of a scale: the fit of the model behind omega."""

from __future__ import annotations

import pandas as pd

from analysis.disclosure.rules import too_few
from analysis.scales import WAVES, Panel
from analysis.statistics.reliability import reliability

FIT_COLUMNS = ["scale", "wave", "n", "chisq", "df", "cfi", "rmsea", "srmr", "note"]


def one_factor_fit_table(panel: Panel) -> pd.DataFrame:
    """Fit of the one-factor model of every scale and wave that asked it, as `one_factor_fit.csv`.

    `n` counts the respondents who answered every item; `note` says where the model fails.
    """
    minimum = panel.study.settings.minimum_group
    rows = []
    for scale in panel.study.codebook.scales.index:
        for wave in WAVES:
            used = [item for item in panel.items[scale] if item in panel.asked[wave]]
            if not used:
                continue
            answers = panel.answers[wave][used].dropna().to_numpy(float)
            row = {"scale": scale, "wave": wave, "n": len(answers)}
            if len(answers) < minimum:
                row["note"] = too_few(minimum)
            else:
                fit = reliability(answers).fit
                row |= {name: getattr(fit, name) for name in ("chisq", "df", "cfi", "rmsea", "srmr")}
                row["note"] = " ".join(fit.note)
            rows.append(row)
    return pd.DataFrame(rows, columns=FIT_COLUMNS)
