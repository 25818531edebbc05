"""What a document is about: its title, language, who paid for it, and what made it."""

from __future__ import annotations

from dataclasses import dataclass, field

from nbformat import NotebookNode

from .shapes import Block, Heading

KEY = "analysis"
"""Where the notebook's metadata hold it, so that the notebook alone makes the same document again."""


@dataclass(frozen=True)
class Funding:
    statement: str = ""
    disclaimer: str = ""
    emblem: str | None = None

    def __bool__(self) -> bool:
        return bool(self.statement or self.disclaimer or self.emblem)


@dataclass(frozen=True)
class About:
    """`study` is the study's title, `provenance` as `analysis.manifest.provenance` gives it; all may be empty."""

    study: str = ""
    synthetic: bool = False
    language: str = "en"
    funding: Funding = Funding()
    provenance: dict = field(default_factory=dict)


def about(notebook: NotebookNode) -> About:
    """What the notebook's metadata say; the defaults for a notebook that is nobody's report."""
    said = dict(notebook.metadata.get(KEY, {}))
    return About(**{**said, "funding": Funding(**(said.get("funding") or {}))})


def title_of(blocks: list[Block], about: About) -> str:
    """The document's title, as Markdown: its first heading, else the study's title."""
    return next((block.text for block in blocks if isinstance(block, Heading)), about.study or "Report")
