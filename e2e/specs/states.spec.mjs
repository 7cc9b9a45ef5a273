// States of the page itself: a new version, a stop by a mistake of its own, runs without end, programs
// that fault or do not compile, what a reload keeps, the sheet that a browser prints by itself.
import { readFile } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { expect, Lab, test } from "../lab.mjs";
import { root } from "../servers.mjs";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".svg": "image/svg+xml", ".woff2": "font/woff2" };

/** The page from a static server, with files of its own in place of the build's. */
async function serve(change) {
  const dir = process.env.SOQUETE_PAGE ?? path.join(root, "dist");
  const server = http.createServer(async (request, response) => {
    const name = request.url === "/" ? "/index.html" : request.url.split("?")[0];
    const file = await readFile(path.join(dir, path.normalize(name))).catch(() => null);
    const body = await change(name, file);
    response.writeHead(body ? 200 : 404, { "content-type": TYPES[path.extname(name)] ?? "text/plain" });
    response.end(body ?? "no");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); });
  return { link: `http://127.0.0.1:${server.address().port}/`, stop };
}

test("a newer version that the browser has kept is told of, and the notice can be closed", async ({ page }) => {
  const worker = await readFile(path.join(root, "frontend/js/worker.js"), "utf8");
  const { link, stop } = await serve((name, file) => {
    // The worker of another build than the page's.
    if (name === "/worker.js") return `const VERSION = "another"\nconst FILES = []\n${worker}`;
    if (name !== "/index.html") return file;
    const text = String(file).replace(/<link[^>]* rel="?offline"?[^>]*>/, "");
    return text.replace("</head>", '<link rel="offline" href="./worker.js" data-version="this"></head>');
  });
  try {
    const lab = new Lab(page, link);
    await lab.open();
    const notice = page.getByRole("alert");
    await expect(notice).toContainText("Há uma versão nova desta página");
    await lab.sound("update");
    await notice.getByRole("button", { name: "Fechar" }).click();
    await expect(notice).toHaveCount(0);
    // A static server has no bridge to say whether it is there.
    expect(lab.errors.filter((error) => !error.includes("404"))).toEqual([]);
  } finally {
    await stop();
  }
});

for (const [lang, words] of [["pt-BR", "A página parou por um erro dela mesma"], ["en", "The page has stopped because of a mistake of its own"]]) {
  test(`a trap of the program is said, and what was typed is there after a reload: ${lang}`, async ({ page, servers }) => {
    const [base, secret] = servers.link.split("#");
    const lab = new Lab(page, `${base}?lang=${lang}#${secret}`, lang);
    await lab.open();
    await lab.edit("cliente.c", (text) => text.replace('"ola"', '"abacaxi"'));
    await expect(lab.editor("cliente.c")).toContainText("abacaxi");
    await lab.toEnd();
    // What a panic is in a release build: `unreachable`, in the smallest module that has one.
    const trap = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11];
    await page.evaluate((bytes) => {
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes)));
      setTimeout(exports.f);
    }, trap);
    await expect(page.locator("#broken")).toContainText(words);
    await expect(page.locator("#broken")).toHaveAttribute("role", "alert");
    await lab.sound(`trap-${lang}`);
    expect(lab.errors.join("\n")).toContain("unreachable");
    await page.reload();
    await expect(page.locator("#broken")).toHaveCount(0);
    await expect(lab.editor("cliente.c")).toContainText("abacaxi");
  });
}

/** A shorter run: a test waits for the end of an endless one. */
async function until(lab, time) {
  await lab.tab("Cenário").click();
  const text = lab.views.getByRole("textbox");
  const before = await text.inputValue();
  await text.fill(`until = "${time}"\n${before.replace(/^until = .*$/m, "")}`);
  await expect(lab.views.getByRole("status")).toHaveText("");
}

test("an endless loop is said with its line, and the line shows its values", async ({ lab, page }) => {
  await lab.open();
  await until(lab, "1s");
  await lab.edit("cliente.c", () => "int main(void)\n{\n    int turns = 0;\n    while (1) turns++;\n}\n");
  await expect(page.getByText(/executa sem parar na linha 4, sem fazer chamada alguma/)).toBeVisible();
  await lab.toEnd();
  const program = page.locator(".program").filter({ hasText: "cliente.c" });
  await expect(program.locator("[aria-current=step]")).toContainText("turns++");
  await expect(program.locator(".cm-line[data-values*='turns = ']")).toBeVisible();
  await lab.sound("endless");
});

test("a fork without end is stopped, and the page stays quick", async ({ lab, page }) => {
  test.setTimeout(120_000);
  await lab.open();
  await lab.edit("cliente.c", () => "#include <unistd.h>\n\nint main(void)\n{\n    for (;;) fork();\n}\n");
  await expect(page.getByText(/processos vivos ao mesmo tempo/)).toBeVisible({ timeout: 60_000 });
  await lab.toEnd();
  await expect(lab.stage).toContainText("outros processos");
  expect(await page.evaluate(() => document.querySelectorAll("*").length)).toBeLessThan(4000);
  await lab.tab("Memória").click();
  await expect(lab.views).toContainText("outros processos não são mostrados");
  expect(await page.evaluate(() => document.querySelectorAll("*").length)).toBeLessThan(4000);
});

