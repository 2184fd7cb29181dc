"""Which commit a repository's HEAD is, read without git: what git says of a commit does not change.

It is only told where nothing else has a say: in a repository of the user's own, whose references are files, and whose
objects are all here. Everything else is not known, and a run that asked git there is not kept.
"""

from __future__ import annotations

import os

from wslint.system import digest

NO_GIT = "no git"

_MOST_BYTES = 64 * 1024 * 1024
"""Of packed references."""

_MOST_LINKS = 5
"""Git follows no more references to references."""


def head_of(top: str) -> str:
    """The commit and what decides how git reads it; `NO_GIT` without git, empty when that is not known."""
    git = _git()
    if not git:
        return NO_GIT
    try:
        folder = _git_folder(top)
        common = os.path.normpath(os.path.join(folder, _text(folder, "commondir").strip() or "."))
        config = _bytes(common, "config") + b"\0" + _bytes(folder, "config.worktree")
        lower = config.lower()
        if any(word in lower for word in (b"promisor", b"partialclone", b"refstorage")):
            return ""
        if not all(_is_ours(path) for path in {top, os.path.join(top, ".git"), folder, common}):
            return ""
        commit = _commit(folder, common)
    except (OSError, ValueError):
        return ""
    return f"{commit} {digest(config)} {git}" if commit else ""


def _git_folder(top: str) -> str:
    """Where `.git` is, or what it points to: a working tree of several, or a submodule."""
    path = os.path.join(top, ".git")
    if os.path.isdir(path):
        return path
    told = _text(top, ".git")
    if not told.startswith("gitdir: "):
        raise ValueError(told)
    return os.path.normpath(os.path.join(top, told[len("gitdir: ") :].rstrip("\n")))


def _commit(folder: str, common: str) -> str:
    """What HEAD leads to; `unborn` before the first commit."""
    name, place = "HEAD", folder
    for _ in range(_MOST_LINKS):
        text = _text(place, name).strip() or _packed(common, name)
        if not text.startswith("ref:"):
            return text if _is_hash(text) else "unborn" if not text and name != "HEAD" else ""
        name, place = text[4:].strip(), common
        if not name.startswith("refs/") or ".." in name:
            return ""
    return ""


def _packed(common: str, name: str) -> str:
    data = _bytes(common, "packed-refs")
    end = data.find(b" " + os.fsencode(name) + b"\n")
    return data[data.rfind(b"\n", 0, end) + 1 : end].decode("ascii") if end != -1 else ""


def _is_hash(text: str) -> bool:
    return len(text) in (40, 64) and all(letter in "0123456789abcdef" for letter in text)


def _is_ours(path: str) -> bool:
    """Whether git takes a folder for the user's own, whatever its settings say."""
    return os.stat(path).st_uid == os.geteuid()


def _git() -> str:
    """Where git is."""
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder, "git")
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return ""


def _text(folder: str, name: str) -> str:
    return os.fsdecode(_bytes(folder, name))


def _bytes(folder: str, name: str) -> bytes:
    """A file's bytes; none of one that is not there."""
    try:
        with open(os.path.join(folder, name), "rb") as handle:
            data = handle.read(_MOST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return b""
    if len(data) > _MOST_BYTES:
        raise ValueError(name)
    return data
