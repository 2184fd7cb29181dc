"""Finding configurations as wrangler does, and the Workers that own a changed file."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from wslint.errors import CheckError
from wslint.files import Files
from wslint.workspace import add_shadowed, discover, load

WORKER = 'export class MatchDO {}\nexport default { fetch: () => new Response("ok") };\n'


def config(name: str, main: str = "index.js") -> str:
    return f'name = "{name}"\nmain = "{main}"\ncompatibility_date = "2026-07-01"\n'


def tree(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def names(paths: list[Path], base: Path) -> list[str]:
    return [path.relative_to(base).as_posix() for path in paths]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_json_comes_before_jsonc_before_toml(tmp_path: Path, files: Files) -> None:
    tree(tmp_path, **{"wrangler.toml": "", "wrangler.jsonc": "{}", "wrangler.json": "{}"})
    found = discover([tmp_path], files)
    assert names(found.configs, tmp_path) == ["wrangler.json"]
    assert [(path.name, by.name) for path, by in found.shadowed] == [
        ("wrangler.jsonc", "wrangler.json"),
        ("wrangler.toml", "wrangler.json"),
    ]


def test_a_stronger_name_above_hides_a_config(tmp_path: Path, files: Files) -> None:
    tree(tmp_path, **{"wrangler.json": '{"name": "a"}', "app/wrangler.toml": config("b")})
    found = discover([tmp_path], files)
    workspace = load(found.configs, files, date(2026, 1, 1))
    add_shadowed(workspace, found, files)
    assert [(item.file.name, item.by_name) for item in workspace.shadowed] == [
        ("app/wrangler.toml", "wrangler.json")
    ]


def test_a_config_that_a_script_names_is_not_hidden(tmp_path: Path, files: Files) -> None:
    tree(
        tmp_path,
        **{
            "wrangler.json": '{"name": "a"}',
            "app/wrangler.toml": config("b"),
            "app/package.json": '{"scripts": {"deploy": "wrangler deploy -c wrangler.toml"}}',
        },
    )
    found = discover([tmp_path], files)
    workspace = load(found.configs, files, date(2026, 1, 1))
    add_shadowed(workspace, found, files)
    assert workspace.shadowed == []


def test_other_names_are_checked_beside_and_examples_are_listed(tmp_path: Path, files: Files) -> None:
    tree(
        tmp_path,
        **{
            "wrangler.toml": config("a"),
            "wrangler.staging.jsonc": "{}",
            "wrangler-production.toml": "",
            "wrangler.example.toml": "",
            "wrangler.toml.tpl": "",
            "cloudflare.config.ts": "",
        },
    )
    found = discover([tmp_path], files)
    assert names(found.configs, tmp_path) == [
        "wrangler.toml",
        "wrangler-production.toml",
        "wrangler.staging.jsonc",
    ]
    assert sorted(path.name for path, _ in found.skipped) == [
        "cloudflare.config.ts",
        "wrangler.example.toml",
        "wrangler.toml.tpl",
    ]


def test_dependencies_build_output_and_ignored_folders_are_not_walked(tmp_path: Path, files: Files) -> None:
    tree(
        tmp_path,
        **{
            ".git/HEAD": "",
            ".gitignore": "generated/\n*.local.toml\n",
            "wrangler.toml": config("a"),
            "wrangler.x.local.toml": "",
            "node_modules/p/wrangler.toml": "",
            "dist/wrangler.json": "{}",
            ".wrangler/deploy/wrangler.json": "{}",
            "apps/generated/wrangler.toml": "",
            "apps/b/wrangler.toml": config("b"),
            "apps/b/.gitignore": "!kept/\nleft/\n",
            "apps/b/left/wrangler.toml": "",
            "apps/b/kept/wrangler.toml": config("k"),
        },
    )
    found = discover([tmp_path], files)
    expected = ["wrangler.toml", "wrangler.x.local.toml", "apps/b/wrangler.toml", "apps/b/kept/wrangler.toml"]
    assert names(found.configs, tmp_path) == expected


def test_further_checkouts_of_the_repository_are_not_walked(tmp_path: Path, files: Files) -> None:
    places = ("wrangler.toml", ".worktrees/a/wrangler.toml", ".tool/worktrees/b/wrangler.toml")
    tree(tmp_path, **{place: config("match") for place in places})
    assert names(discover([tmp_path], files).configs, tmp_path) == ["wrangler.toml"]


def test_ignores_of_the_repository_above_hold_below(tmp_path: Path, files: Files) -> None:
    tree(
        tmp_path,
        **{
            ".git/HEAD": "",
            ".gitignore": "/apps/old/\n",
            "apps/old/wrangler.toml": "",
            "apps/new/wrangler.toml": "",
        },
    )
    assert names(discover([tmp_path / "apps"], files).configs, tmp_path) == ["apps/new/wrangler.toml"]


@pytest.mark.parametrize(
    ("files_", "unread"),
    [
        ({".gitignore": "/x\n" * 5000}, []),
        ({".gitignore": "*a*b\n" * 5001}, [".gitignore"]),
        ({".gitignore": "#\n\n" * 5001 + "apps\n"}, []),
        ({".gitignore": "/x\n" * 3000, "apps/.gitignore": "/y\n" * 3000}, ["apps/.gitignore"]),
        ({"docs/.gitignore": "/x\n" * 3000, "apps/.gitignore": "/y\n" * 3000}, []),
        ({".gitignore": "#" * (512 * 1024 + 1)}, [".gitignore"]),
    ],
)
def test_a_gitignore_is_read_up_to_a_bound(
    files_: dict[str, str], unread: list[str], tmp_path: Path, files: Files
) -> None:
    """Past it nothing is ignored, and the report says so: each path is held against each pattern."""
    tree(tmp_path, **{".git/HEAD": "", "docs/wrangler.toml": "", "apps/wrangler.toml": "", **files_})
    found = discover([tmp_path], files)
    assert names([path for path, _ in found.skipped], tmp_path) == unread
    ignored = ["apps/wrangler.toml"] if files_.get(".gitignore", "").endswith("apps\n") else []
    both = ["apps/wrangler.toml", "docs/wrangler.toml"]
    assert sorted(names(found.configs, tmp_path)) == [name for name in both if name not in ignored]


def test_a_given_folder_is_checked_even_if_ignored(tmp_path: Path, files: Files) -> None:
    tree(tmp_path, **{".git/HEAD": "", ".gitignore": "*.toml\n", "wrangler.toml": config("a")})
    assert names(discover([tmp_path], files).configs, tmp_path) == ["wrangler.toml"]


def test_exclude_patterns_of_the_settings(tmp_path: Path, files: Files) -> None:
    tree(tmp_path, **{"wrangler.toml": "", "tests/fixtures/bad/wrangler.toml": "", "bad/wrangler.toml": ""})
    found = discover([tmp_path], files, ("fixtures/", "/bad/"))
    assert names(found.configs, tmp_path) == ["wrangler.toml"]


def test_symbolic_link_loops_end(tmp_path: Path, files: Files) -> None:
    tree(tmp_path, **{"a/wrangler.toml": ""})
    (tmp_path / "a" / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    assert names(discover([tmp_path], files).configs, tmp_path) == ["a/wrangler.toml"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("nowhere", "does not exist"),
        ("empty", "no wrangler.toml, wrangler.json or wrangler.jsonc under"),
        ("programmatic", "cloudflare.config.ts is not checked"),
        ("wrangler.yaml", "wrangler reads .toml, .json and .jsonc only"),
    ],
)
def test_nothing_to_check(given: str, message: str, tmp_path: Path, files: Files) -> None:
    (tmp_path / "empty").mkdir()
    tree(tmp_path, **{"programmatic/cloudflare.config.ts": "", "wrangler.yaml": ""})
    with pytest.raises(CheckError, match=message):
        discover([tmp_path / given], files)


def test_a_config_of_any_name_is_checked_when_named(tmp_path: Path, files: Files) -> None:
    tree(tmp_path, **{"deploy.toml": config("a"), "package.json": "{}"})
    assert names(discover([tmp_path / "deploy.toml"], files).configs, tmp_path) == ["deploy.toml"]
    assert discover([tmp_path / "package.json"], files).configs == []


def test_a_source_file_stands_for_the_workers_that_own_it(tmp_path: Path) -> None:
    tree(
        tmp_path,
        **{
            ".git/HEAD": "",
            "apps/a/wrangler.toml": config("a"),
            "apps/a/index.js": 'import "../../shared/codes.js";\n' + WORKER,
            "apps/a/unreached.js": "",
            "apps/b/wrangler.toml": config("b"),
            "apps/b/index.js": WORKER,
            "shared/codes.js": "export const codes = 1;\n",
            "site/page.js": "",
        },
    )

    def owners_of(name: str) -> list[str]:
        return names(discover([tmp_path / name], Files(tmp_path)).configs, tmp_path)

    assert owners_of("shared/codes.js") == ["apps/a/wrangler.toml"]
    assert owners_of("apps/a/index.js") == ["apps/a/wrangler.toml"]
    assert owners_of("apps/a/unreached.js") == ["apps/a/wrangler.toml"]
    assert owners_of("site/page.js") == []


def test_environments_share_one_reading_of_the_source(tmp_path: Path, files: Files) -> None:
    tree(
        tmp_path,
        **{
            "wrangler.toml": config("a") + '[env.one]\n[env.two]\nmain = "two.js"\n',
            "index.js": WORKER,
            "two.js": WORKER,
        },
    )
    top, one, two = load([tmp_path / "wrangler.toml"], files, date(2026, 1, 1)).workers
    assert top.source is one.source
    assert two.source is not None and two.source is not top.source
    assert [worker.name for worker in (top, one, two)] == ["a", "a-one", "a-two"]


@pytest.mark.parametrize(
    ("main", "present", "extra", "kind"),
    [
        ("src/index.js", ["src/index.js"], "", "source"),
        ("src/index", ["src/index.ts"], "", "source"),
        ("src", ["src/index.ts"], "", "folder"),
        ("src/gone.ts", [], "", "missing"),
        ("src/gone.ts", [], '[build]\ncommand = "npm run build"\n', "generated"),
        ("dist/index.js", [], "", "generated"),
        ("dist/index.js", ["dist/index.js"], '[build]\ncommand = "npm run build"\n', "generated"),
        ("virtual:worker", [], "", "generated"),
        ("@scope/pkg/server-entry", [], "", "generated"),
        ("{{ main }}", [], "", "unknown"),
    ],
)
def test_what_main_leads_to(
    main: str, present: list[str], extra: str, kind: str, tmp_path: Path, files: Files
) -> None:
    tree(tmp_path, **{"wrangler.toml": config("a", main) + extra, **dict.fromkeys(present, WORKER)})
    (worker,) = load([tmp_path / "wrangler.toml"], files, date(2026, 1, 1)).workers
    assert worker.entrypoint.kind == kind


def test_a_handwritten_entrypoint_beside_a_build_command_is_read(tmp_path: Path, files: Files) -> None:
    build = '[build]\ncommand = "wasm-pack build"\n'
    tree(tmp_path, **{"wrangler.toml": config("a", "worker.js") + build, "worker.js": WORKER})
    (worker,) = load([tmp_path / "wrangler.toml"], files, date(2026, 1, 1)).workers
    assert worker.entrypoint.kind == "source" and worker.source is not None


def test_git_ignored_configs_are_not_committed_ones(tmp_path: Path) -> None:
    """A real repository: what git ignores is ignored with git's own pattern rules."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    tree(tmp_path, **{".gitignore": "a/**/b\n!a/x/b\n", "a/y/b/wrangler.toml": "", "a/x/b/wrangler.toml": ""})
    assert names(discover([tmp_path], Files(tmp_path)).configs, tmp_path) == ["a/x/b/wrangler.toml"]
