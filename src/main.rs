//! Arguments to configuration to server to exit code.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match alongside::cli::Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(&error);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "the one place that speaks to the person at the command line")]
fn report(error: &anyhow::Error) {
    eprintln!("alongside: {error:#}");
}
