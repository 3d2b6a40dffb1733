//! `signoff doctor` on a real host: all green where all is well, and what is broken there is named with what mends it.

use std::process::Command;

use signoff_sandbox::PracticeDiscord;

use crate::deployment;
use crate::host::{Host, root};

/// What is broken on the host as root, and what doctor says of it.
const BROKEN: &[(&str, &str)] = &[
    ("gpasswd -d ec2-user docker && systemctl restart ssh", "usermod -aG docker ec2-user"),
    ("rm /etc/sudoers.d/ec2-user", "/etc/sudoers.d/signoff"),
    ("mv /usr/bin/timeout /usr/bin/timeout.away", "timeout: not found"),
    ("systemctl stop ssh", "127.0.0.1"),
];

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the box: tests/run brings it up"]
async fn doctor_is_all_green_and_names_what_is_broken() {
    let mut host = Host::healthy();
    let discord = PracticeDiscord::start().await.unwrap();
    let doctor = |host: &Host| {
        let commands = host.folder.path().join("commands");
        let config = deployment::of_box(&root(), host.folder.path(), &commands, Some(&discord)).unwrap();
        host.write("bot.toml", &config);
        let output = Command::new(env!("CARGO_BIN_EXE_signoff"))
            .args(["doctor", "--config"])
            .arg(host.folder.path().join("bot.toml"))
            .env("DISCORD_TOKEN", discord.token())
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8_lossy(&said).into_owned())
    };
    let (status, told) = doctor(&host);
    assert_eq!(status, Some(0), "{told}");
    for (breaks, mends) in BROKEN {
        host.root(&["sh", "-c", breaks]);
        let (status, told) = doctor(&host);
        // `reset` knows nothing of these; the next test shall find the host whole, whatever this one says.
        host.root(&["sh", "-c", "[ ! -e /usr/bin/timeout.away ] || mv /usr/bin/timeout.away /usr/bin/timeout"]);
        host.root(&["sh", "-c", "usermod -aG docker ec2-user; systemctl restart ssh"]);
        assert!(status == Some(2) && told.contains(mends), "{breaks}:\n{told}");
        host = host.renewed();
    }
}
