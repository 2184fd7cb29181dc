"""Hostile places and odd ends: a clear line, the right exit code, never a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.test_command_line import BAD, GOOD, WORKER, wslint
from tests.pages import write
from tests.runtime.survivors import mark

ROOT = Path(__file__).parents[2]
POSIX = os.name == "posix"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write({"wrangler.toml": BAD, "index.js": WORKER}, tmp_path)
    return tmp_path


def shell(command: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a shell line in which `wslint` is the program."""
    line = f'wslint() {{ "{sys.executable}" -m wslint "$@"; }}; {command}'
    return subprocess.run(
        ["bash", "-c", line],
        cwd=cwd,
        env={**mark(), "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        check=False,
        timeout=600,
    )


@pytest.mark.parametrize(
    ("files", "arguments", "code", "said"),
    [
        ({"a/x.js": ""}, ["a"], 2, "wslint: no wrangler.toml, wrangler.json or wrangler.jsonc under a\n"),
        (
            {"cloudflare.config.ts": ""},
            [],
            2,
            "cloudflare.config.ts is not checked (programmatic configuration",
        ),
        (
            {"wrangler.example.toml": GOOD},
            [],
            2,
            "wrangler.example.toml is not checked (a template or an example",
        ),
        ({"wrangler.yaml": ""}, ["wrangler.yaml"], 2, "it takes this file for an empty configuration"),
        ({"wrangler.toml": GOOD, "index.js": WORKER}, ["--env", ""], 0, ""),
        ({"wrangler.toml": GOOD, "index.js": WORKER}, ["--env", "x"], 2, "no configuration has environments"),
        ({"wrangler.toml": GOOD}, ["--diff", "--fix"], 2, "--diff changes nothing: leave --fix out"),
        (
            {"wrangler.toml": GOOD},
            ["--fix", "--baseline", "a", "--update-baseline"],
            2,
            "--update-baseline goes without --fix and --diff",
        ),
        ({"wrangler.toml": GOOD}, ["--today", "2026-W48-1"], 2, "is no date of the form YYYY-MM-DD"),
        ({"wrangler.toml": "\0" * 10}, [], 1, ""),
        ({"wrangler.toml": ""}, [], 1, ""),
        ({"wslint.toml": "fail-on = 1", "wrangler.toml": GOOD}, [], 2, "wslint.toml: `fail-on` is one of"),
    ],
)
def test_what_is_said(
    files: dict[str, str], arguments: list[str], code: int, said: str, tmp_path: Path
) -> None:
    write(files, tmp_path)
    done = wslint("check", *arguments, cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert said in done.stderr if said else done.stderr == ""


def test_a_file_that_belongs_to_no_worker(tmp_path: Path) -> None:
    write({"a\nb.js": "", "c.js": "", "d.js": "", "e.js": ""}, tmp_path)
    done = wslint("check", "c.js", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "No Workers to check.\n")
    assert done.stderr == "wslint: no Worker owns c.js\n"
    many = wslint("check", "a\nb.js", "c.js", "d.js", "e.js", cwd=tmp_path)
    assert many.stderr == "wslint: no Worker owns a␊b.js, c.js, d.js, …\n"
    silent = wslint("check", "-q", "c.js", cwd=tmp_path)
    assert (silent.returncode, silent.stdout, silent.stderr) == (0, "", "")


def test_configurations_that_can_not_be_read(tmp_path: Path) -> None:
    with open(tmp_path / "wrangler.toml", "wb") as handle:
        handle.truncate(100 * 1024 * 1024)
    done = wslint("check", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, "wslint: wrangler.toml is larger than 8 MiB\n")
    (tmp_path / "wrangler.toml").write_text("#" * 2_000_000)
    done = wslint("check", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, "wslint: wrangler.toml is larger than 1 MiB\n")


@pytest.mark.skipif(not POSIX, reason="pipes and links as POSIX has them")
def test_pipes_devices_and_links_in_place_of_a_configuration(tmp_path: Path) -> None:
    for name in "pipe", "device", "dangling", "loop", "folder", "ignored":
        (tmp_path / name).mkdir()
    os.mkfifo(tmp_path / "pipe/wrangler.toml")
    (tmp_path / "device/wrangler.toml").symlink_to("/dev/zero")
    (tmp_path / "dangling/wrangler.toml").symlink_to("nothing")
    (tmp_path / "loop/wrangler.toml").symlink_to("wrangler.toml")
    (tmp_path / "folder/wrangler.toml").mkdir()
    for name, why in (
        ("pipe", "is not a regular file"),
        ("device", "lies outside of the repository"),
        ("dangling", "does not exist"),
        ("loop", "does not exist"),
        ("folder", "no wrangler.toml, wrangler.json or wrangler.jsonc under folder/wrangler.toml"),
    ):
        assert wslint("check", name, cwd=tmp_path).returncode == 2
        done = wslint("check", f"{name}/wrangler.toml", cwd=tmp_path)
        assert done.returncode == 2 and why in done.stderr, done.stderr
    os.mkfifo(tmp_path / "ignored/.gitignore")
    write({"wrangler.toml": GOOD, "index.js": WORKER}, tmp_path / "ignored")
    os.mkfifo(tmp_path / "ignored/package.json")
    assert wslint("check", cwd=tmp_path / "ignored").returncode == 0


@pytest.mark.skipif(
    not Path("/proc/self/mem").exists(), reason="a file that opens and can't be read, for root too"
)
def test_a_configuration_whose_reading_fails(tmp_path: Path) -> None:
    (tmp_path / "wrangler.toml").symlink_to("/proc/self/mem")
    done = wslint("check", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == "wslint: wrangler.toml lies outside of the repository (--allow-outside reads it)\n"
    done = wslint("check", "--allow-outside", cwd=tmp_path)
    assert done.stderr == "wslint: no wrangler.toml, wrangler.json or wrangler.jsonc under .\n"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_names_that_are_no_utf8(tmp_path: Path) -> None:
    folder = tmp_path / "a\udcff"
    write({"wrangler.toml": BAD, "index.js": WORKER}, folder)
    for output_format in (
        "text",
        "json",
        "sarif",
        "junit",
        "github",
        "gitlab",
        "jsonl",
        "concise",
        "markdown",
        "agent",
    ):
        done = wslint("check", "--output-format", output_format, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (1, ""), output_format
        done = wslint("check", "--output-format", output_format, "--output-file", "out", cwd=tmp_path)
        assert (done.returncode, done.stderr) == (1, ""), output_format
        assert (tmp_path / "out").read_bytes().decode("utf-8")
    assert wslint("check", "--show-files", cwd=tmp_path).returncode == 0
    assert wslint("check", "--diff", cwd=tmp_path).returncode == 1
    assert wslint("check", "--fix", cwd=tmp_path).returncode == 0
    assert (folder / "wrangler.toml").read_text() != BAD


def test_an_encoding_that_lacks_the_characters(tmp_path: Path) -> None:
    write({"wrangler.toml": BAD.replace("the release", "é…"), "index.js": WORKER}, tmp_path)
    done = shell("wslint check", tmp_path, PYTHONIOENCODING="latin-1")
    assert done.returncode == 1 and b"# \xe9\\u2026" in done.stdout


@pytest.mark.skipif(not POSIX, reason="needs a POSIX shell")
@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("wslint check <&-", 1, b""),
        ("wslint check >&-", 1, b""),
        ("wslint check 2>&-", 1, b""),
        ("wslint check nowhere 2>&-", 2, b""),
        ("wslint check --fix >&- 2>&-", 0, b""),
        ("mkdir gone && cd gone && rmdir ../gone && wslint check", 2, b"wslint: the current folder does not exist any more"),
        ("wslint check --output-file /dev/full", 2, b"wslint: /dev/full can't be written: No space left on device"),
        ("wslint check > /dev/full", 2, b"wslint: the output can't be written: No space left on device"),
    ],
)  # fmt: skip
def test_closed_and_full_streams(command: str, code: int, said: bytes, project: Path) -> None:
    if "/dev/full" in command and not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    done = shell(command, project)
    assert done.returncode == code, done.stderr
    assert said in done.stderr and b"Traceback" not in done.stderr and b"Exception" not in done.stderr


@pytest.mark.skipif(not POSIX, reason="needs signals")
def test_ctrl_c_ends_with_130_and_without_a_word(project: Path) -> None:
    (project / "sitecustomize.py").write_text(
        "import time, wslint.check\n"
        "def slow(*arguments):\n    print('started', flush=True)\n    time.sleep(60)\n"
        "wslint.check.run = slow\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "wslint", "check", "--fix"],
        cwd=project,
        env={**mark(), "PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join([str(project), str(ROOT)])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background may have had Ctrl-C ignored for all that it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=600)
    assert (process.returncode, stderr.strip()) == (130, "")
    assert (project / "wrangler.toml").read_text() == BAD


def test_a_mistake_of_ours_can_be_pasted_into_an_issue(project: Path) -> None:
    (project / "sitecustomize.py").write_text(
        "import wslint.check\ndef broken(*arguments):\n    raise ZeroDivisionError('boom')\nwslint.check.run = broken\n"
    )
    done = wslint("check", "a b", cwd=project, PYTHONPATH=os.pathsep.join([str(project), str(ROOT)]))
    first, second, _, system, arguments, *rest = done.stderr.splitlines()
    assert first.startswith("wslint: this is a mistake in wslint, not in your project")
    assert second.startswith("https://") and system.startswith("wslint ") and "Python 3." in system
    assert arguments == "arguments: check 'a b'"
    assert rest[0].startswith("Traceback") and rest[-1] == "ZeroDivisionError: boom"


def test_diff_tells_whether_there_is_something_to_change(project: Path) -> None:
    done = wslint("check", "--diff", "--fail-on", "error", cwd=project)
    assert done.returncode == 1
    assert done.stderr == "Found 1 error (1 fixable with --fix) in 1 Worker.\n"
    assert wslint("check", "--diff", "--fail-on", "never", cwd=project).returncode == 0
    quiet = wslint(
        "check", "--diff", "-q", "--output-file", "report.json", "--output-format", "json", cwd=project
    )
    assert (quiet.returncode, quiet.stderr) == (1, "")
    assert quiet.stdout.startswith("--- a/wrangler.toml") and "WS102" in (project / "report.json").read_text()
    (project / "wrangler.toml").write_text(GOOD)
    clean = wslint("check", "--diff", cwd=project)
    assert (clean.returncode, clean.stdout, clean.stderr) == (0, "", "No problems in 1 Worker.\n")


def test_fix_says_what_it_did_and_its_exit_code_tells_what_is_left(project: Path) -> None:
    config = BAD + 'compatibility_flags = ["no_such_flag"]\n'
    (project / "wrangler.toml").write_text(config)
    done = wslint("check", "--fix", "--output-format", "concise", cwd=project)
    assert done.returncode == 1
    assert done.stderr == (
        "fixed wrangler.toml:3: WS102 malformed-compatibility-date: write 2026-07-01\n"
        '  - compatibility_date = "2026-7-1"  # the release\n'
        '  + compatibility_date = "2026-07-01"  # the release\n'
    )
    assert "WS105" in done.stdout and "WS102" not in done.stdout and "Fixed 1 problem." in done.stdout
    (project / "wrangler.toml").write_text(BAD)
    quiet = wslint("check", "--fix", "-q", cwd=project)
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("wslint ch", ["plain,check"]),
        ("wslint explain WS30", ["plain,WS301"]),
        ("wslint explain class-never", ["plain,class-never-created"]),
        ("wslint check --select WS1,WS30", ["plain,WS1,WS301"]),
        ("wslint check --fail-on w", ["plain,warning"]),
        ("wslint completion z", ["plain,zsh"]),
    ],
)
def test_completion_of_words(words: str, completed: list[str], tmp_path: Path) -> None:
    done = wslint(
        cwd=tmp_path,
        _WSLINT_COMPLETE="bash_complete",
        COMP_WORDS=words,
        COMP_CWORD=str(len(words.split()) - 1),
    )
    assert set(completed) <= set(done.stdout.splitlines()), done.stdout + done.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["check", "--help"], ["check", "-h"], []])
