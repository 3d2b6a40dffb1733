//! The practice host: Gear Freak's server as one model with one state, reached as the real one is. An SSH server really runs the
//! commands it is sent, in a namespace whose root is the practice folder ([`room`]); the programs that would show or change the
//! machine are small programs of the model ([`leaf`], [`leaves`]), so that pipelines, quoting, exit statuses and time-outs are
//! real. Beside it, from the same state: the Docker engine's interface, three sites over TLS, Amazon's counterpart.
//!
//! Nothing of it can touch the machine it runs on: it listens on loopback only, lives in its own folder, and its keys are made
//! anew each time.

mod cloud;
mod core;
mod cron;
mod docker;
mod fault;
mod files;
mod leaf;
mod leaves;
mod model;
mod noise;
mod panel;
mod pki;
mod plain;
mod room;
mod scene;
mod sites;
mod ssh;

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::net::UnixListener;
use tokio::task::JoinSet;

pub use fault::{FAULTS, HostFault};
pub use leaf::run_as_leaf;
pub use pki::PkiError;
pub use room::NoRoom;
pub use scene::{SceneError, scenes};

use self::core::Host;
use crate::clock::Clock;
use crate::panel::{Panel, PanelRefusal};
use crate::server;
use model::Model;
use model::cloud::{ADMIN, GROUP, INSTANCE};

/// Why a practice host did not start.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// A port or a file could not be had.
    #[error("{doing}: {cause}")]
    Io {
        /// What was being done.
        doing: String,
        /// Why not.
        cause: std::io::Error,
    },
    /// A certificate could not be made.
    #[error(transparent)]
    Certificate(#[from] PkiError),
    /// An SSH key could not be made.
    #[error("an SSH key could not be made: {0}")]
    Key(#[from] russh::keys::ssh_key::Error),
    /// There is no such scene.
    #[error(transparent)]
    Scene(#[from] SceneError),
    /// What was kept of an earlier time cannot be read.
    #[error("what was kept in {path} cannot be read: {cause}", path = path.display())]
    Kept {
        /// The file.
        path: PathBuf,
        /// Why not.
        cause: String,
    },
}

/// Describes a practice host.
#[derive(Clone, Debug)]
pub struct HostOptions {
    /// Its folder; what was kept there goes on.
    pub folder: PathBuf,
    /// Its time.
    pub clock: Clock,
    /// The same seed makes the same noise.
    pub seed: u64,
    /// The scene it begins in.
    pub scene: Option<String>,
    /// The program that calls [`run_as_leaf`] first of all; none: this one.
    pub program: Option<PathBuf>,
}

impl HostOptions {
    /// A calm host in `folder`.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), clock: Clock::default(), seed: 1, scene: None, program: None }
    }
}

/// A practice host. It ends when it is dropped.
pub struct PracticeHost {
    host: Arc<Host>,
    ssh: SocketAddr,
    sites: SocketAddr,
    cloud: SocketAddr,
    keys: cloud::Keys,
    no_room: Option<NoRoom>,
    _tasks: JoinSet<()>,
}

impl std::fmt::Debug for PracticeHost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PracticeHost").field("ssh", &self.ssh).field("sites", &self.sites).finish_non_exhaustive()
    }
}

fn io(doing: impl Into<String>) -> impl FnOnce(std::io::Error) -> HostError {
    let doing = doing.into();
    move |cause| HostError::Io { doing, cause }
}

