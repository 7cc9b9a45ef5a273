// The page without its server: after one visit it opens, runs and changes lessons. Only a release
// build is kept by the browser.
import { expect, test } from "@playwright/test";
import { existsSync } from "node:fs";
import path from "node:path";
import { Lab } from "../lab.mjs";
import { root, startSoquete, stop } from "../servers.mjs";

const built = existsSync(path.join(process.env.SOQUETE_PAGE ?? path.join(root, "dist"), "worker.js"));

test("after the first visit the page works without its server", async ({ page, context }) => {
  test.skip(!built, "a development build");
  const { child, link } = await startSoquete();
  try {
    const lab = new Lab(page, link);
    await lab.open();
    await page.waitForFunction(() => navigator.serviceWorker.controller);
    const kept = await page.evaluate(async () => {
      const urls = await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)));
      return urls.flat();
    });
    expect(kept.some((url) => url.endsWith(".wasm"))).toBe(true);
    expect(kept.filter((url) => /tok=|\/ws|healthz|metrics/.test(url))).toEqual([]);
  } finally {
    await stop(child);
  }
  await context.setOffline(true);
  const lab = new Lab(page, link.split("#")[0]);
  await page.goto("about:blank");
  await lab.open();
  const echo = (await lab.step()).of;
  expect(echo).toBeGreaterThan(10);
  // A lesson of the second part.
  await page.getByRole("combobox", { name: "Lição" }).selectOption({ index: 12 });
  await expect.poll(async () => (await lab.step()).of).not.toBe(echo);
});

test("what the bridge answers is never kept", async ({ page }) => {
  test.skip(!built, "a development build");
  const { child, link } = await startSoquete();
  try {
    await new Lab(page, link).open();
    await page.waitForFunction(() => navigator.serviceWorker.controller);
    const origin = new URL(link).origin;
    await page.evaluate((origin) => fetch(`${origin}/healthz`), origin);
    const found = await page.evaluate((origin) => caches.match(`${origin}/healthz`).then(Boolean), origin);
    expect(found).toBe(false);
  } finally {
    await stop(child);
  }
});
