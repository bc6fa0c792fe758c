//! What stands between us and Chrome at its start: a process that sees to it that Chrome does not outlive us, and then becomes it.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

use rustix::process::{Pid, Resource, Rlimit, Signal};

/// The subcommand of `alongside` that calls [`become_chrome`].
pub const COMMAND: &str = "image-browser";
/// Where the memory of the machine ends, Chrome goes before we do: added to its badness (proc(5), `oom_score_adj`).
const BADNESS: &str = "200";

/// Asks the kernel to kill this process when the thread that started it ends, and becomes `program`. Never returns but with an error.
///
/// # Errors
/// The parent is gone already, or the program cannot be run.
pub fn become_chrome(parent: u32, program: &OsString, arguments: &[OsString]) -> io::Error {
    let kept = || {
        rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
        let nothing = Rlimit { current: Some(0), maximum: Some(0) };
        rustix::process::setrlimit(Resource::Core, nothing)
    };
    if let Err(error) = kept() {
        return error.into();
    }
    let now = rustix::process::getppid().map(Pid::as_raw_nonzero).map(std::num::NonZero::get);
    if now.and_then(|pid| u32::try_from(pid).ok()) != Some(parent) {
        return io::Error::other("whoever started this is gone");
    }
    let _ = std::fs::write("/proc/self/oom_score_adj", BADNESS);
    Command::new(program).args(arguments).exec()
}
