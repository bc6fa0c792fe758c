import { describe, expect, it } from 'vitest';
import { Cookies } from './cookies';

function jar(text = '', url = 'https://shop.example/a/b'): { cookies: Cookies; carried: string[] } {
  const carried: string[] = [];
  const cookies = new Cookies({ url, carry: (cookie) => carried.push(cookie), viewHost: (host) => host === 'view.localhost' }, text);
  return { cookies, carried };
}

describe('the copy of the cookies', () => {
  it.each([
    ['a=1', 'b=2', 'a=1; b=2'],
    ['a=1; b=2', 'a=3; path=/', 'a=3; b=2'],
    ['a=1', 'a=; max-age=0; Secure', ''],
    ['a=1', 'a=x; expires=Thu, 01 Jan 1970 00:00:00 GMT', ''],
    ['a=1', 'b=2; expires=Thu, 01-Jan-1970 00:00:01 GMT', 'a=1'],
    ['a=1', 'b=2; max-age=60; expires=Thu, 01 Jan 1970 00:00:00 GMT', 'a=1; b=2'],
    ['', 'a=b=c; Secure', 'a=b=c'],
    ['', 'plain', 'plain'],
    ['', 'a=1; HttpOnly', ''],
    ['', 'a=1; domain=other.example', ''],
    ['', 'a=1; domain=.shop.example', 'a=1'],
    ['', 'a=1; domain=.view.localhost', 'a=1'],
    ['', 'a=1; path=/other', ''],
    ['', 'a=1; path=/a/', 'a=1'],
    ['', '__Host-a=1; path=/', ''],
    ['', '__Host-a=1; path=/; secure', '__Host-a=1'],
    ['', '__Secure-a=1', ''],
    ['', 'a=\u0001', ''],
    ['', '  a  =  1  ', 'a=1'],
  ])('%j then %j', (before, write, after) => {
    const { cookies } = jar(before);
    cookies.write(write);
    expect(cookies.toString()).toBe(after);
  });

  it('carries each write, a later one instead of an earlier one of the same cookie', () => {
    const { cookies, carried } = jar();
    cookies.write('a=1');
    cookies.write('b=2;path=/');
    cookies.write('a=3');
    expect(carried.map((text) => text.replace(/w\d+/, 'w'))).toEqual([
      '__Host-alongside-w=a%3D1; path=/; max-age=30; SameSite=Lax; Secure',
      '__Host-alongside-w=b%3D2%3Bpath%3D%2F; path=/; max-age=30; SameSite=Lax; Secure',
      '__Host-alongside-w=; path=/; max-age=0; Secure',
      '__Host-alongside-w=a%3D3; path=/; max-age=30; SameSite=Lax; Secure',
    ]);
    const numbers = carried.map((text) => Number(/w(\d+)/.exec(text)?.[1]));
    expect(numbers[1]).toBeGreaterThan(numbers[0] ?? Infinity);
    expect(numbers[2]).toBe(numbers[0]);
    expect(numbers[3]).toBeGreaterThan(numbers[1] ?? Infinity);
  });

  it('takes the word of the server, but keeps what was written after the request', () => {
    const { cookies } = jar('a=1');
    const first = cookies.now();
    cookies.write('b=2');
    const second = cookies.now();
    cookies.refresh('a%3D1', first);
    expect(cookies.toString()).toBe('a=1; b=2');
    cookies.refresh('c%3D3', second);
    expect(cookies.toString()).toBe('c=3');
    cookies.refresh('a%3Dold', first);
    expect(cookies.toString()).toBe('c=3');
  });
});
