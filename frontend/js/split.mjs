// What this file does: cuts the program in two, so that the page's first run does not wait for
// functions that it does not call.
//
// `recorder` adds to every function a call that says that it was reached; `split` puts functions
// that were not reached into a second module. In the first one each of them is a stub, which calls
// through a table; while the table is empty it calls the export `late_needed` before
// (frontend/src/late.rs). The second module imports memory, tables and functions of the first and
// fills the table when it is instantiated (frontend/js/late.mjs).
//
// Names of functions tell the two apart, so `wasm` has to have them. Data stays in the first, but
// for what is marked (`MARK`, the decimal length in eight digits, then so many bytes). Only a
// function called `late_data` reads it, which the first run must not call: so whoever calls it has
// the second part, and with it the data.
import binaryen from "binaryen"

const TABLE = "late"
const MEMORY = "0" // Binaryen's name of it
const MARK = "soquete: late data " // lessons/build.rs, cc/build.rs
const READER = /\blate_data\b/ // lessons/src/lib.rs, cc/src/libc/headers.rs
const LENGTH_DIGITS = 8
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

// A program that calls `profile.seen` with the number of each function that begins, and the
// functions' names by these numbers.
export function recorder(wasm) {
  const { module, functions } = read(wasm)
  module.addFunctionImport("seen", "profile", "seen", binaryen.i32, binaryen.none)
  for (const [n, { name, module: from, body, results }] of functions.entries()) {
    if (from) continue
    const seen = module.call("seen", [module.i32.const(n)], binaryen.none)
    binaryen.Function.setBody(module.getFunction(name), module.block(null, [seen, body], results))
  }
  return { wasm: written(module), names: functions.map(({ name }) => name) }
}

// The two modules; `first` is the set of names of functions that the first one must have.
export function split(wasm, first) {
  const reader = [...first].find(name => READER.test(name))
  if (reader) throw new Error(`the first run calls ${reader}: it needs what is to come later`)
  const whole = read(wasm)
  const needed = binaryen.getFunctionInfo(whole.module.getFunction(exported(whole.module, NEEDED))).name
  const late = whole.functions.filter(({ name, module: from }) => !from && name !== needed && !first.has(name))
  const lateNames = late.map(({ name }) => name)
  whole.module.dispose()
  const { wasm: second, imports } = secondPart(wasm, lateNames)
  return { first: firstPart(wasm, late, imports, needed), second }
}

// The data: what the first part keeps, and what the second brings.
function dataOf(module) {
  const first = [], second = []
  for (let n = 0; n < module.getNumDataSegments(); n += 1) {
    const { offset, data } = module.getDataSegmentInfo(module.getDataSegmentByIndex(n))
    const bytes = Buffer.from(data)
    let from = 0
    for (let at = bytes.indexOf(MARK); at >= 0; at = bytes.indexOf(MARK, from)) {
      const begin = at + MARK.length + LENGTH_DIGITS
      const end = begin + Number(bytes.toString("latin1", at + MARK.length, begin))
      first.push([offset + from, bytes.subarray(from, at)])
      second.push([offset + begin, bytes.subarray(begin, end)])
      from = end
    }
    first.push([offset + from, bytes.subarray(from)])
  }
  const segments = list => list.filter(([, data]) => data.length)
    .map(([offset, data]) => ({ offset: module.i32.const(offset), data, passive: false }))
  return { first: segments(first), second: segments(second) }
}

function exported(module, wanted) {
  for (let n = 0; n < module.getNumExports(); n += 1) {
    const info = binaryen.getExportInfo(module.getExportByIndex(n))
    if (info.name === wanted) return info.value
  }
  throw new Error(`the program has no export ${wanted}`)
}

// Only the late functions; everything else comes from the first part, by short names.
function secondPart(wasm, lateNames) {
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
  module.setMemory(0, -1, null, dataOf(module).second, false, false, MEMORY)
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

function firstPart(wasm, late, imports, needed) {
  const { module } = read(wasm)
  module.setMemory(module.getMemoryInfo(MEMORY).initial, -1, null, dataOf(module).first, false, false, MEMORY)
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
