import { expect, test } from 'vitest';
import { groupCode, inviteOf, InviteShelf, mailto, secondsLeft, sms, spokenAddress } from './invite';

const made = { id: 'abcdefgh23', pin: '482913', joinUrl: 'https://alongside.example/join', link: 'https://alongside.example/join/t0ken', expiresIn: 600 };
const invite = inviteOf(made, 1_000_000);

test.each([
  [1_000_000, 600],
  [1_000_001, 600],
  [1_001_000, 599],
  [1_599_999, 1],
  [1_600_000, 0],
  [9_999_999, 0],
])('at %d there are %d seconds left', (now, left) => expect(secondsLeft(invite, now)).toBe(left));

test('an e-mail carries link, PIN, time and name, and nothing breaks out of its field', () => {
  const url = new URL(mailto(invite, 'Justin & Söhne #1 ?cc=x@y.example', 1_000_000));
  expect(url.protocol).toBe('mailto:');
  expect([...url.searchParams.keys()]).toEqual(['subject', 'body']);
  const body = url.searchParams.get('body') ?? '';
  expect(body).toContain('\r\nhttps://alongside.example/join/t0ken\r\n');
  expect(body).toContain('enter the PIN 482 913.');
  expect(body).toContain('for 10 minutes.');
  expect(body.endsWith('Justin & Söhne #1 ?cc=x@y.example')).toBe(true);
});

test('a text message carries link and PIN', () => {
  const address = sms(invite, 'Justin');
  expect(address.startsWith('sms:?&body=')).toBe(true);
  expect(decodeURIComponent(address.slice('sms:?&body='.length))).toBe(
    'Justin would like to look at the website with you: https://alongside.example/join/t0ken (PIN 482 913)',
  );
});

test.each([
  ['https://alongside.example/join', 'alongside.example/join'],
  ['http://alongside.localhost:8080/join/', 'alongside.localhost:8080/join'],
])('%s is said as %s', (url, said) => expect(spokenAddress(url)).toBe(said));

function shelf(): { shelf: InviteShelf; map: Map<string, string> } {
  const map = new Map<string, string>();
  const storage = {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  };
  return { shelf: new InviteShelf(storage), map };
}

test('an invite survives a reload, not its expiry', () => {
  const kept = shelf();
  kept.shelf.put('abcdefgh23', invite);
  expect(kept.shelf.get('abcdefgh23', 1_000_000)).toEqual(invite);
  expect(kept.shelf.get('zzzzzzzz22', 1_000_000)).toBeNull();
  expect(kept.shelf.get('abcdefgh23', 1_600_000)).toBeNull();
  expect(kept.map.size).toBe(0);
});

test.each(['', 'null', '[]', '{"pin":1}', 'not json'])('what is no invite (%j) is thrown away', (text) => {
  const kept = shelf();
  kept.map.set('alongside.invite.abcdefgh23', text);
  expect(kept.shelf.get('abcdefgh23', 0)).toBeNull();
  expect(kept.map.size).toBe(0);
});

test.each([
  ['12345678', '1234 5678'],
  [' 1234-5678 ', '1234 5678'],
  ['12345', '1234 5'],
  ['1234', '1234'],
  ['', ''],
  ['abc', 'abc'],
])('the code %j is shown as %j', (typed, shown) => expect(groupCode(typed)).toBe(shown));
