//! The whole program under test: against a real PostgreSQL as the app role, through the same door as a client.

mod harness;

mod access;
mod audit;
mod bad_line;
mod cancellation;
mod circumstance;
mod client_report;
mod client_right;
mod command;
mod conformance;
mod crash;
mod documentation;
mod edge;
mod facility;
mod idempotency;
mod isolation;
mod job;
mod least_shared;
mod log;
mod migration;
mod open_referral;
mod paging;
mod referral;
mod schema;
mod service;
mod session;
mod slip;
mod statement;
mod subscription;
mod suggestion;
mod task;
mod task_rule;
mod upload;
mod vocabulary;
mod words;
