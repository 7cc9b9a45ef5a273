// What this file does: finds out which parts of functions a run reaches (`recorder`), and makes the
// other parts functions of their own (`outline`), so that `split.mjs` can let them come later.
//
// A *point* is a place where control may or may not come: a function's beginning, both arms of an
// `if`, and what follows a block or a `br_if`. What lies between a point and the end of the
// sequence of instructions around it is a *region*; nothing jumps into it. A region becomes a
// function of its live locals. How it ends (which label, or a `return`), the value with that, and
// the locals that are needed afterwards come back in globals, which are read at once.
//
// Points in whose sequence something lies on the stack are left alone, as are regions that are
// smaller than what calls them.
import { assemble, decode, EMPTY, F32, F64, I32, I64, nameSection, OP, parse, SECTION, signed, sized, unsigned, vector } from "./wasm.mjs"

const PAGE = 65536
const COLD = " [later]"
// The interpreter's loop, because every instruction of a C program passes it; and memory, because
// what of it is used differs from visit to visit.
const WHOLE = /\bsoquete_cc(\[\w+\])?::run::run\b|\bdlmalloc\b|\braw_vec\b|\bcompiler_builtins\b|^mem(cpy|set|move|cmp)$/
const PARAMS_MAX = 20
const GAIN_MIN = 12 // bytes
// What the linker said about the program (data.mjs) is not true of what is made here.
const LINKERS = ["linking", "reloc.CODE", "reloc.DATA"].map(name => [name, null])

/**
 * A program that sets a byte at each point that it reaches, their place in memory, and the
 * functions' names with their points' numbers.
 */
export function recorder(wasm) {
  const module = parse(wasm)
  let count = 0
  const base = memoryEnd(module)
  const bodies = module.bodies.map((body, n) => {
    const { code, points } = shape(module, n + module.imported, body)
    const parts = []
    let from = 0
    for (const point of points) {
      parts.push(body.subarray(from, code[point.from].at))
      from = code[point.from].at
      parts.push(Buffer.from([OP.i32Const, 0, OP.i32Const, 1, OP.i32Store8, 0, ...unsigned(base + count)]))
      count += 1
    }
    return sized(Buffer.concat([...parts, body.subarray(from)]))
  })
  const pages = base / PAGE + Math.ceil(count / PAGE)
  const memory = Buffer.from([...vector([[0x00, ...unsigned(pages)]])])
  return { wasm: assemble(module, new Map([[SECTION.code, codeSection(bodies)], [SECTION.memory, memory], ...LINKERS])), base, count }
}

/**
 * The program with a function for each region that was not reached, and the names of the functions
 * that were (and of those exported as one of `always`). `reached(n)` says it of a point, `weights`
 * what data a constant brings with it.
 */
export function outline(wasm, reached, weights, always) {
  const module = parse(wasm)
  const kept = new Set(always.map(name => module.exported.get(name)))
  const types = module.types.map(({ params, results }) => `${params}>${results}`)
  const made = { bodies: [], types: [], names: named(module) }
  const scratch = new Scratch(module.globals.length)
  const typeOf = params => {
    const key = `${params}>`
    const known = types.indexOf(key)
    return known >= 0 ? known : types.push(key) - 1
  }
  const first = new Set()
  let number = 0
  const bodies = module.bodies.map((body, n) => {
    const index = n + module.imported
    const fn = shape(module, index, body)
    const cold = fn.points.filter(() => !reached(number++))
    const name = made.names.get(index)
    const unreached = cold[0] === fn.points[0]
    if (!unreached || kept.has(index)) first.add(name)
    if (unreached || WHOLE.test(name)) return sized(body)
    const flow = liveness(fn)
    const parts = []
    let from = 0, end = -1
    for (const point of cold) {
      if (point.from < end) continue
      const region = extract(fn, flow, point, body, scratch, weights)
      if (!region) continue
      end = point.to
      const callee = module.imported + module.bodies.length + made.bodies.length
      made.bodies.push(sized(region.body))
      made.types.push(typeOf(region.params))
      made.names.set(callee, `${name}${COLD} ${made.bodies.length}`)
      parts.push(body.subarray(from, fn.code[point.from].at), Buffer.from(region.call(callee)))
      from = fn.code[point.to].at
    }
    return sized(Buffer.concat([...parts, body.subarray(from)]))
  })
  const content = id => module.sections.find(section => section.id === id).content
  const functions = module.functions.slice(module.imported).concat(made.types)
  const added = types.slice(module.types.length).map(key => {
    const params = key.slice(0, -1).split(",").filter(Boolean).map(Number)
    return [0x60, ...vector(params), 0]
  })
  return {
    first,
    wasm: assemble(module, new Map([
      [SECTION.type, longer(content(SECTION.type), added)],
      [SECTION.function, Buffer.from(vector(functions.map(type => unsigned(type))))],
      [SECTION.global, longer(content(SECTION.global), scratch.entries)],
      [SECTION.code, codeSection(bodies.concat(made.bodies))],
      ["name", nameSection(made.names)],
      ...LINKERS,
    ])),
  }
}

