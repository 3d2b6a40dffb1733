//! Trials of Discord: the token, the server, the roles, the channels.

use std::collections::BTreeSet;

use super::trial::Trial;
use crate::config::Config;
use crate::discord::{connect, trial};
use crate::domain::message::Message;

pub(super) async fn trials(config: &Config) -> Vec<Trial> {
    let Some(discord) = &config.discord else {
        return vec![Trial::not_tried(Message::new("doctor-discord"), Message::new("doctor-no-discord"))];
    };
    let token = Message::new("doctor-token");
    let http = match discord.token.read() {
        Err(error) => return vec![Trial::failed(token, &error)],
        Ok(secret) => match connect(discord, &secret) {
            Err(error) => return vec![Trial::failed(token, &error)],
            Ok(http) => http,
        },
    };
    let seen = match trial::look(&http, discord.guild).await {
        Err(error) => return vec![Trial::failed(token, &error)],
        Ok(seen) => seen,
    };
    let mut trials = vec![Trial::fine(token.clone())];
    let server = Message::new("doctor-server").with("guild", discord.guild.to_string());
    let Some(found) = seen.server else {
        trials.push(Trial::wrong(server, Message::new("doctor-not-invited").with("bot", seen.bot), vec![seen.invite]));
        return trials;
    };
    trials.push(Trial::fine(server));
    let commands = Message::new("doctor-commands");
    trials.push(if found.commands {
        Trial::fine(commands)
    } else {
        Trial::wrong(commands, Message::new("doctor-no-scope"), vec![seen.invite.clone()])
    });
    for (name, id) in &config.roles {
        let what = Message::new("doctor-role").with("name", name.as_str());
        let role = found.roles.iter().find(|role| role.id == *id);
        trials.push(match role {
            Some(_) => Trial::fine(what),
            None => {
                let known = found.roles.iter().map(|role| format!("{} = \"{}\"", role.name, role.id));
                let why = Message::new("doctor-role-gone").with("id", id.to_string());
                Trial::wrong(what, why, known.collect())
            }
        });
    }
    for id in channels(config) {
        let what = Message::new("doctor-channel").with("id", id.to_string());
        trials.push(match found.channels.iter().find(|channel| channel.id == id) {
            None => Trial::wrong(what, Message::new("doctor-channel-gone"), vec![seen.invite.clone()]),
            Some(channel) if !channel.missing.is_empty() => {
                let missing = channel.missing.join(", ");
                let why = Message::new("doctor-channel-forbidden").with("name", channel.name.as_str());
                Trial::wrong(what, why.with("missing", missing), vec![seen.invite.clone()])
            }
            Some(_) => Trial::fine(what),
        });
    }
    trials
}

/// Every channel in which the bot is to post.
fn channels(config: &Config) -> BTreeSet<u64> {
    let sampled = config.sampling.iter().filter_map(|sampling| sampling.channel);
    let own = config.hosts.values().flat_map(|host| host.own.schedules.values());
    let due = config.schedules.values().chain(own).map(|schedule| schedule.channel);
    let asked = config.gate.channels.keys().copied();
    let digest = config.digest.iter().map(|digest| digest.channel);
    sampled.chain(due).chain(config.log).chain(digest).chain(asked).collect()
}
