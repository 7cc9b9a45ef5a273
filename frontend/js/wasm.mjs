// WebAssembly's binary format, as far as `regions.mjs` and `data.mjs` need it: a module's sections
// and the instructions of a function's body, https://webassembly.github.io/spec/core/binary/.
// Missing: SIMD, threads, exceptions and garbage collection, which the compiler does not use here;
// an unknown instruction is an error.

export const I32 = 0x7f, I64 = 0x7e, F32 = 0x7d, F64 = 0x7c, EMPTY = 0x40
export const SECTION = { type: 1, import: 2, function: 3, table: 4, memory: 5, global: 6, export: 7, element: 9, code: 10, data: 11 }
export const OP = { unreachable: 0x00, block: 0x02, loop: 0x03, if: 0x04, else: 0x05, end: 0x0b, br: 0x0c,
  brIf: 0x0d, brTable: 0x0e, return: 0x0f, call: 0x10, callIndirect: 0x11, localGet: 0x20, localSet: 0x21,
  localTee: 0x22, globalGet: 0x23, globalSet: 0x24, i32Const: 0x41, i32Eq: 0x46, i32Store8: 0x3a }

/** Reads from `bytes` at `at`, which it moves. */
export class Reader {
  constructor(bytes, at = 0, end = bytes.length) { Object.assign(this, { bytes, at, end }) }
  byte() { return this.bytes[this.at++] }
  unsigned() {
    let value = 0, factor = 1, byte
    do { byte = this.bytes[this.at++]; value += (byte & 127) * factor; factor *= 128 } while (byte & 128)
    return value
  }
  /** Up to 32 bits; of longer numbers the lowest. */
  signed() {
    let value = 0, shift = 0, byte
    do { byte = this.bytes[this.at++]; if (shift < 32) value |= (byte & 127) << shift; shift += 7 } while (byte & 128)
    return shift < 32 && byte & 64 ? value | (-1 << shift) : value
  }
  name() { const length = this.unsigned(); return Buffer.from(this.bytes.subarray(this.at, this.at += length)).toString() }
  list(read) { return Array.from({ length: this.unsigned() }, () => read(this)) }
}

export function unsigned(value) {
  const bytes = []
  do { bytes.push(value % 128 + (value > 127 ? 128 : 0)); value = Math.floor(value / 128) } while (value)
  return bytes
}
export function signed(value) {
  for (const bytes = []; ;) {
    const low = value & 127
    value >>= 7
    if (value === (low & 64 ? -1 : 0)) return [...bytes, low]
    bytes.push(low | 128)
  }
}
export const vector = items => [...unsigned(items.length), ...items.flat()]
export const sized = bytes => Buffer.concat([Buffer.from(unsigned(bytes.length)), bytes])
const text = string => { const bytes = Buffer.from(string); return Buffer.concat([Buffer.from(unsigned(bytes.length)), bytes]) }

/** The parts of a module; `bodies` are the functions that it defines, after `imported` others. */
export function parse(bytes) {
  const module = { sections: [], types: [], functions: [], globals: [], bodies: [], names: new Map(), imported: 0,
    exported: new Map() /* functions by their name outside */ }
  const reader = new Reader(bytes, 8)
  while (reader.at < bytes.length) {
    const id = reader.byte(), length = reader.unsigned()
    const section = { id, content: bytes.subarray(reader.at, reader.at += length), at: reader.at - length }
    module.sections.push(section)
    const r = new Reader(section.content)
    if (id === SECTION.type) {
      module.types = r.list(() => {
        if (r.byte() !== 0x60) throw new Error("a type that is no function's")
        return { params: r.list(() => r.byte()), results: r.list(() => r.byte()) }
      })
    } else if (id === SECTION.import) r.list(() => imported(r, module))
    else if (id === SECTION.function) module.functions.push(...r.list(() => r.unsigned()))
    else if (id === SECTION.global) r.list(() => {
      module.globals.push(r.byte())
      r.byte()
      while (r.byte() !== OP.end) {
        const constant = r.bytes[r.at - 1]
        if (constant === 0x43 || constant === 0x44) r.at += constant === 0x43 ? 4 : 8
        else r.signed()
      }
    })
    else if (id === SECTION.export) r.list(() => {
      const name = r.name(), kind = r.byte(), n = r.unsigned()
      if (kind === 0) module.exported.set(name, n)
    })
    else if (id === SECTION.code) {
      module.bodies = r.list(() => { const size = r.unsigned(); return section.content.subarray(r.at, r.at += size) })
    } else if (id === 0) {
      section.name = r.name()
      if (section.name === "name") names(r, module)
    }
  }
  return module
}

function imported(r, module) {
  r.name(); r.name()
  const kind = r.byte()
  const limits = () => { const flags = r.byte(); r.unsigned(); if (flags & 1) r.unsigned() }
  if (kind === 0) { module.functions.push(r.unsigned()); module.imported += 1 }
  else if (kind === 1) { r.byte(); limits() }
  else if (kind === 2) limits()
  else { module.globals.push(r.byte()); r.byte() }
}

function names(r, module) {
  while (r.at < r.end) {
    const id = r.byte(), size = r.unsigned(), end = r.at + size
    if (id === 1) r.list(() => module.names.set(r.unsigned(), r.name()))
    r.at = end
  }
}

/** The bytes of a module with the sections of `module`, some of them replaced (`null`: left out). */
export function assemble(module, replaced) {
  const parts = [Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])]
  for (const { id, name, content } of module.sections) {
    const key = id || name
    const bytes = replaced.has(key) ? replaced.get(key) : content
    if (bytes) parts.push(Buffer.from([id]), sized(bytes))
  }
  return Buffer.concat(parts)
}

