//! The editor in JavaScript (`frontend/js/editor.mjs`) as seen from Rust.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/js/gen/editor.mjs")]
extern "C" {
    /// CodeMirror with our gutters; see the JavaScript for what each method does.
    pub(crate) type Editor;

    #[wasm_bindgen(constructor)]
    pub(crate) fn new(
        parent: &web_sys::Element,
        doc: &str,
        label: &str,
        on_edit: &Closure<dyn FnMut(String)>,
        on_breakpoints: &Closure<dyn FnMut(Vec<u32>)>,
        on_key: &Closure<dyn FnMut(String)>,
        on_complete: &Closure<dyn FnMut(String, u32, bool) -> JsValue>,
    ) -> Editor;

    #[wasm_bindgen(method, js_name = setText)]
    pub(crate) fn set_text(this: &Editor, text: &str);
    #[wasm_bindgen(method, js_name = setLabel)]
    pub(crate) fn set_label(this: &Editor, label: &str);
    #[wasm_bindgen(method, js_name = setTokens)]
    pub(crate) fn set_tokens(this: &Editor, triples: &[u32]);
    #[wasm_bindgen(method, js_name = setDiagnostics)]
    pub(crate) fn set_diagnostics(this: &Editor, list: js_sys::Array);
    #[wasm_bindgen(method, js_name = setMarks)]
    pub(crate) fn set_marks(
        this: &Editor,
        places: js_sys::Array,
        values: js_sys::Array,
        follow: bool,
    );
    #[wasm_bindgen(method, js_name = setBreakpoints)]
    pub(crate) fn set_breakpoints(this: &Editor, lines: &[u32]);
    #[wasm_bindgen(method, js_name = goTo)]
    pub(crate) fn go_to(this: &Editor, from: u32);
    #[wasm_bindgen(method)]
    pub(crate) fn replace(this: &Editor, from: u32, to: u32, insert: &str);
    #[wasm_bindgen(method)]
    pub(crate) fn destroy(this: &Editor);
}

/// A JavaScript object of these members.
pub(crate) fn object(members: &[(&str, JsValue)]) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in members {
        // Setting a member of a plain object cannot fail.
        let _ = js_sys::Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object.into()
}
