// What the pages begin with.
export const START = { name: '', note: '', colour: 'red', terms: false, size: 'small', count: '', sent: 0, items: ['apple', 'pear', 'plum', 'cherry'] };

/** The same items in another order. */
export const shuffled = ([first, ...rest]) => [...rest.reverse(), first];
