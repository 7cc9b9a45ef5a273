// What this file does: cuts the program in two, so that the page's first run does not wait for
// what it does not use.
//
// `split` puts functions into a second module. In the first one each of them is a stub, which calls
// through a table; while the table is empty it calls the export `late_needed` before
// (frontend/src/late.rs). The second module imports memory, tables, functions and globals of the
// first and fills the table when it is instantiated (frontend/js/late.mjs), and its part of memory.
//
// Which functions those are is what `record.mjs` saw; parts of functions have been made functions
// before (`regions.mjs`). Which data is theirs says `data.mjs`. Names of functions tell the two
// apart, so `wasm` has to have them.
import binaryen from "binaryen"

const TABLE = "late"
const MEMORY = "0" // Binaryen's name of it
const NEEDED = "late_needed" // the export of frontend/src/late.rs

const { Features: has } = binaryen
const FEATURES = has.MutableGlobals | has.NontrappingFPToInt | has.BulkMemory | has.BulkMemoryOpt |
  has.SignExt | has.ReferenceTypes | has.Multivalue | has.CallIndirectOverlong

function read(wasm) {
  const module = binaryen.readBinary(wasm, FEATURES)
  module.setFeatures(FEATURES)
  const functions = Array.from({ length: module.getNumFunctions() }, (_, n) =>
    binaryen.getFunctionInfo(module.getFunctionByIndex(n)))
  return { module, functions }
}

function written(module) {
  if (!module.validate()) throw new Error("the program that was cut in two is not valid")
  binaryen.setDebugInfo(false)
  const bytes = module.emitBinary()
  module.dispose()
  return bytes
}

// The two modules; `first` is the set of names of functions that the first one must have,
// `lateData` the stretches of memory that it does without.
export function split(wasm, first, lateData) {
  const whole = read(wasm)
  const needed = binaryen.getFunctionInfo(whole.module.getFunction(exported(whole.module, NEEDED))).name
  const late = whole.functions.filter(({ name, module: from }) => !from && name !== needed && !first.has(name))
  const lateNames = late.map(({ name }) => name)
  whole.module.dispose()
  const { wasm: second, imports } = secondPart(wasm, lateNames, lateData)
  return { first: firstPart(wasm, late, imports, needed, lateData), second }
}

// The data: what the first part keeps, and what the second brings (`late`, stretches in order).
function dataOf(module, late) {
  const first = [], second = []
  const put = (list, offset, data) => {
    if (data.length) list.push({ offset: module.i32.const(offset), data, passive: false })
  }
  for (let n = 0; n < module.getNumDataSegments(); n += 1) {
    const { offset, data } = module.getDataSegmentInfo(module.getDataSegmentByIndex(n))
    const bytes = new Uint8Array(data)
    let done = 0
    for (const [from, to] of late) {
      const begin = Math.max(from - offset, 0), end = Math.min(to - offset, bytes.length)
      if (begin >= end) continue
      put(first, offset + done, bytes.subarray(done, begin))
      put(second, offset + begin, bytes.subarray(begin, end))
      done = end
    }
    put(first, offset + done, bytes.subarray(done))
  }
  return { first, second }
}

function exported(module, wanted) {
  for (let n = 0; n < module.getNumExports(); n += 1) {
    const info = binaryen.getExportInfo(module.getExportByIndex(n))
    if (info.name === wanted) return info.value
  }
  throw new Error(`the program has no export ${wanted}`)
}

// Only the late functions; everything else comes from the first part, by short names.
function secondPart(wasm, lateNames, lateData) {
  const { module, functions } = read(wasm)
  const late = new Set(lateNames)
  const imports = []
  const short = (kind, name) => {
    imports.push({ kind, name, as: (imports.length).toString(36) })
    return imports.at(-1).as
  }
  for (let n = module.getNumExports() - 1; n >= 0; n -= 1) {
    module.removeExport(binaryen.getExportInfo(module.getExportByIndex(n)).name)
  }
  for (let n = module.getNumElementSegments() - 1; n >= 0; n -= 1) {
    module.removeElementSegment(binaryen.getElementSegmentInfo(module.getElementSegmentByIndex(n)).name)
  }
  for (const { name, params, results } of functions) {
    if (late.has(name)) continue
    module.removeFunction(name)
    module.addFunctionImport(name, "p", short("Function", name), params, results)
  }
  module.setMemory(0, -1, null, dataOf(module, lateData).second, false, false, MEMORY)
  module.addMemoryImport(MEMORY, "p", "memory")
  for (let n = 0; n < module.getNumTables(); n += 1) {
    const { name } = binaryen.getTableInfo(module.getTableByIndex(n))
    module.addTableImport(name, "p", short("Table", name))
  }
  for (let n = 0; n < module.getNumGlobals(); n += 1) {
    const { name, type, mutable } = binaryen.getGlobalInfo(module.getGlobalByIndex(n))
    module.addGlobalImport(name, "p", short("Global", name), type, mutable)
  }
  module.addTable(TABLE, lateNames.length, lateNames.length)
  module.addTableImport(TABLE, "p", TABLE)
  module.addActiveElementSegment(TABLE, TABLE, lateNames, module.i32.const(0))
  module.runPasses(["remove-unused-module-elements", "reorder-functions"])
  const used = new Set()
  for (let n = 0; n < module.getNumFunctions(); n += 1) {
    const { module: from, base } = binaryen.getFunctionInfo(module.getFunctionByIndex(n))
    if (from) used.add(base)
  }
  for (let n = 0; n < module.getNumTables(); n += 1) used.add(binaryen.getTableInfo(module.getTableByIndex(n)).base)
  for (let n = 0; n < module.getNumGlobals(); n += 1) used.add(binaryen.getGlobalInfo(module.getGlobalByIndex(n)).base)
  return { wasm: written(module), imports: imports.filter(({ as }) => used.has(as)) }
}

function firstPart(wasm, late, imports, needed, lateData) {
  const { module } = read(wasm)
  module.setMemory(module.getMemoryInfo(MEMORY).initial, -1, null, dataOf(module, lateData).first, false, false, MEMORY)
  module.addTable(TABLE, late.length, late.length)
  module.addTableExport(TABLE, TABLE)
  // Nothing is there yet: ask for it.
  const empty = module.ref.is_null(module.table.get(TABLE, module.i32.const(0), binaryen.funcref))
  module.addFunction("late_ensure", binaryen.none, binaryen.none, [],
    module.if(empty, module.call(needed, [], binaryen.none)))
  for (const [slot, { name, params, results }] of late.entries()) {
    const types = binaryen.expandType(params)
    const args = types.map((type, n) => module.local.get(n, type))
    const call = module.call_indirect(TABLE, module.i32.const(slot), args, params, results)
    module.removeFunction(name)
    module.addFunction(name, params, results, [],
      module.block(null, [module.call("late_ensure", [], binaryen.none), call], results))
  }
  for (const { kind, name, as } of imports) module[`add${kind}Export`](name, as)
  module.runPasses(["remove-unused-module-elements", "reorder-functions"])
  return written(module)
}
