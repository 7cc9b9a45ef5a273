// What a person can look at and do besides stepping: menus, settings, memory, graphs, tools.
import { expect, test } from "../lab.mjs";

test.describe.configure({ timeout: 150_000 });

/** Opens a lesson by its name, at a step. */
async function lesson(lab, id, step = 0) {
  await lab.open();
  const before = await lab.page.locator("header.bar select").first().inputValue();
  await lab.page.evaluate((hash) => { location.hash = hash; }, `#/licao/${id}?passo=${step}`);
  await lab.page.reload();
  await expect.poll(async () => (await lab.step()).of).toBeGreaterThan(0);
  expect(await lab.page.locator("header.bar select").first().inputValue(), "another lesson").not.toBe(id === "echo" ? "-" : before);
}

/** Opens the menu of something and chooses an item. */
async function choose(lab, opener, item) {
  await opener.click();
  const menu = lab.page.getByRole("menu");
  await expect(menu).toBeVisible();
  await menu.getByRole("menuitem", { name: item, exact: true }).click();
  await expect(menu).toBeHidden();
}

const host = (lab, name) => lab.stage.getByRole("article", { name: `Host ${name}` });
const act = (lab, name) => lab.stage.getByRole("button", { name: `Ações para ${name}`, exact: true });

test("from a large desk to a phone in landscape nothing scrolls sideways and time stays in sight", async ({ lab, page }) => {
  await lab.open();
  for (const [width, height] of [[1440, 900], [980, 700], [900, 700], [853, 480], [844, 390], [800, 600], [761, 700], [640, 360], [390, 844]]) {
    await page.setViewportSize({ width, height });
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), `${width}`).toBeLessThanOrEqual(0);
    const time = await lab.region("Tempo").boundingBox();
    expect(time.y + time.height, `${width} × ${height}`).toBeLessThanOrEqual(height + 1);
    for (const button of await lab.region("Tempo").getByRole("button").all()) {
      const box = await button.boundingBox();
      expect(box === null || box.x + box.width <= width + 1, `${width}: ${await button.innerText()}`).toBe(true);
    }
  }
});

test("three hosts and more name their descriptors, and a burst of packets does not hide the link", async ({ lab, page }) => {
  await lesson(lab, "many-clients", 60);
  await expect(host(lab, "servidor").getByRole("list", { name: "Descritores do processo 2" })).toContainText("3 → #0");
  await expect(host(lab, "ana").getByRole("button", { name: /fd 3\s*ESTABLISHED/ })).toBeVisible();
  await lesson(lab, "congestion", 150);
  const chip = await lab.stage.getByRole("button", { name: /^Enlace 1/ }).boundingBox();
  const packets = await lab.stage.locator("[data-packet]:not([visibility]) path").all();
  expect(packets.length).toBeGreaterThan(6);
  for (const packet of packets) {
    const box = await packet.boundingBox();
    expect(box.y + box.height <= chip.y + 1 || box.y >= chip.y + chip.height || box.x >= chip.x + chip.width || box.x + box.width <= chip.x).toBe(true);
  }
  // Labels of the sequence diagram cover each other nowhere.
  const labels = await lab.views.locator(".arrow-label").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
  for (const [n, a] of labels.entries()) {
    for (const b of labels.slice(n + 1)) {
      const over = Math.min(a.right, b.right) - Math.max(a.left, b.left) > 4 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 6;
      expect(over, `${JSON.stringify(a)} ${JSON.stringify(b)}`).toBe(false);
    }
  }
});

test("two hosts face each other and the cable between them is level", async ({ lab }) => {
  await lab.open();
  await lab.seek(30);
  const cable = await lab.stage.locator("path.cable").first().getAttribute("d");
  const [, y1, y2] = /M[\d.]+ ([\d.]+)L[\d.]+ ([\d.]+)/.exec(cable);
  expect(y1).toBe(y2);
});

test("a process is killed, paused and continued from its menu", async ({ lab }) => {
  await lab.open();
  await lab.seek(20);
  await choose(lab, act(lab, "servidor[2]"), "Pausar (SIGSTOP)");
  await expect(lab.page.getByText("Ramos").first()).toBeVisible();
  await expect.poll(async () => { await lab.toEnd(); return host(lab, "servidor").innerText(); }).toContain("parado");
  await choose(lab, act(lab, "servidor[2]"), "Continuar (SIGCONT)");
  await expect.poll(async () => { await lab.toEnd(); return host(lab, "servidor").innerText(); }).not.toContain("parado");
  await lab.seek(20);
  await choose(lab, act(lab, "cliente[2]"), "Matar processo");
  await expect.poll(async () => { await lab.toEnd(); return host(lab, "cliente").innerText(); }).toMatch(/SIGKILL|nenhum processo/);
  await lab.picture("morto");
});

