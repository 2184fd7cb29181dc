"""Every writer, stopped or failed at each of its system calls: the old or the new text, never a part; nothing
left beside it; and what may not be written is refused."""

from __future__ import annotations

import datetime
import errno
import json
import os
import signal
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from wslint import scaffold, scaffold_write, writing
from wslint.errors import CheckError

CALLS = ("open", "write", "fsync", "close", "chmod", "chown", "replace", "unlink", "mkdir", "rmdir", "rename")
"""What changes a disk, or stands between two changes. The writers use no other way to it (a test below)."""

Stop = Callable[[str, tuple[object, ...]], None]
unix = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def _shimmed(stop: Stop, before: bool) -> None:
    """Let `stop` be called before or after every system call of the list, in this process."""
    for name in CALLS:
        real = getattr(os, name)

        def call(
            *arguments: object, _real: Callable[..., object] = real, _name: str = name, **named: object
        ) -> object:
            if before:
                stop(_name, arguments)
            if _name == "write" and not before:  # half of the text arrives
                descriptor, data = arguments
                size = len(data)  # type: ignore[arg-type]
                arguments = (descriptor, data[: max(size // 2, 1)])  # type: ignore[index]
            result = None if _name == "fsync" else _real(*arguments, **named)  # slow, and changes no state
            if not before:
                stop(_name, arguments)
            return result

        setattr(os, name, call)


def killed_at(number: int, before: bool, work: Callable[[], object]) -> bool:
    """Run `work` in a child that is killed at its n-th system call; whether it came that far."""
    child = os.fork()
    if child == 0:
        count = 0

        def stop(_name: str, _arguments: tuple[object, ...]) -> None:
            nonlocal count
            count += 1
            if count == number:
                os.kill(os.getpid(), signal.SIGKILL)

        _shimmed(stop, before)
        with suppress(BaseException):
            work()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def kills(work: Callable[[], object], reset: Callable[[], object]) -> Iterator[None]:
    """Every way to be killed, each followed by a yield, for the state to be looked at."""
    for before in (True, False):
        for number in range(1, 2000):
            reset()
            if not killed_at(number, before, work):
                assert number > 5
                break
            yield


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def temporaries(folder: Path) -> list[str]:
    return [name for name in contents(folder) if "wslint-tmp" in name]


@unix
def test_a_fix_that_is_killed_leaves_each_file_old_or_new(tmp_path: Path) -> None:
    one, two = tmp_path / "a.toml", tmp_path / "b.js"
    old, new = b"old" * 1000, b"new" * 3000

    def reset() -> None:
        one.write_bytes(old)
        two.write_bytes(old)

    seen: set[tuple[bytes, bytes]] = set()
    for _ in kills(lambda: writing.replace_all({one: (old, new), two: (old, new)}), reset):
        state = (one.read_bytes(), two.read_bytes())
        assert set(state) <= {old, new}
        seen.add(state)
        left = {path: (text, new) for path, text in zip((one, two), state, strict=True)}
        writing.replace_all(left)  # the second run, which has nothing left to clear after it
        assert contents(tmp_path) == {"a.toml": new, "b.js": new}
    assert seen >= {(old, old), (new, old), (new, new)}


@unix
@pytest.mark.parametrize("there", [None, b'{"version": 1, "known": {}}'])
def test_a_report_that_is_killed_is_the_old_or_the_new(there: bytes | None, tmp_path: Path) -> None:
    target, new = tmp_path / "report.json", b"{}" * 5000

    def reset() -> None:
        target.unlink(missing_ok=True)
        if there is not None:
            target.write_bytes(there)

    for _ in kills(lambda: writing.write_report(target, new, lambda _: True), reset):
        assert (target.read_bytes() if target.exists() else None) in (there, new)
        writing.write_report(target, new + b"\n", lambda _: True)
        assert contents(tmp_path) == {"report.json": new + b"\n"}


def _plan(folder: Path) -> scaffold.Plan:
    return scaffold.plan(scaffold.Choices(folder=folder, name="duel"), datetime.date(2026, 11, 23))


@unix
def test_a_new_project_that_is_killed_is_completed_by_a_second_run(tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "duel"
    scaffold_write.write(_plan(folder))
    whole = contents(folder)

    def reset() -> None:
        shutil.rmtree(folder, ignore_errors=True)

    plan = None
    reset()
    plan = _plan(folder)
    for number, _ in enumerate(kills(lambda: scaffold_write.write(plan), reset)):
        there = {name: text for name, text in contents(folder).items() if "wslint-tmp" not in name}
        assert there.items() <= whole.items()
        if number % 7 == 0:  # the state between is the same kind everywhere; planning it takes its time
            scaffold_write.write(_plan(folder))
            assert contents(folder) == whole


@unix
def test_a_new_project_that_is_forced_and_killed(tmp_path: Path) -> None:
    folder = tmp_path / "duel"
    scaffold_write.write(_plan(folder))
    whole = contents(folder)
    changed = ("wrangler.toml", "src/entry.py") if (folder / "src/entry.py").exists() else ("wrangler.toml",)

    def reset() -> None:
        for name in changed:
            (folder / name).write_text("mine\n")

    reset()
    plan = _plan(folder)
    for _ in kills(lambda: scaffold_write.write(plan, force=True), reset):
        for name in changed:
            assert (folder / name).read_bytes() in (b"mine\n", whole[name])
        scaffold_write.write(_plan(folder), force=True)
        assert contents(folder) == whole


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO])
@pytest.mark.parametrize("kind", ["fix", "report", "new"])
def test_a_call_that_fails_leaves_no_trace(
    code: int, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Disk full, no right, read-only or broken, at every call in turn: one line, the old text, nothing beside it."""
    target = tmp_path / "sub" / "a.toml"
    target.parent.mkdir()
    target.write_bytes(b"old")
    before = contents(tmp_path)
    work: dict[str, Callable[[], object]] = {
        "fix": lambda: writing.replace_all({target: (b"old", b"new")}),
        "report": lambda: writing.write_report(target, b"new", lambda _: True),
        "new": lambda: scaffold_write.write(plan),
    }
    plan = _plan(tmp_path / "duel")
    number = 0
    while True:
        number += 1
        count = 0

        def stop(name: str, _arguments: tuple[object, ...], _number: int = number) -> None:
            nonlocal count
            count += name not in ("unlink", "rmdir", "close")  # taking back goes on, as far as it goes
            if count == _number and name not in ("unlink", "rmdir", "close"):
                count += 10**6
                raise OSError(code, os.strerror(code))

        with monkeypatch.context() as patch:
            for name in CALLS:
                patch.setattr(os, name, getattr(os, name))
            _shimmed(stop, True)
            try:
                work[kind]()
            except CheckError as error:
                assert os.strerror(code) in str(error) and "\n" not in str(error)
            else:
                break
        assert contents(tmp_path) == before
    assert number > 3


def test_the_writers_know_no_other_way_to_the_disk() -> None:
    """What the shims above can't see would not be tested."""
    for module in (writing, scaffold_write):
        text = Path(module.__file__).read_text(encoding="utf-8")
        for word in (
            "write_bytes(",
            "write_text(",
            ".touch(",
            "shutil.",
            "tempfile",
            "open(target",
            '"wb"',
            ".rename(",
            ".replace(",
        ):
            assert word not in text.replace("os.replace(", "").replace('f".{', ""), (module, word)


# What may not be written


def refused(work: Callable[[], object], words: str) -> None:
    with pytest.raises(CheckError, match=words):
        work()


def test_owner_and_mode_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    for mode in (0o600, 0o644, 0o755, 0o640):
        path.write_bytes(b"old")
        path.chmod(mode)
        writing.replace_all({path: (b"old", b"new")})
        assert stat.S_IMODE(path.stat().st_mode) == mode and path.read_bytes() == b"new"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
def test_another_owner_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"old")
    os.chown(path, 1234, 4321)
    path.chmod(0o664)
    writing.replace_all({path: (b"old", b"new")})
    found = path.stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (1234, 4321, 0o664)


def test_an_owner_that_can_not_be_kept_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"old")
    found = list(path.stat())
    found[4] += 1

    def denied(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "chown", denied)
    real = os.stat
    monkeypatch.setattr(
        os,
        "stat",
        lambda where, **more: os.stat_result(found) if Path(where) == path else real(where, **more),
    )
    refused(lambda: writing.replace_all({path: (b"old", b"new")}), "Operation not permitted")
    assert contents(tmp_path) == {"a.toml": b"old"}


def test_a_read_only_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"old")
    path.chmod(0o444)
    refused(lambda: writing.replace_all({path: (b"old", b"new")}), "read-only")
    refused(lambda: writing.write_report(path, b"new", lambda _: True), "read-only")
    assert contents(tmp_path) == {"a.toml": b"old"}


