//! The page in a real browser, with a bot that is reduced to its answers.
//!
//! These need chromium, so a plain `cargo test` names them and leaves them out; `tests/run` installs it and runs them.

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod chromium;
#[cfg(test)]
mod cuts;
#[cfg(test)]
mod double;
#[cfg(test)]
mod looks;
#[cfg(test)]
mod people;
#[cfg(test)]
#[allow(dead_code, reason = "shared with the other tests, which need all of it")]
#[path = "../it/support.rs"]
mod support;
#[cfg(test)]
mod talk;
