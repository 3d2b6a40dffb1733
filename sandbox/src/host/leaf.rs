//! The small programs of the practice host, all of them this one, called by another name inside the host's namespace: it asks
//! the model over a socket, prints what it is told, and ends as it is told. Blocking, and nothing but the standard library: it
//! is started some twenty times by one command.

use std::ffi::OsString;
use std::io::{Read, Write, stderr, stdin, stdout};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

/// Where the model listens, inside the namespace.
pub(crate) const SOCKET: &str = "/run/practice.sock";

/// What the program is called as.
pub(crate) const NAMES: [&str; 29] = [
    "aws",
    "certbot",
    "crontab",
    "date",
    "df",
    "dnf",
    "docker",
    "docker-compose",
    "du",
    "fail2ban-client",
    "free",
    "hostnamectl",
    "journalctl",
    "needs-restarting",
    "nginx",
    "openssl",
    "pgrep",
    "ps",
    "reboot",
    "shutdown",
    "sshd",
    "sudo",
    "systemctl",
    "systemd-run",
    "timedatectl",
    "trivy",
    "uname",
    "uptime",
    "yum",
];

/// The variables that the model hears of.
const VARIABLES: [&str; 5] = ["TZ", "LC_ALL", "SUDO_USER", "PGOPTIONS", "PWD"];

/// Does what this program was called for inside a practice host; none: it was called as itself.
#[must_use]
pub fn run_as_leaf() -> Option<ExitCode> {
    let mut arguments = std::env::args_os();
    let called = arguments.next()?;
    let name = std::path::Path::new(&called).file_name()?.to_str()?;
    if !NAMES.contains(&name) || !std::path::Path::new(SOCKET).exists() {
        return None;
    }
    let arguments: Vec<OsString> = arguments.collect();
    if name == "sudo" {
        return Some(sudo(&arguments));
    }
    let arguments: Vec<String> = arguments.iter().map(|one| one.to_string_lossy().into_owned()).collect();
    Some(ask(name, &arguments).unwrap_or_else(|error| {
        let _ = writeln!(stderr(), "{name}: the practice host does not answer: {error}");
        ExitCode::from(125)
    }))
}

/// Everybody is root here: what follows the options is run.
fn sudo(arguments: &[OsString]) -> ExitCode {
    let mut rest = arguments.iter().peekable();
    while let Some(option) = rest.next_if(|one| one.to_string_lossy().starts_with('-')) {
        if matches!(option.to_string_lossy().as_ref(), "-u" | "-g" | "-p" | "-C" | "-h") {
            rest.next();
        }
        // What one may do: everything.
        if option == "-l" {
            return ExitCode::SUCCESS;
        }
        if option == "--" {
            break;
        }
    }
    let Some(program) = rest.next() else { return ExitCode::SUCCESS };
    let error = Command::new(program).args(rest).env("SUDO_USER", "ec2-user").exec();
    let _ = writeln!(
        stderr(),
        "sudo: {}: {}",
        program.to_string_lossy(),
        if error.kind() == std::io::ErrorKind::NotFound { "command not found".to_owned() } else { error.to_string() }
    );
    ExitCode::from(1)
}

fn ask(name: &str, arguments: &[String]) -> std::io::Result<ExitCode> {
    let mut stream = UnixStream::connect(SOCKET)?;
    let environment: serde_json::Map<String, serde_json::Value> =
        VARIABLES.iter().filter_map(|name| Some(((*name).to_owned(), std::env::var(name).ok()?.into()))).collect();
    let call = serde_json::json!({"name": name, "arguments": arguments, "environment": environment});
    stream.write_all(format!("{call}\n").as_bytes())?;
    loop {
        let (kind, payload) = receive(&mut stream)?;
        match kind {
            // Whoever reads may have gone: then there is no more to be said.
            b'o' => {
                if stdout().write_all(&payload).and_then(|()| stdout().flush()).is_err() {
                    return Ok(ExitCode::from(141));
                }
            }
            b'e' => stderr().write_all(&payload)?,
            b'i' => send_input(&mut stream)?,
            b'r' => return Ok(run(name, &payload)),
            _ => return Ok(ExitCode::from(payload.first().copied().unwrap_or(125))),
        }
    }
}

/// Becomes another program.
fn run(name: &str, words: &[u8]) -> ExitCode {
    let words: Vec<String> = serde_json::from_slice(words).unwrap_or_default();
    let Some((program, arguments)) = words.split_first() else { return ExitCode::from(125) };
    let error = Command::new(program).arg0(name).args(arguments).exec();
    let _ = writeln!(stderr(), "{name}: {program}: {error}");
    ExitCode::from(127)
}

fn receive(stream: &mut UnixStream) -> std::io::Result<(u8, Vec<u8>)> {
    let mut head = [0; 5];
    stream.read_exact(&mut head)?;
    let [kind, length @ ..] = head;
    let mut payload = vec![0; usize::try_from(u32::from_be_bytes(length)).unwrap_or_default()];
    stream.read_exact(&mut payload)?;
    Ok((kind, payload))
}

fn send_input(stream: &mut UnixStream) -> std::io::Result<()> {
    let mut buffer = vec![0; 32 * 1024];
    loop {
        let read = stdin().read(&mut buffer)?;
        let length = u32::try_from(read).unwrap_or_default();
        stream.write_all(&length.to_be_bytes())?;
        stream.write_all(buffer.get(..read).unwrap_or_default())?;
        if read == 0 {
            return Ok(());
        }
    }
}
