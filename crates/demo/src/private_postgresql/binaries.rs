//! Finding PostgreSQL's programs.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::account::Account;
use super::{PrivatePostgresqlError, download};

/// The oldest major version that works.
const OLDEST: u32 = 15;

/// The folder with a PostgreSQL installation's programs.
#[derive(Debug)]
pub(super) struct Binaries {
    folder: PathBuf,
    /// The major version, such as 15.
    pub(super) major: u32,
}

impl Binaries {
    /// Finds a suitable installation. `required` is the major version of an existing cluster.
    pub(super) fn find(
        account: &Account,
        required: Option<u32>,
        data_directory: &Path,
        allow_download: bool,
    ) -> Result<Self, PrivatePostgresqlError> {
        let mut seen = Vec::new();
        let mut reasons = Vec::new();
        for candidate in candidates() {
            let Some(folder) = folder_of(&candidate).filter(|folder| !seen.contains(folder)) else { continue };
            match inspect(account, &folder, required) {
                Ok(found) => return Ok(found),
                Err(reason) => reasons.push(format!("{} {reason}", folder.display())),
            }
            seen.push(folder);
        }
        if allow_download && cfg!(feature = "download") {
            let fetched = download::fetch(required, account.is_switched())
                .and_then(|folder| inspect(account, &folder, required).map_err(|reason| format!("what was downloaded {reason}")));
            match fetched {
                Ok(found) => return Ok(found),
                Err(reason) => reasons.push(reason),
            }
        }
        let passed_over = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join("; ")) };
        Err(match required {
            Some(major) => PrivatePostgresqlError::VersionNotFound { data_directory: data_directory.into(), major, passed_over },
            None => PrivatePostgresqlError::NotFound { passed_over },
        })
    }

    /// The path of one of the programs.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// Folders that may have PostgreSQL, the likeliest first. Later ones are only looked up when needed.
fn candidates() -> impl Iterator<Item = PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let from_path: Vec<PathBuf> = std::env::split_paths(&path).filter(|folder| folder.is_absolute()).collect();
    let asked = std::iter::once_with(|| ask_pg_config(Path::new("pg_config"), "--bindir")).flatten();
    let versioned = [
        ("/usr/lib/postgresql", "", "bin"),
        ("/usr", "pgsql-", "bin"),
        ("/usr/lib", "postgresql", "bin"),
        ("/opt/homebrew/opt", "postgresql@", "bin"),
        ("/usr/local/opt", "postgresql@", "bin"),
        ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
    ];
    let versioned = versioned.into_iter().flat_map(|(parent, prefix, child)| versions(parent, prefix, child));
    from_path.into_iter().chain(asked).chain(versioned).chain(["/usr/bin".into(), "/usr/local/pgsql/bin".into()])
}

/// The folders `parent/prefixN/child`, the highest version first.
fn versions(parent: &str, prefix: &str, child: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            let major = entry.file_name().to_str()?.strip_prefix(prefix)?.parse().ok()?;
            Some((major, entry.path().join(child)))
        })
        .collect();
    found.sort_by(|one, other| other.cmp(one));
    found.into_iter().map(|(_, folder)| folder).collect()
}

/// The folder that really contains a candidate's `postgres`, which may be a symlink.
fn folder_of(candidate: &Path) -> Option<PathBuf> {
    Some(candidate.join("postgres").canonicalize().ok()?.parent()?.to_path_buf())
}

/// Checks whether the installation is suitable, or says why not.
fn inspect(account: &Account, folder: &Path, required: Option<u32>) -> Result<Binaries, String> {
    if let Some(missing) = ["postgres", "initdb", "pg_ctl"].into_iter().find(|name| !folder.join(name).is_file()) {
        return Err(format!("lacks {missing}"));
    }
    // Run as the server's account, which must be able to run it.
    let mut command = account.command(&folder.join("postgres"));
    let output = command.arg("--version").stdin(Stdio::null()).output().map_err(|error| format!("cannot be run: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let major = major_version(&text).ok_or("does not tell its version")?;
    if major < OLDEST {
        return Err(format!("is version {major}"));
    }
    if let Some(required) = required
        && major != required
    {
        return Err(format!("is version {major}"));
    }
    if !has_trigrams(folder, major) {
        return Err("lacks the extension pg_trgm: install PostgreSQL's contrib package".to_owned());
    }
    Ok(Binaries { folder: folder.into(), major })
}

/// The major version in a text such as `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` or `... 18beta1`.
fn major_version(text: &str) -> Option<u32> {
    let version = text.split_whitespace().nth(2)?;
    let digits = version.find(|character: char| !character.is_ascii_digit()).unwrap_or(version.len());
    version[..digits].parse().ok()
}

fn has_trigrams(folder: &Path, major: u32) -> bool {
    let known = [
        folder.join("../share"),
        folder.join("../share/postgresql"),
        folder.join(format!("../share/postgresql@{major}")),
        folder.join(format!("../share/postgresql/{major}")),
        folder.join(format!("../share/postgresql{major}")),
        folder.join("../share/pgsql"),
        PathBuf::from(format!("/usr/share/postgresql/{major}")),
    ];
    let asked = std::iter::once_with(|| ask_pg_config(&folder.join("pg_config"), "--sharedir")).flatten();
    let common = std::iter::once_with(|| {
        let bin = ask_pg_config(Path::new("pg_config"), "--bindir")?;
        if folder_of(&bin)? == folder { ask_pg_config(Path::new("pg_config"), "--sharedir") } else { None }
    });
    known.into_iter().chain(asked).chain(common.flatten()).any(|share| share.join("extension/pg_trgm.control").is_file())
}

fn ask_pg_config(program: &Path, question: &str) -> Option<PathBuf> {
    let output = std::process::Command::new(program).arg(question).stdin(Stdio::null()).output().ok()?;
    let answer = String::from_utf8(output.stdout).ok()?;
    Some(PathBuf::from(answer.trim())).filter(|path| path.is_absolute())
}

#[cfg(test)]
mod tests {
    use super::major_version;

    #[test]
    fn the_major_version_is_read_from_what_postgres_says() {
        assert_eq!(major_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major_version("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major_version("postgres\n"), None);
    }
}
