//! From a permitted host to a connection.
