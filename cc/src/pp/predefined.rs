//! Macros that are there before the first line (C11 §6.10.8, and gcc's).

use super::{Builtin, Macro, Preprocessor};
use crate::program::Target;
use crate::source::{Origin, Span};

impl<'a> Preprocessor<'a> {
    pub(super) fn predefine(&mut self) {
        for (name, builtin) in [
            ("__LINE__", Builtin::Line),
            ("__FILE__", Builtin::File),
            ("__COUNTER__", Builtin::Counter),
        ] {
            let name = self.interner.intern(name);
            let builtin = Some(builtin);
            let (span, params, body) = (Span::default(), None, Vec::new());
            self.set_macro(name, Some(Macro { span, params, variadic: false, body, builtin }));
        }
        let mut text = COMMON.to_owned();
        text.push_str(match self.target {
            Target::Linux => LINUX,
            Target::Windows => WINDOWS,
        });
        text.push_str(if self.cpp { CPP } else { C });
        self.define_text(&text);
    }

    pub(super) fn define_text(&mut self, text: &str) {
        let file = self.add_file("<built-in>".to_owned(), text.to_owned(), Origin::System);
        self.push_file(file);
        self.run();
        self.out.pop();
    }
}

const COMMON: &str = "\
#define __STDC__ 1
#define __STDC_HOSTED__ 1
#define __x86_64__ 1
#define __x86_64 1
#define __amd64__ 1
#define __CHAR_BIT__ 8
#define __SCHAR_MAX__ 127
#define __SHRT_MAX__ 32767
#define __INT_MAX__ 2147483647
#define __LONG_LONG_MAX__ 9223372036854775807LL
#define __SIZEOF_INT__ 4
#define __SIZEOF_SHORT__ 2
#define __SIZEOF_LONG_LONG__ 8
#define __SIZEOF_POINTER__ 8
#define __SIZEOF_SIZE_T__ 8
#define __SIZEOF_FLOAT__ 4
#define __SIZEOF_DOUBLE__ 8
#define __ORDER_LITTLE_ENDIAN__ 1234
#define __ORDER_BIG_ENDIAN__ 4321
#define __BYTE_ORDER__ 1234
#define __GNUC__ 12
#define __GNUC_MINOR__ 2
#define __GNUC_PATCHLEVEL__ 0
#define __VERSION__ \"12.2.0\"
#define __SOQUETE__ 1
#define __DATE__ \"Jan  1 2026\"
#define __TIME__ \"00:00:00\"
#define __extension__
#define __FLT_MAX__ 3.40282346638528859811704183484516925e+38F
#define __DBL_MAX__ 1.79769313486231570814527423731704357e+308
";

const LINUX: &str = "\
#define __linux__ 1
#define __linux 1
#define linux 1
#define __gnu_linux__ 1
#define __unix__ 1
#define __unix 1
#define unix 1
#define __ELF__ 1
#define __LP64__ 1
#define _LP64 1
#define __LONG_MAX__ 9223372036854775807L
#define __SIZEOF_LONG__ 8
#define __SIZE_TYPE__ unsigned long
#define __PTRDIFF_TYPE__ long
#define __WCHAR_TYPE__ int
#define __INTMAX_TYPE__ long
#define __UINTMAX_TYPE__ unsigned long
#define __INT64_TYPE__ long
#define __UINT64_TYPE__ unsigned long
";

const WINDOWS: &str = "\
#define _WIN32 1
#define _WIN64 1
#define WIN32 1
#define WIN64 1
#define __WIN32__ 1
#define __MINGW32__ 1
#define __MINGW64__ 1
#define __LONG_MAX__ 2147483647L
#define __SIZEOF_LONG__ 4
#define __SIZE_TYPE__ unsigned long long
#define __PTRDIFF_TYPE__ long long
#define __WCHAR_TYPE__ unsigned short
#define __INTMAX_TYPE__ long long
#define __UINTMAX_TYPE__ unsigned long long
#define __INT64_TYPE__ long long
#define __UINT64_TYPE__ unsigned long long
#define __cdecl
#define __stdcall
#define __fastcall
#define __declspec(x)
#define _cdecl
#define _stdcall
";

pub(super) const C: &str = "\
#define __STDC_VERSION__ 201710L
#define __STDC_IEC_559__ 1
#define __STDC_UTF_16__ 1
#define __STDC_UTF_32__ 1
";

const CPP: &str = "\
#define __cplusplus 201703L
#define _GNU_SOURCE 1
";
