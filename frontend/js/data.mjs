// What this file does: finds the data that only functions of the second part use, so that it may
// come with them.
//
// The linker leaves in its output what refers to which piece of data, by symbol
// (`frontend/build.rs`; the format: https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md).
// wasm-bindgen changes functions afterwards, not addresses. A piece is needed at first if a function of the
// first part has a constant that is an address in it, or if such a piece points to it. A number
// that happens to be equal keeps a piece too many, never one too few. What belongs to no symbol
// stays in the first part.
import { decode, OP, parse, Reader, SECTION } from "./wasm.mjs"

const SYMBOLS = 8, DATA_SYMBOL = 1, SECTION_SYMBOL = 3
const UNDEFINED = 0x10, EXPLICIT_NAME = 0x40, ABSOLUTE = 0x200
const ADDRESSES = new Set([3, 4, 5]) // R_WASM_MEMORY_ADDR_{LEB,SLEB,I32}
const WITH_ADDEND = new Set([3, 4, 5, 8, 9, 11, 14, 15, 16, 17, 21, 22, 23, 25])
// So much between two pieces is not worth a segment of its own.
const GAP_MAX = 12 // bytes

/**
 * The stretches `[from, to)` of memory that the first part does without, in order. `linked` is the
 * program with the linker's sections, `wasm` the one whose functions named in `first` make the first
 * part.
 */
export function lateData(linked, wasm, first) {
  const { symbols, addresses, pointers } = references(linked)
  const open = [...rooted(wasm, first, addresses)]
  const needed = new Set(open)
  while (open.length) {
    for (const to of pointers.get(open.pop()) ?? []) {
      if (needed.has(to)) continue
      needed.add(to)
      open.push(to)
    }
  }
  // Symbols may share bytes, so what is needed is taken out of what any of them covers.
  const here = union(symbols.filter((_, n) => needed.has(n)), GAP_MAX)
  return without(union(symbols.filter(symbol => symbol), 0), here)
}

/**
 * How many bytes of data move with an instruction that has this constant, roughly: the size of the
 * piece, if nothing else refers to it.
 */
export function weights(linked) {
  const { symbols, addresses, uses } = references(linked)
  const alone = [...addresses].map(([address, found]) => [address, [...found].filter(n => uses.get(n) === 1)])
  return new Map(alone.filter(([, found]) => found.length === 1).map(([address, [n]]) => [address, symbols[n].to - symbols[n].from]))
}

/** The pieces of which the first part's functions know an address. */
function rooted(wasm, first, addresses) {
  const module = parse(wasm)
  const found = new Set(addresses.get(undefined))
  for (const [n, body] of module.bodies.entries()) {
    if (!first.has(module.names.get(n + module.imported))) continue
    for (const { op, value, offset } of decode(module, n + module.imported, body).code) {
      const address = op === OP.i32Const ? value >>> 0 : offset
      for (const symbol of addresses.get(address) ?? []) found.add(symbol)
    }
  }
  return found
}

/**
 * The data symbols by number (`{ from, to }`, addresses); which of them a constant may mean (by
 * `undefined`, those of which it is not known who points to them); which point to which; and how
 * often each is referred to.
 */
function references(linked) {
  const module = parse(linked)
  const segments = dataSegments(module)
  const section = name => module.sections.find(section => section.name === name)
  const symbols = symbolTable(section("linking"), segments)
  const addresses = new Map(), pointers = new Map(), uses = new Map()
  const add = (map, key, symbol) => {
    map.set(key, (map.get(key) ?? new Set()).add(symbol))
    uses.set(symbol, (uses.get(symbol) ?? 0) + 1)
  }
  for (const { index, addend } of relocations(section("reloc.CODE"))) {
    if (symbols[index]) add(addresses, (symbols[index].from + addend) >>> 0, index)
  }
  const sorted = [...symbols.keys()].filter(n => symbols[n]).sort((a, b) => symbols[a].from - symbols[b].from)
  // The symbol that an address lies in.
  const holder = address => {
    let low = 0, high = sorted.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (symbols[sorted[middle]].from <= address) low = middle + 1
      else high = middle
    }
    const found = sorted[low - 1]
    return found !== undefined && address < symbols[found].to ? found : undefined
  }
  const data = module.sections.find(({ id }) => id === SECTION.data).content
  for (const { offset, index, addend } of relocations(section("reloc.DATA"))) {
    if (!symbols[index]) continue
    const segment = segments.find(({ at, length }) => at <= offset && offset < at + length)
    if (!segment || data.readUInt32LE(offset) !== symbols[index].from + addend) throw new Error("data is not where the linker put it")
    const from = holder(segment.address + offset - segment.at)
    add(from === undefined ? addresses : pointers, from, index)
  }
  return { symbols, addresses, pointers, uses }
}

/** The segments' addresses, and where their bytes are in the section. */
function dataSegments(module) {
  const r = new Reader(module.sections.find(({ id }) => id === SECTION.data).content)
  return r.list(() => {
    if (r.unsigned() !== 0) throw new Error("a data segment that is not active")
    r.byte()
    const address = r.signed() >>> 0
    r.byte()
    const length = r.unsigned(), at = r.at
    r.at += length
    return { address, at, length }
  })
}

/** Data symbols that lie in a segment, at their numbers in the table. */
function symbolTable({ content }, segments) {
  const r = new Reader(content)
  r.name()
  r.unsigned() // version
  while (r.at < r.end) {
    const kind = r.byte(), size = r.unsigned()
    if (kind === SYMBOLS) return r.list(() => symbol(r, segments))
    r.at += size
  }
  throw new Error("the linker wrote no symbols")
}

function symbol(r, segments) {
  const kind = r.byte(), flags = r.unsigned()
  if (kind === DATA_SYMBOL) {
    r.name()
    if (flags & UNDEFINED) return undefined
    const segment = r.unsigned(), offset = r.unsigned(), size = r.unsigned()
    if (flags & ABSOLUTE || !segments[segment]) return undefined
    const from = segments[segment].address + offset
    return { from, to: from + size }
  }
  r.unsigned() // the index of a function, a section, …
  if (kind !== SECTION_SYMBOL && (!(flags & UNDEFINED) || flags & EXPLICIT_NAME)) r.name()
  return undefined
}

/** The relocations that are addresses in memory. */
function relocations({ content }) {
  const r = new Reader(content)
  r.name()
  r.unsigned() // the section
  return r.list(() => {
    const type = r.byte(), offset = r.unsigned(), index = r.unsigned()
    const addend = WITH_ADDEND.has(type) ? r.signed() : 0
    return { type, offset, index, addend }
  }).filter(({ type }) => ADDRESSES.has(type))
}

/** Stretches in order, those that lie closer than `gap` together. */
function union(stretches, gap) {
  const made = []
  for (const { from, to } of stretches.toSorted((a, b) => a.from - b.from)) {
    const last = made.at(-1)
    if (last && from <= last[1] + gap) last[1] = Math.max(last[1], to)
    else made.push([from, to])
  }
  return made
}

/** What of `all` is not in `taken`. */
function without(all, taken) {
  const left = []
  let n = 0
  for (let [from, to] of all) {
    while (n < taken.length && taken[n][1] <= from) n += 1
    for (let m = n; m < taken.length && taken[m][0] < to; m += 1) {
      if (from < taken[m][0]) left.push([from, taken[m][0]])
      from = Math.max(from, taken[m][1])
    }
    if (from < to) left.push([from, to])
  }
  return left
}
