// What this file does: mounts CodeMirror's styles as adopted style sheets.
//
// The page is served with `style-src 'self'`, which blocks the <style> element that style-mod
// makes for a document; constructed sheets are allowed. build.mjs puts this in style-mod's place.
import { StyleModule as Rules } from "../../node_modules/style-mod/src/style-mod.js"

const mounted = new WeakSet()

export class StyleModule extends Rules {
  static mount(_root, modules) {
    for (const module of Array.isArray(modules) ? modules : [modules]) {
      if (mounted.has(module)) continue
      mounted.add(module)
      const sheet = new CSSStyleSheet()
      sheet.replaceSync(module.getRules())
      // Adopted sheets come after the linked ones: the page overrides them by specificity.
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
    }
  }
}
