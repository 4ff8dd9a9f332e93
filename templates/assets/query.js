// Asks the search index. It folds and splits a query by the same rules by which starcert/search/folding.py makes an entry.
//
//   const index = open(new URL("https://example.org/pagefind/"), "/");
//   const answer = await index.find("海尔 qingdao", { level: "five-star" }, "expires");
//   answer.total, answer.counts.level["five-star"], await answer.cards(0, 10)
//   await index.exact("99925 SC 00123 R1M")     the page of the only certificate of this number, code or name, or null
//
// A card is { url, shown, facets }. All of it throws SearchFailed when the index does not load.

const WORD = "\u01c0";
const WHOLE = "\u01c1";
const CJK = "\u2e80";
const TOKEN = /(?:(?![\u2e80-\u{10ffff}])[\p{L}\p{N}])+|(?=[\p{L}\p{N}])[\u2e80-\u{10ffff}]/gu;
const LONGEST = 200; // characters of a query that count

const DIRECTIONS = { name: 1, expires: 1, issued: -1 }; // the latest issued first

export class SearchFailed extends Error {}

export function fold(text, han) {
  const start = Array.from(text).slice(0, LONGEST).join("");
  const bare = start.normalize("NFKC").toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").normalize("NFC");
  return Array.from(bare, (character) => han.get(character) ?? character).join("");
}

const tokens = (folded) => folded.match(TOKEN) ?? [];
const marked = (folded) => tokens(folded).map((token) => (token >= CJK ? token : WORD + token));

export const words = (text, han) => marked(fold(text, han));

export function whole(text, han) {
  const spelt = (character) => (character < CJK ? character : character.codePointAt(0).toString(16));
  return WHOLE + Array.from(tokens(fold(text, han)).join(""), spelt).join("");
}

// A run of CJK characters is a phrase; any other word is the beginning of one.
function runs(list) {
  const terms = [];
  for (const word of list) {
    const phrase = word >= CJK;
    if (phrase && terms.at(-1)?.phrase) terms.at(-1).words.push(word);
    else terms.push({ phrase, words: [word] });
  }
  return terms;
}

// The ways to read a query, the likeliest first: each is a list of terms that must all be met. What is written in one
// piece and holds CJK is first taken as it stands, and digits without CJK as one number, whatever divides it.
export function readings(text, han) {
  const pieces = fold(text, han).split(/\s+/).map(marked);
  const apart = pieces.flatMap(runs);
  if (apart.some(({ phrase }) => phrase)) {
    const hasCjk = (piece) => piece.some((word) => word >= CJK);
    const asWritten = pieces.flatMap((piece) => (hasCjk(piece) ? [{ phrase: true, words: piece }] : runs(piece)));
    return asWritten.length < apart.length ? [asWritten, apart] : [apart];
  }
  if (!apart.length) return [];
  const joined = [{ phrase: false, words: [whole(text, han)] }];
  return /\p{N}/u.test(fold(text, han)) ? [joined, apart] : [apart, joined];
}

const quoted = (list) => `"${list.join(" ")}"`;

async function seek(engine, term, parts) {
  if (term.phrase) return (await engine.search(quoted(term.words))).results;
  const [word] = term.words;
  // Pagefind loads one part of its index for a word; those that begin with it can fill several.
  const further = parts.filter((first) => first.startsWith(word));
  if (further.length) await engine.preload(further.join(" "));
  const { results } = await engine.search(word);
  if (!results.length) return results;
  // Where no word begins with `word`, Pagefind answers with words that `word` begins with.
  const { content } = await results[0].data();
  return ` ${content}`.includes(` ${word}`) ? results : [];
}

// What meets the first reading that anything meets, in the order of its first term.
async function meet(engine, parts, possible) {
  for (const terms of possible) {
    const [first, ...others] = await Promise.all(terms.map((term) => seek(engine, term, parts)));
    const sets = others.map((results) => new Set(results.map(({ id }) => id)));
    const results = first.filter(({ id }) => sets.every((set) => set.has(id)));
    if (results.length) return { results, phrase: terms[0].phrase };
  }
  return { results: [], phrase: false };
}

// Exact matches first; then, for a phrase, the nearer to the beginning of the name the better.
async function byRelevance({ engine, han, table }, text) {
  const { results, phrase } = await meet(engine, table.parts, readings(text, han));
  if (!results.length) return results;
  const exact = await engine.search(quoted([whole(text, han)]));
  const ids = new Set(exact.results.map(({ id }) => id));
  const rank = ({ id, words: places }) => (ids.has(id) ? -1 : phrase ? Math.min(...places) : 0);
  return results.sort((one, other) => rank(one) - rank(other));
}

