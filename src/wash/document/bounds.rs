//! html5ever within bounds: depth, attributes of a tag, nodes, bytes.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::Tracer;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer};
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeBuilder, TreeSink};
use html5ever::{Attribute, ExpandedName, QualName};
use kuchikiki::{NodeRef, Sink};

/// Deepest element, as in Chromium.
pub(super) const DEPTH: usize = 512;
/// Most elements that a start tag opens: `td` directly in a `table` opens `tbody` and `tr`, too.
const PER_TAG: usize = 3;
/// Most attributes of a tag.
const ATTRIBUTES: usize = 500;
/// Most elements; the rest of the document is left out.
const ELEMENTS: usize = 200_000;
/// Most bytes; the rest of the document is left out.
const BYTES: usize = 32 << 20;

/// How many of the elements left out an end tag is compared with.
const NEAR: usize = 64;

/// Elements that the parser never has open for more than their own text: counted by nobody, they may stand at any depth.
const FLAT: [&str; 29] = [
    "area",
    "base",
    "basefont",
    "bgsound",
    "br",
    "col",
    "embed",
    "frame",
    "hr",
    "iframe",
    "img",
    "input",
    "keygen",
    "link",
    "meta",
    "noembed",
    "noframes",
    "noscript",
    "param",
    "plaintext",
    "script",
    "source",
    "style",
    "textarea",
    "title",
    "track",
    "wbr",
    "xmp",
    "body",
];

/// Parses what fits.
pub(super) fn parse(html: &str) -> NodeRef {
    let sink = Counted { sink: Sink::default(), elements: Cell::new(0) };
    let document = sink.sink.document_node.clone();
    let bounded = Bounded {
        builder: TreeBuilder::new(sink, Default::default()),
        open: Cell::new(PER_TAG),
        dropped: RefCell::new(Vec::new()),
    };
    let tokenizer = Tokenizer::new(bounded, Default::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(&fewer_attributes(first_bytes(html))));
    while !queue.is_empty() {
        // It pauses after each script.
        let _ = tokenizer.feed(&queue);
    }
    tokenizer.end();
    document
}

fn first_bytes(html: &str) -> &str {
    let mut end = html.len().min(BYTES);
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    &html[..end]
}

/// Ends every tag that has too many attributes. Spaces within quotes count, too: the bound is far above what a page has.
fn fewer_attributes(html: &str) -> Cow<'_, str> {
    let mut bounded = String::new();
    let (mut kept, mut words) = (0, None);
    let bytes = html.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match (byte, &mut words) {
            (b'<', None) if bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic) => words = Some((0, None)),
            (quote @ (b'"' | b'\''), Some((_, quoted @ None))) if bytes[..at].ends_with(b"=") => *quoted = Some(*quote),
            (quote, Some((_, quoted @ Some(_)))) if *quoted == Some(*quote) => *quoted = None,
            (b'>', Some((_, None))) => words = None,
            (b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' | b'/' | b'"' | b'\'', Some((count, None))) => {
                *count += 1;
                if *count > 2 * ATTRIBUTES {
                    bounded.push_str(&html[kept..at]);
                    bounded.push('>');
                    (kept, words) = (at, None);
                }
            }
            _ => {}
        }
    }
    if kept == 0 {
        return Cow::Borrowed(html);
    }
    bounded.push_str(&html[kept..]);
    Cow::Owned(bounded)
}

/// Between tokenizer and tree builder: leaves out the start tags of what would be too deep, and their end tags.
struct Bounded {
    builder: TreeBuilder<NodeRef, Counted>,
    /// No fewer than the elements that the builder has open.
    open: Cell<usize>,
    /// Names of the elements left out that are not closed.
    dropped: RefCell<Vec<html5ever::LocalName>>,
}

impl Bounded {
    /// Whether there is room for one more open element. The count is an upper bound that only start tags raise; when it is reached, the builder is asked.
    fn has_room(&self) -> bool {
        if self.open.get() + PER_TAG > DEPTH {
            let count = Count(Cell::new(0));
            self.builder.trace_handles(&count);
            self.open.set(count.0.get());
        }
        self.open.get() + PER_TAG <= DEPTH
    }

