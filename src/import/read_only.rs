//! Which command lines only read: an allow-list. What is not on it is never a check.

use super::shell::{Statement, Word};

/// What a statement does, as far as it can be told without running it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// It only reads.
    Reads,
    /// It says where the others run: `cd`, `ssh` without a command, a variable.
    Context,
    /// It is known to change something: which program.
    Changes(String),
    /// Nobody here knows what it does: which program or sign.
    Unknown(String),
}

/// Programs that are known to change something. The list only makes the report say so: what is on neither list is not
/// run either.
const CHANGE: &str = "apt apt-get chmod chown cp createdb crontab dd dnf docker docker-compose dropdb gunzip gzip halt kill killall ln \
    mkdir mkfs mount mv pg_restore pip pkill poweroff psql reboot rm rmdir rsync scp sed service shutdown snap \
    systemctl tar tee terraform touch truncate umount useradd userdel usermod xargs yum certbot find journalctl aws \
    kubectl npm git ufw iptables nginx redis-cli";

/// Programs that read whatever their arguments are.
const READERS: &str = "[ cat cmp column cut df diff du echo egrep false fgrep free getent grep groups head id iostat last lastb ls \
    lsblk lscpu lsof md5sum mpstat nl nproc netstat nslookup pg_isready pgrep printf pwd readlink realpath rev \
    sha256sum stat tac test tr true uname uptime vmstat w wc who whoami zcat zgrep needs-restarting getenforce";

/// Paths that hold secrets: what a check prints is kept and posted.
const SECRETS: &[&str] =
    &[".env", ".pem", ".key", "id_rsa", "id_ed25519", "shadow", "credentials", "environ", ".pgpass"];

/// What else names a secret, in a path.
const SECRET_PATHS: &[&str] =
    &["secret", "token", "password", "passwd-", "/.ssh/", ".netrc", ".my.cnf", "htpasswd", ".docker/config", ".kube/"];

/// Whether one of the words of `list` is `word`.
fn listed(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|listed| listed == word)
}

/// Whether what stands there is kept from everybody: what a check prints is kept and posted.
fn is_secret(arg: &str) -> bool {
    let path = arg.contains('/') || arg.starts_with(['.', '~']);
    SECRETS.iter().any(|secret| arg.contains(secret))
        || (path && SECRET_PATHS.iter().any(|secret| arg.contains(secret)))
}

/// What `statement` does.
pub(super) fn effect(statement: &Statement) -> Effect {
    if let Some(why) = &statement.shape.unreadable {
        return Effect::Unknown(why.clone());
    }
    if statement.shape.assigns {
        return Effect::Context;
    }
    let mut context = !statement.programs.is_empty();
    for words in &statement.programs {
        let bare = words.first().is_some_and(|first| first.text == "cd" || (first.text == "ssh" && is_login(words)));
        context &= bare;
        if !bare && let Err(why) = reads(words, 0) {
            return why;
        }
    }
    if let Some(written) = &statement.shape.writes {
        return Effect::Changes(written.clone());
    }
    if context { Effect::Context } else { Effect::Reads }
}

/// `ssh -i KEY user@host` and nothing to be run there.
fn is_login(words: &[Word]) -> bool {
    let mut after_option = false;
    let named = words.iter().skip(1).filter(|word| {
        let value =
            std::mem::replace(&mut after_option, matches!(word.text.as_str(), "-i" | "-p" | "-l" | "-o" | "-F" | "-J"));
        !value && !word.text.starts_with('-')
    });
    named.count() == 1
}

/// Programs that start another: deeper than this nobody writes.
const DEEPEST: u8 = 4;