def test_help_shows_examples(arguments: list[str], tmp_path: Path) -> None:
    done = wslint(*arguments, cwd=tmp_path)
    assert done.returncode == (0 if arguments else 2)
    assert "wslint check" in done.stdout + done.stderr and "Traceback" not in done.stderr


def test_version(tmp_path: Path) -> None:
    from wslint import __version__

    for option in ("-V", "--version"):
        assert wslint(option, cwd=tmp_path).stdout == f"wslint {__version__}\n"


def test_an_entrypoint_that_can_not_be_read_is_exit_2(tmp_path: Path) -> None:
    """Findings are reported all the same; what is built may be of any size."""
    config = 'name = "m"\nmain = "@"\ncompatibility_date = "2026-7-1"\n'
    write(
        {
            "a/wrangler.toml": config.replace("@", "big.js"),
            "b/wrangler.toml": config.replace("@", "dist/big.js"),
        },
        tmp_path,
    )
    write({"a/big.js": "", "b/dist/big.js": ""}, tmp_path)
    for name in ("a/big.js", "b/dist/big.js"):
        with (tmp_path / name).open("ab") as handle:
            handle.truncate(9 * 1024 * 1024)
    done = wslint("check", cwd=tmp_path)
    assert done.returncode == 2 and "WS102" in done.stdout
    assert done.stderr == "wslint: a/big.js is larger than 8 MiB: the code behind it was not checked\n"
    assert wslint("check", "--fail-on", "never", cwd=tmp_path).returncode == 2
    assert wslint("check", "b", "--fail-on", "never", cwd=tmp_path).returncode == 0


