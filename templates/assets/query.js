// Asks the search index, which is one of two kinds, as table.json says; both give the same answers.
//
//   const index = open(new URL("https://example.org/pagefind/"), "/");
//   const answer = await index.find("海尔 qingdao", { level: "five-star" }, "expires", 10);
//   answer.total, answer.counts.level["five-star"], answer.first (ten cards), await answer.cards(10, 20)
//   await index.exact("99925 SC 00123 R1M")     the page of the only certificate of this number, code or name, or null
//
// A card is { url, shown, facets }. All of it throws SearchFailed when the index does not load.

const DIRECTIONS = { name: 1, expires: 1, issued: -1 }; // the latest issued first

export class SearchFailed extends Error {}

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

async function loaded(bundle, root) {
  const again = lost ? `?${lost}` : ""; // browsers do not ask twice for a module that did not load
  const table = await (await fetch(new URL("table.json", bundle), { cache: "no-cache" })).json();
  const { openIndex } = await (table.engine === "sharded" ? import("./sharded-index.js") : import("./pagefind-index.js"));
  return openIndex(bundle, root, table, again);
}

// What orders the answer to a query, or null for relevance.
function order(text, sort) {
  const name = Object.hasOwn(DIRECTIONS, sort) ? sort : text.trim() ? null : "issued";
  return name && { name, direction: DIRECTIONS[name] };
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

  async function find(text, chosen, sort, cards = 0) {
    const answer = await whileLoaded(async (engine) => {
      const found = await engine.find(text, chosen, order(text, sort));
      return { ...found, first: cards ? await found.cards(0, cards) : [] };
    });
    return { ...answer, cards: (from, to) => whileLoaded(() => answer.cards(from, to), 1) };
  }

  const exact = (text) => whileLoaded((engine) => engine.exact(text));

  return { find, exact };
}
