//! The whole program under test: against a real PostgreSQL as the app role, through the same door as a client.

mod harness;

mod access;
mod audit;
mod cancellation;
mod command;
mod conformance;
mod crash;
mod documentation;
mod edge;
mod facility;
mod idempotency;
mod isolation;
mod job;
mod log;
mod migration;
mod paging;
mod referral;
mod schema;
mod service;
mod session;
mod statement;
mod subscription;
mod vocabulary;
