//! A client of Socket.IO as light as it gets, since thousands of them share the machine with the server they listen to.

use anyhow::{Context, Result, bail};
use std::cell::RefCell;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// What is read at once, bytes.
const READ: usize = 64 * 1024;
/// The longest frame that is taken, bytes.
const LONGEST: usize = 1024 * 1024;
/// The longest answer to the request for a socket, bytes.
const HEAD: usize = 8 * 1024;

const TEXT: u8 = 1;
const CLOSE: u8 = 8;

thread_local! {
    /// All sockets of a thread read into the same place, so that a silent one needs none.
    static SCRATCH: RefCell<Vec<u8>> = RefCell::new(vec![0; READ]);
}

/// An open socket.
pub struct Socket {
    stream: TcpStream,
    /// The beginning of a frame whose end has not come.
    rest: Vec<u8>,
}

impl Socket {
    /// Opens one from this address of the machine; `room` is what the system may hold of what is not read yet, bytes.
    pub async fn open(address: SocketAddr, source: Ipv4Addr, room: Option<u32>) -> Result<Self> {
        let socket = TcpSocket::new_v4()?;
        if let Some(room) = room {
            socket.set_recv_buffer_size(room)?;
        }
        socket.bind(SocketAddr::from((source, 0)))?;
        let mut stream = socket.connect(address).await?;
        stream.set_nodelay(true)?;
        // As a browser asks.
        let request = format!(
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\n\
             Pragma: no-cache\r\nCache-Control: no-cache\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0\r\n\
             Upgrade: websocket\r\nOrigin: http://{address}\r\nSec-WebSocket-Version: 13\r\n\
             Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-GB,en;q=0.9,de;q=0.8\r\n\
             Sec-WebSocket-Key: {:A<22}==\r\n\r\n",
            ""
        );
        stream.write_all(request.as_bytes()).await?;
        let mut head = Vec::with_capacity(1024);
        let end = loop {
            if stream.read_buf(&mut head).await? == 0 || head.len() > HEAD {
                bail!("no answer to the request for a socket");
            }
            if let Some(end) = find(&head, b"\r\n\r\n") {
                break end + 4;
            }
        };
        if !head.starts_with(b"HTTP/1.1 101 ") {
            bail!("no socket: {}", String::from_utf8_lossy(&head));
        }
        Ok(Self { stream, rest: head.split_off(end) })
    }

    /// Says a text.
    pub async fn say(&mut self, text: &str) -> Result<()> {
        let mut frame = Vec::with_capacity(text.len() + 8);
        frame.push(0x80 | TEXT);
        match text.len() {
            length @ 0..126 => frame.push(0x80 | u8::try_from(length)?),
            length => {
                frame.push(0x80 | 0x7e);
                frame.extend(u16::try_from(length).context("too long a text")?.to_be_bytes());
            }
        }
        // Clients mask what they say; by zeros it stays as it is.
        frame.extend([0; 4]);
        frame.extend(text.as_bytes());
        Ok(self.stream.write_all(&frame).await?)
    }

    /// Waits for more and gives each text that is whole by then, in order; pings are answered. False where it has ended.
    pub async fn hear(&mut self, mut hear: impl FnMut(&[u8])) -> Result<bool> {
        self.stream.readable().await?;
        let taken = SCRATCH.with_borrow_mut(|scratch| match self.stream.try_read(scratch) {
            Ok(0) => Ok(Taken { is_over: true, pings: 0 }),
            Ok(read) => self.take(scratch.get(..read).unwrap_or_default(), &mut hear),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(Taken::default()),
            Err(error) => Err(error.into()),
        })?;
        for _ in 0..taken.pings {
            self.say("3").await?;
        }
        Ok(!taken.is_over)
    }

    fn take(&mut self, read: &[u8], hear: &mut impl FnMut(&[u8])) -> Result<Taken> {
        let mut taken = Taken::default();
        if self.rest.is_empty() {
            let used = frames(read, &mut taken, hear)?;
            self.rest.extend(read.get(used..).unwrap_or_default());
        } else {
            self.rest.extend(read);
            let used = frames(&self.rest, &mut taken, hear)?;
            self.rest = self.rest.split_off(used);
        }
        Ok(taken)
    }
}

/// What was in what was read, beside texts.
#[derive(Default)]
struct Taken {
    is_over: bool,
    pings: usize,
}

/// Gives each whole text, and says how many bytes are done with.
fn frames(bytes: &[u8], taken: &mut Taken, hear: &mut impl FnMut(&[u8])) -> Result<usize> {
    let mut used = 0;
    while let Some((kind, start, end)) = frame(bytes.get(used..).unwrap_or_default())? {
        let content = bytes.get(used + start..used + end).unwrap_or_default();
        match kind {
            CLOSE => taken.is_over = true,
            TEXT if content == b"2" => taken.pings += 1,
            TEXT => hear(content),
            kind => bail!("a frame of kind {kind}"),
        }
        used += end;
    }
    Ok(used)
}

/// The kind of the first frame, and from where to where its content is; none where it is not whole.
fn frame(bytes: &[u8]) -> Result<Option<(u8, usize, usize)>> {
    let [first, second, more @ ..] = bytes else { return Ok(None) };
    if first & 0x80 == 0 || second & 0x80 != 0 {
        bail!("a frame in pieces, or masked");
    }
    let (start, length) = match second {
        126 => (4, more.first_chunk().map(|length| u64::from(u16::from_be_bytes(*length)))),
        127 => (10, more.first_chunk().map(|length| u64::from_be_bytes(*length))),
        length => (2, Some(u64::from(*length))),
    };
    let Some(length) = length else { return Ok(None) };
    let length = usize::try_from(length)?;
    if length > LONGEST {
        bail!("a frame of {length} bytes");
    }
    Ok((bytes.len() >= start + length).then_some((first & 0x0f, start, start + length)))
}

/// Where something stands in bytes.
pub fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_whole_and_in_order_however_they_arrive() {
        let long = vec![b'x'; 300];
        let mut bytes = vec![0x81, 2, b'4', b'0', 0x81, 1, b'2', 0x81, 126, 1, 44];
        bytes.extend(&long);
        bytes.extend([0x81, 2, b'o', b'k', 0x88, 0]);
        let mut heard = Vec::new();
        let mut taken = Taken::default();
        let used = frames(&bytes, &mut taken, &mut |text| heard.push(text.to_vec()));
        assert_eq!(used.expect("well formed"), bytes.len());
        assert_eq!(heard, [b"40".to_vec(), long, b"ok".to_vec()]);
        assert_eq!((taken.pings, taken.is_over), (1, true));
        for end in 0..bytes.len() {
            let used = frames(&bytes[..end], &mut Taken::default(), &mut |_| {}).expect("well formed");
            assert!(used <= end);
            let mut late = Vec::new();
            frames(&bytes[..used], &mut Taken::default(), &mut |text| late.push(text.to_vec())).expect("well formed");
            frames(&bytes[used..], &mut Taken::default(), &mut |text| late.push(text.to_vec())).expect("well formed");
            assert_eq!(late, heard);
        }
        assert!(frame(&[0x01, 0]).is_err(), "a piece of a frame");
        assert!(frame(&[0x81, 127, 1, 0, 0, 0, 0, 0, 0, 0]).is_err(), "a frame without an end");
    }
}
