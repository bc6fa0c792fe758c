//! The bytes of an HTTP/1 connection's requests, read strictly (RFC 9112). Pure.

use bytes::BytesMut;

/// Longest head of a request, in bytes.
pub const HEAD_MAX: usize = 64 << 10;
/// Longest line that begins a chunk, and longest trailers, in bytes.
const LINE_MAX: usize = 4 << 10;
/// Digits of a chunk's size at most: 16 would not fit the counter.
const SIZE_DIGITS: usize = 15;
/// Digits of a length at most.
const LENGTH_DIGITS: usize = 18;

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A line does not end with CRLF, or has a carriage return or NUL within it.
    #[error("a line that does not end with CRLF")]
    Line,
    /// The head is longer than [`HEAD_MAX`].
    #[error("the head is too long")]
    TooLong,
    /// The request line is not method, target and version with one space between.
    #[error("a bad request line")]
    RequestLine,
    /// A field is folded, nameless, or has white space before its colon or control characters in its value.
    #[error("a bad header field")]
    Field,
    /// Not exactly one `Host`, or one that differs from the target's, or cannot be one.
    #[error("a missing, second or bad host")]
    Host,
    /// The body's length is not plain: two lengths, a length beside a transfer coding, another coding than `chunked`.
    #[error("an unclear length")]
    Framing,
    /// A chunk does not have the form of one.
    #[error("a bad chunk")]
    Chunk,
}

impl Refusal {
    /// It came in the middle of a body, after its head was handed on.
    #[must_use]
    pub fn in_body(self) -> bool {
        self == Self::Chunk
    }
}

/// What a step came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It goes on with more bytes.
    More,
    /// Request number so-and-so asked for an upgrade: it goes on when [`Watch::decide`] was told the answer.
    Upgrade(u64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// In a head, searched so far for its end.
    Head(usize),
    /// In a body of so many bytes more.
    Length(u64),
    /// At the line that begins a chunk.
    Size,
    /// In a chunk of so many bytes more.
    Chunk(u64),
    /// At the CRLF behind a chunk.
    ChunkEnd,
    /// In the lines after the last chunk.
    Trailers,
    /// At the answer to an upgrade.
    Waiting,
    /// Upgraded: no requests any more.
    Through,
}

/// Where the bytes of a connection stand.
#[derive(Debug)]
pub struct Watch {
    state: State,
    heads: u64,
}

impl Default for Watch {
    fn default() -> Self {
        Self { state: State::Head(0), heads: 0 }
    }
}

/// What a head says about what follows it.
struct Head {
    body: State,
    upgrade: bool,
}

impl Watch {
    /// Moves what can be judged from `input` to `output`.
    ///
    /// # Errors
    /// See [`Refusal`]; nothing may be handed on after one.
    pub fn step(&mut self, input: &mut BytesMut, output: &mut BytesMut) -> Result<Step, Refusal> {
        loop {
            let moved = match self.state {
                State::Waiting => return Ok(Step::Upgrade(self.heads)),
                State::Head(searched) => self.head(input, searched)?,
                State::Size => self.size(input)?,
                State::Trailers => self.trailers(input)?,
                State::ChunkEnd => self.chunk_end(input)?,
                State::Length(left) => self.pass(input, left, State::Length, State::Head(0)),
                State::Chunk(left) => self.pass(input, left, State::Chunk, State::ChunkEnd),
                State::Through => Some(input.len()).filter(|n| *n > 0),
            };
            let Some(n) = moved else { return Ok(Step::More) };
            output.extend_from_slice(&input.split_to(n));
        }
    }

    /// The answer to an upgrade.
    pub fn decide(&mut self, upgraded: bool) {
        if self.state == State::Waiting {
            self.state = if upgraded { State::Through } else { State::Head(0) };
        }
    }

