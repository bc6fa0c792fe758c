//! Moments that outlive the process: by the wall clock, since the clock that deadlines are counted with begins anew at each start of the machine.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

/// A moment: milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Wall(i64);

impl Wall {
    /// Now.
    #[must_use]
    pub fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    /// The same moment by the clock of deadlines.
    #[must_use]
    pub fn instant(self) -> Instant {
        let (now, distance) = (Instant::now(), self.0.saturating_sub(Self::now().0));
        let by = Duration::from_millis(distance.unsigned_abs());
        let moved = if distance < 0 { now.checked_sub(by) } else { now.checked_add(by) };
        moved.unwrap_or(now)
    }
}

impl From<Instant> for Wall {
    fn from(instant: Instant) -> Self {
        let now = Instant::now();
        let milliseconds = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        let ahead = milliseconds(instant.saturating_duration_since(now));
        let behind = milliseconds(now.saturating_duration_since(instant));
        Self(Self::now().0.saturating_add(ahead).saturating_sub(behind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for (ahead, seconds) in [(true, 0), (true, 3600), (false, 3600), (false, 4 * 3600)] {
            let by = Duration::from_secs(seconds);
            let moment = if ahead { Instant::now() + by } else { Instant::now() - by };
            let back = Wall::from(moment).instant();
            let off = back.saturating_duration_since(moment).max(moment.saturating_duration_since(back));
            assert!(off < Duration::from_millis(500), "{ahead} {seconds}: {off:?}");
        }
        assert!(Wall(i64::MAX).instant() >= Instant::now() - Duration::from_secs(1));
    }
}
