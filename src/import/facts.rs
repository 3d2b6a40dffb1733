//! What a document says in passing, and its commands need: who logs in where, the compose project, the backups.

use toml::Value;

use super::look::value_of;
use super::shell::{Statement, Word};
use crate::domain::action::step::Name;

/// What the document says of its host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The address that is logged in to.
    pub address: Option<String>,
    /// Who logs in.
    pub user: Option<String>,
    /// With which key file.
    pub key: Option<String>,
    /// The folder of the compose project.
    pub folder: Option<String>,
    /// The compose project.
    pub project: Option<String>,
    /// Amazon's region.
    pub region: Option<String>,
    /// The sites that are asked by HTTPS.
    pub sites: Vec<String>,
    /// The folder of the backups.
    pub(super) backups: Option<String>,
    /// What a backup is called, as `strftime` has it.
    pub(super) backup_name: Option<String>,
    /// The line of cron: when, what, where it writes.
    pub(super) cron: Option<(String, String, String)>,
    /// The bucket and prefix of the copies.
    pub(super) bucket: Option<(String, String)>,
    /// The folder of the web server's logs.
    pub(super) web_logs: Option<String>,
    /// The database whose rows are counted: container, user, name, table.
    pub(super) counted: Option<[String; 4]>,
}

impl Facts {
    /// Learns from a statement.
    pub(super) fn learn(&mut self, statement: &Statement) {
        for words in &statement.programs {
            let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
            match texts.as_slice() {
                ["ssh", rest @ ..] => self.login(rest),
                ["cd", folder, ..] if folder.starts_with('/') => {
                    let name = folder.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
                    self.folder.get_or_insert_with(|| folder.trim_end_matches('/').to_owned());
                    self.project.get_or_insert_with(|| name.to_owned());
                }
                ["docker", "exec", container, rest @ ..] if rest.contains(&"psql") => self.count(container, rest),
                _ => {}
            }
            self.words(words);
        }
        for line in std::iter::once(&statement.text).chain(&statement.expected) {
            self.cron_line(line);
            self.names(line);
        }
    }

    /// Learns from a text: an item, a paragraph.
    pub(super) fn read(&mut self, text: &str) {
        for url in urls(text) {
            self.site(url);
        }
        self.cron_line(text);
    }

    fn login(&mut self, words: &[&str]) {
        let key = words.iter().position(|word| *word == "-i").and_then(|at| words.get(at + 1));
        let place = words.iter().find_map(|word| word.split_once('@'));
        if let Some((user, address)) = place {
            self.user.get_or_insert_with(|| user.to_owned());
            self.address.get_or_insert_with(|| address.to_owned());
            if let Some(key) = key {
                self.key.get_or_insert_with(|| (*key).to_owned());
            }
        }
    }

    /// `psql -U postgres -d gear_freak -c 'SELECT COUNT(*) FROM "user"'`: the live database, unless its name says that it is
    /// one for tests.
    fn count(&mut self, container: &str, words: &[&str]) {
        let (user, name) = (value_of(words, "-U").unwrap_or("postgres"), value_of(words, "-d"));
        let query = value_of(words, "-c").unwrap_or_default().to_lowercase();
        let table = query.split_once("count(*) from").map(|(_, rest)| rest.trim().trim_matches(['"', ';', ' ']));
        if let (Some(name), Some(table)) = (name.filter(|name| !name.contains("test")), table) {
            let all = [user, name, table].iter().all(|name| Name::try_from(*name).is_ok());
            if all && !container.starts_with('-') {
                self.counted.get_or_insert_with(|| [container, user, name, table].map(str::to_owned));
            }
        }
    }

    /// The live database, as a step has it.
    pub(super) fn database(&self) -> Option<Value> {
        let [container, user, name, table] = self.counted.as_ref()?;
        let service = self.service(container);
        let fields = [("service", &service), ("user", user), ("name", name), ("table", table)];
        Some(Value::Table(fields.into_iter().map(|(key, text)| (key.to_owned(), Value::from(text.as_str()))).collect()))
    }