    /// An upgrade was asked for and not answered yet.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.state == State::Waiting
    }

    fn head(&mut self, input: &BytesMut, searched: usize) -> Result<Option<usize>, Refusal> {
        let Some(end) = head_end(input, searched)? else {
            if input.len() >= HEAD_MAX {
                return Err(Refusal::TooLong);
            }
            self.state = State::Head(input.len());
            return Ok(None);
        };
        if end > HEAD_MAX {
            return Err(Refusal::TooLong);
        }
        let head = read_head(&input[..end])?;
        self.heads += 1;
        self.state = match head.body {
            State::Head(_) if head.upgrade => State::Waiting,
            body => body,
        };
        Ok(Some(end))
    }

    /// Bytes that need no judging.
    fn pass(&mut self, input: &BytesMut, left: u64, on: fn(u64) -> State, after: State) -> Option<usize> {
        let n = input.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let left = left - n as u64;
        self.state = if left == 0 { after } else { on(left) };
        Some(n).filter(|n| *n > 0)
    }

    fn size(&mut self, input: &BytesMut) -> Result<Option<usize>, Refusal> {
        let Some(end) = line_end(input, LINE_MAX)? else { return Ok(None) };
        let line = &input[..end - 2];
        let digits = line.iter().take_while(|b| b.is_ascii_hexdigit()).count();
        let extension = &line[digits..];
        let plain = extension.first().is_none_or(|b| *b == b';') && extension.iter().all(|b| is_value(*b));
        if digits == 0 || digits > SIZE_DIGITS || !plain {
            return Err(Refusal::Chunk);
        }
        let size = std::str::from_utf8(&line[..digits]).ok().and_then(|digits| u64::from_str_radix(digits, 16).ok());
        self.state = match size.ok_or(Refusal::Chunk)? {
            0 => State::Trailers,
            size => State::Chunk(size),
        };
        Ok(Some(end))
    }

    fn chunk_end(&mut self, input: &BytesMut) -> Result<Option<usize>, Refusal> {
        let known = input.len().min(2);
        if input[..known] != b"\r\n"[..known] {
            return Err(Refusal::Chunk);
        }
        if known < 2 {
            return Ok(None);
        }
        self.state = State::Size;
        Ok(Some(2))
    }

    fn trailers(&mut self, input: &BytesMut) -> Result<Option<usize>, Refusal> {
        let Some(end) = line_end(input, LINE_MAX)? else { return Ok(None) };
        let line = &input[..end - 2];
        if line.is_empty() {
            self.state = State::Head(0);
        } else {
            read_field(line).map_err(|_| Refusal::Chunk)?;
        }
        Ok(Some(end))
    }
}

/// Behind the CRLF of a line.
fn line_end(input: &[u8], max: usize) -> Result<Option<usize>, Refusal> {
    let end = input.iter().take(max).position(|b| *b == b'\n');
    match end {
        Some(end) if end > 0 && input[end - 1] == b'\r' && !input[..end - 1].contains(&b'\r') => Ok(Some(end + 1)),
        None if input.len() < max => Ok(None),
        _ => Err(Refusal::Chunk),
    }
}

/// Behind the empty line of a head. One empty line before the request is let pass (RFC 9112, 2.2).
fn head_end(input: &[u8], searched: usize) -> Result<Option<usize>, Refusal> {
    let start = if input.starts_with(b"\r\n") { 2 } else { 0 };
    for i in searched..input.len().min(HEAD_MAX) {
        match input[i] {
            0 => return Err(Refusal::Line),
            b'\n' if i == 0 || input[i - 1] != b'\r' => return Err(Refusal::Line),
            b'\n' if i >= start + 3 && input[i - 2] == b'\n' => return Ok(Some(i + 1)),
            b'\n' if i == start + 1 => return Err(Refusal::Line),
            byte if byte != b'\n' && i > 0 && input[i - 1] == b'\r' => return Err(Refusal::Line),
            _ => {}
        }
    }
    Ok(None)
}

