//! An attacker sends SQL as the exposed process, with its connection string and one member's session: nothing of others is read,
//! changed or told. And with any one wall taken down, the same attempts find something.

mod attempt;
mod belonging;
mod catalogue;
mod check;
mod context;
mod input;
mod limit;
mod occasion;
mod oracle;
mod other_role;
mod restored;
pub mod scene;
mod sideways;
mod sign_in;
mod statement;
mod upgrade;
mod wall;
