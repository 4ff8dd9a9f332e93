// The search page: the address is its state, and everything it says comes from the page.
//
// What the page holds (tests/searching.py has a complete one):
//
//   <form id="search" role="search" method="get" data-bundle="/pagefind/" data-root="/">
//                                           where the index and the site begin, as paths or relative to the page;
//                                           gets data-ready when this script runs: till then choices are not shown
//     <input id="q" name="q" type="search">
//     <select name="level"> <select name="body"> <select name="scheme"> <select name="province">
//     <select name="industry"> <select name="expires">
//                                           each with one <option value=""> for "any"; the others come from the words
//     <select name="sort">                  <option value=""> relevance, "name", "expires", "issued"
//     <button type="submit">                searches at once; opens the page of an exact match
//     <button type="reset">                 empties the query and all facets
//   <p id="status" role="status">           what is going on, in one sentence
//   <section id="none" hidden>              help when nothing was found
//   <section id="failed" hidden>            help when the index did not load
//   <ol id="results">                       the cards
//   <button id="more" type="button" hidden>
//   <template id="result">                  one card, see fill() below
//   <script type="application/json" id="words">
//     { "words":  { "start", "loading", "failed",       sentences
//                   "one", "found", "none",             about a query: {q} the query, {n} the number of certificates
//                   "listed" },                         about facets without a query: {n}
//       "facets": { "level": { "five-star": "五星级", ... }, ... }            in the order in which they are offered
//       "stars":  { "five-star": "★★★★★", ... } }
//
// In a card: data-shown="name" gets that text of the certificate, data-facet="level" the word for its code, data-stars
// the symbols of its level; an element without text is removed, or its nearest ancestor that has data-optional.
// <a data-link> gets the address. The first element of the card gets data-level, for the stylesheet.
// Codes without a word (a year, say) are shown as they are.
//
// ?go=1 leaves for the certificate's page at once when the query is exactly its number, code or name.

import { open } from "./query.js";

const PAGE = 10;
const PAUSE = 150; // milliseconds without typing before a search

const form = document.querySelector("#search");
const field = form.elements.namedItem("q");
const status = document.querySelector("#status");
const list = document.querySelector("#results");
const more = document.querySelector("#more");
const card = document.querySelector("#result").content;
const { words, facets, stars } = JSON.parse(document.querySelector("#words").textContent);
const selects = Array.from(form.querySelectorAll("select"));
const choices = selects.filter((select) => select.name !== "sort");
const root = new URL(form.dataset.root, document.baseURI);
const index = open(new URL(form.dataset.bundle, document.baseURI), root.pathname);

const say = (sentence, values = {}) => {
  status.textContent = sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
};

const wordFor = (facet, code) => (Object.hasOwn(facets[facet] ?? {}, code) ? facets[facet][code] : code);
const firstCode = (codes, facet) => codes[facet]?.[0] ?? "";

function offer(select, counts, totals) {
  const chosen = select.value;
  const known = [...Object.keys(facets[select.name] ?? {}), ...Object.keys(totals).sort(), chosen];
  const codes = Array.from(new Set(known)).filter((code) => code && (counts[code] || code === chosen));
  const options = codes.map((code) => new Option(`${wordFor(select.name, code)} (${counts[code] ?? 0})`, code));
  select.replaceChildren(select.options[0], ...options);
  select.value = chosen;
}

function choose(select, code) {
  if (code && !Array.from(select.options).some((option) => option.value === code)) {
    if (select.name === "sort") return;
    select.append(new Option(wordFor(select.name, code), code));
  }
  select.value = code;
}

function readAddress() {
  const asked = new URLSearchParams(location.search);
  field.value = asked.get("q") ?? "";
  for (const select of selects) choose(select, asked.get(select.name) ?? "");
}

function writeAddress(how) {
  const said = Array.from(new FormData(form)).filter(([, value]) => value);
  const address = `${location.pathname}${said.length ? "?" : ""}${new URLSearchParams(said)}`;
  if (address !== location.pathname + location.search) history[how](null, "", address);
  for (const twin of document.querySelectorAll(".masthead a[hreflang]")) twin.search = location.search;
}

// Puts into each place of a card that has `attribute` what `textFor` says of the attribute's value.
function put(filled, attribute, textFor) {
  for (const place of filled.querySelectorAll(`[${attribute}]`)) {
    const text = textFor(place.getAttribute(attribute));
    if (text) place.textContent = text;
    else (place.closest("[data-optional]") ?? place).remove();
  }
}

