// The part of the program that the first run does without (split.mjs): a second module that fills
// the first one's table, and some of its memory. A page that was not cut in two has no second
// file, and nothing here does anything.

const link = document.querySelector("link[rel=late]")
const file = link?.href
const AGAIN_MS = 5000
let first // the exports of the first module

export function begin(exports) {
  first = exports
  addEventListener("error", ({ error }) => broken(error))
  addEventListener("unhandledrejection", ({ reason }) => broken(reason))
}

// After a panic the program must not go on; release builds have no words for it (a panic is an
// `unreachable` there).
function broken(error) {
  if (!(error instanceof WebAssembly.RuntimeError)) return
  say("broken", "A página parou por um erro dela mesma. Recarregue-a: o que você escreveu está guardado.",
    "The page has stopped because of a mistake of its own. Reload it: what you wrote is kept.")
}

// Words that the program cannot say itself.
function say(id, portuguese, english) {
  if (document.getElementById(id)) return
  const text = document.createElement("p")
  text.id = id
  text.className = "banner"
  text.setAttribute("role", "alert")
  text.textContent = document.documentElement.lang.startsWith("pt") ? portuguese : english
  document.body.prepend(text)
}

// Resolved once it is there; at once in a page of one piece.
let announce
const there = new Promise(resolve => { announce = resolve })
if (!file) announce()

export const whenThere = () => there

const arrived = () => !file || first.late.get(0) !== null

// Fetches it, unless it is there, as often as that takes.
export async function arrive() {
  while (!arrived()) {
    try {
      const response = await fetch(file, { integrity: link.integrity })
      if (!response.ok) throw new Error(`${response.status} ${response.statusText}`)
      // Not every static server knows what WebAssembly is.
      const known = response.headers.get("content-type") === "application/wasm"
      const module = await (known ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer()))
      if (!arrived()) await WebAssembly.instantiate(module, { p: first })
    } catch (error) {
      console.info(`soquete: the second part: ${error.message}`)
      say("missing", "Uma parte da página ainda não chegou; o que precisa dela não funciona. Tentando de novo a cada 5 s.",
        "A part of the page has not arrived yet; what needs it does not work. Trying again every 5 s.")
      await new Promise(resolve => setTimeout(resolve, AGAIN_MS))
    }
  }
  document.getElementById("missing")?.remove()
  announce()
}

// A function of it is being called now: the page waits.
export function needed() {
  if (arrived()) return
  const request = new XMLHttpRequest()
  request.open("GET", file, false)
  request.overrideMimeType("text/plain; charset=x-user-defined") // no other way gives bytes here
  request.send()
  if (request.status !== 200) throw new Error(`${file}: ${request.status} ${request.statusText}`)
  const bytes = Uint8Array.from(request.responseText, char => char.charCodeAt(0)) // its low byte
  new WebAssembly.Instance(new WebAssembly.Module(bytes), { p: first })
  announce()
  console.info("soquete: a function of the second part was called before it had come")
}
