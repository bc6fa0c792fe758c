//! What the server adds between a visitor and those who watch, over loopback against the real binary: the load is sockets that play
//! companions and views.
//!
//! First one session alone: a visitor's event to both watchers, and an act there and back, with sockets that answer at once, beside an echo
//! through the same WebSocket library: what is left is the server's own share. Then many sessions at once: `--sessions 1000 --watchers 2 --rate 20`, with
//! the server's processor time and memory from `/proc`. The binary is `ALONGSIDE`, or `target/release/alongside`.

use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

mod alone;
mod figures;
mod many;
mod server;
mod socket;

use figures::{Figures, Usage};
use server::Server;

type Failure = Box<dyn Error + Send + Sync>;

/// How much.
struct Wanted {
    sessions: usize,
    watchers: usize,
    rate: u32,
    seconds: u64,
}

impl Wanted {
    fn read() -> Self {
        let given: Vec<String> = std::env::args().collect();
        let number = |name: &str, otherwise: usize| {
            let value = given.iter().position(|arg| arg == name).and_then(|at| given.get(at + 1)?.parse().ok());
            value.unwrap_or(otherwise)
        };
        Self {
            sessions: number("--sessions", 1_000),
            watchers: number("--watchers", 2),
            rate: u32::try_from(number("--rate", 20)).unwrap_or(20),
            seconds: number("--seconds", 20) as u64,
        }
    }
}

#[allow(clippy::print_stdout, reason = "it prints figures")]
fn main() -> Result<(), Failure> {
    let binary = std::env::var_os("ALONGSIDE").map_or_else(|| PathBuf::from("target/release/alongside"), PathBuf::from);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let wanted = Wanted::read();
        let cores = std::thread::available_parallelism()?;
        println!("\n{cores} cores for the server, the load and whatever else runs. Milliseconds.\n");
        println!("| one session | p50 | p99 | most | of |\n|---|---|---|---|---|");
        let server = Server::start(&binary, wanted.sessions + 10).await?;
        for (what, figures) in alone::measure(&server).await? {
            println!("{}", figures.row(what));
        }
        println!(
            "\n| {} watchers each, {} events/s each | p50 | p99 | most | of |\n|---|---|---|---|---|",
            wanted.watchers, wanted.rate
        );
        let mut sessions = Vec::new();
        for part in [10, 4, 2, 1] {
            let count = (wanted.sessions / part).max(1);
            while sessions.len() < count {
                sessions.push(server.session(wanted.watchers).await?);
            }
            let before = Usage::of(server.pid())?;
            let (figures, kept) = many::measure(sessions, wanted.rate, Duration::from_secs(wanted.seconds)).await?;
            let used = Usage::of(server.pid())?;
            sessions = kept;
            println!("{}", figures.row(&format!("{count} sessions: {}", used.since(&before))));
        }
        server.stop().await
    })
}

impl Figures {
    fn row(&self, what: &str) -> String {
        let [p50, p99, most] = [self.part(0.5), self.part(0.99), self.part(1.0)].map(|took| took.as_secs_f64() * 1e3);
        format!("| {what} | {p50:.2} | {p99:.2} | {most:.1} | {} |", self.count())
    }
}
