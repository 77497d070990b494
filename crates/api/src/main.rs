//! The `pamoja` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    pamoja_api::cli::main()
}
