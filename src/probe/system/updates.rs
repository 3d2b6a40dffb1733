//! Updates that the host's package manager knows of, which of them mend a hole, and whether a reboot is due.
//!
//! dnf and yum end with 100 where there are updates and 0 where there are none; a repository that could not be reached is
//! passed over by a mere line. Amazon Linux 2023 is locked to a version: only `--releasever=latest` shows what is newer.

use crate::domain::evidence::{Evidence, Looked, Measurement, Status};
use crate::domain::message::Message;
use crate::domain::probe::{Manager, Updates};
use crate::domain::quantity::Quantity;
use crate::probe::script::{mark, part};
use crate::probe::text::{OUTPUT_LENGTH, clip, fit};
use crate::probe::{Watch, Why, World, could_not, sudo};

pub(in crate::probe) async fn look(probe: &Updates, world: &World, watch: &Watch) -> Looked {
    let output = match world.run(&script(probe.manager), watch).await {
        Ok(output) => output,
        Err(why) => return Err(could_not("check-update", why)),
    };
    let text = &output.stdout.text;
    let Some(manager) = Manager::ALL.into_iter().find(|manager| manager.name() == part(text, "manager")) else {
        return Err(could_not("dnf check-update", Message::new("probe-updates-no-manager")));
    };
    let what = what(manager);
    if let Some(why) = sudo::refusal(part(text, "list"), world, &format!("/usr/bin/{} *", manager.name())) {
        return Err(could_not(what, why));
    }
    let listed = match listed(manager, part(text, "list"), part(text, "ended"), part(text, "security")) {
        Ok(listed) => listed,
        Err(why) => {
            let mut failed = could_not(what, why);
            failed.output = fit(part(text, "list"), &world.masker, OUTPUT_LENGTH);
            return Err(failed);
        }
    };
    let mut evidence = Evidence { what: what.to_owned(), status: Some(Status::Answered), ..Evidence::default() };
    let count = |packages: &[String]| Quantity::count(f64::from(u32::try_from(packages.len()).unwrap_or(u32::MAX)));
    let says = |key, packages: &[String]| Message::new(key).with("count", packages.len().to_string());
    evidence.measurements = vec![
        Measurement::quantity("pending", count(&listed.pending))
            .saying(says("probe-updates-pending", &listed.pending))
            .shown_by(listed.pending.clone()),
        Measurement::quantity("security", count(&listed.security))
            .saying(says("probe-updates-security", &listed.security))
            .shown_by(listed.security.clone()),
    ];
    let reboot = part(text, "reboot");
    match reboot.lines().next() {
        Some(state @ ("yes" | "no")) => {
            let measurement = Measurement::text("reboot", state);
            let why = reboot.lines().skip(1).collect::<Vec<_>>().join(", ");
            evidence.measurements.push(match state {
                "yes" => measurement.saying(Message::new("probe-updates-reboot").with("why", why)),
                _ => measurement,
            });
        }
        _ => evidence.unread.push(("reboot".to_owned(), Message::new("probe-updates-reboot-unknown"))),
    }
    match part(text, "age").parse::<f64>() {
        Ok(age) => evidence.measurements.push(Measurement::quantity("age", Quantity::seconds(age.max(0.0)))),
        Err(_) => evidence.unread.push(("age".to_owned(), Message::new("probe-updates-no-age"))),
    }
    evidence.output = clip(&listed.pending.join("\n"), OUTPUT_LENGTH).into_owned();
    Ok(evidence)
}

const fn what(manager: Manager) -> &'static str {
    match manager {
        Manager::Dnf => "sudo -n dnf check-update --releasever=latest",
        Manager::Yum => "sudo -n yum check-update",
        Manager::Apt => "apt-get -s dist-upgrade",
    }
}

/// Lists and changes nothing; dnf and yum renew what they know of their repositories, as a person's look would.
fn script(manager: Option<Manager>) -> String {
    let wanted = match manager {
        Some(manager) => manager.name().to_owned(),
        None => "$(for m in dnf yum apt-get; do command -v $m >/dev/null && echo $m && break; done)".to_owned(),
    };
    format!(
        "export LC_ALL=C PATH=\"$PATH:/usr/sbin:/sbin\"
manager={wanted}; [ \"$manager\" = apt-get ] && manager=apt
{manager_mark}
echo \"$manager\"
latest=; grep -q 'ID=\"amzn\"' /etc/os-release && grep -q 'VERSION_ID=\"2023' /etc/os-release && latest=--releasever=latest
{list_mark}
case $manager in
  dnf | yum) sudo -n $manager $latest check-update 2>&1; ended=$? ;;
  apt) apt-get -s -o Debug::NoLocking=1 dist-upgrade 2>&1; ended=$? ;;
esac
{ended_mark}
echo $ended
{security_mark}
case $manager in dnf | yum) sudo -n $manager -q $latest updateinfo list --security 2>/dev/null ;; esac
{age_mark}
case $manager in
  dnf | yum) files=/var/cache/$manager ;;
  apt) files=/var/lib/apt/lists ;;
esac
newest=$(sudo -n find $files -maxdepth 4 \\( -name 'repomd.xml' -o -name '*.solv' -o -name '*Release' -o -name '*_Packages*' \\) -printf '%T@\\n' 2>/dev/null | sort -n | tail -1)
[ -n \"$newest\" ] && echo $(($(date +%s) - ${{newest%.*}}))
{reboot_mark}
if [ -e /var/run/reboot-required ]; then echo yes; cat /var/run/reboot-required.pkgs 2>/dev/null | sort -u
elif command -v needs-restarting >/dev/null; then
  if sudo -n -l needs-restarting -r >/dev/null 2>&1; then
    sudo -n needs-restarting -r >/tmp/.signoff-$$ 2>&1; ended=$?
    case $ended in 0) echo no ;; 1) echo yes; sed -n 's/^ *\\* //p' /tmp/.signoff-$$ ;; *) echo unknown ;; esac
    rm -f /tmp/.signoff-$$
  else echo unknown
  fi
