"""Nothing outside of the repository is read or shown: links, paths and settings that lead out of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pages import write
from wslint.boundary import Boundary, top_of
from wslint.files import Files

SECRET = "npm_S3CRETtoken"
CONFIG = """\
name = "match"
main = "@MAIN"
compatibility_date = "2026-07-01"
[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"
[[migrations]]
tag = "v1"
new_sqlite_classes = ["MatchDO"]
"""
CLASS = f"""\
import {{ DurableObject }} from "cloudflare:workers";
export class MatchDO extends DurableObject {{ }} // {SECRET}
export default {{ async fetch(request, env) {{ return env.MATCH.getByName("lobby").fetch(request); }} }};
"""
SETTINGS = "[tool.wslint]\npedantic = true\n"


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    """A folder with things that are nobody's business, and beside them the repository `repo`."""
    write(
        {
            "home/.npmrc": f"//registry.npmjs.org/:_authToken={SECRET}\n",
            "home/wrangler.toml": f'name = "x"\n{SECRET} = 1\n',
            "home/index.js": CLASS,
            "home/index.py": f"import x # {SECRET}\n",
            "home/lib.rs": f"// {SECRET}\n",
            "home/tsconfig.json": json.dumps({"compilerOptions": {"paths": {SECRET: ["./x"]}}}),
            "home/package.json": json.dumps({"name": SECRET, "scripts": {"build": SECRET}}),
            "home/public/index.html": f"<script>new WebSocket('/{SECRET}')</script>",
            "wslint.toml": f'{SECRET} = "above"\n',
            "wrangler.json": f'{{"{SECRET}": 1',
            "repo/.git/HEAD": "ref: refs/heads/main\n",
        },
        tmp_path,
    )
    return tmp_path


def wslint(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-m", "wslint", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, env=environment)


def everything_said(repo: Path) -> str:
    """All that the commands print of a repository, in every format."""
    said = ""
    runs = [
        ["check", "--pedantic", "--show-unknown", "--output-format", name]
        for name in ("text", "json", "sarif")
    ]
    runs += [["check", "--show-files"], ["check", "--diff", "--unsafe-fixes"], ["trace", "--all"], ["compat"]]
    for run in runs:
        done = wslint(*run, cwd=repo)
        assert done.returncode in (0, 1, 2) and "Traceback" not in done.stderr, done.stderr
        said += done.stdout + done.stderr
    return said


LINKS = {
    "the configuration": {"wrangler.toml": "../home/.npmrc"},
    "another configuration": {"wrangler.toml": "../home/wrangler.toml"},
    "the entrypoint": {"index.js": "../home/index.js"},
    "a folder on the way": {"src": "../home"},
    "the settings": {"pyproject.toml": "../home/.npmrc"},
    "own settings": {"wslint.toml": "../home/.npmrc"},
    "what git ignores": {".gitignore": "../home/.npmrc"},
    "tsconfig": {"tsconfig.json": "../home/tsconfig.json"},
    "package": {"package.json": "../home/package.json"},
    "assets": {"public": "../home/public"},
    "a page": {"page.html": "../home/public/index.html"},
    "the lock file": {"package-lock.json": "../home/package.json"},
    "a crate": {"Cargo.toml": "../home/.npmrc"},
    "a redirect": {".wrangler/deploy/config.json": "../../../home/package.json"},
}


@pytest.mark.parametrize("links", LINKS.values(), ids=LINKS)
def test_links_that_lead_out_are_not_followed(links: dict[str, str], lab: Path) -> None:
    repo = lab / "repo"
    main = "src/index.js" if "src" in links else "index.js"
    config = CONFIG.replace("@MAIN", main) + '[assets]\ndirectory = "public"\n'
    write({"wrangler.toml": config, "index.js": CLASS.replace(SECRET, ""), "pyproject.toml": SETTINGS}, repo)
    for name, target in links.items():
        (repo / name).parent.mkdir(parents=True, exist_ok=True)
        (repo / name).unlink(missing_ok=True)
        (repo / name).symlink_to(target)
        assert os.path.exists(repo / name), "the link of the test leads nowhere"
    said = everything_said(repo)
    assert SECRET not in said, said


PATHS = {
    "main": ({"wrangler.toml": CONFIG.replace("@MAIN", "../home/index.js")}, True),
    "a Python main": ({"wrangler.toml": CONFIG.replace("@MAIN", "../home/index.py")}, True),
    "an import": (
        {
            "wrangler.toml": CONFIG.replace("@MAIN", "index.js"),
            "index.js": 'export * from "../home/index.js";\nexport { default } from "../home/index.js";\n',
        },
        True,
    ),
    "an alias": (
        {
            "wrangler.toml": CONFIG.replace("@MAIN", "index.js"),
            "index.js": 'export * from "@far/index.js";\nexport default {};\n',
            "tsconfig.json": '{"compilerOptions": {"paths": {"@far/*": ["../home/*"]}}}',
        },
        False,
    ),
    "extends": (
        {
            "wrangler.toml": CONFIG.replace("@MAIN", "index.js"),
            "index.js": CLASS.replace(SECRET, ""),
            "tsconfig.json": '{"extends": "../home/tsconfig.json"}',
        },
        False,
    ),
    "workspaces": (
        {
            "wrangler.toml": CONFIG.replace("@MAIN", "index.js"),
            "index.js": f'export * from "{SECRET[:0]}far";\nexport default {{}};\n',
            "package.json": '{"workspaces": ["../home"]}',
        },
        False,
    ),
    "assets": (
        {
            "wrangler.toml": CONFIG.replace("@MAIN", "index.js") + '[assets]\ndirectory = "../home/public"\n',
            "index.js": CLASS.replace(SECRET, ""),
        },
        True,
    ),
    "a module of Rust": (
        {
            "wrangler.toml": CONFIG.replace("@MAIN", "build/index.js"),
            "Cargo.toml": '[package]\nname = "m"\n[lib]\ncrate-type = ["cdylib"]\n[dependencies]\nworker = "0.8"\n',
            "src/lib.rs": '#[path = "../../home/lib.rs"]\nmod far;\n',
        },
        True,
    ),
    "a crate": (
        {
            "wrangler.toml": CONFIG.replace("@MAIN", "build/index.js"),
            "Cargo.toml": '[package]\nname = "m"\n[dependencies]\nworker = "0.8"\nfar = { path = "../home" }\n',
            "src/lib.rs": "use far::x;\n",
        },
        True,
    ),
    "a redirect": (
        {
            "wrangler.toml": CONFIG.replace("@MAIN", "index.js"),
            "index.js": CLASS.replace(SECRET, ""),
            ".wrangler/deploy/config.json": '{"configPath": "../../../home/package.json"}',
        },
        True,
    ),
}


@pytest.mark.parametrize(("files", "says_so"), PATHS.values(), ids=PATHS)
def test_paths_that_lead_out_are_unknown(files: dict[str, str], says_so: bool, lab: Path) -> None:
    """Nothing is claimed of what is not read: no error that it is missing, and the reason is listed."""
    repo = lab / "repo"
    write(files, repo)
    said = everything_said(repo)
    assert SECRET not in said, said
    done = wslint("check", "--show-unknown", "--pedantic", "--output-format", "json", cwd=repo)
    report = json.loads(done.stdout)
    refused = ("WS209", "WS701", "WS008", "WS201", "WS211", "WS702")
    assert not [finding for finding in report["findings"] if finding["code"] in refused], report["findings"]
    if says_so:
        assert any("outside of the repository" in unknown["why"] for unknown in report["unknown"]), report[
            "unknown"
        ]


def test_absolute_paths_are_as_far_away(lab: Path) -> None:
    repo = lab / "repo"
    write({"wrangler.toml": CONFIG.replace("@MAIN", str(lab / "home/index.js"))}, repo)
    assert SECRET not in everything_said(repo)
    (lab / "wslint.toml").unlink()
    done = wslint("check", "--show-unknown", "--allow-outside", "--show-files", cwd=repo)
    assert "home/index.js" in done.stdout


def test_allow_outside_reads_on(lab: Path) -> None:
    repo = lab / "repo"
    write({"wrangler.toml": CONFIG.replace("@MAIN", "../home/index.js")}, repo)
    (lab / "wslint.toml").unlink()
    done = wslint("check", "--allow-outside", "--show-files", cwd=repo)
    assert done.stdout.split() == ["../home/index.js", "wrangler.toml"], done


def test_the_only_configuration_leads_out(lab: Path) -> None:
    (lab / "repo/wrangler.toml").symlink_to("../home/.npmrc")
    done = wslint("check", cwd=lab / "repo")
    assert done.returncode == 2
    assert done.stderr == "wslint: wrangler.toml lies outside of the repository (--allow-outside reads it)\n"


def test_one_of_several_leads_out(lab: Path) -> None:
    write(
        {"a/wrangler.toml": CONFIG.replace("@MAIN", "i.js"), "a/i.js": CLASS.replace(SECRET, "")},
        lab / "repo",
    )
    (lab / "repo/wrangler.toml").symlink_to("../home/.npmrc")
    done = wslint("check", cwd=lab / "repo")
    assert "Skipped wrangler.toml: it lies outside of the repository" in done.stdout


def test_settings_above_the_repository_do_not_hold(lab: Path) -> None:
    write({"wrangler.toml": CONFIG.replace("@MAIN", "i.js"), "i.js": CLASS.replace(SECRET, "")}, lab / "repo")
    assert wslint("check", cwd=lab / "repo").stderr == ""
    done = wslint("check", "repo", cwd=lab / "home/..")
    assert done.stderr == "" and "No problems" in done.stdout


def test_a_link_to_settings_outside_says_so(lab: Path) -> None:
    write({"wrangler.toml": CONFIG.replace("@MAIN", "i.js"), "i.js": CLASS.replace(SECRET, "")}, lab / "repo")
    (lab / "repo/wslint.toml").symlink_to("../home/.npmrc")
    done = wslint("check", cwd=lab / "repo")
    assert (done.returncode, done.stdout) == (2, "") and "wslint.toml lies outside" in done.stderr


@pytest.mark.parametrize("given", ["far", "far/index.js", "near", "deep/far"])
@pytest.mark.parametrize("command", ["check", "trace --all", "compat --project"])
def test_a_given_path_behind_a_link(command: str, given: str, lab: Path) -> None:
    """`wslint check packages/*` in a CI job, and one of the packages is a link that a pull request brings."""
    repo = lab / "repo"
    write({"wrangler.toml": CONFIG.replace("@MAIN", "i.js"), "i.js": CLASS.replace(SECRET, "")}, repo)
    write({"a/wrangler.toml": CONFIG.replace("@MAIN", "i.js"), "a/i.js": CLASS.replace(SECRET, "")}, repo)
    (repo / "deep").mkdir()
    for name, target in {"far": "../home", "near": "a", "deep/far": "../far"}.items():
        (repo / name).symlink_to(target)
    done = wslint(*command.split(), given, cwd=repo)
    assert SECRET not in done.stdout + done.stderr
    if given == "near":
        assert done.returncode == 0, done.stderr
    elif not given.endswith(".js"):
        line = f"wslint: {given} lies outside of the repository (--allow-outside reads it)\n"
        assert (done.returncode, done.stdout, done.stderr) == (2, "", line)
    if command == "check" and given == "far":
        for above in ("wslint.toml", "wrangler.json"):
            (lab / above).unlink()
        done = wslint("check", "--allow-outside", "--pedantic", given, cwd=repo)
        assert SECRET in done.stdout, done


def test_who_stands_in_a_repository_may_come_to_it_through_a_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A home under git, and a project that lies elsewhere: an editor names its files by the link."""
    write({"home/.git/HEAD": "", "data/repo/.git/HEAD": "", "data/repo/a/x.js": ""}, tmp_path)
    (tmp_path / "home/repo").symlink_to("../data/repo")
    for given in ("home/repo", "home/repo/a", "home/repo/a/x.js"):
        monkeypatch.chdir(tmp_path / "home")
        assert top_of(tmp_path / given) == tmp_path / "home"  # a pull request may bring such a link
        for here in ("data/repo", "data/repo/a"):
            monkeypatch.chdir(tmp_path / here)
            assert top_of(tmp_path / given) == tmp_path / "data/repo"


def test_a_baseline_that_links_out(lab: Path) -> None:
    repo = lab / "repo"
    write({"wrangler.toml": CONFIG.replace("@MAIN", "i.js"), "i.js": CLASS.replace(SECRET, "")}, repo)
    write({"home/known.json": '{"version": 1, "known": {}}'}, lab)
    (repo / "known.json").symlink_to("../home/known.json")
    done = wslint("check", "--baseline", "known.json", cwd=repo)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "wslint: known.json lies outside of the repository (--allow-outside reads it)\n"
    for above in ("wslint.toml", "wrangler.json"):
        (lab / above).unlink()
    for allowed in (["--baseline", "known.json", "--allow-outside"], ["--baseline", "../home/known.json"]):
        assert wslint("check", *allowed, cwd=repo).returncode == 0  # whoever names a place outside means it


def test_nothing_new_is_written_behind_a_link(lab: Path) -> None:
    repo = lab / "repo"
    (repo / "far").symlink_to("../home/public")
    (repo / "in").mkdir()
    (repo / "near").symlink_to("in")
    before = sorted((lab / "home").rglob("*"))
    for folder in ("far", "far/made"):
        done = wslint("new", "match-worker", folder, cwd=repo)
        assert done.returncode == 2 and "a link that leads out of" in done.stderr
    assert sorted((lab / "home").rglob("*")) == before
    assert wslint("new", "match-worker", "near/made", cwd=repo).returncode == 0


# The top


def test_the_top_is_that_of_git(tmp_path: Path) -> None:
    write({"repo/a/b/c.js": "", "repo/.git/HEAD": ""}, tmp_path)
    for given in ("repo", "repo/a", "repo/a/b", "repo/a/b/c.js"):
        assert top_of(tmp_path / given) == tmp_path / "repo"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("package.json", '{"workspaces": ["packages/*"]}'),
        ("package.json", '{"workspaces": {"packages": ["./packages/a/"]}}'),
        ("package.json", '{"workspaces": ["**", "!other"]}'),
        ("pnpm-workspace.yaml", "packages:\n  - 'packages/*'\n"),
        ("pnpm-workspace.yaml", "packages: ['packages/**']\n"),
        ("Cargo.toml", '[workspace]\nresolver = "2"\nmembers = [\n  "packages/a",\n]\n'),
        ("Cargo.toml", "[workspace]\nmembers = ['packages/*']\n[profile.release]\nlto = true\n"),
    ],
)
def test_without_git_a_workspace_claims_its_members(name: str, text: str, tmp_path: Path) -> None:
    write({name: text, "packages/a/src/x.js": "", "other/x.js": ""}, tmp_path)
    assert top_of(tmp_path / "packages/a") == tmp_path
    assert top_of(tmp_path / "packages/a/src") == tmp_path
    assert top_of(tmp_path / "other") == tmp_path / "other"


def test_without_git_and_workspace_it_is_what_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        {"a/wrangler.toml": "", "a/src/x.js": "", "package.json": "{}", "Cargo.toml": "[package]\n"}, tmp_path
    )
    assert top_of(tmp_path / "a") == tmp_path / "a"
    assert top_of(tmp_path / "a/src/x.js") == tmp_path / "a/src"
    monkeypatch.chdir(tmp_path)
    assert top_of(tmp_path / "a/src/x.js") == tmp_path / "a"  # the Worker that it belongs to
    assert top_of(Path("a/wrangler.toml")) == tmp_path / "a"


def test_a_boundary_follows_every_link(tmp_path: Path) -> None:
    write({"in/a/x": "", "in/b": "", "out/y": ""}, tmp_path)
    inside = tmp_path / "in"
    (inside / "far").symlink_to("../out")
    (inside / "near").symlink_to("a")
    (inside / "back").symlink_to("far/../in/a")
    (inside / "loop").symlink_to("loop")
    limit = Boundary([inside])
    held = {
        name: limit.holds(str(inside / name))
        for name in ("a", "a/x", "far", "far/y", "near/x", "back/x", "..")
    }
    assert held == {
        "a": True,
        "a/x": True,
        "far": False,
        "far/y": False,
        "near/x": True,
        "back/x": True,
        "..": False,
    }
    assert (
        limit.holds(str(inside)) and not limit.holds(str(tmp_path)) and limit.holds("a\0b")
    )  # which is missing
    files = Files(tmp_path, boundary=limit)
    assert files.kind(inside / "far/y") == "outside" and files.listing(tmp_path / "out") == frozenset()
    assert files.problem(inside / "far/y") == "lies outside of the repository (--allow-outside reads it)"
