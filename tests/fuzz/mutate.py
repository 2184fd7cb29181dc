"""New projects out of the pages': lines and words of one in another of the same language, names exchanged."""

from __future__ import annotations

import random
import re
from pathlib import Path

from tests.pages import read_page

Project = dict[str, str]
RULES = Path(__file__).parents[1] / "rules"
WORD = re.compile(r"[A-Za-z_$][\w$]*|\d+|\"[^\"\n]*\"|'[^'\n]*'|[^\s\w]")
ODD = [
    "\r",
    "\f",
    "\x85",
    "\u2028",
    "\u202e",
    "\x00",
    "\ufeff",
    "é",
    "\U0001f600",
    "`",
    "{",
    "}",
    "(",
    "[",
    '"',
    "/*",
    "//",
    "#",
]
NUMBERS = [
    "0",
    "-1",
    "999999999999999999999",
    "1e999",
    "1005",
    "101",
    "0x",
    "NaN",
    "null",
    "true",
    "[]",
    "{}",
    '""',
    "'",
]


def corpus() -> list[Project]:
    """Every project of every page, without what only a commit has."""
    found = []
    for path in sorted(RULES.glob("*.md")):
        for project in read_page(path.read_text(encoding="utf-8")):
            found.append({name: text for name, text in project.files.items() if not name.startswith("HEAD:")})
    return found


def _indent(row: str) -> int:
    return len(row) - len(row.lstrip())


class Mutator:
    """One source of chance over one corpus: the same seed gives the same projects."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.projects = corpus()
        self.lines: dict[str, list[str]] = {}
        for project in self.projects:
            for name, text in project.items():
                self.lines.setdefault(Path(name).suffix, []).extend(text.split("\n"))

    def project(self) -> Project:
        made = dict(self.chance.choice(self.projects))
        for _ in range(self.chance.choice([1, 1, 2, 3, 5, 8])):
            name = self.chance.choice(list(made))
            step = self.chance.choice(
                [
                    *(self.splice, self.block, self.drop, self.repeat, self.swap),
                    *(self.word, self.odd, self.rename, self.cut),
                ]
            )
            made[name] = step(made[name], Path(name).suffix)
        if self.chance.random() < 0.15:  # a file of another project, in place of one or beside it
            made.update([self.chance.choice(list(self.chance.choice(self.projects).items()))])
        if self.chance.random() < 0.1:
            end = self.chance.choice(["\r\n", "\r"])
            made = {name: text.replace("\n", end) for name, text in made.items()}
        return made

    def _at(self, text: str) -> tuple[list[str], int]:
        rows = text.split("\n")
        return rows, self.chance.randrange(len(rows))

    def splice(self, text: str, suffix: str) -> str:
        rows, at = self._at(text)
        other = self.lines[suffix]
        start = self.chance.randrange(len(other))
        rows[at:at] = other[start : start + self.chance.choice([1, 1, 2, 4, 9])]
        return "\n".join(rows)

    def block(self, text: str, suffix: str) -> str:
        """A whole block of another text of the language, with what it begins with, between two lines."""
        rows, at = self._at(text)
        other = self.lines[suffix]
        openers = [number for number, row in enumerate(other) if row.rstrip().endswith(("{", ":", "[", "("))]
        if not openers:
            return self.splice(text, suffix)
        start = self.chance.choice(openers)
        indent = _indent(other[start])
        end = start + 1
        while end < len(other) and (not other[end].strip() or _indent(other[end]) > indent):
            end += 1
        closes = end < len(other) and other[end].strip()[:1] in ("}", "]", ")")
        rows[at:at] = other[start : end + closes]
        return "\n".join(rows)

    def drop(self, text: str, _suffix: str) -> str:
        rows, at = self._at(text)
        del rows[at : at + self.chance.choice([1, 1, 2, 3])]
        return "\n".join(rows)

    def repeat(self, text: str, _suffix: str) -> str:
        rows, at = self._at(text)
        rows[at:at] = rows[at : at + self.chance.choice([1, 2, 5])] * self.chance.choice([1, 2, 7])
        return "\n".join(rows)

    def swap(self, text: str, _suffix: str) -> str:
        rows, at = self._at(text)
        other = self.chance.randrange(len(rows))
        rows[at], rows[other] = rows[other], rows[at]
        return "\n".join(rows)

    def word(self, text: str, suffix: str) -> str:
        """Another word of the same language in place of one."""
        found = list(WORD.finditer(text))
        if not found:
            return text
        place = self.chance.choice(found)
        words = WORD.findall(self.chance.choice(self.lines[suffix])) or NUMBERS
        new = self.chance.choice(words if self.chance.random() < 0.8 else NUMBERS)
        return text[: place.start()] + new + text[place.end() :]

    def odd(self, text: str, _suffix: str) -> str:
        at = self.chance.randrange(len(text) + 1)
        return text[:at] + self.chance.choice(ODD) * self.chance.choice([1, 1, 3]) + text[at:]

    def rename(self, text: str, suffix: str) -> str:
        """One name of the text becomes another one of it, everywhere."""
        names = sorted(set(re.findall(r"[A-Za-z_]\w{2,}", text)))
        if len(names) < 2:
            return self.word(text, suffix)
        one, other = self.chance.sample(names, 2)
        return re.sub(rf"\b{one}\b", other, text)

    def cut(self, text: str, _suffix: str) -> str:
        return text[: self.chance.randrange(len(text) + 1)]