def test_an_entrypoint_in_another_encoding_is_exit_2(tmp_path: Path) -> None:
    """Nothing is claimed of what it exports: it is not read."""
    config = 'name = "m"\nmain = "@"\ncompatibility_date = "2026-07-01"\n'
    config += 'durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]\n'
    config += 'migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]\n'
    for number, encoding in enumerate(("utf-16", "utf-16-be")):
        folder = tmp_path / str(number)
        write({"wrangler.toml": config.replace("@", "index.ts")}, folder)
        bom = b"\xfe\xff" if encoding == "utf-16-be" else b""
        (folder / "index.ts").write_bytes(bom + WORKER.encode(encoding))
        done = wslint("check", cwd=folder)
        assert done.returncode == 2 and "WS2" not in done.stdout
        line = "wslint: index.ts is UTF-16, which no build reads: the code behind it was not checked\n"
        assert done.stderr == line


def test_a_hostile_folder_is_not_imported_from(tmp_path: Path) -> None:
    """`python -m` puts the current folder first; a project may have a `tomli.py`, or a `json.py`."""
    write({"wrangler.toml": GOOD, "index.js": WORKER}, tmp_path)
    for name in ("tomli", "click", "json", "tree_sitter", "jinja2", "re", "difflib", "typing", "wslint.cli"):
        write({f"{name}.py": "raise SystemExit('imported: ' + __name__)\n"}, tmp_path)
    write({"tree_sitter_javascript/__init__.py": "raise SystemExit('imported')\n"}, tmp_path)
    done = wslint("check", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, ""), done


def test_memory_that_runs_out_is_a_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from wslint import ends

    def full() -> None:
        raise MemoryError

    with pytest.raises(SystemExit) as end:
        ends._run(full)
    said = capsys.readouterr().err
    assert end.value.code == 2 and said.startswith("wslint: out of memory") and said.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_sigterm_takes_a_half_written_project_back(tmp_path: Path) -> None:
    """The signal comes at a write in the middle; what was written is taken back, and the exit code says so."""
    script = (
        "import os, signal, sys\n"
        "from wslint import start, writing\n"
        "real, count = writing.write_new, 0\n"
        "def stop(path, data, mode):\n"
        "    global count\n"
        "    count += 1\n"
        "    real(path, data, mode)\n"
        "    if count == 5: os.kill(os.getpid(), signal.SIGTERM)\n"
        "writing.write_new = stop\n"
        "sys.argv = ['wslint', 'new', 'match-worker', 'x']\n"
        "start.run()\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, env=environment
    )
    assert (done.returncode, done.stderr) == (143, "")
    assert not list(tmp_path.iterdir())
