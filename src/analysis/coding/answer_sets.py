"""Answer sets as they are read in one language: what each text means, and what was expected of another."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from analysis.study.codebook import AnswerValue, Codebook, value_key
from analysis.texts import LETTERS_LOST, letters_lost, listed, nearest, normal
from survey_exports.table import Cell, cell_text

NEARLY_EQUAL = 0.9
"""How like a label a text must be to be taken for it: a wrong guess would be a wrong score."""

SOMEWHAT_LIKE = 0.5
"""How like a label a text must be for the label to be named beside it."""

_OF_TOOLS = {
    "n/a": " LimeSurvey writes it where a question was not shown or not answered.",
    "-oth-": " LimeSurvey writes it where “other” was chosen.",
}


class Unknown(ValueError):
    """An answer that is none: its text, if it is to be named, and what to say of it.

    `likeness` is how like a known answer it is, from 0 to 1.
    """

    def __init__(self, message: str, text: str = "", likeness: float = 0.0):
        super().__init__(message)
        self.text = text
        self.likeness = likeness


@dataclass(frozen=True)
class AnswerSet:
    """One answer set in one language: what each text means.

    `meanings` gives per compared text, and per number (`value_key`) that means one thing only, the value, None for what
    counts as missing; `codes` the codes of a value as the survey tool writes them, where they are neither values nor
    labels; `file` is the codebook's table of answers.
    """

    name: str
    values: list[AnswerValue]
    meanings: dict[str, str | None]
    labels: list[str]
    language: str
    codes: dict[str, list[str]] = field(default_factory=dict)
    file: str = "codebook/answers.csv"

    def meaning(self, text: str) -> str | None:
        """The value an answer means, None if it counts as missing. Raises `Unknown`."""
        if (key := self._key(text)) not in self.meanings:
            raise self.unknown(text)
        return self.meanings[key]

    def knows(self, text: str) -> bool:
        """Whether the text is a code, value or label of the set."""
        return self._key(text) in self.meanings

    def _key(self, text: str) -> str:
        key = normal(text)
        return key if key in self.meanings else value_key(key)

    def has_code(self, cell: Cell) -> bool:
        """Whether the cell is one of the set's codes."""
        text = normal(cell_text(cell)) if self.codes else ""
        return any(text == normal(code) for codes in self.codes.values() for code in codes)

    @cached_property
    def expected(self) -> str:
        """The set's answers in a list, with their codes: `A1 = 1 (Never) or A2 = 2 (Always)`."""
        answers = []
        for value in self.values:
            label = value.labels.get(self.language)
            answers.append(" = ".join([*self.codes.get(value.value, []), value.value]) + (f" ({label})" if label else ""))
        return listed(answers, last="or")

    @cached_property
    def separators(self) -> int:
        """The most semicolons and commas in one text of the set."""
        return max((sum(map(text.count, ";,")) for text in self.meanings), default=0)

    def nearest(self, text: str) -> tuple[str, float]:
        """The label, or value in words, that a text is most like, and how like it is, from 0 to 1."""
        return nearest(text, [*self.labels, *(value.value for value in self.values if value.number is None)])

    def unknown(self, text: str) -> Unknown:
        """What to say of a text that is no answer; only an all but equal one is taken for a slip of the pen."""
        label, likeness = self.nearest(text)
        none = f"is not an answer of the set “{self.name}”; expected {self.expected}."
        if letters_lost(text):
            return Unknown(f"{none} {LETTERS_LOST}", text, likeness)
        remedy = (
            f" If it means one of these, add a row to {self.file} with this text and its value; with an empty value if "
            "it counts as no answer."
        )
        near = f" The nearest is “{label}”." if likeness >= SOMEWHAT_LIKE else ""
        if likeness >= NEARLY_EQUAL:
            near, remedy = f" Did you mean “{label}”?", ""
        return Unknown(f"{none}{hint(text)}{near}{remedy}", text, max(likeness, bool(hint(text))))


def hint(text: str) -> str:
    """What the survey tool means by a text of its own, as a further sentence; nothing for other texts."""
    return _OF_TOOLS.get(normal(text), "")


def answer_sets(book: Codebook, language: str) -> dict[str, AnswerSet]:
    """Every answer set of the codebook as it is read in an export in `language`."""
    label = f"label_{language.casefold()}"
    file = book.files.get("answers", AnswerSet.file)
    sets: dict[str, AnswerSet] = {}
    for name, rows in book.answers.groupby("answers", sort=False):
        values = book.sets.get(name, [])
        canonical = {value_key(value.value): value.value for value in values}
        labels = [text for text in rows[label] if text] if label in rows.columns else []
        not_codes = {normal(text) for text in (*rows["value"], *labels)}
        meanings: dict[str, str | None] = {}
        meant: dict[str, set[str | None]] = {}
        codes: dict[str, list[str]] = {}
        for row in rows.to_dict("records"):
            value = canonical[value_key(row["value"])] if row["value"] else None
            for text in filter(None, (row["value"], row["code"], row.get(label))):
                meanings.setdefault(normal(text), value)
                meant.setdefault(value_key(text), set()).add(value)
            if row["code"] and value and normal(row["code"]) not in not_codes:
                codes.setdefault(value, []).append(row["code"])
        meanings = {key: only for key, (only, *others) in meant.items() if not others} | meanings
        sets[name] = AnswerSet(name, values, meanings, labels, language.casefold(), codes, file)
    return sets
