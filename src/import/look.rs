//! Commands that a probe of its own can stand for.

use toml::{Table, Value};

use super::facts::{Facts, urls};
use super::read_only::{Effect, effect, is_read_only_sql};
use super::shell::Statement;
use crate::domain::shell_word::quoted;

/// What a command looks at, as a probe of a command file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Look {
    /// The kind by which the vocabulary knows it.
    pub(super) kind: String,
    /// The probe: `kind = "disk"`.
    pub(super) probe: Table,
    /// The line of the command.
    pub(super) line: usize,
    /// As it is written.
    pub(super) text: String,
    /// The comment above it.
    pub(super) comment: Option<String>,
    /// What it is said to print.
    pub(super) expected: Vec<String>,
}

impl Look {
    /// `probe` is a table in the form of TOML.
    fn new(kind: &str, probe: Table) -> Self {
        Self { kind: kind.to_owned(), probe, line: 0, text: String::new(), comment: None, expected: Vec::new() }
    }

    fn at(self, statement: &Statement) -> Self {
        Self {
            line: statement.line,
            text: statement.text.clone(),
            comment: statement.comment.clone(),
            expected: statement.expected.clone(),
            ..self
        }
    }
}

/// A probe of one kind.
fn probe(kind: &str, fields: impl IntoIterator<Item = (&'static str, Value)>) -> Table {
    let mut table = Table::new();
    table.insert("kind".into(), kind.into());
    table.extend(fields.into_iter().map(|(key, value)| (key.to_owned(), value)));
    table
}

fn texts<'a>(texts: impl IntoIterator<Item = &'a String>) -> Value {
    Value::Array(texts.into_iter().map(|text| Value::String(text.clone())).collect())
}

/// Every look that `statement` is known to be; none where it is known for nothing.
pub(super) fn looks(statement: &Statement, facts: &Facts) -> Vec<Look> {
    let reads = effect(statement) == Effect::Reads;
    let mut found = Vec::new();
    for words in &statement.programs {
        let words: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        let words = plain(&words);
        let known = known(words, statement, facts);
        // A statement that does more than look is no look, but for those whose probe does without what it does more.
        let harmless = |look: &Look| {
            matches!(look.kind.as_str(), "trivy" | "security_group" | "security_group_drift" | "aws_alarms")
        };
        found.extend(known.into_iter().filter(|look| reads || harmless(look)).map(|look| look.at(statement)));
    }
    found
}

