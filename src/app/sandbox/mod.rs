//! `signoff sandbox`: the practice world. A Discord with its page, a host with everything that can be broken on it, and this same
//! bot between them, all in one process and on this machine only.

mod overlay;
mod past;

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use signoff_sandbox::{Clock as PracticeClock, HostOptions, Page, PracticeDiscord, PracticeHost, StartError};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};
use toml::Table;

use super::cross::load;
use super::{AppError, print, serve, service};
use crate::cli::Sandbox;
use crate::commands::Commands;
use crate::config::Config;
use crate::dial::Reach;
use crate::domain::message::{Explain, Language, Message};
use crate::store::Store;
use crate::text::say;

/// How long the bot may take to be online before the link is told all the same.
const ONLINE: Duration = Duration::from_secs(5);

/// How long a world that has just ended may hold its folder: a program that it was starting in that moment has its files until
/// it is its own.
const LET_GO: Duration = Duration::from_secs(1);

/// How often the clock of the practice world is written down for the bot.
const CLOCK: Duration = Duration::from_millis(200);

/// Why there is no practice world.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The page's port is taken.
    #[error("the port {0} is taken")]
    PortTaken(u16),
    /// Another one lives in the same folder.
    #[error("another practice world lives in {path}", path = .0.display())]
    FolderTaken(PathBuf),
    /// The configuration cannot be read.
    #[error("{path}: {cause}", path = path.display())]
    Deployment {
        /// The file.
        path: PathBuf,
        /// Why not.
        cause: String,
    },
    /// A file cannot be written.
    #[error("{path}: {cause}", path = path.display())]
    Folder {
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        cause: String,
    },
    /// There is no such scene.
    #[error("there is no scene {wanted}")]
    NoScene {
        /// What was asked for.
        wanted: String,
    },
    /// The practice Discord did not start.
    #[error(transparent)]
    Discord(#[from] StartError),
    /// The practice host did not start.
    #[error(transparent)]
    Host(#[from] signoff_sandbox::HostError),
    /// The overlay would lead out of the practice world.
    #[error("the overlay leads out of the practice world")]
    NotConfined,
}

impl Explain for SandboxError {
    fn message(&self) -> Message {
        match self {
            Self::PortTaken(port) => Message::new("sandbox-port-taken").with("port", port.to_string()),
            Self::FolderTaken(path) => Message::new("sandbox-folder-taken").with("path", path.display().to_string()),
            Self::Deployment { path, cause } | Self::Folder { path, cause } => {
                Message::new("sandbox-file").with("path", path.display().to_string()).with("cause", cause.as_str())
            }
            Self::NoScene { wanted } => Message::new("sandbox-no-scene").with("name", wanted.as_str()),
            Self::Discord(cause) => Message::new("sandbox-not-started").with("cause", cause.to_string()),
            Self::Host(cause) => Message::new("sandbox-not-started").with("cause", cause.to_string()),
            Self::NotConfined => Message::new("sandbox-not-confined"),
        }
    }

    fn hint(&self) -> Option<Message> {
        Some(match self {
            Self::PortTaken(_) => Message::new("sandbox-port-taken-hint"),
            Self::FolderTaken(_) => Message::new("sandbox-folder-taken-hint"),
            Self::NoScene { .. } => {
                Message::new("sandbox-no-scene-hint").with("names", signoff_sandbox::scenes().join(", "))
            }
            Self::Deployment { .. } => Message::new("sandbox-deployment-hint"),
            _ => return None,
        })
    }
}

/// A practice world. It ends when it is dropped.
#[derive(Debug)]
pub struct Practice {
    /// The practice Discord.
    pub discord: PracticeDiscord,
    /// The practice host.
    pub host: PracticeHost,
    /// The page.
    pub page: Page,
    /// The bot's configuration: the deployment's own under the overlay.
    pub config: Config,
    /// The deployment's own commands.
    pub commands: Commands,
    /// The overlay as a file, for `signoff check --config`.
    pub file: PathBuf,
    clock: tokio::task::JoinHandle<()>,
    _lock: File,
    _temporary: Option<TempDir>,
}

impl Drop for Practice {
    fn drop(&mut self) {
        self.clock.abort();
    }
}

impl Practice {
    /// Starts the practice world and its page, the bot not yet. `program` is what answers for the host's small programs (none:
    /// this program); `clock` is the world's.
    ///
    /// # Errors
    /// [`SandboxError`], or what is wrong with the deployment's own files.
    pub async fn start(asked: &Sandbox, program: Option<PathBuf>, clock: PracticeClock) -> Result<Self, AppError> {
        if let Some(wanted) = asked.scene.as_ref().filter(|name| !signoff_sandbox::scenes().contains(&name.as_str())) {
            return Err(SandboxError::NoScene { wanted: wanted.clone() }.into());
        }
        let real = &asked.config.config;
        let deployment = read(real)?;
        let (folder, temporary) = folder(asked.data.as_deref())?;
        let lock = locked(&folder).await?;
        let host = HostOptions {
            folder: folder.join("host"),
            clock: clock.clone(),
            seed: asked.seed,
            scene: asked.scene.clone(),
            program,
        };
        let discord = overlay::world(&deployment).clock(clock.clone());
        let (discord, host) = tokio::join!(discord.start(), PracticeHost::start(host));
        let (discord, host) = (discord.map_err(SandboxError::from)?, host.map_err(SandboxError::from)?);
        let page = discord.open_page(asked.port, Some(host.panel())).await.map_err(|error| match error {
            StartError::Port(cause) if cause.kind() == ErrorKind::AddrInUse => SandboxError::PortTaken(asked.port),
            other => SandboxError::Discord(other),
        })?;
        let keep = |name: &str, text: &str| {
            let path = folder.join(name);
            std::fs::write(&path, text).map_err(|error| SandboxError::Folder { path, cause: error.to_string() })
        };
        keep("discord.pem", discord.ca_pem())?;
        keep("discord_token", &discord.token())?;
        keep("clock", "0")?;
        let real_folder = real.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        let real_folder = std::path::absolute(real_folder).unwrap_or_else(|_| real_folder.to_owned());
        let overlay = overlay::over(deployment, &real_folder, &folder, &discord, &host);
        keep("bot.toml", &overlay.to_string())?;
        let file = folder.join("bot.toml");
        let (config, commands) = load(&file).map_err(AppError::Files)?;
        if config.reach != Reach::Loopback {
            return Err(SandboxError::NotConfined.into());
        }
        let clock = tokio::spawn(tell_time(clock, folder.join("clock")));
        Ok(Self { discord, host, page, config, commands, file, clock, _lock: lock, _temporary: temporary })
    }

    /// Gives a world that has no past yet one.
    ///
    /// # Errors
    /// What could not be kept.
    pub async fn give_past(&self) -> Result<(), AppError> {
        let is_new = !self.config.database.exists();
        let store = Store::open(&self.config.database).await?;
        if !is_new {
            return Ok(());
        }
        let now = self.discord.clock().now();
        let service = service(self.config.clone(), self.commands.clone(), store.clone()).await?;
        past::rehearsed(&service, now).await?;
        for name in self.config.hosts.keys().filter(|name| *name != overlay::HERE) {
            past::watched(&store, name, now).await?;
            if let Some(image) = self.host.image_before() {
                past::deployed(&store, name, &image, now).await?;
            }
        }
        Ok(())
    }
}

/// `signoff sandbox`.
pub(super) async fn run(asked: &Sandbox, language: Language) -> Result<(), AppError> {
    let practice = Arc::new(Practice::start(asked, None, PracticeClock::default()).await?);
    practice.give_past().await?;
    let bot = {
        let practice = Arc::clone(&practice);
        tokio::spawn(
            async move { serve::run(&practice.file, practice.config.clone(), practice.commands.clone()).await },
        )
    };
    let online = {
        let practice = Arc::clone(&practice);
        async move { practice.discord.wait_for_command("daily").await.map(|_| ()).map_err(drop) }
    };
    let _ = tokio::time::timeout(ONLINE, online).await;
    if !bot.is_finished() {
        tell(&practice, asked, language)?;
    }
    match bot.await {
        Ok(ended) => ended,
        Err(error) => Err(SandboxError::Folder { path: practice.file.clone(), cause: error.to_string() }.into()),
    }
}

/// Prints the link, and what else there is to be known.
fn tell(practice: &Practice, asked: &Sandbox, language: Language) -> Result<(), AppError> {
    let link = practice.page.link();
    print(&say(&Message::new("sandbox-ready").with("link", link.as_str()), language))?;
    if let Some(why) = practice.host.no_room() {
        print(&say(&Message::new("sandbox-no-room").with("why", why.to_string()), language))?;
    }
    let file = practice.file.display().to_string();
    print(&say(&Message::new("sandbox-terminal").with("file", file), language))?;
    print(&say(&Message::new("sandbox-end"), language))?;
    if asked.open {
        open(&link);
    }
    Ok(())
}

/// Opens the link in the browser of the desktop, where there is one.
fn open(link: &str) {
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let started = std::process::Command::new(program)
        .arg(link)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn();
    if let Err(error) = started {
        tracing::warn!(%error, program, "no browser was opened");
    }
}

fn read(path: &Path) -> Result<Table, SandboxError> {
    let wrong = |cause: String| SandboxError::Deployment { path: path.to_owned(), cause };
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    text.parse().map_err(|error: toml::de::Error| wrong(error.message().to_owned()))
}

/// Where it lives: in the folder that was named, or in one that goes away with it.
fn folder(named: Option<&Path>) -> Result<(PathBuf, Option<TempDir>), SandboxError> {
    let failed =
        |path: &Path, error: std::io::Error| SandboxError::Folder { path: path.to_owned(), cause: error.to_string() };
    match named {
        Some(path) => {
            std::fs::create_dir_all(path).map_err(|error| failed(path, error))?;
            Ok((std::fs::canonicalize(path).map_err(|error| failed(path, error))?, None))
        }
        None => {
            let temporary = tempfile::Builder::new().prefix("signoff-sandbox-").tempdir();
            let temporary = temporary.map_err(|error| failed(&std::env::temp_dir(), error))?;
            Ok((temporary.path().to_owned(), Some(temporary)))
        }
    }
}

/// One practice world a folder.
async fn locked(folder: &Path) -> Result<File, SandboxError> {
    let path = folder.join("lock");
    let failed = |error: std::io::Error| SandboxError::Folder { path: path.clone(), cause: error.to_string() };
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
    let until = Instant::now() + LET_GO;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if Instant::now() < until => sleep(LET_GO / 20).await,
            Err(TryLockError::WouldBlock) => return Err(SandboxError::FolderTaken(folder.to_owned())),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
    }
}

/// Writes down by how much the world's clock is ahead, whenever somebody moved it.
async fn tell_time(clock: PracticeClock, path: PathBuf) {
    let mut told = 0;
    loop {
        let ahead = clock.ahead_ms();
        if ahead != told {
            let beside = path.with_extension("new");
            let written = std::fs::write(&beside, ahead.to_string()).and_then(|()| std::fs::rename(&beside, &path));
            match written {
                Ok(()) => told = ahead,
                Err(error) => tracing::warn!(%error, "the practice world's time cannot be told"),
            }
        }
        sleep(CLOCK).await;
    }
}