    /// Whether a tag passes.
    fn passes(&self, tag: &Tag) -> bool {
        let mut dropped = self.dropped.borrow_mut();
        match tag.kind {
            TagKind::StartTag if FLAT.contains(&&*tag.name) && !self.is_foreign() => true,
            TagKind::StartTag if dropped.is_empty() && self.has_room() => {
                self.open.set(self.open.get() + PER_TAG);
                true
            }
            TagKind::StartTag => {
                if !tag.self_closing {
                    dropped.push(tag.name.clone());
                }
                false
            }
            TagKind::EndTag if dropped.is_empty() || FLAT.contains(&&*tag.name) => true,
            TagKind::EndTag => {
                let near = dropped.len().saturating_sub(NEAR);
                let found = dropped[near..].iter().rposition(|name| *name == tag.name);
                // What was left out and not closed ends with its ancestor.
                dropped.truncate(found.map_or(0, |at| near + at));
                found.is_none()
            }
        }
    }

    fn is_foreign(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

impl TokenSink for Bounded {
    type Handle = NodeRef;

    fn process_token(&self, mut token: Token, line: u64) -> TokenSinkResult<NodeRef> {
        if let Token::TagToken(tag) = &mut token {
            tag.attrs.truncate(ATTRIBUTES);
            if !self.passes(tag) {
                return TokenSinkResult::Continue;
            }
        }
        if self.builder.sink.elements.get() > ELEMENTS && !matches!(token, Token::EOFToken) {
            return TokenSinkResult::Continue;
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.is_foreign()
    }
}

struct Count(Cell<usize>);

impl Tracer for Count {
    type Handle = NodeRef;

    fn trace_handle(&self, _: &NodeRef) {
        self.0.set(self.0.get() + 1);
    }
}

/// kuchikiki's sink, its elements counted.
struct Counted {
    sink: Sink,
    elements: Cell<usize>,
}

impl TreeSink for Counted {
    type Handle = NodeRef;
    type Output = Sink;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Sink {
        self.sink
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeRef {
        self.sink.get_document()
    }

    fn elem_name<'a>(&'a self, target: &'a NodeRef) -> ExpandedName<'a> {
        self.sink.elem_name(target)
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> NodeRef {
        self.elements.set(self.elements.get() + 1);
        self.sink.create_element(name, attrs, flags)
    }

    fn create_comment(&self, text: StrTendril) -> NodeRef {
        self.sink.create_comment(text)
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeRef {
        self.sink.create_pi(target, data)
    }

    fn append(&self, parent: &NodeRef, child: NodeOrText<NodeRef>) {
        self.sink.append(parent, child);
    }

    fn append_based_on_parent_node(&self, element: &NodeRef, previous: &NodeRef, child: NodeOrText<NodeRef>) {
        self.sink.append_based_on_parent_node(element, previous, child);
    }

    fn append_doctype_to_document(&self, name: StrTendril, public_id: StrTendril, system_id: StrTendril) {
        self.sink.append_doctype_to_document(name, public_id, system_id);
    }

    fn get_template_contents(&self, target: &NodeRef) -> NodeRef {
        self.sink.get_template_contents(target)
    }

    fn same_node(&self, x: &NodeRef, y: &NodeRef) -> bool {
        self.sink.same_node(x, y)
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.sink.set_quirks_mode(mode);
    }

    fn append_before_sibling(&self, sibling: &NodeRef, child: NodeOrText<NodeRef>) {
        self.sink.append_before_sibling(sibling, child);
    }

    fn add_attrs_if_missing(&self, target: &NodeRef, attrs: Vec<Attribute>) {
        self.sink.add_attrs_if_missing(target, attrs);
    }

    fn remove_from_parent(&self, target: &NodeRef) {
        self.sink.remove_from_parent(target);
    }

    fn reparent_children(&self, node: &NodeRef, new_parent: &NodeRef) {
        self.sink.reparent_children(node, new_parent);
    }
}
