// What this file does: the list of names that fit where a person is writing (Ctrl+Space, or while
// typing). It is fetched when it is first needed (editor.mjs) and shares CodeMirror with the editor:
// its classes are handed over.
//
// `ask(text, at, asked)` gives { from, list: [{ name, label, called, text, about }], words } or
// nothing; `label` is what a screen reader says of a row, `words` what it says of the list.
const ROWS_A_PAGE = 8
const ID = "completion" // one list at a time: the one of the editor that has the focus

export function completion({ StateField, StateEffect, Prec, keymap, showTooltip, EditorView }, ask) {
  const show = StateEffect.define() // { from, list, words } or null
  const choose = StateEffect.define() // a row's number

  const list = StateField.define({
    create: () => null,
    update(open, tr) {
      for (const effect of tr.effects) {
        if (effect.is(show)) return effect.value && { ...effect.value, row: 0 }
        if (effect.is(choose) && open) return { ...open, row: effect.value }
      }
      if (!open) return null
      const from = tr.changes.mapPos(open.from)
      // Wherever else the cursor goes, the list is about another place.
      const { head, empty } = tr.state.selection.main
      return empty && head >= from && tr.state.doc.lineAt(from).to >= head ? { ...open, from } : null
    },
    provide: field => [
      showTooltip.from(field, open => open && { pos: open.from, create: view => picture(view) }),
      EditorView.contentAttributes.from(field, open => open
        ? { "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-controls": ID, "aria-activedescendant": `${ID}-${open.row}` }
        : { "aria-autocomplete": "list" }),
    ],
  })

  function picture(view) {
    const dom = element("div", "cm-completion")
    const rows = dom.appendChild(element("ul", ""))
    rows.id = ID
    rows.setAttribute("role", "listbox")
    rows.tabIndex = 0 // what scrolls can be reached; the focus stays in the text all the same
    dom.addEventListener("mousedown", event => event.preventDefault())
    const note = dom.appendChild(element("p", "note"))
    const draw = open => {
      rows.setAttribute("aria-label", open.words)
      rows.replaceChildren(...open.list.map((choice, n) => row(view, choice, n, n === open.row)))
      const { text, about } = open.list[open.row]
      note.replaceChildren(element("code", "", text), element("span", "", about))
      note.hidden = !text && !about
      rows.children[open.row].scrollIntoView({ block: "nearest" })
    }
    let drawn = view.state.field(list)
    draw(drawn)
    return {
      dom,
      update({ state }) {
        const open = state.field(list)
        if (open && open !== drawn) draw(open)
        drawn = open
      },
    }
  }

  function row(view, { name, label }, n, selected) {
    const item = element("li", "", name)
    item.id = `${ID}-${n}`
    item.setAttribute("role", "option")
    item.setAttribute("aria-selected", selected)
    item.setAttribute("aria-label", label)
    item.addEventListener("mousedown", () => accept(view, n))
    return item
  }

  function accept(view, n) {
    const { from, list: all } = view.state.field(list)
    const { name, called } = all[n]
    const to = view.state.selection.main.head
    const next = view.state.sliceDoc(to, to + 1)
    const parentheses = called && next !== "("
    view.dispatch({
      changes: { from, to, insert: parentheses ? `${name}()` : name },
      selection: { anchor: from + name.length + (called ? 1 : 0) },
      effects: show.of(null),
      userEvent: "input.complete",
      scrollIntoView: true,
    })
  }

  function look(view, asked) {
    const { state } = view
    const { head, empty } = state.selection.main
    const found = empty && !state.readOnly ? ask(state.doc.toString(), head, asked) : null
    const whole = found?.list.length === 1 && found.list[0].name === state.sliceDoc(found.from, head)
    if (!found || whole) {
      if (state.field(list)) view.dispatch({ effects: show.of(null) })
      return
    }
    const effects = [show.of(found)]
    if (asked || !state.field(list)) effects.push(EditorView.announce.of(found.words))
    view.dispatch({ effects })
  }

  // A key that means something only while the list is open.
  const open = act => view => {
    const now = view.state.field(list)
    return now ? act(view, now) : false
  }
  const move = by => open((view, { row, list: all }) => {
    const to = Math.abs(by) === 1 ? (row + by + all.length) % all.length : Math.max(0, Math.min(all.length - 1, row + by))
    view.dispatch({ effects: choose.of(to) })
    return true
  })
  const take = open((view, { row, from, list: all }) => {
    // What is written already needs no taking: the key means what it always means.
    if (all[row].name === view.state.sliceDoc(from, view.state.selection.main.head)) {
      view.dispatch({ effects: show.of(null) })
      return false
    }
    accept(view, row)
    return true
  })
  const close = open(view => {
    view.dispatch({ effects: show.of(null) })
    return true
  })

  const extension = [
    list,
    Prec.highest(keymap.of([
      { key: "ArrowDown", run: move(1) },
      { key: "ArrowUp", run: move(-1) },
      { key: "PageDown", run: move(ROWS_A_PAGE) },
      { key: "PageUp", run: move(-ROWS_A_PAGE) },
      { key: "Enter", run: take },
      { key: "Tab", run: take },
      { key: "Escape", run: close },
    ])),
    EditorView.domEventHandlers({ blur: (_, view) => { close(view) } }),
  ]
  return { extension, look }
}

function element(name, className, text = "") {
  const made = document.createElement(name)
  if (className) made.className = className
  made.textContent = text
  return made
}
