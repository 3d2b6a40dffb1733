//! What looks like a secret, though nobody named it one.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// What looks like a secret. The first group that takes part is the secret; without a group, all of it is. A blank
/// stands in brackets everywhere, so that [`of_ascii`] can spell it out.
const PATTERNS: &[&str] = &[
    // A private key, up to its end or the end of the text.
    r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?s:.)*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|\z)",
    // Keys that are known by their form: AWS, GitHub, Slack, Google, Stripe.
    r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_[A-Za-z0-9_]{20,}|\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bAIza[A-Za-z0-9_-]{35}|\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}",
    // A JSON web token; a Discord bot token; the secret part of a Discord webhook.
    r"\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*",
    r"\b[A-Za-z0-9_-]{23,28}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,}",
    r"(?i)discord(?:app)?\.com/api/(?:v[0-9]+/)?webhooks/[0-9]+/([A-Za-z0-9_-]+)",
    // `postgres://user:password@host`.
    r#"(?i)\b[a-z][a-z0-9+.-]*://[^\s/:@"'<>]*:([^\s/"'<>]+)@"#,
    // `Authorization: Basic …`, `Bearer …`.
    r#"(?i)\bauthorization\\*["']?[\s]*[:=][\s]*\\*["']?((?:[a-z0-9]+[\s]+)?[^\s"'\\,;]+)"#,
    r"(?i)\bbearer[\s]+([A-Za-z0-9._~+/=-]{8,})",
    // `password=…`, `"api_key": "…"`, `PGPASSWORD='…'`; a value in quotes reaches to the closing one.
    r#"(?i)(?:passw(?:or)?d|passphrase|\bpwd|_pwd|_pass\b|\bpass\b|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?)[a-z0-9_]*(?:\\*["'])?[\s]*[:=][\s]*(?:\\+"(.*?)\\+"|"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s,;&"'\\)}\]]+))"#,
    // `--requirepass …`, `requirepass …`, `redis-cli -a …`.
    r#"(?i)(?:\brequirepass|--(?:password|passwd|pass|token|secret|api-key))[\s]+["']?([^\s"']+)"#,
    r#"\bredis-cli\b[^\n|;&]*?[\s]-a[\s]+["']?([^\s"']+)"#,
    // `Cookie: sid=…; theme=…`, `Set-Cookie: sid=…`, `"cookie": "sid=…"`, `curl -b sid=…`: one that lets somebody in looks
    // like any other. A word behind `cookie:` that names no value is prose.
    r#"(?i)\b(?:set-)?cookies?\\*["']?[\s]*[:=][\s]*\[?\\*["']?([^\s=;:,"'\\]+=(?:\\*"[^"\n]*"|[^\s;"'\\]*)(?:;[\s]*[^\s=;:,"'\\]+=(?:\\*"[^"\n]*"|[^\s;"'\\]*))*)"#,
    r#"\bcurl\b[^\n]*?[\s"'](?:-b|--cookie)[\s"',=\\]*([^\s=;:,"'\\]+=[^\s;"']*(?:;[\s]*[^\s=;:,"'\\]+=[^\s;"']*)*)"#,
    // `curl -u user:…`, and the same for a proxy, each by itself: a command may have both.
    r#"\bcurl\b[^\n]*?[\s"'](?:-[0-9fgijklnqsvGIJLNRS]*u|--user[\s=])(?:[\s=]*'[^':\n]*:([^'\n]+)'|[\s=]*"[^":\n]*:([^"\n]+)"|[\s"',=\\]*[^\s:"',\\]*:([^\s"']+))"#,
    r#"\bcurl\b[^\n]*?[\s"'](?:-[0-9fgijklnqsvGIJLNRS]*U|--proxy-user[\s=])(?:[\s=]*'[^':\n]*:([^'\n]+)'|[\s=]*"[^":\n]*:([^"\n]+)"|[\s"',=\\]*[^\s:"',\\]*:([^\s"']+))"#,
    // `mysql -p…`, `mysqldump -p…`, `mariadb -p…`: with a blank behind it, the next word is a database. Ports are none, so that
    // `docker run --name mysql -p3306:3306` can be read.
    r#"\b(?:mysql|mariadb)[a-z_-]*\b(?:'[^'\n]*'|"[^"\n]*"|[^\n|;&])*?[\s"']-p(?:(?:[0-9.]+:)*[0-9-]+:[0-9-]+(?:/[a-z]+)?(?:[\s"']|$)|'([^'\n]+)'|"([^"\n]+)"|([^\s"']+))"#,
];

static COMPILED: LazyLock<Vec<Regex>> =
    LazyLock::new(|| PATTERNS.iter().filter_map(|pattern| Regex::new(&of_ascii(pattern)).ok()).collect());

