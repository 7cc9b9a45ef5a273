// The page's editor: CodeMirror 6 without a language of its own.
//
// Colours (tokens), squiggles (diagnostics) and the current line come from the Rust front end, so
// there is one source of truth about the text. Offsets are UTF-16 code units. What the caller
// gets: the class `Editor`; what it must give: callbacks for edits, breakpoints and key chords.
import { EditorState, StateEffect, StateField, RangeSet, RangeSetBuilder, Compartment, Prec, Text } from "@codemirror/state"
import {
  EditorView, Decoration, GutterMarker, gutter, keymap, lineNumbers, drawSelection, dropCursor,
  highlightSpecialChars, showTooltip,
} from "@codemirror/view"
import { defaultKeymap, history, historyKeymap, indentMore, indentLess } from "@codemirror/commands"
import { indentUnit, matchBrackets } from "@codemirror/language"
import { setDiagnostics, lintGutter, lintKeymap } from "@codemirror/lint"

// Class of a token, by the number that the Rust side sends.
const TOKEN_CLASSES = ["tok-keyword", "tok-type", "tok-string", "tok-number", "tok-comment", "tok-pre", "tok-call", "tok-const"]
const TOKEN_MARKS = TOKEN_CLASSES.map(name => Decoration.mark({ class: name }))

const setTokens = StateEffect.define()
const tokens = StateField.define({
  create: () => Decoration.none,
  update(marks, tr) {
    for (const effect of tr.effects) if (effect.is(setTokens)) return effect.value
    return marks.map(tr.changes)
  },
  provide: field => EditorView.decorations.from(field),
})

// Lines where processes stand: [{ line, kind, label }], kind is "run", "blocked" or "done".
const setLines = StateEffect.define()
const lines = StateField.define({
  create: () => Decoration.none,
  update(marks, tr) {
    for (const effect of tr.effects) if (effect.is(setLines)) return effect.value
    return marks.map(tr.changes)
  },
  provide: field => EditorView.decorations.from(field),
})

// A closing brace that begins its line goes back to where its block began.
function closeBlock(view, from, to, text) {
  const line = view.state.doc.lineAt(from)
  if (text !== "}" || from !== to || line.text.slice(0, from - line.from).trim()) return false
  const match = matchBrackets({ doc: view.state.doc.replace(from, from, Text.of(["}"])) }, from + 1, -1)
  if (!match?.end) return false
  const opening = view.state.doc.lineAt(match.end.from)
  const indent = /^\s*/.exec(opening.text)[0]
  view.dispatch({
    changes: { from: line.from, to: from, insert: `${indent}}` },
    selection: { anchor: line.from + indent.length + 1 },
    userEvent: "input.type",
  })
  return true
}

// Chromium's own replacing of selected text keeps the look of what was there by an inline style,
// which the page's policy forbids: it is done here.
function replaceSelected(event, view) {
  const replaces = event.inputType === "insertText" && event.data !== null && !event.isComposing
  if (!replaces || view.state.selection.main.empty) return false
  event.preventDefault()
  view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true })
  return true
}

class Breakpoint extends GutterMarker {
  toDOM() {
    const dot = document.createElement("span")
    dot.className = "cm-breakpoint"
    return dot
  }
}
const breakpointMarker = new Breakpoint()
const toggleBreakpoint = StateEffect.define({ map: (at, changes) => changes.mapPos(at) })
const replaceBreakpoints = StateEffect.define()
const breakpoints = StateField.define({
  create: () => RangeSet.empty,
  update(set, tr) {
    set = set.map(tr.changes)
    for (const effect of tr.effects) {
      if (effect.is(replaceBreakpoints)) set = effect.value
      if (!effect.is(toggleBreakpoint)) continue
      let there = false
      set.between(effect.value, effect.value, () => { there = true })
      set = there
        ? set.update({ filter: from => from !== effect.value })
        : set.update({ add: [breakpointMarker.range(effect.value)] })
    }
    return set
  },
})

// The list of names, fetched when it is first needed: the page's first load is without it.
let completion
const fetchCompletion = () => {
  completion ??= import(new URL("complete.mjs", document.baseURI).href)
  return completion
}