def test_hard_links_are_not_parted(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"old")
    os.link(path, tmp_path / "b.toml")
    refused(lambda: writing.replace_all({path: (b"old", b"new")}), "hard links")
    assert path.samefile(tmp_path / "b.toml") and path.read_bytes() == b"old"


def test_nothing_is_written_when_one_of_several_can_not_be(tmp_path: Path) -> None:
    one, two = tmp_path / "a.toml", tmp_path / "b.toml"
    one.write_bytes(b"old")
    two.write_bytes(b"somebody else's")
    refused(lambda: writing.replace_all({one: (b"old", b"new"), two: (b"old", b"new")}), "changed while")
    assert one.read_bytes() == b"old"


@pytest.mark.parametrize("by", ["file", "folder", "chain", "dangling"])
def test_links_out_of_the_folder_are_not_written_through(by: str, tmp_path: Path) -> None:
    top, away = tmp_path / "top", tmp_path / "away"
    top.mkdir()
    away.mkdir()
    (away / "x.toml").write_bytes(b"old")
    path = top / "x.toml"
    if by == "file":
        path.symlink_to(away / "x.toml")
    elif by == "folder":
        (top / "sub").symlink_to(away)
        path = top / "sub/x.toml"
    elif by == "chain":
        (top / "y.toml").symlink_to("../away/x.toml")
        path.symlink_to("y.toml")
    else:
        path.symlink_to(away / "new.toml")
    if by != "dangling":
        refused(lambda: writing.replace_all({path: (b"old", b"new")}, [top]), "leads out of")
    refused(lambda: writing.write_report(path, b"new", lambda _: True, [top]), "leads out of")
    assert contents(away) == {"x.toml": b"old"}


