//! Every route that this Discord answers. Names are those of Discord's OpenAPI document.

use super::call::{Call, Outcome};
use super::{commands, guild, interactions, messages, threads};
use crate::limiter::Bucket;

pub(crate) type Handler = fn(&Call<'_>) -> Outcome;

/// One route.
pub(crate) struct Route {
    pub(crate) method: &'static str,
    pub(crate) template: &'static str,
    pub(crate) handler: Handler,
    pub(crate) bucket: Bucket,
    /// Whether the bot's token must come with it. Answers to interactions carry their right in the path.
    pub(crate) needs_token: bool,
}

const fn route(method: &'static str, template: &'static str, handler: Handler) -> Route {
    Route { method, template, handler, bucket: Bucket::Other, needs_token: true }
}

impl Route {
    const fn counts_as(self, bucket: Bucket) -> Self {
        Self { bucket, ..self }
    }

    const fn without_token(self) -> Self {
        Self { needs_token: false, ..self }
    }

    /// What separates the windows of the rate limit.
    pub(crate) fn major(&self, params: &[(&'static str, String)]) -> String {
        let majors = params.iter().filter(|(key, _)| matches!(*key, "channel_id" | "guild_id" | "token"));
        let own = majors.map(|(_, value)| value.as_str()).collect::<Vec<_>>().join("/");
        if self.bucket == Bucket::Other { format!("{} {} {own}", self.method, self.template) } else { own }
    }
}

pub(crate) static ROUTES: &[Route] = &[
    route("GET", "/gateway", guild::gateway).without_token(),
    route("GET", "/gateway/bot", guild::gateway_bot),
    route("GET", "/users/@me", guild::me),
    route("POST", "/users/@me/channels", guild::open_direct_channel),
    route("GET", "/users/@me/guilds", guild::my_guilds),
    route("GET", "/users/{user_id}", guild::user),
    route("GET", "/applications/@me", guild::application),
    route("GET", "/oauth2/applications/@me", guild::application),
    route("GET", "/guilds/{guild_id}", guild::guild),
    route("GET", "/guilds/{guild_id}/channels", guild::channels),
    route("GET", "/guilds/{guild_id}/roles", guild::roles),
    route("GET", "/guilds/{guild_id}/roles/{role_id}", guild::role),
    route("GET", "/guilds/{guild_id}/members", guild::members),
    route("GET", "/guilds/{guild_id}/members/{user_id}", guild::member),
    route("GET", "/guilds/{guild_id}/threads/active", threads::active),
    route("GET", "/applications/{application_id}/commands", commands::list),
    route("PUT", "/applications/{application_id}/commands", commands::replace).counts_as(Bucket::Commands),
    route("POST", "/applications/{application_id}/commands", commands::create).counts_as(Bucket::Commands),
    route("GET", "/applications/{application_id}/commands/{command_id}", commands::one),
    route("PATCH", "/applications/{application_id}/commands/{command_id}", commands::change)
        .counts_as(Bucket::Commands),
    route("DELETE", "/applications/{application_id}/commands/{command_id}", commands::delete)
        .counts_as(Bucket::Commands),
    route("GET", "/applications/{application_id}/guilds/{guild_id}/commands", commands::list),
    route("PUT", "/applications/{application_id}/guilds/{guild_id}/commands", commands::replace)
        .counts_as(Bucket::Commands),
    route("POST", "/applications/{application_id}/guilds/{guild_id}/commands", commands::create)
        .counts_as(Bucket::Commands),
    route("GET", "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}", commands::one),
    route("PATCH", "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}", commands::change)
        .counts_as(Bucket::Commands),
    route("DELETE", "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}", commands::delete)
        .counts_as(Bucket::Commands),
    route("POST", "/interactions/{interaction_id}/{token}/callback", interactions::answer)
        .counts_as(Bucket::Exempt)
        .without_token(),
    route("POST", "/webhooks/{application_id}/{token}", interactions::follow_up)
        .counts_as(Bucket::Webhook)
        .without_token(),
    route("GET", "/webhooks/{application_id}/{token}/messages/{message_id}", interactions::message).without_token(),
    route("PATCH", "/webhooks/{application_id}/{token}/messages/{message_id}", interactions::edit)
        .counts_as(Bucket::Webhook)
        .without_token(),
    route("DELETE", "/webhooks/{application_id}/{token}/messages/{message_id}", interactions::delete)
        .counts_as(Bucket::Webhook)
        .without_token(),
    route("GET", "/channels/{channel_id}", threads::channel),
    route("PATCH", "/channels/{channel_id}", threads::change),
    route("DELETE", "/channels/{channel_id}", threads::delete),
    route("POST", "/channels/{channel_id}/threads", threads::open),
    route("PUT", "/channels/{channel_id}/thread-members/{user_id}", threads::join),
    route("POST", "/channels/{channel_id}/typing", messages::typing),
    route("GET", "/channels/{channel_id}/messages", messages::list),
    route("POST", "/channels/{channel_id}/messages", messages::create).counts_as(Bucket::PostMessage),
    route("GET", "/channels/{channel_id}/messages/{message_id}", messages::one),
    route("PATCH", "/channels/{channel_id}/messages/{message_id}", messages::edit).counts_as(Bucket::EditMessage),
    route("DELETE", "/channels/{channel_id}/messages/{message_id}", messages::delete).counts_as(Bucket::DeleteMessage),
    route("POST", "/channels/{channel_id}/messages/{message_id}/threads", threads::open_from_message),
    route("PUT", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me", messages::react),
    route("DELETE", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me", messages::unreact),
];

/// What a method and path mean.
pub(crate) enum Found {
    Route(&'static Route, Vec<(&'static str, String)>),
    /// The path is known, with other methods.
    OtherMethod,
    Nothing,
}

pub(crate) fn find(method: &str, path: &str) -> Found {
    let fitting = ROUTES.iter().filter_map(|route| params(route.template, path).map(|params| (route, params)));
    let mut path_known = false;
    for (route, params) in fitting {
        path_known = true;
        if route.method == method {
            return Found::Route(route, params);
        }
    }
    if path_known { Found::OtherMethod } else { Found::Nothing }
}

/// The parts of a path that a template names, percent-decoded: discord.js writes `%40original`.
fn params(template: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let (wanted, given) = (template.split('/'), path.trim_end_matches('/').split('/'));
    if wanted.clone().count() != given.clone().count() {
        return None;
    }
    let mut params = vec![];
    for (wanted, given) in wanted.zip(given.map(super::decoded)) {
        match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) if !given.is_empty() => params.push((name, given)),
            _ if wanted == given => {}
            _ => return None,
        }
    }
    Some(params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_finds_its_route_and_parts() {
        let Found::Route(route, params) = find("PATCH", "/webhooks/1/tok/messages/@original") else { panic!() };
        assert_eq!(route.template, "/webhooks/{application_id}/{token}/messages/{message_id}");
        assert_eq!(params[2], ("message_id", "@original".to_owned()));
        let Found::Route(_, params) = find("PATCH", "/webhooks/1/tok/messages/%40original") else { panic!() };
        assert_eq!(params[2].1, "@original");
        assert!(matches!(find("GET", "/users/@me"), Found::Route(route, _) if route.template == "/users/@me"));
        assert!(matches!(find("PUT", "/gateway"), Found::OtherMethod));
        assert!(matches!(find("GET", "/nowhere"), Found::Nothing));
    }
}