export class Editor {
  // `onKey` receives the name of a chord ("run", "breakpoint", …) that the editor passes on;
  // `onComplete` is asked which names fit (complete.mjs).
  constructor(parent, doc, label, onEdit, onBreakpoints, onKey, onComplete) {
    this.onComplete = onComplete
    this.attributes = new Compartment()
    this.editable = new Compartment()
    this.silent = false
    const chord = name => () => { onKey(name); return true }
    const toggleAt = (view, at) => {
      view.dispatch({ effects: toggleBreakpoint.of(view.state.doc.lineAt(at).from) })
      onBreakpoints(this.breakpoints())
      return true
    }
    this.view = new EditorView({
      parent,
      state: EditorState.create({
        doc,
        extensions: [
          breakpoints,
          gutter({
            class: "cm-breakpoints",
            markers: view => view.state.field(breakpoints),
            renderEmptyElements: true, // without it empty lines cannot be clicked
            initialSpacer: () => breakpointMarker,
            domEventHandlers: { mousedown: (view, line) => toggleAt(view, line.from) },
          }),
          lineNumbers(),
          lintGutter(),
          highlightSpecialChars(),
          history(),
          drawSelection(),
          dropCursor(),
          tokens,
          lines,
          EditorState.tabSize.of(4),
          indentUnit.of("    "),
          EditorView.inputHandler.of(closeBlock),
          EditorView.domEventHandlers({ beforeinput: replaceSelected }),
          Prec.high(keymap.of([
            { key: "Ctrl-Enter", mac: "Mod-Enter", run: chord("run") },
            { key: "Ctrl-s", mac: "Mod-s", run: chord("share") },
            { key: "Ctrl-p", mac: "Mod-p", run: chord("print") },
            { key: "Alt-.", run: chord("forward") },
            { key: "Alt-,", run: chord("back") },
            { key: "Alt-p", run: chord("play") },
            { key: "F10", run: chord("next-line"), shift: chord("previous-line") },
            { key: "F8", run: chord("continue") },
            { key: "F6", run: chord("next-region"), shift: chord("previous-region") },
            { key: "Ctrl-Space", run: () => { this.complete(true); return true } },
            { key: "F9", run: view => toggleAt(view, view.state.selection.main.head) },
            // Tab leaves the editor; indenting has keys of its own.
            { key: "Ctrl-]", run: indentMore },
            { key: "Ctrl-[", run: indentLess },
          ])),
          keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
          this.attributes.of(EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" })),
          this.editable.of([]),
          EditorView.updateListener.of(update => {
            if (update.docChanged && !this.silent) onEdit(update.state.doc.toString())
            const typed = kind => update.transactions.some(tr => tr.isUserEvent(kind))
            if (typed("input.type") || typed("delete.backward") && this.names) this.complete(false)
          }),
        ],
      }),
    })
  }

  // Shows the names that fit at the cursor; `asked`: by a key, not only by typing.
  async complete(asked) {
    const { completion: make } = await fetchCompletion()
    if (!this.names) {
      this.names = make({ StateField, StateEffect, Prec, keymap, showTooltip, EditorView }, this.onComplete)
      this.view.dispatch({ effects: StateEffect.appendConfig.of(this.names.extension) })
    }
    this.names.look(this.view, asked)
  }

  text() { return this.view.state.doc.toString() }

  // Replaces the text without telling `onEdit`; no-op if it is the same.
  setText(text) {
    if (text === this.text()) return
    this.silent = true
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } })
    this.silent = false
  }

  setLabel(label) {
    this.view.dispatch({ effects: this.attributes.reconfigure(EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" })) })
  }

  setReadOnly(readOnly) {
    this.view.dispatch({ effects: this.editable.reconfigure(readOnly ? EditorState.readOnly.of(true) : []) })
  }

  // Triples from, to, class, sorted.
  setTokens(triples) {
    const builder = new RangeSetBuilder()
    const length = this.view.state.doc.length
    for (let i = 0; i + 2 < triples.length; i += 3) {
      const mark = TOKEN_MARKS[triples[i + 2]]
      if (mark && triples[i] < triples[i + 1] && triples[i + 1] <= length) builder.add(triples[i], triples[i + 1], mark)
    }
    this.view.dispatch({ effects: setTokens.of(builder.finish()) })
  }

  // [{ from, to, severity, message, fix?: { label, from, to, insert } }]
  setDiagnostics(list) {
    const length = this.view.state.doc.length
    const clamp = at => Math.max(0, Math.min(length, at))
    const diagnostics = list.map(d => ({
      from: clamp(d.from),
      to: clamp(d.to),
      severity: d.severity,
      message: d.message,
      actions: d.fix
        ? [{ name: d.fix.label, apply: () => this.replace(d.fix.from, d.fix.to, d.fix.insert) }]
        : [],
    })).sort((a, b) => a.from - b.from)
    this.view.dispatch(setDiagnostics(this.view.state, diagnostics))
  }

  // Lines are 1-based; `values` is [{ line, text }], shown after the line's end. `follow` scrolls.
  setMarks(places, values, follow) {
    const doc = this.view.state.doc
    const ranges = []
    for (const place of places) {
      if (place.line < 1 || place.line > doc.lines) continue
      const attributes = { "aria-current": "step" }
      ranges.push(Decoration.line({ class: `cm-step cm-step-${place.kind}`, attributes }).range(doc.line(place.line).from))
    }
    // Drawn by the style sheet from the attribute: the text stays the program's own.
    for (const value of values) {
      if (value.line < 1 || value.line > doc.lines) continue
      const attributes = { "data-values": value.text, ...(value.changed ? { "data-changed": "" } : {}) }
      ranges.push(Decoration.line({ attributes }).range(doc.line(value.line).from))
    }
    const effects = [setLines.of(Decoration.set(ranges, true))]
    const first = places.find(place => place.line >= 1 && place.line <= doc.lines)
    if (follow && first) effects.push(EditorView.scrollIntoView(doc.line(first.line).from, { y: "nearest", yMargin: 48 }))
    this.view.dispatch({ effects })
  }

  // 1-based lines.
  breakpoints() {
    const found = []
    const doc = this.view.state.doc
    this.view.state.field(breakpoints).between(0, doc.length, from => { found.push(doc.lineAt(from).number) })
    return Uint32Array.from(found)
  }

  setBreakpoints(wanted) {
    const doc = this.view.state.doc
    const ranges = Array.from(wanted).filter(n => n >= 1 && n <= doc.lines).sort((a, b) => a - b)
      .map(n => breakpointMarker.range(doc.line(n).from))
    this.view.dispatch({ effects: replaceBreakpoints.of(RangeSet.of(ranges)) })
  }

  goTo(from) {
    const at = Math.max(0, Math.min(this.view.state.doc.length, from))
    this.view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) })
    this.view.focus()
  }

  replace(from, to, insert) {
    const clamp = at => Math.max(0, Math.min(this.view.state.doc.length, at))
    const start = clamp(from)
    this.view.dispatch({
      changes: { from: start, to: clamp(to), insert },
      selection: { anchor: start + insert.length },
      scrollIntoView: true,
      userEvent: "input",
    })
    this.view.focus()
  }

  hasFocus() { return this.view.hasFocus }
  focus() { this.view.focus() }
  destroy() { this.view.destroy() }
}
