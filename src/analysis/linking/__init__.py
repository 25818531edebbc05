"""Who answered both times: codes compared, links made, doubted and decided on."""

from .links import KINDS, Decisions, Linked, link, normalised_code

__all__ = ["KINDS", "Decisions", "Linked", "link", "normalised_code"]
