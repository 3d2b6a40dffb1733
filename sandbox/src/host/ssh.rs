//! The practice host's SSH server: one user, one key, commands that are run in the room, and sockets of the host.

use std::collections::HashMap;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

use russh::keys::ssh_key::LineEnding;
use russh::keys::{Algorithm, HashAlg, PrivateKey, PublicKey};
use russh::server::{Auth, ChannelOpenHandle, Handle, Handler, Msg, Session, VerifiedPublicKey};
use russh::{Channel, ChannelId, ChannelMsg, ChannelOpenFailure, Sig};
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, copy_bidirectional, duplex};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, ChildStdin};

use super::core::Host;
use super::files::{backups, meters};

/// Who may log in.
pub(crate) const USER: &str = "ec2-user";

/// Where the engine's socket is.
const SOCKETS: [&str; 2] = ["/var/run/docker.sock", "/run/docker.sock"];

/// How many bytes wait on their way.
const BUFFER: usize = 256 * 1024;

/// Keys, made anew for each world.
pub(crate) struct Keys {
    /// The host's: of the machine that is there first, and of the one that may come in its place.
    hosts: [PrivateKey; 2],
    client: PrivateKey,
}

impl Keys {
    pub(crate) fn new() -> Result<Self, russh::keys::ssh_key::Error> {
        let key = || PrivateKey::random(&mut rand::rng(), Algorithm::Ed25519);
        Ok(Self { hosts: [key()?, key()?], client: key()? })
    }

    /// `SHA256:…` of the host's keys.
    pub(crate) fn fingerprints(&self) -> [String; 2] {
        [0, 1].map(|nth: usize| self.hosts[nth].public_key().fingerprint(HashAlg::Sha256).to_string())
    }

    /// The key that lets in, as OpenSSH writes it.
    pub(crate) fn client_pem(&self) -> Result<String, russh::keys::ssh_key::Error> {
        Ok(self.client.to_openssh(LineEnding::LF)?.to_string())
    }
}

/// Serves until the task is dropped.
pub(crate) async fn serve(host: Arc<Host>, listener: TcpListener, keys: Keys) {
    let client = keys.client.public_key().clone();
    let configs = keys.hosts.map(|key| {
        Arc::new(russh::server::Config {
            keys: vec![key],
            auth_rejection_time: Duration::from_millis(200),
            auth_rejection_time_initial: Some(Duration::ZERO),
            inactivity_timeout: None,
            nodelay: true,
            ..russh::server::Config::default()
        })
    });
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let replaced = host.is_replaced();
        let config = Arc::clone(&configs[usize::from(replaced)]);
        let (host, client) = (Arc::clone(&host), client.clone());
        tokio::spawn(async move {
            if host.travel().await.is_some() {
                tokio::select! {
                    () = connection(&host, config, stream, client) => {}
                    () = host.gone() => {}
                    () = host.replaced(replaced) => {}
                }
            }
        });
    }
}

/// One connection. It goes through a pipe of its own, so that it can be cut.
async fn connection(host: &Arc<Host>, config: Arc<russh::server::Config>, mut stream: TcpStream, client: PublicKey) {
    let _ = stream.set_nodelay(true);
    let (mut near, far) = duplex(BUFFER);
    let login = Login { host: Arc::clone(host), client, channels: HashMap::new() };
    let talk = async {
        let ended = match russh::server::run_stream(config, far, login).await {
            Ok(session) => session.await,
            Err(error) => Err(error),
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "an SSH connection to the practice host ended badly");
        }
    };
    tokio::select! {
        _ = copy_bidirectional(&mut stream, &mut near) => {}
        () = talk => {}
    }
}

/// Somebody who is logging in, or is.
struct Login {
    host: Arc<Host>,
    client: PublicKey,
    /// Opened, and not used yet.
    channels: HashMap<ChannelId, Channel<Msg>>,
}

impl Handler for Login {
    type Error = russh::Error;

    async fn auth_publickey(&mut self, user: &str, key: VerifiedPublicKey<'_>) -> Result<Auth, Self::Error> {
        let known = user == USER && key.public_key.key_data() == self.client.key_data();
        Ok(if known { Auth::Accept } else { Auth::reject() })
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        self.channels.insert(channel.id(), channel);
        reply.accept().await;
        Ok(())
    }

    async fn channel_open_direct_streamlocal(
        &mut self,
        channel: Channel<Msg>,
        socket_path: &str,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        if !SOCKETS.contains(&socket_path) || self.host.look(|model| model.stopped_units.contains("docker")) {
            reply.reject(ChannelOpenFailure::ConnectFailed).await;
            return Ok(());
        }
        reply.accept().await;
        let router = super::docker::router(Arc::clone(&self.host));
        let host = Arc::clone(&self.host);
        tokio::spawn(async move {
            if host.travel().await.is_some() {
                crate::server::talk_http(channel.into_stream(), router).await;
            }
        });
        Ok(())
    }

