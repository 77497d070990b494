//! The `pamoja` program.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Gives memory back to the system. Each password takes 19 MB for a moment, and the system's allocator would keep that once per
/// thread.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    pamoja_api::cli::main()
}
