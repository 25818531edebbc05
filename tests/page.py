"""A page read back, and notebooks to make one from."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser

from nbformat import NotebookNode, v4

from notebook_documents.about import KEY

FLAG = ('<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60" viewBox="0 0 90 60">'
        '<rect width="90" height="60" fill="#003399"/></svg>')
"""An emblem, three wide and two high."""
PNG = base64.b64encode(b"\x89PNG picture").decode()
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path id="a" d="M0 0"/></svg>'


class Page(HTMLParser):
    """Elements with their attributes and the elements they stand in, the text of the headings, and all text."""

    def __init__(self, text: str):
        super().__init__()
        self.source = text
        self.elements: list[tuple[str, dict]] = []
        self.within: list[list[str]] = []
        self.headings: list[tuple[int, str]] = []
        self.text = ""
        self.title = ""
        self.outside = ""
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.within.append(list(self._open))
        if tag not in ("meta", "img", "br", "hr"):
            self._open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))

    def handle_endtag(self, tag):
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data):
        where = self._open[-1] if self._open else ""
        if where == "style":
            return
        if where == "title":
            self.title += data
        elif not {"header", "main", "nav", "footer"} & set(self._open) and "skip" not in self._last_class():
            self.outside += data.strip()
        self.text += data
        if any(re.fullmatch("h[1-6]", tag) for tag in self._open):
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)

    def _last_class(self) -> str:
        return self.elements[-1][1].get("class", "") if self.elements else ""

    def all(self, tag: str) -> list[dict]:
        return [attributes for name, attributes in self.elements if name == tag]

    def inside(self, tag: str, ancestor: str) -> list[dict]:
        return [attributes for (name, attributes), above in zip(self.elements, self.within, strict=True)
                if name == tag and ancestor in above]


def page_of(folder) -> Page:
    return Page((folder / "report.html").read_text(encoding="utf-8"))


def notebook(*cells, **about) -> NotebookNode:
    """A notebook; `about` is what its metadata say the report is about."""
    return v4.new_notebook(cells=list(cells), metadata={KEY: about} if about else {})


def shown(data: dict, source: str = "", **metadata) -> NotebookNode:
    """A code cell with one output."""
    return v4.new_code_cell(source, outputs=[v4.new_output("display_data", data=data)], metadata=metadata)