else
  newest=$(ls -1 /boot 2>/dev/null | sed -n 's/^vmlinuz-//p' | sort -V | tail -1)
  if [ -z \"$newest\" ] || [ \"$newest\" = \"$(uname -r)\" ]; then echo no; else echo yes; echo \"kernel $newest\"; fi
fi
true",
        manager_mark = mark("manager"),
        list_mark = mark("list"),
        ended_mark = mark("ended"),
        security_mark = mark("security"),
        age_mark = mark("age"),
        reboot_mark = mark("reboot"),
    )
}

/// What there is to update, as `name version`.
#[derive(Debug, PartialEq)]
struct Listed {
    pending: Vec<String>,
    security: Vec<String>,
}

fn listed(manager: Manager, list: &str, ended: &str, security: &str) -> Result<Listed, Why> {
    let failed = || {
        let line = list.lines().find(|line| line.contains("rror")).or(list.lines().last()).unwrap_or_default();
        Why::from(Message::new("probe-updates-failed").with("status", ended).with("cause", line.trim()))
    };
    if manager == Manager::Apt {
        return if ended == "0" { Ok(of_apt(list)) } else { Err(failed()) };
    }
    if let Some(line) = list.lines().find(|line| line.contains("Ignoring repositories")) {
        let repositories = line.split(':').next_back().unwrap_or_default().trim();
        return Err(Message::new("probe-updates-ignored").with("repositories", repositories).into());
    }
    match ended {
        "0" => Ok(Listed { pending: Vec::new(), security: Vec::new() }),
        "100" => Ok(of_dnf(list, security)),
        _ => Err(failed()),
    }
}

/// `kernel.x86_64   6.1.119-129.201.amzn2023   amazonlinux`, up to what only replaces others.
fn of_dnf(list: &str, security: &str) -> Listed {
    let pending = list.lines().take_while(|line| !line.starts_with("Obsoleting Packages")).filter_map(|line| {
        let words: Vec<_> = line.split_whitespace().collect();
        match words.as_slice() {
            [name, version, _] if name.contains('.') && version.contains(|c: char| c.is_ascii_digit()) => {
                Some(format!("{name} {version}"))
            }
            _ => None,
        }
    });
    // `ALAS2023-2026-801 Important/Sec. openssl-3.0.8-1.amzn2023.x86_64`
    let security = security.lines().filter_map(|line| {
        let words: Vec<_> = line.split_whitespace().collect();
        match words.as_slice() {
            [_, severity, package] => Some(format!("{package} ({severity})")),
            _ => None,
        }
    });
    let mut security: Vec<_> = security.collect();
    security.sort();
    security.dedup();
    Listed { pending: pending.collect(), security }
}

/// `Inst openssl [3.0.15-1] (3.0.17-1 Debian-Security:12/stable-security [amd64])`.
fn of_apt(list: &str) -> Listed {
    let updates: Vec<_> = list.lines().filter_map(|line| line.strip_prefix("Inst ")).collect();
    let name = |line: &&str| {
        let name = line.split_whitespace().next().unwrap_or_default();
        let version = line.split('(').nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap_or_default();
        format!("{name} {version}")
    };
    let security = updates.iter().filter(|line| line.to_ascii_lowercase().contains("security")).map(name).collect();
    Listed { pending: updates.iter().map(name).collect(), security }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DNF: &str = "Last metadata expiration check: 0:12:34 ago on Mon Nov 23 00:00:00 2026.

kernel.x86_64                 6.1.119-129.201.amzn2023       amazonlinux
openssl.x86_64                1:3.0.8-1.amzn2023.0.18        amazonlinux
Obsoleting Packages
old.noarch                    1.0-1                          amazonlinux";

    #[test]
    fn a_status_of_dnf_is_no_failure_and_a_line_may_be_one() {
        let security = "ALAS2023-2026-801 Important/Sec. openssl-1:3.0.8-1.x86_64\nALAS2023-2026-802 Important/Sec. openssl-1:3.0.8-1.x86_64";
        let some = listed(Manager::Dnf, DNF, "100", security).unwrap();
        assert_eq!(some.pending, ["kernel.x86_64 6.1.119-129.201.amzn2023", "openssl.x86_64 1:3.0.8-1.amzn2023.0.18"]);
        assert_eq!(some.security, ["openssl-1:3.0.8-1.x86_64 (Important/Sec.)"]);
        assert_eq!(listed(Manager::Dnf, "", "0", "").unwrap().pending, Vec::<String>::new());
        let ignored = listed(Manager::Dnf, "Ignoring repositories: amazonlinux", "0", "").unwrap_err();
        assert_eq!(ignored.reason.key, "probe-updates-ignored");
        assert_eq!(
            listed(Manager::Yum, "Error: Cannot retrieve", "1", "").unwrap_err().reason.key,
            "probe-updates-failed"
        );
    }

    #[test]
    fn apt_tells_security_by_where_a_package_comes_from() {
        let list = "Reading package lists...\nInst curl [7.88.1-10] (7.88.1-10+deb12u12 Debian:12.9/stable [amd64])
Inst openssl [3.0.15-1] (3.0.17-1 Debian-Security:12/stable-security [amd64])\nConf curl (7.88)";
        let listed = listed(Manager::Apt, list, "0", "").unwrap();
        assert_eq!(listed.pending, ["curl 7.88.1-10+deb12u12", "openssl 3.0.17-1"]);
        assert_eq!(listed.security, ["openssl 3.0.17-1"]);
    }
}
