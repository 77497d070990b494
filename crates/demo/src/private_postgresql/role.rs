//! The roles of the database.

/// A role of the database, with its own password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DatabaseRole {
    /// May do everything; sets the database up. It exists from the first start on.
    Superuser,
    /// Owns the schema and migrates it.
    Owner,
    /// Serves requests.
    App,
    /// Publishes the figures.
    Publisher,
}

impl DatabaseRole {
    /// All roles.
    pub const ALL: [Self; 4] = [Self::Superuser, Self::Owner, Self::App, Self::Publisher];

    /// The role's name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Superuser => "pamoja_superuser",
            Self::Owner => "pamoja_owner",
            Self::App => "pamoja_app",
            Self::Publisher => "pamoja_publisher",
        }
    }
}
