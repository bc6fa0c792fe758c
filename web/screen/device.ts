// The visitor's device, which the page on the server is to have, too.
import type { Device } from '../shared/protocol/image';
import type { Size } from './place';

/** Milliseconds without another change after which a device is told. */
const SETTLED = 150;
/** Most languages that are told. */
const LANGUAGES = 8;
/** Below this many CSS pixels on its shorter side, a screen with a coarse pointer is a phone's or a tablet's. */
const HANDHELD = 1_100;

/** What the browser says of itself. */
export interface Facts {
  window: Size;
  screen: Size;
  density: number;
  /** The main pointer is a finger. */
  coarse: boolean;
  /** `navigator.userAgentData.mobile`; undefined: it does not tell. */
  mobile: boolean | undefined;
  /** `screen.orientation.type`; empty: it does not tell. */
  orientation: string;
  dark: boolean;
  still: boolean;
  languages: readonly string[];
  timeZone: string;
}

/** A device by what a browser says, within the limits of the protocol. */
export function deviceOf(facts: Facts): Device {
  const { window: { width, height }, screen, coarse } = facts;
  const side = (value: number): number => Math.round(within(value, 200, 4_000));
  return {
    width: side(width),
    height: side(height),
    density: within(facts.density, 0.5, 4),
    touch: coarse,
    mobile: facts.mobile === true || (coarse && Math.min(screen.width, screen.height) < HANDHELD),
    landscape: facts.orientation ? facts.orientation.startsWith('landscape') : screen.width > screen.height,
    dark: facts.dark,
    still: facts.still,
    languages: facts.languages.slice(0, LANGUAGES),
    timeZone: facts.timeZone,
  };
}

function within(value: number, low: number, high: number): number {
  return Number.isFinite(value) && value > 0 ? Math.min(high, Math.max(low, value)) : low;
}

/** What this browser says. `room`: the size of what shows the picture. */
export function factsNow(room: Size): Facts {
  const { userAgentData } = navigator as Navigator & { userAgentData?: { mobile: boolean } };
  const asks = (query: string): boolean => matchMedia(query).matches;
  return {
    window: room,
    screen: { width: screen.width, height: screen.height },
    density: devicePixelRatio,
    coarse: asks('(pointer: coarse)'),
    mobile: userAgentData?.mobile,
    orientation: (screen.orientation as ScreenOrientation | undefined)?.type ?? '',
    dark: asks('(prefers-color-scheme: dark)'),
    still: asks('(prefers-reduced-motion: reduce)'),
    languages: navigator.languages,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}

/** Tells the device whenever it is another than before, once it has settled. `moved`: the window has another size, at once. */
export class DeviceWatch {
  private told = '';
  private timer = 0;

  constructor(
    private readonly room: () => Size,
    private readonly moved: () => void,
    private readonly changed: (device: Device) => void,
  ) {
    const heard = (): void => {
      this.moved();
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.tell(), SETTLED);
    };
    addEventListener('resize', heard);
    addEventListener('languagechange', heard);
    (screen.orientation as ScreenOrientation | undefined)?.addEventListener('change', heard);
    for (const query of ['(prefers-color-scheme: dark)', '(prefers-reduced-motion: reduce)', '(pointer: coarse)']) matchMedia(query).addEventListener('change', heard);
    onDensity(heard);
  }

  /** The device as it is; what is told from now on is different from it. */
  now(): Device {
    const device = deviceOf(factsNow(this.room()));
    this.told = JSON.stringify(device);
    return device;
  }

  private tell(): void {
    const before = this.told;
    const device = this.now();
    if (this.told !== before) this.changed(device);
  }
}

/** A query for the density is about the one of now: a change ends it. */
function onDensity(heard: () => void): void {
  const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  query.addEventListener('change', () => {
    heard();
    onDensity(heard);
  }, { once: true });
}
