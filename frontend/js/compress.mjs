// Writes a brotli copy beside every text and WebAssembly file of the finished page: the bridge
// sends those, a fourth smaller than gzip. Trunk runs this after a release build; a development
// build does without.
import { readdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { brotliCompress, constants } from "node:zlib"

const { TRUNK_PROFILE: profile, TRUNK_STAGING_DIR: dist } = process.env

if (profile === "release") {
  const files = await readdir(dist, { recursive: true, withFileTypes: true })
  const pays = /\.(wasm|js|mjs|css|html|json|svg)$/
  await Promise.all(files.filter(file => file.isFile() && pays.test(file.name)).map(compress))
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
