//! The other end of the small programs: each asks over a socket, and is answered from the model.

mod cloud;
mod compose;
mod database;
mod docker;
mod machine;
mod packages;
mod systemd;
mod template;
mod web;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};

pub(crate) use docker::act_on as docker_act;

use super::core::Host;

/// The most that a program may send as its input, in bytes.
const MOST_INPUT: usize = 64 << 20;

/// What a program was called as, and with.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Call {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) arguments: Vec<String>,
    #[serde(default)]
    pub(crate) environment: BTreeMap<String, String>,
}

impl Call {
    /// The arguments as words to match.
    pub(crate) fn words(&self) -> Vec<&str> {
        self.arguments.iter().map(String::as_str).collect()
    }

    /// Whether one of `flags` is among the arguments.
    pub(crate) fn has(&self, flags: &[&str]) -> bool {
        self.arguments.iter().any(|one| flags.contains(&one.as_str()))
    }

    /// The value of an option: `--since X`, `--since=X`.
    pub(crate) fn option(&self, names: &[&str]) -> Option<&str> {
        self.options(names).into_iter().next()
    }

    /// The values of an option that may come several times.
    pub(crate) fn options(&self, names: &[&str]) -> Vec<&str> {
        let mut found = Vec::new();
        for (index, word) in self.arguments.iter().enumerate() {
            if names.contains(&word.as_str()) {
                found.extend(self.arguments.get(index + 1).map(String::as_str));
            } else if let Some((name, value)) = word.split_once('=')
                && names.contains(&name)
            {
                found.push(value);
            }
        }
        found
    }
}

/// What a program prints, and how it ends.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) out: Vec<u8>,
    pub(crate) err: String,
    pub(crate) code: u8,
    /// It becomes another program instead.
    pub(crate) run: Option<Vec<String>>,
}

impl Answer {
    /// It prints `text` and all is well.
    pub(crate) fn says(text: impl Into<String>) -> Self {
        Self { out: text.into().into_bytes(), ..Self::default() }
    }

    /// It complains and ends with `code`.
    pub(crate) fn fails(code: u8, text: impl Into<String>) -> Self {
        Self { err: text.into(), code, ..Self::default() }
    }

    /// It ends with `code` and prints `text`.
    pub(crate) fn ends(code: u8, text: impl Into<String>) -> Self {
        Self { out: text.into().into_bytes(), code, ..Self::default() }
    }

    /// It becomes another program.
    pub(crate) fn becomes(words: impl IntoIterator<Item = String>) -> Self {
        Self { run: Some(words.into_iter().collect()), ..Self::default() }
    }
}

/// A program's input, asked for when it is needed.
pub(crate) struct Input<'a>(Option<&'a mut BufReader<UnixStream>>);

impl Input<'_> {
    /// No input.
    pub(crate) const fn none() -> Self {
        Self(None)
    }

    /// All of it.
    pub(crate) async fn read(&mut self) -> std::io::Result<Vec<u8>> {
        let Some(stream) = self.0.take() else { return Ok(Vec::new()) };
        send(stream, b'i', &[]).await?;
        let mut input = Vec::new();
        loop {
            let length = usize::try_from(stream.read_u32().await?).unwrap_or_default();
            if length == 0 {
                return Ok(input);
            }
            if input.len() + length > MOST_INPUT {
                return Err(std::io::Error::other("too much input"));
            }
            let from = input.len();
            input.resize(from + length, 0);
            stream.read_exact(input.get_mut(from..).unwrap_or_default()).await?;
        }
    }
}

/// Answers every program that asks.
pub(crate) async fn serve(host: Arc<Host>, listener: UnixListener) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let host = Arc::clone(&host);
                tokio::spawn(async move {
                    if let Err(error) = talk(&host, stream).await {
                        tracing::debug!(%error, "a program of the practice host went away");
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "the practice host's programs cannot ask");
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
        }
    }
}

async fn talk(host: &Arc<Host>, stream: UnixStream) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let call: Call = serde_json::from_str(&line).map_err(std::io::Error::other)?;
    let answer = answer(host, &call, &mut Input(Some(&mut stream))).await?;
    if let Some(words) = answer.run {
        let words = serde_json::to_vec(&words).unwrap_or_default();
        return send(&mut stream, b'r', &words).await;
    }
    for piece in answer.out.chunks(64 * 1024) {
        send(&mut stream, b'o', piece).await?;
    }
    if !answer.err.is_empty() {
        send(&mut stream, b'e', answer.err.as_bytes()).await?;
    }
    send(&mut stream, b'x', &[answer.code]).await
}

async fn send(stream: &mut BufReader<UnixStream>, kind: u8, payload: &[u8]) -> std::io::Result<()> {
    let mut frame = vec![kind];
    frame.extend(u32::try_from(payload.len()).unwrap_or(u32::MAX).to_be_bytes());
    frame.extend(payload);
    stream.write_all(&frame).await?;
    stream.flush().await
}

/// What a program prints, and how it ends.
pub(crate) async fn answer(host: &Arc<Host>, call: &Call, input: &mut Input<'_>) -> std::io::Result<Answer> {
    Ok(match call.name.as_str() {
        "docker" => docker::answer(host, call, input).await?,
        "docker-compose" => compose::answer(host, call, &call.words()),
        "df" => machine::df(host, call),
        "du" => machine::du(host, call),
        "free" => machine::free(host, call),
        "ps" => machine::ps(host, call),
        "pgrep" => machine::pgrep(host, call),
        "uptime" => machine::uptime(host),
        "uname" => machine::uname(call),
        "date" => machine::date(host, call),
        "hostnamectl" => Answer::says(" Static hostname: gear-freak\nOperating System: Amazon Linux 2023\n"),
        "timedatectl" => Answer::says("Asia/Seoul\n"),
        "crontab" => machine::crontab(call),
        "journalctl" => systemd::journalctl(host, call),
        "systemctl" => systemd::systemctl(host, call),
        "systemd-run" => systemd::run(call),
        "reboot" | "shutdown" => systemd::reboot(host, call),
        "certbot" => web::certbot(host, call)?,
        "nginx" => web::nginx(host, call)?,
        "openssl" => web::openssl(call),
        "sshd" => web::sshd(call),
        "fail2ban-client" => web::fail2ban(host, call),
        "dnf" | "yum" => packages::dnf(host, call)?,
        "needs-restarting" => packages::needs_restarting(host),
        "trivy" => packages::trivy(call),
        "aws" => cloud::aws(host, call)?,
        "true" => Answer::default(),
        other => Answer::fails(127, format!("{other}: command not found\n")),
    })
}
