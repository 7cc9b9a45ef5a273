// How fast the page is in the Chromium of this computer, and how heavy, as a table: what a first
// visit fetches, cold loads, frames with 200 and 500 packets in flight, seeks, interactions, from
// an edit to its run. Measures what was built last
// (`SOQUETE_PAGE`); a development build is several times slower than a release.
//
//   node e2e/speed.mjs            all of it
//   node e2e/speed.mjs 500        only frames with so many packets
import { chromium } from "@playwright/test";
import { startServers } from "./servers.mjs";

const RECEIVER = `#include <unistd.h>
#include <string.h>
#include <netinet/in.h>
#include <sys/socket.h>
int main(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(9000);
    bind(fd, (struct sockaddr *)&addr, sizeof addr);
    char buf[100];
    for (;;) recv(fd, buf, sizeof buf, 0);
}
`;
const sender = (count) => `#include <unistd.h>
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
int main(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in addr;
    memset(&addr, 0, sizeof addr);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(9000);
    addr.sin_addr.s_addr = inet_addr("10.0.0.1");
    connect(fd, (struct sockaddr *)&addr, sizeof addr);
    send(fd, "first", 5, 0);
    sleep(5);
    for (int i = 0; i < ${count}; i++) send(fd, "datagram", 8, 0);
    return 0;
}
`;

const rows = [];
const show = (what, budget, values, unit = "ms") => {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part) => (sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] : NaN);
  const text = (value) => `${value.toFixed(1)} ${unit}`;
  rows.push({ what, n: sorted.length, p50: text(at(0.5)), p95: text(at(0.95)), worst: text(at(1)), budget });
};

async function open(browser, link) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "pt-BR" });
  const page = await context.newPage();
  const begun = Date.now();
  await page.goto(link);
  await page.waitForFunction(() => /de (?!0)\d+/.test(document.querySelector("#story")?.innerText ?? ""), null, { timeout: 60_000 });
  return { page, took: Date.now() - begun };
}

/** Replaces a program's text, as a person who pastes. */
async function paste(page, name, text) {
  await page.getByRole("textbox", { name: `Editor de ${name}` }).click();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(text);
}

/** What a first visit transfers, by kind, until the run is there and afterwards. */
async function weight(browser, link) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "pt-BR", serviceWorkers: "block" });
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  await client.send("Network.enable");
  const types = new Map();
  const bytes = { first: {}, later: {} };
  let part = "first";
  client.on("Network.responseReceived", ({ requestId, response }) => types.set(requestId, new URL(response.url).pathname));
  client.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const path = types.get(requestId) ?? "";
    const kind = /soquete-late.*wasm$/.test(path) ? "program, second part" : { wasm: "program", js: "script", mjs: "script", css: "style", woff2: "fonts" }[path.split(".").pop()] ?? "text";
    const when = kind === "program, second part" ? "later" : part;
    bytes[when][kind] = (bytes[when][kind] ?? 0) + encodedDataLength;
  });
  await page.goto(link);
  await page.waitForFunction(() => /de (?!0)\d+/.test(document.querySelector("#story")?.innerText ?? ""), null, { timeout: 60_000 });
  part = "later";
  await page.waitForLoadState("networkidle");
  const kb = (kinds) => Object.values(kinds).reduce((sum, n) => sum + n, 0) / 1000;
  const list = (kinds) => Object.entries(kinds).map(([kind, n]) => `${kind} ${Math.round(n / 1000)}`).join(", ");
  rows.push({ what: `first load: ${list(bytes.first)}`, n: 1, p50: `${kb(bytes.first).toFixed(0)} kB`, p95: "", worst: "", budget: "600 kB" });
  rows.push({ what: `fetched after it: ${list(bytes.later)}`, n: 1, p50: `${kb(bytes.later).toFixed(0)} kB`, p95: "", worst: "", budget: "" });
  await context.close();
}

