"""From notebooks to report folders: executed, written as documents, put in place, several at a time."""

from __future__ import annotations

from notebook_documents import WRITERS

FORMATS = tuple(kind for kind in WRITERS if kind != "xlsx")
"""Of a report's documents; its workbook is made of the tables."""
