//! Connections by SSH, against a real OpenSSH server: who is let in, which host is believed, what happens when it goes.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers as well"
)]

#[path = "support/sshd.rs"]
mod sshd;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use signoff::config::{HostKey, Login, SecretRef, SshConfig, Transport};
use signoff::dial::Reach;
use signoff::domain::message::Explain;
use signoff::host::{Host, HostError, shown_key};
use sshd::Sshd;

const SOON: Duration = Duration::from_secs(10);

/// A server, or the end of the test where there is none to be had.
macro_rules! sshd {
    ($($setting:expr),*) => {
        match Sshd::start(&[$($setting),*]) {
            Some(sshd) => sshd,
            None => return,
        }
    };
}

async fn echo(host: &Host) -> Result<String, HostError> {
    Ok(host.look("echo here", SOON).await?.stdout.text)
}

/// What a look by `ssh` fails with.
async fn error(ssh: SshConfig) -> HostError {
    let error = echo(&sshd::host(Transport::Ssh(ssh))).await.expect_err("an error");
    assert!(!error.message().key.is_empty() && !error.to_string().is_empty());
    error
}

fn with_key(sshd: &Sshd, file: &Path, passphrase: Option<SecretRef>) -> SshConfig {
    SshConfig { login: Login::Key { file: file.to_owned(), passphrase }, ..sshd.ssh() }
}

async fn let_in(ssh: SshConfig) {
    let user = ssh.user.clone();
    assert_eq!(echo(&sshd::host(Transport::Ssh(ssh))).await, Ok("here\n".to_owned()), "{user}");
}

#[tokio::test]
async fn keys_of_every_kind_let_in() {
    let sshd = sshd!();
    let passphrase = sshd.file("passphrase");
    fs::write(&passphrase, "correct horse\n").expect("a file");
    for (name, kind, secret) in [
        ("ed25519", "ed25519", ""),
        ("rsa", "rsa", ""),
        ("ecdsa", "ecdsa", ""),
        ("encrypted", "ed25519", "correct horse"),
        ("encrypted_rsa", "rsa", "correct horse"),
    ] {
        let file = sshd.make_key(name, kind, secret);
        sshd.let_in(name);
        // A passphrase that is not needed does no harm.
        let_in(with_key(&sshd, &file, Some(SecretRef::File(passphrase.clone())))).await;
    }
}

#[tokio::test]
async fn keys_in_the_older_formats_let_in() {
    let sshd = sshd!();
    let passphrase = sshd.file("passphrase");
    fs::write(&passphrase, "correct horse").expect("a file");
    for (name, kind, format, secret) in [
        ("pem", "rsa", "PEM", ""),
        ("pkcs8", "rsa", "PKCS8", ""),
        ("pkcs8_encrypted", "ecdsa", "PKCS8", "correct horse"),
    ] {
        let file = sshd.make_key(name, kind, secret);
        let change = ["-q", "-p", "-m", format, "-P", secret, "-N", secret, "-f"];
        assert!(Command::new("ssh-keygen").args(change).arg(&file).stdout(Stdio::null()).status().unwrap().success());
        sshd.let_in(name);
        let_in(with_key(&sshd, &file, Some(SecretRef::File(passphrase.clone())))).await;
    }
}

#[tokio::test]
async fn a_certificate_beside_the_key_lets_in() {
    let sshd = sshd!("TrustedUserCAKeys %FOLDER%ca.pub");
    sshd.make_key("ca", "ed25519", "");
    for (name, kind) in [("signed", "ed25519"), ("signed_ecdsa", "ecdsa")] {
        let file = sshd.make_key(name, kind, "");
        sign(&sshd, name);
        let_in(with_key(&sshd, &file, None)).await;
    }
    // That of an RSA key is passed over, and the bare key tried; so is one that is none.
    let rsa = sshd.make_key("rsa", "rsa", "");
    sign(&sshd, "rsa");
    sshd.let_in("rsa");
    let_in(with_key(&sshd, &rsa, None)).await;
    sshd.let_in("id");
    fs::write(sshd.file("id-cert.pub"), "no certificate").expect("a file");
    let_in(sshd.ssh()).await;
}

fn sign(sshd: &Sshd, name: &str) {
    let mut command = Command::new("ssh-keygen");
    command.args(["-q", "-I", "the bot", "-n", &sshd::user(), "-s"]).arg(sshd.file("ca"));
    assert!(command.arg(sshd.file(&format!("{name}.pub"))).status().expect("ssh-keygen").success());
}

