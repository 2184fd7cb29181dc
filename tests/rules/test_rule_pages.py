"""Every rule against its page, and against the two examples of its own docstring."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.pages import Project, check_folder, mismatches, read_page, write
from wslint.rules import LoadedRule, load_rules

PAGES = sorted(Path(__file__).parent.glob("WS*.md"))
_FENCE = re.compile(r"^(?P<ticks>`{3,})\w* +(?P<path>\S+)\n(?P<body>.*?)^(?P=ticks)\s*$", re.M | re.S)


def _projects() -> list[object]:
    return [
        pytest.param(page, project, id=f"{page.stem.split('-')[0]}: {project.title}")
        for page in PAGES
        for project in read_page(page.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(("page", "project"), _projects())
def test_page(page: Path, project: Project, tmp_path: Path) -> None:
    write(project.files, tmp_path)
    result = check_folder(tmp_path, **project.options)
    problems = mismatches(project, result, page.stem.split("-")[0])
    assert not problems, "\n".join(["", *problems])


def test_every_rule_has_a_page() -> None:
    wanted = {f"{loaded.rule.code}-{loaded.rule.name}" for loaded in load_rules().values()}
    assert {page.stem for page in PAGES} == wanted


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page_has_a_finding_and_a_silent_near_miss(page: Path) -> None:
    code = page.stem.split("-")[0]
    projects = read_page(page.read_text(encoding="utf-8"))
    assert any(item.code == code for project in projects for item in project.expected)
    assert any(all(item.code != code for item in project.expected) for project in projects)


@pytest.mark.parametrize("loaded", load_rules().values(), ids=lambda loaded: loaded.rule.code)
def test_docstring_examples(loaded: LoadedRule, tmp_path: Path) -> None:
    for heading, wanted in (("Example", True), ("Use instead", False)):
        files = {match["path"]: match["body"] for match in _FENCE.finditer(loaded.section(heading))}
        assert files, f"the section {heading} has no file"
        folder = tmp_path / heading.replace(" ", "-")
        write(files, folder)
        codes = {finding.code for finding in check_folder(folder).findings}
        assert (loaded.rule.code in codes) is wanted, f"{heading}: {sorted(codes)}"


@pytest.mark.parametrize("loaded", load_rules().values(), ids=lambda loaded: loaded.rule.code)
def test_docstring_names_an_official_source_or_a_run(loaded: LoadedRule) -> None:
    source = loaded.section("Source")
    assert "https://" in source or "run" in source
    assert not loaded.summary.endswith(".")
