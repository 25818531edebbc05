"""What the mentoring was and when it took place, as study.toml says it for all countries."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.sections.parts import Block, Heading, Text
from analysis.sections.results import AcrossResults


def main(results: AcrossResults) -> Iterator[Block]:
    """The texts of [setting] on the mentoring and its dates; nothing where study.toml has none."""
    say, texts = results.say, [text for key in ("mentoring", "dates") if (text := results.own_text("setting", key))]
    if not texts or not results.countries:
        return
    yield Heading(say("Setting"))
    yield Text(" ".join([*texts, say("The months of each survey, who could take part, ethics and consent stand in the "
                                     "countries' reports.")]))
