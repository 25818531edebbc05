"""Where a text may hide in the files that a run writes: every layer of every file, down to packed streams."""

from __future__ import annotations

import base64
import binascii
import html
import io
import json
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

import pypdf

DEEPEST = 6
START = 4
BASE64 = re.compile(rb"[A-Za-z0-9+/]{40,}(?:\s[A-Za-z0-9+/]{40,})*[A-Za-z0-9+/\s]*={0,2}")


LONG_RUN = re.compile(r"[A-Za-z0-9+/]{200,}")
"""What is packed as base64, and looked into as such."""


def places(folder: Path, canaries: Iterable[str]) -> set[tuple[str, str]]:
    """Every (file, canary) below the folder, in the files' names, texts, packed parts, pictures and metadata."""
    wanted = {_folded(canary): canary for canary in canaries}
    starts: dict[str, list[str]] = {}
    for folded in wanted:
        starts.setdefault(folded[:START], []).append(folded)
    start = re.compile("|".join(map(re.escape, starts)))
    found = set()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        layers = [name.encode(), *(_layers(path.read_bytes(), 0) if path.is_file() else ())]
        for text in (text for layer in layers for text in _texts(layer)):
            found |= {(name, wanted[folded]) for match in start.finditer(text) for folded in starts[match[0]]
                      if text.startswith(folded, match.start())}
    return found


def _folded(text: str) -> str:
    """The text as it is searched: no case, no spaces, compatibility forms united."""
    if text.isascii():
        return "".join(text.casefold().split())
    folded = text.casefold()
    if not unicodedata.is_normalized("NFKC", folded):
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(folded.split())


def _texts(layer: bytes) -> Iterator[str]:
    """What the bytes say in the encodings that files use, with entities, escapes and percent signs resolved."""
    readings = [layer.decode("utf-8", errors="replace")]
    if "\ufffd" in readings[0]:
        readings.append(layer.decode("latin-1"))
    if b"\0" in layer:
        readings += [layer[start:].decode(encoding, errors="replace") for start in (0, 1)
                     for encoding in ("utf-16-le", "utf-16-be")]
    for text in readings:
        yield _folded(text)
        text = LONG_RUN.sub("", text)
        escaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)
        for other in (html.unescape(text), unquote(text), escaped, re.sub(r"<[^>]*>", "", text)):
            if other != text:
                yield _folded(other)


def _layers(content: bytes, depth: int) -> Iterator[bytes]:
    """The bytes, and the bytes of all that is packed in them."""
    picture = content.startswith(b"\x89PNG")
    if not picture:
        yield content
    if depth >= DEEPEST:
        return
    inner: list[bytes] = []
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            yield packed.comment
            for member in packed.infolist():
                inner += [member.filename.encode(), member.comment, packed.read(member)]
    elif content.startswith(b"%PDF"):
        inner += _of_pdf(content)
    elif picture:
        inner += _of_png(content)
    elif content.startswith(b"\x1f\x8b"):
        inner.append(zlib.decompressobj(31).decompress(content))
    else:
        if content.lstrip().startswith((b"{", b"[")):
            inner += _of_json(content)
        for match in BASE64.finditer(content):
            try:
                inner.append(base64.b64decode(re.sub(rb"\s", b"", match[0])))
            except (binascii.Error, ValueError):
                continue
    for each in inner:
        yield from _layers(each, depth + 1)


def _of_pdf(content: bytes) -> Iterator[bytes]:
    document = pypdf.PdfReader(io.BytesIO(content))
    yield repr(document.metadata).encode()
    yield repr(document.xmp_metadata and document.xmp_metadata.rdf_root.toxml()).encode()
    for page in document.pages:
        yield page.extract_text().encode()
    for number in range(int(document.trailer["/Size"])):
        try:
            thing = document.get_object(number)
            yield repr(thing).encode()
            yield thing.get_data()
        except Exception:
            continue
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", content, re.S):
        try:
            yield zlib.decompressobj().decompress(match[1])
        except zlib.error:
            yield match[1]


def _of_png(content: bytes) -> Iterator[bytes]:
    """The data of all chunks but the picture itself, unpacked where they are packed."""
    at = 8
    while at + 8 <= len(content):
        (length,), kind = struct.unpack(">I", content[at:at + 4]), content[at + 4:at + 8]
        data = content[at + 8:at + 8 + length]
        if kind not in (b"IDAT", b"PLTE"):
            yield data
            for start in (match.end() for match in re.finditer(rb"\0+", data)):
                try:
                    yield zlib.decompressobj().decompress(data[start:])
                except zlib.error:
                    continue
        at += 12 + length
        if kind == b"IEND":
            break
    yield content[at:]


def _of_json(content: bytes) -> Iterator[bytes]:
    try:
        yield "\n".join(_strings(json.loads(content))).encode("utf-8", errors="surrogatepass")
    except (ValueError, RecursionError):
        return


def _strings(node) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from _strings(value)
    elif isinstance(node, list):
        if all(isinstance(value, str) for value in node):
            yield "".join(node)
        for value in node:
            yield from _strings(value)
    else:
        yield str(node)
