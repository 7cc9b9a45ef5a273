// The last step of a release build (Trunk runs it): cuts the program in two, makes both parts
// small, and writes a brotli copy beside every text and WebAssembly file: the bridge sends those,
// a fourth smaller than gzip. A development build does without.
import { transform } from "esbuild"
import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import { readdir, readFile, rm, writeFile } from "node:fs/promises"
import { join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { brotliCompress, constants } from "node:zlib"
import { lateData, weights } from "./data.mjs"
import { record } from "./record.mjs"
import { bare, outline, recorder } from "./regions.mjs"
import { split } from "./split.mjs"

const { TRUNK_PROFILE: profile, TRUNK_STAGING_DIR: dist } = process.env
const WASM_OPT = fileURLToPath(new URL("../../node_modules/.bin/wasm-opt", import.meta.url))
// What the compiler uses; not all that wasm-opt knows, because browsers do not.
const FEATURES = ["bulk-memory", "bulk-memory-opt", "call-indirect-overlong", "multivalue", "mutable-globals",
  "nontrapping-float-to-int", "reference-types", "sign-ext"].map(feature => `--enable-${feature}`)

if (profile === "release") {
  await styles()
  await program()
  await offline()
  const files = await readdir(dist, { recursive: true, withFileTypes: true })
  const pays = /\.(wasm|js|mjs|css|html|json|svg)$/
  await Promise.all(files.filter(file => file.isFile() && pays.test(file.name)).map(compress))
}

// One style sheet of all, in their order.
async function styles() {
  const page = await readFile(join(dist, "index.html"), "utf8")
  const links = [...page.matchAll(/<link rel="stylesheet" href="\.\/([^"]+)"[^>]*>\s*/g)]
  const texts = await Promise.all(links.map(([, name]) => readFile(join(dist, name), "utf8")))
  const { code } = await transform(texts.join("\n"), { loader: "css", minify: true })
  const { name, integrity } = await hashed("style", ".css", Buffer.from(code))
  await Promise.all(links.map(([, name]) => rm(join(dist, name))))
  await change(links[0][0], `<link rel="stylesheet" href="./${name}" integrity="${integrity}"/>\n    `)
  for (const [link] of links.slice(1)) await change(link, "")
}

// The program's file becomes one or two smaller ones.
async function program() {
  const name = (await readdir(dist)).find(name => name.endsWith("_bg.wasm"))
  const whole = await readFile(join(dist, name))
  const reached = await record(dist, name, recorder(whole)).catch(error => void console.warn(error))
  let first
  if (reached) {
    const { wasm, first: needed } = outline(whole, n => reached.has(n), weights(whole), ["late_needed"])
    const parts = split(wasm, needed, lateData(whole, wasm, needed))
    first = parts.first
    const late = await put("soquete-late", "_bg.wasm", parts.second)
    await change("</head>", `<link rel="late" href="./${late.name}" integrity="${late.integrity}" /></head>`)
  } else {
    first = bare(whole)
    console.warn("the program stays in one piece, and a first visit fetches all of it: what it needs "
      + "is found out with Chromium (CHROMIUM=…) and @playwright/test")
  }
  await rm(join(dist, name))
  const written = await put(name.replace(/-[0-9a-f]+_bg\.wasm$/, ""), "_bg.wasm", first)
  await change(new RegExp(`(${name}" crossorigin="anonymous" integrity=")[^"]*`), `$1${written.integrity}`)
  await change(name, written.name)
}

// Optimises a module and writes it.
async function put(name, end, wasm) {
  const path = join(dist, name + end)
  await writeFile(path, wasm)
  execFileSync(WASM_OPT, [path, "-o", path, "-Oz", ...FEATURES], { stdio: "inherit" })
  const bytes = await readFile(path)
  await rm(path)
  return hashed(name, end, bytes)
}

// Writes a file under a name with its hash.
async function hashed(name, end, bytes) {
  const digest = createHash("sha384").update(bytes).digest()
  const full = `${name}-${digest.toString("hex").slice(0, 16)}${end}`
  await writeFile(join(dist, full), bytes)
  return { name: full, integrity: `sha384-${digest.toString("base64")}` }
}

// The service worker, with the list of what it keeps. Its own content is the version's name.
async function offline() {
  const files = await readdir(dist, { recursive: true, withFileTypes: true })
  const paths = files.filter(file => file.isFile() && /\.(wasm|js|mjs|css|svg|woff2)$/.test(file.name))
    .map(file => relative(dist, join(file.parentPath ?? file.path, file.name))).sort()
  const contents = await Promise.all(["index.html", ...paths].map(path => readFile(join(dist, path))))
  const worker = await readFile(new URL("worker.js", import.meta.url), "utf8")
  const version = createHash("sha256").update(Buffer.concat(contents)).update(worker).digest("hex").slice(0, 16)
  await writeFile(join(dist, "worker.js"),
    `const VERSION = ${JSON.stringify(version)}\nconst FILES = ${JSON.stringify(paths, null, 1)}\n\n${worker}`)
  await change("</head>", `<link rel="offline" href="./worker.js" data-version="${version}" /></head>`)
}

async function change(from, to) {
  const path = join(dist, "index.html")
  const before = await readFile(path, "utf8")
  const after = typeof from === "string" ? before.replaceAll(from, to) : before.replace(from, to)
  if (after === before) throw new Error(`index.html has no ${from}`)
  await writeFile(path, after)
}

async function compress(file) {
  const path = join(file.parentPath ?? file.path, file.name)
  const plain = await readFile(path)
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
  }
  await writeFile(`${path}.br`, await promisify(brotliCompress)(plain, { params }))
}
