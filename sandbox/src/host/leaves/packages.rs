//! The package manager, what it says of reboots, and Trivy.

use super::{Answer, Call};
use crate::host::core::Host;
use crate::host::files::fresh_repository;

pub(super) fn dnf(host: &Host, call: &Call) -> std::io::Result<Answer> {
    fresh_repository(host)?;
    let updates = host.look(|model| model.machine.updates.clone());
    let words: Vec<&str> = call.words().into_iter().filter(|word| !word.starts_with('-')).collect();
    Ok(match words.as_slice() {
        ["check-update", ..] => {
            let only_security = call.has(&["--security"]);
            let lines: String = updates
                .iter()
                .filter(|(_, mends)| *mends || !only_security)
                .map(|(update, _)| format!("{}    amazonlinux\n", update.replace(' ', "    ")))
                .collect();
            let head = "Last metadata expiration check: 0:00:01 ago.\n";
            if lines.is_empty() { Answer::says(head) } else { Answer::ends(100, format!("{head}\n{lines}")) }
        }
        ["updateinfo", ..] => {
            let line = |(update, _): &(String, bool)| {
                let (name, version) = update.split_once(' ').unwrap_or((update, ""));
                let (name, arch) = name.split_once('.').unwrap_or((name, "noarch"));
                format!("ALAS2023-2026-801 Important/Sec. {name}-{version}.{arch}\n")
            };
            Answer::says(updates.iter().filter(|(_, mends)| *mends).map(line).collect::<String>())
        }
        ["upgrade" | "update", ..] => {
            let count = updates.len();
            upgrade(host);
            Answer::says(format!("Upgraded: {count} packages\nComplete!\n"))
        }
        ["clean" | "makecache" | "history" | "repolist", ..] => Answer::default(),
        _ => Answer::fails(1, format!("No such command: {}\n", words.join(" "))),
    })
}

/// Everything that waited is installed; a library that everybody uses wants a reboot.
pub(super) fn upgrade(host: &Host) {
    host.change(|model| {
        let due = model
            .machine
            .updates
            .iter()
            .any(|(update, _)| update.starts_with("openssl") || update.starts_with("kernel"));
        model.machine.reboot_due |= due;
        model.machine.updates.clear();
        model.faults.remove("updates");
    });
}

pub(super) fn needs_restarting(host: &Host) -> Answer {
    if host.look(|model| model.machine.reboot_due) {
        Answer::ends(
            1,
            "Core libraries or services have been updated since boot-up:\n  * openssl-libs\n\nReboot is required to fully utilize these updates.\n",
        )
    } else {
        Answer::says(
            "No core libraries or services have been updated since boot-up.\nReboot should not be necessary.\n",
        )
    }
}

pub(super) fn trivy(call: &Call) -> Answer {
    if call.has(&["--version"]) {
        return Answer::says("Version: 0.58.1\n");
    }
    let weakness = |id: &str, severity: &str| serde_json::json!({"VulnerabilityID": id, "Severity": severity});
    let report = serde_json::json!({"SchemaVersion": 2, "Results": [{"Target": "debian 12.8", "Vulnerabilities": [
        weakness("CVE-2026-11011", "MEDIUM"), weakness("CVE-2026-11012", "LOW"), weakness("CVE-2026-11013", "LOW"),
    ]}]});
    Answer::says(format!("{report:#}\n"))
}
