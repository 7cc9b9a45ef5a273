// The first lesson with the keyboard alone: read, predict, step, look into a packet, interfere, change
// the program, reach the lesson's goal. The mouse is never used.
import { expect, test } from "../lab.mjs";

/** Presses Tab until the element with the focus fits; how often that took. */
async function tabTo(page, locator, most = 60) {
  for (let n = 0; n <= most; n += 1) {
    if (await locator.evaluate((element) => element === document.activeElement).catch(() => false)) return n;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${locator}`);
}

const focused = (page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.tagName);

test("a whole lesson by keyboard", async ({ lab, page }) => {
  test.setTimeout(120_000);
  await lab.open();
  // The skip link leads to the explanation, F6 through the regions.
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Ir para a explicação" })).toBeFocused();
  await page.keyboard.press("Enter");
  for (const region of ["code", "stage", "views"]) {
    await page.keyboard.press("F6");
    expect(await focused(page)).toBe(region);
  }
  // The lesson's text, its first question.
  const tabs = lab.views.getByRole("tablist", { name: "Vistas" });
  await tabTo(page, tabs.getByRole("tab", { selected: true }));
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await expect(lab.views).toContainText("Um eco pela rede");
  const answer = lab.views.getByRole("radio", { name: "Três: SYN, SYN-ACK e ACK" });
  await tabTo(page, lab.views.getByRole("radio").first());
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(answer).toBeChecked();
  await expect(lab.views).toContainText("abertura em três vias");
  // To the first packet with data, by keys that work everywhere outside of texts.
  await page.keyboard.press("5");
  expect(await focused(page)).toBe("time");
  await page.keyboard.press(".");
  await lab.expectStep(1);
  for (let n = 0; n < 12 && !/DATA 3/.test(await lab.region(lab.text.inspector).innerText()); n += 1) {
    await page.keyboard.press("n");
  }
  const inspector = lab.region(lab.text.inspector);
  await expect(inspector).toContainText("DATA 3");
  // A field lights its bytes.
  await page.keyboard.press("4");
  const field = inspector.getByRole("button", { name: /destination port/ });
  await tabTo(page, field);
  await page.keyboard.press("Enter");
  await expect(inspector.locator(".byte.on")).toHaveCount(2);
  // Its menu: lose it. The run forks, and is taken back.
  const { of } = await lab.step();
  await page.keyboard.press("m");
  await expect(page.getByRole("menu")).toBeVisible();
  for (let n = 0; n < 12 && !/^Perder/.test(await page.evaluate(() => document.activeElement.textContent)); n += 1) {
    await page.keyboard.press("ArrowDown");
  }
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await lab.step()).of).not.toBe(of);
  await tabTo(page, page.getByRole("button", { name: "Desfazer" }).first(), 120);
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await lab.step()).of).toBe(of);
  // The sequence is one stop of Tab; arrows go from packet to packet.
  await page.keyboard.press("End");
  await page.keyboard.press("3");
  await tabTo(page, tabs.getByRole("tab", { selected: true }));
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  const stops = lab.views.locator(".ladder g[tabindex='0']");
  await expect(stops).toHaveCount(1);
  await tabTo(page, stops);
  await page.keyboard.press("ArrowUp");
  await expect(lab.views.locator(".ladder g:focus")).toHaveAttribute("tabindex", "-1");
  await page.keyboard.press("Enter");
  await expect(inspector).toContainText("Pacote");
  // The filter: Escape clears it, and leaves it.
  await page.keyboard.press("/");
  await page.keyboard.type("tcp.flags.syn == 1");
  await expect(lab.views.locator("tbody tr")).toHaveCount(2);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("textbox", { name: "Filtrar pacotes" })).toHaveValue("");
  await page.keyboard.press("Escape");
  expect(await focused(page)).toBe("view");
  // The program: a port that nobody listens on. Escape and Tab leave the editor.
  await page.keyboard.press("1");
  await tabTo(page, lab.editor("cliente.c"), 80);
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(
    (await (await import("node:fs/promises")).readFile(new URL("../../lessons/01-echo/cliente.c", import.meta.url), "utf8"))
      .replace(/const char \*port = .*;/, 'const char *port = "9999";'),
  );
  await page.keyboard.press("Control+Enter");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  await expect(lab.editor("cliente.c")).not.toBeFocused();
  await page.keyboard.press("F6");
  await page.keyboard.press("3");
  await tabTo(page, tabs.getByRole("tab", { selected: true }));
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await expect(lab.views.locator("li").filter({ hasText: "ECONNREFUSED" }).locator(".chip")).toHaveText("feito");
  // At the ends of the run the buttons keep the focus.
  await page.keyboard.press("5");
  await tabTo(page, lab.button(lab.text.end));
  await page.keyboard.press("Enter");
  await expect(lab.button(lab.text.end)).toBeFocused();
  await expect(lab.button(lab.text.forward)).toHaveAttribute("aria-disabled", "true");
});

test("a new line of the editor is indented, and a closing brace goes back", async ({ lab, page }) => {
  await lab.open();
  await lab.editor("cliente.c").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  for (const line of ["int main(void)", "{", "for (;;) {", "break;", "}", "return 0;"]) {
    await page.keyboard.type(line);
    await page.keyboard.press("Enter");
  }
  await page.keyboard.type("}");
  const lines = await page.locator(".program").filter({ hasText: "cliente.c" }).locator(".cm-line").allInnerTexts();
  expect(lines.map((line) => line.trimEnd())).toEqual([
    "int main(void)", "{", "    for (;;) {", "        break;", "    }", "    return 0;", "}",
  ]);
});

test("packets and calls are one stop of Tab each, with arrows among the rows; a socket has a menu", async ({ lab, page }) => {
  await lab.open();
  await lab.toEnd();
  for (const view of [lab.text.packets, lab.text.calls]) {
    await lab.tab(view).click();
    const stops = lab.views.locator("tbody button[tabindex='0']");
    await expect(stops).toHaveCount(1);
    const rows = lab.views.locator("tbody button");
    await stops.focus();
    await page.keyboard.press("Home");
    await expect(rows.first()).toBeFocused();
    await page.keyboard.press("ArrowDown");
    await expect(rows.nth(1)).toBeFocused();
    await page.keyboard.press("End");
    await expect(rows.last()).toBeFocused();
    // The keys were the table's, not the time's.
    const { n, of } = await lab.step();
    expect(n).toBe(of);
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await expect(stops).toHaveCount(1);
    await expect(rows.first()).toHaveAttribute("tabindex", "0");
  }
  await lab.seek(30);
  await lab.stage.locator(".sock").last().focus();
  await page.keyboard.press("m");
  const menu = page.getByRole("menu");
  await expect(menu.getByRole("menuitem").first()).toHaveText("Inspecionar");
  await lab.sound("menu-socket");
  await menu.getByRole("menuitem", { name: "Ir ao próximo pacote dele" }).focus();
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await lab.step()).n).toBeGreaterThan(30);
  await expect(lab.region(lab.text.inspector)).toContainText("Pacote");
});
