"""What the three documents of a report cost, beside making its notebook."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import nbformat
import pandas as pd

from analysis.versions import PROJECT
from benchmarks.tables import markdown, write
from notebook_documents import document

PLACES = ("countries/EE", "countries/GE", "across-countries")
KINDS = ("html", "docx", "pdf")
REPEATS = 5
CHILD = """
import sys
from pathlib import Path
from time import perf_counter

import nbformat

notebook = nbformat.read(sys.argv[1], as_version=4)
begun = perf_counter()
from notebook_documents import document

for kind in sys.argv[3].split(","):
    (Path(sys.argv[2]) / f"report.{kind}").write_bytes(document(kind, notebook))
print(perf_counter() - begun)
"""


def first(notebook: Path, folder: str, kinds: str) -> float:
    """Seconds for a process's first documents, the writers' own imports included; the best of three."""
    command = [sys.executable, "-c", CHILD, str(notebook), folder, kinds]
    return min(float(subprocess.run(command, capture_output=True, text=True, check=True).stdout) for _ in range(3))


def further(notebook: Path, folder: str, kind: str) -> float:
    """Seconds for one more document in a process that has made one; the best of five."""
    node, times = nbformat.read(notebook, as_version=4), []
    for _ in range(REPEATS + 1):
        begun = perf_counter()
        (Path(folder) / f"report.{kind}").write_bytes(document(kind, node))
        times.append(perf_counter() - begun)
    return min(times[1:])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "analysis", "run", str(PROJECT / "data" / "example"), "--out", folder,
                        "--to", "html"], check=True, capture_output=True)
        rows = []
        for place in PLACES:
            notebook = Path(folder) / "example" / place / "notebook.ipynb"
            times = {kind: further(notebook, folder, kind) for kind in KINDS}
            rows.append({"report": place, **times, "all three": sum(times.values()),
                         "all three, first in a process": first(notebook, folder, ",".join(KINDS)),
                         **{f"{kind}, kB": (Path(folder) / f"report.{kind}").stat().st_size / 1000 for kind in KINDS}})
    data = pd.DataFrame(rows)
    shown = data.copy()
    for column in data.columns[1:]:
        shown[column] = data[column].map("{:.0f}".format if column.endswith("kB") else "{:.2f}".format)
    write("documents", data, "Seconds to write the documents of a report from its executed notebook, and their sizes.\n\n"
          + markdown(shown))
