//! What a written page carries beside what is washed, and making it complete in itself.

use rustc_hash::FxHashMap;

use crate::protocol::page::NodeId;
use crate::wash::KEY_CHARS;

/// In place of a picture that was not loaded: one without a pixel to see.
const EMPTY: &str = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";
/// How boxes look: what the viewer draws over them, without it.
const LOOK: &str = "<style>[data-alongside-box]{min-width:5em!important;min-height:1.5em!important;\
    background:repeating-linear-gradient(135deg,#8882 0 4px,#8884 4px 8px)!important}\
    [data-alongside-box]::after{font:12px/1.5 sans-serif;padding:0 .5em;color:#555;background:#fffc}\
    [data-alongside-box=hidden]::after{content:\"Hidden\"}[data-alongside-box=foreign]::after{content:\"Not on the allowlist\"}\
    [data-alongside-box=masked]::after{content:\"Not shown\"}</style>";

/// Marks of nodes, and texts of linked style sheets by the link's node.
#[derive(Default)]
pub(in crate::wash) struct Dress {
    pub(in crate::wash) marks: FxHashMap<NodeId, usize>,
    pub(in crate::wash) sheets: FxHashMap<NodeId, String>,
}

/// Puts pictures in place of their keys. A page cannot name a key, so whatever looks like one in an address's place is one.
pub(super) fn complete(html: &str, pictures: &FxHashMap<String, String>) -> String {
    let mut out = String::with_capacity(html.len());
    let (mut written, mut from) = (0, 0);
    let bytes = html.as_bytes();
    let is_key = |byte: &u8| byte.is_ascii_lowercase() || (b'2'..=b'7').contains(byte);
    while let Some(begins) = bytes[from..].iter().position(is_key).map(|at| from + at) {
        let length = bytes[begins..].iter().take_while(|byte| is_key(byte)).count();
        from = begins + length;
        let before = if html[..begins].ends_with("a/") { begins - 2 } else { begins };
        let quoted = before > 0 && matches!(bytes[before - 1], b'"' | b'(' | b' ' | b',');
        let known = pictures.get(&html[begins..from]).map(String::as_str);
        let unknown = || (length == KEY_CHARS && before < begins && quoted).then_some(EMPTY);
        if let Some(address) = known.or_else(unknown) {
            out.push_str(&html[written..before]);
            out.push_str(address);
            written = from;
        }
    }
    out.push_str(&html[written..]);
    out.push_str(LOOK);
    out
}
