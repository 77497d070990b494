//! The edge as clients meet it: a stand-in schema on a real listener.

mod http;
mod service;
mod sockets;
mod stand_in;
mod telemetry;
