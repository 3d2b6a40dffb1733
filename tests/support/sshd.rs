//! A real OpenSSH server on loopback, with keys of its own, for one test.
#![allow(dead_code, reason = "every test uses a part of it")]

use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use signoff::config::{HostConfig, HostKey, Instance, Login, Own, SshConfig, Transport};
use signoff::dial::Reach;
use signoff::domain::message::Localised;
use signoff::host::Host;
use tempfile::TempDir;

const SSHD: &str = "/usr/sbin/sshd";

/// A running server. It ends when this is dropped, with everything that was logged in.
pub(crate) struct Sshd {
    folder: TempDir,
    server: Child,
    port: u16,
}

impl Sshd {
    /// Starts a server that lets the current user in with the key [`Sshd::key`]; `settings` are lines of its
    /// configuration that come first, and so win. None, and a word on it, where OpenSSH is not installed; but on a
    /// machine that checks changes that is an error.
    pub(crate) fn start(settings: &[&str]) -> Option<Self> {
        if !Path::new(SSHD).exists() {
            let missing = format!("{SSHD} is missing (apt-get install openssh-server): the tests that need it");
            assert!(std::env::var_os("CI").is_none(), "{missing} cannot run");
            println!("{missing} are left out");
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder");
        if user() == "root" {
            // A server of root wants it, and on a machine without systemd nobody makes it.
            fs::create_dir_all("/run/sshd").expect("/run/sshd");
        }
        keygen(folder.path(), "host_ed25519", "ed25519", "");
        keygen(folder.path(), "id", "ed25519", "");
        fs::copy(folder.path().join("id.pub"), folder.path().join("authorized_keys")).expect("a copy");
        let port = free_port();
        let mut sshd = Self { server: serve(folder.path(), port, settings), folder, port };
        sshd.wait();
        Some(sshd)
    }

    /// Starts it again with the same keys and other settings.
    pub(crate) fn restart(mut self, settings: &[&str]) -> Self {
        let _ = self.server.kill();
        let _ = self.server.wait();
        self.port = free_port();
        self.server = serve(self.folder.path(), self.port, settings);
        self.wait();
        self
    }

    fn wait(&mut self) {
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let ended = self.server.try_wait().expect("a status");
            assert!(ended.is_none() && started.elapsed() < Duration::from_secs(10), "no sshd:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Where it listens, on 127.0.0.1.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// A file in the server's own folder.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The key that opens it.
    pub(crate) fn key(&self) -> PathBuf {
        self.file("id")
    }

    /// Makes another key, which opens nothing yet.
    pub(crate) fn make_key(&self, name: &str, kind: &str, passphrase: &str) -> PathBuf {
        keygen(self.folder.path(), name, kind, passphrase);
        self.file(name)
    }

    /// Lets the key `name` in, and only that.
    pub(crate) fn let_in(&self, name: &str) {
        fs::copy(self.file(&format!("{name}.pub")), self.file("authorized_keys")).expect("a copy");
    }

    /// The fingerprint of its host key, or of another key in its folder.
    pub(crate) fn fingerprint(&self, key: &str) -> String {
        let out = output(Command::new("ssh-keygen").arg("-lf").arg(self.file(&format!("{key}.pub"))));
        out.split_whitespace().nth(1).expect("a fingerprint").to_owned()
    }

    /// What a `known_hosts` file says of it when its key is `key`.
    pub(crate) fn known_hosts(&self, key: &str) -> String {
        let public = fs::read_to_string(self.file(&format!("{key}.pub"))).expect("a key");
        format!("[127.0.0.1]:{} {public}", self.port)
    }

    /// How to reach it.
    pub(crate) fn ssh(&self) -> SshConfig {
        SshConfig {
            reach: Reach::Anywhere,
            host: "127.0.0.1".into(),
            port: self.port,
            user: user(),
            login: Login::Key { file: self.key(), passphrase: None },
            host_key: HostKey::Fingerprint(self.fingerprint("host_ed25519")),
            max_channels: 6,
            connect_timeout: Duration::from_secs(20),
            keepalive: Duration::from_secs(15),
        }
    }

    /// It as a host.
    pub(crate) fn host(&self) -> Host {
        host(Transport::Ssh(self.ssh()))
    }

    /// The processes of the connections to it.
    pub(crate) fn connections(&self) -> Vec<u32> {
        let id = self.server.id();
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
        children.split_whitespace().map(|id| id.parse().expect("a number")).collect()
    }

    /// Kills every connection, and not the server.
    pub(crate) fn cut(&self) {
        self.signal("-KILL");
    }

    /// Sends a signal to every connection, and not to the server.
    pub(crate) fn signal(&self, signal: &str) {
        for id in self.connections() {
            // It may have ended by itself.
            let _ = Command::new("kill").args([signal, &id.to_string()]).stderr(Stdio::null()).status();
        }
    }

    /// What it has to say.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.file("log")).unwrap_or_default()
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        self.cut();
        let _ = self.server.kill();
        let _ = self.server.wait();
        if std::thread::panicking() {
            eprintln!("sshd said:\n{}", self.log());
        }
    }
}

/// A host of the given kind, whose Docker socket is nowhere.
pub(crate) fn host(transport: Transport) -> Host {
    Host::new(config(transport))
}

/// How a host of the given kind is configured.
pub(crate) fn config(transport: Transport) -> HostConfig {
    HostConfig {
        name: "gear-freak".into(),
        title: Localised { ko: "기어 프릭".into(), en: "Gear Freak".into() },
        transport,
        act: None,
        disks: vec!["/".into()],
        compose_project: "gear_freak".into(),
        docker_socket: "/nowhere/docker.sock".into(),
        site: None,
        instance: Instance::default(),
        own: Own::default(),
    }
}

/// Who runs the tests.
pub(crate) fn user() -> String {
    output(Command::new("id").arg("-un")).trim().to_owned()
}

/// A port of 127.0.0.1 where nobody listens.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

fn serve(folder: &Path, port: u16, settings: &[&str]) -> Child {
    let path = |name: &str| folder.join(name).display().to_string();
    let mut lines: Vec<String> = settings.iter().map(|line| line.replace("%FOLDER%", &path(""))).collect();
    lines.extend([
        "ListenAddress 127.0.0.1".into(),
        format!("HostKey {}", path("host_ed25519")),
        format!("AuthorizedKeysFile {}", path("authorized_keys")),
        "PidFile none".into(),
        "StrictModes no".into(),
        "UsePAM no".into(),
        "PermitRootLogin yes".into(),
        "PasswordAuthentication no".into(),
        "LogLevel VERBOSE".into(),
        // So deep a bash believes that its start-up files were read already: a test is not to wait for those of whoever
        // runs it.
        "SetEnv SHLVL=1".into(),
    ]);
    fs::write(folder.join("config"), lines.join("\n") + "\n").expect("a configuration");
    let log = File::create(folder.join("log")).expect("a log");
    let mut command = Command::new(SSHD);
    command.args(["-D", "-e", "-f"]).arg(folder.join("config")).args(["-p", &port.to_string()]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().expect("sshd")
}

fn keygen(folder: &Path, name: &str, kind: &str, passphrase: &str) {
    let mut command = Command::new("ssh-keygen");
    if kind == "rsa" {
        command.args(["-b", "2048"]);
    }
    command.args(["-q", "-t", kind, "-N", passphrase, "-C", "a key of a test", "-f"]).arg(folder.join(name));
    output(&mut command);
}

fn output(command: &mut Command) -> String {
    let output = command.output().expect("a program");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}
