"""What the public codebook says: the items of a scale, the answers of an item, what is reversed, what is constant."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.scales import Panel


@dataclass(frozen=True)
class Book:
    """The codebook as a reader has it: `items` of each scale, `range` of its answers, `constants`, `reversed`."""

    items: dict[str, list[str]]
    range: dict[str, tuple[float, float]]
    constants: dict[str, str]
    reversed: frozenset[str]

    @classmethod
    def of(cls, panel: Panel) -> Book:
        book = panel.study.codebook
        items = {scale: list(of_scale) for scale, of_scale in panel.items.items() if of_scale}
        return cls(items, {scale: book.range(of_scale[0]) for scale, of_scale in items.items()},
                   book.items.loc[book.items["constant"], "kind"].to_dict(),
                   frozenset(book.items.index[book.items["reversed"]]))
