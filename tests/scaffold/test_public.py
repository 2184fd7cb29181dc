"""What GOING-PUBLIC.md promises: the limit of a minute, and that what it names is there."""

from __future__ import annotations

import http.client
import json
import re

import pytest

from tests.runtime.tools import require_tools
from tests.runtime.workerd import serve
from tests.runtime.wrangler import dev
from tests.scaffold.conftest import Generate

LANGUAGES = ("python", "typescript", "rust")


def create(port: int, host: str, address: str = "") -> tuple[int, str | None, str]:
    """The status, `Retry-After` and the error of a POST /create."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {"Host": host} | ({"CF-Connecting-IP": address} if address else {})
    try:
        connection.request("POST", "/create", headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers["retry-after"], json.loads(answer.read()).get("error", "")
    finally:
        connection.close()


def create_match(port: int) -> str:
    """The code of a new match."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("POST", "/create")
        code = json.loads(connection.getresponse().read())["code"]
        assert isinstance(code, str)
        return code
    finally:
        connection.close()


@pytest.mark.parametrize("language", ["typescript", "python"])
def test_an_address_creates_so_many_matches_a_minute(language: str, generate: Generate) -> None:
    require_tools()
    folder = generate(language, 0)
    settings = folder / "wrangler.toml"
    settings.write_text(settings.read_text().replace("limit = 20", "limit = 3"))
    with serve(folder, page=folder / "public") as server:
        seen = [create(server.port, "play.example", "192.0.2.1") for _ in range(5)]
        assert [status for status, _, _ in seen] == [201, 201, 201, 429, 429], server.log
        assert seen[-1] == (429, "60", "too_many")
        assert create(server.port, "play.example", "192.0.2.2")[0] == 201
        assert create(server.port, "localhost", "192.0.2.1")[0] == 201
        assert create(server.port, "play.example")[0] == 201


def test_wrangler_has_the_limiter(generate: Generate) -> None:
    """The binding that wrangler makes is the one that the Worker asks; a host of one's own is never counted."""
    require_tools()
    folder = generate("typescript", 0)
    settings = folder / "wrangler.toml"
    settings.write_text(settings.read_text().replace("limit = 20", "limit = 1"))
    door = folder / "src/door.ts"
    door.write_text(door.read_text().replace("return LOCAL.includes(hostname);", "return false;"))
    with dev(folder) as server:
        assert [create(server.port, "127.0.0.1", "192.0.2.1")[0] for _ in range(3)] == [201, 429, 429]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_page_names_is_there(language: str, generate: Generate) -> None:
    folder = generate(language, 0)
    page = (folder / "GOING-PUBLIC.md").read_text()
    named = set(re.findall(r"`([^`\s]+)`", page))
    files = {name for name in named if re.search(r"\.(py|ts|rs|toml)$|^public/", name)}
    assert len(files) >= 6
    for name in files:
        assert (folder / name).is_file() or (folder / "tests" / name).is_file(), name
    for name, where in re.findall(r"`(\w+)`(?:, `\w+`)* in `([^`]+)`", page):
        if name != "migrations":
            assert re.search(rf"\b{name}\b", (folder / where).read_text()), (name, where)
    assert "20 a minute" in page and "limit = 20, period = 60" in (folder / "wrangler.toml").read_text()
