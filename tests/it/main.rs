//! The whole program under test: against a real PostgreSQL as the app role, through the same door as a client.

mod harness;

mod access;
mod documentation;
mod isolation;
mod referral;
mod schema;
