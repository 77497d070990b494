//! The rules of Pamoja and nothing else: no input or output, no clock, no database, no GraphQL.
//!
//! The modules, in the order in which they build on each other:
//!
//! - An [`organisation`] has [`user`]s with roles ([`access`]). It offers [`service`]s in a [`county`], perhaps at a
//!   [`facility`]. Its [`contact`] says when somebody is there ([`opening_hours`]), in which languages, and on which
//!   [line](phone_line).
//! - A [`referral`] sends a client to a service. The client is known by a [`pseudonym`] only, carries a [`slip`](referral::slip), and may be
//!   described in a [`sealed_text`].
//! - A [`client_report`] says how the client was treated. A client may see what is stored about them and have it erased
//!   ([`client_right`]).
//! - A [`violation`] is what was done to somebody, and what became of it.
//! - Members also hold [`training`]s for each other. A [`sensitisation`] is planned where people were turned away.
//! - A referral or a training request can be [`open_to_all`]. A table of [`moves`] says what its parties may do. A [`refusal`]
//!   says why somebody can't do something.
//! - A [`suggestion`](service::suggestion) proposes services to choose from; a [`ranking`] puts them in order.
//! - A [`search`] finds the entries of the directory by what somebody typed.
//! - A [`statistic`] counts what was done.

pub mod access;
pub mod change;
pub mod client_report;
pub mod client_right;
pub mod contact;
pub mod county;
pub mod day;
pub mod device;
pub mod enumerated;
pub mod facility;
pub mod id;
pub mod identifying;
pub mod language;
pub mod message;
pub mod month;
pub mod moves;
pub mod open_to_all;
pub mod opening_hours;
pub mod organisation;
pub mod page;
pub mod phone_line;
pub mod pseudonym;
pub mod ranking;
pub mod referral;
pub mod refusal;
pub mod retention;
pub mod sealed_text;
pub mod search;
pub mod sensitisation;
pub mod service;
pub mod session_secret;
pub mod statistic;
pub mod task;
pub mod text;
pub mod training;
pub mod user;
pub mod violation;
pub mod visible;
pub mod vocabulary;
