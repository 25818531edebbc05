"""What stands in the files that a run wrote, as text."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import pypdf


def readable_texts(folder: Path) -> dict[str, str]:
    """All text in the files below a folder: workbooks unzipped, embedded pictures left out."""
    texts = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        name, content = path.relative_to(folder).as_posix(), path.read_bytes()
        if path.suffix in (".xlsx", ".docx"):
            with zipfile.ZipFile(io.BytesIO(content)) as parts:
                texts |= {f"{name}/{part}": parts.read(part).decode("utf-8") for part in parts.namelist()
                          if not part.endswith(".png")}
        elif path.suffix == ".ipynb":
            texts[name] = "\n".join(_strings(json.loads(content)))
        elif path.suffix == ".pdf":
            document = pypdf.PdfReader(io.BytesIO(content))
            texts[name] = "\n".join([str(document.metadata), *(page.extract_text() for page in document.pages)])
        elif path.suffix == ".png":
            texts[name] = "\n".join(found.decode() for found in re.findall(rb"(?:tEXt|iTXt)[ -~\0]+", content))
        else:
            texts[name] = re.sub(r"base64,[\w+/=\s]+", "", content.decode("utf-8"))
    return texts


def _strings(node, key: str = ""):
    if isinstance(node, dict):
        for name, value in node.items():
            yield name
            yield from _strings(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from _strings(value, key)
    elif key != "image/png":
        yield str(node)
