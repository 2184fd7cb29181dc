"""The command line: options in, exit code out. Heavy parts are imported where they are used."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wslint import __version__
from wslint.output import write
from wslint.parameters import DateType, RulesType, options

if TYPE_CHECKING:
    from datetime import date

OUTPUT_FORMATS = (
    "text",
    "concise",
    "json",
    "jsonl",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "markdown",
    "agent",
)

allow_outside = click.option(
    "--allow-outside",
    is_flag=True,
    help="Read what lies outside of the repository too, and write through links.",
)

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=CONTEXT, epilog="Try: wslint check .   ·   wslint explain WS301")
@click.version_option(__version__, "-V", "--version", message="wslint %(version)s")
def main() -> None:
    """Lint Cloudflare Workers with Durable Objects and WebSockets before they are deployed."""


@main.command(
    epilog="""\b
Examples:
  wslint check                         the Workers below this folder
  wslint check apps/match --env staging
  wslint check --fix                   apply the safe fixes
  wslint check --watch                 again at each change
  wslint check --output-format sarif --output-file wslint.sarif
\b
Exit code: 0 nothing at or above --fail-on, 1 findings, 2 nothing could be checked.
With --fix it tells of what is left; with --diff it is 1 where --fix would change something, too."""
)
@options(
    click.argument("paths", nargs=-1, type=click.Path(path_type=Path)),
    click.option(
        "--env",
        "environment",
        metavar="NAME",
        help="Check this environment only; an empty name is the top level.",
    ),
    click.option(
        "--select",
        type=RulesType(),
        metavar="CODES",
        help="Only these rules: codes, prefixes (WS3) or names.",
    ),
    click.option("--ignore", type=RulesType(), metavar="CODES", help="Leave these rules out."),
    click.option(
        "--fail-on",
        type=click.Choice(["error", "warning", "info", "never"]),
        help="The least severity that makes the exit code 1.  [default: warning]",
    ),
    click.option("--pedantic", is_flag=True, help="Show infos and findings of medium confidence too."),
    click.option("--output-format", type=click.Choice(OUTPUT_FORMATS), default="text", show_default=True),
    click.option(
        "--output-file",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Write the report here; stdout then gets the closing line only.",
    ),
    click.option("--fix", is_flag=True, help="Apply safe fixes."),
    click.option(
        "--unsafe-fixes", is_flag=True, help="With --fix or --diff: the fixes that want a second look too."
    ),
    click.option("--diff", is_flag=True, help="Show the fixes as a unified diff and change nothing."),
    click.option(
        "--baseline",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Report only what this file does not list.",
    ),
    click.option("--update-baseline", is_flag=True, help="Write what is found now into the --baseline file."),
    click.option(
        "--add-ignore",
        metavar="REASON",
        help="Write a comment with this reason above each finding, where it silences that alone.",
    ),
    click.option(
        "--watch",
        is_flag=True,
        help="Check again whenever something that was read changes; Ctrl-C ends it, with exit code 0.",
    ),
    click.option("--statistics", is_flag=True, help="Count the findings of each rule."),
    click.option("--show-unknown", is_flag=True, help="List what could not be checked, and why."),
    click.option(
        "--show-way", is_flag=True, help="Show how a client comes to each finding: text, json and jsonl."
    ),
    click.option(
        "--include-tests",
        is_flag=True,
        help="Check configurations that nobody deploys too, such as those of tests.",
    ),
    allow_outside,
    click.option(
        "--jobs",
        type=click.IntRange(1, 256),
        metavar="N",
        help="Processes that check more than 50 configurations.  [default: one a core, at most 8]",
    ),
    click.option("--no-cache", is_flag=True, help="Neither answer from an earlier run nor keep this one."),
    click.option("--show-files", is_flag=True, help="List the files that would be read, and check nothing."),
    click.option(
        "--today", type=DateType(), help="The date that decides whether a date lies in the future (UTC)."
    ),
    click.option(
        "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True
    ),
    click.option("-q", "--quiet", is_flag=True, help="Print nothing when there is nothing to report."),
)
def check(paths: tuple[Path, ...], **options: Any) -> None:
    """Check the Workers under PATHS (default: this folder), every environment of each.

    A file that belongs to a Worker stands for that Worker, so a pre-commit hook may pass file names.
    """
    from wslint.check_command import run_check

    sys.exit(run_check(paths or (Path("."),), options))


@main.command(
    epilog="""\b
