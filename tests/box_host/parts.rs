//! Every other checklist: well, and with one thing broken after the other, each of which turns just the checks that it
//! should.

use std::fs;

use crate::host::{Host, check, graded};

/// One thing that goes wrong on the host.
struct Break {
    what: &'static str,
    /// What is run on the host as root; or `CLOUD` and what is wrong in the account at Amazon.
    does: &'static str,
    command: &'static str,
    grade: &'static str,
    /// The ids of the checks that turn, and no other.
    turns: &'static [&'static str],
    /// What the reason of the first of them says.
    says: &'static str,
    /// The checks that turn to another grade.
    besides: &'static [&'static str],
}

impl Break {
    const fn besides(self, besides: &'static [&'static str]) -> Self {
        Self { besides, ..self }
    }
}

const fn fails(
    what: &'static str,
    does: &'static str,
    command: &'static str,
    turns: &'static [&'static str],
    says: &'static str,
) -> Break {
    Break { what, does, command, grade: "fail", turns, says, besides: &[] }
}

const fn warns(
    what: &'static str,
    does: &'static str,
    command: &'static str,
    turns: &'static [&'static str],
    says: &'static str,
) -> Break {
    Break { what, does, command, grade: "warn", turns, says, besides: &[] }
}

const fn hides(
    what: &'static str,
    does: &'static str,
    command: &'static str,
    turns: &'static [&'static str],
    says: &'static str,
) -> Break {
    Break { what, does, command, grade: "unknown", turns, says, besides: &[] }
}

const NEWEST: &str =
    "cd /opt/gear_freak/backups; n=$(ls postgres_* | tail -1); p=$(ls postgres_* | tail -2 | head -1);";

