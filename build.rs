//! What Cargo cannot see by itself: that migrations are built in, and how the bot is linked.

use std::env;
use std::process::Command;

// Cargo reads these lines from standard output; they are no text for people.
#[allow(clippy::print_stdout)]
fn main() {
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=link/aside.ld");
    let is = |name, value: &str| env::var(name).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("PROFILE", "release") {
        // What a running bot does not enter lies apart from what it does: a third less of it becomes resident.
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/link/aside.ld");
        println!("cargo:rustc-link-arg-bins=-Wl,-T,{script}");
        if knows_packed_relocations() {
            println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
        }
    }
}

/// Whether the C library here can start a program whose relocations are packed: glibc from 2.36 on. They are read whole at
/// the start, 2 MB of them otherwise.
fn knows_packed_relocations() -> bool {
    let asked = Command::new("getconf").arg("GNU_LIBC_VERSION").output();
    let told = asked.map(|told| String::from_utf8_lossy(&told.stdout).into_owned()).unwrap_or_default();
    let version = told.trim().strip_prefix("glibc ").and_then(|version| version.split_once('.'));
    version.is_some_and(|(major, minor)| (major.parse().unwrap_or(0), minor.parse().unwrap_or(0)) >= (2, 36))
}
