//! The way in which the page is shown.

use super::Task;
use crate::protocol::visitor::ToVisitor;
use crate::session::stage::Order;

impl Task {
    /// What the runner wants.
    pub(super) fn obey(&mut self, order: Order) {
        match order {
            Order::Look(n) => self.answer(ToVisitor::Look { n }),
            Order::State(state) => self.session.update(|status| status.image = state),
        }
    }
}
