//! Accounts that are not what they were: what they had open in sessions closes at once.

use super::Sessions;
use crate::session::Agent;

impl Sessions {
    /// An account is gone, or may do something else now: its views of sessions in which it has no part any more close.
    pub fn recall(&self, account: i64, now: Option<&Agent>) {
        for session in self.live() {
            if now.is_none_or(|agent| session.role_of(agent).is_none()) {
                session.revoke(|agent| agent.account == account);
            }
        }
    }

    /// Sign-ins of an account ended: the views that were opened with them close. Where nobody knows any more with which one, the view closes, too.
    pub fn recall_sign_ins(&self, account: i64, ended: impl Fn(i64) -> bool) {
        for session in self.live() {
            session.make_void(|capability| {
                capability.agent.account == account && (capability.sign_in == 0 || ended(capability.sign_in))
            });
        }
    }
}
