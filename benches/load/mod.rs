//! The load: sockets that play companions and views.

pub(crate) mod alone;
pub(crate) mod figures;
pub(crate) mod many;
pub(crate) mod server;
pub(crate) mod socket;
