// A toolbar is one stop of the Tab key; arrows go from button to button within it (ARIA Authoring Practices, toolbar).

/** Makes an element such a toolbar. */
export function roving(bar: Element): () => void {
  const buttons = (): HTMLElement[] => [...bar.querySelectorAll<HTMLElement>('button')].filter((one) => !one.closest('[popover]') && one.getClientRects().length > 0);

  const settle = (current: HTMLElement | undefined): void => {
    for (const one of buttons()) one.tabIndex = one === current ? 0 : -1;
  };

  const focused = ({ target }: Event): void => {
    if (target instanceof HTMLElement && buttons().includes(target)) settle(target);
  };

  const pressed = (event: Event): void => {
    if (!(event instanceof KeyboardEvent)) return;
    const all = buttons();
    const at = all.indexOf(event.target as HTMLElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    all[(to + all.length) % all.length]?.focus();
  };

  settle(buttons()[0]);
  bar.addEventListener('focusin', focused);
  bar.addEventListener('keydown', pressed);
  return () => {
    bar.removeEventListener('focusin', focused);
    bar.removeEventListener('keydown', pressed);
  };
}
