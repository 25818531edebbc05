"""The example's questionnaire: its texts are data, kept as CSV and TOML files beside this module."""

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

INSTRUMENT = Path(__file__).parent / "instrument"
CODEBOOK_FILES = ("scales.csv", "items.csv", "answers.csv")


@dataclass(frozen=True)
class Questionnaire:
    """The codebook's rows as written, with the study's settings, schools and open texts.

    `items` and `scales` are keyed by name in codebook order, `answers` by answer set; `advice` are the mentors' open
    answers by language, with the categories that a coder gave them.
    """

    scales: dict[str, dict[str, str]]
    items: dict[str, dict[str, str]]
    answers: dict[str, list[dict[str, str]]]
    schools: list[dict[str, str]]
    comments: dict[str, list[str]]
    advice: dict[str, list[dict[str, str]]]
    code_elements: dict[tuple[str, str], list[str]]
    study: dict
    truth_description: dict[str, str]

    def scales_of(self, respondents: str) -> list[str]:
        """The scales that one kind of respondents is asked, in codebook order."""
        return [name for name, scale in self.scales.items() if respondents in scale["respondents"].split("; ")]

    def schools_of(self, iteration: int) -> list[dict[str, str]]:
        return [row for row in self.schools if row["iteration"] == str(iteration)]

    def items_of(self, scale: str) -> list[str]:
        """The scale's items in codebook order."""
        return [name for name, item in self.items.items() if item["scale"] == scale]

    @property
    def likert(self) -> list[str]:
        """All items answered on a scale of agreement or frequency."""
        return [name for name, item in self.items.items() if item["kind"] == "likert"]

    def reversed(self, item: str) -> bool:
        return self.items[item]["reversed"] == "yes"

    def values(self, answer_set: str) -> list[str]:
        """Distinct values of an answer set that do not count as missing."""
        return list(dict.fromkeys(row["value"] for row in self.answers[answer_set] if row["value"]))

    def spellings(self, country: str, school: str) -> list[str]:
        """The other spellings of a school that study.toml lists."""
        return self.study["countries"][country]["schools"][school]["also"]


@cache
def questionnaire() -> Questionnaire:
    """The questionnaire read from the package's own files."""
    answers: dict[str, list[dict[str, str]]] = {}
    for row in _rows("answers.csv"):
        answers.setdefault(row["answers"], []).append(row)
    comments: dict[str, list[str]] = {}
    advice: dict[str, list[dict[str, str]]] = {}
    for row in _rows("comments.csv"):
        if row["item"] == "comment":
            comments.setdefault(row["language"], []).append(row["text"])
        else:
            advice.setdefault(row["language"], []).append(row)
    elements: dict[tuple[str, str], list[str]] = {}
    for row in _rows("code_elements.csv"):
        elements.setdefault((row["language"], row["element"]), []).append(row["name"])
    return Questionnaire(
        scales={row["scale"]: row for row in _rows("scales.csv")},
        items={row["item"]: row for row in _rows("items.csv")},
        answers=answers,
        schools=_rows("schools.csv"),
        comments=comments,
        advice=advice,
        code_elements=elements,
        study=_toml("study.toml"),
        truth_description=_toml("truth.toml"),
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (INSTRUMENT / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _toml(name: str) -> dict:
    return tomllib.loads((INSTRUMENT / name).read_text(encoding="utf-8"))
