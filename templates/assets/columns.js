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
    const asked = Object.entries(chosen).map(([name, code]) => {
      const place = this.facets.findIndex((facet) => facet.name === name);
      const facet = this.facets[place];
      return { place, numbers: facet?.numbers, fits: facet?.codes.map((codes) => codes.includes(code)) };
    });
    const tallies = this.facets.map(({ codes }) => new Uint32Array(codes.length));
    const met = rows.filter((row) => {
      const missed = asked.filter(({ numbers, fits }) => !fits?.[numbers[row]]);
      if (missed.length > 1) return false;
      this.facets.forEach(({ numbers }, place) => {
        if (!missed.length || missed[0].place === place) tallies[place][numbers[row]] += 1;
      });
      return !missed.length;
    });
    return { met, counts: Object.fromEntries(this.facets.map((facet, place) => [facet.name, byCode(facet, tallies[place])])) };
  }

  // The file of a row's card, and which card in it is the row's.
  place(row) {
    const group = this.ids[row] >>> this.cardBits;
    let first = row;
    while (first > 0 && this.ids[first - 1] >>> this.cardBits === group) first -= 1;
    return { path: this.cards[group], index: row - first };
  }
}

function byCode({ codes }, tally) {
  const counts = { __proto__: null };
  tally.forEach((count, number) => {
    if (count) for (const code of codes[number]) counts[code] = (counts[code] ?? 0) + count;
  });
  return counts;
}
