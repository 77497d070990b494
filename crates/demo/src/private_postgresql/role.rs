//! The roles of the database.

/// A role of the database, with its own password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DatabaseRole {
    /// May do everything; sets the database up. It exists from the first start on.
    Superuser,
    /// Owns the schema and migrates it.
    Owner,
    /// Serves members' requests, by calling the functions of the program's statements.
    Server,
    /// Has the rights that those functions need. Nobody logs in as it; tests do, to see what these rights let somebody do.
    App,
    /// Signs people in.
    SignIn,
    /// Runs the jobs.
    Worker,
    /// Runs the operator's commands.
    Operator,
    /// Publishes the figures.
    Publisher,
}

impl DatabaseRole {
    /// All roles.
    pub const ALL: [Self; 8] =
        [Self::Superuser, Self::Owner, Self::Server, Self::App, Self::SignIn, Self::Worker, Self::Operator, Self::Publisher];
    /// The roles that connect to the program's database, apart from the superuser.
    pub const CONNECTING: [Self; 6] = [Self::Owner, Self::Server, Self::SignIn, Self::Worker, Self::Operator, Self::Publisher];

    /// The role's name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Superuser => "pamoja_superuser",
            Self::Owner => "pamoja_owner",
            Self::Server => "pamoja_server",
            Self::App => "pamoja_app",
            Self::SignIn => "pamoja_sign_in",
            Self::Worker => "pamoja_worker",
            Self::Operator => "pamoja_operator",
            Self::Publisher => "pamoja_publisher",
        }
    }
}
