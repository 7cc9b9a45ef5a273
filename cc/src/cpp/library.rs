//! The headers of the C++ library.

macro_rules! headers {
    ($($name:literal)*) => {
        /// Our own headers in C++.
        const OWN: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../libc/cxx/", $name)))),*];
    };
}

headers! {
    "algorithm" "array" "atomic" "chrono" "condition_variable" "deque" "exception" "fstream"
    "functional" "initializer_list" "iomanip" "iostream" "iterator" "limits" "list" "map" "memory" "mutex"
    "numeric" "optional" "queue" "random" "set" "sstream" "stack" "stdexcept" "string" "string_view"
    "system_error" "thread" "type_traits" "unordered_map" "unordered_set" "utility" "vector"
}

/// Headers of C under their names in C++.
const OF_C: &[(&str, &str)] = &[
    ("cassert", "#include <assert.h>\n"),
    ("cctype", "#include <ctype.h>\n"),
    ("cerrno", "#include <errno.h>\n"),
    ("cfloat", "#include <float.h>\n"),
    ("cinttypes", "#include <inttypes.h>\n"),
    ("climits", "#include <limits.h>\n"),
    ("climits.h", ""),
    ("clocale", "#include <locale.h>\n"),
    ("cmath", "#include <math.h>\n"),
    ("csetjmp", "#include <setjmp.h>\n"),
    ("csignal", "#include <signal.h>\n"),
    ("cstdarg", "#include <stdarg.h>\n"),
    ("cstdbool", ""),
    ("cstddef", "#include <stddef.h>\n"),
    ("cstdint", "#include <stdint.h>\n"),
    ("cstdio", "#include <stdio.h>\n"),
    ("cstdlib", "#include <stdlib.h>\n"),
    ("cstring", "#include <string.h>\n"),
    ("ctime", "#include <time.h>\n"),
    ("cwctype", "#include <wctype.h>\n"),
    ("cwchar", "#include <wchar.h>\n"),
];

/// Headers that declare what another one has.
const SAME: &[(&str, &str)] = &[
    ("ios", "iostream"),
    ("iosfwd", "iostream"),
    ("istream", "iostream"),
    ("new", "utility"),
    ("ostream", "iostream"),
    ("streambuf", "iostream"),
    ("tuple", "utility"),
    ("typeinfo", "utility"),
    ("cxxabi.h", "utility"),
];

/// Headers whose names are refused where they are used.
const EMPTY: &[&str] = &[
    "any",
    "bitset",
    "filesystem",
    "forward_list",
    "future",
    "regex",
    "semaphore",
    "shared_mutex",
    "span",
    "typeindex",
    "valarray",
    "variant",
    "numbers",
    "concepts",
    "ranges",
    "bits/stdc++.h",
];

/// The text of a C++ header.
pub(crate) fn header(name: &str) -> Option<&'static str> {
    if name == "bits/stdc++.h" {
        return Some(EVERYTHING);
    }
    let other = SAME.iter().find(|(same, _)| *same == name).map_or(name, |(_, other)| other);
    let found = OWN.iter().chain(OF_C).find(|(own, _)| *own == other).map(|(_, text)| *text);
    found.or_else(|| EMPTY.contains(&name).then_some(""))
}

const EVERYTHING: &str = "#include <algorithm>\n#include <array>\n#include <atomic>\n#include <chrono>\n\
#include <condition_variable>\n#include <deque>\n#include <fstream>\n#include <functional>\n\
#include <iomanip>\n#include <iostream>\n#include <list>\n#include <map>\n#include <memory>\n\
#include <mutex>\n#include <numeric>\n#include <optional>\n#include <queue>\n#include <set>\n\
#include <sstream>\n#include <stack>\n#include <stdexcept>\n#include <string>\n#include <thread>\n\
#include <unordered_map>\n#include <unordered_set>\n#include <vector>\n#include <cassert>\n\
#include <cctype>\n#include <cerrno>\n#include <climits>\n#include <cmath>\n#include <csignal>\n\
#include <cstdio>\n#include <cstdlib>\n#include <cstring>\n#include <ctime>\n#include <cstdint>\n";

/// The header that declares a name of `std::`.
pub(crate) fn header_of(name: &str) -> Option<&'static str> {
    let found = match name {
        "string" | "to_string" | "stoi" | "getline" => "string",
        "cout" | "cin" | "cerr" | "endl" | "ostream" | "istream" => "iostream",
        "vector" | "map" | "set" | "list" | "deque" | "queue" | "stack" | "array" | "thread"
        | "mutex" | "atomic" | "unordered_map" | "unordered_set" | "optional"
        | "condition_variable" | "string_view" | "random" => {
            return OWN.iter().find(|(own, _)| *own == name).map(|(own, _)| *own);
        }
        "unique_ptr" | "shared_ptr" | "make_unique" | "make_shared" | "weak_ptr" => "memory",
        "function" | "ref" => "functional",
        "sort" | "find" | "for_each" | "reverse" | "count" | "remove_if" | "find_if" => "algorithm",
        "min" | "max" => "algorithm",
        "pair" | "make_pair" | "move" | "swap" => "utility",
        "lock_guard" | "unique_lock" => "mutex",
        "setw" | "setfill" | "setprecision" => "iomanip",
        "stringstream" | "ostringstream" | "istringstream" => "sstream",
        "ifstream" | "ofstream" | "fstream" => "fstream",
        "runtime_error" | "invalid_argument" | "out_of_range" | "logic_error" => "stdexcept",
        "this_thread" => "thread",
        _ => return None,
    };
    Some(found)
}
