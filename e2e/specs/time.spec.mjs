// Time as a lab: interventions and their branches, steps of every size, predictions, exports,
// scenarios, links, what a reload keeps.
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "../lab.mjs";

/** Steps until the text of the page's story fits. */
async function stepTo(lab, page, fits) {
  for (let i = 0; i < 200; i += 1) {
    if (fits.test(await lab.story.innerText())) return;
    await page.keyboard.press(".");
    await page.waitForTimeout(20);
  }
  throw new Error(`no step says ${fits}`);
}

const deed = (page, id) => page.locator(`[data-deed="${id}"]`).first();

test("a packet lost in the past opens a branch; both stay, are compared, undone and deleted", async ({ lab, page }) => {
  await lab.open();
  const { of } = await lab.step();
  await stepTo(lab, page, /SYN parte|SYN leaves/);
  await lab.tab("Intervir").click();
  await lab.picture("intervir");
  await deed(page, "drop").click();
  await expect.poll(async () => (await lab.step()).of).not.toBe(of);
  await lab.tab(lab.text.packets).click();
  await lab.toEnd();
  await expect(lab.views.getByRole("table")).toContainText("descartado por você");
  await lab.tab("Ramos").click();
  await expect(lab.views.getByRole("radio")).toHaveCount(2);
  await lab.views.getByRole("button", { name: "Comparar com o atual" }).click();
  await expect(lab.views.getByRole("region", { name: "Comparação" })).toContainText("A primeira diferença é em");
  await expect(lab.views.getByRole("region", { name: "Comparação" })).toContainText("perdidos: 1");
  await lab.picture("comparar");
  await lab.views.getByRole("textbox").last().fill("com perda");
  await lab.views.getByRole("textbox").last().press("Enter");
  await expect(lab.views.getByRole("textbox").last()).toHaveValue("com perda");
  await lab.views.getByRole("button", { name: "Desfazer" }).click();
  await lab.views.getByRole("button", { name: "Desfazer" }).click();
  await expect.poll(async () => (await lab.step()).of).toBe(of);
  await lab.views.getByRole("button", { name: "Refazer" }).click();
  await expect(lab.views.getByRole("radio")).toHaveCount(2);
  await lab.views.getByRole("button", { name: /^Apagar/ }).click();
  await expect(lab.views.getByRole("radio")).toHaveCount(1);
});

test("an unplugged cable shows retransmissions lost at the link", async ({ lab, page }) => {
  await lab.open();
  await stepTo(lab, page, /send\(\) devolveu/);
  await lab.tab("Intervir").click();
  await deed(page, "unplug").click();
  await lab.tab(lab.text.packets).click();
  await expect.poll(async () => {
    await lab.toEnd();
    return (await lab.views.getByText("cabo desconectado").count());
  }).toBeGreaterThan(2);
  await lab.picture("cabo");
});

for (const [id, sign] of [
  ["delay", "atrasado"],
  ["duplicate", "cópia"],
  ["corrupt", "soma de verificação errada"],
  ["hold", "retido"],
]) {
  test(`a packet can be interfered with: ${id}`, async ({ lab, page }) => {
    await lab.open();
    await stepTo(lab, page, /send\(\) devolveu 3/);
    await lab.tab("Intervir").click();
    await page.locator(".offer", { hasText: "DATA" }).locator(`[data-deed="${id}"]`).first().click();
    await lab.tab(lab.text.packets).click();
    await expect.poll(async () => {
      await lab.toEnd();
      return lab.views.innerText();
    }).toContain(sign);
  });
}

for (const [id, sign] of [
  ["term", "SIGTERM"],
  ["int", "SIGINT"],
  ["kill", "SIGKILL"],
]) {
  test(`a process can be ended: ${id}`, async ({ lab, page }) => {
    await lab.open();
    await stepTo(lab, page, /accept\(\) e dorme/);
    await lab.tab("Intervir").click();
    await deed(page, id).click();
    await stepTo(lab, page, new RegExp(`terminado por ${sign}|${sign} termina`));
  });
}

