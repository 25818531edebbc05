"""The order of headings that readers of the page, screen readers and PDF/UA rely on."""

from __future__ import annotations

from dataclasses import replace

from .shapes import Block, Heading

DEEPEST = 4


def outlined(found: list[Block]) -> list[Block]:
    """The blocks with one title, the first heading, and no level skipped below it, whatever the notebook's cells have.

    Where further headings are as high as the title, all below it go one level down.
    """
    headings = [block for block in found if isinstance(block, Heading)]
    down = 1 if any(heading.level == 1 for heading in headings[1:]) else 0
    blocks: list[Block] = []
    previous = 0
    for block in found:
        if isinstance(block, Heading):
            previous = min(max(block.level + down, 2), previous + 1, DEEPEST)
            block = replace(block, level=previous)
        blocks.append(block)
    return blocks