test("an access out of bounds stops the program with its line and variable", async ({ lab, page }) => {
  await lab.open();
  await lab.edit("cliente.c", () => "#include <string.h>\n\nint main(void)\n{\n    char name[4];\n    strcpy(name, \"abcdefgh\");\n    return 0;\n}\n");
  await expect.poll(async () => { await lab.toEnd(); return page.locator("#app").innerText(); }).toMatch(/name/);
  await expect(lab.story.or(lab.stage).first()).toBeVisible();
  await expect(page.locator("#app")).toContainText(/linha 6|SIGABRT|SIGSEGV/);
  await lab.sound("fault");
});

test("values and lines of the last run do not stand beside a text that does not compile", async ({ lab, page }) => {
  await lab.open();
  await lab.seek(23);
  const program = page.locator(".program").filter({ hasText: "cliente.c" });
  await expect(program.locator(".cm-line[data-values]").first()).toBeVisible();
  await lab.edit("cliente.c", () => "int main(void)\n{\n    int other = 1\n    return other;\n}\n");
  await expect(program.getByText(/linha \d+:/).first()).toBeVisible();
  await expect(program.locator(".cm-line[data-values]")).toHaveCount(0);
  await expect(program.locator("[aria-current=step]")).toHaveCount(0);
  await expect(page.getByRole("alert")).toContainText("da última execução boa");
  await lab.sound("stale");
});

test("a reload keeps every branch with its name, which one is shown, and the step", async ({ lab, page }) => {
  await lab.open();
  const { of } = await lab.step();
  for (const [step, name] of [[8, "Desconectar o cabo"], [20, "Pausar (SIGSTOP): servidor"]]) {
    await lab.seek(step);
    await lab.tab("Intervir").click();
    await lab.views.getByRole("button", { name: new RegExp(`^${name.replace(/[()]/g, "\\$&")}`) }).first().click();
    await lab.tab("Ramos").click();
    await expect(lab.views.getByRole("textbox").last()).toHaveValue(new RegExp(`^${name.replace(/[()]/g, "\\$&")}`));
  }
  await expect(lab.views.getByRole("radio")).toHaveCount(3);
  await lab.views.getByRole("radio").nth(1).check();
  await expect.poll(async () => (await lab.step()).of).not.toBe(of);
  const branch = (await lab.step()).of;
  await lab.seek(12);
  await page.reload();
  await expect.poll(async () => (await lab.step().catch(() => ({ of: 0 }))).of, { timeout: 30_000 }).toBe(branch);
  await lab.expectStep(12);
  await lab.tab("Ramos").click();
  await expect(lab.views.getByRole("radio")).toHaveCount(3);
  await expect(lab.views.getByRole("radio").nth(1)).toBeChecked();
  await expect(lab.views.getByRole("textbox").nth(1)).toHaveValue(/^Desconectar o cabo/);
  await expect(lab.views.getByRole("textbox").nth(2)).toHaveValue(/^Pausar/);
});

test("whichever way the browser is told to print, it prints the sheet", async ({ lab, page }) => {
  await page.addInitScript(() => { window.print = () => { window.sheet = document.querySelector(".paper")?.textContent; }; });
  await lab.open();
  // The browser's menu.
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  const paper = page.locator(".paper");
  await expect(paper).toBeVisible();
  await expect(paper).toContainText("servidor.c");
  await expect(lab.stage).toBeHidden();
  expect(await page.evaluate(() => window.sheet), "no second dialog").toBe(undefined);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await expect(paper).toHaveCount(0);
  await page.emulateMedia({ media: "screen" });
  await expect(lab.stage).toBeVisible();
  // The key, in the editor too.
  await lab.editor("cliente.c").click();
  await page.keyboard.press("Control+p");
  await page.waitForFunction(() => window.sheet?.includes("servidor.c"));
  await expect(lab.stage).toBeVisible();
});

test("a mistake of TOML is said in the language of the page, with line and column", async ({ lab }) => {
  await lab.open();
  await lab.tab("Cenário").click();
  const text = lab.views.getByRole("textbox");
  const said = lab.views.getByRole("status");
  for (const [wrong, words] of [
    ["isto não é toml [[[", /linha 1, coluna \d+: depois de um nome vem `= valor`/],
    ["seed = 99999999999999999999", /linha 1, coluna \d+: aqui vai um número inteiro, sem sinal, não número `9+`$/],
    ["[host", /linha 1, coluna \d+: falta fechar o título da tabela/],
    ['seed = "a', /linha 1, coluna \d+: as aspas deste texto não fecham/],
  ]) {
    await text.fill(wrong);
    await expect(said).toHaveText(words);
  }
});
