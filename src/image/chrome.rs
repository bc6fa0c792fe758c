//! The browser's process: found, started with a pipe for all that we say to it, and gone when we are.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, PipeReader, PipeWriter, Read};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use command_fds::{CommandFdExt, FdMapping};
use headless_chrome::protocol::cdp::Browser;
use rustix::process::{Pid, Signal};
use serde_json::json;
use tokio::sync::oneshot;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::pipe::{self, Pipe};
use super::pool::{Options, Unavailable};
use super::tab::screens::Screens;

mod arguments;
mod find;
mod folder;
pub mod keeper;

pub(super) use find::{Program, find};
pub(super) use folder::sweep;

use folder::Folder;

/// How long a start may take. Measured: a tenth of a second.
const START: Duration = Duration::from_secs(20);
/// Lines of what the browser says while it starts that are kept, for the reason if it does not.
const LINES: usize = 40;

/// A browser that runs. It is killed when this is dropped.
pub(super) struct Chrome {
    /// The way to it.
    pub(super) pipe: Arc<Pipe>,
    /// As it calls itself.
    pub(super) version: Version,
    pub(super) screens: Arc<Screens>,
    process: Process,
}

/// The browser's process, as the thread that waits for it tells.
struct Process {
    pid: u32,
    /// Done when it has ended and its folder is removed.
    ended: CancellationToken,
    /// What it said last.
    said: Arc<Mutex<VecDeque<String>>>,
}

/// What a browser says of itself.
#[derive(Clone, Debug)]
pub(super) struct Version {
    /// Such as `Chrome/156.0.8078.79`.
    pub(super) product: String,
    /// `navigator.userAgent`.
    pub(super) agent: String,
}

impl Chrome {
    /// Starts one.
    pub(super) async fn start(options: &Options, program: &Program) -> Result<Self, Unavailable> {
        let failed = |error: std::io::Error| Unavailable::Failed(error.to_string());
        let user = rustix::process::geteuid().is_root().then_some(options.user);
        let folder = Folder::make(&options.folder, user).map_err(failed)?;
        let (their_in, our_out) = std::io::pipe().map_err(failed)?;
        let (our_in, their_out) = std::io::pipe().map_err(failed)?;
        let mut command = command(options, program, &folder, user);
        command.fd_mappings(mappings(their_in, their_out)).map_err(|error| Unavailable::Failed(error.to_string()))?;
        let process = spawn(command, folder).await?;
        let pipe = Pipe::new(our_in, our_out).map_err(failed)?;
        let version = async {
            let version = pipe.call_within::<Browser::GetVersion>(None, json!({}), START).await?;
            pipe::attach(&pipe).await.map(|()| version)
        };
        match version.await {
            Ok(version) => {
                let version = Version { product: version.product, agent: version.user_agent };
                Ok(Self { pipe, version, screens: Arc::default(), process })
            }
            Err(error) => {
                process.kill();
                let _ = timeout(START, process.ended.cancelled()).await;
                let said = process.said.lock().unwrap_or_else(PoisonError::into_inner);
                Err(why(&said, &error.to_string()))
            }
        }
    }

    /// The browser process's number.
    pub(super) fn pid(&self) -> u32 {
        self.process.pid
    }

    /// Ends it, and waits until nothing of it is left.
    pub(super) async fn stop(&self) {
        self.process.kill();
        let _ = timeout(START, self.process.ended.cancelled()).await;
    }
}

impl Drop for Chrome {
    fn drop(&mut self) {
        self.process.kill();
    }
}

impl Process {
    fn kill(&self) {
        if !self.ended.is_cancelled() {
            kill(self.pid);
        }
    }
}

/// The browser leads a group of processes of its own.
fn kill(pid: u32) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let _ = rustix::process::kill_process_group(pid, Signal::KILL);
    }
}

fn mappings(their_in: PipeReader, their_out: PipeWriter) -> Vec<FdMapping> {
    vec![FdMapping { parent_fd: their_in.into(), child_fd: 3 }, FdMapping { parent_fd: their_out.into(), child_fd: 4 }]
}

/// The command: the keeper, which becomes Chrome, or Chrome itself. Of our environment, which has secrets, it gets next to nothing.
fn command(options: &Options, program: &Program, folder: &Folder, user: Option<u32>) -> Command {
    let mut command = match &options.keeper {
        Some(keeper) => {
            let mut command = Command::new(keeper);
            command.args([keeper::COMMAND, "--parent", &std::process::id().to_string()]).arg("--").arg(&program.path);
            command
        }
        None => Command::new(&program.path),
    };
    command.args(arguments::arguments(options, program, folder.home()));
    command.env_clear().env("HOME", folder.home()).env("TMPDIR", folder.home()).env("XDG_RUNTIME_DIR", folder.home());
    for name in ["PATH", "LANG", "LC_ALL", "FONTCONFIG_PATH", "FONTCONFIG_FILE"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).process_group(0);
    if let Some(user) = user {
        command.uid(user).gid(user);
    }
    command
}

/// Starts it from a thread that lives as long as it does, for the kernel ends it with the thread that started it. The thread removes its folder at the end.
async fn spawn(mut command: Command, folder: Folder) -> Result<Process, Unavailable> {
    let (tell, started) = oneshot::channel();
    let (ended, said) = (CancellationToken::new(), Arc::<Mutex<_>>::default());
    let (end, lines) = (ended.clone().drop_guard(), Arc::clone(&said));
    let keep = move || {
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(error) => return drop(tell.send(Err(error))),
        };
        drop(command);
        let pid = child.id();
        let _ = tell.send(Ok(pid));
        if let Some(stderr) = child.stderr.take() {
            last_lines(stderr, &lines);
        }
        let _ = child.wait();
        kill(pid);
        drop(folder);
        drop(end);
    };
    let failed = |error: std::io::Error| Unavailable::Failed(error.to_string());
    std::thread::Builder::new().name("image-keeper".to_owned()).spawn(keep).map_err(failed)?;
    let pid = started.await.map_err(|_| Unavailable::Failed("its thread ended".to_owned()))?;
    Ok(Process { pid: pid.map_err(failed)?, ended, said })
}

/// Reads to the end, and keeps the last lines. They are shown only if the browser does not start: what it says later may be a page's words.
fn last_lines(from: impl Read, last: &Mutex<VecDeque<String>>) {
    for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.len() == LINES {
            last.pop_front();
        }
        last.push_back(String::from_utf8_lossy(&line).into_owned());
    }
}

fn why(last: &VecDeque<String>, error: &str) -> Unavailable {
    let telling = |line: &&String| line.contains("FATAL") || line.contains("sandbox");
    let line = last.iter().find(telling).or(last.back()).map_or(error, String::as_str);
    if last
        .iter()
        .any(|line| line.contains("sandbox") || line.contains("credentials.cc") || line.contains("zygote_host"))
    {
        return Unavailable::NoSandbox(format!(
            "{line} (allow unprivileged user namespaces, or set `sandbox = false` in [image], see docs/image-mode.md)"
        ));
    }
    Unavailable::Failed(line.to_owned())
}

/// Whether there is room for what processes of the browser share in memory.
fn roomy_shared_memory(path: &Path) -> bool {
    const ROOM: u64 = 512 << 20;
    let stat = File::open(path).ok().and_then(|folder| rustix::fs::fstatvfs(folder).ok());
    stat.is_some_and(|stat| stat.f_blocks.saturating_mul(stat.f_frsize) >= ROOM)
}