/// The words without `sudo` before them.
pub(super) fn plain<'a>(words: &'a [&'a str]) -> &'a [&'a str] {
    match words {
        ["sudo", "-n", rest @ ..] | ["sudo", rest @ ..] => rest,
        words => words,
    }
}

fn known(words: &[&str], statement: &Statement, facts: &Facts) -> Vec<Look> {
    let one = |kind: &str, fields: Vec<(&'static str, Value)>| vec![Look::new(kind, probe(kind, fields))];
    match words {
        ["curl", rest @ ..] => web(rest, statement),
        ["docker-compose", "ps", rest @ ..] | ["docker", "compose", "ps", rest @ ..] => match rest.first() {
            Some(service) if !service.starts_with('-') => one("container", vec![("service", (*service).into())]),
            _ => one("containers", Vec::new()),
        },
        ["docker", "ps", ..] => one("containers", Vec::new()),
        ["docker-compose", "logs", rest @ ..] | ["docker", "compose", "logs", rest @ ..] => {
            log(rest, ToOwned::to_owned)
        }
        ["docker", "logs", rest @ ..] => log(rest, |name| facts.service(name)),
        ["docker", "stats", ..] | ["top" | "mpstat" | "vmstat" | "uptime", ..] => one("cpu", Vec::new()),
        ["df", ..] => one("disk", Vec::new()),
        ["free", ..] => one("memory", Vec::new()),
        ["docker", "images", ..] | ["docker", "image", "ls", ..] | ["docker", "system", "df", ..] => {
            one("images", Vec::new())
        }
        ["docker", "run", rest @ ..] if rest.iter().any(|word| word.ends_with("/trivy")) => trivy(rest),
        ["trivy", rest @ ..] => trivy(rest),
        ["docker", "exec", container, rest @ ..] if rest.first() == Some(&"psql") => database(container, rest, facts),
        ["certbot", "certificates", ..] => from_facts("certificate", facts).into_iter().collect(),
        ["systemctl", _, unit] if unit.ends_with(".timer") => one("timer", vec![("unit", (*unit).into())]),
        ["journalctl", rest @ ..] if rest.windows(2).any(|pair| matches!(pair, ["-u", "sshd" | "ssh"])) => {
            let since = value_of(rest, "--since").and_then(span).unwrap_or_else(|| "7 d".into());
            one("logins", vec![("since", since.into())])
        }
        ["fail2ban-client", "status", jail] => one("fail2ban", vec![("jail", (*jail).into())]),
        ["yum" | "dnf", "check-update" | "list", ..] | ["apt", "list", ..] => one("updates", Vec::new()),
        ["needs-restarting", ..] => vec![Look::new("reboot", probe("updates", []))],
        ["crontab", "-l", ..] => from_facts("schedule", facts).into_iter().collect(),
        ["aws", "s3", "ls", ..] => from_facts("s3_backups", facts).into_iter().collect(),
        ["aws", "ec2", "describe-security-groups", ..] => {
            let open = Value::Array(vec!["80".into(), "443".into()]);
            let both = one("security_group", vec![("public", open)]).into_iter();
            both.chain(one("security_group_drift", Vec::new())).collect()
        }
        ["aws", "ce", "get-cost-and-usage", ..] => one("aws_cost", Vec::new()),
        ["aws", "cloudwatch", "put-metric-alarm", rest @ ..] => alarm(rest),
        ["cat" | "zcat" | "tail" | "head" | "grep" | "zgrep" | "awk", rest @ ..] => {
            let log =
                rest.iter().find(|word| word.starts_with('/') && word.contains("nginx") && word.contains("access"));
            let paths = |log: &str| Value::Array(vec![format!("{}*", log.trim_end_matches('*')).into()]);
            log.map_or_else(Vec::new, |log| one("access_log", vec![("paths", paths(log)), ("since", "7 d".into())]))
        }
        ["ls" | "find", rest @ ..] => {
            let backups = facts.backups.as_deref().unwrap_or("\0");
            let there = rest.iter().any(|word| word.trim_end_matches('/') == backups);
            if there { from_facts("backups", facts).into_iter().collect() } else { Vec::new() }
        }
        _ => Vec::new(),
    }
}

/// A look that needs no command of its own: what the document says elsewhere is enough.
pub(super) fn from_facts(kind: &str, facts: &Facts) -> Option<Look> {
    let backups = || {
        let (folder, name) = (facts.backups.clone()?, facts.backup_name.clone()?);
        Some(vec![("folder", folder.into()), ("name", name.into()), ("at", facts.backup_time()?.into())])
    };
    let fields: Vec<(&'static str, Value)> = match kind {
        "backups" => backups()?,
        "s3_backups" => {
            let (bucket, prefix) = facts.bucket.clone()?;
            let own = vec![("bucket", bucket.into()), ("prefix", prefix.into())];
            own.into_iter().chain(backups()?).collect()
        }
        "schedule" => {
            let (at, command, log) = facts.cron.clone()?;
            vec![("at", at.into()), ("command", command.into()), ("log", log.into())]
        }
        "certificate" | "tls" if !facts.sites.is_empty() => vec![("sites", texts(&facts.sites))],
        "rate_limit" => vec![("site", facts.sites.first()?.clone().into())],
        "sshd" => {
            let keys = Value::Array(vec!["passwordauthentication".into()]);
            let fields = [("command", "sudo -n sshd -T".into()), ("keys", keys)];
            return Some(Look::new(kind, probe("settings", fields)));
        }
        "samples" => vec![("over", "30 d".into()), ("least", "1 d".into())],
        "env_files" => {
            let paths = Value::Array(vec![format!("{}/.env*", facts.folder.as_ref()?).into()]);
            return Some(Look::new(kind, probe("files", [("paths", paths)])));
        }
        "log_secrets" => {
            let paths = facts.logs()?;
            vec![("paths", texts(&paths)), ("since", "7 d".into())]
        }
        _ => return None,
    };
    Some(Look::new(kind, probe(kind, fields)))
}

/// The probe of a command that is known for nothing and only reads.
pub(super) fn shell(statement: &Statement, facts: &Facts) -> Look {
    let mut command = statement.text.clone();
    if statement.programs.iter().any(|words| words.iter().any(|word| word.text == "sudo")) {
        // Without a password nobody is asked for one: it would wait for an answer that cannot come.
        command = command.replace("sudo -n ", "sudo ").replace("sudo ", "sudo -n ");
        command = format!("{}{command}", asks_for_rights(statement));
    }
    let starts =
        |name: &str| statement.programs.iter().any(|words| words.first().is_some_and(|word| word.text == name));
    if starts("nginx") {
        // It is not on the path of who is not root, and tells its version where errors are told.
        command = format!("PATH=\"$PATH:/usr/sbin:/sbin\"; {command} 2>&1");
    }
    let composes = starts("docker-compose");
    if let Some(folder) = facts.folder.as_ref().filter(|_| composes && !command.contains("cd ")) {
        command = format!("cd {folder} && {command}");
    }
    let mut fields = Vec::new();
    // A size that is written for people has a unit of its own, and is no number.
    let last = statement.programs.last();
    if last.is_some_and(|words| words.iter().any(|word| word.text == "du")) {
        command = command.replace("du -sh", "du -sb").replace("du -h", "du -sb");
        fields.push(("number", Value::from("B")));
    }
    fields.insert(0, ("command", command.into()));
    Look::new("shell", probe("shell", fields)).at(statement)
}

/// What stands before a pipeline whose programs run by sudo: a pipeline ends as its last program does, and where sudo refuses
/// the first one that would read nothing, and be content.
fn asks_for_rights(statement: &Statement) -> String {
    let known = |word: &&super::shell::Word| !word.variable && !word.expands && !word.open;
    let by_sudo = statement.programs.iter().filter(|words| words.first().is_some_and(|word| word.text == "sudo"));
    let asked = by_sudo.filter(|words| statement.programs.len() > 1 && words.iter().all(|word| known(&word)));
    let ask = |words: &Vec<super::shell::Word>| {
        let words = words.iter().skip(1).map(|word| word.text.as_str()).filter(|word| *word != "-n");
        let words = words.map(quoted).collect::<Vec<_>>().join(" ");
        format!("sudo -n -l {words} >/dev/null && ")
    };
    asked.map(ask).collect()
}

fn web(words: &[&str], statement: &Statement) -> Vec<Look> {
    let Some(url) = words.iter().find_map(|word| urls(word).next()) else { return Vec::new() };
    if statement.shape.loops.is_empty() {
        return vec![Look::new("http", probe("http", [("url", url.into())]))];
    }
    // `{1..10}` or `1 2 3`.
    let loops = &statement.shape.loops;
    let counted = loops.first().and_then(|word| {
        let (from, to) = word.strip_prefix('{')?.strip_suffix('}')?.split_once("..")?;
        Some(to.parse::<i64>().ok()? - from.parse::<i64>().ok()? + 1)
    });
    let times = counted.unwrap_or_else(|| i64::try_from(loops.len()).unwrap_or(10)).clamp(1, 50);
    vec![Look::new("benchmark", probe("benchmark", [("url", url.into()), ("times", times.into())]))]
}

/// The log of one service: of an hour it is read line by line, of days it is counted on the host.
fn log(words: &[&str], service: impl Fn(&str) -> String) -> Vec<Look> {
    let Some(since) = value_of(words, "--since").and_then(span) else { return Vec::new() };
    let mut value = false;
    let name = words.iter().find(|word| {
        let is_value = std::mem::replace(&mut value, matches!(**word, "--since" | "--tail" | "--until" | "-n"));
        !is_value && !word.starts_with('-')
    });
    let Some(name) = name else { return Vec::new() };
    let kind = if since.ends_with('d') { "log_errors" } else { "container_log" };
    let mut fields = probe(kind, [("service", service(name).into()), ("since", since.into())]);
    if kind == "container_log" {
        let mut patterns = Table::new();
        patterns.insert("database".into(), DATABASE_ERRORS.into());
        fields.insert("patterns".into(), Value::Table(patterns));
    }
    vec![Look::new(kind, fields)]
}

/// What a log says when its database cannot be reached.
const DATABASE_ERRORS: &str = r"(?i)(failed to connect to (the )?database|(postgres|mysql|database|db)\b.*\b(refused|unreachable|terminat|timed? ?out|not accept)|connection to .*(postgres|mysql|5432|3306).*\b(refused|failed|closed))";

/// The value behind an option, or after its `=`.
pub(super) fn value_of<'a>(words: &[&'a str], option: &str) -> Option<&'a str> {
    let behind = words.iter().position(|word| *word == option).and_then(|at| words.get(at + 1)).copied();
    behind.or_else(|| words.iter().find_map(|word| word.strip_prefix(option)?.strip_prefix('=')))
}

