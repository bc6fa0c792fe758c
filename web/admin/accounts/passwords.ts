// A first password for somebody: easy to read out, hard to guess.

/** No letters or digits that look alike. */
const CHARACTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const EACH = 5;

/** 20 characters of 31, in groups: about 99 bits. */
export function freshPassword(): string {
  const characters: string[] = [];
  // What would favour some characters is thrown away.
  const fair = 256 - (256 % CHARACTERS.length);
  while (characters.length < GROUPS * EACH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(32))) if (byte < fair && characters.length < GROUPS * EACH) characters.push(CHARACTERS[byte % CHARACTERS.length] ?? '');
  }
  return Array.from({ length: GROUPS }, (_, i) => characters.slice(i * EACH, (i + 1) * EACH).join('')).join('-');
}