#[tokio::test]
async fn what_is_wrong_with_a_key_is_told() {
    let sshd = sshd!();
    let file = |name: &str| sshd.file(name);
    sshd.make_key("encrypted", "ed25519", "correct horse");
    sshd.make_key("stranger", "ed25519", "");
    fs::write(file("garbage"), "not a key").expect("a file");
    fs::write(file("bytes"), b"\xff\xfe").expect("a file");
    fs::write(file("wrong"), "wrong horse").expect("a file");
    fs::create_dir(file("folder")).expect("a folder");
    let key = |name: &str| with_key(&sshd, &file(name), None);
    let opened_with = |name: &str, secret: &str| with_key(&sshd, &file(name), Some(SecretRef::File(file(secret))));

    assert_eq!(error(key("missing")).await, HostError::KeyMissing { file: file("missing") });
    assert!(matches!(error(key("folder")).await, HostError::KeyUnreadable { .. }));
    for not_a_key in ["garbage", "bytes", "id.pub"] {
        assert!(matches!(error(key(not_a_key)).await, HostError::KeyFormat { .. }), "{not_a_key}");
    }
    assert_eq!(error(key("encrypted")).await, HostError::PassphraseMissing { file: file("encrypted") });
    let wrong = error(opened_with("encrypted", "wrong")).await;
    assert_eq!(wrong, HostError::PassphraseWrong { file: file("encrypted") });
    assert!(!format!("{wrong:?} {wrong}").contains("horse"));
    assert!(matches!(error(opened_with("encrypted", "missing")).await, HostError::PassphraseUnread { .. }));
    let refused = error(key("stranger")).await;
    assert!(
        matches!(&refused, HostError::LoginRefused { keys, .. } if *keys == sshd.fingerprint("stranger")),
        "{refused}"
    );
    assert!(refused.permanent());
    let nobody = error(SshConfig { user: "no-such-user".into(), ..sshd.ssh() }).await;
    assert!(matches!(nobody, HostError::LoginRefused { user, .. } if user == "no-such-user"));
}

#[tokio::test]
async fn a_host_that_wants_more_than_a_key_is_told_of() {
    let sshd = sshd!("AuthenticationMethods publickey,keyboard-interactive", "KbdInteractiveAuthentication yes");
    let more = error(sshd.ssh()).await;
    assert!(matches!(&more, HostError::LoginIncomplete { methods, .. } if methods == "keyboard-interactive"), "{more}");
}

/// The tests of the agent need its address in the environment, so they run in a process of their own.
fn with_agent(test: &str, socket: Option<&Path>) {
    let mut command = Command::new(std::env::current_exe().expect("this test"));
    command.args(["--exact", test, "--ignored", "--nocapture"]).env_remove("SSH_AUTH_SOCK");
    command.envs(socket.map(|socket| ("SSH_AUTH_SOCK", socket)));
    let output = command.output().expect("this test");
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn the_keys_of_an_agent_let_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let socket = folder.path().join("agent");
    let mut agent =
        Command::new("ssh-agent").arg("-D").arg("-a").arg(&socket).stdout(Stdio::null()).spawn().expect("ssh-agent");
    let started = Instant::now();
    while !socket.exists() {
        assert!(started.elapsed() < SOON, "no agent");
        std::thread::sleep(Duration::from_millis(10));
    }
    let result = std::panic::catch_unwind(|| with_agent("inside_with_an_agent", Some(&socket)));
    agent.kill().expect("the agent ends");
    agent.wait().expect("a status");
    assert!(result.is_ok());
    with_agent("inside_without_an_agent", None);
    with_agent("inside_with_an_agent_that_is_gone", Some(&socket));
}

#[tokio::test]
#[ignore = "runs inside another test"]
async fn inside_with_an_agent() {
    let sshd = sshd!();
    let agent = SshConfig { login: Login::Agent, ..sshd.ssh() };
    assert_eq!(error(agent.clone()).await, HostError::AgentEmpty);
    let add = |file: &Path| {
        let status = Command::new("ssh-add").arg("-q").arg(file).stderr(Stdio::null()).status();
        assert!(status.expect("ssh-add").success());
    };
    add(&sshd.make_key("stranger", "ed25519", ""));
    assert!(matches!(error(agent.clone()).await, HostError::LoginRefused { .. }));
    add(&sshd.make_key("rsa", "rsa", ""));
    sshd.let_in("rsa");
    // The second key is the right one.
    let_in(agent).await;
}

#[tokio::test]
#[ignore = "runs inside another test"]
async fn inside_without_an_agent() {
    let sshd = sshd!();
    assert_eq!(error(SshConfig { login: Login::Agent, ..sshd.ssh() }).await, HostError::AgentMissing);
}

