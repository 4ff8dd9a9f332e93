// How a query becomes words, by the same rules by which starcert/search/folding.py makes the words of an entry.

export const WORD = "\u01c0";
export const WHOLE = "\u01c1";
export const CJK = "\u2e80";
const TOKEN = /(?:(?![\u2e80-\u{10ffff}])[\p{L}\p{N}])+|(?=[\p{L}\p{N}])[\u2e80-\u{10ffff}]/gu;
const LONGEST = 200; // characters of a query that count

// The traditional characters that table.json lists, each with its simplified one.
export function variants({ from, to }) {
  const simplified = Array.from(to);
  return new Map(Array.from(from, (character, place) => [character, simplified[place]]));
}

export function fold(text, han) {
  const start = Array.from(text).slice(0, LONGEST).join("");
  const bare = start.normalize("NFKC").toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").normalize("NFC");
  return Array.from(bare, (character) => han.get(character) ?? character).join("");
}

const tokens = (folded) => folded.match(TOKEN) ?? [];
const marked = (folded) => tokens(folded).map((token) => (token >= CJK ? token : WORD + token));

export const words = (text, han) => marked(fold(text, han));

// All of a text in one piece.
export const compact = (text, han) => tokens(fold(text, han)).join("");

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
  const folded = fold(text, han);
  const pieces = folded.split(/\s+/).map(marked);
  const apart = pieces.flatMap(runs);
  if (apart.some(({ phrase }) => phrase)) {
    const hasCjk = (piece) => piece.some((word) => word >= CJK);
    const asWritten = pieces.flatMap((piece) => (hasCjk(piece) ? [{ phrase: true, words: piece }] : runs(piece)));
    return asWritten.length < apart.length ? [asWritten, apart] : [apart];
  }
  if (!apart.length) return [];
  const joined = [{ phrase: false, words: [WHOLE + tokens(folded).join("")] }];
  return /\p{N}/u.test(folded) ? [joined, apart] : [apart, joined];
}
