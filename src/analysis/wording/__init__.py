"""Names from the codebook and lists as Markdown."""

from .markdown import bulleted, plain

__all__ = ["bulleted", "plain"]
