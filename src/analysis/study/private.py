"""The study's folder `private/`, for the owner of the answers alone, and the key that is kept there."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

from analysis.atomic import locked, put_file
from analysis.errors import Issue, StudyError
from analysis.study.folder import Study

PRIVATE = "private"
KEY_FILE = "private/key"
KEY_BYTES = 32


def private_folder(study: Path) -> Path:
    """`private/` of the study folder, made if it is not there.

    Where the system knows modes, nobody but its owner can open it and what lies in it.
    """
    folder = study / PRIVATE
    folder.mkdir(mode=0o700, exist_ok=True)
    for path, _, files in os.walk(folder):
        _restrict(Path(path), 0o700)
        for name in files:
            _restrict(Path(path, name), 0o600)
    return folder


def _restrict(path: Path, mode: int) -> None:
    with suppress(OSError):
        if not path.is_symlink() and path.stat().st_mode & 0o777 != mode:
            path.chmod(mode)


def put_private(content: str | bytes, study: Path, file: str) -> None:
    """Write the content, whole or not at all, to `file` (`private/...`) of the study folder, for its owner alone."""
    private_folder(study)
    for folder in list(Path(file).parents)[-3::-1]:
        (study / folder).mkdir(mode=0o700, exist_ok=True)
    put_file(content, study / file, 0o600)


def private_key(study: Study) -> bytes:
    """The key to the study's digests and to the order of its schools' letters: 32 random bytes, kept in `private/key`.

    Made when it is needed first. A synthetic study has nobody to protect: its key follows from its seed, so that it
    gives everybody the same reports. Raises `StudyError` if the key can be neither read nor written.
    """
    if study.settings.synthetic:
        return hashlib.sha256(f"synthetic {study.settings.seed}".encode()).digest()
    path = study.folder / KEY_FILE
    try:
        if not path.exists():
            with locked(private_folder(study.folder) / ".key-is-made.lock"):
                if not path.exists():
                    put_private(f"{secrets.token_hex(KEY_BYTES)}\n", study.folder, KEY_FILE)
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except OSError as error:
        raise StudyError([Issue(
            f"the study's key can't be kept here ({error.strerror or error}), and no report is made without one.",
            KEY_FILE)]) from None
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise StudyError([Issue(
            f"expected the {2 * KEY_BYTES} digits that were written here. Put them back from a copy; or delete the file, "
            "and the next run makes another key, by which the schools have other letters.", KEY_FILE)])
    return key


def keyed_digest(key: bytes, content: bytes) -> str:
    """HMAC-SHA-256 of the content, which without the key tells nothing of it."""
    return hmac.digest(key, content, "sha256").hex()
