//! The policy that all sessions go by, and how it is changed.

use std::sync::{Arc, PoisonError};

use super::Sessions;
use crate::policy::Policy;

impl Sessions {
    /// What may be opened and loaded now.
    #[must_use]
    pub fn policy(&self) -> Arc<Policy> {
        Arc::clone(&self.policy.borrow())
    }

    /// Another policy holds from now on, in running sessions too: how many these are. What agents get once this has returned is by the new rules;
    /// each session's task does the work.
    pub fn set_policy(&self, policy: Policy) -> usize {
        let _one = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let policy = Arc::new(policy);
        let table = self.table();
        self.policy.send_replace(Arc::clone(&policy));
        let sessions: Vec<_> = table.live.values().cloned().collect();
        drop(table);
        sessions.iter().for_each(|session| session.go_by(&policy));
        sessions.len()
    }
}
