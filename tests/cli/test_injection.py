"""Whatever a project names itself, no output steers a terminal or a CI job: hostile names in every place, and all
outputs scanned."""

from __future__ import annotations

import gc
import io
import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from wslint import cli, ends, start
from wslint.output import harmless

EVIL = "\x1b[31m\x07\x9b2J\u202egnirts\u2066\u2028\x85\r\n::error file=a::pwned\n##[error]pwned\n##vso[task.x]y\x7f"
ON_A_LINE = EVIL.replace("\r", "").replace("\n", " ")
NAME = "::error ::pwned\x1b[2J\u202e\n::warning ::pwned\r::stop-commands::x"
"""A file's name may hold all but a slash and NUL."""

COMMANDS = ("error", "warning", "notice", "stop-commands", "set-output", "add-mask", "debug", "group")


def quoted(text: str) -> str:
    return json.dumps(text)


CONFIG = """\
{{
  "name": {name},
  "main": {main},
  "compatibility_date": {date},
  "compatibility_flags": [{flag}],
  {key}: 1,
  "durable_objects": {{ "bindings": [{{ "name": {binding}, "class_name": {cls} }}, {{ "name": "MATCH", "class_name": "MatchDO", "script_name": {script} }}] }},
  "migrations": [{{ "tag": {tag}, "new_classes": [{cls}] }}],
  "services": [{{ "binding": {binding}, "service": {service}, "entrypoint": {cls} }}],
  "assets": {{ "directory": {assets}, "run_worker_first": [{rule}] }},
  "routes": [{route}],
  "env": {{ {environment}: {{ "name": {name}, "compatibility_date": {date}, "vars": {{ {key}: 2 }} }} }}
}}
"""
PLACES = (
    "name",
    "main",
    "date",
    "flag",
    "key",
    "binding",
    "cls",
    "script",
    "tag",
    "service",
    "assets",
    "rule",
    "route",
)
PLACES += ("environment",)
SAFE = {
    "name": "match", "main": "index.js", "date": "2026-07-01", "flag": "nodejs_compat", "key": "vars2", "cls": "MatchDO",
    "binding": "ROOM", "script": "match", "tag": "v1", "service": "other", "assets": "public", "rule": "/ws/*",
    "route": "example.com/*", "environment": "staging",
}  # fmt: skip
CODE = """\
import {{ DurableObject }} from "cloudflare:workers";
import x from {text};
export class MatchDO extends DurableObject {{
  async fetch(request) {{
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server, [{text}]); // wslint: ignore[{comment}] {comment}
    return new Response(null, {{ status: 101, statusText: {text}, webSocket: client }});
  }}
  async [{text}]() {{}}
  webSocketMessage(ws, message) {{ ws.close(5, {text}); }}
}}
export default {{
  async fetch(request, env) {{
    const url = new URL(request.url);
    if (url.pathname === {text}) return env[{text}].getByName({text}).fetch(request);
    if (request.headers.get("Upgrade") !== {text}) return new Response({text}, {{ status: 426 }});
    return env.MACTH.getByName({text}).fetch(request);
  }},
}};
new WebSocket({text});
"""


def projects(folder: Path) -> Iterator[Path]:
    """One project with everything hostile, and one for each place alone, as one mistake may hide others."""
    for places in (PLACES, *((place,) for place in PLACES), ()):
        top = folder / ("all" if len(places) > 1 else places[0] if places else "code")
        top.mkdir()
        values = {place: quoted(EVIL if place in places else SAFE[place]) for place in PLACES}
        (top / "wrangler.jsonc").write_text(CONFIG.format(**values))
        text = quoted(EVIL) if not places or len(places) > 1 else '"a"'
        comment = ON_A_LINE if not places or len(places) > 1 else "WS401"
        (top / "index.js").write_text(CODE.format(text=text, comment=comment))
        yield top


class Done:
    """What a run in this process said: a process of its own for each of some thousand would take minutes."""

    def __init__(self, returncode: int, stdout: bytes, stderr: bytes) -> None:
        self.returncode, self.stdout, self.stderr = returncode, stdout, stderr


