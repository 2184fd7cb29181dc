// Two tabs of a real Chromium play a match; see test_browser.py, which serves it and stops and starts the server.
// Prints one line for each stage and waits for a line on stdin in between.
import assert from "node:assert/strict";
import { launch, square, stage, status, tabTo, until } from "./browser_tools.mjs";

const [, , playwright, chromium, url, pictures] = process.argv;
const { browser, tab, problems } = await launch(playwright, chromium);

try {
  const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
  const ann = await tab({ ...phone, colorScheme: "dark" });
  await ann.goto(url);
  await tabTo(ann, "#name"); // with the keyboard alone, from here on
  await ann.keyboard.type("Ann");
  await ann.keyboard.press("Enter");
  await status(ann, "as player 1");
  const code = await ann.locator("#code").inputValue();

  const bob = await tab({ viewport: { width: 1100, height: 900 }, colorScheme: "light" });
  await bob.goto(`${url}/#${code.toLowerCase()}`);
  await tabTo(bob, "#name");
  await bob.keyboard.type("Bob <b>b</b>");
  await tabTo(bob, "#go");
  assert.equal(await bob.locator("#go").textContent(), "Join the match");
  await bob.keyboard.press("Enter");
  await status(bob, "as player 2");

  await ann.keyboard.press("ArrowRight"); // the board has the focus by itself
  await until(() => square(bob, "1"), 1);
  await tabTo(ann, "[data-move=down]");
  await ann.keyboard.press("Enter");
  await until(() => square(bob, "1"), 9);
  await tabTo(bob, "#text");
  await bob.keyboard.type("good luck <img src=x>");
  await bob.keyboard.press("Enter");
  await ann.locator("#said li", { hasText: "Bob <b>b</b>: good luck <img src=x>" }).waitFor();
  assert.equal(await ann.locator("#said b, #said img, #players b").count(), 0);
  await tabTo(bob, "[data-move=up]");
  await bob.keyboard.press("Space");
  await until(() => square(ann, "2"), 55);
  for (const page of [ann, bob]) {
    const [wide, visible] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert(wide <= visible, `the page is ${wide} wide on ${visible}`);
    assert(!(await page.locator("#got").textContent()).includes('"token":"0'));
  }
  await ann.screenshot({ path: `${pictures}/phone-dark.png`, fullPage: true });
  await bob.screenshot({ path: `${pictures}/desk-light.png`, fullPage: true });
  assert.deepEqual(problems, []);

  await stage("played");
  await status(ann, "Trying again in");
  await status(bob, "Trying again in");
  assert(await bob.locator("[data-move=up]").isDisabled());
  await ann.screenshot({ path: `${pictures}/phone-lost.png` });

  await stage("lost");
  await status(ann, "as player 1");
  await status(bob, "as player 2");
  assert.equal(await square(ann, "1"), 9); // everything is as it was
  await tabTo(bob, "[data-move=up]");
  await bob.keyboard.press("Enter");
  await until(() => square(ann, "2"), 47);

  await tabTo(bob, "#leave");
  await bob.keyboard.press("Enter");
  await status(bob, "Not connected");
  await ann.locator("#said li", { hasText: "Bob <b>b</b> left." }).waitFor();
  await tabTo(bob, "#code");
  await bob.keyboard.type("QQQQQ");
  await bob.keyboard.press("Enter");
  await status(bob, "nobody has created this match");

  await ann.evaluate(async (path) => {
    const open = () => new Promise((done) => (new WebSocket(location.origin.replace("http", "ws") + path).onopen = done));
    for (let number = 0; number < 21; number++) await open();
  }, `/ws/${code}`);
  await bob.locator("#code").fill(code);
  await bob.keyboard.press("Enter");
  await status(bob, "the match may be full. Trying again");
  console.log("done");
} finally {
  await browser.close();
}
process.exit(0);
