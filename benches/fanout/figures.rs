//! Times, and what a process used up.

use std::time::Duration;

use crate::Failure;

/// Times that were taken.
#[derive(Default)]
pub(crate) struct Figures(Vec<Duration>);

impl Figures {
    pub(crate) fn note(&mut self, took: Duration) {
        self.0.push(took);
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// The time that this part of all stays within.
    pub(crate) fn part(&self, part: f64) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let at = (sorted.len().saturating_sub(1) as f64 * part).round() as usize;
        sorted.get(at).copied().unwrap_or_default()
    }
}

/// Ticks of the processor's clock in a second (`getconf CLK_TCK`, 100 on Linux).
const TICKS: f64 = 100.0;

/// What a process has used.
pub(crate) struct Usage {
    at: std::time::Instant,
    /// Seconds of processor time.
    processor: f64,
    /// Bytes in memory.
    memory: u64,
}

impl Usage {
    /// From `/proc`: fields 14 and 15 of `stat`, `VmRSS` of `status` (proc(5)).
    pub(crate) fn of(pid: u32) -> Result<Self, Failure> {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
        let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
        let memory =
            status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse().ok());
        let processor = (ticks(11) + ticks(12)) / TICKS;
        Ok(Self { at: std::time::Instant::now(), processor, memory: memory.unwrap_or(0_u64) << 10 })
    }

    pub(crate) fn since(&self, before: &Self) -> String {
        let cores = (self.processor - before.processor) / (self.at - before.at).as_secs_f64();
        format!("server {cores:.2} cores, {} MB", self.memory >> 20)
    }
}