def wslint(*arguments: str, cwd: Path, **environment: str) -> Done:
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd)
        patch.setattr(sys, "argv", ["wslint", *arguments])
        for name, value in {"CI": "true", **environment}.items():
            patch.setenv(name, value)
        patch.setattr(sys, "stdout", streams[0])
        patch.setattr(sys, "stderr", streams[1])
        code: object = 0
        try:
            ends._run(start.command)
        except SystemExit as end:
            code = end.code
        finally:
            gc.enable()
    stdout, stderr = (stream.buffer.getvalue() for stream in streams)  # type: ignore[attr-defined]
    assert code in (0, 1, 2) and b"Traceback" not in stderr, (arguments, stderr.decode())
    return Done(int(code), stdout, stderr)  # type: ignore[call-overload]


def scan(data: bytes, what: object, ours: bool = False) -> None:
    """No character that steers, no command. `ours` is the format whose commands are meant."""
    text = data.decode("utf-8")
    for character in text:
        category = unicodedata.category(character)
        assert character in "\n\t" or category not in ("Cc", "Cf", "Zl", "Zp", "Cs"), (
            what,
            hex(ord(character)),
            text,
        )
    for line in re.split("[\n\r]", text):
        start = line.lstrip()
        if start.startswith("::") and not start.startswith("::: "):
            assert ours and re.match(r"::(?:error|warning|notice) file=[^:]*,title=WS\d+ [\w-]+::", start), (
                what,
                line,
            )
        assert not re.search(r"##(?:\[|vso\[|teamcity\[)", line, re.I), (what, line)
        assert not start.startswith(("section_start:", "section_end:")), (what, line)


