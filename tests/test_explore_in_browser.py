"""The exploring notebook in a real browser: figures and numbers follow the widgets, and nothing leaves the machine."""

from __future__ import annotations

import json

import pytest

from browser import CHROMIUM, Page
from lab import choose, notebook
from runs import tiny_study

SHOWN = "[...document.querySelectorAll('.explorer')].find(one => one.offsetParent)"
NUMBERS, FIGURE = f"{SHOWN}?.querySelector('table')?.innerText", f"{SHOWN}?.querySelector('img')?.src"
RECORD = "[...document.querySelectorAll('.jp-RenderedMarkdown')].findLast(one => one.innerText.includes('Comp'))?.innerText"


def named(kind: str, text: str) -> str:
    return f"[...document.querySelectorAll('{kind}')].find(one => one.innerText == '{text}')"


def changes(page: Page, act, *seen: str) -> None:
    """Wait until all that is `seen` is there and another than before the act."""
    before = [page.run(one) for one in seen]
    act()
    for one, old in zip(seen, before, strict=True):
        page.wait(f"(now => now && now != {json.dumps(old)})({one})", f"another {one}")


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium")
def test_figure_numbers_and_record_follow_the_widgets_and_nothing_leaves_the_machine(tmp_path):
    study = tiny_study(tmp_path / "study")
    with notebook(study, tmp_path) as page:
        assert "23 matched" in page.run(f"{SHOWN}.innerText")
        changes(page, lambda: page.run(choose("Country", 1)), NUMBERS, FIGURE, RECORD)
        page.screenshot(tmp_path / "country.png")
        changes(page, lambda: page.click(named(".lm-TabBar-tab", "Items")), NUMBERS, FIGURE, RECORD)
        changes(page, lambda: page.run(choose("Scale", 1)), NUMBERS, FIGURE, RECORD)
        page.screenshot(tmp_path / "scale.png")
        changes(page, lambda: page.click(named("button", "as the owner sees it")), RECORD)
        changes(page, lambda: page.click(named(".lm-TabBar-tab", "Distributions")), FIGURE)
        page.screenshot(tmp_path / "distributions.png")
        page.click(named("button", "Into my report"))
        page.wait("document.body.innerText.includes('Added to private/my-report.ipynb')", "the added view")
        assert not page.errors
        assert page.requests and not page.left
    assert "here.plot.figures" in (study / "private" / "my-report.ipynb").read_text(encoding="utf-8")