/// `30m`, `7d`, `7 days ago` as a command file writes a span.
pub(super) fn span(text: &str) -> Option<String> {
    let text = text.trim_end_matches("ago").trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number: u32 = text[..digits].parse().ok().filter(|number| *number > 0)?;
    let unit = match text[digits..].trim() {
        "s" | "seconds" | "second" => "s",
        "m" | "min" | "minutes" | "minute" => "min",
        // What docker calls 168h is a week of counting, not of reading.
        "h" | "hours" | "hour" if number >= 24 && number.is_multiple_of(24) => {
            return Some(format!("{} d", number / 24));
        }
        "h" | "hours" | "hour" => "h",
        "d" | "days" | "day" => "d",
        _ => return None,
    };
    Some(format!("{number} {unit}"))
}

fn trivy(words: &[&str]) -> Vec<Look> {
    let image = words.iter().skip_while(|word| **word != "image").skip(1).find(|word| !word.starts_with('-'));
    image.map_or_else(Vec::new, |image| vec![Look::new("trivy", probe("trivy", [("image", (*image).into())]))])
}

fn database(container: &str, words: &[&str], facts: &Facts) -> Vec<Look> {
    let Some(query) = value_of(words, "-c").filter(|query| is_read_only_sql(query)) else { return Vec::new() };
    let Some(name) = value_of(words, "-d") else { return Vec::new() };
    let user = value_of(words, "-U").unwrap_or("postgres");
    let lower = query.to_lowercase();
    let mut fields =
        vec![("service", facts.service(container).into()), ("database", name.into()), ("user", user.into())];
    let kind = if lower.contains("pg_stat_statements") {
        "statements"
    } else if lower.contains("pg_database_size") || lower.contains("pg_total_relation_size") {
        "database_size"
    } else if lower.trim_start().starts_with("explain") {
        let select = lower.find("select").and_then(|at| query.get(at..)).unwrap_or(query);
        fields.push(("query", select.trim().trim_end_matches(';').into()));
        "explain"
    } else {
        return Vec::new();
    };
    vec![Look::new(kind, probe(kind, fields))]
}

