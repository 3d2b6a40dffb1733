//! Whether the bot may do in Discord what it must, tried without posting anything.

pub use serenity::all::Http;
use serenity::all::{GuildChannel, GuildId, HttpError, Member, PartialGuild, Permissions, RoleId};

use super::connect::ConnectError;

/// What the bot needs in a channel that it posts in, and nothing else.
const NEEDED: Permissions = Permissions::VIEW_CHANNEL
    .union(Permissions::SEND_MESSAGES)
    .union(Permissions::EMBED_LINKS)
    .union(Permissions::ATTACH_FILES)
    .union(Permissions::READ_MESSAGE_HISTORY)
    .union(Permissions::CREATE_PUBLIC_THREADS)
    .union(Permissions::SEND_MESSAGES_IN_THREADS);

/// A role of the server, as far as choosing one needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleSeen {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Whether whoever may write may ping it.
    pub mentionable: bool,
}

/// A channel that can be posted in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelSeen {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// What the bot may not do there and must, as Discord calls it.
    pub missing: Vec<String>,
}

/// What the bot sees of its server.
#[derive(Clone, Debug)]
pub struct ServerSeen {
    /// The server's name.
    pub name: String,
    /// Its roles, without the one that everybody has.
    pub roles: Vec<RoleSeen>,
    /// Its channels for text.
    pub channels: Vec<ChannelSeen>,
    /// Whether the bot may have slash commands there.
    pub commands: bool,
}

/// What the bot is, and what it sees.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The bot's name.
    pub bot: String,
    /// Where it is invited with the least permissions.
    pub invite: String,
    /// The server; none where the bot is not in it.
    pub server: Option<ServerSeen>,
}

/// A server that the bot is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: String,
}

/// The servers that the bot is in.
///
/// # Errors
/// [`ConnectError`] when Discord does not take the token or does not answer.
pub async fn servers(http: &Http) -> Result<Vec<Server>, ConnectError> {
    let servers = http.get_guilds(None, None).await.map_err(failed)?;
    Ok(servers.into_iter().map(|server| Server { id: server.id.get(), name: server.name }).collect())
}

/// Asks whether Discord knows the bot.
///
/// # Errors
/// [`ConnectError`] when Discord does not take the token or does not answer.
pub async fn knock(http: &Http) -> Result<(), ConnectError> {
    http.get_current_application_info().await.map(drop).map_err(failed)
}

/// Looks at the bot and at the server `guild`.
///
/// # Errors
/// [`ConnectError`] when Discord does not take the token or does not answer.
pub async fn look(http: &Http, guild: u64) -> Result<Seen, ConnectError> {
    let application = http.get_current_application_info().await.map_err(failed)?;
    http.set_application_id(application.id);
    let user = http.get_current_user().await.map_err(failed)?;
    let invite = format!(
        "https://discord.com/oauth2/authorize?client_id={}&scope=bot+applications.commands&permissions={}&guild_id={guild}",
        application.id,
        NEEDED.bits()
    );
    let id = GuildId::new(guild);
    let server = match http.get_guild(id).await {
        Ok(guild) => Some(server(http, &guild, user.id.get()).await?),
        Err(error) if is_refused(&error) => None,
        Err(error) => return Err(failed(error)),
    };
    Ok(Seen { bot: user.name.clone(), invite, server })
}

async fn server(http: &Http, guild: &PartialGuild, bot: u64) -> Result<ServerSeen, ConnectError> {
    let member = http.get_member(guild.id, bot.into()).await.map_err(failed)?;
    let channels = http.get_channels(guild.id).await.map_err(failed)?;
    // Without the scope of slash commands this is refused, whatever else the bot may do.
    let commands = match http.get_guild_commands(guild.id).await {
        Ok(_) => true,
        Err(error) if is_refused(&error) => false,
        Err(error) => return Err(failed(error)),
    };
    let everyone = RoleId::new(guild.id.get());
    let roles = guild.roles.values().filter(|role| role.id != everyone && !role.managed);
    let roles =
        roles.map(|role| RoleSeen { id: role.id.get(), name: role.name.clone(), mentionable: role.mentionable });
    let texts = channels.iter().filter(|channel| channel.is_text_based());
    Ok(ServerSeen {
        name: guild.name.clone(),
        roles: roles.collect(),
        channels: texts.map(|channel| channel_seen(guild, channel, &member)).collect(),
        commands,
    })
}

fn channel_seen(guild: &PartialGuild, channel: &GuildChannel, member: &Member) -> ChannelSeen {
    let missing = NEEDED - guild.user_permissions_in(channel, member);
    let missing = missing.get_permission_names().into_iter().map(str::to_owned).collect();
    ChannelSeen { id: channel.id.get(), name: channel.name.clone(), missing }
}

/// Discord answers 403 or 404 for what is not there for this bot.
fn is_refused(error: &serenity::Error) -> bool {
    let serenity::Error::Http(HttpError::UnsuccessfulRequest(answer)) = error else { return false };
    matches!(answer.status_code.as_u16(), 403 | 404)
}

fn failed(error: serenity::Error) -> ConnectError {
    match error {
        serenity::Error::Http(error) if error.status_code().is_some_and(|status| status.as_u16() == 401) => {
            ConnectError::WrongToken
        }
        error => ConnectError::NoAnswer(error.to_string()),
    }
}
