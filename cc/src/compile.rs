//! The compiler's stages in order, and libc's own unit, which is compiled once.

use crate::ast::{FuncId, TranslationUnit};
use crate::diag::{Diagnostic, Kind, Severity};
use crate::intrinsics;
use crate::lower::{Linked, lower, lower_function};
use crate::parse::Parser;
use crate::pp;
use crate::program::{Function, Prelude, Program, Target};
use crate::source::{SourceMap, Sources, Span};
use std::sync::{Arc, OnceLock};

/// What came of [`compile`].
#[derive(Clone, PartialEq, Debug)]
pub struct Compilation {
    /// The program, if there was no error.
    pub program: Option<Arc<Program>>,
    /// Errors, warnings and lints, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// The files that spans refer to, headers included.
    pub sources: Arc<SourceMap>,
}

/// Compiles one program.
pub fn compile(sources: &Sources, target: Target) -> Compilation {
    if !sources.files.contains_key(&sources.main) {
        let kind = Kind::NoSuchFile { name: sources.main.clone() };
        return Compilation {
            program: None,
            diagnostics: vec![Diagnostic::error(kind, Span::default())],
            sources: Arc::default(),
        };
    }
    let prelude = prelude(target);
    let cpp = sources.is_cpp();
    let mut parser = Parser::new(pp::preprocess(sources, target), target, cpp);
    parser.prelude = Some(Arc::clone(&prelude));
    // Without a header nothing that it declares is known: what would be said of it helps nobody.
    let header_missing = |it: &Diagnostic| matches!(it.kind, Kind::NoSuchHeader { .. });
    if !parser.diagnostics.iter().any(header_missing) {
        parser.translation_unit();
        crate::lint::lint(&mut parser);
    }
    let mut diagnostics = std::mem::take(&mut parser.diagnostics);
    let mut program = None;
    let map = if !has_errors(&diagnostics) {
        let lowered =
            lower(unit_of(&parser), Some(&prelude), &parser.sources, target, &mut diagnostics);
        let Parser { types, interner, sources: texts, .. } = parser;
        let unit = lowered.into_unit(types, interner);
        let own = |name: &str| prelude.unit.export(name).map(|(index, _)| index);
        match unit.export("main") {
            None => diagnostics.push(Diagnostic::error(Kind::NoMain, Span::default())),
            Some((main, _)) if !has_errors(&diagnostics) => {
                let (start, thread_start) =
                    (own("__libc_start").unwrap_or(main), own("__thread_start").unwrap_or(main));
                program = Some(Arc::new(Program {
                    sources: texts.clone(),
                    target,
                    prelude,
                    unit,
                    main,
                    start,
                    thread_start,
                }));
            }
            Some(_) => {}
        }
        texts
    } else {
        parser.sources
    };
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.severity));
    diagnostics.dedup();
    Compilation { program, diagnostics, sources: Arc::new(map) }
}

fn unit_of(parser: &Parser) -> TranslationUnit<'_> {
    TranslationUnit {
        cpp: parser.cpp,
        types: &parser.types,
        interner: &parser.interner,
        funcs: &parser.funcs,
        globals: &parser.globals,
        strings: &parser.strings,
    }
}

fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// libc's C part: its file scope; the functions follow as they are called.
fn prelude(target: Target) -> Arc<Prelude> {
    static UNITS: [OnceLock<Arc<Prelude>>; 2] = [OnceLock::new(), OnceLock::new()];
    let slot = match target {
        Target::Linux => &UNITS[0],
        Target::Windows => &UNITS[1],
    };
    Arc::clone(slot.get_or_init(|| Arc::new(compile_prelude(target))))
}

fn compile_prelude(target: Target) -> Prelude {
    let mut parser = Parser::new(pp::preprocess_prelude(target), target, false);
    parser.is_prelude = true;
    for intrinsic in intrinsics::all() {
        parser.declare_intrinsic(intrinsic.decl);
    }
    parser.translation_unit();
    let mut diagnostics = std::mem::take(&mut parser.diagnostics);
    let mut lowered = lower(unit_of(&parser), None, &parser.sources, target, &mut diagnostics);
    refuse_errors(&diagnostics, &parser);
    let (types, interner) = (parser.types.clone(), parser.interner.clone());
    let linked = std::mem::take(&mut lowered.linked);
    let numbered = std::mem::take(&mut lowered.numbered);
    let count = numbered.len();
    Prelude::new(lowered.into_unit(types, interner), count, Libc { parser, linked, numbered })
}

/// What compiles libc's functions one by one.
pub(crate) struct Libc {
    parser: Parser,
    linked: Linked,
    numbered: Vec<FuncId>,
}

impl Libc {
    /// Compiles the function of this number.
    pub(crate) fn function(&mut self, index: usize) -> Function {
        let id = self.numbered[index];
        let (funcs, strings, globals) = self.sizes();
        self.parser.parse_deferred(id);
        refuse_errors(&self.parser.diagnostics, &self.parser);
        assert!(
            self.sizes() == (funcs, strings, globals),
            "libc: a body with data or functions of its own that was skipped nevertheless: {:?}",
            self.parser.diagnostics.last()
        );
        let tu = unit_of(&self.parser);
        let function = lower_function(tu, &self.linked, id, &self.parser.sources);
        self.parser.funcs[id as usize].body = None; // no longer needed
        function
    }

    /// Names of functions that are called and defined nowhere.
    #[cfg(test)]
    pub(crate) fn missing(&self) -> Vec<String> {
        self.linked.missing(unit_of(&self.parser))
    }

    fn sizes(&self) -> (usize, usize, usize) {
        (self.parser.funcs.len(), self.parser.strings.len(), self.parser.globals.len())
    }
}

/// Our own text: a test compiles all of it, so this cannot happen to a person.
fn refuse_errors(diagnostics: &[Diagnostic], parser: &Parser) {
    let first = diagnostics.iter().find(|diagnostic| diagnostic.severity == Severity::Error);
    if let Some(first) = first {
        panic!("libc: {}", crate::diag::render(first, &parser.sources, abi::Lang::En));
    }
}

/// For benches: makes libc's unit anew, as the first compilation of a process does.
#[doc(hidden)]
pub fn libc_from_scratch(target: Target) -> u64 {
    compile_prelude(target).unit.end
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every function, which otherwise only its first call would compile.
    #[test]
    fn libc_compiles_for_both_targets() {
        for target in [Target::Linux, Target::Windows] {
            let prelude = compile_prelude(target);
            assert!(prelude.len() > 100);
            for index in 0..prelude.len() {
                let function = prelude.function(index as usize).expect("it is there");
                assert!(!function.code.is_empty(), "{}", function.name);
            }
            let missing = prelude.missing();
            assert!(missing.is_empty(), "{missing:?}");
        }
    }
}
