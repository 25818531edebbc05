"""Figures tell no more than the numbers beside them: what is read off an SVG's coordinates is the rounded number."""

from __future__ import annotations

import csv
import re

import pytest

TICK = re.compile(
    r'<use xlink:href="#\w+" x="([\d.]+)" y="[\d.]+"[^>]*/>\s*</g>\s*</g>\s*<g id="text_\d+">\s*<!-- (\S+) -->')
MARK = re.compile(r'<g id="line2d_\d+">\s*(?:<defs>.*?</defs>\s*)?<g>\s*<use xlink:href="#\w+" x="([\d.]+)"', re.DOTALL)
LINE = re.compile(r'<path d="M ([\d.]+) [\d.]+ \s*L ([\d.]+) [\d.]+ \s*"[^>]*stroke-width: 1.4')


@pytest.mark.parametrize("figure", ["change", "exploratory"])
def test_points_and_intervals_lie_where_the_rounded_numbers_put_them(example_run, figure):
    folder = example_run.reports / "countries" / "FI" / "figures"
    with (folder / f"{figure}.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["change"]]
    drawing = (folder / f"{figure}.svg").read_text(encoding="utf-8")
    (x, low), *between, (right, high) = [
        (float(at), float(said.replace("−", "-"))) for at, said in TICK.findall(drawing)]
    assert high > low and rows

    def number(at: str) -> float:
        return low + (float(at) - x) * (high - low) / (right - x)

    ends = [tuple(map(number, line)) for line in LINE.findall(drawing)]
    assert ends == [pytest.approx((float(row["ci_low"]), float(row["ci_high"])), abs=1e-4) for row in rows]
    points = [number(at) for at in MARK.findall(drawing)]
    ticks = len(between) + 2
    assert points[ticks:ticks + len(rows)] == pytest.approx([float(row["change"]) for row in rows], abs=1e-4)
