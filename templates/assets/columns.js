// The certificates of a large register as rows: which codes each has, and where its card is.

export class Columns {
  constructor({ arrays, facets, cards, cardBits }) {
    this.ids = arrays.ids;
    for (let row = 1; row < this.ids.length; row += 1) this.ids[row] += this.ids[row - 1];
    this.rows = new Int32Array((this.ids.at(-1) ?? 0) + 1).fill(-1);
    this.ids.forEach((id, row) => (this.rows[id] = row));
    this.cards = cards;
    this.cardBits = cardBits;
    this.facets = Object.entries(facets).map(([name, codes]) => ({ name, codes, numbers: arrays[`facet ${name}`] }));
    this.all = Uint32Array.from(this.ids.keys());
    this.totals = this.narrow(this.all, {}).counts;
  }

  codes(row) {
    return Object.fromEntries(this.facets.map(({ name, codes, numbers }) => [name, codes[numbers[row]]]));
  }

  // The rows that have all chosen codes; and how many of `rows` each code has, or would have if it were chosen.
  narrow(rows, chosen) {
    const missed = new Uint8Array(rows.length); // how many of the chosen codes a row has not
    const where = new Int8Array(rows.length); // the facet of the last of them
    for (const [name, code] of Object.entries(chosen)) {
      const place = this.facets.findIndex((facet) => facet.name === name);
      const facet = this.facets[place];
      const fits = facet?.codes.map((codes) => codes.includes(code));
      rows.forEach((row, index) => {
        if (fits?.[facet.numbers[row]]) return;
        missed[index] += 1;
        where[index] = place;
      });
    }
    const counted = this.facets.map(({ name, codes, numbers }, place) => {
      const tally = new Uint32Array(codes.length);
      rows.forEach((row, index) => {
        if (!missed[index] || (missed[index] === 1 && where[index] === place)) tally[numbers[row]] += 1;
      });
      return [name, byCode(codes, tally)];
    });
    return { met: rows.filter((_, index) => !missed[index]), counts: Object.fromEntries(counted) };
  }

  // The file of a row's card, and which card in it is the row's.
  place(row) {
    const group = this.ids[row] >>> this.cardBits;
    let first = row;
    while (first > 0 && this.ids[first - 1] >>> this.cardBits === group) first -= 1;
    return { path: this.cards[group], index: row - first };
  }
}

function byCode(codes, tally) {
  const counts = { __proto__: null };
  tally.forEach((count, number) => {
    if (count) for (const code of codes[number]) counts[code] = (counts[code] ?? 0) + count;
  });
  return counts;
}
