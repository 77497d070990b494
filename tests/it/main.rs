//! The whole program under test: against a real PostgreSQL as the app role, through the same door as a client.

mod harness;

mod access;
mod audit;
mod cancellation;
mod crash;
mod idempotency;
mod isolation;
mod job;
mod paging;
mod referral;
mod schema;
mod statement;
mod subscription;
