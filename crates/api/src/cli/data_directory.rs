//! The option `--data-dir`, with which a command works on the demo's private PostgreSQL, running or not. A production build is made
//! without the feature `demo` and has no such option.

use std::path::PathBuf;

use clap::Args;
#[cfg(feature = "demo")]
use pamoja_demo::private_postgresql::{DatabaseRole, PrivatePostgresql, ServerOptions};

use super::Problem;

/// Whether a command works on the demo's private PostgreSQL, and on which.
#[derive(Args, Clone, Debug)]
pub(super) struct DataDirectory {
    /// The demo's data directory: work on its private PostgreSQL, running or not, instead.
    #[cfg(feature = "demo")]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

/// The private PostgreSQL of a data directory, held until it is closed; nothing where a command was not told of one.
pub(super) struct PrivateServer {
    #[cfg(feature = "demo")]
    held: Option<(PrivatePostgresql, PathBuf)>,
}

/// As whom a command connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "demo", derive(clap::ValueEnum))]
pub(super) enum Role {
    /// What the program serves as.
    App,
    /// What migrations run as.
    Owner,
    /// What publishes figures.
    Publisher,
}

/// Says that a command doesn't know on which database to work.
pub(super) fn nowhere(setting: &str, role: &str) -> Problem {
    let or = if cfg!(feature = "demo") { ", or name the demo's --data-dir" } else { "" };
    Problem::new(format!("set {setting} to connect as the {role} role{or}"))
}

#[cfg(feature = "demo")]
impl DataDirectory {
    /// Starts the private PostgreSQL, or joins in where it runs.
    ///
    /// # Errors
    /// When it can't be had.
    pub(super) async fn open(&self) -> Result<PrivateServer, Problem> {
        let Some(data_dir) = &self.data_dir else { return Ok(PrivateServer { held: None }) };
        let postgres = PrivatePostgresql::open(data_dir, ServerOptions::default()).await?;
        Ok(PrivateServer { held: Some((postgres, data_dir.clone())) })
    }
}

#[cfg(feature = "demo")]
impl PrivateServer {
    /// How that role connects to it.
    pub(super) fn url(&self, role: Role) -> Option<String> {
        self.held.as_ref().map(|(postgres, _)| postgres.connection_url(role.into()))
    }

    /// The file of that name in the data directory.
    pub(super) fn file(&self, name: &str) -> Option<PathBuf> {
        self.held.as_ref().map(|(_, data_dir)| data_dir.join(name))
    }

    /// Lets go of it.
    ///
    /// # Errors
    /// When it was started for this command and doesn't stop.
    pub(super) async fn close(self) -> Result<(), Problem> {
        if let Some((postgres, _)) = self.held {
            postgres.stop().await?;
        }
        Ok(())
    }
}

#[cfg(feature = "demo")]
impl From<Role> for DatabaseRole {
    fn from(role: Role) -> Self {
        match role {
            Role::App => Self::App,
            Role::Owner => Self::Owner,
            Role::Publisher => Self::Publisher,
        }
    }
}

#[cfg(not(feature = "demo"))]
impl DataDirectory {
    /// There is none.
    ///
    /// # Errors
    /// Never.
    pub(super) async fn open(&self) -> Result<PrivateServer, Problem> {
        Ok(PrivateServer {})
    }
}

#[cfg(not(feature = "demo"))]
impl PrivateServer {
    /// Nothing.
    pub(super) fn url(&self, _: Role) -> Option<String> {
        None
    }

    /// Nothing.
    pub(super) fn file(&self, _: &str) -> Option<PathBuf> {
        None
    }

    /// Does nothing.
    ///
    /// # Errors
    /// Never.
    pub(super) async fn close(self) -> Result<(), Problem> {
        Ok(())
    }
}
