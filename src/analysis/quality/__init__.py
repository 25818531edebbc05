"""What the answers are like, before anything is computed from them: for their owner, and what may be shown of it."""

from . import answers, dates, findings, report, spellings, words

__all__ = ["answers", "dates", "findings", "report", "spellings", "words"]
