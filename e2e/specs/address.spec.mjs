// The page's address and history, and two tabs with the same lesson.
import { expect, test } from "../lab.mjs";

const hash = (page) => page.evaluate(() => location.hash);

test("the address names lesson and step; Back goes to the lesson before, with what was written there", async ({ lab, page }) => {
  await lab.open();
  const lessons = page.getByRole("combobox", { name: "Lição", exact: true });
  await lab.edit("cliente.c", (text) => `${text}/* meu */\n`);
  await lab.seek(3);
  await expect.poll(() => hash(page)).toBe("#/licao/echo?passo=3");
  await lessons.selectOption("6");
  await expect.poll(() => hash(page)).toMatch(/^#\/licao\/(?!echo).*passo=0$/);
  await page.goBack();
  await expect(lessons).toHaveValue("0");
  await lab.expectStep(3);
  await expect(lab.button("Restaurar original")).toBeVisible();
  await page.reload();
  await lab.expectStep(3);
  await expect(lab.button("Restaurar original")).toBeVisible();
});

test("an address that names nothing is said once and goes away", async ({ lab, page }) => {
  const base = lab.link.split("#")[0];
  for (const wrong of ["#/licao/naoexiste", "#p=", "#p=1.AAAA", "#/ferramenta/x"]) {
    await page.goto("about:blank");
    await page.goto(base + wrong);
    await expect(page.getByRole("alert"), wrong).toContainText("Nada pôde ser aberto");
    await expect.poll(() => hash(page), wrong).toBe("#/licao/echo?passo=0");
  }
});

test("what another tab writes into the same lesson is not lost without a word", async ({ lab, page, context }) => {
  await lab.open();
  const other = await context.newPage();
  await other.goto(lab.link.split("#")[0]);
  await expect(other.getByRole("button", { name: "Avançar" })).toBeEnabled({ timeout: 30_000 });
  await lab.edit("cliente.c", (text) => `${text}/* A */\n`);
  await expect(other.getByRole("alert")).toContainText("mudou em outra aba");
  await other.getByRole("button", { name: "Manter o meu" }).click();
  await expect(other.getByRole("alert")).toHaveCount(0);
  await expect(page.getByRole("alert")).toContainText("mudou em outra aba");
  await lab.button("Usar o da outra aba").click();
  await expect(lab.button("Restaurar original")).toHaveCount(0);
  await expect(other.getByRole("alert")).toHaveCount(0);
});

test("a tool has an address with what is filled in; Back closes it, a link opens it", async ({ lab, page }) => {
  await lab.open();
  await lab.seek(7);
  await expect.poll(() => hash(page)).toBe("#/licao/echo?passo=7");
  await lab.tool("Oficina de endereços");
  const port = page.getByRole("dialog").getByRole("textbox", { name: "Porta" });
  await port.fill("70000");
  await expect.poll(() => hash(page)).toBe("#/ferramenta/enderecos?endereco=10.0.0.1&porta=70000&prefixo=24&caminho=/tmp/x");
  const link = await page.evaluate(() => location.href);
  await page.goBack();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect.poll(() => hash(page)).toBe("#/licao/echo?passo=7");
  await lab.expectStep(7);
  await page.goForward();
  await expect(port).toHaveValue("70000");
  // Closed by hand, it leaves no entry to go back to.
  await page.keyboard.press("Escape");
  await expect.poll(() => hash(page)).toBe("#/licao/echo?passo=7");
  await page.goto("about:blank");
  await page.goto(link);
  await expect(port).toHaveValue("70000", { timeout: 30_000 });
  await page.keyboard.press("Escape");
  await expect.poll(() => hash(page)).toMatch(/^#\/licao\/echo/);
  await page.goto("about:blank");
  await page.goto(`${link.split("#")[0]}#/ferramenta/socket?familia=10&tipo=3&protocolo=58&root`);
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { pressed: true })).toHaveAccessibleName(/AF_INET6, SOCK_RAW/, { timeout: 30_000 });
  await expect(dialog.getByRole("checkbox")).toBeChecked();
});

test("arrows leaf through the lessons, and Enter opens one", async ({ lab, page }) => {
  await lab.open();
  const lessons = page.getByRole("combobox", { name: "Lição", exact: true });
  await lessons.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(lessons).toHaveValue("2");
  await expect.poll(() => hash(page)).toMatch(/^#\/licao\/echo/);
  await page.keyboard.press("Enter");
  await expect.poll(() => hash(page)).not.toMatch(/^#\/licao\/echo/);
});
