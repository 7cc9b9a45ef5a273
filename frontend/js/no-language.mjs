// What this file does: stands for `@codemirror/language` and `@lezer/common`, of which the
// commands use a little. The editor has no language (its colours are set by the page), so there is
// never a syntax tree; what remains is indentation as it is on the line before, and brackets found
// by their characters. build.mjs puts this in their place: an eighth of the bundle.
import { countColumn, Facet } from "@codemirror/state"

const BRACKETS = "()[]{}"
const MAX_CHARS = 10_000 // how far a bracket's partner is looked for

export const indentUnit = Facet.define({ combine: ([unit]) => unit ?? "  " })
export const getIndentUnit = state => countColumn(state.facet(indentUnit), state.tabSize)

export function indentString(state, columns) {
  if (state.facet(indentUnit)[0] !== "\t") return " ".repeat(columns)
  return "\t".repeat(columns / state.tabSize) + " ".repeat(columns % state.tabSize)
}

// Nobody knows better than the line before.
export const getIndentation = () => null

export class IndentContext {
  constructor(state, { simulateBreak = Infinity } = {}) {
    Object.assign(this, { state, simulateBreak })
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
