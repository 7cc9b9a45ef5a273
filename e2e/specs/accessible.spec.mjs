// Every state of the page in both languages and both themes, on three sizes of screen: axe-core
// finds nothing, and nothing scrolls sideways.
import { Lab, expect, sideways, test, violations } from "../lab.mjs";

const SIZES = [
  { name: "1440", width: 1440, height: 900 },
  { name: "1280", width: 1280, height: 720 },
  { name: "390", width: 390, height: 844 },
];

const VIEWS = ["lesson", "ladder", "packets", "states", "graphs", "calls", "terminals", "intervene", "branches", "scenario", "memory"];

/** On a narrow screen one panel shows at a time. */
async function panel(page, name) {
  const tab = page.locator(`.phone-tabs #tab-${name}`);
  if (await tab.isVisible()) await tab.click();
}

/** On a narrow screen what is seldom wanted is in a menu of the header. */
async function more(page) {
  const button = page.locator(".menu-button");
  if (await button.isVisible()) await button.click();
}

/** Opens one of the tools of the header's menu, in whatever language. */
async function tool(page, number) {
  await page.locator("header.bar .tools").click();
  await page.getByRole("menuitem").nth(number).click();
}

async function closed(page) {
  await page.keyboard.press("Escape");
  await expect(page.locator("dialog, .menu")).toHaveCount(0);
}

/** The states: a name, how to get there, how to leave. */
const STATES = [
  { name: "start", go: async (lab) => lab.seek(0) },
  { name: "middle", go: async (lab) => lab.seek(Math.floor((await lab.step()).of / 2)) },
  { name: "end", go: async (lab) => lab.seek((await lab.step()).of) },
  {
    name: "packet",
    go: async (lab, page) => {
      await lab.seek(0);
      await page.keyboard.press("n");
      await page.keyboard.press("n");
      await panel(page, "inspector");
    },
  },
  { name: "packet menu", go: async (lab, page) => { await page.keyboard.press("m"); await expect(page.locator(".menu")).toBeVisible(); }, leave: closed },
  { name: "stage", go: async (lab, page) => panel(page, "stage") },
  {
    name: "process menu",
    go: async (lab, page) => { await page.locator(".proc .more").first().click(); await expect(page.locator(".menu")).toBeVisible(); },
    leave: closed,
  },
  { name: "process", go: async (lab, page) => { await page.locator(".proc .who").first().click(); await panel(page, "inspector"); } },
  ...VIEWS.map((view) => ({
    name: view,
    go: async (lab, page) => { await panel(page, "views"); await page.locator(`#views #tab-${view}`).click(); },
  })),
  { name: "bytes", go: async (lab, page) => { await page.locator("#view .memory .rows button").first().click(); } },
  {
    name: "completion",
    go: async (lab, page) => {
      await panel(page, "code");
      await page.getByRole("textbox", { name: /cliente.c/ }).last().focus();
      await page.keyboard.press("Control+Space");
      await expect(page.locator(".cm-completion")).toBeVisible();
    },
    leave: async (page) => { await page.keyboard.press("Escape"); await expect(page.locator(".cm-completion")).toHaveCount(0); },
  },
  { name: "header menu", go: async (lab, page) => more(page), leave: closed },
  { name: "settings", go: async (lab, page) => { await more(page); await page.locator("header.bar .network").click(); }, leave: closed },
  { name: "explorer", go: async (lab, page) => { await more(page); await tool(page, 0); }, leave: closed },
  { name: "addresses", go: async (lab, page) => { await more(page); await tool(page, 1); }, leave: closed },
  { name: "help", go: async (lab, page) => page.keyboard.press("?"), leave: closed },
];

for (const lang of ["pt-BR", "en"]) {
  for (const scheme of ["light", "dark"]) {
    test(`no violations: ${lang}, ${scheme}`, async ({ page, servers }) => {
      test.setTimeout(600_000);
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
        for (const { name, go, leave } of STATES) {
          await go(lab, page);
          expect.soft(await violations(page), `${size.name}, ${name}`).toEqual([]);
          expect.soft(await sideways(page), `${size.name}, ${name}: sideways scroll`).toBeLessThanOrEqual(0);
          await leave?.(page);
        }
        await panel(page, "code");
        await lab.picture(`${lang}-${scheme}-${size.name}`);
      }
      expect(lab.errors).toEqual([]);
    });
  }
}

test("320 pixels are enough", async ({ page, servers }) => {
  test.setTimeout(240_000);
  await page.setViewportSize({ width: 320, height: 640 });
  const lab = new Lab(page, servers.link);
  await lab.open();
  for (const { name, go, leave } of STATES) {
    await go(lab, page);
    expect.soft(await sideways(page), name).toBeLessThanOrEqual(0);
    if (["stage", "packet", "ladder", "settings", "explorer", "addresses"].includes(name)) await lab.picture(`320-${name}`);
    await leave?.(page);
  }
});

test("everything moves by keyboard, and less motion means steps instead of gliding", async ({ page, servers }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  const lab = new Lab(page, servers.link);
  await lab.open();
  for (let n = 0; n < 6; n += 1) {
    await page.keyboard.press("F6");
    expect(await page.evaluate(() => document.activeElement?.id)).toMatch(/^(story|code|stage|views|inspector|time)$/);
  }
  // Two pictures of the wire a moment apart are the same: nothing glides.
  await page.locator("h1").click();
  await page.keyboard.press("n");
  const places = () => page.locator(".wire [data-packet]").evaluateAll((all) => all.map((g) => g.getAttribute("transform")));
  const first = await places();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  expect(await places()).toEqual(first);
});
