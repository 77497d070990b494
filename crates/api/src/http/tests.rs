//! The edge as clients meet it: a stand-in schema behind a real listener.

#![expect(clippy::disallowed_methods, reason = "a test waits for its tasks, or the runtime ends with it")]

mod http;
mod service;
mod sockets;
mod stand_in;
mod telemetry;