    async fn exec_request(&mut self, id: ChannelId, data: &[u8], session: &mut Session) -> Result<(), Self::Error> {
        let Some(channel) = self.channels.remove(&id) else { return session.channel_failure(id) };
        session.channel_success(id)?;
        let line = String::from_utf8_lossy(data).into_owned();
        let (host, handle) = (Arc::clone(&self.host), session.handle());
        tokio::spawn(async move { exec(&host, channel, &handle, &line).await });
        Ok(())
    }
}

/// Runs `line`, and tells how it ended.
async fn exec(host: &Arc<Host>, channel: Channel<Msg>, handle: &Handle, line: &str) {
    let id = channel.id();
    if host.travel().await.is_none() {
        return;
    }
    tracing::debug!(line, "the practice host runs");
    let (mut from_client, to_client) = channel.split();
    if host.room().is_none() {
        let answer = super::plain::answer(host, line).await;
        let _ = to_client.data_bytes(answer.out).await;
        let _ = to_client.extended_data_bytes(1, answer.err.into_bytes()).await;
        let _ = handle.exit_status_request(id, u32::from(answer.code)).await;
        let _ = to_client.eof().await;
        let _ = to_client.close().await;
        return;
    }
    match start(host, line) {
        Ok((mut child, running)) => {
            let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
            let mut stdin = child.stdin.take();
            let group = child.id();
            let output = carry(stdout, to_client.make_writer());
            let errors = carry(stderr, to_client.make_writer_ext(Some(1)));
            let ended = async {
                tokio::join!(output, errors);
                child.wait().await
            };
            let client = listen(&mut from_client, &mut stdin, group);
            let status = tokio::select! {
                status = ended => Some(status),
                () = client => None,
            };
            drop(running);
            match status {
                Some(Ok(status)) => tell(handle, id, status).await,
                Some(Err(error)) => tracing::warn!(%error, "a command of the practice host was lost"),
                // Whoever asked has gone.
                None => end(&mut child, group),
            }
            backups::date_new(host);
        }
        Err(why) => {
            let words = format!("sh: the practice host cannot run commands on this machine: {why}\n");
            let _ = to_client.extended_data_bytes(1, words.into_bytes()).await;
            let _ = handle.exit_status_request(id, 126).await;
        }
    }
    let _ = to_client.eof().await;
    let _ = to_client.close().await;
}

/// Begins a command, the meters being as they are now.
fn start<'a>(host: &'a Host, line: &str) -> Result<(Child, super::core::Running<'a>), String> {
    let room = host.room().ok_or_else(|| "it allows no namespaces".to_owned())?;
    let running = host.run();
    meters::write(host).map_err(|error| error.to_string())?;
    let child = room.command(line).spawn().map_err(|error| error.to_string())?;
    Ok((child, running))
}

async fn carry(from: Option<impl AsyncRead + Unpin>, mut to: impl tokio::io::AsyncWrite + Unpin) {
    let Some(mut from) = from else { return };
    let mut buffer = vec![0; 32 * 1024];
    // A client that does not take it any more must not keep the command from going on.
    let mut taken = true;
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        taken = taken && to.write_all(buffer.get(..count).unwrap_or_default()).await.is_ok();
    }
}

/// Hands on what the client sends, until it is gone.
async fn listen(client: &mut russh::ChannelReadHalf, stdin: &mut Option<ChildStdin>, group: Option<u32>) {
    while let Some(message) = client.wait().await {
        match message {
            ChannelMsg::Data { data } => {
                if let Some(input) = stdin
                    && input.write_all(&data).await.is_err()
                {
                    *stdin = None;
                }
            }
            ChannelMsg::Eof => *stdin = None,
            ChannelMsg::Signal { signal } => {
                kill(group, if matches!(signal, Sig::KILL) { Signal::KILL } else { Signal::TERM });
            }
            ChannelMsg::Close => break,
            _ => {}
        }
    }
}

fn kill(group: Option<u32>, signal: Signal) {
    if let Some(pid) = group.and_then(|group| i32::try_from(group).ok()).and_then(Pid::from_raw) {
        let _ = kill_process_group(pid, signal);
    }
}

fn end(child: &mut Child, group: Option<u32>) {
    kill(group, Signal::TERM);
    let _ = child.start_kill();
}

async fn tell(handle: &Handle, id: ChannelId, status: ExitStatus) {
    let _ = match (status.code(), status.signal()) {
        (Some(code), _) => handle.exit_status_request(id, u32::try_from(code).unwrap_or(255)).await,
        (None, signal) => {
            let name = match signal {
                Some(9) => Sig::KILL,
                Some(15) => Sig::TERM,
                Some(2) => Sig::INT,
                Some(13) => Sig::PIPE,
                _ => Sig::HUP,
            };
            handle.exit_signal_request(id, name, false, String::new(), String::new()).await
        }
    };
}