/// Each by itself; `reset` puts it back.
const BREAKS: &[Break] = &[
    // Backups
    fails(
        "a day without a backup",
        "rm $(ls -d /opt/gear_freak/backups/* | sed -n 4p)",
        "weekly",
        &["backup-days"],
        "1 day without",
    ),
    fails(
        "no backup since two days",
        "rm $(ls -d /opt/gear_freak/backups/* | tail -2)",
        "weekly",
        &["backup-days"],
        "2 days without",
    ),
    fails(
        "a dump that failed: 20 bytes of gzip",
        "N; at=$(stat -c %Y $n); true | gzip >$n; touch -d @$at $n",
        "weekly",
        &["backup-days", "backup-whole", "backup-copies"],
        "without a whole backup",
    ),
    fails(
        "a dump cut off and packed anew",
        "N; gunzip -c $n | head -c 60000 | gzip >x && cat x >$n && rm x; touch -r $p $n",
        "weekly",
        &["backup-days", "backup-whole", "backup-copies"],
        "without a whole backup",
    ),
    fails(
        "yesterday's file under today's name",
        "N; cp $p $n",
        "weekly",
        &["backup-whole", "backup-copies"],
        "holds exactly",
    ),
    warns(
        "a dump of another size",
        "N; { gunzip -c $n; head -c 900000 /dev/urandom | base64 | sed 's/^/-- /'; echo '-- PostgreSQL database dump complete'; } | gzip >x && cat x >$n && rm x",
        "weekly",
        &["backup-whole"],
        "another size",
    )
    .besides(&["backup-copies"]),
    warns(
        "an old backup that nobody deletes",
        "N; cp $p postgres_20260101_030000.sql.gz; touch -d '20 days ago' postgres_20260101_030000.sql.gz",
        "weekly",
        &["backup-old"],
        "should be gone",
    ),
    hides(
        "no folder of backups",
        "mv /opt/gear_freak/backups /opt/gear_freak/box-away",
        "weekly",
        &["backup-days", "backup-whole", "backup-copies", "backup-old"],
        "cannot be looked into",
    ),
    fails(
        "an unreadable backup",
        "N; chmod 000 $n; chown root $n",
        "weekly",
        &["backup-days", "backup-whole"],
        "without a whole backup",
    ),
    fails("cron stopped", "systemctl stop cron", "backup", &["cron"], "does not run"),
    fails("the line of cron gone", "crontab -u ec2-user -r", "backup", &["cron"], "no crontab starts"),
    fails(
        "the line at another hour",
        "echo '0 5 * * * /opt/gear_freak/backup.sh >> /var/log/backup.log 2>&1' | crontab -u ec2-user -",
        "backup",
        &["cron"],
        "not planned for 0 3",
    ),
    fails("a script that cannot run", "chmod 644 /opt/gear_freak/backup.sh", "backup", &["cron"], "cannot be run"),
    fails(
        "a log that nobody may write",
        "chown root /var/log/backup.log; chmod 600 /var/log/backup.log",
        "backup",
        &["cron"],
        "cannot be written",
    ),
    fails(
        "nothing written for two days",
        "touch -d '2 days ago' /var/log/backup.log",
        "backup",
        &["last-run"],
        "last run",
    ),
    warns(
        "the script keeps for longer",
        "sed -i 's/-mtime +7/-mtime +30/' /opt/gear_freak/backup.sh",
        "backup",
        &["local-keep"],
        "kept for",
    ),
    // Certificates
    warns(
        "a certificate with 20 days left",
        "box-certificate api.gear-freaks.com 20",
        "weekly",
        &["certificates"],
        "19 d",
    ),
    fails(
        "a certificate that has run out",
        "box-certificate api.gear-freaks.com -1",
        "weekly",
        &["certificates"],
        "ended",
    ),
    fails(
        "nginx was not reloaded",
        "box-certificate app.gear-freaks.com 80 --keep-serving",
        "weekly",
        &["certificates"],
        "nginx has not read",
    ),
    fails("the timer is off", "systemctl stop certbot-renew.timer", "weekly", &["renewal"], "inactive"),
    fails(
        "the intermediate is left out",
        "sed -i 's/fullchain.pem/cert.pem/' /etc/nginx/conf.d/gear-freak.conf; box-nginx-reload",
        "security",
        &["chain"],
        "incomplete",
    ),
    fails(
        "TLS 1.0 is accepted",
        "sed -i 's/ssl_protocols .*/ssl_protocols TLSv1 TLSv1.2 TLSv1.3;/; s/^ssl_ciphers .*/ssl_ciphers ALL:@SECLEVEL=0;/' /etc/nginx/snippets/tls.conf; box-nginx-reload",
        "security",
        &["protocols"],
        "TLS 1.0",
    ),
    hides(
        "certificates that nobody may read",
        "sed -i 's/^ec2-user.*/ec2-user ALL=(ALL) NOPASSWD: \\/usr\\/sbin\\/nginx/' /etc/sudoers.d/ec2-user",
        "weekly",
        &["certificates", "addresses", "limited", "logins", "fail2ban"],
        "sudo",
    ),
    // Logs
    fails(
        "one address asks for everything",
        "box-visits 203.0.113.9 5000 200",
        "weekly",
        &["addresses"],
        "203.0.113.9",
    ),
    fails("many are limited", "box-visits spread 200 429", "weekly", &["limited"], "429"),
    fails(
        "a brute force against sshd",
        "for n in $(seq 60); do logger -t sshd --id=$((40000 + n)) -p auth.info \"Invalid user admin$n from 203.0.113.9 port $((50000 + n))\"; done; journalctl --sync",
        "weekly",
        &["logins"],
        "203.0.113.9",
    ),
    fails("fail2ban is down", "systemctl stop fail2ban", "weekly", &["fail2ban"], "does not run"),
    fails(
        "the jail is gone",
        "sed -i 's/enabled  = true/enabled = false/' /etc/fail2ban/jail.local; systemctl restart fail2ban; sleep 1",
        "security",
        &["fail2ban"],
        "no jail",
    ),
    fails(
        "a password in a log",
        "echo 'login failed for bob, password=hunter22hunter22' >>/var/log/nginx/api.gear-freaks.com.error.log",
        "security",
        &["log-secrets"],
        "looks like a secret",
    ),
    // Database
    hides(
        "PostgreSQL is stopped",
        "docker stop gear_freak_postgres",
        "weekly",
        &["database-size", "tables", "queries"],
        "is not running",
    ),
    hides(
        "PostgreSQL refuses",
        "docker exec gear_freak_postgres psql -q -U postgres -d postgres -c 'ALTER DATABASE gear_freak ALLOW_CONNECTIONS false'",
        "weekly",
        &["database-size", "tables", "queries"],
        "did not answer",
    ),
    fails(
        "a slow query",
        "docker exec gear_freak_postgres psql -q -U postgres -d gear_freak -c 'SELECT pg_stat_statements_reset()' -c 'SELECT pg_sleep(6)'",
        "weekly",
        &["queries"],
        "mean",
    ),
    // Setup
    fails(
        "passwords are allowed",
        "echo 'PasswordAuthentication yes' >/etc/ssh/sshd_config.d/00-box.conf",
        "security",
        &["sshd"],
        "passwordauthentication",
    ),
    fails("everybody may read the secrets", "chmod 644 /opt/gear_freak/.env*", "security", &["env-files"], "644"),
    fails(
        "no limit on the API",
        "sed -i '/limit_req zone=api/d' /etc/nginx/conf.d/gear-freak.conf",
        "security",
        &["rate-limit"],
        "off",
    ),
    // The machine
    warns("an update", "box-updates 1 2", "monthly", &["updates"], "updates: 1"),
    hides(
        "a repository out of reach",
        "mv /srv/box-repo /srv/box-away; dnf -q clean all",
        "monthly",
        &["updates", "reboot"],
        "repositor",
    ),
    warns(
        "a reboot is due",
        "echo linux-image >/var/run/reboot-required.pkgs; touch /var/run/reboot-required",
        "monthly",
        &["reboot"],
        "linux-image",
    ),
    warns("an old log", "touch -d '40 days ago' /var/log/nginx/box-old.log", "monthly", &["nginx-logs"], "box-old.log"),
    warns(
        "an older archive",
        "echo | gzip >/var/log/nginx/box-older.gz; touch -d '100 days ago' /var/log/nginx/box-older.gz",
        "monthly",
        &["nginx-archives"],
        "box-older.gz",
    ),
    warns(
        "an image that nobody uses",
        "truncate -s 1200M /tmp/big; tar -C /tmp -c big | docker import - box/unused:1; rm /tmp/big",
        "monthly",
        &["images"],
        "reclaimable space",
    ),
    fails("the site is slow", "docker pause gear_freak_serverpod", "monthly", &["api-benchmark"], "no answer"),
    // Amazon
    fails("a day without a copy in S3", "CLOUD copy-missing", "weekly", &["backup-copies"], "1 day without a copy"),
    fails("a copy that is cut off", "CLOUD copy-cut", "weekly", &["backup-copies"], "not as large"),
    fails("an empty bucket", "CLOUD no-copies", "backup", &["copies"], "7 days without"),
    fails("port 22 for everybody", "CLOUD ssh-for-all", "security", &["security-group"], "open to everybody"),
    fails("a port that nobody needs", "CLOUD port-open", "weekly", &["security-group"], "+ in tcp 5432"),
    fails("a costly month", "CLOUD costly-month", "monthly", &["cost"], "$26.16"),
    fails("a service far dearer", "CLOUD service-rises", "monthly", &["cost"], "$0.38"),
    fails("an alarm that is not there", "CLOUD alarm-missing", "monitoring", &["alarms"], "5xx"),
    warns("an alarm with another threshold", "CLOUD alarm-differs", "monitoring", &["alarms"], "99"),
    warns("alarms that tell nobody", "CLOUD alarm-silent", "monitoring", &["alarms"], "tell nobody"),
    fails(
        "answers of 5xx",
        "box-visits spread 60 502",
        "monitoring",
        &["error-rate"],
        "5xx",
    ),
];

