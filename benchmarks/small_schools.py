"""What all tables cost per teacher in eight countries of a hundred tiny schools, against the example study, in one run."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import sections
from analysis.language import Language
from analysis.responses import read_responses
from analysis.scales import panel
from analysis.sections.results import AcrossResults, of_country
from analysis.study.folder import read_study
from benchmarks.tables import markdown, write

EXAMPLE = Path(__file__).parents[1] / "data" / "example"
COUNTRIES, SCHOOLS, ANSWERING = 8, 100, 0.8
RUNS = 2


def tiny_schools(folder: Path) -> Path:
    """A study of the example's questions whose schools have one or two teachers each; answers at random."""
    (folder / "raw").mkdir(parents=True)
    shutil.copytree(EXAMPLE / "codebook", folder / "codebook")
    items = pd.read_csv(EXAMPLE / "codebook" / "items.csv")
    likert = list(items.loc[items["kind"] == "likert", "item"])
    lines = ['title = "Tiny schools"']
    for country in range(COUNTRIES):
        lines += [f"[countries.C{country}]", f'name = "Country {country}"']
    for country in range(COUNTRIES):
        for wave in ("pre", "post"):
            draw = np.random.default_rng([country, wave == "post"])
            rows = [[f"t{school:03d}x{teacher}q", f"School {school:03d}", *draw.integers(1, 6, len(likert))]
                    for school in range(SCHOOLS) for teacher in range(1 + school % 2) if draw.random() < ANSWERING]
            file = f"raw/{country}-{wave}.csv"
            pd.DataFrame(rows, columns=["code", "school", *likert]).to_csv(folder / file, index=False)
            lines += ["[[exports]]", f'country = "C{country}"', f'wave = "{wave}"', f'file = "{file}"', 'language = "en"']
    (folder / "study.toml").write_text("\n".join(lines), encoding="utf-8")
    return folder


def cost(folder: Path) -> tuple[float, int]:
    """CPU seconds to read a study and compute every table of it, and its number of teachers."""
    begun = time.process_time()
    study = read_study(folder)
    responses = read_responses(study)
    countries = {key: of_country(panel(study, responses, key), sections.COUNTRY, Language())
                 for key in study.settings.countries}
    across = AcrossResults(study, countries, sections.ACROSS, Language())
    for results in (*countries.values(), across):
        for name in results.tables:
            results.table(name)
    return time.process_time() - begun, sum(len(results.panel.respondents) for results in countries.values())


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        studies = {"example": EXAMPLE, "tiny schools": tiny_schools(Path(temporary) / "tiny")}
        costs = {name: min(cost(folder) for _run in range(RUNS)) for name, folder in studies.items()}
    rows = pd.DataFrame([[name, teachers, seconds / teachers] for name, (seconds, teachers) in costs.items()],
                        columns=["study", "teachers", "cost"])
    rows["per teacher against the example"] = rows["cost"] / rows["cost"].iloc[0]
    rows = rows.drop(columns="cost")
    write("small_schools", rows, markdown(rows.round(2)))
