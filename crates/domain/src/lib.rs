//! The rules of Pamoja, and nothing else: no input or output, no clock, no database, no GraphQL.
//!
//! The words, in the order in which they build on each other: an [`organisation`] has [`user`]s with roles ([`access`]) and
//! offers [`service`]s in a [`county`], perhaps at a [`facility`]; a [`referral`] sends a client, known by a [`pseudonym`] alone, to
//! one of them, with a [`slip`] in the hand and perhaps a [`sealed_text`]. How they were treated is a [`client_report`], and what is held of
//! them they may see and have erased ([`client_right`]). Members also hold [`training`]s for each other. Either can be [`open_to_all`]; what its parties do with it
//! is a table of [`moves`]; what can't be done is a [`refusal`]. Which service to choose is a [`suggestion`], put in order by [`ranking`].
//! What has been done is counted in a [`statistic`].

pub mod access;
pub mod change;
pub mod client_report;
pub mod client_right;
pub mod county;
pub mod day;
pub mod device;
pub mod facility;
pub mod id;
pub mod identifying;
pub mod language;
pub mod message;
pub mod month;
pub mod moves;
pub mod open_to_all;
pub mod organisation;
pub mod page;
pub mod pseudonym;
pub mod ranking;
pub mod referral;
pub mod refusal;
pub mod retention;
pub mod sealed_text;
pub mod service;
pub mod slip;
pub mod statistic;
pub mod suggestion;
pub mod task;
pub mod text;
pub mod training;
pub mod user;
pub mod vocabulary;
