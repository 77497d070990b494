//! The rules of Pamoja, and nothing else: no input or output, no clock, no database, no GraphQL.
//!
//! The words, in the order in which they build on each other: an [`organisation`] has [`user`]s with roles ([`access`]) and
//! offers [`service`]s in a [`county`], perhaps at a [`facility`]; a [`referral`] sends a client, known by a [`pseudonym`] alone, to
//! one of them, with a [`slip`] in the hand and perhaps a [`sealed_text`]. What can't be done is a [`refusal`].

pub mod access;
pub mod county;
pub mod day;
pub mod facility;
pub mod id;
pub mod identifying;
pub mod organisation;
pub mod page;
pub mod pseudonym;
pub mod referral;
pub mod refusal;
pub mod sealed_text;
pub mod service;
pub mod slip;
pub mod text;
pub mod user;
pub mod vocabulary;
