// The tab's way to the socket. Taken before anything else is done, and without calling anything: nothing of the page's runs in between.
import type { Wire } from './handover';

/** None: this is no document that the server sent to a tab. */
export const wire = (window as Window & { readonly alongsideLine?: Wire }).alongsideLine;
