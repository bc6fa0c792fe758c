import { expect, test } from 'vitest';
import { isBetter, type Drawing } from './drawings';

const drawing = (gpu: boolean, ...box: Drawing['box']): Drawing => ({ gpu, box });

test.each<[string, Drawing[], boolean]>([
  ['nothing', [], false],
  ['a WebGL drawing', [drawing(true, 0, 0, 400, 300)], true],
  ['a small one', [drawing(true, 0, 0, 300, 200)], false],
  ['one out of sight', [drawing(true, 0, 900, 400, 300)], false],
  ['a drawing on a third of the window', [drawing(false, 0, 0, 1000, 240)], false],
  ['a drawing on half of it', [drawing(false, 0, 0, 1000, 400)], true],
  ['two on a quarter each', [drawing(false, 0, 0, 500, 400), drawing(false, 500, 0, 500, 400)], true],
  ['one that is mostly out of sight', [drawing(false, 0, 600, 1000, 4000)], false],
])('%s', (_, drawings, better) => expect(isBetter(drawings, 1000, 800)).toBe(better));
