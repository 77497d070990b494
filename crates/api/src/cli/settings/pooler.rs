//! Whether a pooler stands between the program and PostgreSQL.

use clap::{Args, ValueEnum};
use pamoja_persistence::pooler::Pooler;

/// What stands between.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct PoolerSetting {
    /// What pooler in transaction mode stands before the database.
    #[arg(long, env = "PAMOJA_DATABASE_POOLER", value_enum, default_value_t = Kind::None)]
    #[cfg_attr(feature = "demo", arg(conflicts_with = "data_dir"))]
    database_pooler: Kind,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    /// None, or one in session mode.
    None,
    /// A pgbouncer from 1.21 whose max_prepared_statements isn't 0.
    Caching,
    /// Any other. It is slower: each statement is prepared for each execution.
    Plain,
}

impl PoolerSetting {
    pub(super) fn pooler(self) -> Pooler {
        match self.database_pooler {
            Kind::None => Pooler::None,
            Kind::Caching => Pooler::Caching,
            Kind::Plain => Pooler::Plain,
        }
    }
}
