//! What the command lines that are no check become: where one or several of them are a thing that the bot knows how to
//! carry out and to prove, a step of that kind; else the program with its words, as it is written.

use toml::{Table, Value};

use super::facts::Facts;
use super::look::{plain, span, value_of};
use super::read_only::Effect;
use super::shell::Statement;

/// One command line of an action.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Where it stands in the document.
    pub(super) line: usize,
    /// The comment above it.
    pub(super) comment: Option<String>,
    /// The command line.
    pub(super) text: String,
    /// What it is thought to do.
    pub(super) effect: Effect,
    /// Its programs with their words, `sudo` taken off.
    programs: Vec<Vec<String>>,
    /// It is one program, and every word is known before it runs.
    single: bool,
    /// Its words, where it can be run as it is, without a shell.
    argv: Option<Vec<String>>,
}

/// What one or several lines become.
pub(super) struct Act<'a> {
    /// The lines.
    pub(super) lines: &'a [Line],
    /// The step; none where they only say something to who reads them.
    pub(super) step: Option<Table>,
    /// It is a kind of step of its own.
    pub(super) known: bool,
}

impl Line {
    pub(super) fn new(statement: &Statement, effect: &Effect) -> Self {
        let words = |words: &Vec<super::shell::Word>| words.iter().map(|word| word.text.clone()).collect::<Vec<_>>();
        let shape = &statement.shape;
        let bare = shape.unreadable.is_none() && shape.writes.is_none() && shape.loops.is_empty();
        let literal =
            |words: &Vec<super::shell::Word>| words.iter().all(|word| !word.variable && !word.open && !word.expands);
        let single = bare && statement.programs.len() == 1 && statement.programs.iter().all(literal);
        let argv = statement.programs.first().filter(|_| single).map(words);
        Self {
            line: statement.line,
            comment: statement.comment.clone(),
            text: statement.text.clone(),
            effect: effect.clone(),
            programs: statement.programs.iter().map(|program| without_sudo(&words(program))).collect(),
            single,
            // The shell would put names in the place of a pattern that is not quoted.
            argv: argv.filter(|words| !words.iter().any(|word| word.contains('*'))),
        }
    }

    /// Its words, where it is one program and nothing else.
    fn words(&self) -> Option<Vec<&str>> {
        let words = self.programs.first().filter(|_| self.single)?;
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        // The newer way to call it.
        match words.as_slice() {
            ["docker", "compose", rest @ ..] => Some([&["docker-compose"], rest].concat()),
            _ => Some(words),
        }
    }

    fn program(&self, name: &str) -> Option<Vec<&str>> {
        let found = self.programs.iter().find(|words| words.first().is_some_and(|first| first == name))?;
        Some(found.iter().map(String::as_str).collect())
    }
}

fn without_sudo(words: &[String]) -> Vec<String> {
    let texts: Vec<&str> = words.iter().map(String::as_str).collect();
    plain(&texts).iter().map(|word| (*word).to_owned()).collect()
}

/// What `lines` become, in their order; each of them stands in one act.
pub(super) fn acts<'a>(lines: &'a [Line], facts: &Facts) -> Vec<Act<'a>> {
    let mut acts = Vec::new();
    let mut rest = lines;
    while let Some(first) = rest.first() {
        let known = known(rest, facts);
        let (own, after) = rest.split_at(known.as_ref().map_or(1, |(_, count)| (*count).clamp(1, rest.len())));
        acts.push(match known {
            Some((step, _)) => Act { lines: own, step: Some(step), known: true },
            None if first.effect == Effect::Context => Act { lines: own, step: None, known: false },
            None => Act { lines: own, step: Some(run(first, facts)), known: false },
        });
        rest = after;
    }
    acts
}

/// A line that is known for nothing: its program and words.
fn run(line: &Line, facts: &Facts) -> Table {
    let mut words = line.argv.clone().unwrap_or_else(|| vec!["sh".into(), "-c".into(), line.text.clone()]);
    if let Some(folder) = facts.folder.as_ref().filter(|_| words.first().is_some_and(|word| word == "docker-compose")) {
        words.splice(1..1, ["-f".to_owned(), format!("{folder}/docker-compose.yml")]);
    }
    let bare = without_sudo(&words);
    let sudo = bare.len() < words.len() && bare.first().is_some_and(|word| !word.starts_with('-'));
    let mut step = Table::new();
    let words = if sudo { bare } else { words };
    step.insert("run".into(), Value::Array(words.into_iter().map(Value::String).collect()));
    if sudo {
        step.insert("sudo".into(), true.into());
    }
    step
}

