// Rows of a list that are dragged to another place by their handle. The same by keyboard is a matter of buttons (`Rows.svelte`).
import type { Attachment } from 'svelte/attachments';

/** The row that is being dragged, from any list: a drop counts in its own list alone. */
let dragged: { list: Element; from: number } | null = null;

function rowsOf(list: Element): HTMLElement[] {
  return [...list.children].filter((one): one is HTMLElement => one instanceof HTMLElement && one.hasAttribute('data-row'));
}

/** Where a row would stand that is let go at this height: the number of rows before it. */
function gapAt(rows: readonly HTMLElement[], y: number): number {
  const below = rows.findIndex((row) => {
    const { top, height } = row.getBoundingClientRect();
    return y < top + height / 2;
  });
  return below < 0 ? rows.length : below;
}

function clear(rows: readonly HTMLElement[]): void {
  for (const row of rows) delete row.dataset['drop'];
}

/** Makes the children with `data-row` of a list sortable by what is `draggable` in them. */
export function sortable(moved: (from: number, to: number) => void): Attachment {
  return (list) => {
    const started = (event: Event): void => {
      if (!(event instanceof DragEvent) || !(event.target instanceof Element) || !event.dataTransfer) return;
      const row = event.target.closest('[data-row]');
      if (!(row instanceof HTMLElement) || row.parentElement !== list) return;
      event.stopPropagation();
      dragged = { list, from: rowsOf(list).indexOf(row) };
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setData('text/plain', '');
      event.dataTransfer.setDragImage(row, 20, 20);
    };
    const over = (event: Event): void => {
      if (!(event instanceof DragEvent) || dragged?.list !== list) return;
      event.preventDefault();
      const rows = rowsOf(list);
      const gap = gapAt(rows, event.clientY);
      clear(rows);
      if (gap < rows.length) rows[gap]!.dataset['drop'] = 'before';
      else if (rows.length > 0) rows.at(-1)!.dataset['drop'] = 'after';
    };
    const dropped = (event: Event): void => {
      if (!(event instanceof DragEvent) || dragged?.list !== list) return;
      event.preventDefault();
      const rows = rowsOf(list);
      const gap = gapAt(rows, event.clientY);
      const { from } = dragged;
      ended();
      moved(from, gap > from ? gap - 1 : gap);
    };
    const ended = (): void => {
      dragged = null;
      clear(rowsOf(list));
    };
    const heard: [string, (event: Event) => void][] = [['dragstart', started], ['dragover', over], ['drop', dropped], ['dragend', ended]];
    for (const [name, hear] of heard) list.addEventListener(name, hear);
    return () => {
      for (const [name, hear] of heard) list.removeEventListener(name, hear);
    };
  };
}
