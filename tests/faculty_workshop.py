"""Make a study folder of a real survey with published results, the faculty workshop of Arizona 2022-2024.

    python tests/faculty_workshop.py SOURCE FOLDER

SOURCE holds the public files of BiodiversityDataScienceCorp/Instructional-Pedagogy-Paper. As its authors did, only the
first term of each participant counts, session by session. Nothing of it is part of this project.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pandas as pd

SETTINGS = """title = "Faculty workshop on pedagogy and data science"
codes = "assigned"
minimum_group = 1   # the answers are public

[countries.AZ]
name = "Arizona"

[[exports]]
country = "AZ"
wave = "pre"
file = "raw/workshop.csv"
language = "en"
[exports.columns]
"Participant Code" = "code"
{pre}

[[exports]]
country = "AZ"
wave = "post"
file = "raw/workshop.csv"
language = "en"
[exports.columns]
"Participant Code" = "code"
{post}
"""


def write_study(source: Path, folder: Path) -> None:
    """Write the study folder: every question is a scale of one item, answers from 1 to 5, pre and post side by side."""
    sessions = [
        pd.read_csv(source / f"survey-data-raw-pd{session}.csv", dtype=str)
        .drop_duplicates("Participant Code").drop(columns="Term") for session in (1, 2)
    ]
    answers = sessions[0].merge(sessions[1], on="Participant Code", how="outer")
    questions = pd.read_csv(source / "question-info.csv")

    columns: dict[str, list[str]] = {"Pre": [], "Post": []}
    for header in answers.columns.drop("Participant Code"):
        number, part, wave = re.match(r"Q(\d+)(_\d+)?(Pre|Post): ", header).groups()
        columns[wave].append(f"'{header}' = \"Q{int(number):02d}{part or ''}\"")

    for name in ("raw", "codebook"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    answers.to_csv(folder / "raw" / "workshop.csv", index=False, encoding="utf-8")
    (folder / "study.toml").write_text(
        SETTINGS.format(pre="\n".join(columns["Pre"]), post="\n".join(columns["Post"])), encoding="utf-8")
    _codebook(questions, folder / "codebook")


def _codebook(questions: pd.DataFrame, folder: Path) -> None:
    names, texts = questions["question_id"], questions["question_text"]
    pd.DataFrame({"scale": names, "label_en": texts, "instrument": "", "source": ""}).to_csv(
        folder / "scales.csv", index=False, encoding="utf-8")
    pd.DataFrame({"item": names, "scale": names, "kind": "likert", "answers": "five", "reversed": "no",
                  "text_en": texts}).to_csv(folder / "items.csv", index=False, encoding="utf-8")
    pd.DataFrame({"answers": "five", "value": range(1, 6), "label_en": [str(point) for point in range(1, 6)]}).to_csv(
        folder / "answers.csv", index=False, encoding="utf-8")


if __name__ == "__main__":
    write_study(Path(sys.argv[1]), Path(sys.argv[2]))
