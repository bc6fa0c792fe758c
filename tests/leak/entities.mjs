// Made-up numbers and names of ten kinds, each different from all others, with right check digits.

/** Numbers by chance that are the same in every run. */
function chance(seed) {
  let state = seed * 2654435761 + 1;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2246822507) + 0x9e3779b9) | 0;
    const mixed = Math.imul(state ^ (state >>> 13), 3266489909);
    return ((mixed ^ (mixed >>> 16)) >>> 0) % below;
  };
}

const digits = (of, count) => Array.from({ length: count }, () => of(10)).join('');
const grouped = (text, sizes) => {
  let at = 0;
  return sizes.map((size) => text.slice(at, (at += size)));
};

function luhn(body) {
  const sum = [...body].reverse().reduce((sum, digit, i) => {
    const twice = Number(digit) * (i % 2 === 0 ? 2 : 1);
    return sum + (twice > 9 ? twice - 9 : twice);
  }, 0);
  return String((10 - (sum % 10)) % 10);
}

const mod97 = (text) => [...text].reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0);
const weighted = (text, weights) => weights.reduce((sum, weight, i) => sum + weight * Number(text[i]), 0);

function cpfDigit(text) {
  const rest = weighted(text, [...text].map((_, i) => text.length + 1 - i)) % 11;
  return rest < 2 ? '0' : String(11 - rest);
}

/** What each kind makes of a source of chance. */
const KINDS = {
  card: (of) => {
    const body = `4${digits(of, 14)}`;
    return grouped(body + luhn(body), [4, 4, 4, 4]).join(' ');
  },
  iban: (of) => {
    const account = digits(of, 18);
    const check = String(98 - mod97(`${account}131400`)).padStart(2, '0');
    return grouped(`DE${check}${account}`, [4, 4, 4, 4, 4, 2]).join(' ');
  },
  email: (of) => `visitor.${digits(of, 6)}@canary${digits(of, 4)}.example`,
  phone: (of) => `+49 30 ${2 + of(7)}${digits(of, 3)} ${digits(of, 4)}`,
  'us-ssn': (of) => `${101 + of(500)}-${11 + of(80)}-${1001 + of(8900)}`,
  'uk-nino': (of) => `${['AB', 'CE', 'HK', 'JN', 'PR'][of(5)]} ${grouped(digits(of, 6), [2, 2, 2]).join(' ')} ${'ABCD'[of(4)]}`,
  'fr-nir': (of) => {
    const two = (n) => String(n).padStart(2, '0');
    const body = `${1 + of(2)}${two(of(100))}${two(1 + of(12))}${two(1 + of(19))}${String(1 + of(990)).padStart(3, '0')}${String(1 + of(998)).padStart(3, '0')}`;
    return `${grouped(body, [1, 2, 2, 2, 3, 3]).join(' ')} ${two(97 - mod97(body))}`;
  },
  'es-dni': (of) => {
    const number = `${1 + of(9)}${digits(of, 7)}`;
    return `${number}-${'TRWAGMYFPDXBNJZSQVHLCKE'[Number(number) % 23]}`;
  },
  'pl-pesel': (of) => {
    const two = (n) => String(n).padStart(2, '0');
    const body = `${two(40 + of(60))}${two(1 + of(12))}${two(1 + of(28))}${digits(of, 4)}`;
    return body + ((10 - (weighted(body, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10);
  },
  'br-cpf': (of) => {
    const body = `${1 + of(8)}${digits(of, 8)}`;
    const first = cpfDigit(body);
    return `${grouped(body, [3, 3, 3]).join('.')}-${first}${cpfDigit(body + first)}`;
  },
};

export const ENTITIES = Object.keys(KINDS);

/** A value of a kind; another one for each number. */
export const canary = (entity, number) => KINDS[entity](chance(number * ENTITIES.length + ENTITIES.indexOf(entity) + 7));