test("the cable is unplugged, and the client waits in vain", async ({ lab }) => {
  await lab.open();
  await lab.seek(8);
  await choose(lab, lab.stage.getByRole("button", { name: /^Enlace 1/ }), "Desconectar o cabo");
  await expect(lab.stage.getByRole("button", { name: /cabo desconectado/ })).toBeVisible();
  await lab.tab(lab.text.packets).click();
  await expect.poll(async () => { await lab.toEnd(); return lab.views.innerText(); }).toContain("cabo desconectado");
  await lab.picture("desconectado");
});

test("a packet in flight is delayed, duplicated, corrupted and lost from its menu", async ({ lab, page }) => {
  await lab.open();
  await lab.tab(lab.text.packets).click();
  for (const [item, fate] of [
    ["Atrasar 200 ms", /atrasado/], ["Duplicar", /cópia/], ["Corromper", /corrompido|soma de verificação/], ["Perder", /descartado por você/],
  ]) {
    await page.reload();
    await expect.poll(async () => (await lab.step()).of).toBeGreaterThan(0);
    await page.keyboard.press("Home");
    // The first two ask for and tell a hardware address; the third is the SYN.
    for (const key of ["n", "n", "n", "m"]) await page.keyboard.press(key);
    await page.getByRole("menu").getByRole("menuitem", { name: item, exact: true }).click();
    await lab.tab(lab.text.packets).click();
    await expect.poll(async () => { await lab.toEnd(); return lab.views.innerText(); }, item).toMatch(fate);
  }
});

