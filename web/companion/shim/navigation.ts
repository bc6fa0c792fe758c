// Where a page goes: navigations to real addresses are stopped and made anew with view addresses.
import type { Context } from './context';
import { asText, attempt, uncurried } from './wrap';

/** What is used of the Navigation API (HTML Standard, 7.2.6), which TypeScript's library does not have yet. */
interface NavigateEvent extends Event {
  readonly destination: object;
  readonly formData: FormData | null;
  readonly hashChange: boolean;
  readonly downloadRequest: string | null;
  readonly navigationType: string;
  readonly sourceElement?: Element | null;
}

/** Wraps navigation. */
export function installNavigation(context: Context): void {
  const { wrap, realm, native } = context;
  const destination = uncurried<[], string>(wrap.prototype('NavigationDestination'), 'url', 'get');
  const navigation = (realm as { navigation?: EventTarget }).navigation;
  const submit = uncurried<[], void>(wrap.prototype('HTMLFormElement'), 'submit');
  const click = uncurried<[], void>(wrap.prototype('HTMLElement'), 'click');
  const again = (event: Event): void => {
    const navigate = event as NavigateEvent;
    const address = destination(navigate.destination);
    const mapped = context.addresses.map(address);
    if (mapped === address || !navigate.cancelable || navigate.hashChange) return;
    navigate.preventDefault();
    navigate.stopImmediatePropagation();
    if (navigate.formData) post(context, submit, mapped, navigate);
    else if (navigate.downloadRequest !== null) download(context, click, mapped, navigate.downloadRequest);
    else if (navigate.navigationType === 'replace') realm.location.replace(mapped);
    else realm.location.assign(mapped);
  };
  if (navigation) native.addEventListener(navigation, 'navigate', (event) => { attempt(() => { again(event); }); }, { capture: true });

  const second = (args: unknown[]): unknown[] => {
    const [state, title, url, ...rest] = args;
    const text = asText(url);
    return text === null ? args : [state, title, context.addresses.map(text), ...rest];
  };
  const told = (result: unknown): unknown => (context.events.emit('url'), result);
  for (const name of ['pushState', 'replaceState']) wrap.method(wrap.prototype('History'), name, second, told);
  wrap.method(wrap.prototype('Navigation'), 'navigate', ([url, ...rest]) => [context.addresses.map(String(url)), ...rest]);
  wrap.method(realm, 'open', ([url, ...rest]) => {
    const text = asText(url);
    return [text === null ? url : context.addresses.map(text), ...rest];
  });
}

function post({ realm, native }: Context, submit: (form: unknown) => void, address: string, { formData, sourceElement }: NavigateEvent): void {
  const document = realm.document;
  const form = document.createElement('form');
  const source = sourceElement?.closest('form') ?? null;
  native.setAttribute(form, 'method', 'post');
  native.setAttribute(form, 'action', address);
  native.setAttribute(form, 'hidden', '');
  let files = false;
  for (const [name, value] of formData ?? []) {
    const input = document.createElement('input');
    input.name = name;
    if (typeof value === 'string') {
      input.type = 'hidden';
      input.value = value;
    } else {
      files = true;
      const list = new realm.DataTransfer();
      if (value.name !== '' || value.size > 0) list.items.add(value);
      input.type = 'file';
      input.files = list.files;
    }
    native.appendChild(form, input);
  }
  form.enctype = files ? 'multipart/form-data' : (source?.enctype ?? 'application/x-www-form-urlencoded');
  native.appendChild(document.documentElement, form);
  submit(form);
  form.remove();
}

function download({ realm, native }: Context, click: (element: unknown) => void, address: string, name: string): void {
  const link = realm.document.createElement('a');
  native.setAttribute(link, 'href', address);
  native.setAttribute(link, 'download', name);
  click(link);
}
