"""One executed notebook, many documents: the notebook becomes a list of blocks, and each format has a writer.

Every writer is an nbconvert exporter, so `jupyter nbconvert --to` finds it, too. `WRITERS` maps the name of a
format, as `--to` takes it, to a function of the executed notebook, the file to write and what the report is about.
"""

from collections.abc import Callable
from pathlib import Path

from nbformat import NotebookNode

from .html import write_html

WRITERS: dict[str, Callable[[NotebookNode, Path, dict], None]] = {"html": write_html}
