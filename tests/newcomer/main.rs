//! The practice world as a newcomer meets it: one command, its page in a real browser, the whole bot behind it.
//!
//! It needs chromium, so a plain `cargo test` names it and leaves it out; `tests/run` installs it and runs it.

#[cfg(test)]
#[allow(dead_code, reason = "shared with the page's own tests, which need all of it")]
#[path = "../../sandbox/tests/browser/chromium.rs"]
mod chromium;
#[cfg(test)]
mod page;
