// Which functions the page's first run calls: the page is opened in a headless Chromium with a
// program that says so (split.mjs, `recorder`), until its first run is on the screen.
import { createServer } from "node:http"
import { existsSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { extname, join, normalize } from "node:path"

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css",
  ".wasm": "application/wasm", ".svg": "image/svg+xml", ".json": "application/json", ".woff2": "font/woff2" }
const PATIENCE_MS = 120_000

// The numbers of the functions that were called; `undefined` where there is no Chromium.
// `files` are served in place of those in the directory.
export async function record(dist, files) {
  const executablePath = [process.env.CHROMIUM, "/usr/bin/chromium"].find(path => path && existsSync(path))
  const chromium = executablePath && (await import("@playwright/test").catch(() => undefined))?.chromium
  if (!chromium) return undefined
  const server = await serve(dist, files)
  const browser = await chromium.launch({ executablePath, args: ["--headless", "--no-sandbox", "--disable-gpu"] })
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "pt-BR", serviceWorkers: "block" })
    const page = await context.newPage()
    await page.addInitScript(listen)
    // A token, as in the link that the bridge prints.
    await page.goto(`http://127.0.0.1:${server.address().port}/#tok=${"0".repeat(64)}`)
    await page.waitForFunction(() => document.querySelector("main[data-run='1'] .wire"), null, { timeout: PATIENCE_MS })
    // The first steps belong to it: nobody should wait there.
    const forward = page.getByRole("button", { name: "Avançar", exact: true })
    for (const step of [() => forward.click(), () => forward.click(), "ArrowRight", "ArrowRight", "ArrowLeft"]) {
      await (typeof step === "string" ? page.keyboard.press(step) : step())
      await page.evaluate(() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 50))))
    }
    return await page.evaluate(() => [...globalThis.seen])
  } finally {
    await browser.close()
    server.close()
  }
}

// In the page: gives the program the function that it calls.
function listen() {
  const seen = globalThis.seen = new Set()
  const { instantiateStreaming } = WebAssembly
  WebAssembly.instantiateStreaming = (response, imports) =>
    instantiateStreaming(response, { ...imports, profile: { seen: n => { seen.add(n) } } })
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
