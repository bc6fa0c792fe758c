//! Sessions: PIN and link, tickets, jar, assets, and the task that owns a session's page.
