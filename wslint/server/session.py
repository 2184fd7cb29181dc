"""One editor: its open texts, its folders, and what it was last told of each file."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from lsprotocol import types

from wslint.record import record
from wslint.server.diagnostics import by_file
from wslint.server.places import Places, folder_of, path_of
from wslint.server.project import Project, State
from wslint.server.runner import Runner, make_thread
from wslint.workspace import is_config_name

if TYPE_CHECKING:
    from wslint.server.protocol import Server

Answer = TypeVar("Answer")

_SOURCE = (".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs", ".py", ".rs")
_MAY_CONFIGURE = ("vite.config.", "nitro.config.", "astro.config.", "nuxt.config.")


@record
class Buffer:
    """An open file as the editor has it."""

    uri: str
    version: int | None
    data: bytes


class Session:
    """Buffers in, diagnostics out; questions are handed to the project that holds the file."""

    def __init__(self, server: Server) -> None:
        self.places = Places()
        self._server = server
        self._buffers: dict[Path, Buffer] = {}
        self._runners: dict[Path, Runner] = {}
        self._told: dict[Path, tuple[Path, int | None, list[types.Diagnostic]]] = {}
        """What was published: of which project, which version of the text, what."""
        self._said: set[str] = set()
        self.versioned_edits = False
        """Whether the editor takes edits of a version of a text."""
        self._thread: ThreadPoolExecutor | None = None

    def open_folders(self, uris: list[str]) -> None:
        for uri in uris:
            top = folder_of(uri)
            if top is not None and not any(known in (top, *top.parents) for known in self._runners):
                self.places.tops[top] = uri
                self._start(top)

    def close_folders(self, uris: list[str]) -> None:
        for uri in uris:
            top = folder_of(uri)
            if top in self._runners:
                self._end(top)
                self.places.tops.pop(top, None)

    def put(self, uri: str, version: int | None, text: str, opened: bool = False) -> None:
        """Take over a text as the editor has it now."""
        path = path_of(uri)
        if path is None:
            return
        self._buffers[path] = Buffer(uri, version, text.encode("utf-8", "replace"))
        self.places.opened[path] = uri
        self._changed(path, anew=opened or not _is_plain_source(path))

    def close(self, uri: str) -> None:
        path = path_of(uri)
        if path is None or self._buffers.pop(path, None) is None:
            return
        self.places.opened.pop(path, None)
        runner = self._runner(path)
        if runner is not None and self._is_idle(runner):
            self._end(runner.project.top)
        else:
            self._changed(path, anew=True)

    def touched(self, uris: list[str]) -> None:
        """Files that changed on the disk."""
        for uri in uris:
            path = path_of(uri)
            if path is not None:
                self._changed(path, anew=True)

    async def ask(self, uri: str, question: Callable[[State, Path], Answer]) -> Answer | None:
        """The answer of the project that holds a file, about its state after the last change."""
        path = path_of(uri)
        runner = self._runner(path) if path is not None else None
        if path is None or runner is None:
            return None
        where = path
        return await runner.ask(lambda state: question(state, where))

    def end(self) -> None:
        for runner in self._runners.values():
            runner.stop()
        if self._thread is not None:
            self._thread.shutdown(wait=False, cancel_futures=True)

    def version(self, path: Path) -> int | None:
        buffer = self._buffers.get(path)
        return buffer.version if buffer is not None else None

    def _changed(self, path: Path, anew: bool) -> None:
        runner = self._runner(path) or self._start_around(path)
        if runner is not None:
            if anew:
                runner.project.forget_configurations()
            runner.changed()

    def _runner(self, path: Path) -> Runner | None:
        holding = [runner for runner in self._runners.values() if runner.project.holds(path)]
        return max(holding, key=lambda runner: len(runner.project.top.parts), default=None)

    def _start_around(self, path: Path) -> Runner | None:
        """A project for a file outside of all folders: the nearest folder above it that has a configuration."""
        for folder in path.parents:
            if any(is_config_name(other.name) for other in self._buffers if other.parent == folder):
                return self._start(folder)
            try:
                if any(is_config_name(name.name) for name in folder.iterdir()):
                    return self._start(folder)
            except OSError:
                continue
        return None

    def _start(self, top: Path) -> Runner:
        self._thread = self._thread or make_thread()
        runner = Runner(Project(top), self._thread, self._texts, self._publish, self._fail)
        self._runners[top] = runner
        runner.changed()
        return runner

    def _end(self, top: Path) -> None:
        self._runners.pop(top).stop()
        for path in [path for path, told in self._told.items() if told[0] == top]:
            self._tell(path, self._told.pop(path)[0], [])
            self._told.pop(path, None)

    def _is_idle(self, runner: Runner) -> bool:
        """Whether a project was only there for files that are closed now."""
        top = runner.project.top
        return top not in self.places.tops and not any(runner.project.holds(path) for path in self._buffers)

    def _texts(self) -> dict[Path, bytes]:
        return {path: buffer.data for path, buffer in self._buffers.items()}

    def _publish(self, runner: Runner) -> None:
        state, top = runner.state, runner.project.top
        if state is None:
            return
        if state.error:
            self._say(state.error, state.wrong_settings)
        found = by_file(state.result.findings, self.places)
        before = {path for path, told in self._told.items() if told[0] == top and told[2]}
        opened = {path for path in self._buffers if runner.project.holds(path)}
        for path in sorted(before | found.keys() | opened):
            self._tell(path, top, found.get(path, []))

    def _tell(self, path: Path, top: Path, diagnostics: list[types.Diagnostic]) -> None:
        told = (top, self.version(path), diagnostics)
        if self._told.get(path) == told:
            return
        self._told[path] = told
        self._server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(self.places.uri(path), diagnostics, self.version(path))
        )

    def _say(self, text: str, aloud: bool) -> None:
        """Tell once why nothing is checked: in the log, or aloud where the person can mend it."""
        if text in self._said:
            return
        self._said.add(text)
        if aloud:
            self._server.window_show_message(
                types.ShowMessageParams(types.MessageType.Warning, f"wslint: {text}")
            )
        else:
            self._server.window_log_message(types.LogMessageParams(types.MessageType.Info, f"wslint: {text}"))

    def _fail(self, report: str) -> None:
        if report not in self._said:
            self._said.add(report)
            self._server.window_log_message(
                types.LogMessageParams(types.MessageType.Error, f"wslint: {report}")
            )


def _is_plain_source(path: Path) -> bool:
    """Whether a text cannot be a configuration, nor decide which there are."""
    return path.suffix in _SOURCE and not path.name.startswith(_MAY_CONFIGURE)
