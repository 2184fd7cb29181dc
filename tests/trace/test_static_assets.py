"""What the assets do with a handshake before the Worker gets it: the runs of `wrangler dev`, row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trace.projects import traced, worker

FORWARD = 'return env.MATCH.getByName("lobby").fetch(request);'
SPA = 'not_found_handling = "single-page-application"'
PAGE = 'not_found_handling = "404-page"'

CONFIG = """\
name = "lobby"
main = "index.js"
compatibility_date = "2026-07-01"

[assets]
directory = "public"
binding = "ASSETS"
@MORE

[[durable_objects.bindings]]
name = "MATCH"
class_name = "Match"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Match"]
"""


@pytest.mark.parametrize(
    ("more", "files", "path", "status"),
    [
        (SPA, [], "/ws", 101),
        (f'{SPA}\nrun_worker_first = ["/api/*"]', [], "/ws", 200),
        (f'{SPA}\nrun_worker_first = ["/ws/*"]', [], "/ws", 200),
        (f'{SPA}\nrun_worker_first = ["/ws/*"]', [], "/ws/ABCDE", 101),
        (f'{SPA}\nrun_worker_first = ["/ws"]', [], "/ws", 101),
        (f'{SPA}\nrun_worker_first = ["/ws/*", "!/ws/static/*"]', [], "/ws/static/x", 200),
        (f'{PAGE}\nrun_worker_first = ["/api/*"]', ["404.html"], "/ws", 404),
        (PAGE, ["404.html"], "/ws", 101),
        ('run_worker_first = ["/api/*"]', [], "/ws", 101),
        ("", ["ws.html"], "/ws", 200),
        ("", ["ws/index.html"], "/ws", 307),
        ("run_worker_first = true", ["ws.html"], "/ws", 101),
        ("", [], "/", 200),
        ('html_handling = "none"', [], "/", 101),
    ],
)
def test_rows_of_wrangler_dev(more: str, files: list[str], path: str, status: int, tmp_path: Path) -> None:
    project = worker(FORWARD, CONFIG.replace("@MORE", more))
    project |= {f"public/{name}": "<p>page</p>\n" for name in ["index.html", *files]}
    predicted = traced(tmp_path, project, path).predicted
    assert (predicted.status, predicted.certain) == (status, True)


def test_the_hop_names_the_rule_that_decides(tmp_path: Path) -> None:
    project = worker(FORWARD, CONFIG.replace("@MORE", f'{SPA}\nrun_worker_first = ["/api/*"]'))
    project["public/index.html"] = "<p>page</p>\n"
    trace = traced(tmp_path, project, "/ws")
    (hop,) = [hop for hop in trace.hops if hop.kind == "assets"]
    assert "no rule of `run_worker_first`" in hop.text
    assert hop.span is not None
    assert hop.span.file.line_text(hop.span.first.line).startswith("run_worker_first")
    assert trace.predicted.reason == "index.html"


def test_a_folder_that_a_build_makes_is_not_certain(tmp_path: Path) -> None:
    project = worker(FORWARD, CONFIG.replace("@MORE", "").replace('"public"', '"dist"'))
    project["package.json"] = '{ "scripts": { "build": "vite build" } }\n'
    predicted = traced(tmp_path, project, "/ws").predicted
    assert (predicted.status, predicted.certain) == (101, False)
    assert "the build makes `/ws`" in predicted.reason


def test_redirects_that_may_take_the_path_are_unknown(tmp_path: Path) -> None:
    project = worker(FORWARD, CONFIG.replace("@MORE", ""))
    project |= {"public/index.html": "<p>page</p>\n", "public/_redirects": "/ws /other 302\n"}
    assert traced(tmp_path, project, "/ws").predicted.status is None
    assert traced(tmp_path, project, "/live").predicted.status == 101


def test_a_file_that_may_be_ignored_is_unknown(tmp_path: Path) -> None:
    project = worker(FORWARD, CONFIG.replace("@MORE", ""))
    project |= {"public/ws.html": "<p>page</p>\n", "public/.assetsignore": "*.html\n"}
    assert traced(tmp_path, project, "/ws").predicted.status is None


def test_the_assets_binding_answers_for_the_worker(tmp_path: Path) -> None:
    project = worker("return env.ASSETS.fetch(request);", CONFIG.replace("@MORE", ""))
    project["public/index.html"] = "<p>page</p>\n"
    assert traced(tmp_path, project, "/ws").predicted.status == 404
    project = worker("return env.ASSETS.fetch(request);", CONFIG.replace("@MORE", SPA))
    assert traced(tmp_path, project, "/ws").predicted.status == 200