#[tokio::test]
#[ignore = "runs inside another test"]
async fn inside_with_an_agent_that_is_gone() {
    let sshd = sshd!();
    let gone = error(SshConfig { login: Login::Agent, ..sshd.ssh() }).await;
    assert!(matches!(gone, HostError::AgentUnreachable { .. }), "{gone}");
}

#[tokio::test]
async fn only_the_host_that_is_meant_is_believed() {
    let sshd = sshd!("HostKey %FOLDER%id");
    let other = sshd.make_key("other", "ed25519", "");
    let known = |name: &str, lines: &str| {
        fs::write(sshd.file(name), lines).expect("a file");
        SshConfig { host_key: HostKey::KnownHosts(sshd.file(name)), ..sshd.ssh() }
    };
    let pinned = |given: &str| SshConfig { host_key: HostKey::Fingerprint(given.into()), ..sshd.ssh() };
    // The first of two host keys of one kind is the one that is shown.
    let (shown, came) = ("id", sshd.fingerprint("id"));

    let_in(pinned(&came)).await;
    let_in(pinned(&format!(" {came}="))).await;
    let expected = sshd.fingerprint("other");
    let changed = error(pinned(&expected)).await;
    let at = format!("127.0.0.1:{}", sshd.port());
    let from = "bot.toml".to_owned();
    assert_eq!(
        changed,
        HostError::HostKeyChanged { at: at.clone(), expected: expected.clone(), came: came.clone(), from }
    );
    assert!(changed.permanent());
    for wrong in ["MD5:00:11", "SHA256:", "SHA256:short", ""] {
        assert_eq!(error(pinned(wrong)).await, HostError::FingerprintInvalid { given: wrong.into() });
    }

    let right = sshd.known_hosts(shown);
    let wrong = sshd.known_hosts("other");
    let_in(known("right", &format!("# known\nelse.example ssh-ed25519 AAAA\n{right}"))).await;
    let hashed = known("hashed", &right);
    assert!(
        Command::new("ssh-keygen")
            .arg("-qHf")
            .arg(sshd.file("hashed"))
            .stderr(Stdio::null())
            .status()
            .unwrap()
            .success()
    );
    assert!(!fs::read_to_string(sshd.file("hashed")).expect("a file").contains("127.0.0.1"));
    let_in(hashed).await;
    let file = sshd.file("wrong");
    let changed = error(known("wrong", &wrong)).await;
    let from = file.display().to_string();
    assert_eq!(changed, HostError::HostKeyChanged { at: at.clone(), expected, came: came.clone(), from });
    let unknown = error(known("unknown", &right.replace("127.0.0.1", "127.0.0.2"))).await;
    assert_eq!(unknown, HostError::HostKeyUnknown { at: at.clone(), came: came.clone(), file: sshd.file("unknown") });
    let revoked = error(known("revoked", &format!("{right}@revoked * {}", right.split_once(' ').unwrap().1))).await;
    assert_eq!(revoked, HostError::HostKeyRevoked { at, came, file: sshd.file("revoked") });
    let missing = SshConfig { host_key: HostKey::KnownHosts(sshd.file("nowhere")), ..sshd.ssh() };
    assert!(matches!(error(missing).await, HostError::KnownHosts { .. }));
    drop(other);
}

#[tokio::test]
async fn a_key_that_a_person_approved_counts_beside_the_pinned_one_and_a_revoked_one_never() {
    let sshd = sshd!();
    let shown = |port| shown_key("127.0.0.1", port, Reach::Loopback, Duration::from_secs(5));
    // As the host's console prints it, with nobody logged in.
    let right = shown(sshd.port()).await.expect("it shows its key");
    assert_eq!(right, sshd.fingerprint("host_ed25519"));
    let none = HostKey::Fingerprint(format!("SHA256:{}", "A".repeat(43)));
    let reached = sshd::host(Transport::Ssh(SshConfig { host_key: none, ..sshd.ssh() }));
    let look = || reached.look("echo in", Duration::from_secs(10));
    assert!(matches!(look().await, Err(HostError::HostKeyChanged { .. })));
    reached.trust(vec![format!("SHA256:{}", "B".repeat(43))]).await;
    assert!(matches!(look().await, Err(HostError::HostKeyChanged { .. })), "another key than the approved one");
    reached.trust(vec![right.clone()]).await;
    assert_eq!(look().await.expect("it is let in").stdout.text, "in\n");

    let line = sshd.known_hosts("host_ed25519");
    fs::write(sshd.file("gone"), format!("@revoked * {}", line.split_once(' ').unwrap().1)).expect("a file");
    let revoked = SshConfig { host_key: HostKey::KnownHosts(sshd.file("gone")), ..sshd.ssh() };
    let revoked = sshd::host(Transport::Ssh(revoked));
    revoked.trust(vec![right]).await;
    let refused = revoked.look("echo in", Duration::from_secs(10)).await;
    assert!(matches!(refused, Err(HostError::HostKeyRevoked { .. })));

    let nobody = shown(sshd::free_port()).await;
    assert!(matches!(nobody, Err(HostError::Unreachable { .. })), "{nobody:?}");
    let far = shown_key("192.0.2.1", 22, Reach::Loopback, Duration::from_secs(5)).await;
    assert!(far.is_err_and(|error| error.to_string().contains("reach")));
}