/** The section of functions' names. */
export function nameSection(names) {
  const entries = [...names].sort(([a], [b]) => a - b).map(([n, name]) => Buffer.concat([Buffer.from(unsigned(n)), text(name)]))
  const list = Buffer.concat([Buffer.from(unsigned(entries.length)), ...entries])
  return Buffer.concat([text("name"), Buffer.from([1]), sized(list)])
}

// What each instruction without a rule of its own takes from the stack and leaves on it.
const EFFECT = new Map()
const effects = (from, to, pops, pushes) => { for (let op = from; op <= to; op += 1) EFFECT.set(op, [pops, pushes]) }
effects(0x28, 0x35, 1, 1) // loads
effects(0x36, 0x3e, 2, 0) // stores
effects(0x45, 0x45, 1, 1); effects(0x46, 0x4f, 2, 1) // comparisons
effects(0x50, 0x50, 1, 1); effects(0x51, 0x66, 2, 1)
effects(0x67, 0x69, 1, 1); effects(0x6a, 0x78, 2, 1) // arithmetic
effects(0x79, 0x7b, 1, 1); effects(0x7c, 0x8a, 2, 1)
effects(0x8b, 0x91, 1, 1); effects(0x92, 0x98, 2, 1)
effects(0x99, 0x9f, 1, 1); effects(0xa0, 0xa6, 2, 1)
effects(0xa7, 0xc4, 1, 1) // conversions
const PLAIN = new Map([[0x01, [0, 0]], [0x1a, [1, 0]], [0x1b, [3, 1]], [0xd1, [1, 1]]])

/**
 * The instructions of a body: `{ op, at, end, pops, pushes }` and, by `op`, `depth`, `depths`, `n`
 * (a local, global or function), `type` (of a block), `value` (a constant), `offset` (of an
 * access); and `locals`, the types of parameters and locals.
 */
export function decode(module, index, body) {
  const r = new Reader(body)
  const { params } = module.types[module.functions[index]]
  const locals = [...params]
  r.list(() => { const count = r.unsigned(), type = r.byte(); for (let n = 0; n < count; n += 1) locals.push(type) })
  const code = []
  const begin = r.at
  while (r.at < r.end) code.push(instruction(module, r))
  return { locals, code, begin, params: params.length }
}

function blockType(module, type) {
  if (type === EMPTY) return { params: [], results: [] }
  return type < 0x40 ? module.types[type] : { params: [], results: [type] }
}

function instruction(module, r) {
  const at = r.at, op = r.byte()
  const made = { op, at, end: 0, pops: 0, pushes: 0 }
  const set = (pops, pushes, more) => { made.pops = pops; made.pushes = pushes; Object.assign(made, more) }
  const called = type => module.types[type]
  if (EFFECT.has(op)) {
    [made.pops, made.pushes] = EFFECT.get(op)
    if (op <= 0x3e) { r.unsigned(); made.offset = r.unsigned() }
  } else if (PLAIN.has(op)) [made.pops, made.pushes] = PLAIN.get(op)
  else switch (op) {
    case 0x00: case 0x05: case 0x0b: case 0x0f: break
    case 0x02: case 0x03: case 0x04: set(op === OP.if ? 1 : 0, 0, { type: blockType(module, r.bytes[r.at] >= 0x40 && r.bytes[r.at] < 0x80 ? r.byte() : r.unsigned()) }); break
    case 0x0c: set(0, 0, { depth: r.unsigned() }); break
    case 0x0d: set(1, 0, { depth: r.unsigned() }); break
    case 0x0e: { const depths = r.list(() => r.unsigned()); depths.push(r.unsigned()); set(1, 0, { depths }); break }
    case 0x10: { const n = r.unsigned(), { params, results } = called(module.functions[n]); set(params.length, results.length, { n }); break }
    case 0x11: { const { params, results } = called(r.unsigned()); r.unsigned(); set(params.length + 1, results.length); break }
    case 0x1c: r.list(() => r.byte()); set(3, 1); break
    case 0x20: set(0, 1, { n: r.unsigned() }); break
    case 0x21: set(1, 0, { n: r.unsigned() }); break
    case 0x22: set(1, 1, { n: r.unsigned() }); break
    case 0x23: set(0, 1, { n: r.unsigned() }); break
    case 0x24: set(1, 0, { n: r.unsigned() }); break
    case 0x25: r.unsigned(); set(1, 1); break
    case 0x26: r.unsigned(); set(2, 0); break
    case 0x3f: r.byte(); set(0, 1); break
    case 0x40: r.byte(); set(1, 1); break
    case 0x41: set(0, 1, { value: r.signed() }); break
    case 0x42: r.signed(); set(0, 1); break
    case 0x43: r.at += 4; set(0, 1); break
    case 0x44: r.at += 8; set(0, 1); break
    case 0xd0: r.signed(); set(0, 1); break
    case 0xd2: r.unsigned(); set(0, 1); break
    case 0xfc: prefixed(r, set); break
    default: throw new Error(`an unknown instruction, ${op.toString(16)}`)
  }
  made.end = r.at
  return made
}

function prefixed(r, set) {
  const op = r.unsigned()
  if (op < 8) return set(1, 1)
  const [immediates, pops, pushes] = { 8: [2, 3, 0], 9: [1, 0, 0], 10: [2, 3, 0], 11: [1, 3, 0], 12: [2, 3, 0], 13: [1, 0, 0],
    14: [2, 3, 0], 15: [1, 2, 1], 16: [1, 0, 1], 17: [1, 3, 0] }[op]
  for (let n = 0; n < immediates; n += 1) r.unsigned()
  set(pops, pushes)
}
