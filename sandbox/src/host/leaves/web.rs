//! Programs around the sites and their guards: certbot, nginx, openssl, sshd, fail2ban.

use chrono::TimeDelta;

use super::{Answer, Call};
use crate::host::core::Host;
use crate::host::files::backups::zone;
use crate::host::files::lineage;

/// certbot renews what has less than this left.
const RENEWED_WITHIN: TimeDelta = TimeDelta::days(30);

pub(super) fn certbot(host: &Host, call: &Call) -> std::io::Result<Answer> {
    let now = host.clock.now();
    match call.words().first().copied() {
        Some("certificates") => {
            let mut out = String::from("Found the following certs:\n");
            for (site, certificate) in host.look(|model| model.on_disk.clone()) {
                let left = certificate.until - now;
                let state = if left < TimeDelta::zero() {
                    "INVALID: EXPIRED".to_owned()
                } else {
                    format!("VALID: {} days", left.num_days())
                };
                out.push_str(&format!(
                    "  Certificate Name: {site}\n    Serial Number: {:032x}\n    Domains: {site}\n    Expiry Date: {} ({state})\n    Certificate Path: /etc/letsencrypt/live/{site}/fullchain.pem\n",
                    certificate.issue,
                    certificate.until.format("%Y-%m-%d %H:%M:%S+00:00")
                ));
            }
            Ok(Answer::says(out))
        }
        Some("renew") if call.has(&["--dry-run"]) => Ok(Answer::says(
            "Congratulations, all simulated renewals succeeded:\n  /etc/letsencrypt/live/api.gear-freaks.com/fullchain.pem (success)\n",
        )),
        Some("renew") => {
            let within = if call.has(&["--force-renewal"]) { None } else { Some(RENEWED_WITHIN) };
            let renewed = host.change(|model| model.renew(now, within));
            lineage::write(host)?;
            if call.option(&["--deploy-hook", "--post-hook"]).is_some_and(|hook| hook.contains("nginx")) {
                host.change(|model| model.served.clone_from(&model.on_disk));
            }
            if renewed.is_empty() {
                return Ok(Answer::says("No renewals were attempted.\n"));
            }
            let lines: String = renewed
                .iter()
                .map(|site| format!("  /etc/letsencrypt/live/{site}/fullchain.pem (success)\n"))
                .collect();
            Ok(Answer::says(format!("Congratulations, all renewals succeeded:\n{lines}")))
        }
        Some("--version") => Ok(Answer::says("certbot 2.6.0\n")),
        _ => Ok(Answer::fails(1, "certbot: the practice host knows certificates and renew\n")),
    }
}

pub(super) fn nginx(host: &Host, call: &Call) -> std::io::Result<Answer> {
    let fine = "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file /etc/nginx/nginx.conf test is successful\n";
    Ok(match call.words().as_slice() {
        ["-v"] => Answer::fails(0, "nginx version: nginx/1.28.0\n"),
        ["-V"] => Answer::fails(0, "nginx version: nginx/1.28.0\nbuilt with OpenSSL 3.0.8 7 Feb 2023\n"),
        ["-t"] => Answer::fails(0, fine),
        ["-T"] => {
            let config = std::fs::read_to_string(host.root.join("etc/nginx/nginx.conf"))?;
            Answer {
                out: format!("# configuration file /etc/nginx/nginx.conf:\n{config}").into_bytes(),
                err: fine.to_owned(),
                ..Answer::default()
            }
        }
        ["-s", "reload"] => {
            host.change(|model| model.served.clone_from(&model.on_disk));
            Answer::default()
        }
        _ => Answer::fails(1, "nginx: invalid option\n"),
    })
}

pub(super) fn openssl(call: &Call) -> Answer {
    match call.words().as_slice() {
        ["version", ..] => Answer::says("OpenSSL 3.0.8 7 Feb 2023 (Library: OpenSSL 3.0.8 7 Feb 2023)\n"),
        _ => Answer::becomes(std::iter::once("/usr/bin/openssl".to_owned()).chain(call.arguments.iter().cloned())),
    }
}

pub(super) fn sshd(call: &Call) -> Answer {
    match call.words().as_slice() {
        ["-T", ..] => Answer::says(
            "port 22\naddressfamily any\npermitrootlogin no\npubkeyauthentication yes\npasswordauthentication no\nkbdinteractiveauthentication no\nmaxauthtries 3\nmaxsessions 10\nx11forwarding no\n",
        ),
        _ => Answer::fails(1, "sshd: the practice host's server runs already\n"),
    }
}

pub(super) fn fail2ban(host: &Host, call: &Call) -> Answer {
    if host.look(|model| model.stopped_units.contains("fail2ban")) {
        return Answer::fails(
            255,
            "Failed to access socket path: /var/run/fail2ban/fail2ban.sock. Is fail2ban running?\n",
        );
    }
    let banned = host.look(|model| model.banned.clone());
    match call.words().as_slice() {
        ["ping"] => Answer::says("Server replied: pong\n"),
        ["get", "sshd", "banip", ..] => {
            let line = |(address, since): (&String, &chrono::DateTime<chrono::Utc>)| {
                let local = since.with_timezone(&zone());
                let shown = |at: chrono::DateTime<chrono::FixedOffset>| at.format("%Y-%m-%d %H:%M:%S").to_string();
                format!("{address} \t{} + 86400 = {}\n", shown(local), shown(local + TimeDelta::days(1)))
            };
            Answer::says(banned.iter().map(line).collect::<String>())
        }
        ["status", "sshd"] => Answer::says(format!(
            "Status for the jail: sshd\n|- Filter\n|  `- Currently failed: 1\n`- Actions\n   |- Currently banned: {}\n   `- Banned IP list: {}\n",
            banned.len(),
            banned.keys().cloned().collect::<Vec<_>>().join(" ")
        )),
        ["status"] => Answer::says("Status\n|- Number of jail: 1\n`- Jail list: sshd\n"),
        ["set", "sshd", "unbanip", address] => {
            let was = host.change(|model| model.banned.remove(*address).is_some());
            Answer::says(format!("{}\n", u8::from(was)))
        }
        ["set", "sshd", "banip", address] => {
            let now = host.clock.now();
            let new = host.change(|model| model.banned.insert((*address).to_owned(), now).is_none());
            Answer::says(format!("{}\n", u8::from(new)))
        }
        [verb @ ("get" | "status" | "set"), jail, ..] => {
            let _ = verb;
            Answer::fails(255, format!("Sorry but the jail '{jail}' does not exist\n"))
        }
        _ => Answer::fails(255, "Invalid command\n"),
    }
}
