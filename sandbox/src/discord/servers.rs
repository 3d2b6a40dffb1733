//! The two listeners of a practice Discord.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::core::{Core, locked};
use crate::gateway::hub::ToSocket;
use crate::server;

/// The two listeners, which can go down and come up again on their ports.
#[derive(Debug)]
pub(crate) struct Servers {
    core: Arc<Core>,
    acceptor: Opaque<TlsAcceptor>,
    pub(super) rest: SocketAddr,
    pub(super) gateway: SocketAddr,
    running: Mutex<Option<Running>>,
}

#[derive(Debug)]
struct Running {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

/// Something whose inside is nobody's business in a debug line.
struct Opaque<T>(T);

impl<T> fmt::Debug for Opaque<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("...")
    }
}

impl Servers {
    pub(crate) fn new(core: &Arc<Core>, acceptor: TlsAcceptor, rest: SocketAddr, gateway: SocketAddr) -> Self {
        Self { core: Arc::clone(core), acceptor: Opaque(acceptor), rest, gateway, running: Mutex::default() }
    }

    pub(crate) fn open(&self, rest: TcpListener, gateway: TcpListener) {
        let (stop, stopped) = watch::channel(false);
        let rest_router = crate::rest::router(Arc::clone(&self.core));
        let gateway_router = crate::gateway::router(Arc::clone(&self.core));
        let tasks = vec![
            tokio::spawn(server::serve(rest, Some(self.acceptor.0.clone()), rest_router, stopped.clone())),
            tokio::spawn(server::serve(gateway, None, gateway_router, stopped)),
        ];
        *locked(&self.running) = Some(Running { stop, tasks });
    }

    /// Ends every connection at once. The tasks given end when the ports are free.
    pub(super) fn stop(&self) -> Vec<JoinHandle<()>> {
        self.core.change(|world| world.hub.to_all_sockets(&ToSocket::Close(None)));
        let running = locked(&self.running).take();
        running.map_or_else(Vec::new, |running| {
            running.stop.send_replace(true);
            running.tasks
        })
    }
}