fn reads(words: &[Word], depth: u8) -> Result<(), Effect> {
    let Some((first, arguments)) = words.split_first() else { return Ok(()) };
    let program = first.text.rsplit_once('/').map_or(first.text.as_str(), |(folder, name)| {
        if matches!(folder, "/bin" | "/usr/bin" | "/sbin" | "/usr/sbin" | "/usr/local/bin") {
            name
        } else {
            &first.text
        }
    });
    let refused = || {
        let known = listed(CHANGE, program);
        let named = format!("{program} {}", arguments.first().map_or("", |word| word.text.as_str()));
        let named = named.trim().to_owned();
        Err(if known { Effect::Changes(named) } else { Effect::Unknown(named) })
    };
    if first.variable || first.open || first.expands || depth > DEEPEST {
        return Err(Effect::Unknown(first.text.clone()));
    }
    if let Some(word) = arguments.iter().find(|word| word.variable || word.open || word.expands) {
        return Err(match refused() {
            Err(Effect::Changes(named)) => Effect::Changes(named),
            _ => Effect::Unknown(format!("{program} {}", word.text)),
        });
    }
    let args: Vec<&str> = arguments.iter().map(|word| word.text.as_str()).collect();
    if args.iter().any(|arg| is_secret(arg)) {
        return refused();
    }
    // What a command prints becomes a word of another one only where no word can do harm.
    if !matches!(program, "aws" | "echo") && args.iter().any(|arg| arg.contains("$(…)")) {
        return refused();
    }
    let none_of = |options: &[&str]| !args.iter().any(|arg| has_option(arg, options));
    let first_is = |subcommands: &[&str]| args.first().is_some_and(|arg| subcommands.contains(arg));
    let fine = match program {
        "sudo" => return inner(arguments, &["-n"], &[], depth, refused),
        "nice" | "time" => return inner(arguments, &[], &["-n"], depth, refused),
        "timeout" => {
            let rest = arguments.get(1..).unwrap_or_default();
            return inner(rest, &[], &[], depth, refused);
        }
        // What it adds may be any option: only what reads whatever its options are.
        "xargs" => {
            let started =
                arguments.iter().map(|word| word.text.as_str()).find(|word| !word.starts_with('-') && *word != "sudo");
            if !started.is_some_and(|program| listed(READERS, program)) {
                return refused();
            }
            return inner(arguments, &["-r", "-0"], &[], depth, refused);
        }
        program if listed(READERS, program) => true,
        "tail" => none_of(&["-f", "-F", "--follow", "--retry"]),
        "sort" => none_of(&["-o", "--output", "--compress-program", "-T", "--temporary-directory"]),
        // Its second name is what it writes to.
        "uniq" => args.iter().filter(|arg| !arg.starts_with('-')).count() <= 1,
        "awk" => {
            args.len() <= 2 && args.first().is_some_and(|program| !program.starts_with('-') && is_plain_awk(program))
        }
        "date" => is_telling_date(&args),
        "hostname" | "timedatectl" => args.is_empty(),
        // Without a dash, e shows what every process was started with, its environment.
        "ps" => !args.iter().any(|arg| !arg.starts_with('-') && arg.contains('e')),
        "ss" => none_of(&["-K", "--kill", "-D", "--diag"]),
        "find" => {
            none_of(&["-delete", "-exec", "-execdir", "-ok", "-okdir", "-fprint", "-fprint0", "-fprintf", "-fls"])
        }
        "journalctl" => {
            none_of(&[
                "-f",
                "--follow",
                "--rotate",
                "--flush",
                "--sync",
                "--setup-keys",
                "--update-catalog",
                "--cursor-file",
            ]) && !args.iter().any(|arg| arg.starts_with("--vacuum") || arg.starts_with("--relinquish"))
        }
        "systemctl" => {
            none_of(&["-H", "--host", "-M", "--machine"])
                && first_is(&[
                    "status",
                    "is-active",
                    "is-enabled",
                    "is-failed",
                    "list-timers",
                    "list-units",
                    "show",
                    "cat",
                ])
        }
        "nginx" => matches!(args.as_slice(), ["-v" | "-V"]),
        "openssl" => matches!(args.as_slice(), ["version", ..]),
        "certbot" => matches!(args.as_slice(), ["certificates"] | ["certificates", "-d" | "--cert-name", _]),
        "fail2ban-client" => first_is(&["status", "ping", "version"]),
        "crontab" => matches!(args.as_slice(), ["-l"]),
        "yum" | "dnf" => {
            let harmless =
                |arg: &&str| !arg.starts_with('-') || matches!(*arg, "--security" | "-q" | "--releasever=latest");
            first_is(&["check-update", "list", "info"]) && args.iter().all(harmless)
        }
        "apt" => matches!(args.as_slice(), ["list"] | ["list", "--upgradable" | "--installed"]),
        "dpkg" => first_is(&["-l", "-s"]),
        // Its formats and macros start programs.
        "rpm" => matches!(args.as_slice(), ["-qa" | "-q", rest @ ..] if !rest.iter().any(|arg| arg.starts_with('-'))),
        "redis-cli" => matches!(args.as_slice(), ["ping" | "info" | "dbsize" | "PING" | "INFO" | "DBSIZE", ..]),
        "docker" => return docker(arguments, depth, refused),
        "docker-compose" => compose(&args),
        "curl" => is_get(&args),
        "psql" => is_query(&args),
        "aws" => is_asking_amazon(&args),
        _ => false,
    };
    if fine { Ok(()) } else { refused() }
}