FORMATS = ("text", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown", "agent")
RUNS = [
    *(["check", "--pedantic", "--show-unknown", "--output-format", name] for name in FORMATS),
    ["check", "--show-files"],
    ["check", "--statistics", "--color", "never"],
    ["check", "--diff", "--unsafe-fixes"],
    ["check", "--env", EVIL.replace("\0", "")],
    ["check", "--select", EVIL],
    ["check", EVIL],
    ["check", "--baseline", EVIL],
    ["check", "--output-file", f"no/{NAME}"],
    ["trace", "--all"],
    ["trace", "--all", "--output-format", "json"],
    ["trace", "--all", "--output-format", "mermaid"],
    ["trace", "--url", f"/{NAME}"],
    ["compat"],
    ["compat", "--output-format", "json"],
    ["compat", "--project", EVIL],
    ["explain", EVIL],
    ["new", EVIL],
    ["new", "match-worker", NAME, "--dry-run"],
    ["new", "match-worker", "x", "--name", EVIL],
    ["new", "match-worker", "x", "--class", EVIL],
    [EVIL],
    ["check", f"--{EVIL}"],
    ["check", "--fail-on", EVIL],
]  # fmt: skip


@pytest.mark.parametrize(
    "run", RUNS, ids=[" ".join(run)[:40].encode("ascii", "replace").decode() for run in RUNS]
)
def test_no_output_steers(run: list[str], tmp_path: Path) -> None:
    for project in projects(tmp_path):
        if run[0] not in ("check", "trace", "compat") and project.name != "all":
            continue
        done = wslint(*run, cwd=project)
        scan(done.stdout, (run, project.name, "stdout"), ours="github" in run)
        scan(done.stderr, (run, project.name, "stderr"))
        if done.stdout and {"json", "sarif", "gitlab"} & set(run):
            json.loads(done.stdout)
        if run[-1] == "junit":
            ElementTree.fromstring(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
@pytest.mark.parametrize(
    "run", [run for run in RUNS if run[0] in ("check", "trace", "compat") and EVIL not in run]
)
def test_hostile_file_names(run: list[str], tmp_path: Path) -> None:
    """As a folder's name, a source file's, a configuration's, an ignored and a linked one's."""
    folder = tmp_path / NAME
    folder.mkdir()
    values = {place: quoted(SAFE[place]) for place in PLACES} | {"main": quoted(f"{NAME}.js")}
    (folder / "wrangler.jsonc").write_text(CONFIG.format(**values))
    (folder / f"{NAME}.js").write_text(CODE.format(text='"a"', comment="WS401"))
    (folder / f"wrangler.{NAME[:20].replace(' ', '')}.toml").write_text("a = ")
    (tmp_path / f"{NAME}2").mkdir()
    (tmp_path / f"{NAME}2/wrangler.toml").write_text('{{ x }} = "\x1b[31m')
    (tmp_path / f"{NAME}3").mkdir()
    (tmp_path / f"{NAME}3/wrangler.toml").symlink_to("/etc/hostname")
    for name in ("wrangler.example.toml", "cloudflare.config.ts"):
        (folder / name).write_text("")
    done = wslint(*run, cwd=tmp_path)
    scan(done.stdout, (run, "stdout"), ours="github" in run)
    scan(done.stderr, (run, "stderr"))
    done = wslint(*run, cwd=folder)
    scan(done.stdout, (run, "stdout"), ours="github" in run)
    scan(done.stderr, (run, "stderr"))


def test_what_fixes_say_of_themselves(tmp_path: Path) -> None:
    for project in projects(tmp_path):
        done = wslint("check", "--fix", "--unsafe-fixes", cwd=project)
        scan(done.stdout, project.name)
        scan(done.stderr, project.name)


def test_the_diff_of_new(tmp_path: Path) -> None:
    wslint("new", "match-worker", "x", cwd=tmp_path)
    (tmp_path / "x/wrangler.toml").write_text(EVIL + "\r::error ::pwned\n")
    done = wslint("new", "match-worker", "x", "--diff", cwd=tmp_path)
    assert done.returncode == 1 and b"pwned" in done.stdout
    scan(done.stdout, "new --diff")


def test_settings_that_speak(tmp_path: Path) -> None:
    (tmp_path / "wrangler.toml").write_text('name = "a"\n')
    for text in (f"[tool.wslint]\n{quoted(EVIL)} = 1\n", f"[tool.wslint]\nselect = [{quoted(EVIL)}]\n"):
        (tmp_path / "pyproject.toml").write_text(text.replace("\\u007f", "\\u007F"))
        done = wslint("check", cwd=tmp_path)
        assert done.returncode == 2 and done.stderr.count(b"\n") == 1, done.stderr
        scan(done.stderr, text)


def test_a_patch_for_a_program_is_exact_and_for_a_log_is_not(tmp_path: Path) -> None:
    """`wslint check --diff | git apply` works whatever the file holds; a CI log never shows it raw."""
    project = list(projects(tmp_path))[-1]
    source = CODE.format(text='"a"', comment="WS401").replace("env.MACTH", "env.MATCH /* \x1b[31m\u202e */")
    (project / "index.js").write_text(source)
    config = (
        (project / "wrangler.jsonc")
        .read_text()
        .replace("2026-07-01", "2026-7-1")
        .replace("{\n", "{ // \x1b[0m\n", 1)
    )
    (project / "wrangler.jsonc").write_text(config)
    done = wslint("check", "--diff", cwd=project, CI="", GITHUB_ACTIONS="")
    subprocess.run(["git", "apply", "-"], input=done.stdout, cwd=project, check=True)
    assert b"2026-07-01" in (project / "wrangler.jsonc").read_bytes()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error ::x", "\\::error ::x"),
        ("  ::error ::x", "  \\::error ::x"),
        ("a ::error ::x", "a ::error ::x"),
        ("   ::: a.js:1:2", "   ::: a.js:1:2"),
        ("x ##[error]y", "x #\\#[error]y"),
        ("##VSO[a]", "#\\#VSO[a]"),
        ("section_start:1:a", "\\section_start:1:a"),
        ("\x1b[1mbold\x1b[0m", "␛[1mbold␛[0m"),
        ("tab\there", "tab\there"),
        ("a\r\nb", "a␍\nb"),
        ("é聊\u200d", "é聊\u200d"),
    ],
)
def test_the_writer(text: str, shown: str) -> None:
    assert harmless(text) == shown


def test_the_writer_lets_its_own_colours_through() -> None:
    assert harmless("\x1b[1mbold\x1b[0m \x1b[2J", color=True) == "\x1b[1mbold\x1b[0m ␛[2J"
    assert json.loads(harmless('{"a": "##[error]"}', form="json")) == {"a": "##[error]"}
    assert harmless("<a>\n::error ##[x]", form="xml") == "<a>\n&#58;:error #&#35;[x]"


def test_there_is_one_writer() -> None:
    """The one exception is the step that `probe` waits for, on a terminal's own line."""
    package = Path(cli.__file__).parent
    other = re.compile(r"click\.s?echo\(|\bprint\(|sys\.std(?:out|err)\.write")
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if other.search(re.sub(r'"""[\s\S]*?"""', "", path.read_text(encoding="utf-8")))
    }
    assert found == {"output.py", "probe/command.py"}
