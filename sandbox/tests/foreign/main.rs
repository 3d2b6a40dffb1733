//! A client that nobody here wrote: discord.js, installed by name, against the practice Discord; people come through the API
//! that scripts use.
//!
//! It needs node and npm, so a plain `cargo test` names it and leaves it out; `tests/run` installs them and runs it.

#[cfg(test)]
mod discord_js;