fn step(kind: &str, fields: impl IntoIterator<Item = (&'static str, Value)>) -> Table {
    let mut table = Table::new();
    table.insert("kind".into(), kind.into());
    table.extend(fields.into_iter().map(|(key, value)| (key.to_owned(), value)));
    table
}

/// The step that the first lines are, and how many of them.
fn known(rest: &[Line], facts: &Facts) -> Option<(Table, usize)> {
    let several = restore_test(rest, facts).or_else(|| restore(rest, facts)).or_else(|| archive(rest));
    let several = several.or_else(|| down_up(rest, facts)).or_else(|| renew(rest));
    several.or_else(|| Some((one(rest.first()?, facts)?, 1)))
}

fn one(line: &Line, facts: &Facts) -> Option<Table> {
    if let Some(words) = line.program("aws") {
        return put_alarm(&words);
    }
    let words = line.words()?;
    let folder = || facts.folder.clone().map(|folder| ("folder", Value::from(folder)));
    match words.as_slice() {
        ["docker-compose", "restart"] => Some(step("compose_restart", [folder()?])),
        ["docker-compose", "restart", service] => {
            Some(step("compose_restart", [folder()?, ("service", named(service)?)]))
        }
        ["docker", "restart", container] => {
            let service = facts.service(container);
            // A container of another project is none that compose can restart.
            let own = service.as_str() != *container;
            Some(step("compose_restart", [folder()?, ("service", named(&service).filter(|_| own)?)]))
        }
        ["docker-compose", "up", "-d"] => Some(step("compose_up", [folder()?])),
        ["docker-compose", "up", "-d", service] => Some(step("compose_up", [folder()?, ("service", named(service)?)])),
        ["reboot"] | ["shutdown", "-r", "now"] | ["systemctl", "reboot"] => Some(step("reboot", [])),
        ["docker", "image", "prune", ..] => Some(step("prune_images", [folder()?])),
        ["docker", "system", "prune", rest @ ..] if !rest.contains(&"--volumes") => {
            Some(step("prune_system", [folder()?]))
        }
        ["journalctl", "--vacuum-time", keep] => vacuum(keep),
        ["journalctl", word] => vacuum(word.strip_prefix("--vacuum-time=")?),
        ["yum" | "dnf", "update" | "upgrade"] | ["yum" | "dnf", "update" | "upgrade", "-y"] => Some(step("update", [])),
        ["find", place, .., "-delete"] if facts.backups.as_deref() == Some(place.trim_end_matches('/')) => {
            Some(step("delete_backups", [("backups", backups(facts)?), ("older_than_days", older_than(&words)?)]))
        }
        [script] if is_backup(script, facts) => Some(step("backup", [("backups", backups(facts)?)])),
        _ => None,
    }
}

/// A service by its name; an option is none.
fn named(service: &str) -> Option<Value> {
    (!service.starts_with('-') && !service.contains(['{', '}'])).then(|| service.into())
}

fn vacuum(keep: &str) -> Option<Table> {
    Some(step("vacuum_journal", [("keep", span(keep)?.into())]))
}

/// `-mtime +7`, in days.
fn older_than(words: &[&str]) -> Option<Value> {
    let days = value_of(words, "-mtime")?.strip_prefix('+')?.parse::<i64>().ok()?;
    (1..=3650).contains(&days).then(|| days.into())
}

fn is_backup(program: &str, facts: &Facts) -> bool {
    facts.cron.as_ref().is_some_and(|(_, script, _)| script == program)
}

/// Where the backups are and what makes them, where the document says all of it.
fn backups(facts: &Facts) -> Option<Value> {
    let (_, script, _) = facts.cron.as_ref()?;
    let (folder, name) = (facts.backups.as_ref()?, facts.backup_name.as_ref()?);
    let fields = [("script", script), ("folder", folder), ("name", name)];
    Some(Value::Table(fields.into_iter().map(|(key, text)| (key.to_owned(), Value::from(text.as_str()))).collect()))
}

/// `down` with `up -d` behind it.
fn down_up(rest: &[Line], facts: &Facts) -> Option<(Table, usize)> {
    let [down, up, ..] = rest else { return None };
    let both = down.words()? == ["docker-compose", "down"] && up.words()? == ["docker-compose", "up", "-d"];
    let folder = facts.folder.clone().filter(|_| both)?;
    Some((step("compose_down_up", [("folder", folder.into())]), 2))
}

/// A renewal; that nginx reads the certificates again is a part of it.
fn renew(rest: &[Line]) -> Option<(Table, usize)> {
    let how = match rest.first()?.words()?.as_slice() {
        ["certbot", "renew"] => "plain",
        ["certbot", "renew", "--dry-run"] => "dry-run",
        ["certbot", "renew", "--force-renewal" | "--force-renew"] => "force-if-needed",
        _ => return None,
    };
    let reloads = |line: &Line| {
        let words = line.words().unwrap_or_default();
        matches!(words.as_slice(), ["systemctl", "reload" | "restart", "nginx"] | ["nginx", "-s", "reload"])
    };
    let count = 1 + usize::from(how != "dry-run" && rest.get(1).is_some_and(reloads));
    Some((step("renew", [("how", how.into())]), count))
}

/// Old logs of a folder are compressed, and older ones deleted.
fn archive(rest: &[Line]) -> Option<(Table, usize)> {
    let [compress, delete, ..] = rest else { return None };
    let (compress, delete) = (compress.words()?, delete.words()?);
    let (["find", folder, ..], ["find", same, .., "-delete"]) = (compress.as_slice(), delete.as_slice()) else {
        return None;
    };
    let named = |words: &[&str], ending: &str| value_of(words, "-name").is_some_and(|name| name.ends_with(ending));
    let gzips = compress.windows(2).any(|pair| pair == ["-exec", "gzip"]) && named(&compress, ".log");
    let both = gzips && named(&delete, ".gz") && folder == same && folder.starts_with('/') && !folder.contains("..");
    let days = (older_than(&compress)?, older_than(&delete)?);
    let fields = [("folder", (*folder).into()), ("compress_after_days", days.0), ("delete_after_days", days.1)];
    both.then(|| (step("archive_logs", fields), 2))
}

/// The database into which a backup is unpacked.
fn restored_into(line: &Line) -> Option<String> {
    let unpacks = ["gunzip", "zcat", "gzip"].iter().any(|name| line.program(name).is_some());
    let docker = line.program("docker").filter(|words| unpacks && words.contains(&"psql"))?;
    value_of(&docker, "-d").map(str::to_owned)
}

/// A database is made, a backup is unpacked into it, and it is dropped again.
fn restore_test(rest: &[Line], facts: &Facts) -> Option<(Table, usize)> {
    let last = |line: &Line, program: &str| {
        let words = line.words()?;
        words.contains(&program).then(|| words.last().copied().unwrap_or_default().to_owned())
    };
    let scratch = last(rest.first()?, "createdb")?;
    let end = rest.iter().position(|line| last(line, "dropdb").as_ref() == Some(&scratch))?;
    let filled = rest.iter().take(end).any(|line| restored_into(line).as_ref() == Some(&scratch));
    let fields = [("database", facts.database()?), ("backups", backups(facts)?)];
    filled.then(|| (step("restore_test", fields), end + 1))
}

/// A backup is unpacked into the live database: with the backup before it and the restart behind it, which are parts of it.
fn restore(rest: &[Line], facts: &Facts) -> Option<(Table, usize)> {
    let database = facts.database()?;
    let live = database.get("name").and_then(Value::as_str)?;
    let at = rest.iter().position(|line| restored_into(line).as_deref() == Some(live))?;
    let is_part = |line: &Line| {
        let backup = line.words().is_some_and(|words| matches!(words.as_slice(), [script] if is_backup(script, facts)));
        backup || line.effect == Effect::Context
    };
    if !rest.iter().take(at).all(is_part) {
        return None;
    }
    let after = rest.get(at + 1..)?;
    let (restart, service) = after.iter().enumerate().find_map(|(index, line)| match line.words()?.as_slice() {
        ["docker-compose", "restart", service] => Some((index, named(service)?)),
        _ => None,
    })?;
    let quiet = |line: &Line| matches!(line.effect, Effect::Reads | Effect::Context);
    if !after.iter().take(restart).all(quiet) {
        return None;
    }
    let folder = facts.folder.clone()?;
    let fields = [
        ("backups", backups(facts)?),
        ("file", format!("{{{BACKUP_FILE}}}").into()),
        ("folder", folder.into()),
        ("service", service),
        ("database", database),
    ];
    Some((step("restore", fields), at + restart + 2))
}

/// The parameter by which a backup is chosen.
pub(super) const BACKUP_FILE: &str = "file";

fn put_alarm(words: &[&str]) -> Option<Table> {
    if !matches!(words, ["aws", "cloudwatch", "put-metric-alarm", ..]) {
        return None;
    }
    let text = |option: &str| value_of(words, option).filter(|value| !value.contains('$'));
    let number = |option: &str| text(option).and_then(|value| value.parse::<i64>().ok());
    // It alarms from a threshold up: another comparison is another alarm.
    if text("--comparison-operator").is_some_and(|operator| !operator.starts_with("GreaterThan")) {
        return None;
    }
    let mut alarm = Table::new();
    for (key, option) in [("name", "--alarm-name"), ("namespace", "--namespace"), ("metric", "--metric-name")] {
        alarm.insert(key.into(), text(option)?.into());
    }
    alarm.insert("threshold".into(), number("--threshold")?.into());
    alarm.extend(text("--statistic").map(|statistic| ("statistic".to_owned(), statistic.into())));
    alarm.extend(number("--period").map(|period| ("period_seconds".to_owned(), period.into())));
    alarm.extend(number("--evaluation-periods").map(|periods| ("periods".to_owned(), periods.into())));
    if value_of(words, "--dimensions").is_some_and(|dimensions| dimensions.starts_with("Name=InstanceId")) {
        alarm.insert("of_instance".into(), true.into());
    }
    let name = text("--alarm-name").map(Value::from)?;
    Some(step("put_alarm", [("alarm", name), ("alarms", Value::Array(vec![Value::Table(alarm)]))]))
}

#[cfg(test)]
mod tests {
    use super::super::read_only::effect;
    use super::super::shell::statements;
    use super::*;

    fn facts() -> Facts {
        let mut facts = Facts::default();
        let block = "cd /opt/app\n/opt/app/backup.sh\nls /opt/app/backups/pg_20260113.sql.gz\n\
            docker exec app_db psql -U postgres -d app -c 'SELECT COUNT(*) FROM \"user\"'\n";
        statements(block, 1, |_| false).0.iter().for_each(|statement| facts.learn(statement));
        facts.read("0 3 * * * /opt/app/backup.sh >> /var/log/backup.log");
        facts
    }

    /// The kinds of the steps, and how many lines each stands for.
    fn of(block: &str) -> Vec<String> {
        let (found, _) = statements(block, 1, |_| false);
        let lines: Vec<_> = found.iter().map(|statement| Line::new(statement, &effect(statement))).collect();
        let facts = facts();
        let told = acts(&lines, &facts).into_iter().map(|act| {
            let step = act.step.map(|step| match step.get("kind") {
                Some(kind) => kind.as_str().unwrap_or_default().to_owned(),
                None => step["run"].to_string(),
            });
            format!("{} {}", act.lines.len(), step.unwrap_or_default())
        });
        told.collect()
    }

    #[test]
    fn what_the_bot_can_carry_out_is_a_step_of_its_kind() {
        for (block, expected) in [
            ("docker-compose restart", "1 compose_restart"),
            ("docker compose restart web", "1 compose_restart"),
            ("docker restart app_web", "1 compose_restart"),
            ("docker-compose up -d", "1 compose_up"),
            ("docker-compose down\ndocker-compose up -d", "2 compose_down_up"),
            ("sudo reboot", "1 reboot"),
            ("sudo shutdown -r now", "1 reboot"),
            ("docker image prune -a -f", "1 prune_images"),
            ("docker system prune -a -f", "1 prune_system"),
            ("sudo journalctl --vacuum-time=7d", "1 vacuum_journal"),
            ("sudo yum update -y", "1 update"),
            ("/opt/app/backup.sh", "1 backup"),
            ("find /opt/app/backups -name \"*.sql.gz\" -mtime +7 -delete", "1 delete_backups"),
            ("sudo certbot renew --dry-run", "1 renew"),
            ("sudo certbot renew --force-renewal\nsudo systemctl reload nginx", "2 renew"),
            (
                "sudo find /var/log/nginx -name '*.log' -mtime +30 -exec gzip {} \\;\nsudo find /var/log/nginx -name '*.gz' -mtime +90 -delete",
                "2 archive_logs",
            ),
            (
                "docker exec app_db createdb -U postgres t\ngunzip -c x.gz | docker exec -i app_db psql -U postgres -d t\ndocker exec app_db dropdb -U postgres t",
                "3 restore_test",
            ),
            (
                "/opt/app/backup.sh\nF=x.gz\ngunzip -c $F | docker exec -i app_db psql -U postgres -d app\ndocker-compose restart web",
                "4 restore",
            ),
            (
                "aws cloudwatch put-metric-alarm --alarm-name a --metric-name m --namespace n --threshold 80 --dimensions Name=InstanceId,Value=$(terraform output -raw id)",
                "1 put_alarm",
            ),
        ] {
            assert_eq!(of(block), [expected], "{block}");
        }
    }

    #[test]
    fn what_differs_from_what_the_bot_does_stays_as_it_is_written() {
        for block in [
            "docker-compose restart -t 0",
            "docker restart other_web",
            "docker-compose down",
            "docker system prune --volumes -f",
            "sudo certbot renew --cert-name x",
            "sudo yum update -y nginx",
            "find /elsewhere -mtime +7 -delete",
            "docker exec app_db createdb -U postgres t",
            "gunzip -c x.gz | docker exec -i app_db psql -U postgres -d other",
            "aws cloudwatch put-metric-alarm --alarm-name a --metric-name m --namespace n --threshold 8 --comparison-operator LessThanThreshold",
            "systemctl restart nginx",
            "docker-compose restart && rm x",
        ] {
            let found = of(block);
            assert!(found.len() == 1 && found[0].starts_with("1 ["), "{block}: {found:?}");
        }
    }
}