test("a right click on a packet opens its menu, Escape closes it", async ({ lab, page }) => {
  await lab.open();
  await page.keyboard.press("n");
  const packet = lab.stage.locator("[data-packet]:not([visibility])").first();
  await packet.click({ button: "right" });
  const menu = page.getByRole("menu");
  await expect(menu.getByRole("menuitem").first()).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(menu.getByRole("menuitem").nth(1)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(menu).toBeHidden();
});

test("a host is switched off and its card says so", async ({ lab }) => {
  await lab.open();
  await lab.seek(20);
  await choose(lab, act(lab, "servidor"), "Desligar da tomada");
  await expect.poll(async () => { await lab.toEnd(); return host(lab, "servidor").innerText(); }).toContain("desligado");
});

test("a host is dragged and stays where it was put, also in the link", async ({ lab, page }) => {
  await lab.open();
  const card = host(lab, "cliente");
  const before = await card.boundingBox();
  const head = card.locator("header");
  await head.hover({ position: { x: 30, y: 10 } });
  await page.mouse.down();
  await page.mouse.move(before.x - 120, before.y + 120, { steps: 6 });
  await page.mouse.up();
  const after = await card.boundingBox();
  expect(after.x).toBeLessThan(before.x - 60);
  await page.reload();
  await expect.poll(async () => (await lab.step()).of).toBeGreaterThan(0);
  await expect.poll(async () => Math.abs((await card.boundingBox()).x - after.x)).toBeLessThan(3);
  await choose(lab, act(lab, "cliente"), "Voltar ao lugar");
  await expect.poll(async () => Math.abs((await card.boundingBox()).x - before.x)).toBeLessThan(3);
});

test("the network's delay and loss are set, and the run follows", async ({ lab, page }) => {
  await lab.open();
  await page.getByRole("button", { name: /Rede e programas/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("atraso", { exact: true }).fill("150ms");
  await dialog.getByLabel("perda", { exact: true }).fill("20%");
  await dialog.getByLabel("taxa", { exact: true }).fill("1mbit");
  await dialog.getByLabel("semente do acaso").fill("7");
  await lab.picture("ajustes");
  await dialog.getByLabel("atraso", { exact: true }).fill("logo");
  await expect(dialog.getByRole("alert")).toBeVisible();
  await dialog.getByLabel("atraso", { exact: true }).fill("150ms");
  await page.keyboard.press("Escape");
  await expect(lab.stage.getByRole("button", { name: /Enlace 1: 150 ms · perda 20 % · 1 Mbit/ })).toBeVisible();
  await page.reload();
  await expect(lab.stage.getByRole("button", { name: /150 ms · perda 20 %/ }), "kept").toBeVisible({ timeout: 30_000 });
});

test("hosts and programs are added until twelve stand on the stage, none over another", async ({ lab, page }) => {
  await lab.open();
  await page.getByRole("button", { name: /Rede e programas/ }).click();
  const more = page.getByRole("dialog").getByRole("button", { name: "Mais um host" });
  for (let n = 3; n <= 12; n += 1) {
    await more.click();
    await expect(lab.stage.locator("[data-host]")).toHaveCount(n, { timeout: 20_000 });
  }
  await expect(more).toBeDisabled();
  await page.keyboard.press("Escape");
  await lab.seek(60);
  await lab.picture("doze");
  const boxes = await lab.stage.locator("[data-host]").evaluateAll((cards) => cards.map((card) => card.getBoundingClientRect().toJSON()));
  for (const [n, a] of boxes.entries()) {
    for (const b of boxes.slice(n + 1)) {
      const apart = a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top + 1 || b.bottom <= a.top + 1;
      expect(apart, `${JSON.stringify(a)} ${JSON.stringify(b)}`).toBe(true);
    }
  }
});

test("values stand beside the lines, and what changed is marked", async ({ lab, page }) => {
  await lab.open();
  await lab.toEnd();
  await expect(page.locator(".cm-line[data-values*='fd = 3']").first()).toBeVisible();
  const { of } = await lab.step();
  let marked = 0;
  for (let n = 0; n < of; n += 1) {
    await lab.seek(n);
    marked += await page.locator(".cm-line[data-changed]").count();
  }
  expect(marked).toBeGreaterThan(3);
});

test("a breakpoint stops the run at its line", async ({ lab, page }) => {
  await lab.open();
  const line = page.locator(".program").filter({ hasText: "cliente.c" }).locator(".cm-line").filter({ hasText: "socket(AF_INET" });
  await line.first().click();
  await page.keyboard.press("F9");
  await expect(page.locator(".cm-breakpoint:visible")).toHaveCount(1);
  await page.keyboard.press("F8");
  await expect.poll(async () => (await lab.step()).n).toBeGreaterThan(0);
  const { n, of } = await lab.step();
  expect(n).toBeLessThan(of);
  await expect(page.locator(".program").filter({ hasText: "cliente.c" }).locator("[aria-current=step]")).toContainText("socket(");
});

test("memory shows a sockaddr_in field by field", async ({ lab, page }) => {
  await lab.open();
  await lab.seek(12);
  await lab.tab("Memória").click();
  await page.getByRole("button", { name: "Bytes de addr", exact: true }).first().click();
  const fields = page.locator(".byte-fields");
  await expect(fields).toContainText("02 00");
  await expect(fields).toContainText("AF_INET");
  await expect(fields).toContainText("1f 90");
  await expect(fields).toContainText("a rede lê 8080");
  await expect(fields).toContainText("sin_zero");
  await lab.picture("memoria");
});

test("graphs follow a connection's window", async ({ lab, page }) => {
  await lesson(lab, "congestion", 150);
  await lab.tab("Gráficos").click();
  await expect(lab.views.getByRole("img", { name: /Gráfico de cwnd/ })).toBeVisible({ timeout: 30_000 });
  await expect(lab.views.locator("path.cwnd")).toHaveAttribute("d", /M.*H.*V/);
  const { n } = await lab.step();
  const chart = await lab.views.getByRole("img", { name: /Gráfico de cwnd/ }).boundingBox();
  await page.mouse.click(chart.x + chart.width * 0.9, chart.y + chart.height / 2);
  await expect.poll(async () => (await lab.step()).n).toBeGreaterThan(n);
  await lab.picture("graficos");
});

test("the socket() explorer answers as the kernel does, and says why", async ({ lab, page }) => {
  await lab.open();
  await lab.tool("Explorador de socket()");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "socket(AF_INET, SOCK_DGRAM, 0): fd 3" }).focus();
  for (const key of ["ArrowRight", "ArrowRight", "ArrowDown", "ArrowUp"]) await page.keyboard.press(key);
  await expect(dialog.getByRole("button", { name: "socket(AF_INET, SOCK_RDM, 0): ESOCKTNOSUPPORT" })).toBeFocused();
  await expect(dialog.getByRole("region", { name: "Retorno" })).toContainText("= -1 ESOCKTNOSUPPORT");
  await dialog.getByLabel("protocolo").selectOption("1");
  await dialog.getByRole("button", { name: "socket(AF_INET, SOCK_RAW, IPPROTO_ICMP): EPERM" }).click();
  await dialog.getByLabel("como root").check();
  await expect(dialog.getByRole("region", { name: "Retorno" })).toContainText("= 3");
  await dialog.getByRole("button", { name: /Perguntar também/ }).click();
  await expect(dialog.getByText("medido")).toBeVisible();
  await lab.picture("explorador");
  await page.keyboard.press("Escape");
  await expect(lab.button("Oficina")).toBeFocused();
});

test("the address workshop shows a forgotten htons", async ({ lab, page }) => {
  await lab.open();
  await lab.tool("Oficina de endereços");
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("36895");
  await dialog.getByLabel("Endereço").fill("300.1.1.1");
  await expect(dialog).toContainText("Name or service not known");
  await dialog.getByLabel("Endereço").fill("::1");
  await dialog.getByLabel("porta", { exact: true }).fill("80");
  await expect(dialog).toContainText("AF_INET6 ::1 80");
  await lab.picture("enderecos");
  // This computer's libc and kernel beside it: its addresses are made of the same bytes.
  await dialog.getByLabel("Endereço").fill("127.0.0.1");
  await dialog.getByLabel("porta", { exact: true }).fill("0");
  const ask = dialog.getByRole("button", { name: /Perguntar também/ });
  await ask.click();
  await expect(dialog.getByRole("columnheader", { name: "medido" })).toBeVisible();
  const row = (name) => dialog.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });
  await expect(row('inet_aton("127.0.0.1", &a)').getByRole("cell").last()).toHaveText("1");
  await expect(row("bind(fd, &addr, 16)").getByRole("cell").last()).toHaveText("0");
  await expect(dialog.getByText("getsockname(fd, &addr, &len)")).toBeVisible();
  // The answers are of that question only.
  await dialog.getByLabel("Endereço").fill("192.0.2.77");
  await expect(dialog.getByRole("columnheader", { name: "medido" })).toHaveCount(0);
  await ask.click();
  await expect(row("bind(fd, &addr, 16)").getByRole("cell").last()).toContainText("Cannot assign requested address");
  await lab.sound("enderecos-medidos");
});

