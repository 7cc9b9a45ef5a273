// The echo lesson on the simulated kernel: time goes both ways, and everything follows the source.
import { expect, test } from "../lab.mjs";

test("opens on a run that is already there, at step 0", async ({ lab }) => {
  await lab.open();
  await lab.expectStep(0);
  const { of } = await lab.step();
  expect(of).toBeGreaterThan(20);
  await expect(lab.button(lab.text.forward)).toBeVisible();
  await expect(lab.editor("servidor.c")).toContainText("accept");
  await expect(lab.editor("cliente.c")).toContainText("connect");
  await lab.picture("inicio");
});

test("buttons and scrubber move through time, both ways", async ({ lab }) => {
  await lab.open();
  await lab.button(lab.text.forward).click();
  await lab.expectStep(1);
  await lab.button(lab.text.forward).click();
  await lab.expectStep(2);
  const second = await lab.stage.innerText();
  await lab.button(lab.text.back).click();
  await lab.expectStep(1);
  const last = await lab.toEnd();
  await lab.seek(Math.floor(last / 2));
  await lab.seek(2);
  expect(await lab.stage.innerText(), "the same moment looks the same again").toBe(second);
  await lab.toStart();
});

test("keys move through time", async ({ lab, page }) => {
  await lab.open();
  await page.keyboard.press("ArrowRight");
  await lab.expectStep(1);
  await page.keyboard.press(".");
  await lab.expectStep(2);
  await page.keyboard.press("ArrowLeft");
  await lab.expectStep(1);
  await page.keyboard.press("End");
  const { of } = await lab.step();
  await lab.expectStep(of);
  await page.keyboard.press("Home");
  await lab.expectStep(0);
  await page.keyboard.press("n");
  expect((await lab.step()).n, "the first packet is some steps away").toBeGreaterThan(2);
});

test("plays and pauses", async ({ lab, page }) => {
  await lab.open();
  await lab.button(lab.text.play).click();
  await expect.poll(async () => (await lab.step()).n).toBeGreaterThan(1);
  await lab.button(lab.text.pause).click();
  await expect(lab.button(lab.text.play)).toBeVisible();
  const { n } = await lab.step();
  await page.keyboard.press("ArrowRight");
  await lab.expectStep(n + 1);
});

test("a connection lives from LISTEN to TIME-WAIT, and its packets carry their flags", async ({ lab }) => {
  await lab.open();
  const { of } = await lab.step();
  const seen = new Set();
  for (let n = 0; n <= of; n += 1) {
    await lab.seek(n);
    const text = await lab.stage.innerText();
    for (const state of ["LISTEN", "SYN-SENT", "ESTABLISHED", "FIN-WAIT", "CLOSE-WAIT", "TIME-WAIT"]) {
      if (text.includes(state)) seen.add(state);
    }
    if (n === Math.floor(of / 3)) await lab.picture("no-meio");
  }
  for (const state of ["LISTEN", "SYN-SENT", "ESTABLISHED", "CLOSE-WAIT", "TIME-WAIT"]) {
    expect(seen, `some moment shows ${state}`).toContain(state);
  }
  await lab.tab(lab.text.packets).click();
  const table = lab.views.getByRole("table");
  await expect(table).toContainText("SYN");
  await expect(table).toContainText("FIN");
  await lab.picture("pacotes");
});

test("a wrong port in the client's source ends in ECONNREFUSED, with a RST on the wire", async ({ lab }) => {
  await lab.open();
  await lab.edit("cliente.c", (text) => text.replace(/const char \*port = .*;/, 'const char *port = "9999";'));
  await expect
    .poll(async () => {
      await lab.toEnd();
      await lab.tab(lab.text.calls).click();
      return lab.views.innerText();
    })
    .toContain("ECONNREFUSED");
  await lab.tab(lab.text.packets).click();
  await expect(lab.views.getByRole("table")).toContainText("RST");
  await lab.picture("recusada");
});

test("another message in the client's source is other bytes on the wire", async ({ lab }) => {
  await lab.open();
  await lab.edit("cliente.c", (text) => text.replace('"ola"', '"abacaxi"'));
  await expect
    .poll(async () => {
      await lab.toEnd();
      await lab.tab(lab.text.calls).click();
      return lab.views.innerText();
    })
    .toContain("abacaxi");
  await lab.tab(lab.text.packets).click();
  // The first segment with 7 bytes of data is the message.
  const row = lab.views.getByRole("row").filter({ hasText: /len[=: ]\s*7|7 bytes/i }).first();
  await row.click();
  // Eight bytes a line; the message begins in the middle of one.
  await expect(lab.region(lab.text.inspector)).toContainText(/61 62 61 63 61 78 ·4abacax\s*0048\s*69/);
  await lab.picture("bytes");
});

test("a program that does not compile says where, and the last run stays", async ({ lab }) => {
  await lab.open();
  const { of } = await lab.step();
  await lab.edit("cliente.c", (text) => text.replace("socket(AF_INET, SOCK_STREAM, 0);", "socket(AF_INET, SOCK_STREAM 0);"));
  await expect(lab.page.getByText(/linha \d+:/).first()).toBeVisible();
  expect((await lab.step()).of).toBe(of);
});