async function frames(browser, link, count) {
  const { page } = await open(browser, link);
  await page.getByRole("button", { name: /Rede e programas/ }).click();
  await page.getByRole("dialog").getByLabel("atraso", { exact: true }).fill("2s");
  await page.getByRole("dialog").getByLabel("termina em", { exact: true }).fill("20s");
  await page.keyboard.press("Escape");
  await paste(page, "servidor.c", RECEIVER);
  await paste(page, "cliente.c", sender(count));
  await page.keyboard.press("Control+Enter");
  await page.waitForFunction((least) => Number(/de (\d+)/.exec(document.querySelector("#story")?.innerText ?? "")?.[1]) > least, count, { timeout: 120_000 });
  await page.locator("select[aria-label=Relógio]").selectOption("time");
  // The cursor goes to where the last datagram has just left.
  const last = Number(await page.locator("input.scrub").getAttribute("max"));
  let flying = 0;
  for (let part = 0.2; part < 0.9 && flying < count * 0.8; part += 0.02) {
    await page.locator("input.scrub").fill(String(Math.floor(last * part)));
    flying = await page.locator(".wire [data-packet]:not([visibility])").count();
  }
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable");
  const metrics = async () => Object.fromEntries((await client.send("Performance.getMetrics")).metrics.map(({ name, value }) => [name, value]));
  await page.evaluate(() => {
    globalThis.deltas = [];
    let last = performance.now();
    const frame = (now) => { globalThis.deltas.push(now - last); last = now; globalThis.frame = requestAnimationFrame(frame); };
    globalThis.frame = requestAnimationFrame(frame);
  });
  const before = await metrics();
  await page.locator("h1").click();
  await page.keyboard.press("k");
  await page.waitForTimeout(3000);
  await page.keyboard.press("k");
  const after = await metrics();
  const deltas = await page.evaluate(() => { cancelAnimationFrame(globalThis.frame); return globalThis.deltas.slice(2); });
  show(`frame, ${flying} packets in flight`, "p95 16.7 ms", deltas);
  const each = (name) => ((after[name] - before[name]) * 1000) / deltas.length;
  rows.push({ what: `  of it script / whole task, ${flying}`, n: deltas.length, p50: `${each("ScriptDuration").toFixed(1)} / ${each("TaskDuration").toFixed(1)} ms`, p95: "", worst: "", budget: "" });
  await page.context().close();
}

async function seeks(page) {
  const times = await page.evaluate(async () => {
    const scrub = document.querySelector("input.scrub");
    const max = Number(scrub.max);
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
    const times = [];
    for (let n = 0; n < 60; n += 1) {
      const begun = performance.now();
      set.call(scrub, String((n * 7919) % max));
      scrub.dispatchEvent(new Event("input", { bubbles: true }));
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      times.push(performance.now() - begun);
    }
    return times;
  });
  show("seek to its picture (a frame included)", "50 ms", times);
}

async function interactions(page) {
  await page.evaluate(() => {
    globalThis.events = [];
    new PerformanceObserver((list) => globalThis.events.push(...list.getEntries().map((entry) => entry.duration)))
      .observe({ type: "event", durationThreshold: 16, buffered: false });
  });
  for (let n = 0; n < 15; n += 1) await page.getByRole("button", { name: "Avançar" }).click();
  for (const tab of ["Pacotes", "Estados TCP", "Chamadas", "Memória", "Sequência"]) await page.getByRole("tab", { name: tab, exact: true }).click();
  await page.getByRole("textbox", { name: "Editor de cliente.c" }).click();
  await page.keyboard.type("/* tempo */", { delay: 40 });
  await page.waitForTimeout(500);
  show("interaction to its next paint (>= 16 ms only)", "INP 200 ms", await page.evaluate(() => globalThis.events));
}

async function edits(page) {
  const times = [];
  await page.getByRole("textbox", { name: "Editor de cliente.c" }).click();
  await page.keyboard.press("Control+End");
  for (let n = 1; n <= 8; n += 1) {
    // From the key to the next run, and to the frame that shows it.
    await page.evaluate(() => {
      globalThis.took = undefined;
      addEventListener("keydown", () => {
        const begun = performance.now();
        const watch = new MutationObserver(() => {
          watch.disconnect();
          requestAnimationFrame(() => setTimeout(() => { globalThis.took = performance.now() - begun; }));
        });
        watch.observe(document.querySelector("main"), { attributeFilter: ["data-run"] });
      }, { once: true, capture: true });
    });
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => globalThis.took !== undefined, null, { timeout: 20_000 });
    times.push(await page.evaluate(() => globalThis.took));
  }
  show("edit to its run on the screen (150 ms of waiting included)", "200 ms", times);
}

const servers = await startServers();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
try {
  if (!process.argv[2]) await weight(browser, servers.link);
  const counts = process.argv[2] ? [Number(process.argv[2])] : [200, 500];
  for (const count of counts) await frames(browser, servers.link, count);
  if (!process.argv[2]) {
    const loads = [];
    let page;
    for (let n = 0; n < 3; n += 1) {
      const opened = await open(browser, servers.link);
      loads.push(opened.took);
      await page?.context().close();
      page = opened.page;
    }
    show("cold load until the run is there", "1000 ms", loads);
    await seeks(page);
    await edits(page);
    await interactions(page);
  }
  console.table(Object.fromEntries(rows.map(({ what, ...row }) => [what, row])));
} finally {
  await browser.close();
  await servers.stop();
}