impl PracticeHost {
    /// Starts it on free ports of loopback.
    ///
    /// # Errors
    /// [`HostError`].
    pub async fn start(options: HostOptions) -> Result<Self, HostError> {
        let folder = &options.folder;
        std::fs::create_dir_all(folder).map_err(io(folder.display().to_string()))?;
        // The room's own paths must hold wherever the program was started.
        let folder = std::fs::canonicalize(folder).map_err(io(folder.display().to_string()))?;
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700))
            .map_err(io(folder.display().to_string()))?;
        let state = folder.join("state.json");
        let kept = read(&state)?;
        let is_new = kept.is_none();
        let model = kept.unwrap_or_else(|| Model::calm(options.seed, options.clock.now()));
        let ssh_keys = ssh::Keys::new()?;
        let fingerprints = ssh_keys.fingerprints();
        let host = Arc::new(Host::new(model, options.clock.clone(), folder.clone(), pki::Pki::new()?, fingerprints));
        if is_new {
            files::write(&host).map_err(io("the practice host's files"))?;
        } else {
            files::links(&host).and_then(|()| files::lineage::write(&host)).map_err(io("the practice host's files"))?;
        }
        if let Some(scene) = &options.scene {
            scene::read(scene)?;
            panel::take_up(&host, scene).map_err(|error| io("the scene")(std::io::Error::other(error.to_string())))?;
        }
        let secret = |name: &str, text: &str| private(&folder.join(name), text).map_err(io(name));
        secret("id_ed25519", &ssh_keys.client_pem()?)?;
        secret("sites.pem", &host.pki.root_pem)?;
        let nonce = rand::random::<u64>();
        let keys = cloud::Keys {
            id: format!("AKIAPRACTICE{}", noise::digits(nonce, "id", 8).to_uppercase()),
            secret: noise::digits(nonce ^ rand::random::<u64>(), "secret", 40),
        };
        secret("aws_key_id", &keys.id)?;
        secret("aws_secret_key", &keys.secret)?;

        let (ssh_port, ssh) = server::bind(0).await.map_err(io("a port of loopback"))?;
        let (sites_port, sites) = server::bind(0).await.map_err(io("a port of loopback"))?;
        let (cloud_port, cloud) = server::bind(0).await.map_err(io("a port of loopback"))?;
        let listen = |path: &str| {
            let path = host.root.join(path);
            // What an earlier time left behind.
            let _ = std::fs::remove_file(&path);
            UnixListener::bind(&path).map_err(io(path.display().to_string()))
        };
        let (leaf_socket, docker_socket) = (listen("run/practice.sock")?, listen("var/run/docker.sock")?);
        let acceptor = sites::acceptor(&host).map_err(PkiError::from)?;

        let mut tasks = JoinSet::new();
        let (stop, stopped) = tokio::sync::watch::channel(false);
        tasks.spawn(leaves::serve(Arc::clone(&host), leaf_socket));
        tasks.spawn(docker::serve(Arc::clone(&host), docker_socket));
        tasks.spawn(ssh::serve(Arc::clone(&host), ssh_port, ssh_keys));
        tasks.spawn(sites::serve(Arc::clone(&host), sites_port, acceptor));
        let account = cloud::router(Arc::clone(&host), &keys);
        tasks.spawn(async move {
            // Held for as long as the server may run.
            let _stop = stop;
            server::serve(cloud_port, None, account, stopped).await;
        });
        tasks.spawn(files::meters::keep_moving(Arc::clone(&host)));
        tasks.spawn(cron::run(Arc::clone(&host)));
        tasks.spawn(keep(Arc::clone(&host), state));

        let program = match options.program {
            Some(program) => program,
            None => room::own_program().map_err(io("this program"))?,
        };
        let no_room = match room::Room::open(&host.root, &program).await {
            Ok(room) => {
                host.set_room(Some(Arc::new(room)));
                tasks.spawn(cron::reboots(Arc::clone(&host), program));
                None
            }
            Err(why) => {
                tracing::warn!(%why, "the practice host runs no commands");
                Some(why)
            }
        };
        Ok(Self { host, ssh, sites, cloud, keys, no_room, _tasks: tasks })
    }

    /// Where its SSH server listens.
    #[must_use]
    pub fn ssh(&self) -> SocketAddr {
        self.ssh
    }

    /// `SHA256:…` of its host key: of the machine that is there first.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.host.fingerprints[0]
    }

    /// The same of the machine that comes in its place.
    #[must_use]
    pub fn new_fingerprint(&self) -> &str {
        &self.host.fingerprints[1]
    }

    /// Who may log in.
    #[must_use]
    pub const fn user(&self) -> &'static str {
        ssh::USER
    }

    /// The file of the key that lets in.
    #[must_use]
    pub fn key_file(&self) -> PathBuf {
        self.host.folder.join("id_ed25519")
    }

    /// Where its sites are served, over TLS.
    #[must_use]
    pub fn sites(&self) -> SocketAddr {
        self.sites
    }

    /// The names of its sites.
    #[must_use]
    pub fn site_names(&self) -> &'static [&'static str] {
        &model::SITES
    }

    /// The file of the authority that signed their certificates.
    #[must_use]
    pub fn sites_ca(&self) -> PathBuf {
        self.host.folder.join("sites.pem")
    }

    /// Where Amazon's counterpart listens.
    #[must_use]
    pub fn cloud(&self) -> SocketAddr {
        self.cloud
    }

    /// The files of its access key: id and secret.
    #[must_use]
    pub fn cloud_keys(&self) -> [PathBuf; 2] {
        ["aws_key_id", "aws_secret_key"].map(|name| self.host.folder.join(name))
    }

    /// Its access key: id and secret.
    #[must_use]
    pub fn cloud_secrets(&self) -> [&str; 2] {
        [&self.keys.id, &self.keys.secret]
    }

    /// What it is to Amazon: instance, security group, where its administrators come from.
    #[must_use]
    pub const fn in_cloud(&self) -> [&'static str; 3] {
        [INSTANCE, GROUP, ADMIN]
    }

    /// Why commands are not run for real on this machine, where they are not.
    #[must_use]
    pub const fn no_room(&self) -> Option<&NoRoom> {
        self.no_room.as_ref()
    }

    /// The folder that is the root of its commands.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.host.root
    }

    /// Its panel.
    #[must_use]
    pub fn panel(&self) -> Arc<dyn Panel> {
        Arc::new(panel::HostPanel(Arc::clone(&self.host)))
    }

    /// Breaks something, or mends it.
    ///
    /// # Errors
    /// There is no such fault, or a file could not be written.
    pub fn set_fault(&self, id: &str, on: bool) -> Result<(), PanelRefusal> {
        panel::HostPanel(Arc::clone(&self.host)).set_fault(id, on)
    }

    /// The id of the image that serverpod had before the last deployment; none after a clean-up took it.
    #[must_use]
    pub fn image_before(&self) -> Option<String> {
        let is_it = |image: &&model::Image| image.tag.as_deref() == Some(model::BEFORE);
        self.host.look(|model| model.images.iter().find(is_it).map(|image| image.id.clone()))
    }

    /// What is broken now.
    #[must_use]
    pub fn broken(&self) -> Vec<String> {
        self.host.look(|model| model.faults.keys().cloned().collect())
    }

    /// Since when its containers have been as they are, whatever became of them.
    #[must_use]
    pub fn settled(&self) -> bool {
        let now: DateTime<Utc> = self.host.clock.now();
        self.host.look(|model| model.is_up(now) && model.containers.iter().all(|one| one.health(now) != "starting"))
    }
}

fn read(state: &Path) -> Result<Option<Model>, HostError> {
    match std::fs::read(state) {
        Ok(text) => serde_json::from_slice(&text)
            .map(Some)
            .map_err(|error| HostError::Kept { path: state.to_owned(), cause: error.to_string() }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(HostError::Io { doing: state.display().to_string(), cause }),
    }
}

/// Writes a file that nobody else may read.
fn private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let _ = std::fs::remove_file(path);
    std::fs::File::options().create_new(true).write(true).mode(0o600).open(path)?.write_all(text.as_bytes())
}

/// Keeps the state beside the files, shortly after each change.
async fn keep(host: Arc<Host>, state: PathBuf) {
    let mut changes = host.changes();
    loop {
        let text = host.look(serde_json::to_vec_pretty);
        let kept = text.map_err(std::io::Error::other).and_then(|text| files::replace(&state, &text));
        if let Err(error) = kept {
            tracing::warn!(%error, "the practice host's state cannot be kept");
        }
        if changes.changed().await.is_err() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        changes.borrow_and_update();
    }
}