test("a host is turned off and on, a process paused, continued and restarted", async ({ lab, page }) => {
  await lab.open();
  await stepTo(lab, page, /accept\(\) e dorme/);
  await lab.tab("Intervir").click();
  await deed(page, "crash").click();
  await expect(lab.views).toContainText("desligado");
  await page.keyboard.press("Escape");
  await lab.page.getByRole("button", { name: /^Avançar/ }).click();
  await deed(page, "boot").click();
  await lab.page.getByRole("button", { name: "Desfazer" }).first().click();
  await lab.page.getByRole("button", { name: "Desfazer" }).first().click();
  await deed(page, "pause").click();
  await lab.page.getByRole("button", { name: /^Avançar/ }).click();
  await expect(deed(page, "continue")).toBeVisible();
  await deed(page, "continue").click();
  await deed(page, "restart").click();
  expect((await lab.step()).of).toBeGreaterThan(5);
});

test("text typed into a terminal reaches the program", async ({ lab, page }) => {
  await lab.open();
  await stepTo(lab, page, /accept\(\) e dorme/);
  await lab.tab("Intervir").click();
  const form = lab.views.locator("form").filter({ has: page.getByPlaceholder(/Digitar/) }).first();
  await form.getByRole("textbox").fill("oi");
  await form.getByRole("button").click();
  await stepTo(lab, page, /Foi digitado: "oi/);
});

test("steps of every size go both ways", async ({ lab, page }) => {
  await lab.open();
  const by = page.getByLabel("Cada passo vai até");
  for (const size of ["comando C", "chamada", "pacote", "estado TCP"]) {
    await by.selectOption({ label: size });
    await lab.seek(0);
    const said = [];
    for (let i = 0; i < 6; i += 1) {
      await page.keyboard.press(".");
      await page.waitForTimeout(30);
      said.push(await lab.story.innerText());
    }
    expect(new Set(said).size, size).toBeGreaterThan(3);
    for (let i = 4; i >= 0; i -= 1) {
      await page.keyboard.press(",");
      await page.waitForTimeout(30);
      expect(await lab.story.innerText(), `${size}: back to ${i}`).toBe(said[i]);
    }
  }
  await by.selectOption({ label: "comando C" });
  await lab.seek(0);
  await stepTo(lab, page, /vai executar a linha/);
  await lab.picture("comando");
});

test("a breakpoint is run to, and the end without one", async ({ lab, page }) => {
  await lab.open();
  await page.getByLabel("Cada passo vai até").selectOption({ label: "ponto de parada" });
  await page.locator(".cm-breakpoints .cm-gutterElement, .cm-breakpoint-gutter .cm-gutterElement").nth(3).click({ force: true }).catch(() => {});
  await page.keyboard.press("F8");
  const { n } = await lab.step();
  expect(n).toBeGreaterThan(0);
});

test("predict, then reveal: asked before a step, answered, scored, kept", async ({ lab, page }) => {
  await lab.open();
  // The next step answers socket(): there is something to ask.
  await lab.seek(1);
  await lab.button("Prever").click();
  await page.getByRole("button", { name: /^Avançar/ }).first().click();
  const quiz = lab.region("Sua previsão");
  await expect(quiz).toBeVisible();
  await lab.expectStep(1);
  const options = quiz.locator(".options button");
  expect(await options.count()).toBeGreaterThan(1);
  await options.first().click();
  await expect(quiz.getByRole("status")).toContainText(/Certo|resposta/);
  await expect(quiz).toContainText(/de 1 certas/);
  await lab.picture("prever");
  await quiz.getByRole("button", { name: /Avançar/ }).click();
  await lab.expectStep(2);
  await page.reload();
  await expect(lab.story).toContainText(/Passo \d+ de [1-9]/);
  await lab.seek(1);
  await lab.button("Prever").click();
  await page.getByRole("button", { name: /^Avançar/ }).first().click();
  await expect(lab.region("Sua previsão")).toContainText(/de 1 certas/);
});

test("a question is answered with the keyboard alone, and what comes is hidden", async ({ lab, page }) => {
  await lab.open();
  await lab.seek(1);
  await expect(lab.views.locator(".ladder .future").first()).toBeVisible();
  await lab.button("Prever").click();
  await expect(lab.views.locator(".ladder .future").first()).toBeHidden();
  await page.keyboard.press(".");
  await expect(page.getByRole("status").filter({ hasText: "Responda com 1" })).toHaveCount(1);
  await page.keyboard.press(".");
  await expect(page.locator("#answer-1")).toBeFocused();
  await page.keyboard.press("1");
  await expect(lab.region("Sua previsão").getByRole("status")).toContainText(/Certo|resposta/);
  await expect(page.locator("#answer-1")).toBeFocused();
  await page.keyboard.press(".");
  await lab.expectStep(2);
  await expect(page.locator("#forward")).toBeFocused();
});

test("logical clocks are shown beside calls", async ({ lab }) => {
  await lab.open();
  await lab.toEnd();
  await lab.tab(lab.text.calls).click();
  await lab.views.getByLabel("Relógios lógicos").selectOption("lamport");
  await expect(lab.views.getByRole("columnheader", { name: "Relógios lógicos" })).toBeVisible();
  await lab.views.getByLabel("Relógios lógicos").selectOption("vector");
  await expect(lab.views.getByRole("table")).toContainText("[");
  await lab.picture("relogios");
});

test("everything that can be exported is what it says", async ({ lab, page }) => {
  await lab.open();
  const dir = await mkdtemp(path.join(tmpdir(), "soquete-export-"));
  const get = async (kind) => {
    await lab.button("Arquivo").click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator(`[data-export="${kind}"]`).click(),
    ]);
    const file = path.join(dir, download.suggestedFilename());
    await download.saveAs(file);
    await page.keyboard.press("Escape");
    return file;
  };
  try {
    const packets = execFileSync("tshark", ["-r", await get("Pcapng"), "-T", "fields", "-e", "tcp.flags.str"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    expect(packets).toContain("S·".slice(0, 1));
    expect(packets.trim().split("\n").length).toBeGreaterThan(8);
    const svg = await readFile(await get("Svg"), "utf8");
    const parsed = await page.evaluate((text) => {
      const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
      return [parsed.documentElement.nodeName, parsed.querySelectorAll("parsererror").length, parsed.querySelectorAll("line").length];
    }, svg);
    expect(parsed[0]).toBe("svg");
    expect(parsed[1]).toBe(0);
    expect(parsed[2]).toBeGreaterThan(10);
    const png = await readFile(await get("Png"));
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect(png.readUInt32BE(16)).toBeGreaterThan(300);
    const lines = (await readFile(await get("Json"), "utf8")).trim().split("\n").map((line) => JSON.parse(line));
    expect(lines.some((line) => line.event === "call" && line.name === "accept")).toBe(true);
    const strace = await readFile(await get("Strace"), "utf8");
    expect(strace).toMatch(/servidor\[2\] accept\(3, \{sa_family=AF_INET/);
    const zip = await get("Zip");
    const listed = execFileSync("python3", ["-c", "import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(z.namelist())", zip], { encoding: "utf8" });
    expect(listed).toContain("servidor.c");
    expect(listed).toContain("scenario.toml");
    const document = JSON.parse(await readFile(await get("Document"), "utf8"));
    expect(document.lesson).toBe("echo");
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

test("a scenario is changed in place, with the line and the nearest name of a mistake", async ({ lab }) => {
  await lab.open();
  await lab.tab("Cenário").click();
  const text = lab.views.getByRole("textbox");
  const before = await text.inputValue();
  await text.fill(before.replace("delay", "deley"));
  await expect(lab.views.getByRole("status")).toContainText(/linha 11, coluna \d+: .*deley.*você quis dizer .delay./);
  await text.fill(before.replace('"20ms"', '"120ms"'));
  await expect(lab.views.getByRole("status")).toHaveText("");
  await expect(lab.stage).toContainText("120 ms");
});

test("programs and scenarios are opened from files", async ({ lab, page }) => {
  await lab.open();
  const dir = await mkdtemp(path.join(tmpdir(), "soquete-open-"));
  try {
    const file = path.join(dir, "ola.c");
    await writeFile(file, '#include <stdio.h>\nint main(void) {\n    printf("ola do arquivo\\n");\n    return 0;\n}\n');
    await lab.button("Arquivo").click();
    await page.locator('input[type="file"]').setInputFiles(file);
    await expect(lab.editor("ola.c")).toContainText("ola do arquivo");
    await lab.tab("Terminais").click();
    await expect.poll(async () => {
      await lab.toEnd();
      return lab.views.innerText();
    }).toContain("ola do arquivo");
    // It is still there after a reload.
    await page.reload();
    await expect(lab.editor("ola.c")).toContainText("ola do arquivo");
    // Dragged onto the page.
    const transfer = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(["int main(void) { return 3; }\n"], "tres.c"));
      return data;
    });
    await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
    await expect(lab.editor("tres.c")).toBeVisible();
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

test("a link carries programs, interventions and the step; a reload keeps what was typed", async ({ lab, page, context }) => {
  await lab.open();
  await lab.edit("cliente.c", (text) => text.replace('"ola"', '"abacaxi"'));
  // Keys are the editor's while it has the focus.
  await lab.scrubber.focus();
  await stepTo(lab, page, /SYN parte/);
  await lab.tab("Intervir").click();
  await deed(page, "drop").click();
  const { n, of } = await lab.step();
  await page.keyboard.press("Control+s");
  const link = await page.locator("#link").inputValue();
  expect(link.length - link.indexOf("#")).toBeLessThan(700);
  await page.keyboard.press("Escape");
  await page.reload();
  await expect(lab.editor("cliente.c")).toContainText("abacaxi");
  const other = await context.newPage();
  await other.evaluate(() => localStorage.clear()).catch(() => {});
  await other.goto(link);
  await expect(other.getByRole("textbox", { name: "Editor de cliente.c" })).toContainText("abacaxi");
  await expect(other.getByRole("region", { name: "Explicação", exact: true })).toContainText(`Passo ${n} de ${of}`);
  // A cut link says so and opens what there is.
  const cut = await context.newPage();
  await cut.goto(link.slice(0, link.length - 40));
  await expect(cut.getByRole("alert")).toContainText(/danificado|cortado/);
});

test("links that name nothing say so", async ({ lab, page }) => {
  const base = lab.link.split("#")[0];
  for (const [hash, said] of [
    ["#/licao/ecoh?passo=3", /ecoh.*echo/],
    ["#p=9.abc", /versão 9/],
    ["#p=2.!!!", /danificado/],
  ]) {
    await page.goto("about:blank");
    await page.goto(`${base}${hash}`);
    await expect(page.getByRole("alert")).toContainText(said);
  }
});

test("the embeddable view shows the world and the time only", async ({ lab, page }) => {
  await lab.open();
  const base = page.url().split("#")[0].split("?")[0];
  await page.goto(`${base}?embed#/licao/echo?passo=12`);
  await lab.expectStep(12);
  await expect(lab.stage).toBeVisible();
  await expect(page.getByRole("region", { name: "Código", exact: true })).toBeHidden();
  await expect(page.getByRole("link", { name: "Abrir no Soquete" })).toBeVisible();
  await lab.picture("embutido");
});
