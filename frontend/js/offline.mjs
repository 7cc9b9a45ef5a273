// Lets the browser keep the page (worker.js). A development build has no service worker, and a
// browser may have none, or allow none here: then the page just needs its server.

const link = document.querySelector("link[rel=offline]")

// `newer` is called when another version of the page than this one has been kept.
export async function keep(newer) {
  const workers = link && navigator.serviceWorker
  if (!workers) return
  workers.addEventListener("message", ({ data }) => {
    if (data?.version && data.version !== link.dataset.version) newer()
  })
  try {
    await workers.register(link.href, { updateViaCache: "none" })
  } catch (error) {
    console.info(`soquete: this browser does not keep the page (${error.message})`)
  }
}
