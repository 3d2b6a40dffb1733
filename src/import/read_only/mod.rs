//! Which command lines only read: an allow-list. What is not on it is never a check.

mod programs;
mod sql;
#[cfg(test)]
mod tests;

use programs::{compose, has_option, is_asking_amazon, is_get, is_plain_awk, is_telling_date};
use sql::is_query;
pub(super) use sql::is_read_only_sql;

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
const READERS: &str = "cat cmp column cut df diff du echo egrep false fgrep free getent grep groups head id iostat last lastb ls \
    lsblk lscpu lsof md5sum mpstat nl nproc netstat nslookup pg_isready pgrep pwd readlink realpath rev \
    sha256sum stat tac tr true uname uptime vmstat w wc who whoami zcat zgrep needs-restarting getenforce";

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
    let mut logs_in = false;
    for words in &statement.programs {
        let login = words.first().is_some_and(|first| first.text == "ssh") && is_login(words);
        let bare = login || words.first().is_some_and(|first| first.text == "cd");
        logs_in |= login;
        context &= bare;
        if !bare && let Err(why) = reads(words, 0) {
            return why;
        }
    }
    // Nobody logs in from a check: it says where the others run only where it stands alone.
    if logs_in && !context {
        return Effect::Unknown("ssh".to_owned());
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
        // The place of an array's element, behind -v, may run a command.
        "[" | "test" | "printf" => none_of(&["-v"]),
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
        "journalctl" => none_of(&[
            "-f",
            "--follow",
            "--rotate",
            "--flush",
            "--sync",
            "--setup-keys",
            "--update-catalog",
            "--cursor-file",
            "--vacuum-time",
            "--vacuum-size",
            "--vacuum-files",
            "--relinquish-var",
            "--smart-relinquish-var",
        ]),
        "systemctl" => {
            none_of(&["-H", "--host", "-M", "--machine"])
                // `show` and `cat` would tell the environment that a unit is given.
                && first_is(&["status", "is-active", "is-enabled", "is-failed", "list-timers", "list-units"])
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
        ["ps" | "images" | "version" | "info" | "port", ..]
        // What stands behind the container are options of ps, which may show the environment.
        | ["top", _]
        | ["image" | "container" | "volume" | "network", "ls", ..]
        | ["system", "df", ..] => true,
        ["logs", rest @ ..] => !rest.iter().any(|arg| has_option(arg, &["-f", "--follow"])),
        // All of it, or a part that holds it, would show the environment of the container.
        ["inspect", rest @ ..] => has_plain_formats(rest),
        ["stats", rest @ ..] => rest.contains(&"--no-stream"),
        // Nothing may stand between `exec` and the container: `-d` and `--privileged` are no part of reading.
        ["exec", container, ..] if !container.starts_with('-') => {
            return reads(words.get(2..).unwrap_or_default(), depth + 1);
        }
        _ => false,
    };
    if fine { Ok(()) } else { refused() }
}

/// What `docker inspect` may be asked for: fields that hold no variable, no argument and no output of the container.
const FIELDS: &[&str] = &[
    ".Id",
    ".Name",
    ".Image",
    ".Created",
    ".Driver",
    ".Platform",
    ".LogPath",
    ".RestartCount",
    ".SizeRw",
    ".SizeRootFs",
    ".State.Status",
    ".State.Running",
    ".State.Paused",
    ".State.Restarting",
    ".State.OOMKilled",
    ".State.Dead",
    ".State.Pid",
    ".State.ExitCode",
    ".State.StartedAt",
    ".State.FinishedAt",
    ".State.Health.Status",
    ".State.Health.FailingStreak",
    ".Config.Image",
    ".Config.Hostname",
    ".Config.User",
    ".HostConfig.Memory",
    ".HostConfig.NanoCpus",
    ".HostConfig.NetworkMode",
    ".HostConfig.RestartPolicy.Name",
    ".HostConfig.LogConfig.Type",
    ".NetworkSettings.IPAddress",
    ".Architecture",
    ".Os",
    ".Size",
    ".RepoTags",
    ".RepoDigests",
    ".Mountpoint",
];

/// Whether `docker inspect` is asked for some of these fields and for nothing else. Of several formats it takes the last one,
/// so that each must be plain; an option that is not known might be one more.
fn has_plain_formats(args: &[&str]) -> bool {
    let mut formats = 0;
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let format = match *arg {
            "-f" | "--format" => args.next().copied(),
            "-s" | "--size" => continue,
            other => match other.strip_prefix("--format=") {
                None if other.starts_with('-') => return false,
                None => continue,
                format => format,
            },
        };
        if !format.is_some_and(is_plain_format) {
            return false;
        }
        formats += 1;
    }
    formats > 0
}

/// Whether each place of a Go template is one of [`FIELDS`].
fn is_plain_format(format: &str) -> bool {
    let mut places = format.split("{{");
    let before = places.next().unwrap_or_default();
    let is_plain = |place: &str| {
        place.split_once("}}").is_some_and(|(field, text)| FIELDS.contains(&field.trim()) && !text.contains("}}"))
    };
    !before.contains("}}") && places.all(is_plain)
}
