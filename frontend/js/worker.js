// The service worker: keeps the page for when the bridge cannot be reached. `finish.mjs` puts
// `VERSION` and `FILES` (paths of the page's own files) in front of it.
//
// It answers only for what is in FILES, and for the page's address itself; the bridge's WebSocket
// and its answers go past it. The token is in the address's fragment, which never gets here.
// A name with a hash never changes its content, so what is kept is used; everything else, the page
// first, is asked for anew, and what is kept is used when there is no answer.

const BASE = new URL("./", self.location)
const PAGE = new URL("./", BASE).href
const OURS = new Set(FILES.map(path => new URL(path, BASE).href))
const HASHED = /[-_][0-9a-f]{16}[._]/
const NAME = `soquete-${VERSION}`
const KEPT = 2 // a page of the version before may still want its second part
const PATIENCE_MS = 3000

self.addEventListener("install", event => {
  event.waitUntil((async () => {
    const cache = await caches.open(NAME)
    await cache.addAll([PAGE, ...OURS].map(url => new Request(url, { cache: HASHED.test(url) ? "default" : "no-cache" })))
    await self.skipWaiting()
  })())
})

self.addEventListener("activate", event => {
  event.waitUntil((async () => {
    const names = (await caches.keys()).filter(name => name.startsWith("soquete-"))
    // In the order in which they were made, so the last is this one.
    await Promise.all(names.slice(0, -KEPT).map(name => caches.delete(name)))
    await self.clients.claim()
    for (const client of await self.clients.matchAll()) client.postMessage({ version: VERSION })
  })())
})

self.addEventListener("fetch", event => {
  const { request } = event
  const url = new URL(request.url)
  url.hash = ""
  const page = request.mode === "navigate" && (url.href === PAGE || url.pathname === `${BASE.pathname}index.html`)
  if (request.method !== "GET" || !(page || OURS.has(url.href))) return
  event.respondWith(HASHED.test(url.pathname) ? kept(request) : fresh(request, page ? PAGE : request))
})

async function kept(request) {
  return await caches.match(request) ?? fetch(request)
}

async function fresh(request, key) {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) })
  } catch (error) {
    const cache = await caches.open(NAME)
    const answer = await cache.match(key)
    if (!answer) throw error
    return answer
  }
}