/** The program as it is, without what the linker said about it. */
export function bare(wasm) { return assemble(parse(wasm), new Map(LINKERS)) }

/** A name of its own for every function. */
function named(module) {
  const taken = new Set()
  return new Map(module.functions.map((_, n) => {
    const name = module.names.get(n) ?? "unnamed"
    const own = taken.has(name) ? `${name} ${n}` : name
    taken.add(own)
    return [n, own]
  }))
}

function codeSection(bodies) {
  return Buffer.concat([Buffer.from(unsigned(bodies.length)), ...bodies])
}

/** A section's list with more entries. */
function longer(content, entries) {
  let at = 0, count = 0, factor = 1
  do { count += (content[at] & 127) * factor; factor *= 128 } while (content[at++] & 128)
  return Buffer.concat([Buffer.from(unsigned(count + entries.length)), content.subarray(at), Buffer.from(entries.flat())])
}

/** Where memory ends at the beginning: what the program allocates lies behind it. */
function memoryEnd(module) {
  const content = module.sections.find(({ id }) => id === SECTION.memory).content
  let pages = 0, factor = 1
  for (let at = 2; ; at += 1) {
    pages += (content[at] & 127) * factor
    factor *= 128
    if (!(content[at] & 128)) return pages * PAGE
  }
}

/** Globals through which a region gives its results back. */
class Scratch {
  constructor(first) { Object.assign(this, { first, entries: [], byType: new Map() }) }
  /** The `n`th of a type. */
  get(type, n) {
    const list = this.byType.get(type) ?? []
    this.byType.set(type, list)
    while (list.length <= n) {
      list.push(this.first + this.entries.length)
      const zero = { [I32]: [0x41, 0], [I64]: [0x42, 0], [F32]: [0x43, 0, 0, 0, 0], [F64]: [0x44, 0, 0, 0, 0, 0, 0, 0, 0] }[type]
      this.entries.push([type, 1, ...zero, OP.end])
    }
    return list[n]
  }
}

/**
 * A function with its sequences: `frames` are `{ op, begin, end, results, parent }` by number,
 * `begin` being the first instruction inside and `end` its `end` or `else`; points are
 * `{ from, to, frame }`, instructions by number.
 */
function shape(module, index, body) {
  const { code, locals, params } = decode(module, index, body)
  const results = module.types[module.functions[index]].results
  const frames = [{ op: OP.block, begin: 0, end: -1, results, parent: -1 }]
  const open = [{ frame: 0, base: 0, dead: false }]
  const points = []
  let height = 0
  const point = from => {
    const top = open.at(-1)
    if (!top.dead && height === top.base) points.push({ from, to: -1, frame: top.frame })
  }
  point(0)
  for (const [n, instruction] of code.entries()) {
    const { op, type } = instruction
    let top = open.at(-1)
    if (op === OP.end || op === OP.else) {
      const { frame, base } = open.pop()
      frames[frame].end = n
      height = base + frames[frame].results.length
      if (op === OP.else) {
        height = base
        push(OP.else, frames[frame].results)
        point(n + 1)
      } else if (open.length && frames[frame].op !== OP.loop) point(n + 1)
      continue
    }
    if (top.dead && !type) continue
    height += instruction.pushes - instruction.pops
    if (type) {
      if (type.params.length) throw new Error("a block with parameters")
      push(op, type.results)
      open.at(-1).dead = top.dead
      if (op === OP.if) point(n + 1)
    } else if (op === OP.brIf) point(n + 1)
    else if (op === OP.br || op === OP.brTable || op === OP.return || op === OP.unreachable) top.dead = true
    function push(kind, values) {
      frames.push({ op: kind, begin: n + 1, end: -1, results: values, parent: open.at(-1)?.frame ?? -1 })
      open.push({ frame: frames.length - 1, base: height, dead: false })
    }
  }
  for (const made of points) made.to = frames[made.frame].end
  return { code, locals, params, frames, points }
}

/**
 * Which locals are needed, as sets of bits: before each instruction at a point, at each frame's
 * label, and after each frame.
 */
