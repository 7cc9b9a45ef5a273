// What of the program the page's first run reaches: the page is opened in a headless Chromium with
// a program that notes it in its memory (regions.mjs, `recorder`), until its first run is on the
// screen, the first steps are made and the visitor leaves.
import { createServer } from "node:http"
import { existsSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { extname, join, normalize } from "node:path"

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css",
  ".wasm": "application/wasm", ".svg": "image/svg+xml", ".json": "application/json", ".woff2": "font/woff2" }
const PATIENCE_MS = 120_000

// Who may come first: both languages, a desktop and a phone.
const VISITS = [
  { locale: "pt-BR", viewport: { width: 1440, height: 900 }, colorScheme: "light", forward: "Avançar" },
  { locale: "en", viewport: { width: 390, height: 844 }, colorScheme: "dark", forward: "Forward" },
]

// The numbers of the points that were reached; `undefined` where there is no Chromium.
// What `recorder` made is served under the name `file`.
export async function record(dist, file, { wasm, base, count }) {
  const executablePath = [process.env.CHROMIUM, "/usr/bin/chromium"].find(path => path && existsSync(path))
  const chromium = executablePath && (await import("@playwright/test").catch(() => undefined))?.chromium
  if (!chromium) return undefined
  const server = await serve(dist, new Map([[file, wasm]]))
  // A token, as in the link that the bridge prints.
  const link = `http://127.0.0.1:${server.address().port}/#tok=${"0".repeat(64)}`
  const browser = await chromium.launch({ executablePath, args: ["--headless", "--no-sandbox", "--disable-gpu"] })
  try {
    const reached = new Set()
    for (const { forward, ...visitor } of VISITS) {
      const context = await browser.newContext({ ...visitor, serviceWorkers: "block" })
      const page = await context.newPage()
      await page.addInitScript(listen)
      await page.goto(link)
      await visit(page, page.getByRole("button", { name: forward, exact: true }))
      for (const n of await page.evaluate(marks, [base, count])) reached.add(n)
      await context.close()
    }
    return reached
  } finally {
    await browser.close()
    server.close()
  }
}

// The first run, and the first steps: nobody should wait there.
async function visit(page, forward) {
  await page.waitForFunction(() => document.querySelector("main[data-run='1'] .wire"), null, { timeout: PATIENCE_MS })
  const scrub = page.locator("input.scrub")
  const last = Number(await scrub.getAttribute("max"))
  const to = part => () => scrub.fill(String(Math.floor(last * part)))
  for (const step of [() => forward.click(), () => forward.click(), "ArrowRight", "ArrowRight", "ArrowLeft", to(0.5), to(1), to(0.2)]) {
    await (typeof step === "string" ? page.keyboard.press(step) : step())
    await page.evaluate(() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 50))))
  }
  // Whoever leaves at once: nothing can be fetched any more then.
  await page.evaluate(() => {
    dispatchEvent(new Event("beforeunload", { cancelable: true }))
    document.dispatchEvent(new Event("visibilitychange"))
    dispatchEvent(new PageTransitionEvent("pagehide"))
  })
}

// In the page: which of the program's marks are set.
function marks([base, count]) {
  const bytes = new Uint8Array(globalThis.programMemory.buffer, base, count)
  return [...bytes.keys()].filter(n => bytes[n])
}

// In the page: keeps the program's memory, to be read afterwards.
function listen() {
  const { instantiateStreaming } = WebAssembly
  WebAssembly.instantiateStreaming = async (response, imports) => {
    const made = await instantiateStreaming(response, imports)
    globalThis.programMemory = made.instance.exports.memory
    return made
  }
}

function serve(dist, files) {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname).slice(1) || "index.html"
    try {
      const body = files.get(path) ?? await readFile(join(dist, path))
      response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "text/plain" }).end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  return new Promise(done => server.listen(0, "127.0.0.1", () => done(server)))
}
