// Reads frames: the format is described in src/image/frame.rs.

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
  const two = (at: number): number => bytes.getUint16(at, true);
  const side = (at: number): number => bytes.getFloat32(at, true);
  const flags = bytes.getUint8(1);
  if (bytes.getUint8(0) !== VERSION) throw new RangeError('a frame of another version');
  const frame: Frame = {
    whole: (flags & 1) !== 0,
    sharp: (flags & 2) !== 0,
    number: bytes.getUint32(4, true),
    at: bytes.getFloat64(8, true),
    width: two(16),
    height: two(18),
    view: { left: side(20), top: side(24), width: side(28), height: side(32) },
    patches: [],
  };
  let at = HEAD;
  for (let left = two(2); left > 0; left -= 1) {
    const length = bytes.getUint32(at + 10, true);
    const paint = readPaint(bytes, bytes.getUint8(at), at + PATCH, length);
    frame.patches.push({ x: two(at + 2), y: two(at + 4), width: two(at + 6), height: two(at + 8), paint });
    at += PATCH + length;
  }
  if (at !== data.byteLength) throw new RangeError('a frame with something after it');
  return frame;
}

function readPaint(bytes: DataView<ArrayBuffer>, kind: number, at: number, length: number): Paint {
  switch (kind) {
    case 0:
    case 1:
      return { kind: kind === 0 ? 'jpeg' : 'webp', file: new Uint8Array(bytes.buffer, at, length) };
    case 2:
      return { kind: 'move', x: bytes.getUint16(at, true), y: bytes.getUint16(at + 2, true) };
    case 3:
      return { kind: 'fill', colour: [bytes.getUint8(at), bytes.getUint8(at + 1), bytes.getUint8(at + 2)] };
    default:
      throw new RangeError('an unknown kind of patch');
  }
}
