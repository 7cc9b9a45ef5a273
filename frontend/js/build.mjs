// Makes what the page takes from npm: the editor bundle, the fonts, all into frontend/js/gen.
// Trunk runs this before each build.
import { build } from "esbuild"
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import subset from "subset-font"

const here = path => fileURLToPath(new URL(path, import.meta.url))

await build({
  entryPoints: [here("editor.mjs"), here("complete.mjs")],
  outdir: here("gen"),
  outExtension: { ".js": ".mjs" },
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "eof",
  alias: {
    "style-mod": here("style-mod.mjs"),
    "@codemirror/language": here("no-language.mjs"),
    "@lezer/common": here("no-language.mjs"),
  },
  logLevel: "warning",
})

// What our own texts and C programs are written with. A letter that is not here (a host called
// Škoda) is shown in the system's font. Hinting is a third of a
// file, and only screens of few pixels on Windows use it.
const ASCII = String.fromCodePoint(...Array.from({ length: 95 }, (_, n) => 0x20 + n))
const OURS = `${ASCII}\u00a0ÀÁÂÃÇÉÊÍÓÔÕÚÜàáâãçéêíóôõúüñªº°§«»±²³µ·×–—‘’“”•…‹›€−↑↓`

const modules = "../../node_modules/@fontsource/"
await mkdir(here("gen/fonts"), { recursive: true })
for (const [family, weight] of [["ibm-plex-sans", 400], ["ibm-plex-sans", 600], ["ibm-plex-mono", 400]]) {
  const file = `${family}-latin-${weight}-normal.woff2`
  const whole = await readFile(here(`${modules}${family}/files/${file}`))
  const small = await subset(whole, OURS, { targetFormat: "woff2", noHinting: true, noLayoutClosure: true })
  await writeFile(here(`gen/fonts/${file}`), small)
}
await copyFile(here(`${modules}ibm-plex-sans/LICENSE`), here("gen/fonts/LICENSE"))
