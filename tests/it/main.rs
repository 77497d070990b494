//! Tests of the whole program: against a real PostgreSQL as the app role, over the same API as a client.

#![expect(unreachable_pub, reason = "a test binary has no outside; pub says what other files of it use")]
#![expect(clippy::disallowed_methods, reason = "a test goes by the machine's clock, and its runtime ends with it")]

mod harness;

mod access;
mod audit;
mod bad_line;
mod cancellation;
mod change;
mod circumstance;
mod cleanup;
mod client_report;
mod client_right;
mod command;
mod conformance;
mod crash;
mod demo;
mod documentation;
mod edge;
mod facility;
mod idempotency;
mod isolation;
mod job;
mod least_shared;
mod log;
mod migration;
mod mutation;
mod open_list;
mod open_referral;
mod paging;
mod publication;
mod rating;
mod referral;
mod schema;
mod service;
mod session;
mod slip;
mod statement;
mod statement_text;
mod statistic;
mod subscription;
mod suggestion;
mod table;
mod task;
mod task_rule;
mod training;
mod training_figure;
mod training_input;
mod training_matching;
mod training_task;
mod upload;
mod vocabulary;
mod words;
