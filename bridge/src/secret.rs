//! Random secrets.

use std::fmt::Write;

/// `bytes` random bytes in hexadecimal.
///
/// # Panics
/// Without a source of randomness nothing here would be safe.
pub(crate) fn hex(bytes: usize) -> String {
    let mut random = vec![0; bytes];
    getrandom::fill(&mut random).expect("the kernel has random bytes");
    random.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