/// Whether `arg` is one of `options`: alone, with `=value`, or, of one letter, among others behind one dash.
fn has_option(arg: &str, options: &[&str]) -> bool {
    options.iter().any(|option| {
        let letter = option.strip_prefix('-').filter(|rest| rest.chars().count() == 1);
        arg == *option
            || arg.strip_prefix(option).is_some_and(|rest| rest.starts_with('='))
            || letter.is_some_and(|letter| arg.starts_with('-') && !arg.starts_with("--") && arg.contains(letter))
    })
}

/// What a program that starts another starts.
fn inner(
    words: &[Word],
    flags: &[&str],
    valued: &[&str],
    depth: u8,
    refused: impl Fn() -> Result<(), Effect>,
) -> Result<(), Effect> {
    let mut at = 0;
    while let Some(word) = words.get(at).filter(|word| word.text.starts_with('-')) {
        at += match word.text.as_str() {
            flag if flags.contains(&flag) => 1,
            option if valued.contains(&option) => 2,
            _ => return refused(),
        };
    }
    match words.get(at..) {
        Some(rest) if !rest.is_empty() => reads(rest, depth + 1),
        _ => refused(),
    }
}

fn docker(words: &[Word], depth: u8, refused: impl Fn() -> Result<(), Effect>) -> Result<(), Effect> {
    let args: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let fine = match args.as_slice() {
        ["compose", rest @ ..] => compose(rest),
        ["ps" | "images" | "version" | "info" | "top" | "port", ..]
        | ["image" | "container" | "volume" | "network", "ls", ..]
        | ["system", "df", ..] => true,
        ["logs", rest @ ..] => !rest.iter().any(|arg| has_option(arg, &["-f", "--follow"])),
        // All of it would show the environment of the container.
        ["inspect", rest @ ..] => {
            let format = rest.iter().position(|arg| matches!(*arg, "-f" | "--format")).and_then(|at| rest.get(at + 1));
            let format = format.copied().or_else(|| rest.iter().find_map(|arg| arg.strip_prefix("--format=")));
            format.is_some_and(|format| !format.contains("Env") && !format.contains("json"))
        }
        ["stats", rest @ ..] => rest.contains(&"--no-stream"),
        // Nothing may stand between `exec` and the container: `-d` and `--privileged` are no part of reading.
        ["exec", container, ..] if !container.starts_with('-') => {
            return reads(words.get(2..).unwrap_or_default(), depth + 1);
        }
        _ => false,
    };
    if fine { Ok(()) } else { refused() }
}

/// Whether `date` tells a time and sets none: a word of its own would set it.
fn is_telling_date(args: &[&str]) -> bool {
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match *arg {
            "-d" | "--date" => {
                args.next();
            }
            "-u" | "-R" => {}
            arg if arg.starts_with('+') || arg.starts_with("--date=") => {}
            _ => return false,
        }
    }
    true
}

fn compose(args: &[&str]) -> bool {
    match args {
        ["ps" | "top" | "images" | "version", ..] => true,
        ["logs", rest @ ..] => !rest.iter().any(|arg| has_option(arg, &["-f", "--follow"])),
        _ => false,
    }
}

/// A program for awk that starts, writes and reads nothing by itself.
fn is_plain_awk(program: &str) -> bool {
    !["system", "getline", "ENVIRON", ">", "|", "@", "close"].iter().any(|word| program.contains(word))
}

/// A request that only asks, and whose answer goes nowhere but to standard output.
fn is_get(args: &[&str]) -> bool {
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match *arg {
            "-o" | "--output" => {
                if args.next() != Some(&"/dev/null") {
                    return false;
                }
            }
            "-X" | "--request" => {
                if !args.next().is_some_and(|method| matches!(*method, "GET" | "HEAD")) {
                    return false;
                }
            }
            "-m" | "--max-time" | "--connect-timeout" | "-A" | "--user-agent" => {
                args.next();
            }
            // A file may stand behind `@`, and be written to behind `%output`.
            "-w" | "--write-out" => {
                if args.next().is_none_or(|format| format.starts_with('@') || format.contains("%output")) {
                    return false;
                }
            }
            "--silent" | "--show-error" | "--fail" | "--head" | "--location" | "--include" | "--compressed" => {}
            option if option.starts_with("--") => return false,
            option if option.starts_with('-') => {
                if !option.chars().skip(1).all(|letter| "sSfILikv46".contains(letter)) {
                    return false;
                }
            }
            url => {
                if url.contains("://") && !url.starts_with("http://") && !url.starts_with("https://") {
                    return false;
                }
            }
        }
    }
    true
}

