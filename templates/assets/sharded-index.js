// The index of a large register: files of which a query loads few. See query.js and starcert/search/sharded/.

import { Columns } from "./columns.js";
import { unpack } from "./pack.js";
import { Shards } from "./shards.js";
import { CJK, WHOLE, compact, readings, variants, words } from "./words.js";

const [STARTS, ENDS] = [2, 1]; // in a place: the key's first word begins a text, its last one ends it
const FAR = 2 ** 20; // more than any position
const MANY = 2 ** 24; // more than any row

// The keys that together hold every word of a phrase, each with its distance from the phrase's beginning.
export function cover(phrase, whole) {
  const pieces = [];
  for (let place = 0; place < phrase.length; place += 1) {
    const [last, word, next] = [phrase[place - 1], phrase[place], phrase[place + 1]];
    if (word < CJK) pieces.push({ key: word, only: true, offset: place });
    else if (next >= CJK) pieces.push({ key: word + next, only: true, offset: place++ });
    else if (last >= CJK) pieces.push({ key: last + word, only: true, offset: place - 1 });
    else pieces.push({ key: word, only: whole || next !== undefined, offset: place });
  }
  return pieces;
}

// Where a piece stands, as one number for certificate and position of the phrase's beginning, in order.
function beginnings(postings, offset, flags) {
  const found = [];
  for (const { ids, places } of postings) {
    for (let index = 0; index < ids.length; index += 1) {
      const place = places[index];
      if ((place & flags) === flags) found.push(ids[index] * FAR + (place >>> 2) - offset);
    }
  }
  const numbers = Float64Array.from(found);
  return postings.length > 1 ? numbers.sort() : numbers;
}

function both(some, others) {
  let place = 0;
  return some.filter((number) => {
    while (others[place] < number) place += 1;
    return others[place] === number;
  });
}

export async function openIndex(bundle, root, { columns: file, orders, starts, shards: paths, han: listed }) {
  const load = async (path) => unpack(await fetch(new URL(path, bundle)));
  const loaded = new Map();
  const once = (path) => {
    if (!loaded.has(path)) loaded.set(path, load(path));
    return loaded.get(path);
  };
  const columns = load(file).then((packed) => new Columns(packed));
  columns.catch(() => {}); // whoever waits for it hears of it
  const shards = new Shards(starts, paths, load);
  const han = variants(listed);

  // The beginnings of a phrase; with `whole`, where it is all of a text.
  async function phrase(list, whole = false) {
    const pieces = cover(list, whole);
    const last = pieces.length - 1;
    const found = await Promise.all(pieces.map(({ key, only }) => shards.seek(key, only)));
    const each = found.map((postings, place) => {
      const flags = whole ? (place ? 0 : STARTS) | (place === last ? ENDS : 0) : 0;
      return beginnings(postings, pieces[place].offset, flags);
    });
    return each.sort((one, other) => one.length - other.length).reduce(both);
  }

  // For each row how well it meets a term: the smaller the better, and Infinity where it does not.
  async function ranks({ phrase: chinese, words: list }) {
    const [found, { rows, ids }] = await Promise.all([chinese ? phrase(list) : shards.seek(list[0]), columns]);
    const best = new Float64Array(ids.length).fill(Infinity);
    const note = (id, rank) => (best[rows[id]] = Math.min(best[rows[id]], rank));
    if (chinese) for (const number of found) note(Math.floor(number / FAR), number % FAR);
    else {
      for (const { key, ids: met, places } of found) {
        const longer = key === list[0] ? 0 : FAR; // words that only begin so come after
        for (let index = 0; index < met.length; index += 1) note(met[index], longer + (places[index] >>> 2));
      }
    }
    return best;
  }

  // The rows of which a text is a whole name, number or code.
  async function wholes(text) {
    const list = words(text, han);
    const chinese = list.length && list.every((word) => word >= CJK);
    const numbers = chinese
      ? await phrase(list, true)
      : beginnings(await shards.seek(WHOLE + compact(text, han), true), 0, 0);
    const { rows } = await columns;
    return new Set(Array.from(numbers, (number) => rows[Math.floor(number / FAR)]));
  }

  // The rows that meet the first reading that any meets: exact matches first, then in the order of its first term.
  async function relevant(text) {
    const exact = wholes(text);
    exact.catch(() => {});
    for (const terms of readings(text, han)) {
      const [first, ...others] = await Promise.all(terms.map(ranks));
      const met = [];
      const known = await exact;
      first.forEach((rank, row) => {
        if (rank === Infinity || others.some((other) => other[row] === Infinity)) return;
        met.push((known.has(row) ? 0 : rank + 1) * MANY + row);
      });
      if (met.length) return Uint32Array.from(Float64Array.from(met).sort(), (number) => number % MANY);
    }
    return new Uint32Array();
  }

  async function sorted(rows, key) {
    const path = key && orders[key.name];
    if (!path) return rows;
    const { ranks: places } = (await once(path)).arrays;
    const numbers = Float64Array.from(rows, (row, place) => key.direction * places[row] * MANY + place).sort();
    return Uint32Array.from(numbers, (number) => rows[((number % MANY) + MANY) % MANY]);
  }

  async function card(row) {
    const { path, index } = (await columns).place(row);
    const [url, shown] = (await once(path)).cards[index];
    return { url: root.replace(/\/$/, "") + url, shown, facets: (await columns).codes(row) };
  }

  async function find(text, chosen, key) {
    const found = text.trim() ? await relevant(text) : (await columns).all;
    const { met, counts } = (await columns).narrow(found, chosen);
    let rows = null;
    const cards = async (from, to) => {
      rows ??= await sorted(met, key);
      return Promise.all(Array.from(rows.subarray(from, to), card));
    };
    return { total: met.length, counts, totals: (await columns).totals, cards };
  }

  async function exact(text) {
    const [row, another] = words(text, han).length ? await wholes(text) : [];
    return row === undefined || another !== undefined ? null : (await card(row)).url;
  }

  return { find, exact };
}
