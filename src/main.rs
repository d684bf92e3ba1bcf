//! The program: hands its arguments to the library and turns the answer into an exit code.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    linger::cli::main(std::env::args_os())
}