    fn words(&mut self, words: &[Word]) {
        for (at, word) in words.iter().enumerate() {
            let text = word.text.as_str();
            if text == "--region"
                && let Some(region) = words.get(at + 1)
            {
                self.region.get_or_insert_with(|| region.text.clone());
            }
            if let Some((bucket, prefix)) =
                text.strip_prefix("s3://").map(|rest| rest.split_once('/').unwrap_or((rest, "")))
            {
                self.bucket.get_or_insert_with(|| (bucket.to_owned(), prefix.to_owned()));
            }
            if text.starts_with('/') && !text.ends_with(".sh") {
                let folder = text.split_inclusive('/').scan(String::new(), |path, part| {
                    path.push_str(part);
                    Some((path.clone(), part))
                });
                let mut found = folder.filter(|(_, part)| part.trim_end_matches('/').to_lowercase().contains("backup"));
                if let Some((path, _)) = found.find(|(path, _)| path.ends_with('/') || !text.contains('.')) {
                    self.backups.get_or_insert_with(|| path.trim_end_matches('/').to_owned());
                }
            }
            if let Some((folder, _)) =
                text.rsplit_once('/').filter(|(_, name)| name.contains("access") && text.starts_with('/'))
            {
                self.web_logs.get_or_insert_with(|| folder.to_owned());
            }
            self.read(text);
        }
    }

    /// The logs that the document names, as patterns: those of the web server, and what the backup writes.
    pub(super) fn logs(&self) -> Option<Vec<String>> {
        let web = self.web_logs.as_ref().map(|folder| format!("{folder}/*.log"));
        let backup = self.cron.as_ref().map(|(_, _, log)| log.clone());
        let all: Vec<_> = web.into_iter().chain(backup).collect();
        (!all.is_empty()).then_some(all)
    }

    /// A file's name with a date in it: `postgres_20260113_030000.sql.gz`.
    fn names(&mut self, line: &str) {
        for name in line.split(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '=')) {
            if let Some(pattern) = stamped(name) {
                self.backup_name.get_or_insert(pattern);
            }
        }
    }

    /// `0 3 * * * /opt/backup.sh >> /var/log/backup.log 2>&1`.
    fn cron_line(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let Some(start) = words.iter().position(|word| is_cron_field(word)) else { return };
        let Some((at, rest)) = words[start..].split_at_checked(5) else { return };
        let command = rest.first().filter(|command| command.starts_with('/'));
        if let (true, Some(command)) = (at.iter().all(|word| is_cron_field(word)), command) {
            let log = rest.iter().skip_while(|word| !word.starts_with('>')).find_map(|word| {
                let path = word.trim_start_matches('>');
                path.starts_with('/').then(|| path.to_owned())
            });
            if let Some(log) = log {
                self.cron.get_or_insert_with(|| (at.join(" "), (*command).to_owned(), log));
            }
        }
    }

    fn site(&mut self, url: &str) {
        let host = url.strip_prefix("https://").map(|rest| rest.split(['/', ':', '?']).next().unwrap_or_default());
        if let Some(host) = host.filter(|host| host.contains('.') && !self.sites.iter().any(|site| site == host)) {
            self.sites.push(host.to_owned());
        }
    }

    /// The compose service of a container.
    pub(super) fn service(&self, container: &str) -> String {
        let project = self.project.as_deref().unwrap_or_default();
        let rest = container.strip_prefix(project).filter(|_| !project.is_empty());
        let service = rest.map_or(container, |rest| rest.trim_start_matches(['_', '-']));
        let service = service.strip_suffix("_1").or_else(|| service.strip_suffix("-1")).unwrap_or(service);
        if service.is_empty() { container.to_owned() } else { service.to_owned() }
    }

    /// When a backup is made each day, where the line of cron says so plainly: `03:00`.
    pub(super) fn backup_time(&self) -> Option<String> {
        let (at, ..) = self.cron.as_ref()?;
        let mut fields = at.split(' ');
        let (minute, hour): (u8, u8) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
        (minute < 60 && hour < 24).then(|| format!("{hour:02}:{minute:02}"))
    }
}

fn is_cron_field(word: &str) -> bool {
    !word.is_empty()
        && word.chars().all(|c| c.is_ascii_digit() || matches!(c, '*' | '/' | ',' | '-'))
        && word != "-"
        && word != "/"
}