// The certificates as rows: which codes each has, and its place in each order. `parts` has the first word of each part
// of the index.
class Table {
  constructor({ ids, parts, facets, order }) {
    this.parts = parts;
    this.rowOf = new Map(ids.map((id, row) => [id, row]));
    this.facets = facets;
    this.places = {};
    for (const [key, rows] of Object.entries(order)) {
      this.places[key] = [];
      rows.forEach((row, place) => (this.places[key][row] = place));
    }
    this.totals = this.count([...ids.keys()], {});
  }

  codes(row, facet) {
    const column = this.facets[facet];
    return [column?.rows[row] ?? []].flat().map((number) => column.codes[number]);
  }

  has(row, chosen) {
    return Object.entries(chosen).every(([facet, code]) => this.codes(row, facet).includes(code));
  }

  // How many of `rows` each code has, or would have if it were chosen in its facet.
  count(rows, chosen) {
    const counts = {};
    for (const facet of Object.keys(this.facets)) {
      const { [facet]: _, ...others } = chosen;
      counts[facet] = { __proto__: null };
      for (const row of rows) {
        if (!this.has(row, others)) continue;
        for (const code of this.codes(row, facet)) counts[facet][code] = (counts[facet][code] ?? 0) + 1;
      }
    }
    return counts;
  }

  card(row, { url, meta }) {
    const facets = Object.fromEntries(Object.keys(this.facets).map((facet) => [facet, this.codes(row, facet)]));
    return { url, shown: meta, facets };
  }
}

// Pagefind only logs that a part of its index did not load, and finds less. Here that is a failure.
let lost = 0;
const load = globalThis.fetch;
globalThis.fetch = async (...request) => {
  const response = await load(...request).catch((error) => {
    lost += 1;
    throw error;
  });
  if (!response.ok) lost += 1;
  return response;
};

const EMPTY = { preload: async () => {}, search: async () => ({ results: [] }) };

async function loaded(bundle, root) {
  const again = lost ? `?${lost}` : ""; // browsers do not ask twice for a module that did not load
  const [{ createInstance }, table] = await Promise.all([
    import(new URL(`pagefind.js${again}`, bundle).href),
    fetch(new URL("table.json", bundle), { cache: "no-cache" }).then((response) => response.json()),
  ]);
  const to = Array.from(table.han.to);
  const han = new Map(Array.from(table.han.from, (character, place) => [character, to[place]]));
  if (!table.ids.length) return { engine: EMPTY, han, table: new Table(table) }; // Pagefind calls this a failure
  // No worker: 41 kB less to load, and no time limit after which a slow connection loads everything twice.
  const engine = createInstance({ basePath: bundle.pathname, baseUrl: root, noWorker: true });
  await engine.init();
  return { engine, han, table: new Table(table) };
}

export function open(bundle, root) {
  let index = null;

  // What `ask` says. What does not load may be gone since a newer build: then once more from the beginning.
  async function whileLoaded(ask, attempts = 2) {
    const before = lost;
    let cause = null;
    try {
      index ??= loaded(bundle, root);
      const answer = await ask(await index);
      if (lost === before) return answer;
    } catch (error) {
      cause = error;
    }
    index = null;
    if (attempts > 1) return whileLoaded(ask, attempts - 1);
    throw new SearchFailed("the search index did not load", { cause });
  }

  async function find(text, chosen, sort) {
    return whileLoaded(async (all) => {
      const { engine, table } = all;
      const any = !text.trim();
      const results = any ? (await engine.search(null)).results : await byRelevance(all, text);
      const found = results.map((result) => ({ row: table.rowOf.get(result.id), result }));
      if (found.some(({ row }) => row === undefined)) lost += 1; // the table is of another build than the index
      const counts = table.count(found.map(({ row }) => row), chosen);
      const met = found.filter(({ row }) => table.has(row, chosen));
      const key = Object.hasOwn(DIRECTIONS, sort) ? sort : any ? "issued" : null;
      const places = table.places[key] ?? [];
      if (key) met.sort((one, other) => DIRECTIONS[key] * (places[one.row] - places[other.row]));
      const cards = (from, to) =>
        whileLoaded(() => {
          const some = met.slice(from, to).map(async ({ row, result }) => table.card(row, await result.data()));
          return Promise.all(some);
        }, 1);
      return { total: met.length, counts, totals: table.totals, cards };
    });
  }

  async function exact(text) {
    return whileLoaded(async ({ engine, han }) => {
      if (!words(text, han).length) return null;
      const { results } = await engine.search(quoted([whole(text, han)]));
      return results.length === 1 ? (await results[0].data()).url : null;
    });
  }

  return { find, exact };
}
