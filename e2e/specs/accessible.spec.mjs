// Every state of the page in both languages and both themes, on three sizes of screen: axe-core
// finds nothing, and nothing scrolls sideways.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { root } from "../servers.mjs";
import { Lab, expect, test } from "../lab.mjs";

const axe = await readFile(path.join(root, "node_modules/axe-core/axe.min.js"), "utf8");

async function violations(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join("\n  ")}`);
}

async function sideways(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

const SIZES = [
  { name: "1440", width: 1440, height: 900 },
  { name: "1280", width: 1280, height: 720 },
  { name: "390", width: 390, height: 844 },
];

for (const lang of ["pt-BR", "en"]) {
  for (const scheme of ["light", "dark"]) {
    test(`no violations: ${lang}, ${scheme}`, async ({ page, servers }) => {
      const lab = new Lab(page, servers.link, "pt-BR");
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await page.setViewportSize(SIZES[0]);
      await lab.open();
      if (lang === "en") {
        await lab.button(lab.text.language).click();
        await expect(page.locator("html")).toHaveAttribute("lang", "en");
        lab.text = new Lab(page, "", "en").text;
      }
      for (const size of SIZES) {
        await page.setViewportSize(size);
        for (const where of ["start", "middle", "end"]) {
          const { of } = await lab.step();
          await lab.seek({ start: 0, middle: Math.floor(of / 2), end: of }[where]);
          expect.soft(await violations(page), `${size.name}, ${where}`).toEqual([]);
          expect.soft(await sideways(page), `${size.name}, ${where}: sideways scroll`).toBeLessThanOrEqual(0);
        }
        await lab.picture(`${lang}-${scheme}-${size.name}`);
      }
      expect(lab.errors).toEqual([]);
    });
  }
}

test("320 pixels are enough", async ({ page, servers }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  const lab = new Lab(page, servers.link);
  await lab.open();
  expect(await sideways(page)).toBeLessThanOrEqual(0);
  await lab.button(lab.text.forward).click();
  await lab.expectStep(1);
  expect(await sideways(page)).toBeLessThanOrEqual(0);
  await lab.picture("320");
});