Examples:
  wslint explain WS301
  wslint explain 10061
  wslint explain "Error during WebSocket handshake: Unexpected response code: 500"
  wrangler tail | head -20 | wslint explain -
\b
Exit code: 0 something fits, 2 nothing does."""
)
@click.argument(
    "what",
    metavar="[WHAT]",
    nargs=-1,
    type=click.UNPROCESSED,
    shell_complete=lambda ctx, param, incomplete: _complete_rule(incomplete),
)
def explain(what: tuple[str, ...]) -> None:
    """Say what WHAT means, why it fails, and what to do: a rule, a number, or the words of an error.

    WHAT is a rule's code or name, an HTTP status, the code of a close, an error of Cloudflare's API, an entry of the
    failure catalogue, or what a browser, wrangler, a panic or a traceback says. Without it, all of that is listed.
    """
    from wslint.explain.command import run_explain

    run_explain(what)


def _complete_rule(incomplete: str) -> list[str]:
    from wslint.rules import load_rules

    names = [name for code, loaded in load_rules().items() for name in (code, loaded.rule.name)]
    return [name for name in names if name.lower().startswith(incomplete.lower())]


@main.command()
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def rules(output_format: str) -> None:
    """List all rules."""
    from wslint.rules.pages import listing, listing_json

    if output_format == "json":
        write(listing_json(), form="json")
    else:
        write(listing())


def _complete_template(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    from wslint.scaffold_files import TEMPLATES

    return [name for name in TEMPLATES if name.startswith(incomplete)]


@main.command(
    epilog="""\b
Examples:
  wslint new                           ./match-worker, in Python
  wslint new match-worker duel --class DuelDO --binding DUEL
  wslint new match-worker . --dry-run --diff
  wslint new echo-worker --lang rust   the least of it, to read first
  wslint new --diff                    what this wslint would write otherwise than the one before
  wslint new --update                  merge that into the project of this folder
\b
Exit code: 0 done, 1 files are in the way and nothing was written, or --update left conflicts, or --diff has
something to show, 2 it can't be made."""
)
@options(
    click.argument("template", default="match-worker", shell_complete=_complete_template),
    click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path)),
    click.option(
        "--lang",
        "language",
        type=click.Choice(["python", "typescript", "rust"]),
        default="python",
        show_default=True,
    ),
    click.option("--name", help="The Worker's name.  [default: the folder's]"),
    click.option("--class", "class_name", help="The Durable Object.  [default: MatchDO, EchoDO]"),
    click.option("--binding", help="Its name in env.  [default: MATCH, ECHO]"),
    click.option("--code-length", type=int, default=5, show_default=True, help="Characters of a match code."),
    click.option("--players", type=int, default=2, show_default=True, help="How many play a match."),
    click.option(
        "--capacity", type=int, default=22, show_default=True, help="How many connections it holds."
    ),
    click.option("--config", type=click.Choice(["toml", "jsonc"]), default="toml", show_default=True),
    click.option(
        "--lifecycle", type=click.Choice(["migrations", "exports"]), default="migrations", show_default=True
    ),
    click.option(
        "--auth",
        type=click.Choice(["none", "token"]),
        default="none",
        show_default=True,
        help="Who may create and join: anybody, or who shows a secret.",
    ),
    click.option("--no-page", is_flag=True, help="Leave the page out: a Worker for clients of your own."),
    click.option(
        "--list",
        "show_list",
        is_flag=True,
        help="List the templates with the files of each, and write nothing.",
    ),
    click.option("--dry-run", is_flag=True, help="Say what would be written and write nothing."),
    click.option(
        "--diff",
        is_flag=True,
        help="Show how files in the way differ; in a project of an older scaffold: what is new.",
    ),
    click.option("--update", is_flag=True, help="Merge a newer scaffold into the project that is there."),
    click.option("--force", is_flag=True, help="Overwrite files in the way."),
    click.option("--skip-existing", is_flag=True, help="Leave files in the way as they are."),
    click.option("--git", is_flag=True, help="Make it a git repository, unless it lies in one."),
    click.option("--yes", is_flag=True, help="Ask nothing (nothing is asked without it either)."),
)
def new(template: str, folder: Path | None, **options: Any) -> None:
    """Write a new project from TEMPLATE into DIR."""
    from wslint.new_command import run_new

    sys.exit(run_new(template, folder, options))