/// The subcommands of Amazon's tool whose names say that they ask, less those that hand out secrets.
fn is_asking_amazon(args: &[&str]) -> bool {
    let (Some(service), Some(operation)) = (args.first(), args.get(1)) else { return false };
    match (*service, *operation) {
        ("s3", "ls") | ("ce", "get-cost-and-usage") | ("sts", "get-caller-identity") => true,
        ("ec2" | "cloudwatch" | "rds" | "elbv2" | "s3api" | "logs" | "autoscaling" | "budgets", operation) => {
            operation.starts_with("describe-") || operation.starts_with("list-")
        }
        _ => false,
    }
}

/// Functions of PostgreSQL that read.
const FUNCTIONS: &str = "age avg coalesce count current_database date_trunc extract length lower max min now nullif pg_database_size \
    pg_indexes_size pg_relation_size pg_size_pretty pg_stat_get_activity pg_table_size pg_total_relation_size round \
    sum to_char upper version in values and or on using as where from exists over filter any all select not by then \
    when else";

/// `psql … -c QUERY` where the query is one that reads.
fn is_query(args: &[&str]) -> bool {
    let mut query = None;
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match *arg {
            "-U" | "-d" | "-h" | "-p" | "--username" | "--dbname" | "--host" | "--port" => {
                args.next();
            }
            "-t" | "-A" | "-q" | "-X" | "-x" | "-tA" | "-At" => {}
            "-c" | "--command" if query.is_none() => query = args.next(),
            word if !word.starts_with('-') => {}
            _ => return false,
        }
    }
    query.is_some_and(|query| is_read_only_sql(query))
}

/// One `SELECT`, explained or not, that calls only functions that are known to read and makes no table.
pub(super) fn is_read_only_sql(query: &str) -> bool {
    let lower = query.trim().trim_end_matches(';').trim().to_lowercase();
    if lower.contains(';') || lower.contains("--") || lower.contains("/*") || lower.contains('\\') {
        return false;
    }
    let words: Vec<&str> =
        lower.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty()).collect();
    let begins = matches!(
        words.as_slice(),
        ["select", ..] | ["explain", "select", ..] | ["explain", "analyze", "select", ..] | ["show", _]
    );
    let writes = ["into", "update", "insert", "delete", "share", "do", "copy", "call", "with"];
    begins && !words.iter().any(|word| writes.contains(word)) && called(&lower).all(|name| listed(FUNCTIONS, name))
}

