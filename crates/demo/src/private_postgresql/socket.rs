//! The private folder of the server's socket, and whether a server answers on it.

use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::account::Account;
use super::{DatabaseRole, IoContext, PrivatePostgresqlError};

/// The server listens on no network port: this number is only part of the socket's name.
pub(super) const PORT: u16 = 5432;

/// The longest path of a socket, in bytes: 103 on macOS, 107 on Linux.
const LONGEST_PATH: usize = 103;

/// Makes the socket's folder, or takes it over from an earlier run. Call it only when no process works on the cluster.
///
/// The folder is in the system's folder for temporary files: a socket's path must be short, and the server's account must reach
/// it. Its name carries a hash of the data directory, by which it is found again.
pub(super) fn prepare(account: &Account, data_directory: &Path) -> Result<PathBuf, PrivatePostgresqlError> {
    let folder = base(account).join(format!("pamoja-{:016x}", hash(data_directory)));
    match folder.symlink_metadata() {
        Ok(found) => {
            // Anybody could have made a folder of this name first. A folder of root's is one that was not handed over yet.
            let owned = found.uid() == account.user() || (account.is_switched() && found.uid() == 0);
            if !found.is_dir() || !owned || found.permissions().mode() & 0o077 != 0 {
                return Err(PrivatePostgresqlError::SocketFolder { folder });
            }
            account.own(&folder)?;
            for leftover in [socket(&folder), folder.join(format!(".s.PGSQL.{PORT}.lock"))] {
                if leftover.symlink_metadata().is_ok() {
                    std::fs::remove_file(&leftover).context("remove", &leftover)?;
                }
            }
        }
        Err(_) => account.create_folder(&folder)?,
    }
    Ok(folder)
}

fn base(account: &Account) -> PathBuf {
    let temporary = std::env::temp_dir();
    let length = temporary.as_os_str().len() + "/pamoja-0123456789abcdef/.s.PGSQL.5432".len();
    let usable = length <= LONGEST_PATH && temporary.is_absolute() && temporary.is_dir();
    // libpq takes a comma for the end of a host, even an encoded one.
    let usable = usable && !temporary.as_os_str().as_encoded_bytes().contains(&b',');
    // Root's own folder for temporary files may be closed to the server's account.
    if account.is_switched() || !usable {
        return PathBuf::from("/tmp");
    }
    temporary
}

/// The FNV-1a hash. Unlike the standard library's hashers, it is the same in every build.
fn hash(path: &Path) -> u64 {
    path.as_os_str()
        .as_encoded_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

fn socket(folder: &Path) -> PathBuf {
    folder.join(format!(".s.PGSQL.{PORT}"))
}

/// Whether the server accepts connections. It answers the first message of a connection with a request to authenticate when it
/// does, and with an error while it starts, recovers or stops.
pub(super) fn accepts_connections(folder: &Path) -> bool {
    ask(folder).is_ok_and(|answer| answer == b'R')
}

fn ask(folder: &Path) -> std::io::Result<u8> {
    const PROTOCOL: [u8; 4] = [0, 3, 0, 0];
    let names = format!("user\0{}\0database\0postgres\0\0", DatabaseRole::Superuser.name());
    let length = u32::try_from(names.len() + 8).map_err(std::io::Error::other)?;
    let mut stream = UnixStream::connect(socket(folder))?;
    stream.set_read_timeout(Some(Duration::from_secs(1)))?;
    stream.write_all(&[&length.to_be_bytes(), &PROTOCOL, names.as_bytes()].concat())?;
    let mut answer = [0; 5];
    stream.read_exact(&mut answer)?;
    let [kind, length @ ..] = answer;
    // Closing the connection before the whole answer was read would log an error in the server.
    std::io::copy(&mut stream.take(u64::from(u32::from_be_bytes(length)).saturating_sub(4)), &mut std::io::sink())?;
    Ok(kind)
}
