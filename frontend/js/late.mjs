// The part of the program that the first run does without (split.mjs): a second module that fills
// the first one's table, and some of its memory. A page that was not cut in two has no second
// file, and nothing here does anything.

const link = document.querySelector("link[rel=late]")
const file = link?.href
let first // the exports of the first module
let arriving

export function begin(exports) {
  first = exports
  addEventListener("error", ({ error }) => broken(error))
  addEventListener("unhandledrejection", ({ reason }) => broken(reason))
}

// After a panic the program must not go on; release builds have no words for it (a panic is an
// `unreachable` there).
function broken(error) {
  if (!(error instanceof WebAssembly.RuntimeError) || document.getElementById("broken")) return
  const text = document.createElement("p")
  text.id = "broken"
  text.className = "banner"
  text.setAttribute("role", "alert")
  text.textContent = document.documentElement.lang.startsWith("pt")
    ? "A página parou por um erro dela mesma. Recarregue-a: o que você escreveu está guardado."
    : "The page has stopped because of a mistake of its own. Reload it: what you wrote is kept."
  document.body.prepend(text)
}

const arrived = () => !file || first.late.get(0) !== null

// Fetches it, unless it is there; fails as fetching does.
export async function arrive() {
  if (arrived()) return
  arriving ??= fetch(file, { integrity: link.integrity }).then(async response => {
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`)
    const module = await WebAssembly.compileStreaming(response)
    if (!arrived()) await WebAssembly.instantiate(module, { p: first })
  })
  try {
    await arriving
  } finally {
    arriving = undefined
  }
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
  console.info("soquete: a function of the second part was called before it had come")
}