test("two that wait for each other are a deadlock, and the page says who waits for whom", async ({ lab, page }) => {
  await lab.open();
  await lab.edit("cliente.c", (text) => text.replace("if (send(fd, words[i], strlen(words[i]), 0) < 0) {          /* 4 */", "if (0) {"));
  const state = page.getByRole("region", { name: /^Impasse/ });
  await expect.poll(async () => { await lab.toEnd(); return state.count(); }).toBe(1);
  await expect(state).toContainText("B cliente[2]");
  await expect(state).toContainText("→ A servidor[2]");
  await lab.picture("impasse");
});

test("a server that waits for more clients is no deadlock", async ({ lab, page }) => {
  await lab.open();
  await lab.toEnd();
  await expect(page.getByRole("region", { name: /^Nada mais acontece/ })).toContainText("espera uma conexão em accept()");
});

test("libc's own calls are steps only if wanted", async ({ lab, page }) => {
  await lab.open();
  const { of } = await lab.step();
  await lab.toEnd();
  await lab.tab(lab.text.calls).click();
  await expect(lab.views).not.toContainText("newfstatat");
  await page.getByLabel("Mostrar também as chamadas da própria libc").check();
  await expect.poll(async () => (await lab.step()).of).toBeGreaterThan(of);
  await expect(lab.views, "the moment stays the same").toContainText("newfstatat");
});

test("a field of a packet lights its bytes, and a byte its field", async ({ lab, page }) => {
  await lab.open();
  for (let n = 0; n < 3; n += 1) await page.keyboard.press("n");
  const inspector = lab.region(lab.text.inspector);
  await inspector.getByRole("button", { name: /destination port/i }).first().click();
  await expect(inspector.locator(".byte.on")).toHaveCount(2);
  await inspector.locator(".byte").nth(14).click();
  await expect(inspector.locator(".fields button[aria-pressed=true]")).toHaveCount(1);
  const relative = await inspector.innerText();
  await inspector.getByLabel("Números de sequência absolutos").check();
  expect(await inspector.innerText()).not.toBe(relative);
});