@main.command(
    epilog="""\b
Examples:
  wslint init                          show what would be added here
  wslint init --yes                    add it
\b
Exit code: 0 done, or nothing to add; 1 something would be added; 2 it can't be."""
)
@options(
    click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path, file_okay=False)),
    click.option("--yes", is_flag=True, help="Write what is proposed."),
)
def init(folder: Path, yes: bool) -> None:
    """Propose settings, a hook, a step of CI and a baseline for the project in DIR, as a diff.

    What speaks of wslint already is left as it is. The step of CI needs a wslint that was installed from a commit,
    which it pins.
    """
    from wslint.init_command import run_init

    sys.exit(run_init(folder, yes))


@main.command(
    epilog="""\b
Examples:
  wslint probe ws://localhost:8787/ws/ABCDE
  wslint probe wss://match.example.com/ws/ABCDE --project . --origin https://match.example.com
  wslint probe ws://localhost:8787/ws/ABCDE --send '{"type":"ping"}' --expect pong
  wslint probe ws://localhost:8787/ws/ABCDE --log dev.log     wrangler dev 2>&1 | tee dev.log
\b
Exit code: 0 a working socket, 1 refused or broken, 2 no answer, or none that can be judged.
Needs the package websockets beside it: pip install 'websockets>=15'"""
)
@options(
    click.argument("url"),
    click.option(
        "--timeout",
        type=click.FloatRange(0.1, 600),
        default=5.0,
        show_default=True,
        metavar="SECONDS",
        help="Wait so long for the answer, and again for each of pong, message and close.",
    ),
    click.option("--header", "headers", multiple=True, metavar="NAME:VALUE", help="Send this header too."),
    click.option("--origin", help="The Origin header, as the page would send it."),
    click.option(
        "--subprotocol",
        "subprotocols",
        multiple=True,
        metavar="NAME",
        help="Ask for this subprotocol; may be repeated.",
    ),
    click.option("--send", metavar="TEXT", help="Send this message, and wait for one that answers."),
    click.option("--expect", metavar="TEXT", help="Wait for a message that holds this text."),
    click.option("--insecure", is_flag=True, help="Take any certificate."),
    click.option(
        "--show-secrets", is_flag=True, help="Show query values and credentials, which are hidden otherwise."
    ),
    click.option(
        "--project",
        type=click.Path(path_type=Path),
        metavar="PATH",
        help="Check this project, and say which of its findings fit.",
    ),
    allow_outside,
    click.option(
        "--log",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="The server's log: what is added to it during the probe is read for the reason.",
    ),
    click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True),
    click.option(
        "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True
    ),
)
def probe(url: str, **options: Any) -> None:
    """Open the WebSocket at URL once, show the whole answer, and say what it means.

    One handshake, a ping, perhaps a message, a close: nothing more is sent, redirects are not followed.
    """
    from wslint.probe.command import run_probe

    sys.exit(run_probe(url, options))


