//! View addresses within text that a page's scripts send to the site: queries, form values, header fields. A view host cannot be anything else, so
//! the real one is put in its place wherever it stands: `redirect_uri=http%3A%2F%2F...` comes out right with no change to the page's scripts.

use std::borrow::Cow;

use super::Exchange;
use crate::origin::{Label, LabelOrigin, UpstreamOrigin};

/// How colon and slashes are written: plain, percent-encoded, and encoded again.
const SPELLINGS: [(&str, &str); 3] = [(":", "/"), ("%3a", "%2f"), ("%253a", "%252f")];

/// Longest label, session and all (RFC 1035).
const LABEL_MAX: usize = 63;

/// A text (a path with its query, a form's body) with this session's view addresses in it as the real ones, whether plain or percent-encoded.
#[must_use]
pub fn unmap_query<'t>(exchange: &Exchange<'_>, text: &'t str) -> Cow<'t, str> {
    let suffix = format!(".{}", exchange.domain.domain);
    if text.len() < suffix.len() {
        return Cow::Borrowed(text);
    }
    let lower = text.to_ascii_lowercase();
    let mut out = String::new();
    let mut done = 0;
    for (dot, _) in lower.match_indices(&suffix) {
        let Some(found) = find(exchange, &lower, dot, dot + suffix.len()) else { continue };
        out.push_str(&text[done..found.start]);
        out.push_str(&found.real);
        done = found.end;
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

struct Found {
    start: usize,
    end: usize,
    real: String,
}

/// The view address whose label ends at `dot` and whose host ends at `end`, in a text in lower case.
fn find(exchange: &Exchange<'_>, text: &str, dot: usize, end: usize) -> Option<Found> {
    // A longer host that only begins like one of ours.
    if text[end..].starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_')) {
        return None;
    }
    let before = &text.as_bytes()[..dot];
    let letters =
        before.iter().rev().take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').take(LABEL_MAX + 6).count();
    // The letters of `%2f` before a host belong to the slash.
    let (start, origin) =
        label_starts(text, dot - letters, dot).find_map(|start| Some((start, origin(exchange, &text[start..end])?)))?;
    let spelling = SPELLINGS.iter().find(|(colon, slash)| text[..start].ends_with(&format!("{colon}{slash}{slash}")));
    let scheme = spelling.and_then(|(colon, slash)| {
        let rest = &text[..start - colon.len() - 2 * slash.len()];
        let word = ["https", "http", "wss", "ws"].into_iter().find(|word| rest.ends_with(word))?;
        Some((rest.len() - word.len(), word, format!("{colon}{slash}{slash}").to_ascii_uppercase()))
    });
    let (end, with_port, colon) = after_port(exchange, text, end, spelling.map_or(":", |(colon, _)| colon));
    let port = if with_port && origin.port != origin.scheme.default_port() {
        format!("{}{}", colon.to_ascii_uppercase(), origin.port)
    } else {
        String::new()
    };
    let host = &origin.host;
    Some(match scheme {
        Some((start, word, separator)) => {
            let secure = origin.scheme.as_str().ends_with('s');
            let word = match (word.starts_with("ws"), secure) {
                (true, true) => "wss",
                (true, false) => "ws",
                (false, _) => origin.scheme.as_str(),
            };
            Found { start, end, real: format!("{word}{separator}{host}{port}") }
        }
        None => Found { start, end, real: format!("{host}{port}") },
    })
}

/// Where the label may begin.
fn label_starts(text: &str, from: usize, dot: usize) -> impl Iterator<Item = usize> {
    let starts = [from, from + 2, from + 4];
    let encoded = text[..from].ends_with('%');
    starts.into_iter().take(if encoded { 3 } else { 1 }).filter(move |start| *start < dot)
}

fn origin(exchange: &Exchange<'_>, host: &str) -> Option<UpstreamOrigin> {
    match exchange.domain.parse_host(host)? {
        Label::View(sid, label) if sid == *exchange.sid => match label {
            LabelOrigin::Known(origin) => Some(origin),
            LabelOrigin::Hashed(hash) => (exchange.known)(&hash),
        },
        _ => None,
    }
}

/// Our own port behind a host, which goes. An address has it unless it is the scheme's own; a bare host may stand alone, and stays so.
fn after_port<'s>(exchange: &Exchange<'_>, text: &str, end: usize, colon: &'s str) -> (usize, bool, &'s str) {
    let port = exchange.domain.port.to_string();
    for (colon, _) in SPELLINGS {
        let rest = text[end..].strip_prefix(colon).and_then(|rest| rest.strip_prefix(&port));
        if rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit())) {
            return (end + colon.len() + port.len(), true, colon);
        }
    }
    (end, exchange.domain.port == exchange.domain.scheme.default_port(), colon)
}
