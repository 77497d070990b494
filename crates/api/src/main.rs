//! The `pamoja` program.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Gives memory back. Each password takes 19 MB for a moment, and the system's allocator would keep that once for each thread.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    pamoja_api::cli::main()
}
