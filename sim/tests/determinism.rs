//! The same inputs give the same bytes, here and in wasm32 (`examples/digest.rs`).

#[path = "../examples/digest.rs"]
mod digest;

/// What node said of the same runs, where somebody asked it (`cargo xtask test determinism`).
const WASM: &str = "SOQUETE_WASM_DIGEST";

#[test]
fn a_run_is_the_same_here_and_in_wasm() {
    let here = digest::digest();
    assert_eq!(here, digest::digest(), "twice the same");
    if let Ok(there) = std::env::var(WASM) {
        assert_eq!(there.trim(), here.to_string(), "in wasm32");
    }
}
