//! The folder of the keys: the files' names, their contents and their permissions.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER_PERMISSIVE;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use zeroize::Zeroizing;

use super::KeysError;
use super::signing::key_id;

const SECRET_FILE: &str = "secret.key";
/// No key is longer than this.
const MAX_FILE_LENGTH: usize = 4096;

/// Makes the folder if it doesn't exist, and closes it to everybody but its owner.
pub(super) fn prepare(folder: &Path) -> Result<(), KeysError> {
    std::fs::create_dir_all(folder).map_err(failed(folder))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).map_err(failed(folder))?;
    }
    Ok(())
}

/// Refuses a folder into which others could put keys.
pub(super) fn check(folder: &Path) -> Result<(), KeysError> {
    match std::fs::metadata(folder) {
        Ok(metadata) => refuse_exposed(folder, &metadata, 0o022, "700"),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(KeysError::Missing { file: folder.join(SECRET_FILE), folder: folder.to_path_buf() })
        }
        Err(error) => Err(failed(folder)(error)),
    }
}

/// Refuses a folder that already has keys.
pub(super) fn refuse_existing(folder: &Path) -> Result<(), KeysError> {
    let secret = folder.join(SECRET_FILE);
    if secret.symlink_metadata().is_ok() {
        return Err(KeysError::Exists { file: secret });
    }
    match signing_files(folder)?.into_iter().next() {
        Some(file) => Err(KeysError::Exists { file }),
        None => Ok(()),
    }
}

pub(super) fn write_secret(folder: &Path, secret: &[u8; 32]) -> Result<(), KeysError> {
    write_secret_file(&folder.join(SECRET_FILE), secret)
}

pub(super) fn write_secret_file(file: &Path, secret: &[u8; 32]) -> Result<(), KeysError> {
    let mut text = Zeroizing::new(HEXLOWER_PERMISSIVE.encode(secret));
    text.push('\n');
    write_new(file, &text)
}

pub(super) fn read_secret(folder: &Path) -> Result<Zeroizing<[u8; 32]>, KeysError> {
    read_secret_file(folder, &folder.join(SECRET_FILE))
}

pub(super) fn read_secret_file(folder: &Path, file: &Path) -> Result<Zeroizing<[u8; 32]>, KeysError> {
    let text = read_private(folder, file)?;
    let mut secret = Zeroizing::new([0; 32]);
    let digits = text.trim().as_bytes();
    match digits.len() == 64 && HEXLOWER_PERMISSIVE.decode_mut(digits, secret.as_mut_slice()) == Ok(32) {
        true => Ok(secret),
        false => Err(KeysError::Malformed { file: file.to_path_buf(), expected: "64 hex digits" }),
    }
}

pub(super) fn write_signing_key(folder: &Path, number: u32, key: &SigningKey) -> Result<PathBuf, KeysError> {
    let file = folder.join(format!("signing-{number:04}-{}.pem", key_id(&key.verifying_key())));
    let text = key.to_pkcs8_pem(LineEnding::LF).map_err(|error| failed(&file)(std::io::Error::other(error)))?;
    write_new(&file, &text)?;
    Ok(file)
}

/// The signing keys with their numbers, in ascending order.
pub(super) fn read_signing_keys(folder: &Path) -> Result<Vec<(u32, SigningKey)>, KeysError> {
    let mut keys = Vec::new();
    for file in signing_files(folder)? {
        let text = read_private(folder, &file)?;
        let key = SigningKey::from_pkcs8_pem(&text)
            .map_err(|_| KeysError::Malformed { file: file.clone(), expected: "an Ed25519 private key in PKCS#8 PEM" })?;
        let number = number_of(&file, &key).ok_or(KeysError::Malformed {
            file,
            expected: "named signing-NUMBER-KID.pem, with the first 16 hex digits of the SHA-256 of its public key as KID",
        })?;
        keys.push((number, key));
    }
    keys.sort_by_key(|(number, _)| *number);
    Ok(keys)
}

/// The error for a folder without a signing key.
pub(super) fn missing_signing_key(folder: &Path) -> KeysError {
    KeysError::Missing { file: folder.join("signing-0001-KID.pem"), folder: folder.to_path_buf() }
}

/// The files whose names say that they are signing keys, sorted by name.
fn signing_files(folder: &Path) -> Result<Vec<PathBuf>, KeysError> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed(folder))? {
        let name = entry.map_err(failed(folder))?.file_name();
        if name.to_str().is_some_and(|name| name.starts_with("signing-") && name.ends_with(".pem")) {
            files.push(folder.join(name));
        }
    }
    files.sort();
    Ok(files)
}

/// The number in a signing key's file name. Nothing when the rest of the name doesn't fit the key.
fn number_of(file: &Path, key: &SigningKey) -> Option<u32> {
    let name = file.file_name()?.to_str()?.strip_prefix("signing-")?.strip_suffix(".pem")?;
    let (number, id) = name.split_once('-')?;
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (digits && id == key_id(&key.verifying_key())).then(|| number.parse().ok())?
}

fn write_new(file: &Path, text: &str) -> Result<(), KeysError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut opened = options.open(file).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => KeysError::Exists { file: file.to_path_buf() },
        _ => failed(file)(error),
    })?;
    opened.write_all(text.as_bytes()).and_then(|()| opened.sync_all()).map_err(failed(file))
}

/// Reads a file, and refuses one that users other than its owner can read.
fn read_private(folder: &Path, file: &Path) -> Result<Zeroizing<String>, KeysError> {
    let mut opened = File::open(file).map_err(|error| match error.kind() {
        ErrorKind::NotFound => KeysError::Missing { file: file.to_path_buf(), folder: folder.to_path_buf() },
        _ => failed(file)(error),
    })?;
    refuse_exposed(file, &opened.metadata().map_err(failed(file))?, 0o077, "600")?;
    // The buffer has room for the whole file from the start: a growing one would leave copies of the key in memory.
    let mut bytes = Zeroizing::new(vec![0; MAX_FILE_LENGTH]);
    let mut length = 0;
    while length < bytes.len() {
        match opened.read(&mut bytes[length..]).map_err(failed(file))? {
            0 => break,
            read => length += read,
        }
    }
    match std::str::from_utf8(&bytes[..length]) {
        Ok(text) if length < MAX_FILE_LENGTH => Ok(Zeroizing::new(text.to_owned())),
        _ => Err(KeysError::Malformed { file: file.to_path_buf(), expected: "a key" }),
    }
}

#[cfg(unix)]
fn refuse_exposed(path: &Path, metadata: &std::fs::Metadata, refused: u32, mode: &'static str) -> Result<(), KeysError> {
    use std::os::unix::fs::PermissionsExt;
    if metadata.permissions().mode() & refused == 0 {
        return Ok(());
    }
    Err(KeysError::Exposed { path: path.to_path_buf(), mode })
}

#[cfg(not(unix))]
fn refuse_exposed(_: &Path, _: &std::fs::Metadata, _: u32, _: &'static str) -> Result<(), KeysError> {
    Ok(())
}

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> KeysError + use<> {
    let path = path.to_path_buf();
    move |source| KeysError::Io { path, source }
}