test("the packet list is filtered as in Wireshark", async ({ lab, page }) => {
  await lab.open();
  await lab.toEnd();
  await page.keyboard.press("/");
  const filter = page.getByRole("textbox", { name: "Filtrar pacotes" });
  await expect(filter).toBeFocused();
  await filter.fill("tcp.flags.syn == 1");
  await expect(lab.views.locator("tbody tr")).toHaveCount(2);
  await filter.fill("tcp.len > 0 && ip.src == 10.0.0.2");
  await expect(lab.views.locator("tbody tr")).toHaveCount(3);
  await filter.fill("tcp.flags.syn ==");
  await expect(filter).toHaveAttribute("aria-invalid", "true");
});

test("pipes, shared memory and Unix sockets stand in the kernel's part of a host", async ({ lab }) => {
  for (const [id, text] of [["pipe", /pipe #\d+/], ["shared-memory", /memória compartilhada/], ["unix-sockets", /AF_UNIX/]]) {
    await lesson(lab, id);
    const { of } = await lab.step();
    await expect.poll(async () => {
      let seen = "";
      for (let n = 0; n <= of; n += Math.max(1, Math.floor(of / 8))) {
        await lab.seek(n);
        seen += await lab.stage.innerText();
      }
      return seen;
    }, id).toMatch(text);
    await lab.picture(id);
  }
});

test("the views are enlarged for a class, and the diagram has a mark for every socket", async ({ lab, page }) => {
  await lab.open();
  await lab.seek(30);
  await lab.tab("Estados TCP").click();
  await expect(lab.views.locator(".token")).toHaveCount(3);
  const before = (await lab.views.boundingBox()).height;
  await page.getByRole("button", { name: "Ampliar as vistas" }).click();
  expect((await lab.views.boundingBox()).height).toBeGreaterThan(before * 1.5);
  await lab.picture("estados");
});

test("the first steps are ticked off and leave for good", async ({ lab, page }) => {
  await lab.open();
  const tour = page.getByRole("region", { name: "Primeiros passos" });
  await expect(tour).toBeVisible();
  for (let n = 0; n < 3; n += 1) await lab.button(lab.text.forward).click();
  await expect(tour.locator("li.done")).toHaveCount(1);
  await tour.getByRole("button", { name: "Entendi" }).click();
  await expect(tour).toBeHidden();
  await page.reload();
  await expect.poll(async () => (await lab.step()).of).toBeGreaterThan(0);
  await expect(tour).toBeHidden();
});

test("borders are moved by keyboard and by pointer, and stay where they were left", async ({ lab, page }) => {
  await lab.open();
  const border = page.getByRole("separator", { name: "Altura do palco" });
  const height = async () => (await lab.stage.boundingBox()).height;
  const before = await height();
  await border.press("ArrowUp");
  await border.press("ArrowUp");
  await expect(border).toHaveAttribute("aria-valuenow", "48");
  await expect.poll(height).toBeLessThan(before - 10);
  const { x, y, width } = await border.boundingBox();
  await page.mouse.move(x + width / 2, y + 4);
  await page.mouse.down();
  await page.mouse.move(x + width / 2, y - 80, { steps: 4 });
  await page.mouse.up();
  const small = await height();
  expect(small).toBeLessThan(before - 60);
  await page.reload();
  await expect.poll(height).toBeCloseTo(small, 0);
  await border.press("Enter");
  await expect(border).toHaveAttribute("aria-valuenow", "52");
});

test("a pipe is opened in the inspector: who holds its ends and what is in it", async ({ lab, page }) => {
  await lesson(lab, "pipe");
  await lab.seek(9);
  await lab.stage.getByRole("button", { name: /^pipe #/ }).click();
  const inspector = lab.region(lab.text.inspector);
  await expect(inspector).toContainText("escreve");
  await expect(inspector.locator(".hex")).toContainText("75 6d 0a 64");
  await inspector.getByRole("button", { name: /pid 3/ }).first().click();
  await expect(inspector.getByRole("heading")).toContainText("[3]");
  expect(lab.errors).toEqual([]);
});

test("a port in memory is two bytes of a packet, and the packet's bytes are in memory", async ({ lab, page }) => {
  await lab.open();
  for (const key of ["n", "n", "n"]) await page.keyboard.press(key);
  const inspector = lab.region(lab.text.inspector);
  await inspector.getByRole("button", { name: /destination port/ }).click();
  await inspector.getByRole("button", { name: /servidor\[2\] addr\.sin_port/ }).click();
  const field = lab.views.locator("tr.meant");
  await expect(field).toContainText("1f 90");
  await inspector.getByRole("button", { name: "Fechar" }).click();
  await field.getByRole("button", { name: /Pacote \d+: destination port/ }).click();
  await expect(inspector.locator(".byte.on")).toHaveText(["1f", "90"]);
});