#[tokio::test]
async fn any_of_the_keys_of_a_host_may_be_pinned_or_known() {
    // The keys of another test's kind cannot be made before the server starts, so the server is started twice.
    let sshd = sshd!();
    for kind in ["rsa", "ecdsa"] {
        sshd.make_key(kind, kind, "");
    }
    let sshd = sshd.restart(&["HostKey %FOLDER%ecdsa", "HostKey %FOLDER%rsa"]);
    for key in ["host_ed25519", "ecdsa", "rsa"] {
        let_in(SshConfig { host_key: HostKey::Fingerprint(sshd.fingerprint(key)), ..sshd.ssh() }).await;
        fs::write(sshd.file("known"), sshd.known_hosts(key)).expect("a file");
        let_in(SshConfig { host_key: HostKey::KnownHosts(sshd.file("known")), ..sshd.ssh() }).await;
    }
    let none = HostKey::Fingerprint(format!("SHA256:{}", "A".repeat(43)));
    let changed = error(SshConfig { host_key: none, ..sshd.ssh() }).await;
    assert!(matches!(changed, HostError::HostKeyChanged { came, .. } if came == sshd.fingerprint("host_ed25519")));
}

#[tokio::test]
async fn a_host_that_is_not_there_is_told_of() {
    let sshd = sshd!();
    let quick = |port| SshConfig { port, connect_timeout: Duration::from_millis(500), ..sshd.ssh() };
    let closed = error(quick(sshd::free_port())).await;
    assert!(matches!(closed, HostError::Unreachable { .. }) && !closed.permanent(), "{closed}");
    let unresolved = error(SshConfig { host: "no-such-host.invalid".into(), ..sshd.ssh() }).await;
    assert!(matches!(unresolved, HostError::Unresolved { .. }), "{unresolved}");

    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let started = Instant::now();
    let late = error(quick(silent.local_addr().expect("an address").port())).await;
    assert!(matches!(late, HostError::ConnectTimedOut { .. }), "{late}");
    assert!(started.elapsed() < Duration::from_secs(2));

    let babbler = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = babbler.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = babbler.accept().await {
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let no_ssh = error(quick(port)).await;
    assert!(matches!(no_ssh, HostError::Handshake { .. }), "{no_ssh}");
}

#[tokio::test]
async fn all_who_look_share_one_connection_and_its_slots() {
    let sshd = sshd!("MaxSessions 3");
    let host = sshd.host();
    // Twice as many at a time as the server allows.
    let looks = (0..30).map(|number| {
        let host = host.clone();
        async move { host.look(&format!("echo {number}; sleep 0.05"), SOON).await }
    });
    for (number, output) in futures::future::join_all(looks).await.into_iter().enumerate() {
        assert_eq!(output.expect("an answer").stdout.text, format!("{number}\n"));
    }
    assert_eq!(sshd.log().matches("Accepted publickey").count(), 1);
    assert_eq!(sshd.connections().len(), 1);
    host.forget().await;
    let started = Instant::now();
    while !sshd.connections().is_empty() {
        assert!(started.elapsed() < SOON, "the connection stays");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(echo(&host).await, Ok("here\n".to_owned()));
}

#[tokio::test]
async fn a_host_that_runs_nothing_is_told_of() {
    let sshd = sshd!("MaxSessions 0");
    let deadline = Duration::from_millis(300);
    let taken = sshd.host().look("true", deadline).await.expect_err("no session");
    assert!(matches!(taken, HostError::SessionsTaken { .. }), "{taken}");
}

#[tokio::test]
async fn what_the_shell_says_in_place_of_a_command_is_no_output_of_it() {
    for (instead, says) in [
        ("true", "the login shell ended without running the command"),
        ("echo forced", "forced"),
        ("echo This account is; echo not available >&2; exit 1", "not available"),
        ("env -i PATH=/nowhere /bin/sh -c \"$SSH_ORIGINAL_COMMAND\"", "timeout"),
    ] {
        let force = format!("ForceCommand {instead}");
        let sshd = sshd!(&force);
        let refused = sshd.host().look("echo 42", SOON).await.expect_err("it never began");
        assert!(matches!(refused, HostError::SessionRefused { .. }), "{refused}");
        assert!(refused.to_string().contains(says), "{refused}");
    }
}

#[tokio::test]
async fn a_dropped_look_frees_its_slot() {
    let sshd = sshd!();
    let host = sshd::host(Transport::Ssh(SshConfig { max_channels: 1, ..sshd.ssh() }));
    echo(&host).await.expect("an answer");
    for _ in 0..3 {
        assert!(tokio::time::timeout(Duration::from_millis(300), host.look("sleep 60", SOON * 6)).await.is_err());
    }
    let started = Instant::now();
    assert_eq!(echo(&host).await, Ok("here\n".to_owned()));
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_connection_that_died_is_made_again() {
    let sshd = sshd!();
    let host = sshd.host();
    echo(&host).await.expect("an answer");
    // While nobody looks.
    sshd.cut();
    assert_eq!(echo(&host).await, Ok("here\n".to_owned()));
    // While somebody looks: the look is repeated.
    let noted = sshd.file("noted");
    let command = format!("echo x >> {0}; [ $(wc -l < {0}) = 2 ] || sleep 30; echo again", noted.display());
    let look = host.look(&command, SOON * 6);
    let (output, ()) = tokio::join!(look, cut_once_noted(&sshd, &noted));
    assert_eq!(output.expect("an answer").stdout.text, "again\n");
    // On a new connection it is not repeated.
    host.forget().await;
    fs::remove_file(&noted).expect("no note");
    let command = format!("echo x > {}; sleep 30", noted.display());
    let (output, ()) = tokio::join!(host.look(&command, SOON * 6), cut_once_noted(&sshd, &noted));
    assert!(matches!(output, Err(HostError::Lost { .. })), "{output:?}");
}

async fn cut_once_noted(sshd: &Sshd, noted: &Path) {
    let started = Instant::now();
    while !noted.exists() {
        assert!(started.elapsed() < SOON, "the command does not run");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    sshd.cut();
}

#[tokio::test]
async fn a_host_that_falls_silent_is_found_out() {
    let sshd = sshd!();
    let host = sshd.host();
    echo(&host).await.expect("an answer");
    sshd.signal("-STOP");
    // The old connection is given up when it answers no ping, and a new one is made.
    let output = host.look("echo here", Duration::from_millis(200)).await.map(|output| output.stdout.text);
    sshd.signal("-CONT");
    assert_eq!(output, Ok("here\n".to_owned()));
}

#[tokio::test]
async fn a_host_that_fell_silent_while_nobody_looked_costs_the_next_look_nothing() {
    let sshd = sshd!();
    let host = sshd::host(Transport::Ssh(SshConfig { keepalive: Duration::from_secs(1), ..sshd.ssh() }));
    echo(&host).await.expect("an answer");
    let silenced = sshd.connections();
    sshd.signal("-STOP");
    // Three keepalives without an answer.
    tokio::time::sleep(Duration::from_secs(5)).await;
    let started = Instant::now();
    assert_eq!(echo(&host).await, Ok("here\n".to_owned()));
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    assert!(sshd.connections().len() > silenced.len());
    sshd.signal("-CONT");
}

#[tokio::test]
async fn a_look_waits_for_no_slow_shell_and_hears_no_noise() {
    let slow = "ForceCommand sleep 1; echo welcome; echo beware >&2; exec sh -c \"$SSH_ORIGINAL_COMMAND\"";
    let sshd = sshd!(slow);
    let host = sshd.host();
    let output = host.look("echo here; echo there >&2", Duration::from_millis(900)).await.expect("an answer");
    assert_eq!((&*output.stdout.text, &*output.stderr.text), ("here\n", "there\n"));
    assert!(output.elapsed < Duration::from_millis(900), "{:?}", output.elapsed);
}

#[tokio::test]
async fn after_a_failure_the_next_look_tries_again() {
    let sshd = sshd!();
    sshd.make_key("stranger", "ed25519", "");
    let host = sshd.host();
    sshd.let_in("stranger");
    assert!(matches!(echo(&host).await, Err(HostError::LoginRefused { .. })));
    sshd.let_in("id");
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(echo(&host).await, Ok("here\n".to_owned()));
}

#[tokio::test]
async fn a_key_that_others_may_read_is_used_all_the_same() {
    let sshd = sshd!();
    fs::set_permissions(sshd.key(), fs::Permissions::from_mode(0o644)).expect("a file");
    let_in(sshd.ssh()).await;
}
