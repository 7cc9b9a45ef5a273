//! Asks the linker to keep what refers to which data: a release build of the page finds out by it
//! which data only functions use that come later (`js/data.mjs`).

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let wasm = std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32");
    let release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if wasm && release {
        println!("cargo:rustc-link-arg-bins=--emit-relocs");
    }
}
