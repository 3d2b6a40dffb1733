//! A stream to a UNIX socket of the host, on a channel of its own. Such channels do not count against the host's
//! sessions.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use russh::client::Msg;
use russh::{Channel, ChannelMsg, ChannelOpenFailure};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf, copy, duplex};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_util::sync::{CancellationToken, DropGuard};
use tracing::{Instrument, debug, warn};

use super::Connection;
use crate::host::connection::{SocketError, Stream};

/// How many bytes of the host may wait for a slow reader. They wait as they came, in pieces: one block for all of them would
/// grow by doubling, and leave a hole of its size in the heap.
const WAITING: u32 = 4 << 20;

/// What a piece takes besides its bytes, at least: a host that sends single bytes must not fill the memory with them.
const PIECE: usize = 128;

/// How many bytes may wait to be sent.
const SENDING: usize = 64 << 10;

/// How long what came may find no room before the stream is cut. All other channels stand still meanwhile: a reader that
/// forgot its stream must not freeze the host.
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
    received: UnboundedReceiver<Piece>,
    /// What is being read.
    piece: Option<Piece>,
    /// Only written to: what the other end of it reads is sent.
    sending: DuplexStream,
    _close: DropGuard,
}

/// Something that came of the host, with its room among what may wait.
struct Piece {
    data: Bytes,
    _room: OwnedSemaphorePermit,
}

impl Socket {
    fn new(channel: Channel<Msg>) -> Self {
        let (sending, to_send) = duplex(SENDING);
        let (to_near, received) = unbounded_channel();
        let closed = CancellationToken::new();
        tokio::spawn(pump(channel, to_send, Near::new(to_near), closed.clone()).in_current_span());
        Self { received, piece: None, sending, _close: closed.drop_guard() }
    }
}

/// Carries bytes between the channel and the near end until the host closes the channel.
async fn pump(channel: Channel<Msg>, mut to_send: impl AsyncRead + Unpin, mut near: Near, closed: CancellationToken) {
    let (mut read, write) = channel.split();
    let mut writer = write.make_writer();
    let sending = async {
        // The end of what is sent is told to the other end, and is no end of what comes back.
        let _ = copy(&mut to_send, &mut writer).await;
        let _ = writer.shutdown().await;
        std::future::pending::<()>().await;
    };
    let receiving = async {
        let mut unwanted = 0;
        while let Some(message) = read.wait().await {
            match message {
                // What nobody wants any more is read all the same, and dropped; but not for long.
                ChannelMsg::Data { data } if unwanted > 0 => unwanted += data.len(),
                ChannelMsg::Data { data } => {
                    let size = data.len();
                    match near.deliver(data).await {
                        Delivery::Done => {}
                        Delivery::Gone => unwanted = size,
                        Delivery::Stalled => return false,
                    }
                }
                ChannelMsg::Eof => near.end(),
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

/// The way to the near end.
struct Near {
    /// Gone once nothing more will come.
    to: Option<UnboundedSender<Piece>>,
    room: Arc<Semaphore>,
}

/// What came of handing data to the near end.
enum Delivery {
    Done,
    /// The near end is gone.
    Gone,
    /// The near end is there, and does not read.
    Stalled,
}

impl Near {
    fn new(to: UnboundedSender<Piece>) -> Self {
        Self { to: Some(to), room: Arc::new(Semaphore::new(WAITING as usize)) }
    }

    async fn deliver(&self, data: Bytes) -> Delivery {
        let Some(to) = &self.to else { return Delivery::Gone };
        // An empty piece would read as the end.
        if data.is_empty() {
            return Delivery::Done;
        }
        let size = u32::try_from(data.len() + PIECE).unwrap_or(WAITING).min(WAITING);
        let room = tokio::select! {
            // An end that goes away never makes room.
            () = to.closed() => return Delivery::Gone,
            room = timeout(STALL, Arc::clone(&self.room).acquire_many_owned(size)) => room,
        };
        let Ok(Ok(room)) = room else {
            warn!("a stream of the host is cut: nobody reads it");
            return Delivery::Stalled;
        };
        match to.send(Piece { data, _room: room }) {
            Ok(()) => Delivery::Done,
            Err(_) => Delivery::Gone,
        }
    }

    /// Nothing more will come.
    fn end(&mut self) {
        self.to = None;
    }
}

impl AsyncRead for Socket {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let mut piece = match self.piece.take() {
            Some(piece) => piece,
            None => match ready!(self.received.poll_recv(cx)) {
                Some(piece) => piece,
                None => return Poll::Ready(Ok(())),
            },
        };
        let fits = buf.remaining().min(piece.data.len());
        buf.put_slice(&piece.data.split_to(fits));
        self.piece = (!piece.data.is_empty()).then_some(piece);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.sending).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.sending).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.sending).poll_shutdown(cx)
    }
}