#[test]
#[ignore = "needs the box: tests/run brings it up"]
fn on_a_healthy_host_nothing_is_wrong() {
    let host = Host::healthy();
    for command in ["weekly", "backup", "security", "monthly", "monitoring"] {
        let (report, _) = host.check_command(command);
        for grade in ["fail", "unknown", "warn"] {
            assert_eq!(graded(&report, grade), Vec::<&str>::new(), "{command}: {report:#}");
        }
        let told = report["checks"].as_array().unwrap().iter().all(|check| check["row"].is_string());
        assert!(told, "{command}: a check without its row: {report:#}");
    }
}

#[test]
#[ignore = "needs the box: tests/run brings it up"]
fn each_thing_that_breaks_turns_just_the_checks_that_it_should() {
    let mut wrong = Vec::new();
    let mut host = Host::healthy();
    for broken in BREAKS {
        match broken.does.strip_prefix("CLOUD ") {
            Some(wrong) => host.cloud(wrong),
            None => drop(host.root(&["sh", "-c", &broken.does.replace("N;", NEWEST)])),
        }
        let (report, _) = host.check_command(broken.command);
        let turned = graded(&report, broken.grade);
        let others: Vec<_> = ["fail", "unknown", "warn"]
            .into_iter()
            .filter(|grade| *grade != broken.grade)
            .flat_map(|grade| graded(&report, grade))
            .collect();
        let said = broken.turns.first().map_or("", |id| check(&report, id)["reason"].as_str().unwrap_or_default());
        if turned != broken.turns || others != broken.besides || !said.contains(broken.says) {
            wrong.push(format!("{}: turned {turned:?}, besides {others:?}, said: {said}", broken.what));
        }
        host = host.renewed();
    }
    assert!(wrong.is_empty(), "{} of {} breaks:\n{}", wrong.len(), BREAKS.len(), wrong.join("\n"));
}

#[test]
#[ignore = "needs the box: tests/run brings it up"]
fn what_was_measured_before_is_compared_with() {
    let host = Host::healthy();
    // Four earlier weeks without errors, then one with thirty.
    let (first, _) = host.check_command("weekly");
    assert_eq!(check(&first, "errors")["grade"], "skipped", "{first:#}");
    assert!(check(&first, "errors")["reason"].as_str().unwrap().contains("0 of 4 weeks"));
    host.pretend_weeks_ago("errors", "errors", &[(28, 2.0), (21, 1.0), (14, 3.0), (7, 2.0)]);
    let (calm, _) = host.check_command("weekly");
    assert_eq!(check(&calm, "errors")["grade"], "pass", "{calm:#}");
    host.root(&["sh", "-c", "for n in $(seq 30); do echo \"ERROR order $n could not be saved\"; done | docker exec -i gear_freak_serverpod log-line"]);
    let (worse, _) = host.check_command("weekly");
    assert_eq!(graded(&worse, "fail"), ["errors"], "{worse:#}");
    let reason = check(&worse, "errors")["reason"].as_str().unwrap();
    assert!(reason.contains("30") && reason.contains("usual 2"), "{reason}");
    // The kind is new as well, and the report opens with what is worse.
    assert_eq!(graded(&worse, "warn"), ["patterns"], "{worse:#}");
    assert_eq!(worse["difference"]["new"], serde_json::json!(["errors", "patterns"]));
    assert!(fs::metadata(host.folder.path().join("signoff.db")).unwrap().len() > 0);
}
