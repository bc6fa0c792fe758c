import { expect, test } from 'vitest';
import { colourOf, nameOf, PALETTE } from './people';

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

test.each([...PALETTE])('white text can be read on %s', (colour) => expect(1.05 / (luminance(colour) + 0.05)).toBeGreaterThanOrEqual(4.5));

test('everybody has a colour, neighbours different ones', () => {
  expect(new Set(PALETTE).size).toBe(8);
  expect(colourOf(9)).toBe(colourOf(1));
  expect(colourOf(0)).not.toBe(colourOf(1));
});

test('who is not in the list is somebody', () => {
  const people = [{ id: 3, name: 'Justin', role: 'agent', watching: true } as const];
  expect([nameOf(people, 3), nameOf(people, 4)]).toEqual(['Justin', 'Somebody']);
});
