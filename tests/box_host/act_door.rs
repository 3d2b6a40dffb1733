//! The two doors as the documentation has them: a user who looks and one who acts, each with the sudoers file that ships, and
//! nothing more. With systemd's help, and without it.

use signoff::domain::action::Ended;

use crate::act_faults::runs;
use crate::acting::{Acting, text};
use crate::host::Host;

const LOOK: &str = include_str!("../../docs/sudoers-look");
const ACT: &str = include_str!("../../docs/sudoers-act");

/// Makes both users on the host, with the box's key, and has the deployment use them.
fn two_doors() -> Host {
    let host = Host::healthy();
    for (user, rules) in [("signoff-look", LOOK), ("signoff-act", ACT)] {
        let make = format!(
            "set -e; id {user} >/dev/null 2>&1 || useradd -m -s /bin/sh -G docker,adm {user}
             mkdir -p /home/{user}/.ssh; cp /home/ec2-user/.ssh/authorized_keys /home/{user}/.ssh/; chown -R {user}: /home/{user}
             cat >/etc/sudoers.d/{user}.new <<'RULES'\n{rules}\nRULES
             visudo -cf /etc/sudoers.d/{user}.new; chmod 440 /etc/sudoers.d/{user}.new
             mv /etc/sudoers.d/{user}.new /etc/sudoers.d/{user}"
        );
        host.root(&["sh", "-c", &make]);
    }
    host.edit("bot.toml", "\"ec2-user\"", "\"signoff-look\"");
    let config = std::fs::read_to_string(host.folder.path().join("bot.toml")).unwrap();
    let key = config.lines().find(|line| line.trim_start().starts_with("key") && line.contains("id_ed25519")).unwrap();
    let door = format!("{config}\n[hosts.gear-freak.act]\nuser = \"signoff-act\"\n{}\n", key.trim());
    host.write("bot.toml", &door);
    host
}

#[tokio::test]
#[ignore = "needs the box: tests/run brings it up"]
async fn each_user_may_do_its_own_and_acts_outlive_the_login_with_systemd_and_without() {
    let acting = Acting::on(two_doors()).await;
    // Who looks cannot act, and who acts cannot do just anything.
    for (user, refused) in [
        ("signoff-look", "systemctl reload nginx"),
        ("signoff-look", "journalctl --vacuum-time=7d"),
        ("signoff-act", "cat /etc/shadow"),
        ("signoff-act", "systemctl stop docker"),
        ("signoff-act", "systemd-run --quiet --collect --unit=other sh -c id"),
    ] {
        let tried = acting.sh(&format!("su {user} -c 'sudo -n {refused}' 2>&1 >/dev/null | tail -1; true"));
        assert!(tried.contains("password is required") || tried.contains("not allowed"), "{user} {refused}: {tried}");
    }
    // The project's .env is its owner's alone: who acts must be that.
    acting.sh("chown signoff-act /opt/gear_freak/.env");
    let door = acting.stage.host.door().await.unwrap();
    assert!(door.user == "signoff-act" && door.has_systemd && door.has_room && door.has_timeout, "{door:?}");

    let slow = runs(&acting, &["sh", "-c", "id -un; sleep 4; echo ends"]);
    let units = "systemctl list-units --no-legend --plain 'signoff-*' | grep -c running || true";
    for systemd in [true, false] {
        let act = acting.act_as(&slow, &[]);
        let look = async {
            tokio::time::sleep(std::time::Duration::from_secs(2)).await;
            acting.sh(units).trim().to_owned()
        };
        let (outcome, running) = tokio::join!(act, look);
        let said = text(&outcome);
        assert_eq!(outcome.ended, Ended::Verified, "{said}");
        assert!(outcome.output.contains("signoff-act") && outcome.output.ends_with("ends"), "{said}");
        assert_eq!(running, if systemd { "1" } else { "0" }, "{said}");
        // Without the one line that lets systemd keep it, it has a session of its own.
        acting.sh("sed -i 's,/usr/bin/systemd-run --quiet --collect .*,/usr/bin/true,' /etc/sudoers.d/signoff-act; visudo -cf /etc/sudoers.d/signoff-act");
    }

    for (action, given) in [("vacuum-journal", &[][..]), ("restart", &[("service", "serverpod")])] {
        let outcome = acting.act(action, given).await;
        assert_eq!(outcome.ended, Ended::Verified, "{action}: {}", text(&outcome));
    }
    // The daily check by the user who looks: what it needs is in its file.
    let (report, _) = acting.host.check();
    for check in ["serverpod", "postgres", "redis", "critical", "memory", "disk"] {
        assert_ne!(crate::host::grade(&report, check), "unknown", "{check}: {report:#}");
    }
    let disk = crate::host::check(&report, "disk").to_string();
    assert!(!disk.contains("could not be read"), "{disk}");
    acting.sh("chown ec2-user /opt/gear_freak/.env");
    acting.sh("rm -f /etc/sudoers.d/signoff-look /etc/sudoers.d/signoff-act; userdel -rf signoff-look; userdel -rf signoff-act; true");
}