fn alarm(words: &[&str]) -> Vec<Look> {
    let threshold = value_of(words, "--threshold").and_then(|text| text.parse::<i64>().ok());
    let (Some(metric), Some(namespace), Some(threshold)) =
        (value_of(words, "--metric-name"), value_of(words, "--namespace"), threshold)
    else {
        return Vec::new();
    };
    let mut wanted = Table::new();
    wanted.insert("metric".into(), metric.into());
    wanted.insert("namespace".into(), namespace.into());
    wanted.insert("threshold".into(), threshold.into());
    vec![Look::new("aws_alarms", probe("aws_alarms", [("alarm", Value::Array(vec![Value::Table(wanted)]))]))]
}

#[cfg(test)]
mod tests {
    use super::super::shell::statements;
    use super::*;

    fn of(line: &str) -> Vec<String> {
        let facts =
            Facts { project: Some("gear_freak".into()), sites: vec!["api.gear-freaks.com".into()], ..Facts::default() };
        let (found, _) = statements(line, 1, |_| false);
        looks(&found[0], &facts).iter().map(|look| look.probe.to_string().trim().replace('\n', " ")).collect()
    }

    #[test]
    fn known_commands_become_probes() {
        for (line, expected) in [
            ("curl -s https://a.b | head -c 50", "kind = \"http\" url = \"https://a.b\""),
            ("for i in {1..10}; do curl -s https://a.b; done", "kind = \"benchmark\" times = 10 url = \"https://a.b\""),
            ("docker-compose ps", "kind = \"containers\""),
            (
                "docker compose logs --since 168h web | grep -i error",
                "kind = \"log_errors\" service = \"web\" since = \"7 d\"",
            ),
            ("docker logs --since=24h gear_freak_web", "kind = \"log_errors\" service = \"web\" since = \"1 d\""),
            ("df -h", "kind = \"disk\""),
            ("sudo certbot certificates", "kind = \"certificate\" sites = [\"api.gear-freaks.com\"]"),
            ("systemctl is-active x.timer", "kind = \"timer\" unit = \"x.timer\""),
            ("sudo fail2ban-client status sshd", "jail = \"sshd\" kind = \"fail2ban\""),
            ("sudo journalctl -u sshd --since \"7 days ago\" | tail", "kind = \"logins\" since = \"7 d\""),
            ("docker run --rm -v /x:/x aquasec/trivy image a/b:c", "image = \"a/b:c\" kind = \"trivy\""),
            (
                "docker exec gear_freak_postgres psql -U postgres -d gear_freak -c \"EXPLAIN ANALYZE SELECT * FROM product;\"",
                "database = \"gear_freak\" kind = \"explain\" query = \"SELECT * FROM product\" service = \"postgres\" user = \"postgres\"",
            ),
        ] {
            assert_eq!(of(line), [expected], "{line}");
        }
        assert!(of("docker-compose logs --since 30m serverpod | grep -i error")[0].contains("since = \"30 min\""));
    }

    #[test]
    fn what_does_more_than_look_is_no_look() {
        for line in [
            "docker-compose ps && docker-compose restart",
            "df -h > /etc/passwd",
            "df -h && reboot",
            "psql -c 'DROP TABLE x'",
        ] {
            assert_eq!(of(line), Vec::<String>::new().as_slice(), "{line}");
        }
    }
}