@main.command(
    epilog="""\b
Examples:
  wslint trace --url /ws/ABCDE         what happens to this handshake, hop by hop
  wslint trace --url /ws/ABCDE --life  what follows it: message, close, eviction, wake
  wslint trace apps/match --all        every address that a client opens and every route
  wslint trace --url wss://example.com/ws/ABCDE --env staging
  wslint trace --url /ws/ABCDE --output-format mermaid
  wslint trace --url /ws/ABCDE --life --output-format html > life.html
\b
Exit code: 0 traced, whatever the answer is; 2 nothing could be traced."""
)
@options(
    click.argument("path", default=".", type=click.Path(path_type=Path)),
    click.option("--url", metavar="URL", help="A path, or a whole ws, wss, http or https address."),
    click.option(
        "--all", is_flag=True, help="Every address that a client opens and every route, one by one."
    ),
    click.option("--env", "environment", metavar="NAME", help="The environment.  [default: the top level]"),
    click.option(
        "--life",
        is_flag=True,
        help="What follows the handshake, too: messages, closes, an alarm, an eviction and the wake.",
    ),
    allow_outside,
    click.option(
        "--output-format",
        type=click.Choice(["text", "json", "mermaid", "svg", "html"]),
        default="text",
        show_default=True,
    ),
    click.option(
        "--today", type=DateType(), help="The date that decides whether a date lies in the future (UTC)."
    ),
    click.option(
        "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True
    ),
)
def trace(path: Path, **options: Any) -> None:
    """Show the way of one handshake through the project in PATH, and the answer that it will get.

    Nothing is run and nothing is sent: the answer is worked out from the source and the configuration. What
    can't be worked out is unknown, and the last line says why.
    """
    from wslint.trace_command import run_trace

    sys.exit(run_trace(path, options))


@main.command(
    epilog="""\b
Examples:
  wslint compat                        from the project's date to the newest that wslint knows
  wslint compat 2026-01-01 2026-06-01  between two dates
  wslint compat --to 2026-06-01 --fix  move the date in the configuration
  wslint compat --project apps/match --env staging
\b
Without a configuration here it prints the plain table.
Exit code: 0 done, 2 the dates or the project can't be read."""
)
@options(
    click.argument("start", metavar="[FROM]", required=False, type=DateType()),
    click.argument("end", metavar="[TO]", required=False, type=DateType()),
    click.option("--to", "to", type=DateType(), help="TO, where FROM is the project's own date."),
    click.option(
        "--project",
        type=click.Path(path_type=Path),
        help="The project's folder, or a configuration.  [default: this folder, if it has one]",
    ),
    click.option(
        "--env",
        "environment",
        metavar="NAME",
        help="This environment only; an empty name is the top level.",
    ),
    click.option("--fix", is_flag=True, help="Move the date in the configuration to TO."),
    allow_outside,
    click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True),
    click.option("--today", type=DateType(), help="The date that TO is not to be after (UTC)."),
    click.option(
        "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True
    ),
)
def compat(start: date | None, end: date | None, to: date | None, **options: Any) -> None:
    """Say what changes for this project between two compatibility dates.

    FROM is the project's own date unless given, TO the newest that wslint's table of flags knows. What touches
    code of the project comes first, with the lines.
    """
    from wslint.compat_command import run_compat

    if end is not None and to is not None:
        raise click.UsageError("TO is given twice")
    last = end or to
    sys.exit(run_compat(start.isoformat() if start else None, last.isoformat() if last else None, options))


@main.group("cache")
def answers() -> None:
    """What earlier checks said, kept to be said again where nothing has changed."""


@answers.command()
def clear() -> None:
    """Forget it all."""
    from wslint.cache_write import clear as forget

    count, place = forget()
    write(f"forgot {count} {'folder' if count == 1 else 'folders'}{f', kept in {place}' if count else ''}\n")


@main.command()
def server() -> None:
    """Serve editors: the language server protocol on stdin and stdout, until the editor ends it.

    docs/editors.md has the lines to paste for each. Needs the package pygls beside it: pip install 'pygls>=2,<3'
    """
    from wslint.server.command import run_server

    sys.exit(run_server())


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script for SHELL.

    \b
    bash: wslint completion bash > ~/.wslint.bash && echo '. ~/.wslint.bash' >> ~/.bashrc
    zsh:  wslint completion zsh > ~/.wslint.zsh && echo '. ~/.wslint.zsh' >> ~/.zshrc
    fish: wslint completion fish > ~/.config/fish/completions/wslint.fish

    In ~/.zshrc the line must come after compinit.
    """
    from click.shell_completion import ShellComplete, get_completion_class

    completer = get_completion_class(shell)
    assert completer is not None  # the choices are click's own
    # That of bash would run bash, for its version; the script is the same.
    write(ShellComplete.source(completer(main, {}, "wslint", "_WSLINT_COMPLETE")) + "\n")
