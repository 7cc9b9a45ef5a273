// Makes what the page takes from npm: the editor bundle and the fonts, both into frontend/js/gen.
// Trunk runs this before each build.
import { build } from "esbuild"
import { copyFile, mkdir } from "node:fs/promises"
import { fileURLToPath } from "node:url"

const here = path => fileURLToPath(new URL(path, import.meta.url))

await build({
  entryPoints: [here("editor.mjs")],
  outfile: here("gen/editor.mjs"),
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "eof",
  alias: { "style-mod": here("style-mod.mjs") },
  logLevel: "warning",
})

const modules = "../../node_modules/@fontsource/"
await mkdir(here("gen/fonts"), { recursive: true })
for (const [family, weight] of [["ibm-plex-sans", 400], ["ibm-plex-sans", 600], ["ibm-plex-mono", 400]]) {
  const file = `${family}-latin-${weight}-normal.woff2`
  await copyFile(here(`${modules}${family}/files/${file}`), here(`gen/fonts/${file}`))
}
await copyFile(here(`${modules}ibm-plex-sans/LICENSE`), here("gen/fonts/LICENSE"))
