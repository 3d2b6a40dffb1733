//! A stream to a UNIX socket of the host, on a channel of its own. Such channels do not count against the host's
//! sessions.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use russh::client::Msg;
use russh::{Channel, ChannelMsg, ChannelOpenFailure};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf, copy, duplex, split};
use tokio::time::timeout;
use tokio_util::sync::{CancellationToken, DropGuard};
use tracing::{Instrument, debug, warn};

use super::Connection;
use crate::host::connection::{SocketError, Stream};

/// How many bytes may wait for a slow reader.
const BUFFER: usize = 4 << 20;

/// How long a full buffer may go without a single read before the stream is cut. All other channels stand still
/// meanwhile: a reader that forgot its stream must not freeze the host.
const STALL: Duration = Duration::from_secs(1);

/// How much may come of a stream that this end has finished with before it is cut.
const UNWANTED: usize = 1 << 20;

/// How long the other end may take to close a stream that this end has finished with.
const CLOSING: Duration = Duration::from_secs(2);

/// Opens a stream to the socket `path`.
///
/// # Errors
/// [`SocketError`].
pub(in crate::host) async fn open_socket(
    connection: &Arc<Connection>,
    path: &str,
) -> Result<Box<dyn Stream>, SocketError> {
    let opening = {
        let (connection, path) = (Arc::clone(connection), path.to_owned());
        // The host's answer is waited for even when the caller goes away: dropping the stream closes the channel.
        async move {
            match connection.handle.channel_open_direct_streamlocal(path).await {
                Ok(channel) => Ok(Socket::new(channel)),
                // OpenSSH says no more than this, whatever is wrong with the socket.
                Err(russh::Error::ChannelOpenFailure(
                    ChannelOpenFailure::ConnectFailed | ChannelOpenFailure::AdministrativelyProhibited,
                )) => Err(SocketError::Refused),
                Err(error) => Err(SocketError::Host(connection.lost_by(error))),
            }
        }
    };
    match tokio::spawn(opening.in_current_span()).await {
        Ok(Ok(socket)) => Ok(Box::new(socket)),
        Ok(Err(error)) => Err(error),
        Err(error) => Err(SocketError::Host(connection.lost_by(error))),
    }
}

/// The near end of the stream.
struct Socket {
    near: DuplexStream,
    _close: DropGuard,
}

impl Socket {
    fn new(channel: Channel<Msg>) -> Self {
        let (near, far) = duplex(BUFFER);
        let closed = CancellationToken::new();
        tokio::spawn(pump(channel, far, closed.clone()).in_current_span());
        Self { near, _close: closed.drop_guard() }
    }
}

/// Carries bytes between the channel and `far` until the host closes the channel.
async fn pump(channel: Channel<Msg>, far: DuplexStream, closed: CancellationToken) {
    let (mut read, write) = channel.split();
    let (mut from_near, mut to_near) = split(far);
    let mut writer = write.make_writer();
    let sending = async {
        // The end of what is sent is told to the other end, and is no end of what comes back.
        let _ = copy(&mut from_near, &mut writer).await;
        let _ = writer.shutdown().await;
        std::future::pending::<()>().await;
    };
    let receiving = async {
        let mut unwanted = 0;
        while let Some(message) = read.wait().await {
            match message {
                // What nobody wants any more is read all the same, and dropped; but not for long.
                ChannelMsg::Data { data } if unwanted > 0 => unwanted += data.len(),
                ChannelMsg::Data { data } => match deliver(&mut to_near, &data).await {
                    Delivery::Done => {}
                    Delivery::Gone => unwanted = data.len(),
                    Delivery::Stalled => return false,
                },
                ChannelMsg::Eof => {
                    let _ = to_near.shutdown().await;
                }
                ChannelMsg::Close => return true,
                _ => {}
            }
            if unwanted > UNWANTED {
                return false;
            }
        }
        // The connection is gone, and the channel with it.
        true
    };
    let overdue = async {
        closed.cancelled().await;
        tokio::time::sleep(CLOSING).await;
    };
    let closed_by_host = tokio::select! {
        by_host = receiving => by_host,
        () = sending => false,
        () = overdue => false,
    };
    if !closed_by_host {
        debug!("closing a stream that the host did not close");
        drop(read);
        let _ = write.close().await;
    }
}

/// What came of handing data to the near end.
enum Delivery {
    Done,
    /// The near end is gone.
    Gone,
    /// The near end is there, and does not read.
    Stalled,
}

async fn deliver(to_near: &mut (impl AsyncWrite + Unpin), mut data: &[u8]) -> Delivery {
    while !data.is_empty() {
        match timeout(STALL, to_near.write(data)).await {
            Ok(Ok(written @ 1..)) => data = data.get(written..).unwrap_or_default(),
            Ok(_) => return Delivery::Gone,
            Err(_) => {
                warn!("a stream of the host is cut: nobody reads it");
                return Delivery::Stalled;
            }
        }
    }
    Delivery::Done
}

impl AsyncRead for Socket {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.near).poll_read(cx, buf)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.near).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.near).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.near).poll_shutdown(cx)
    }
}
