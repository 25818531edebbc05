"""Text that others wrote, safe within Markdown; sentences as a list."""

from __future__ import annotations

import re


def plain(text: str) -> str:
    """Text of the codebook or of study.toml with every Markdown sign escaped."""
    return re.sub(r"([\\`*_{}\[\]<>#|~$])", r"\\\1", str(text))


def bulleted(sentences: list[str]) -> str:
    """Sentences as a Markdown list; empty ones are left out."""
    return "\n".join(f"- {sentence}" for sentence in sentences if sentence)
