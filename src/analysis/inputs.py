"""What a report is made from, as keyed digests.

It is personal data: by an unkeyed digest who guesses an answer could tell that it is right.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from analysis.linking.decisions import REVIEW_FILE, decisions_text, read_decisions
from analysis.study.private import keyed_digest


def declarations(study: Path) -> list[str]:
    """The files in which a study is declared: study.toml and the codebook, by their paths in its folder."""
    codebook = [*study.glob("codebook/*.csv"), *study.glob("codebook/*.xlsx"), *study.glob("codebook.xlsx")]
    return ["study.toml", *sorted(path.relative_to(study).as_posix() for path in codebook)]


@dataclass(frozen=True)
class Inputs:
    """Keyed digests of what a report is made from: its files, by their paths in the study folder, and what a person
    decided about links of its countries (empty: nothing). `key_id` tells one key from another.
    """

    files: dict[str, str]
    decisions: str
    key_id: str

    @classmethod
    def of(cls, study: Path, files: Iterable[str], countries: Iterable[str], country: str | None, key: bytes) -> Inputs:
        """The digests of the study's files, and of the decisions on one of its countries or (None) on all, as they are
        now; a file that is missing has an empty one.
        """
        decided = decisions_text(read_decisions(study, countries), countries if country is None else [country])
        digests = {file: keyed_digest(key, path.read_bytes()) if (path := study / file).is_file() else ""
                   for file in sorted(files)}
        return cls(digests, decided and keyed_digest(key, decided.encode()), keyed_digest(key, b"the key")[:16])

    def changed(self, now: Inputs) -> list[str]:
        """The files that `now` are not as they were."""
        changed = [file for file, known in self.files.items() if now.files.get(file) != known]
        return changed + [REVIEW_FILE] * (self.decisions != now.decisions)
