"""Configuration scripts that are read, not run: circles and depth end, and nothing is guessed."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from wslint.files import Files
from wslint.source.javascript.literals import Script, script_at


def script(text: str, folder: Path, name: str = "vite.config.ts") -> Script:
    (folder / name).write_text(text)
    found = script_at(folder / name, Files(folder))
    assert found is not None
    return found


@pytest.mark.parametrize(
    "text",
    [
        "const a = b.x;\nconst b = a.y;\nexport default a;\n",
        "const a = { ...b };\nconst b = { ...a };\nexport default a;\n",
        "const a = { ...b, ...b, ...b };\nconst b = { ...a, ...a, ...a };\nexport default a;\n",
        "const a = [...b, b.x.y.z];\nconst b = [...a, a.x.y.z];\nexport default { plugins: [a, a, b] };\n",
        "const a = join(a, a, a);\nexport default { outDir: a };\n",
        "const a = () => a();\nexport default a;\n",
        "const a = resolve(a, a);\nexport default { outDir: a };\n",
        "const a = [a];\nexport default { plugins: a };\n",
        "export default defineConfig(defineConfig(defineConfig({})));\n",
        f"export default {'{ a: ' * 400}1{' }' * 400};\n",
        f"export default {'a.b' + '.b' * 3000};\n",
    ],
)
def test_circles_and_depth_end(text: str, tmp_path: Path) -> None:
    started = time.monotonic()
    found = script(text, tmp_path)
    exported = found.exported
    found.is_open(exported)
    found.get(exported, "outDir", "x")
    found.path(found.get(exported, "outDir"))
    found.texts(found.get(exported, "plugins"))
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"dist"', "dist"),
        ("`dist`", "dist"),
        ('path.resolve(__dirname, "a", "../dist")', "dist"),
        ('resolve(import.meta.dirname, "dist")', "dist"),
        ('fileURLToPath(new URL("./dist", import.meta.url))', "dist"),
        ('new URL("dist", import.meta.url).pathname', "dist"),
        ('path.join(process.cwd(), "dist")', "dist"),
        ("out", "dist"),
        ("settings.out", "dist"),
        ("process.env.OUT", None),
        ('process.env.OUT ?? "dist"', None),
        ("`${name}/dist`", None),
        ('flag ? "dist" : "build"', None),
        ('path.resolve(root, "dist")', None),
    ],
)
def test_paths(text: str, expected: str | None, tmp_path: Path) -> None:
    found = script(
        f'const out = "dist";\nconst settings = {{ out }};\nexport default {{ value: {text} }};\n', tmp_path
    )
    path = found.path(found.get(found.exported, "value"))
    assert path == (tmp_path / expected if expected is not None else None)


@pytest.mark.parametrize(
    "text",
    [
        "export default { a: 1 };",
        "export default defineConfig({ a: 1 });",
        "export default defineConfig(() => ({ a: 1 }));",
        "export default defineConfig(async ({ mode }) => { const x = mode; return { a: 1 }; });",
        "const config = { a: 1 };\nexport default config;",
        "const config: UserConfig = { a: 1 };\nexport { config as default };",
        "const rest = { a: 1 };\nexport default { ...rest };",
        "module.exports = { a: 1 };",
        "export default ({ a: 1 }) satisfies Config;",
    ],
)
def test_forms_of_a_configuration(text: str, tmp_path: Path) -> None:
    found = script(text, tmp_path)
    assert found.get(found.exported, "a") is not None
    assert not found.is_open(found.exported)


@pytest.mark.parametrize(
    "text",
    [
        "export default { ...shared };",
        "export default defineConfig(({ mode }) => { if (mode) return { b: 2 }; return { a: 1 }; });",
        "export default make();",
        "export default { [key]: 1 };",
        "",
    ],
)
def test_what_may_hold_more(text: str, tmp_path: Path) -> None:
    found = script(text, tmp_path)
    assert found.is_open(found.exported)
