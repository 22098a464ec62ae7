//! Where mail servers find the desk.

use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, UnixListener, UnixStream};

/// A connection, whatever it goes through.
pub(super) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// A socket that mail servers connect to. Who may do that is for the socket to say: LMTP knows no sign-in.
#[derive(Debug)]
pub struct LmtpListener(Socket);

#[derive(Debug)]
enum Socket {
    Tcp(TcpListener),
    Unix(UnixListener, PathBuf),
}

impl LmtpListener {
    /// Listens on a port of this machine, such as `127.0.0.1:24`.
    pub async fn tcp(address: SocketAddr) -> io::Result<Self> {
        Ok(Self(Socket::Tcp(TcpListener::bind(address).await?)))
    }

    /// Listens on a file that is made, and removed in the end. Owner and group may connect. A file that a process before
    /// has left behind is removed; one that somebody listens on is not.
    pub async fn unix(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        if std::fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket()) {
            match UnixStream::connect(path).await {
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => std::fs::remove_file(path)?,
                _ => return Err(io::ErrorKind::AddrInUse.into()),
            }
        }
        let listener = UnixListener::bind(path)?;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o660))?;
        Ok(Self(Socket::Unix(listener, path.to_owned())))
    }

    /// The port that it listens on; none where it is a file.
    pub fn local_addr(&self) -> Option<SocketAddr> {
        match &self.0 {
            Socket::Tcp(listener) => listener.local_addr().ok(),
            Socket::Unix(..) => None,
        }
    }

    pub(super) async fn accept(&self) -> io::Result<Box<dyn Wire>> {
        Ok(match &self.0 {
            Socket::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                Box::new(stream)
            }
            Socket::Unix(listener, _) => Box::new(listener.accept().await?.0),
        })
    }
}

impl Drop for LmtpListener {
    fn drop(&mut self) {
        if let Socket::Unix(_, path) = &self.0 {
            // Whoever listens here next removes it as well.
            let _ = std::fs::remove_file(path);
        }
    }
}
