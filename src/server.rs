//! Listeners, TLS, the control side's API, sockets, replies, shutdown.