def test_links_inside_and_places_outside_that_are_named_are_fine(tmp_path: Path) -> None:
    top = tmp_path / "top"
    top.mkdir()
    (top / "real.toml").write_bytes(b"old")
    (top / "link.toml").symlink_to("real.toml")
    writing.replace_all({top / "link.toml": (b"old", b"new")}, [top])
    assert (top / "link.toml").is_symlink() and (top / "real.toml").read_bytes() == b"new"
    writing.write_report(tmp_path / "report.json", b"{}", lambda _: False, [top])
    assert (tmp_path / "report.json").read_bytes() == b"{}"


@unix
def test_what_a_living_process_writes_is_not_cleared(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    others = tmp_path / f".a.toml.{os.getppid()}.wslint-tmp"
    dead = tmp_path / ".a.toml.999999999.wslint-tmp"
    for each in (path, others, dead):
        each.write_bytes(b"old")
    writing.replace_all({path: (b"old", b"new")})
    assert contents(tmp_path) == {"a.toml": b"new", others.name: b"old"}


def test_a_report_takes_the_place_of_a_report_only(tmp_path: Path) -> None:
    path = tmp_path / "package.json"
    path.write_text(json.dumps({"name": "x"}))
    refused(lambda: writing.write_report(path, b"new", lambda data: b"wslint" in data), "not wslint's own")
    path.write_bytes(b"\n")
    writing.write_report(path, b"new", lambda data: b"wslint" in data)
    assert path.read_bytes() == b"new"


@unix
def test_a_pipe_that_nobody_reads_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    refused(lambda: writing.write_report(pipe, b"new", lambda _: True), "nobody reads this pipe")
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        writing.write_report(pipe, b"new", lambda _: True)
        assert os.read(reader, 100) == b"new"
    finally:
        os.close(reader)


@unix
def test_a_report_goes_behind_what_a_stream_holds(tmp_path: Path) -> None:
    """`wslint check --output-file /dev/stdout >> log`: the log is no report, and keeps what it has."""
    log = tmp_path / "log"
    log.write_bytes(b"before\n")
    with open(log, "ab") as handle:
        writing.write_report(Path(f"/dev/fd/{handle.fileno()}"), b"new\n", lambda _: False)
    assert contents(tmp_path) == {"log": b"before\nnew\n"}
