"""The synthetic example study: a questionnaire, a population with known truth, its mess, its raw files.

questionnaire   texts, answer sets, schools and study.toml, as data files in `instrument/`
parameters      the true values
population      schools, teachers and their answers, drawn from the true values
codes, mess     slips in codes, school spellings, double submissions, test rows
programme       leaders, mentors, the second iteration, raters, perceived change, context
retrospective   the short "then" survey of one country
placement       which file and row a submission stands in
truth           the content of truth.json
survey_tools    one writer per survey tool
"""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd

from example.mess import answer_sheets
from example.placement import as_responses, placed
from example.population import draw_population
from example.programme import (
    contexts,
    leader_sheets,
    mentor_sheets,
    perceived_answers,
    rubric_sheets,
    second_iteration_sheets,
)
from example.questionnaire import CODEBOOK_FILES, INSTRUMENT
from example.retrospective import retrospective_sheets
from example.survey_tools import write_raw_files
from example.truth import true_values

SEED = 20230630


def simulate(seed: int = SEED) -> tuple[pd.DataFrame, dict]:
    """The example study in memory: what a correct reading of its files gives, and the truth.

    The frame has the columns of `analysis.responses`' frame and `teacher`, the true identity, whoever answers. The truth
    is what truth.json holds; its `change` list has `country`, `scale` and `change_score`, the expected
    change of the scale's score that intervals should cover. Another seed draws other schools, teachers,
    answers and mess from the same parameters.
    """
    sheets, _ = _drawn(seed)
    return as_responses(sheets), true_values(sheets, seed)


def write_example(folder: Path, seed: int = SEED) -> None:
    """Writes the example study into `folder`: study.toml, codebook/, raw/, truth.json and README.md.

    The same seed gives the same bytes on one machine. Other files in the folder stay.
    """
    folder = Path(folder)
    sheets, context = _drawn(seed)
    (folder / "codebook").mkdir(parents=True, exist_ok=True)
    (folder / "raw").mkdir(exist_ok=True)
    for name in CODEBOOK_FILES:
        shutil.copyfile(INSTRUMENT / name, folder / "codebook" / name)
    for name in ("study.toml", "README.md"):
        shutil.copyfile(INSTRUMENT / name, folder / name)
    write_raw_files(sheets, context, folder)
    text = json.dumps(true_values(sheets, seed), ensure_ascii=False, indent=1)
    (folder / "truth.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def _drawn(seed: int) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """All placed answer sheets, and the files of context."""
    def rng(stream: int) -> np.random.Generator:
        return np.random.default_rng([seed, stream])

    population = draw_population(rng(1))
    first = answer_sheets(population, rng(2)).assign(respondents="teachers", iteration=1)
    then = retrospective_sheets(first, rng(3))
    others = (leader_sheets(rng(5)), mentor_sheets(rng(6)), second_iteration_sheets(first, rng(7)), rubric_sheets(rng(8)))
    sheets = pd.concat([first, then, *others], ignore_index=True)
    sheets = sheets.join(perceived_answers(sheets, rng(9)))
    return placed(sheets), contexts(population, first, rng(10))