/// Every name that stands before an opening bracket.
fn called(query: &str) -> impl Iterator<Item = &str> {
    query.match_indices('(').filter_map(|(at, _)| {
        let before = query[..at].trim_end();
        let start = before.rfind(|c: char| !(c.is_alphanumeric() || c == '_' || c == '"')).map_or(0, |at| at + 1);
        before.get(start..).filter(|name| !name.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::super::shell::statements;
    use super::*;

    fn of(line: &str) -> Effect {
        let (found, _) = statements(line, 1, |_| false);
        effect(&found[0])
    }

    #[test]
    fn what_only_reads_is_let_through() {
        for line in [
            "df -h",
            "sudo cat /var/log/nginx/access.log | awk '{print $1}' | sort | uniq -c | sort -nr | head -20",
            "docker-compose logs --since 7d serverpod 2>&1 | grep -i error | wc -l",
            "docker compose ps",
            "docker stats --no-stream",
            "docker exec gear_freak_postgres psql -U postgres -d gear_freak -c \"SELECT COUNT(*) FROM \\\"user\\\";\"",
            "docker inspect --format='{{.LogPath}}' gear_freak_serverpod | xargs sudo du -h",
            "sudo journalctl -u sshd --since \"7 days ago\" | grep -i \"failed\\|invalid\" | tail -20",
            "curl -o /dev/null -s -w \"Time: %{time_total}s\\n\" https://api.gear-freaks.com",
            "for i in {1..10}; do curl -s https://example.com; done",
            "aws s3 ls s3://bucket/backups/ --recursive | tail -10",
            "find /var/log -name '*.log' -mtime +30",
            "LC_ALL=C df -B1 --output=target",
            "cd /opt/gear_freak && docker-compose ps",
            "/usr/bin/uptime",
            "nginx -v",
            "ps aux",
            "ps -ef",
            "rpm -q openssl",
            "sudo dnf check-update --security",
            "journalctl -u sshd | grep \"Failed password\"",
        ] {
            assert_eq!(of(line), Effect::Reads, "{line}");
        }
    }

    #[test]
    fn what_changes_or_may_change_something_is_not() {
        for line in [
            "rm -rf /",
            "docker system prune -a -f",
            "docker-compose restart",
            "docker exec -d db rm x",
            "docker exec db dropdb -U postgres gear_freak",
            "docker run --rm alpine ls",
            "docker stats",
            "sudo reboot",
            "sudo -u postgres rm x",
            "sudo bash -c 'df -h'",
            "sudo find /var/log/nginx -name \"*.gz\" -mtime +90 -delete",
            "find . -exec rm {} +",
            "find . {-delete,-print}",
            "find . $ARGS",
            "ls $(rm x)",
            "ls | tee /etc/passwd",
            "ls | xargs rm",
            "echo x > f",
            "df -h; reboot",
            "df -h && rm x",
            "if true; then rm x; fi",
            "sort -o f f",
            "sort -uof f",
            "uniq a b",
            "tail -f log",
            "tail -fn3 log",
            "awk '{ system(\"rm x\") }' f",
            "awk '{ print > \"f\" }' f",
            "awk -f script",
            "sed -i s/a/b/ f",
            "systemctl restart nginx",
            "sudo systemctl reload nginx",
            "journalctl --vacuum-time=7d",
            "journalctl -xef",
            "certbot renew --dry-run",
            "crontab -r",
            "date -s 2026-01-01",
            "date 010100002026",
            "hostname other",
            "yum update -y",
            "curl -X POST https://example.com",
            "curl -d x https://example.com",
            "curl -sO https://example.com",
            "curl -o f https://example.com",
            "curl --config f",
            "curl file:///etc/passwd",
            "curl -w @f https://example.com",
            "curl https://example.com | sh",
            "aws s3 rm s3://bucket",
            "aws secretsmanager get-secret-value --secret-id x",
            "aws cloudwatch put-metric-alarm",
            "aws ec2 describe-instances --query $(terraform output -raw x)",
            "psql -c 'DROP TABLE x'",
            "psql -c 'SELECT 1; DROP TABLE x'",
            "psql -c 'SELECT pg_terminate_backend(1)'",
            "psql -c 'SELECT \"pg_terminate_backend\"(1)'",
            "psql -c 'SELECT * INTO y FROM x'",
            "psql -c 'EXPLAIN ANALYZE DELETE FROM x'",
            "psql -f x.sql",
            "psql",
            "redis-cli flushall",
            "cat /opt/app/.env",
            "cat /etc/shadow",
            "cat ~/.aws/credentials",
            "$RUN ls",
            "`echo rm` x",
            "/opt/gear_freak/backup.sh",
            "./ls",
            "/tmp/ls",
            "PATH=/tmp ls",
            "diff <(rm a) b",
            "eval ls",
            "env ls",
            "ssh host rm x",
            "cd /opt; rm x",
            "ls() { rm x; }",
            "while true; do ls; done",
            "terraform apply",
            "timedatectl set-time 2026-01-01",
            "ss -K dst 10.0.0.1",
            "ps auxe",
            "docker inspect db",
            "docker inspect -f '{{json .Config}}' db",
            "docker inspect --format='{{.Config.Env}}' db",
            "docker exec db cat /run/secrets/token",
            "rpm -q --eval '%(reboot)'",
            "rpm -qa --pipe reboot",
            "dnf list --setopt=pluginpath=/tmp",
            "certbot certificates --deploy-hook reboot",
            "apt list -o Dpkg::Pre-Invoke::=reboot",
            "awk 'BEGIN { print ENVIRON[\"TOKEN\"] }'",
            "ls | xargs find",
            "ls | xargs curl",
            "curl https://example.com/$(cat /etc/passwd)",
            "for i in ${x:-$(rm y)}; do ls; done",
            "ls < ${x:=$(rm y)}",
            "case ${x:-$(rm y)} in a) ls;; esac",
            "cat id_rsa",
            "cat ~/.ssh/config",
            "systemctl status -H elsewhere nginx",
            "nohup ls",
        ] {
            let statements = statements(line, 1, |_| false).0;
            let all =
                statements.iter().map(effect).any(|effect| matches!(effect, Effect::Changes(_) | Effect::Unknown(_)));
            assert!(all, "{line} may run as a check");
        }
    }

    #[test]
    fn what_says_where_is_neither() {
        for line in ["cd /opt/gear_freak", "ssh -i ~/.ssh/key.pem ec2-user@3.36.158.97", "FILE=\"x.sql.gz\""] {
            assert_eq!(of(line), Effect::Context, "{line}");
        }
    }

    #[test]
    fn it_is_said_which_program_changes_and_which_is_unknown() {
        assert_eq!(of("sudo yum update -y"), Effect::Changes("yum update".into()));
        assert_eq!(of("frobnicate --all"), Effect::Unknown("frobnicate --all".into()));
    }
}