function liveness({ code, frames, points }) {
  const at = new Map(points.map(({ from }) => [from, 0n]))
  const label = [], after = []
  const endings = new Map() // the frame that ends at an instruction
  frames.forEach(({ end }, n) => endings.set(end, n))
  const masks = []
  const mask = n => masks[n] ??= 1n << BigInt(n)
  const target = (frame, depth) => {
    let n = frame
    for (; depth > 0; depth -= 1) n = frames[n].parent
    return label[n]
  }
  // Walks a frame backwards from what is needed after it.
  function walk(frame, out) {
    after[frame] = out
    if (frames[frame].op !== OP.loop) { label[frame] = out; return sequence(frame, out) }
    label[frame] = 0n
    for (;;) {
      const top = sequence(frame, out)
      if (top === label[frame]) return top
      label[frame] = top
    }
  }
  function sequence(frame, out) {
    let live = out
    for (let n = frames[frame].end - 1; n >= frames[frame].begin; n -= 1) {
      const { op, n: local, depth, depths } = code[n]
      if (op === OP.localGet) live |= mask(local)
      else if (op === OP.localSet || op === OP.localTee) live &= ~mask(local)
      else if (op === OP.br) live = target(frame, depth)
      else if (op === OP.brIf) live |= target(frame, depth)
      else if (op === OP.brTable) live = depths.reduce((all, d) => all | target(frame, d), 0n)
      else if (op === OP.return || op === OP.unreachable) live = 0n
      else if (op === OP.end) {
        let inner = endings.get(n)
        const behind = live
        live = walk(inner, behind)
        if (frames[inner].op === OP.else) {
          inner = endings.get(frames[inner].begin - 1)
          live |= walk(inner, behind)
        } else if (frames[inner].op === OP.if) live |= behind
        n = frames[inner].begin - 1
      }
      if (at.has(n)) at.set(n, live)
    }
    return live
  }
  walk(0, 0n)
  return { at, label, after }
}

/** A region as a function, and the instructions that stand in its place; nothing if that is no gain. */
function extract(fn, flow, point, body, scratch, weights) {
  const region = survey(fn, flow, point, weights)
  const { exits, params, outs, size } = region
  const cost = 2 * params.length + 8 + 4 * outs.length + 6 * Math.max(exits.length - 1, 0)
  if (params.length > PARAMS_MAX || size - cost < GAIN_MIN) return undefined
  if (exits.some(way => region.values(way).length > 1)) return undefined
  const globals = globalsOf(region, fn.locals, scratch)
  return {
    params: params.map(local => fn.locals[local]),
    body: functionOf(fn, region, body, globals),
    call: callee => callOf(region, globals, callee),
  }
}

/** Behind a region of a loop: the way on, which is no label. Of others it is the label 0. */
const BEHIND = -1

/**
 * What has to be known of a region: its ways out (`exits`: a label around it by number, or
 * `BEHIND`), `way`, the ordinary one, and whether its end is reached; its `params`, the other locals
 * that it uses (`own`) and those whose value is needed afterwards (`outs`); its size with its data.
 */
function survey({ code, locals, frames }, flow, { from, to, frame }, weights) {
  const chain = [] // the frames around the region, innermost first
  for (let n = frame; n >= 0; n = frames[n].parent) chain.push(n)
  const found = new Set()
  let accessed = 0n, written = 0n, nested = 0, dead = false, size = code[to].at - code[from].at
  const leave = depth => { if (depth >= nested) found.add(depth - nested) }
  for (let n = from; n < to; n += 1) {
    const { op, n: local, depth, depths, type, value } = code[n]
    if (op >= OP.localGet && op <= OP.localTee) accessed |= 1n << BigInt(local)
    if (op === OP.localSet || op === OP.localTee) written |= 1n << BigInt(local)
    if (op === OP.i32Const) size += weights.get(value >>> 0) ?? 0
    if (type) nested += 1
    else if (op === OP.end) nested -= 1
    else if (depth !== undefined) leave(depth)
    else if (depths) depths.forEach(leave)
    else if (op === OP.return) found.add(chain.length - 1)
    if (!nested) dead = op === OP.br || op === OP.brTable || op === OP.return || op === OP.unreachable
  }
  const way = frames[frame].op === OP.loop ? BEHIND : 0
  if (!dead) found.add(way)
  const exits = [...found]
  const needed = exits.reduce((all, exit) => all | (exit === BEHIND ? flow.after[frame] : flow.label[chain[exit]]), 0n)
  const params = bits(flow.at.get(from) & accessed)
  const own = bits(accessed).filter(local => !params.includes(local)).sort((a, b) => locals[a] - locals[b])
  const values = exit => exit === BEHIND ? frames[frame].results
    : frames[chain[exit]].op === OP.loop ? [] : frames[chain[exit]].results
  return { from, to, exits, way, dead, whole: chain.length - 1, params, own, outs: bits(needed & written), size, values }
}

