// Reads frames: the format is described in src/image/frame.rs; fixtures/image/ has frames that both sides read.

/** A part of a picture that changes. Places and sizes are device pixels of the picture. */
export interface Patch {
  x: number;
  y: number;
  width: number;
  height: number;
  paint: Paint;
}

/** What comes there. A file may be smaller, and is drawn as large as the patch. */
export type Paint =
  | { kind: 'jpeg' | 'webp'; file: Uint8Array<ArrayBuffer> }
  /** What stood with this left and top corner. */
  | { kind: 'move'; x: number; y: number }
  | { kind: 'fill'; colour: readonly [number, number, number] };

export interface Frame {
  /** Nothing of the frames before it is needed. */
  whole: boolean;
  /** It is as good as it gets. */
  sharp: boolean;
  number: number;
  /** When the page looked like that: milliseconds since 1970. */
  at: number;
  width: number;
  height: number;
  /** What it shows of the layout viewport, in CSS pixels. */
  view: { left: number; top: number; width: number; height: number };
  /** In the order in which they are drawn. */
  patches: Patch[];
}

const VERSION = 1;
const HEAD = 36;
const PATCH = 14;

/** Reads a frame; throws a `RangeError` for what is none. */
export function readFrame(data: ArrayBuffer): Frame {
  const bytes = new DataView(data);
  const { frame, count } = readHead(bytes);
  let at = HEAD;
  for (let left = count; left > 0; left -= 1) {
    const length = bytes.getUint32(at + 10, true);
    frame.patches.push(readPatch(bytes, at, length, frame));
    at += PATCH + length;
  }
  check(at === data.byteLength);
  return frame;
}

function readHead(bytes: DataView<ArrayBuffer>): { frame: Frame; count: number } {
  const side = (at: number): number => bytes.getFloat32(at, true);
  const flags = bytes.getUint8(1);
  check(bytes.getUint8(0) === VERSION && (flags & ~3) === 0);
  const frame: Frame = {
    whole: (flags & 1) !== 0,
    sharp: (flags & 2) !== 0,
    number: bytes.getUint32(4, true),
    at: bytes.getFloat64(8, true),
    width: bytes.getUint16(16, true),
    height: bytes.getUint16(18, true),
    view: { left: side(20), top: side(24), width: side(28), height: side(32) },
    patches: [],
  };
  const { left, top, width, height } = frame.view;
  check(frame.width > 0 && frame.height > 0 && width > 0 && height > 0);
  check([frame.at, left, top, width, height].every(Number.isFinite));
  return { frame, count: bytes.getUint16(2, true) };
}

function readPatch(bytes: DataView<ArrayBuffer>, at: number, length: number, frame: Frame): Patch {
  const two = (offset: number): number => bytes.getUint16(at + offset, true);
  const [x, y, width, height] = [two(2), two(4), two(6), two(8)];
  const within = (left: number, top: number): boolean => left + width <= frame.width && top + height <= frame.height;
  check(bytes.getUint8(at + 1) === 0 && width > 0 && height > 0 && within(x, y));
  const paint = readPaint(bytes, bytes.getUint8(at), at + PATCH, length);
  check(paint.kind !== 'move' || within(paint.x, paint.y));
  return { x, y, width, height, paint };
}

function readPaint(bytes: DataView<ArrayBuffer>, kind: number, at: number, length: number): Paint {
  switch (kind) {
    case 0:
    case 1:
      check(length > 0);
      return { kind: kind === 0 ? 'jpeg' : 'webp', file: new Uint8Array(bytes.buffer, at, length) };
    case 2:
      check(length === 4);
      return { kind: 'move', x: bytes.getUint16(at, true), y: bytes.getUint16(at + 2, true) };
    case 3:
      check(length === 3);
      return { kind: 'fill', colour: [bytes.getUint8(at), bytes.getUint8(at + 1), bytes.getUint8(at + 2)] };
    default:
      throw new RangeError('not a frame');
  }
}

function check(right: boolean): void {
  if (!right) throw new RangeError('not a frame');
}
