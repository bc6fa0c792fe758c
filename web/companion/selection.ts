// What text the visitor has selected on a page: from one text to another, whatever elements the selection begins and ends in.

/** A selected text; offsets are in UTF-16 units. */
export interface SelectedText {
  start: Text;
  startOffset: number;
  end: Text;
  endOffset: number;
}

/** The selected text of a window's document; null: none. What is selected within a field is the field's, and not told. */
export function selectedText(window: Window): SelectedText | null {
  const selection = window.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const walker = window.document.createTreeWalker(range.commonAncestorContainer, NodeFilter.SHOW_TEXT);
  let start: Text | null = null;
  let end: Text | null = null;
  for (let node = first(walker, range); node; node = walker.nextNode()) {
    if (!range.intersectsNode(node)) {
      if (start) break;
      continue;
    }
    const text = node as Text;
    const [from, to] = bounds(range, text);
    if (from >= to || isHidden(text)) continue;
    start ??= text;
    end = text;
  }
  if (!start || !end) return null;
  return { start, startOffset: bounds(range, start)[0], end, endOffset: bounds(range, end)[1] };
}

function first(walker: TreeWalker, range: Range): Node | null {
  const { commonAncestorContainer: root, startContainer } = range;
  if (root.nodeType === Node.TEXT_NODE) return root;
  walker.currentNode = startContainer;
  return startContainer.nodeType === Node.TEXT_NODE ? startContainer : walker.nextNode();
}

/** What of a text is in the range. */
function bounds(range: Range, text: Text): [number, number] {
  return [text === range.startContainer ? range.startOffset : 0, text === range.endContainer ? range.endOffset : text.data.length];
}

/** Texts that are no part of what is read. */
function isHidden(text: Text): boolean {
  return /^(script|style|textarea|title|noscript|template)$/.test(text.parentElement?.localName ?? '');
}
