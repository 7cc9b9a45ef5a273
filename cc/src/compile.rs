//! The compiler's stages in order, and libc's own unit, which is compiled once.

use crate::ast::TranslationUnit;
use crate::diag::{Diagnostic, Kind, Severity};
use crate::intrinsics;
use crate::lower::lower;
use crate::parse::Parser;
use crate::pp;
use crate::program::{Program, Target, Unit};
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
    parser.translation_unit();
    let (tu, map, mut diagnostics) = finish(parser);
    let mut program = None;
    if !has_errors(&diagnostics) {
        let unit = lower(tu, Some(&prelude), &map, target, &mut diagnostics);
        let main =
            unit.exports.iter().find(|(name, ..)| name == "main").map(|(_, index, _)| *index);
        let own = |name: &str| {
            prelude.exports.iter().find(|(found, ..)| found == name).map(|(_, index, _)| *index)
        };
        match main {
            None => diagnostics.push(Diagnostic::error(Kind::NoMain, Span::default())),
            Some(main) if !has_errors(&diagnostics) => {
                let (start, thread_start) =
                    (own("__libc_start").unwrap_or(main), own("__thread_start").unwrap_or(main));
                program = Some(Arc::new(Program {
                    sources: map.clone(),
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
    }
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.severity));
    diagnostics.dedup();
    Compilation { program, diagnostics, sources: Arc::new(map) }
}

fn finish(mut parser: Parser) -> (TranslationUnit, SourceMap, Vec<Diagnostic>) {
    crate::lint::lint(&mut parser);
    let tu = TranslationUnit {
        types: parser.types,
        interner: parser.interner,
        funcs: parser.funcs,
        globals: parser.globals,
        strings: parser.strings,
    };
    (tu, parser.sources, parser.diagnostics)
}

fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// libc's C part, compiled.
fn prelude(target: Target) -> Arc<Unit> {
    static UNITS: [OnceLock<Arc<Unit>>; 2] = [OnceLock::new(), OnceLock::new()];
    let slot = match target {
        Target::Linux => &UNITS[0],
        Target::Windows => &UNITS[1],
    };
    Arc::clone(slot.get_or_init(|| {
        let (unit, sources, diagnostics) = compile_prelude(target);
        let first = diagnostics.iter().find(|diagnostic| diagnostic.severity == Severity::Error);
        if let Some(first) = first {
            // Our own text: a test compiles it, so this cannot happen to a person.
            panic!("libc: {}", crate::diag::render(first, &sources, abi::Lang::En));
        }
        Arc::new(unit)
    }))
}

fn compile_prelude(target: Target) -> (Unit, SourceMap, Vec<Diagnostic>) {
    let mut parser = Parser::new(pp::preprocess_prelude(target), target, false);
    parser.is_prelude = true;
    for intrinsic in intrinsics::all() {
        parser.declare_intrinsic(intrinsic.decl);
    }
    parser.translation_unit();
    let (tu, map, mut diagnostics) = finish(parser);
    let unit = lower(tu, None, &map, target, &mut diagnostics);
    (unit, map, diagnostics)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libc_compiles_for_both_targets() {
        for target in [Target::Linux, Target::Windows] {
            let (_, sources, diagnostics) = compile_prelude(target);
            let errors: Vec<String> = diagnostics
                .iter()
                .filter(|diagnostic| diagnostic.severity == Severity::Error)
                .map(|diagnostic| crate::diag::render(diagnostic, &sources, abi::Lang::En))
                .collect();
            assert!(errors.is_empty(), "{}", errors.join("\n"));
        }
    }
}
