//! The whole program under test: against a real PostgreSQL as the app role, through the same door as a client.

mod harness;

mod access;
mod command;
mod conformance;
mod documentation;
mod edge;
mod facility;
mod isolation;
mod migration;
mod referral;
mod schema;
mod service;
mod session;
mod vocabulary;
