// Shadow roots of pages that no proxy serves.

/** Shadow roots as a page's markup asks for them; the tests serve them unparsed, so that closed ones are known as to the shim. */
export function attach(root: ParentNode): void {
  for (const template of root.querySelectorAll<HTMLTemplateElement>('template[data-shadow]')) {
    const shadow = (template.parentElement as Element).attachShadow({ mode: template.dataset['shadow'] as ShadowRootMode });
    shadow.append(template.content);
    template.remove();
    attach(shadow);
  }
}
