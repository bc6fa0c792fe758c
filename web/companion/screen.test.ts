import { expect, test } from 'vitest';
import type { PageConfig } from '../shared/protocol/visitor';
import { isScreen } from './screen';

const config = { sid: 'abcdefgh23', domain: 'view.localhost', scheme: 'http', port: 8080 } as PageConfig;

test.each([
  ['http://abcdefgh23-i.view.localhost:8080/', true],
  ['http://abcdefgh23-i.view.localhost:8080/?from=x#y', true],
  ['https://abcdefgh23-i.view.localhost:8080/', false],
  ['http://abcdefgh23-i.view.localhost:8081/', false],
  ['http://abcdefgh23-i.view.localhost/', false],
  ['http://abcdefgh24-i.view.localhost:8080/', false],
  ['http://abcdefgh23-v.view.localhost:8080/', false],
  ['http://abcdefgh23-i.view.localhost.evil.example:8080/', false],
  ['javascript:alert(1)', false],
  ['/relative', false],
])('%s', (address, is) => expect(isScreen({ config }, address)).toBe(is));

test('a port that goes without saying', () => {
  expect(isScreen({ config: { ...config, scheme: 'https', port: 443 } }, 'https://abcdefgh23-i.view.localhost/')).toBe(true);
});
