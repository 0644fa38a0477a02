//! The socket of a held home, and the threads that let commands in.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use super::SOCKET;
use super::client::answers;
use super::frame::{self, COMMAND_BYTES, Kind, Typed};
use super::holder::Asked;
use crate::failure::Failure;

/// How long a peer may take to say what it wants, and to take what it gets.
const PATIENCE: Duration = Duration::from_secs(10);
/// Peers at a time; who comes on top waits in the system's queue.
const PEERS: usize = 32;

/// The socket and the lock beside it, taken away in the end.
pub(super) struct Door {
    pub(super) listener: UnixListener,
    pub(super) path: PathBuf,
    _lock: File,
}

impl Drop for Door {
    fn drop(&mut self) {
        // If it stays, the next holder takes it away.
        drop(fs::remove_file(&self.path));
    }
}

/// Lets peers in, each on a thread of its own, so that a slow or dead one keeps nobody waiting.
pub(super) fn receive(listener: &UnixListener, asks: &Sender<Asked>) {
    let peers = Arc::new(AtomicUsize::new(0));
    for stream in listener.incoming() {
        let Ok(stream) = stream else {
            // Too many files are open, say; it passes.
            thread::sleep(Duration::from_millis(50));
            continue;
        };
        while peers.load(Ordering::Acquire) >= PEERS {
            thread::sleep(Duration::from_millis(10));
        }
        peers.fetch_add(1, Ordering::AcqRel);
        let (asks, peers) = (asks.clone(), Arc::clone(&peers));
        thread::spawn(move || {
            // Who breaks off, breaks off.
            drop(serve(stream, &asks));
            peers.fetch_sub(1, Ordering::AcqRel);
        });
    }
}

fn serve(mut stream: UnixStream, asks: &Sender<Asked>) -> io::Result<()> {
    let mut timed = Timed { stream: &mut stream, until: Instant::now() + PATIENCE };
    let (Kind::Command, bytes) = frame::read(&mut timed, COMMAND_BYTES)? else {
        return Err(io::Error::other("not a command"));
    };
    let typed: Typed = serde_json::from_slice(&bytes)?;
    let (to, answer) = sync_channel(1);
    asks.send(Asked::Run(Box::new(typed), to)).map_err(io::Error::other)?;
    let answer = answer.recv().map_err(io::Error::other)?;
    stream.set_write_timeout(Some(PATIENCE))?;
    for (kind, bytes) in answer {
        frame::write(&mut stream, kind, &bytes)?;
    }
    Ok(())
}

/// Reads until a moment, however slowly bytes drip.
struct Timed<'a> {
    stream: &'a mut UnixStream,
    until: Instant,
}

impl io::Read for Timed<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(Some(left))?;
        self.stream.read(to)
    }
}

/// Makes the socket, for this user only. It is made in a closed folder and then moved, so that
/// there is no moment in which others could connect.
pub(super) fn open(folder: &Path) -> Result<Door, Failure> {
    let path = folder.join(SOCKET);
    let failed = |error: &io::Error| no_socket(&path, error);
    let lock =
        File::options().create(true).truncate(false).write(true).open(folder.join("serve.lock"));
    let lock = lock.map_err(|error| failed(&error))?;
    if lock.try_lock().is_err() || answers(folder).is_some() {
        return Err(Failure::input(
            "already_served",
            format_args!("another `copact serve` holds {}", folder.display()),
        )
        .hint("use that one, or end it with Ctrl-C where it runs"));
    }
    match fs::symlink_metadata(&path) {
        Ok(found) if found.file_type().is_socket() => {
            fs::remove_file(&path).map_err(|error| failed(&error))?;
        }
        Ok(_) => {
            return Err(Failure::failed(
                "no_socket",
                format_args!("{} is in the way of the socket", path.display()),
            )
            .hint("move it elsewhere"));
        }
        Err(_) => {}
    }
    let closed = tempfile::Builder::new().prefix("s").rand_bytes(4).tempdir_in(folder);
    let closed = closed.map_err(|error| failed(&error))?;
    let first = closed.path().join("s");
    let listener = UnixListener::bind(&first).map_err(|error| failed(&error))?;
    fs::set_permissions(&first, Permissions::from_mode(0o600)).map_err(|error| failed(&error))?;
    fs::rename(&first, &path).map_err(|error| failed(&error))?;
    let absolute = path.canonicalize().unwrap_or(path);
    Ok(Door { listener, path: absolute, _lock: lock })
}

pub(super) fn no_socket(path: &Path, error: &io::Error) -> Failure {
    let failure = Failure::failed(
        "no_socket",
        format_args!("no socket can be made at {}: {error}", path.display()),
    );
    // Addresses of sockets are short on every system: 108 bytes at most.
    if error.kind() == io::ErrorKind::InvalidInput {
        return failure.hint(
            "its path is too long for one; name the home by a shorter one, with a link if need be: \
             ln -s LONG-PATH ~/c; copact --home ~/c serve",
        );
    }
    failure.hint("check that the home’s folder can be written to, and is on a local disk")
}
