// Documents of nested frames. A frame has a document only while it is in the page, and gets a new one when it moves: what belongs
// into it is kept in a document of its own until then, and carried over whenever the frame's document is another one.
import * as dom from '../shared/dom';
import type { NodeId } from '../shared/protocol/page';

interface Content {
  document: Document;
  frame: Element | null;
}

export class Frames {
  private readonly contents = new Map<NodeId, Content>();
  private mounting = false;

  constructor(
    private readonly quirks: (id: NodeId) => boolean,
    private readonly mounted: (id: NodeId, document: Document) => void,
  ) {}

  /** A document to build in until the frame has one. */
  hold(id: NodeId, top: Document): Document {
    const document = dom.implementation(top).createHTMLDocument('');
    dom.empty(document);
    this.contents.set(id, { document, frame: null });
    return document;
  }

  /** The document belongs into this frame element. */
  put(id: NodeId, frame: Element): void {
    const content = this.contents.get(id);
    if (!content) return;
    content.frame = frame;
    frame.addEventListener('load', () => this.mount());
  }

  drop(id: NodeId): void {
    this.contents.delete(id);
  }

  clear(): void {
    this.contents.clear();
  }

  /** Brings all documents to where they belong, outer ones first. */
  mount(): void {
    // Frames within what is carried over load at once, and ask for this again from within it.
    if (this.mounting) return;
    this.mounting = true;
    for (let moved = true; moved; ) {
      moved = false;
      for (const [id, content] of this.contents) if (this.mountOne(id, content)) moved = true;
    }
    this.mounting = false;
  }

  private mountOne(id: NodeId, content: Content): boolean {
    const frame = content.frame as HTMLIFrameElement | null;
    const document = frame && dom.isConnected(frame) ? (frame.contentDocument ?? null) : null;
    if (!document || document === content.document) return false;
    document.open();
    document.write(this.quirks(id) ? '' : '<!DOCTYPE html>');
    document.close();
    dom.empty(document);
    // A document type cannot change its document in every browser by itself.
    for (let child = dom.firstChild(content.document); child; child = dom.firstChild(content.document)) dom.insertBefore(document, dom.adopt(document, child), null);
    content.document = document;
    this.mounted(id, document);
    return true;
  }
}
