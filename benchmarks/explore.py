"""How soon the exploring notebook shows another country, in a real browser, beside widgets whose figures are drawn anew."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import pandas as pd

from analysis.versions import PROJECT
from benchmarks.tables import markdown, write

VISITS = 16
AHEAD = 40  # seconds in which every country is computed ahead
ANEW = """
import analysis, functools, ipywidgets

study = analysis.read_study("..")
panel = functools.cache(study.panel)
ipywidgets.interact(lambda Country: panel(Country).plot.change(), Country=study.countries)
"""
UNTIL_STILL = """new Promise(done => {{
  const begun = performance.now(); let last = 0;
  const watch = new MutationObserver(() => last = performance.now());
  document.querySelectorAll('.jp-OutputArea').forEach(
    area => watch.observe(area, {{subtree: true, childList: true, attributes: true, characterData: true}}));
  {choose};
  last = 0;
  const timer = setInterval(() => {{ if (last && performance.now() - last > 700) {{
    clearInterval(timer); watch.disconnect(); done(last - begun) }} }}, 50)
}})"""


def milliseconds(study: Path, folder: Path, there: str, ahead: float) -> list[float]:
    """From the drop-down's event to the last change of the notebook's outputs; all countries were visited before."""
    from lab import choose, notebook

    with notebook(study, folder, there) as page:
        countries = page.run("document.querySelector('.widget-dropdown select').options.length")
        time.sleep(ahead)
        found = [page.run(UNTIL_STILL.format(choose=choose("Country", at % countries)))
                 for at in range(1, countries + VISITS + 1)]
        return found[countries:]


def main() -> None:
    sys.path.insert(0, str(PROJECT / "tests"))
    rows = []
    for what, there, own, ahead in (("the explorer: cached SVG", ".explorer img", "", AHEAD),
                                    ("ipywidgets.interact, matplotlib draws anew", "img[src^='data:image/png']", ANEW, 0)):
        with tempfile.TemporaryDirectory() as folder:
            study = Path(folder) / "study"
            shutil.copytree(PROJECT / "data" / "example", study, ignore=shutil.ignore_patterns("private"))
            if own:
                (study / "private").mkdir()
                nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(own)], metadata={
                    "kernelspec": {"name": "python3", "display_name": "Python 3"}}), study / "private" / "explore.ipynb")
            found = pd.Series(milliseconds(study, Path(folder), there, ahead))
            rows.append({"what": what, "median": found.median(), "slowest": found.max()})
    data = pd.DataFrame(rows)
    write("explore", data, "Milliseconds from the choice of a country to the last change on the page in headless Chromium; "
          f"{VISITS} visits of countries that were seen before.\n\n" + markdown(data.round(0).astype({
              "median": int, "slowest": int})))


if __name__ == "__main__":
    main()