/** The globals of a region: `way` says which exit it took, `values` are by type, `outs` by local. */
function globalsOf({ exits, values, outs }, locals, scratch) {
  const used = new Map([[I32, 1]])
  const take = type => {
    const n = used.get(type) ?? 0
    used.set(type, n + 1)
    return scratch.get(type, n)
  }
  const types = new Set(exits.flatMap(exit => values(exit)))
  return {
    way: scratch.get(I32, 0),
    values: new Map([...types].map(type => [type, take(type)])),
    outs: outs.map(local => ({ local, global: take(locals[local]) })),
  }
}

/**
 * The function's body. Around the region's instructions is a block in which everything ends, and in
 * it one for each exit, the first innermost; so a jump out of the region is one out of a block.
 */
function functionOf({ code, locals }, { from, to, exits, way, dead, whole, params, own, values }, body, globals) {
  const number = new Map([...params, ...own].map((local, n) => [local, n]))
  const declared = []
  for (const local of own) {
    if (declared.at(-1)?.[1] === locals[local]) declared.at(-1)[0] += 1
    else declared.push([1, locals[local]])
  }
  const parts = [vector(declared.map(([count, type]) => [...unsigned(count), type])), [OP.block, EMPTY]]
  for (const exit of exits.toReversed()) parts.push([OP.block, values(exit)[0] ?? EMPTY])
  let nested = 0
  const moved = depth => unsigned(depth < nested ? depth : nested + exits.indexOf(depth - nested))
  for (let n = from; n < to; n += 1) {
    const { op, at, end, n: local, depth, depths, type } = code[n]
    if (op >= OP.localGet && op <= OP.localTee) parts.push([op, ...unsigned(number.get(local))])
    else if (depth !== undefined) parts.push([op, ...moved(depth)])
    else if (depths) parts.push([op, ...vector(depths.slice(0, -1).map(moved)), ...moved(depths.at(-1))])
    else if (op === OP.return) parts.push([OP.br, ...moved(nested + whole)])
    else parts.push(body.subarray(at, end))
    if (type) nested += 1
    else if (op === OP.end) nested -= 1
  }
  if (!dead) parts.push([OP.br, ...unsigned(exits.indexOf(way))])
  for (const [n, exit] of exits.entries()) {
    parts.push([OP.end])
    for (const type of values(exit)) parts.push([OP.globalSet, ...unsigned(globals.values.get(type))])
    if (exits.length > 1) parts.push([OP.i32Const, ...signed(n), OP.globalSet, ...unsigned(globals.way)])
    parts.push([OP.br, ...unsigned(exits.length - 1 - n)])
  }
  parts.push([OP.end])
  for (const { local, global } of globals.outs) {
    parts.push([OP.localGet, ...unsigned(number.get(local)), OP.globalSet, ...unsigned(global)])
  }
  return Buffer.concat([...parts, [OP.end]].map(part => Buffer.from(part)))
}

/** What stands in the region's place: the call, what it gave back, and the exits. */
function callOf({ exits, way, params, values }, globals, callee) {
  const list = params.flatMap(local => [OP.localGet, ...unsigned(local)])
  list.push(OP.call, ...unsigned(callee))
  for (const { local, global } of globals.outs) list.push(OP.globalGet, ...unsigned(global), OP.localSet, ...unsigned(local))
  const leave = (exit, deeper) => [
    ...values(exit).flatMap(type => [OP.globalGet, ...unsigned(globals.values.get(type))]),
    // The ordinary way needs no jump: it is the last.
    ...exit === way ? [] : [OP.br, ...unsigned(exit + deeper)],
  ]
  const order = [...exits.entries()].sort(([, a], [, b]) => (a === way) - (b === way))
  for (const [n, exit] of order.slice(0, -1)) {
    list.push(OP.globalGet, ...unsigned(globals.way), OP.i32Const, ...signed(n), OP.i32Eq, OP.if, EMPTY, ...leave(exit, 1), OP.end)
  }
  return list.concat(order.length ? leave(order.at(-1)[1], 0) : [OP.unreachable])
}

function bits(set) {
  const list = []
  for (let n = 0; set; n += 1, set >>= 1n) if (set & 1n) list.push(n)
  return list
}
