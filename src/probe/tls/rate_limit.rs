//! Whether nginx limits how often one address may ask a site: read from the configuration that it runs with.

use crate::domain::evidence::{Evidence, Looked, Measurement, Status};
use crate::domain::message::Message;
use crate::domain::probe::RateLimit;
use crate::probe::{Watch, World, could_not, sudo};

const WHAT: &str = "sudo -n nginx -T";

pub(in crate::probe) async fn look(probe: &RateLimit, world: &World, watch: &Watch) -> Looked {
    let output = match world.run(&format!("LC_ALL=C {WHAT}"), watch).await {
        Ok(output) => output,
        Err(why) => return Err(could_not(WHAT, why)),
    };
    if let Some(why) = sudo::refusal(&output.stderr.text, world, "/usr/sbin/nginx -T") {
        return Err(could_not(WHAT, why));
    }
    if output.status != Some(Status::Exit(0)) {
        let cause = output.stderr.text.lines().last().unwrap_or_default().to_owned();
        return Err(could_not(WHAT, Message::new("probe-nginx-unreadable").with("cause", cause)));
    }
    let config = &output.stdout.text;
    let Some(server) = server_of(&probe.site, config) else {
        let reason = Message::new("probe-nginx-no-server").with("site", probe.site.as_str());
        return Err(could_not(WHAT, reason));
    };
    let limits = limits(&server);
    let zones: Vec<_> = statements(config).into_iter().filter(|line| line.starts_with("limit_req_zone ")).collect();
    let value = if limits.is_empty() { "off".to_owned() } else { limits.join("; ") };
    let mut evidence = Evidence { what: WHAT.to_owned(), status: output.status, ..Evidence::default() };
    evidence.output = zones.iter().chain(&limits).cloned().collect::<Vec<_>>().join("\n");
    evidence.measurements.push(Measurement::text("limit", value));
    Ok(evidence)
}

/// The limits that a server sets, for all of it or for a part.
fn limits(server: &str) -> Vec<String> {
    statements(server).into_iter().filter(|line| line.starts_with("limit_req ")).collect()
}

/// The inside of the `server` block for `site` that is encrypted, or else of any for it.
fn server_of(site: &str, config: &str) -> Option<String> {
    let mut found = None;
    for block in blocks(config, "server") {
        let lines = statements(&block);
        let named = lines.iter().filter_map(|line| line.strip_prefix("server_name "));
        if !named.flat_map(str::split_whitespace).any(|name| name == site) {
            continue;
        }
        let encrypted = lines.iter().any(|line| line.starts_with("listen ") && line.contains("ssl"));
        if encrypted {
            return Some(block);
        }
        found = found.or(Some(block));
    }
    found
}

/// The inside of every block `name { … }`, comments left out.
fn blocks(config: &str, name: &str) -> Vec<String> {
    let text = without_comments(config);
    let mut blocks = Vec::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find('{') {
        let before = &rest[..at];
        let head = before.rsplit(['{', '}', ';']).next().unwrap_or_default().trim();
        let inside = &rest[at + 1..];
        if head == name {
            let end = closing(inside);
            blocks.push(inside[..end].to_owned());
            rest = &inside[end..];
        } else {
            rest = inside;
        }
    }
    blocks
}

/// Where the block ends whose inside `text` begins with.
fn closing(text: &str) -> usize {
    let mut depth = 1_u32;
    for (at, sign) in text.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// The statements of `config`, one each, at whatever depth.
fn statements(config: &str) -> Vec<String> {
    let text = without_comments(config);
    let parts = text.split([';', '{', '}']);
    parts.map(|part| part.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|part| !part.is_empty()).collect()
}

fn without_comments(config: &str) -> String {
    let line = |line: &str| line.split('#').next().unwrap_or_default().to_owned();
    config.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = "
        # configuration file /etc/nginx/nginx.conf:
        http {
            limit_req_zone $binary_remote_addr zone=api:1m rate=10r/s;
            server { listen 80 default_server; return 301 https://$host$request_uri; }
            server {
                listen 443 ssl http2; # limit_req zone=old;
                server_name www.gear-freaks.com
                            api.gear-freaks.com;
                location / { limit_req zone=api burst=20; proxy_pass http://127.0.0.1:8080; }
            }
            server { listen 443 ssl; server_name app.gear-freaks.com; location / { root /srv; } }
        }";

    #[test]
    fn the_limit_is_that_of_the_sites_own_server() {
        let api = server_of("api.gear-freaks.com", CONFIG).unwrap();
        assert_eq!(limits(&api), ["limit_req zone=api burst=20"]);
        let app = server_of("app.gear-freaks.com", CONFIG).unwrap();
        assert_eq!(limits(&app), Vec::<String>::new());
        assert_eq!(server_of("insights.gear-freaks.com", CONFIG), None);
        assert_eq!(
            server_of("api.gear-freaks.com", "server { server_name api.gear-freaks.com"),
            Some(" server_name api.gear-freaks.com".to_owned())
        );
    }
}
