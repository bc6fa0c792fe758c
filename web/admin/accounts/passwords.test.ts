import { expect, test } from 'vitest';
import { freshPassword } from './passwords';

test('fresh passwords are long, legible and never the same', () => {
  const all = Array.from({ length: 200 }, freshPassword);
  for (const one of all) expect(one).toMatch(/^[a-hjkmnp-z2-9]{5}(-[a-hjkmnp-z2-9]{5}){3}$/);
  expect(new Set(all).size).toBe(200);
});
