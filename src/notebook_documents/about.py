"""What a document says beside the notebook's cells: its language and fixed words, title page and properties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from nbformat import NotebookNode

from .shapes import Block, Heading

KEY = "document"
"""Where the notebook's metadata hold the fields of `About`, so that the notebook alone makes the same document again."""

ENGLISH = {
    "report": "Report",
    "contents": "Contents",
    "figures": "Figures",
    "tables": "Tables",
    "figure": "Figure",
    "table": "Table",
    "further": "Table {number}, further columns",
    "note": "Note.",
    "numbers": "The numbers behind",
    "scroll": "Wider than a small screen: scroll sideways to see all",
    "nothing": "Nothing to show.",
    "described": "{n} rows; columns: {names}",
    "skip": "Skip to the content",
    "page": "Page {page} of {pages}",
    "made": "Made on {date}",
    "printed": "as in the report",
    "sheet": "sheet",
    "place": "in the report",
    "what": "what",
    "rows": "rows",
    "notes": "notes",
}
"""All that the writers say themselves."""


class Words(dict):
    """Some of the fixed words in another language; what is missing, or does not fit, is said in English."""

    def __missing__(self, name: str) -> str:
        return ENGLISH[name]

    def __call__(self, name: str, **values: object) -> str:
        """The words with their {names} filled."""
        try:
            return self[name].format(**values)
        except (LookupError, ValueError):
            return ENGLISH[name].format(**values)


@dataclass(frozen=True)
class Imprint:
    """Who paid for or stands behind the document; `emblem` is a drawing (SVG) and `alt` says what it shows."""

    paragraphs: list[str] = field(default_factory=list)
    emblem: str = ""
    alt: str = ""

    def __bool__(self) -> bool:
        return bool(self.paragraphs or self.emblem)


@dataclass(frozen=True)
class About:
    """All may be empty.

    `words` are entries in place of `ENGLISH`; `notice` is a warning above all, its first part on every page; `made` is
    an ISO time, which dates the file; `creator` the program that made the notebook. `elsewhere` is what to call figures and
    tables of another document that the text refers to, by their labels (`fig-means`: “Annex figure 2”). `compact`
    documents begin on the first page, without contents on paper.
    """

    subtitle: str = ""
    language: str = "en"
    words: Words = field(default_factory=Words)
    notice: tuple[str, str] = ("", "")
    imprint: Imprint = field(default_factory=Imprint)
    made: str = ""
    creator: str = ""
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    compact: bool = False

    @classmethod
    def read(cls, given: Mapping) -> About:
        """From plain values, as JSON holds them."""
        said = {each.name: given[each.name] for each in fields(cls) if each.name in given}
        return cls(**said | {"words": Words(said.get("words", {})), "notice": tuple(said.get("notice", ("", ""))),
                             "imprint": Imprint(**said.get("imprint", {}))})


def about(notebook: NotebookNode) -> About:
    """What the notebook's metadata say; the defaults for a notebook that says nothing."""
    return About.read(notebook.metadata.get(KEY, {}))


def authors(notebook: NotebookNode) -> list[str]:
    """The authors that the notebook's metadata name."""
    names = [author.get("name", "") for author in notebook.metadata.get("authors", []) if isinstance(author, dict)]
    return [str(name) for name in names if name]


def title_of(found: list[Block], said: About) -> tuple[str, list[Block]]:
    """The document's title, as Markdown (its first heading, else the subtitle), and all other blocks."""
    first = next((block for block in found if isinstance(block, Heading)), None)
    title = first.text if first else said.subtitle or said.words["report"]
    return title, [block for block in found if block is not first]
