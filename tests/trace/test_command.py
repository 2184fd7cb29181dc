"""`wslint trace` as a person runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pages import TODAY, write
from tests.trace.projects import CONFIG, MATCH, worker

FORWARD = (
    "const url = new URL(request.url);\nif (url.pathname.startsWith('/ws/')) "
    "return env.MATCH.getByName('a').fetch(request);\nreturn new Response('', { status: 404 });"
)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "wslint", "trace", "--today", TODAY.isoformat(), *arguments]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)


def test_one_address(tmp_path: Path) -> None:
    write(worker(FORWARD), tmp_path)
    done = run(tmp_path, "--url", "/ws/ABCDE")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "└─ 101  the socket is open"
    assert "   wrangler.toml" in done.stdout


def test_all_addresses_of_clients_and_routes(tmp_path: Path) -> None:
    files = worker(FORWARD) | {
        "client/app.js": "const socket = new WebSocket(`wss://${location.host}/ws/${code}`);\n",
    }
    write(files, tmp_path)
    document = json.loads(run(tmp_path, "--all", "--output-format", "json").stdout)
    assert [trace["url"] for trace in document] == ["/ws/ABCDE"]
    assert document[0]["hops"][0]["kind"] == "client"
    assert document[0]["hops"][0]["path"] == "client/app.js"
    assert document[0]["predicted"]["status"] == 101


def test_the_environment_that_is_asked_for(tmp_path: Path) -> None:
    write(worker(FORWARD, CONFIG + "\n[env.staging]\n"), tmp_path)
    one = json.loads(run(tmp_path, "--url", "/ws/A", "--env", "staging", "--output-format", "json").stdout)
    assert (one["environment"], one["worker"], one["predicted"]["status"]) == (
        "staging",
        "lobby-staging",
        500,
    )
    done = run(tmp_path, "--url", "/ws/A", "--env", "prod")
    assert done.returncode == 2
    assert "no configuration has an environment called prod" in done.stderr


def test_a_worker_behind_another_is_traced_through_it_only(tmp_path: Path) -> None:
    front = (
        CONFIG.split("[[durable")[0] + '[[durable_objects.bindings]]\nname = "MATCH"\nclass_name = "Match"\n'
    )
    write(
        worker(FORWARD, front + 'script_name = "match"\n')
        | {
            "match/wrangler.toml": CONFIG.replace('"lobby"', '"match"'),
            "match/index.js": MATCH + "export default { fetch: () => new Response('') };\n",
        },
        tmp_path,
    )
    one = json.loads(run(tmp_path, "--url", "/ws/ABCDE", "--output-format", "json").stdout)
    assert (one["worker"], one["predicted"]["status"]) == ("lobby", 101)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--url", "ws/ABCDE"], "is no path and no ws, wss, http or https address"),
        (["--url", "ftp://example.com/"], "is no path"),
        ([], "give --url PATH, or --all"),
        (["--url", "/ws", "--all"], "give --url PATH, or --all"),
        (["nowhere", "--url", "/ws"], "nowhere does not exist"),
    ],
)
def test_bad_arguments_are_said_and_end_with_2(arguments: list[str], words: str, tmp_path: Path) -> None:
    write(worker(FORWARD), tmp_path)
    done = run(tmp_path, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_without_a_configuration(tmp_path: Path) -> None:
    done = run(tmp_path, "--url", "/ws")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no wrangler.toml" in done.stderr


def test_a_configuration_that_does_not_parse(tmp_path: Path) -> None:
    write(worker(FORWARD, 'name = "lobby\n'), tmp_path)
    done = run(tmp_path, "--url", "/ws")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("wslint: wrangler.toml:1:")


def test_a_worker_without_source_is_unknown(tmp_path: Path) -> None:
    write({"wrangler.toml": CONFIG.replace("index.js", "dist/index.js")}, tmp_path)
    done = run(tmp_path, "--url", "/ws")
    assert done.returncode == 0
    assert "unknown" in done.stdout.splitlines()[-1] or "unknown" in done.stdout


def test_a_bundle_is_too_large_to_follow(tmp_path: Path) -> None:
    files = worker(FORWARD)
    files["index.js"] += "// " + "x" * 300_000 + "\n"
    write(files, tmp_path)
    assert "index.js is too large to follow" in run(tmp_path, "--url", "/ws/A").stdout.splitlines()[-1]


@pytest.mark.parametrize(
    "source",
    [
        "export default {\n",
        "\x00\x01\x02",
        "export default " + "[" * 5000 + "]" * 5000,
        "export default { fetch: (r) => " + "f(" * 3000 + ")" * 3000 + " }",
        "const a = () => b(); const b = () => a(); export default { fetch: () => a() };",
        "export default { async fetch() { for (;;) { await 1; } } };",
        "export default { fetch(r) { return /^(a+)+$/.test(new URL(r.url).pathname) ? 1 : 2 } };",
        "export * from './index.js'; import x from './index.js'; export default x;",
    ],
)
def test_hostile_source_ends_without_a_traceback(source: str, tmp_path: Path) -> None:
    write({"wrangler.toml": CONFIG, "index.js": source}, tmp_path)
    done = run(tmp_path, "--url", "/" + "a" * 1500)
    assert done.returncode == 0, done.stderr[-400:]
    assert "mistake in wslint" not in done.stderr