function fill({ url, shown, facets: codes }) {
  const filled = card.cloneNode(true);
  filled.firstElementChild.dataset.level = firstCode(codes, "level");
  filled.querySelector("[data-link]").href = url;
  put(filled, "data-shown", (name) => shown[name]);
  put(filled, "data-facet", (facet) => wordFor(facet, firstCode(codes, facet)));
  put(filled, "data-stars", () => stars[firstCode(codes, "level")]);
  return filled;
}

let latest = 0; // the number of the newest search: what an older one finds is not shown
let showMore = null;

async function search() {
  const mine = ++latest;
  const chosen = Object.fromEntries(choices.map(({ name, value }) => [name, value]).filter(([, value]) => value));
  const asked = field.value.trim() !== "" || Object.keys(chosen).length > 0;
  const waiting = setTimeout(() => say(words.loading), PAUSE);
  try {
    const sort = form.elements.namedItem("sort").value;
    const answer = await index.find(field.value, chosen, sort, asked ? PAGE : 0);
    if (mine !== latest) return;
    clearTimeout(waiting);
    for (const select of choices) offer(select, answer.counts[select.name] ?? {}, answer.totals[select.name] ?? {});
    show(answer, asked);
  } catch (error) {
    if (mine === latest) fail(error);
  } finally {
    clearTimeout(waiting);
  }
}

function settle({ none = false, failed = false }) {
  document.querySelector("#none").hidden = !none;
  document.querySelector("#failed").hidden = !failed;
}

function sentenceFor(total, asked) {
  if (!asked) return words.start;
  if (!field.value.trim()) return words.listed;
  if (!total) return words.none;
  return total === 1 ? words.one : words.found;
}

function show(answer, asked) {
  list.replaceChildren(...answer.first.map(fill));
  settle({ none: asked && !answer.total });
  say(sentenceFor(answer.total, asked), { n: answer.total, q: field.value.trim() });
  more.hidden = !asked || answer.total <= PAGE;
  showMore = async () => {
    const shown = list.childElementCount;
    const next = await answer.cards(shown, shown + PAGE);
    list.append(...next.map(fill));
    list.children[shown]?.querySelector("a").focus();
    more.hidden = list.childElementCount >= answer.total;
  };
}

function fail(error) {
  console.error(error, error.cause ?? "");
  list.replaceChildren();
  more.hidden = true;
  settle({ failed: true });
  say(words.failed);
}

function exactPage() {
  say(words.loading);
  return index.exact(field.value).catch(() => null);
}

let typing = 0;

field.addEventListener("input", (event) => {
  clearTimeout(typing);
  if (event.isComposing) return; // an input method is still at work on the word
  typing = setTimeout(() => {
    writeAddress("replaceState");
    search();
  }, PAUSE);
});
field.addEventListener("compositionend", () => field.dispatchEvent(new Event("input")));

form.addEventListener("change", (event) => {
  if (event.target === field) return;
  writeAddress("pushState");
  search();
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  clearTimeout(typing);
  writeAddress("pushState");
  const mine = ++latest;
  const page = await exactPage();
  if (mine !== latest) return;
  if (page) location.assign(page);
  else await search();
});

form.addEventListener("reset", (event) => {
  event.preventDefault();
  field.value = "";
  for (const select of choices) select.value = "";
  writeAddress("pushState");
  search();
  field.focus();
});

more.addEventListener("click", () => showMore().catch(fail));

addEventListener("popstate", () => {
  readAddress();
  search();
});

addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const links = Array.from(list.querySelectorAll("[data-link]"));
  const place = links.indexOf(document.activeElement);
  const writing = document.activeElement.matches("input, select, textarea");
  if (event.key === "/" && !writing) field.focus();
  else if (event.key === "Escape" && document.activeElement === field) {
    field.value = "";
    field.dispatchEvent(new Event("input"));
  } else if (event.key === "ArrowDown" && (document.activeElement === field || place >= 0)) links[place + 1]?.focus();
  else if (event.key === "ArrowUp" && place >= 0) (links[place - 1] ?? field).focus();
  else return;
  event.preventDefault();
});

form.dataset.ready = "";
readAddress();
const page = new URLSearchParams(location.search).has("go") ? await exactPage() : null;
if (page) location.replace(page);
else {
  writeAddress("replaceState");
  await search();
}