/// Every address of a site in `text`.
pub(super) fn urls(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | '"' | '\'' | '`' | ','))
        .filter(|word| word.starts_with("https://") || word.starts_with("http://"))
        .map(|word| word.trim_end_matches(['.', ':', ';']))
}

/// The pattern of a name that holds a date of eight digits, and perhaps a time of six.
fn stamped(name: &str) -> Option<String> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut at = 0;
    while let Some(found) = name.get(at..)?.find(|c: char| c.is_ascii_digit()) {
        let start = at + found;
        let length = digits(&name[start..]);
        let date = name.get(start..start + length)?;
        let plausible = length == 8 && ("19".."21").contains(&&date[..2]) && ("01"..="12").contains(&&date[4..6]);
        if !plausible {
            at = start + length;
            continue;
        }
        let (before, after) = (&name[..start], &name[start + 8..]);
        let mut rest = after.chars();
        let separator = rest.next().filter(|c| matches!(c, '_' | '-' | 'T'));
        return Some(match separator {
            Some(separator) if digits(rest.as_str()) == 6 => {
                format!("{before}%Y%m%d{separator}%H%M%S{}", &rest.as_str()[6..])
            }
            _ => format!("{before}%Y%m%d{after}"),
        });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::shell::statements;
    use super::*;

    fn learnt(block: &str) -> Facts {
        let mut facts = Facts::default();
        let (found, _) = statements(block, 1, |comment| comment.starts_with("expected"));
        found.iter().for_each(|statement| facts.learn(statement));
        facts
    }

    #[test]
    fn learns_who_logs_in_where_and_what_runs_there() {
        let facts = learnt(
            "ssh -i ~/.ssh/key.pem ec2-user@3.36.158.97\ncd /opt/gear_freak\ncurl -s https://api.gear-freaks.com/x\n",
        );
        assert_eq!((facts.user.as_deref(), facts.address.as_deref()), (Some("ec2-user"), Some("3.36.158.97")));
        assert_eq!(facts.key.as_deref(), Some("~/.ssh/key.pem"));
        assert_eq!(facts.project.as_deref(), Some("gear_freak"));
        assert_eq!(facts.sites, ["api.gear-freaks.com"]);
        assert_eq!(facts.service("gear_freak_serverpod"), "serverpod");
        assert_eq!(facts.service("gear_freak-redis-1"), "redis");
        assert_eq!(facts.service("elsewhere"), "elsewhere");
        assert_eq!(facts.service("gear_freak"), "gear_freak");
    }

    #[test]
    fn learns_where_backups_are_and_what_they_are_called() {
        let facts = learnt(
            "ls -lht /opt/gear_freak/backups/ | head -8\n/opt/gear_freak/backup.sh\ncrontab -l\n\n# expected:\n# 0 3 * * * /opt/gear_freak/backup.sh >> /var/log/backup.log 2>&1\n",
        );
        assert_eq!(facts.backups.as_deref(), Some("/opt/gear_freak/backups"));
        let cron = ("0 3 * * *".to_owned(), "/opt/gear_freak/backup.sh".to_owned(), "/var/log/backup.log".to_owned());
        assert_eq!(facts.cron, Some(cron));
        assert_eq!(facts.backup_time().as_deref(), Some("03:00"));
        let facts = learnt("gunzip -c /opt/x/backups/postgres_20260113_030000.sql.gz | psql x");
        assert_eq!(facts.backups.as_deref(), Some("/opt/x/backups"));
        assert_eq!(facts.backup_name.as_deref(), Some("postgres_%Y%m%d_%H%M%S.sql.gz"));
    }

    #[test]
    fn a_name_without_a_date_is_no_pattern() {
        assert_eq!(stamped("db-20260113.dump").as_deref(), Some("db-%Y%m%d.dump"));
        for name in ["postgres.sql.gz", "3059875", "99999999.gz", "20261399", "가1", ""] {
            assert_eq!(stamped(name), None, "{name}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}") {
            let mut facts = Facts::default();
            facts.read(&text);
            facts.names(&text);
        }
    }
}
