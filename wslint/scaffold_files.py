"""The templates of `wslint new`: what there is, in which languages, and their files, rendered."""

from __future__ import annotations

import textwrap
from pathlib import Path

from wslint import scaffold_record
from wslint.errors import CheckError

TEMPLATES = {
    "match-worker": "a lobby Worker and a Durable Object WebSocket match, with a page to try it",
    "echo-worker": "the least that a WebSocket on a Durable Object takes, in under 60 lines with its test",
}
LANGUAGES = ("python", "typescript", "rust")

_SUFFIX = ".jinja"  # keeps tools off the templates: a nested .gitignore or pyproject.toml would act
_WIDTH = 100

SECRETS = ".dev.vars"
"""What the dev server is told where a token lets people in."""

CLIENT, CLIENT_ALONE = "public/client.js", "tests/client.js"
"""What page and tests share stands with the tests where there is no page."""


def listing() -> str:
    """The templates, the languages they exist in, and the files that each writes."""
    lines: list[str] = []
    for template, summary in TEMPLATES.items():
        languages = ready(template)
        lines.append(f"{template}  ({', '.join(languages)})  {summary}")
        written = {language: _shown(template, language) for language in languages}
        shared = set.intersection(*written.values())
        lines += _wrapped("in each", shared)
        for language in languages:
            lines += _wrapped(language, written[language] - shared)
    return "".join(f"{line}\n" for line in lines)


def _shown(template: str, language: str) -> set[str]:
    """The files that are written without options: of the configurations there is one."""
    found = {name.removesuffix(_SUFFIX) for name in _of(template, language)}
    return {name for name in found if name not in ("wrangler.jsonc", SECRETS)} | {scaffold_record.NAME}


def _of(template: str, language: str) -> dict[str, str]:
    """The path of each file in the project, with its template's name."""
    found: dict[str, str] = {}
    for folder in ("common", language):
        top = _templates() / template / folder
        for path in sorted(top.rglob(f"*{_SUFFIX}")):
            relative = path.relative_to(top).as_posix()
            found[relative.removesuffix(_SUFFIX)] = f"{folder}/{relative}"
    return found


def _wrapped(head: str, names: set[str]) -> list[str]:
    text = " ".join(sorted(names))
    return textwrap.wrap(
        f"{head:<10}  {text}",
        _WIDTH,
        initial_indent="  ",
        subsequent_indent=" " * 14,
        break_on_hyphens=False,
        break_long_words=False,
    )


def ready(template: str) -> tuple[str, ...]:
    """The languages that a template exists in."""
    return tuple(language for language in LANGUAGES if (_templates() / template / language).is_dir())


def _templates() -> Path:
    """The templates lie in the package in a wheel, and beside it in a source checkout."""
    package = Path(__file__).parent
    for folder in (package / "templates", package.parent / "templates"):
        if folder.is_dir():
            return folder
    raise CheckError("this installation of wslint lacks its templates: install it again")


def render(name: str, language: str, values: dict[str, str | int]) -> dict[str, str]:
    """What the languages share (`common/`), then what only this one has."""
    import jinja2

    template = _templates() / name
    # Brackets that neither TOML, Python, JavaScript, Rust nor a GitHub workflow uses.
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(
            [template, template.parent]
        ),  # one template may include another's file
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
    )
    rendered = {}
    for relative, source in _of(name, language).items():
        if relative.startswith("wrangler.") and relative != f"wrangler.{values['config']}":
            continue
        if relative == SECRETS and values["auth"] != "token":
            continue
        target = relative
        if relative.startswith("public/") and not values["page"]:
            if relative != CLIENT:
                continue
            target = CLIENT_ALONE
        rendered[target] = environment.get_template(source).render(values)
    return rendered
