//! Tests of the whole program: against a real PostgreSQL as the app role, over the same API as a client.

#![expect(unreachable_pub, reason = "a test binary has no outside; pub says what other files of it use")]
#![expect(clippy::disallowed_methods, reason = "a test goes by the machine's clock, and its runtime ends with it")]

mod harness;

mod access;
mod audit;
mod bad_line;
mod cancellation;
mod change;
mod cleanup;
mod client_report;
mod client_report_rating;
mod client_right;
mod command;
mod conformance;
mod contact;
mod crash;
mod demo;
mod documentation;
mod edge;
mod facility;
mod idempotency;
mod isolation;
mod job;
mod log;
mod migration;
mod mutation;
mod paging;
mod publication;
mod referral;
mod referral_circumstance;
mod referral_least_shared;
mod referral_open;
mod referral_open_list;
mod referral_slip;
mod referral_upload;
mod schema;
mod service;
mod service_pause;
mod service_suggestion;
mod session;
mod statement;
mod statement_text;
mod statistic;
mod subscription;
mod table;
mod task;
mod task_rule;
mod training;
mod training_figure;
mod training_input;
mod training_matching;
mod training_task;
mod vocabulary;
mod words;
