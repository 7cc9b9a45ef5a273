//! C values as text: one line each.

use crate::i18n::Msg;
use abi::Lang;
use cc::view::{Target, Value, Variable};

/// The members that get lines of their own.
pub(crate) fn members(value: &Value) -> &[Variable] {
    match value {
        Value::Record(members) => members,
        // Elements of a plain array are shown in its own line.
        Value::Array { elements, .. } if elements.iter().any(|e| !members(&e.value).is_empty()) => {
            elements
        }
        _ => &[],
    }
}

/// A value in one line.
pub(crate) fn text(value: &Value, lang: Lang) -> String {
    match value {
        Value::Uninitialised => Msg::Unset.text(lang),
        Value::Unreadable => Msg::Unreadable.text(lang),
        Value::Opaque => String::new(),
        Value::Int(number) => number.to_string(),
        Value::Char(code) => char_text(*code),
        Value::Bool(truth) => truth.to_string(),
        Value::Enum { value, name } => name.clone().unwrap_or_else(|| value.to_string()),
        Value::Float(number) => number.to_string(),
        Value::Pointer { address, target } => pointer(*address, target),
        Value::Text { bytes, cut, .. } => {
            format!("{}{}", abi::strace::quoted(bytes, usize::MAX), if *cut { "…" } else { "" })
        }
        Value::Array { elements, more } => array(elements, *more, lang),
        Value::Record(_) => String::new(),
    }
}

fn char_text(code: i32) -> String {
    match u8::try_from(code) {
        Ok(byte @ 32..=126) => format!("'{}' {code}", char::from(byte)),
        _ => code.to_string(),
    }
}

fn pointer(address: u64, target: &Target) -> String {
    match target {
        Target::Null => "NULL".into(),
        Target::Function(name) => format!("→ {name}()"),
        Target::Path(path) => format!("→ {path}"),
        Target::Heap { block, offset: 0 } => format!("→ heap {block:#x}"),
        Target::Heap { block, offset } => format!("→ heap {block:#x} + {offset}"),
        // As it stands in the program's text, quotes included.
        Target::Literal(text) | Target::Text(text) => format!("→ {text}"),
        Target::Texts(texts, more) => {
            let rest = if *more { ", …" } else { "" };
            format!("→ {{{}{rest}}}", texts.join(", "))
        }
        Target::Dangling => format!("{address:#x} ✗"),
        Target::Unknown => format!("{address:#x}"),
    }
}

fn array(elements: &[Variable], more: u64, lang: Lang) -> String {
    if elements.iter().any(|element| !members(&element.value).is_empty()) {
        return String::new();
    }
    // Sixteen equal elements say no more than one.
    if elements.len() > 1 && elements.iter().all(|e| e.value == elements[0].value) {
        let count = elements.len() as u64 + more;
        return format!("{{{} × {count}}}", text(&elements[0].value, lang));
    }
    let shown: Vec<String> = elements.iter().take(16).map(|e| text(&e.value, lang)).collect();
    let rest = if more > 0 || elements.len() > 16 { ", …" } else { "" };
    format!("{{{}{rest}}}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int(number: i128) -> Variable {
        Variable {
            name: String::new(),
            ty: "int".into(),
            address: 0,
            size: 4,
            span: None,
            value: Value::Int(number),
        }
    }

    #[test]
    fn values_read_like_c() {
        let lang = Lang::En;
        assert_eq!(
            text(&Value::Text { bytes: b"ola".to_vec(), size: 8, cut: false }, lang),
            "\"ola\""
        );
        assert_eq!(text(&Value::Char(65), lang), "'A' 65");
        assert_eq!(
            text(&Value::Array { elements: vec![int(1), int(2)], more: 3 }, lang),
            "{1, 2, …}"
        );
        assert_eq!(
            text(&Value::Array { elements: vec![int(0), int(0)], more: 6 }, lang),
            "{0 × 8}"
        );
        assert_eq!(text(&Value::Pointer { address: 0, target: Target::Null }, lang), "NULL");
    }
}
