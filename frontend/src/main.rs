//! See Cargo.toml's description.
fn main() {}
