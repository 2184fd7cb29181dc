// What the browser scripts share: a real Chromium, its tabs, and waiting for what a page shows.
import assert from "node:assert/strict";
import { createInterface } from "node:readline";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** Say how far the script is, and wait for the line that lets it go on. */
export async function stage(name) {
  console.log(name);
  await lines.next();
}

/** A browser, `tab(options)` for a page of its own, and what went wrong in any of them. */
export async function launch(playwright, chromium) {
  const { chromium: browserType } = (await import(playwright)).default;
  const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
  flags.push("--disable-background-networking", "--disable-component-update", "--disable-sync");
  const browser = await browserType.launch({ executablePath: chromium, args: flags });
  const problems = [];
  async function tab(options) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    return page;
  }
  return { browser, tab, problems };
}

export const status = (page, text) => page.locator("#status", { hasText: text }).waitFor();
export const focused = (page, wanted) =>
  page.evaluate((selector) => document.activeElement.matches(selector), wanted);

export async function tabTo(page, wanted) {
  for (let presses = 0; presses < 30 && !(await focused(page, wanted)); presses++) await page.keyboard.press("Tab");
  assert(await focused(page, wanted), `no way to ${wanted} with the keyboard`);
}

/** The square that a player stands on, row by row from 0. */
export const square = (page, player) =>
  page
    .locator("#board > *")
    .evaluateAll((all, number) => all.findIndex((one) => one.dataset.player === number), player);

export async function until(ask, wanted) {
  for (let tries = 0; tries < 2000 && (await ask()) !== wanted; tries++) {
    await new Promise((done) => setTimeout(done, 50));
  }
  assert.equal(await ask(), wanted);
}
