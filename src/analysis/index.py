"""The page from which all reports of a study are found."""

from __future__ import annotations

import html
from pathlib import Path

from .placing import put_text
from .reports import ACROSS, QUALITY
from .study import Study


def write_index(study: Study, out: Path) -> Path:
    """`index.html` of the study: a link to every report that is there."""
    base = out.resolve() / study.folder.resolve().name
    names = {key: country.name for key, country in study.settings.countries.items()}
    places = [(ACROSS, "Across countries"), *((f"countries/{key}", name) for key, name in names.items()),
              (QUALITY, "Data quality")]
    items = []
    for place, name in places:
        documents = sorted((base / place).glob("report.*"))
        if documents:
            links = ", ".join(f'<a href="{place}/{path.name}">report ({path.suffix[1:].upper()})</a>' for path in documents)
            items.append(f'<li><strong>{html.escape(name)}</strong>: {links}, '
                         f'<a href="{place}/tables.xlsx">tables (Excel)</a></li>')
    banner = "<p><strong>Synthetic data.</strong></p>" if study.settings.synthetic else ""
    title = html.escape(study.settings.title)
    page = (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<style>body{font:16px/1.6 "Segoe UI",Arial,"DejaVu Sans",sans-serif;max-width:44rem;margin:2rem auto;'
        f'padding:0 1rem}}</style></head>\n<body><h1>{title}</h1>{banner}\n<ul>\n' + "\n".join(items)
        + "\n</ul></body></html>\n"
    )
    put_text(page, base / "index.html")
    return base / "index.html"
