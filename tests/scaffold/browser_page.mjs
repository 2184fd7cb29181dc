// What the page does for one who uses it in a real Chromium; see test_browser.py, which serves it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { focused, launch, square, status, tabTo, until } from "./browser_tools.mjs";

const [, , playwright, chromium, url, pictures, axe] = process.argv;
const { browser, tab, problems } = await launch(playwright, chromium);
const rules = readFileSync(axe, "utf8");

/** What a screen reader would stumble over, by axe-core. */
async function accessible(page, where) {
  await page.evaluate(rules);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const said = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(", ")}`);
  assert.deepEqual(said, [], where);
}

/** Nothing is wider than the window, and nothing sticks out of its card. */
async function fits(page, width) {
  await page.setViewportSize({ width, height: 900 });
  const out = await page.evaluate(() => {
    const found = [];
    if (document.documentElement.scrollWidth > innerWidth) found.push("the page");
    for (const card of document.querySelectorAll("section, #enter, #inside")) {
      const { left, right } = card.getBoundingClientRect();
      for (const part of card.querySelectorAll("button, input, p, ol, ul, div")) {
        const box = part.getBoundingClientRect();
        if (box.width && (box.left < left || box.right > right)) found.push(part.outerHTML.slice(0, 60));
      }
    }
    return found;
  });
  assert.deepEqual(out, [], `${width} px`);
  const small = await page.evaluate(() =>
    [...document.querySelectorAll("button, input")].filter((one) => one.offsetParent && one.offsetHeight < 44).length,
  );
  assert.equal(small, 0, "every control is high enough for a finger");
}

try {
  const desk = { viewport: { width: 1100, height: 900 }, colorScheme: "light", reducedMotion: "reduce" };
  const ann = await tab(desk);
  await ann.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await ann.goto(url);
  assert.equal(await ann.title(), "Play a match · duel");
  await accessible(ann, "before a match");
  for (const width of [320, 390, 768, 1280, 2560]) await fits(ann, width);

  // A blank name is no name, and the page says so.
  await tabTo(ann, "#name");
  await ann.keyboard.type("   ");
  await ann.keyboard.press("Enter");
  assert(await ann.evaluate(() => document.querySelector("#name:invalid").validationMessage.includes("at least one")));
  await status(ann, "Not connected");
  assert(await focused(ann, "#name"));
  // What the server refuses is said where it is looked for, and can be mended.
  await ann.locator("#name").fill("A name of more than twenty-four letters");
  await ann.keyboard.press("Enter");
  await status(ann, "No: name must have 1 to 24 printable characters");
  await ann.locator("#name").fill("Ann");
  await ann.locator("#code").fill("");
  await ann.locator("#name").press("Enter");
  await status(ann, "as player 1");

  // The keys move at once; the form gives way to the match's own line.
  assert(await focused(ann, "#board"));
  await ann.keyboard.press("ArrowRight");
  await until(() => square(ann, "1"), 1);
  assert(await ann.locator("#enter").isHidden());
  const code = await ann.locator("#where").textContent();
  assert.equal(await ann.title(), `Match ${code} · duel`);
  await ann.locator("#copy").click();
  await ann.locator("#copy", { hasText: "Copied" }).waitFor();
  assert.equal(await ann.evaluate(() => navigator.clipboard.readText()), `${url}/#${code}`);

  // A finger, in the dark: a second player, who comes by the link.
  const bob = await tab({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme: "dark" });
  await bob.goto(`${url}/#${code}`);
  await bob.locator("#name").fill("Bob");
  assert.equal(await bob.locator("#go").textContent(), "Join the match");
  await bob.locator("#go").tap();
  await status(bob, "as player 2");
  await bob.locator("[data-move=up]").tap();
  await until(() => square(ann, "2"), 55);

  // The newest line is the last one, and in sight.
  for (let number = 1; number <= 20; number++) {
    await bob.locator("#text").fill(`line ${number}`);
    await bob.locator("#chat button").tap();
  }
  for (const page of [ann, bob]) {
    await page.locator("#said li", { hasText: "line 20" }).waitFor();
    const [last, below] = await page.locator("#said").evaluate((log) => {
      return [log.lastChild.textContent, log.scrollHeight - log.scrollTop - log.clientHeight];
    });
    assert.equal(last, "Bob: line 20");
    assert(below < 4, `${below} px below the window of the log`);
  }

  await ann.setViewportSize(desk.viewport);
  for (const [page, name] of [[ann, "desk-light"], [bob, "phone-dark"]]) {
    await accessible(page, name);
    await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
  }
  for (const width of [320, 390, 768, 1280, 2560]) {
    await fits(ann, width);
    await ann.screenshot({ path: `${pictures}/wide-${width}.png` });
  }

  // A reload goes on where it was, and a lost network comes back by itself.
  await ann.reload();
  await status(ann, "as player 1");
  assert.equal(await square(ann, "1"), 1);
  const before = problems.length;
  await ann.context().setOffline(true);
  await status(ann, "Trying again");
  const moving = (page) => page.locator("#status").evaluate((one) => getComputedStyle(one, "::before").animationName);
  assert.equal(await moving(ann), "none", "whoever wants no motion gets none");
  await bob.locator("#players", { hasText: "Ann, column 2, row 1, away" }).waitFor();
  await ann.context().setOffline(false);
  await status(ann, "as player 1");
  problems.length = before; // requests that failed while there was no network
  await bob.context().setOffline(true);
  await status(bob, "Trying again");
  assert.equal(await moving(bob), "breathe");
  await bob.context().setOffline(false);
  await status(bob, "as player 2");
  problems.length = before;

  // The way out leads back to the start, and a reload stays there.
  await ann.locator("#leave").click();
  await status(ann, "Not connected");
  assert(await focused(ann, "#name"));
  await ann.reload();
  await status(ann, "Not connected");
  assert.equal(await ann.locator("#name").inputValue(), "Ann");
  assert.deepEqual(problems, []);
  console.log("done");
} finally {
  await browser.close();
}
process.exit(0);