/// Reads a whole head.
fn read_head(head: &[u8]) -> Result<Head, Refusal> {
    let head = head.strip_prefix(b"\r\n").unwrap_or(head);
    let mut lines = head.split(|b| *b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let (target, old) = read_request_line(lines.next().unwrap_or_default())?;
    let mut host = None;
    let mut length = None;
    let mut chunked = false;
    let mut upgrade = false;
    for line in lines.take_while(|line| !line.is_empty()) {
        let (name, value) = read_field(line)?;
        if name.eq_ignore_ascii_case(b"host") {
            set_once(&mut host, value).ok_or(Refusal::Host)?;
        } else if name.eq_ignore_ascii_case(b"content-length") {
            set_once(&mut length, read_length(value)?).ok_or(Refusal::Framing)?;
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            if chunked || old || !value.eq_ignore_ascii_case(b"chunked") {
                return Err(Refusal::Framing);
            }
            chunked = true;
        } else if name.eq_ignore_ascii_case(b"upgrade") {
            upgrade = true;
        }
    }
    check_host(host.ok_or(Refusal::Host)?, target)?;
    let body = match (length, chunked) {
        (Some(_), true) => return Err(Refusal::Framing),
        (None, true) => State::Size,
        (None | Some(0), false) => State::Head(0),
        (Some(length), false) => State::Length(length),
    };
    Ok(Head { body, upgrade })
}

/// None: it was set already.
fn set_once<T>(slot: &mut Option<T>, value: T) -> Option<()> {
    if slot.is_some() {
        return None;
    }
    *slot = Some(value);
    Some(())
}

/// The target, and whether the version is 1.0.
fn read_request_line(line: &[u8]) -> Result<(&[u8], bool), Refusal> {
    let mut parts = line.split(|b| *b == b' ');
    let (method, target, version) = (parts.next(), parts.next(), parts.next());
    let (Some(method), Some(target), Some(version), None) = (method, target, version, parts.next()) else {
        return Err(Refusal::RequestLine);
    };
    let old = match version {
        b"HTTP/1.1" => false,
        b"HTTP/1.0" => true,
        _ => return Err(Refusal::RequestLine),
    };
    let method_is_good = !method.is_empty() && method.iter().all(|b| is_token(*b)) && method != b"CONNECT";
    let target_is_good = target.iter().all(|b| *b > b' ' && *b != 0x7f)
        && (target.starts_with(b"/")
            || absolute_authority(target).is_some()
            || (target == b"*" && method == b"OPTIONS"));
    if method_is_good && target_is_good { Ok((target, old)) } else { Err(Refusal::RequestLine) }
}

/// Name and value of a field, without the white space around the value.
fn read_field(line: &[u8]) -> Result<(&[u8], &[u8]), Refusal> {
    let colon = line.iter().position(|b| *b == b':').ok_or(Refusal::Field)?;
    let (name, value) = (&line[..colon], &line[colon + 1..]);
    let good = !name.is_empty() && name.iter().all(|b| is_token(*b)) && value.iter().all(|b| is_value(*b));
    if good { Ok((name, value.trim_ascii())) } else { Err(Refusal::Field) }
}

fn read_length(value: &[u8]) -> Result<u64, Refusal> {
    let good = (1..=LENGTH_DIGITS).contains(&value.len()) && value.iter().all(u8::is_ascii_digit);
    let number = good.then(|| std::str::from_utf8(value).ok()?.parse().ok()).flatten();
    number.ok_or(Refusal::Framing)
}

fn check_host(host: &[u8], target: &[u8]) -> Result<(), Refusal> {
    let same = absolute_authority(target).is_none_or(|authority| authority.eq_ignore_ascii_case(host));
    if same && is_host(host) { Ok(()) } else { Err(Refusal::Host) }
}

/// The authority of a target in absolute form (RFC 9112, 3.2.2).
fn absolute_authority(target: &[u8]) -> Option<&[u8]> {
    let prefix = |scheme: &[u8]| target.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    let rest = [&b"http://"[..], b"https://"].into_iter().find(|scheme| prefix(scheme)).map(|s| &target[s.len()..])?;
    let end = rest.iter().position(|b| matches!(b, b'/' | b'?' | b'#')).unwrap_or(rest.len());
    Some(&rest[..end])
}

/// A host with or without port, and nothing else that could be read as one.
#[must_use]
pub fn is_host(host: &[u8]) -> bool {
    !host.is_empty()
        && host.len() <= 300
        && host.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':' | b'[' | b']'))
}

/// `tchar` (RFC 9110, 5.6.2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// May stand in a field's value (RFC 9110, 5.5).
fn is_value(byte: u8) -> bool {
    byte == b'\t' || byte >= b' ' && byte != 0x7f
}
