"""The completions, set up by the lines of `wslint completion --help`, and asked for in the shells themselves."""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_command_line import wslint
from tests.runtime.tools import missing

REPOSITORY = Path(__file__).parents[2]
PROMPT = "what-now> "
SHELLS = {
    "bash": ["bash", "--noprofile", "-i"],
    "zsh": ["zsh", "-i"],
    "fish": ["fish"],
}
BEFORE = {
    "bash": (".bashrc", f"PS1='{PROMPT}'\nbind 'set enable-bracketed-paste off'\n"),
    "zsh": (
        ".zshrc",
        f"PS1='{PROMPT}'\nunsetopt zle_bracketed_paste\nautoload -U compinit\ncompinit -u -D\n",
    ),
    "fish": (".config/fish/config.fish", ""),
}
"""What a person has already."""

TYPED = [
    ("wslint compl\t bash", "_WSLINT_COMPLETE"),
    ("wslint rules --output-f\t js\t", '"version"'),
    ("wslint new ec\t here --dry-run --la\t ru\t", "Cargo.toml"),
    ("wslint explain WS301\t", "WS301"),
]
"""What is typed, with Tab where the shell is to go on, and what the command then prints."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "wslint"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m wslint "$@"\n')
    program.chmod(0o755)
    return tmp_path


def environment(home: Path) -> dict[str, str]:
    path = os.pathsep.join([str(home / "bin"), os.environ["PATH"]])
    told = {
        "HOME": str(home),
        "PATH": path,
        "PYTHONPATH": str(REPOSITORY),
        "TERM": "dumb",
        "LC_ALL": "C.UTF-8",
    }
    return {**told, "XDG_CONFIG_HOME": str(home / ".config"), "XDG_DATA_HOME": str(home / ".local/share")}


def set_up(shell: str, home: Path) -> None:
    """Do what the help says."""
    if shutil.which(shell) is None:
        missing(f"{shell} is not installed (Debian has it): its completion was not tried")
    name, text = BEFORE[shell]
    (home / name).parent.mkdir(parents=True, exist_ok=True)
    (home / name).write_text(text)
    (home / ".config/fish/completions").mkdir(parents=True, exist_ok=True)
    (line,) = re.findall(rf"^ *{shell}: +(.*)$", wslint("completion", "--help", cwd=home).stdout, re.M)
    subprocess.run([shell, "-c", line], env=environment(home), check=True, timeout=120)


@pytest.mark.skipif(sys.platform == "win32", reason="other shells are there")
@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_tab_goes_on_where_a_person_stops(shell: str, home: Path) -> None:
    import pty

    set_up(shell, home)
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(home)
        os.execvpe(SHELLS[shell][0], SHELLS[shell], environment(home))
    try:
        seen = b""

        def until(words: str) -> None:
            """Read up to these words; what came with them waits for the next."""
            nonlocal seen
            while words.encode() not in seen:
                assert select.select([terminal], [], [], 120)[0], seen
                seen += os.read(terminal, 4096)
            seen = seen.partition(words.encode())[2]

        until(PROMPT)
        for number, (typed, _) in enumerate(TYPED):
            os.write(terminal, f"{typed} >out{number} 2>&1; echo done''-{number}\n".encode())
            until(f"done-{number}")
            until(PROMPT)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(terminal)
    for number, (typed, expected) in enumerate(TYPED):
        assert expected in (home / f"out{number}").read_text(), typed


def test_fish_says_what_it_would_go_on_with(home: Path) -> None:
    set_up("fish", home)

    def asked(line: str) -> dict[str, str]:
        done = subprocess.run(
            ["fish", "-c", f'complete -C "{line}"'],
            cwd=home,
            env=environment(home),
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        return dict(each.partition("\t")[::2] for each in done.stdout.splitlines())

    assert set(asked("wslint compl")) == {"completion"}
    assert asked("wslint rules --output-f") == {"--output-format": ""}
    assert set(asked("wslint check --output-format s")) == {"sarif"}
    assert "WS301" in asked("wslint check --select WS30") and asked("wslint check --select WS301")["WS301"]
    assert set(asked("wslint new e")) == {"echo-worker"}


def test_other_shells_are_refused_in_words(tmp_path: Path) -> None:
    done = wslint("completion", "powershell", cwd=tmp_path)
    assert done.returncode == 2 and "'bash', 'zsh', 'fish'" in done.stderr
