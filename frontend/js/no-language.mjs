// What this file does: stands for `@codemirror/language` and `@lezer/common`, of which the
// commands use a little. The editor has no language (its colours are set by the page), so there is
// never a syntax tree; what remains is indentation by the line before, and brackets found by their
// characters. build.mjs puts this in their place: an eighth of the bundle.
import { countColumn, Facet } from "@codemirror/state"

const BRACKETS = "()[]{}"
const MAX_CHARS = 10_000 // how far a bracket's partner is looked for

export const indentUnit = Facet.define({ combine: ([unit]) => unit ?? "  " })
export const getIndentUnit = state => countColumn(state.facet(indentUnit), state.tabSize)

export function indentString(state, columns) {
  if (state.facet(indentUnit)[0] !== "\t") return " ".repeat(columns)
  return "\t".repeat(columns / state.tabSize) + " ".repeat(columns % state.tabSize)
}

// A line is indented as the last one that says something, further if that opens a block.
export function getIndentation(context, at) {
  const { state } = context instanceof IndentContext ? context : { state: context }
  const { doc } = state
  const end = context.simulateBreak === Infinity ? doc.lineAt(at).from - 1 : Math.min(at, context.simulateBreak)
  let before = end
  let text = ""
  while (before >= 0 && !text.trim()) {
    const line = doc.lineAt(before)
    text = line.text.slice(0, before - line.from)
    before = line.from - 1
  }
  const columns = countColumn(text, state.tabSize, text.search(/\S|$/))
  const opens = /[{(\[]\s*$/.test(text) || /^\s*(case\b.*|default\s*):\s*$/.test(text)
  const line = doc.lineAt(at)
  const after = context.simulateBreak === Infinity ? line.text : doc.sliceString(at, line.to)
  const closes = !context.simulateDoubleBreak && /^\s*[})\]]/.test(after)
  return Math.max(0, columns + ((opens ? 1 : 0) - (closes ? 1 : 0)) * getIndentUnit(state))
}

export class IndentContext {
  constructor(state, { simulateBreak = Infinity, simulateDoubleBreak = false } = {}) {
    Object.assign(this, { state, simulateBreak, simulateDoubleBreak })
  }

  lineIndent(at) {
    const { text, from } = this.state.doc.lineAt(at)
    const before = text.slice(0, this.simulateBreak - from)
    return countColumn(before, this.state.tabSize, before.search(/\S|$/))
  }
}

// The one node there is: the whole text.
export function syntaxTree({ doc }) {
  const nothing = () => null
  const node = { from: 0, to: doc.length, type: { prop: nothing }, childBefore: nothing, childAfter: nothing }
  return { resolveInner: () => node, resolveStack: () => ({ node, next: null }) }
}

export const NodeProp = { closedBy: null, openedBy: null }

export function matchBrackets({ doc }, at, direction) {
  const from = direction < 0 ? at - 1 : at
  const kind = BRACKETS.indexOf(doc.sliceString(from, from + 1) || " ")
  if (from < 0 || kind < 0 || (kind % 2 === 0) !== direction > 0) return null
  const start = { from, to: from + 1 }
  const first = Math.max(0, from - MAX_CHARS)
  const text = doc.sliceString(first, from + MAX_CHARS)
  let depth = 0
  for (let n = from - first; n >= 0 && n < text.length; n += direction) {
    const found = BRACKETS.indexOf(text[n])
    if (found < 0) continue
    depth += (found % 2 === 0) === direction > 0 ? 1 : -1
    if (depth === 0) {
      return { start, end: { from: first + n, to: first + n + 1 }, matched: found >> 1 === kind >> 1 }
    }
  }
  return { start, matched: false }
}
