// The index of a register of ordinary size: Pagefind finds, table.json counts, narrows and sorts. See query.js.

import { CJK, WHOLE, compact, readings, variants, words } from "./words.js";

const quoted = (list) => `"${list.join(" ")}"`;

// The word that stands for all of a text; CJK as hexadecimal, as starcert/search/folding.py spells it.
export function whole(text, han) {
  const spelt = (character) => (character < CJK ? character : character.codePointAt(0).toString(16));
  return WHOLE + Array.from(compact(text, han), spelt).join("");
}

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
async function byRelevance(engine, parts, text, han) {
  const { results, phrase } = await meet(engine, parts, readings(text, han));
  if (!results.length) return results;
  const exact = await engine.search(quoted([whole(text, han)]));
  const ids = new Set(exact.results.map(({ id }) => id));
  const rank = ({ id, words: places }) => (ids.has(id) ? -1 : phrase ? Math.min(...places) : 0);
  return results.sort((one, other) => rank(one) - rank(other));
}

// The certificates as rows: which codes each has, and its place in each order.
class Table {
  constructor({ ids, facets, order }) {
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

const EMPTY = { preload: async () => {}, search: async () => ({ results: [] }) };

async function started(bundle, root, again) {
  const { createInstance } = await import(new URL(`pagefind.js${again}`, bundle).href);
  // No worker: 41 kB less to load, and no time limit after which a slow connection loads everything twice.
  const engine = createInstance({ basePath: bundle.pathname, baseUrl: root, noWorker: true });
  await engine.init();
  return engine;
}

// `again` is a query that makes the browser ask once more for a module that did not load.
export async function openIndex(bundle, root, listed, again) {
  // Pagefind calls an index of nothing a failure.
  const engine = listed.ids.length ? await started(bundle, root, again) : EMPTY;
  const table = new Table(listed);
  const han = variants(listed.han);

  async function find(text, chosen, key) {
    const any = !text.trim();
    const results = any ? (await engine.search(null)).results : await byRelevance(engine, listed.parts, text, han);
    const found = results.map((result) => ({ row: table.rowOf.get(result.id), result }));
    if (found.some(({ row }) => row === undefined)) throw new Error("the table is of another build than the index");
    const counts = table.count(found.map(({ row }) => row), chosen);
    const met = found.filter(({ row }) => table.has(row, chosen));
    const places = table.places[key?.name];
    if (places) met.sort((one, other) => key.direction * (places[one.row] - places[other.row]));
    const cards = (from, to) =>
      Promise.all(met.slice(from, to).map(async ({ row, result }) => table.card(row, await result.data())));
    return { total: met.length, counts, totals: table.totals, cards };
  }

  async function exact(text) {
    if (!words(text, han).length) return null;
    const { results } = await engine.search(quoted([whole(text, han)]));
    return results.length === 1 ? (await results[0].data()).url : null;
  }

  return { find, exact };
}