/// `pattern` with the blanks and the borders of words of ASCII: those of Unicode cost it memory, and Korean text its speed.
fn of_ascii(pattern: &str) -> String {
    pattern.replace(r"\s", r" \t\r\n").replace(r"\b", r"(?-u:\b)")
}

/// Where something in `text` looks like a secret, those that overlap included.
pub(super) fn suspected(text: &str) -> impl Iterator<Item = Range<usize>> {
    COMPILED.iter().flat_map(move |pattern| suspected_by(pattern, text))
}

/// Where `pattern` sees a secret in `text`.
fn suspected_by(pattern: &Regex, text: &str) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut from = 0;
    while let Some(found) = pattern.captures_at(text, from) {
        let Some(whole) = found.get(0).filter(|whole| !whole.is_empty()) else { break };
        if let Some(end) = end_of_tag(text, whole.start()) {
            // What stands behind the tag may hold a secret of its own.
            from = end;
            continue;
        }
        let all = Some(whole).filter(|_| found.len() == 1);
        let secret = found.iter().skip(1).flatten().next().or(all);
        spans.extend(secret.map(|secret| secret.range()).filter(|range| !range.is_empty()));
        from = whole.end();
    }
    spans
}

/// Where `NOPASSWD:` of a sudoers file ends, if that is what was found in `text` from `found` on: behind it stands no password but
/// the program that needs none, and what mends a missing right must stay to be read. It is a word of its own, in capitals.
fn end_of_tag(text: &str, found: usize) -> Option<usize> {
    const TAG: &str = "PASSWD:";
    let before = text.get(..found)?.strip_suffix("NO")?;
    let is_word = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    (is_word && text.get(found..)?.starts_with(TAG)).then_some(found + TAG.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Masker;
    use super::*;

    #[test]
    fn every_pattern_is_one() {
        assert_eq!(COMPILED.len(), PATTERNS.len());
    }

    #[test]
    fn what_looks_like_a_secret_is_masked() {
        let masker = Masker::default();
        for (text, expected) in [
            ("AKIAIOSFODNN7EXAMPLE", "•••"),
            ("PGPASSWORD=hunter2 pg_dump", "PGPASSWORD=••• pg_dump"),
            ("u ALL=(root) NOPASSWD: /usr/bin/gzip -cdf /a", "u ALL=(root) NOPASSWD: /usr/bin/gzip -cdf /a"),
            ("ec2-user ALL=(root) NOPASSWD: sshd -T", "ec2-user ALL=(root) NOPASSWD: sshd -T"),
            ("u ALL=(ALL) NOPASSWD:SETENV: ALL", "u ALL=(ALL) NOPASSWD:SETENV: ALL"),
            ("NOPASSWD: password=hunter2 x", "NOPASSWD: password=••• x"),
            ("NOPASSWD:\npassword: hunter2", "NOPASSWD:\npassword: •••"),
            ("DB_NOPASSWD: hunter2", "DB_NOPASSWD: •••"),
            ("NOPASSWD=hunter2", "NOPASSWD=•••"),
            ("PASSWD: /hunter2", "PASSWD: •••"),
            ("password='two words' user=x", "password='•••' user=x"),
            ("\"password\": \"a\\\"b\", \"x\": 1", "\"password\": \"•••\", \"x\": 1"),
            (r#"{\"password\":\"abc\"}"#, r#"{\"password\":\"•••\"}"#),
            ("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG", "aws_secret_access_key = •••"),
            ("Authorization: Bearer abc.def-ghi", "Authorization: •••"),
            ("curl -H 'authorization: Basic dXNlcjpwYXNz'", "curl -H 'authorization: •••'"),
            ("sent bearer abcdefgh123", "sent bearer •••"),
            ("postgres://gear:s3cr3t@db:5432/gear", "postgres://gear:•••@db:5432/gear"),
            ("redis://:p@ss@redis", "redis://:•••@redis"),
            ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----\nrest", "•••\nrest"),
            ("-----BEGIN PRIVATE KEY-----\nb3Bl", "•••"),
            ("eyJhbGciOiJI.eyJzdWIiOiIx.c2ln", "•••"),
            ("MTAwMDAwMDAwMDAwMDAwMDAw.GabcDE.abcdefghijklmnopqrstuvwxyz0123456789AB", "•••"),
            ("https://discord.com/api/webhooks/1/abc-DEF", "https://discord.com/api/webhooks/1/•••"),
            ("redis-server --requirepass gear", "redis-server --requirepass •••"),
            ("redis-cli -h x -a gear ping", "redis-cli -h x -a ••• ping"),
            (
                "FATAL: password authentication failed for user \"gear\"",
                "FATAL: password authentication failed for user \"gear\"",
            ),
            ("https://api.gear-freaks.com:443/a@b", "https://api.gear-freaks.com:443/a@b"),
            ("unexpected token } in JSON", "unexpected token } in JSON"),
        ] {
            assert_eq!(masker.mask(text), expected, "{text}");
        }
    }

    #[test]
    fn cookies_are_masked() {
        let masker = Masker::default();
        for (text, expected) in [
            ("ERROR … Cookie: sid=hunter2; Set-Cookie: a=hunter2", "ERROR … Cookie: •••; Set-Cookie: •••"),
            ("cookie: a=hunter2; b=hunter2;c=\"hunter2 x\" 200", "cookie: ••• 200"),
            ("< set-cookie: sid=hunter2; HttpOnly; Secure", "< set-cookie: •••; HttpOnly; Secure"),
            (r#"{"Cookie":"sid=hunter2","x":1}"#, r#"{"Cookie":"•••","x":1}"#),
            (r#"{\"cookie\":\"sid=hunter2\"}"#, r#"{\"cookie\":\"•••\"}"#),
            ("{'Set-Cookie': ['sid=hunter2']}", "{'Set-Cookie': ['•••']}"),
            ("curl -H 'Cookie: a=hunter2' -b b=hunter2 x", "curl -H 'Cookie: •••' -b ••• x"),
            ("curl --cookie 'a=hunter2; b=hunter2' x", "curl --cookie '•••' x"),
            ("session cookie: expired", "session cookie: expired"),
            ("curl -b cookies.txt http://x/?a=b", "curl -b cookies.txt http://x/?a=b"),
        ] {
            assert_eq!(masker.mask(text), expected, "{text}");
        }
    }

    #[test]
    fn passwords_on_command_lines_are_masked_and_what_is_none_stays() {
        let masker = Masker::default();
        for (text, expected) in [
            ("curl -u u:hunter2secret http://x", "curl -u u:••• http://x"),
            ("curl -sSuu:hunter2 x; curl --user u:hunter2 y", "curl -sSuu:••• x; curl --user u:••• y"),
            ("curl --user=u:hunter2 -U p:hunter2 'x?a&b'", "curl --user=u:••• -U p:••• 'x?a&b'"),
            ("curl 'http://x?a=1&b=2' -u 'u:two words'", "curl 'http://x?a=1&b=2' -u 'u:•••'"),
            (r#"["curl","-u","u:hunter2","x"]"#, r#"["curl","-u","u:•••","x"]"#),
            ("mysql -phunter2secret", "mysql -p•••"),
            ("mysqldump -uroot -h db -p'two words' gear", "mysqldump -uroot -h db -p'•••' gear"),
            ("sh -c 'mariadb-admin -phunter2'", "sh -c 'mariadb-admin -p•••'"),
            ("mysql -e 'select 1; select 2' -p3306", "mysql -e 'select 1; select 2' -p•••"),
            (r#"["CMD","mysqladmin","ping","-phunter2"]"#, r#"["CMD","mysqladmin","ping","-p•••"]"#),
        ] {
            assert_eq!(masker.mask(text), expected, "{text}");
        }
        for harmless in [
            "psql -U gear -p 5432",
            "mysql -u root -p gear",
            "mysql -P 3306 --protocol=tcp",
            "mysqldump gear | gzip > /a; mkdir -p/b",
            "docker run -p80:80 nginx",
            "docker run --name mysql -p3306:3306 -d mysql:8",
            "docker run --name mysql -p127.0.0.1:3306:3306/tcp mysql:8",
            "mkdir -p /opt/x",
            "mkdir -p/opt/x",
            "docker exec -u 1000:1000 x id",
            "curl -u user http://x:8080/y",
            "curl --user-agent a:b x",
            "curl -sS -o /dev/null http://api:80/health",
        ] {
            assert_eq!(masker.mask(harmless), harmless);
        }
    }

    proptest! {
        #[test]
        fn no_cookie_or_password_of_a_command_survives(
            secret in "[G-Zg-z]{3}[0-9]{3}[G-Z!%^*+,.]{0,4}",
            before in "[a-z0-9 ./=&'-]{0,20}",
            form in 0_usize..7,
        ) {
            let text = match form {
                0 => format!("{before} Cookie: sid={secret}; theme=dark"),
                1 => format!("{before} set-cookie: a=b; sid={secret}"),
                2 => format!("{before} curl -s http://x -u gear:{secret}"),
                3 => format!("{before} curl --user 'gear:{secret}' http://x"),
                4 => format!("{before} mysql -uroot -p{secret} gear"),
                5 => format!("{before} mysqldump -h db -p'{secret}' gear"),
                _ => format!("{before} NOPASSWD: password={secret}"),
            };
            let masked = Masker::default().mask(&text).into_owned();
            prop_assert!(!masked.contains(&secret), "{masked:?}");
        }
    }
}
