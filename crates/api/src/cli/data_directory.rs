//! The option `--data-dir`, with which a command works on the demo's private PostgreSQL, whether it runs or not. Production
//! builds leave out the feature `demo` and don't have the option.

use std::path::PathBuf;

use clap::Args;
#[cfg(feature = "demo")]
use pamoja_demo::private_postgresql::{DatabaseRole, PrivatePostgresql, ServerOptions};

use super::Problem;

/// Whether a command works on the demo's private PostgreSQL, and in which data directory.
#[derive(Args, Clone, Debug)]
pub(super) struct DataDirectory {
    /// Work on the private PostgreSQL of this demo data directory instead, whether it runs or not.
    #[cfg(feature = "demo")]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

/// The private PostgreSQL of a data directory, held until it is closed; empty when the command names no data directory.
pub(super) struct PrivateServer {
    #[cfg(feature = "demo")]
    held: Option<(PrivatePostgresql, PathBuf)>,
}

/// The role with which a command connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "demo", derive(clap::ValueEnum))]
pub(super) enum Role {
    /// The role that serves members' requests.
    Server,
    /// The role that signs people in.
    SignIn,
    /// The role of the jobs.
    Worker,
    /// The role of the operator's commands.
    Operator,
    /// The role that runs migrations.
    Owner,
    /// The role that publishes figures.
    Publisher,
    /// The one that sees every row, to look at the tables of the demo. No command works as it.
    #[cfg(feature = "demo")]
    Superuser,
}

impl Role {
    /// What the role is called in messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::SignIn => "sign-in",
            Self::Worker => "worker",
            Self::Operator => "operator",
            Self::Owner => "owner",
            Self::Publisher => "publisher",
            #[cfg(feature = "demo")]
            Self::Superuser => "superuser",
        }
    }
}

/// Says that the command doesn't know which database to work on.
pub(super) fn nowhere(setting: &str, role: &str) -> Problem {
    let or = if cfg!(feature = "demo") { ", or name the demo's --data-dir" } else { "" };
    Problem::new(format!("set {setting} to connect as the {role} role{or}"))
}

#[cfg(feature = "demo")]
impl DataDirectory {
    /// Starts the private PostgreSQL, or joins it when it already runs.
    ///
    /// # Errors
    /// When the private PostgreSQL can't be started or joined.
    pub(super) async fn open(&self) -> Result<PrivateServer, Problem> {
        let Some(data_dir) = &self.data_dir else { return Ok(PrivateServer { held: None }) };
        let postgres = PrivatePostgresql::open(data_dir, ServerOptions::default()).await?;
        Ok(PrivateServer { held: Some((postgres, data_dir.clone())) })
    }
}

#[cfg(feature = "demo")]
impl PrivateServer {
    /// The connection URL for that role.
    pub(super) fn url(&self, role: Role) -> Option<String> {
        self.held.as_ref().map(|(postgres, _)| postgres.connection_url(role.into()))
    }

    /// The path of that file in the data directory.
    pub(super) fn file(&self, name: &str) -> Option<PathBuf> {
        self.held.as_ref().map(|(_, data_dir)| data_dir.join(name))
    }

    /// Lets go of the private PostgreSQL.
    ///
    /// # Errors
    /// When this command started it and it doesn't stop.
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
            Role::Server => Self::Server,
            Role::SignIn => Self::SignIn,
            Role::Worker => Self::Worker,
            Role::Operator => Self::Operator,
            Role::Owner => Self::Owner,
            Role::Publisher => Self::Publisher,
            Role::Superuser => Self::Superuser,
        }
    }
}

#[cfg(not(feature = "demo"))]
impl DataDirectory {
    /// Opens nothing: this build has no private PostgreSQL.
    pub(super) async fn open(&self) -> Result<PrivateServer, Problem> {
        Ok(PrivateServer {})
    }
}

#[cfg(not(feature = "demo"))]
impl PrivateServer {
    /// Always nothing.
    pub(super) fn url(&self, _: Role) -> Option<String> {
        None
    }

    /// Always nothing.
    pub(super) fn file(&self, _: &str) -> Option<PathBuf> {
        None
    }

    /// Does nothing.
    pub(super) async fn close(self) -> Result<(), Problem> {
        Ok(())
    }
}
