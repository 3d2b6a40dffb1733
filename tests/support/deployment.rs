//! The box's `bot.toml` for a program that runs from a folder of its own.

use std::io;
use std::path::Path;

use signoff_sandbox::PracticeDiscord;

/// The deployment of the box below `root`, with every path made absolute and its own commands; the database stays a
/// file beside the configuration. With a practice Discord, whose authority is written into `folder`, it goes there.
///
/// # Errors
/// The box was not brought up, or the folder cannot be written.
pub(crate) fn of_box(
    root: &Path,
    folder: &Path,
    commands: &Path,
    discord: Option<&PracticeDiscord>,
) -> io::Result<String> {
    let place = root.join("target/box");
    let absolute = |name: &str| format!("\"{}\"", place.join(name).display());
    let mut config = std::fs::read_to_string(place.join("bot.toml"))?
        .replace("\"ca.pem\"", &absolute("ca.pem"))
        .replace("\"id_ed25519\"", &absolute("id_ed25519"))
        .replace("\"aws_key_id\"", &absolute("aws_key_id"))
        .replace("\"aws_secret_key\"", &absolute("aws_secret_key"))
        .replace("\"../../commands\"", &format!("\"{}\"", commands.display()));
    if let Some(discord) = discord {
        discord.write_ca(folder.join("discord.pem"))?;
        let there = format!("[discord]\nconnect_to = \"{}\"\nca_file = \"discord.pem\"", discord.addr());
        config = config.replace("[discord]", &there);
    }
    Ok(config)
}
