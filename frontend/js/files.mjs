// Files to and from this computer: saving, pictures, choosing, dropping.

export function save(name, type, bytes) {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(new Blob([bytes], { type }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

const MAX_PIXELS = 16_000 // a canvas is not higher

export async function png(svg) {
  const image = new Image()
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svg)
  await image.decode()
  const scale = Math.min(2, MAX_PIXELS / Math.max(image.width, image.height))
  const canvas = document.createElement("canvas")
  canvas.width = Math.ceil(image.width * scale)
  canvas.height = Math.ceil(image.height * scale)
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height)
  const blob = await new Promise(resolve => canvas.toBlob(resolve, "image/png"))
  return new Uint8Array(await blob.arrayBuffer())
}

const MAX_BYTES = 1 << 20 // no program is longer

async function read(files, take) {
  for (const file of files) {
    take(file.name, file.size > MAX_BYTES ? undefined : await file.text())
  }
}

export function chosen(input, take) {
  read([...input.files], take)
  input.value = ""
}

// Files that are dragged onto the page; gives what ends it.
export function dropped(take) {
  const over = event => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault()
  }
  const drop = event => {
    if (!event.dataTransfer?.files.length) return
    event.preventDefault()
    event.stopPropagation()
    read([...event.dataTransfer.files], take)
  }
  document.addEventListener("dragover", over, true)
  document.addEventListener("drop", drop, true)
  return () => {
    document.removeEventListener("dragover", over, true)
    document.removeEventListener("drop", drop, true)
  }
}
