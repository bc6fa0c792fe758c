// The frames of `src/image/frame/tests.rs`, and what is none.
import { describe, expect, test } from 'vitest';
import file from '../../fixtures/image/frames.json';
import { type Frame, readFrame } from './frames';

function bytes(hex: string): ArrayBuffer {
  const pairs = hex.match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16)).buffer;
}

/** As the fixture has it: files in hexadecimal. */
function told(frame: Frame): unknown {
  const hex = (data: Uint8Array): string => Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const patches = frame.patches.map(({ paint, ...area }) => ({ ...area, paint: 'file' in paint ? { ...paint, file: hex(paint.file) } : paint }));
  return { ...frame, patches };
}

describe('frames', () => {
  test.each(file.frames)('$name', ({ bytes: hex, frame }) => {
    expect(told(readFrame(bytes(hex)))).toEqual(frame);
  });

  test.each(file.wrong)('no frame: $name', ({ bytes: hex }) => {
    expect(() => readFrame(bytes(hex))).toThrow(RangeError);
  });

  test('cut anywhere, it is none', () => {
    const whole = bytes(file.frames[0]?.bytes ?? '');
    expect(whole.byteLength).toBeGreaterThan(100);
    for (let length = 0; length < whole.byteLength; length += 1) expect(() => readFrame(whole.slice(0, length))).toThrow(RangeError);
  });
});
