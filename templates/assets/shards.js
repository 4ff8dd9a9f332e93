// Keys and their postings in the shards of the index; starcert/search/sharded/keys.py says what the keys are.

// Whether one text is before another by code points, as the keys are ordered; JavaScript compares UTF-16.
export function before(one, other) {
  let place = 0;
  while (place < one.length && one[place] === other[place]) place += 1;
  return (one.codePointAt(place) ?? -1) < (other.codePointAt(place) ?? -1);
}

// The index of the first text in a list that `text` is before.
function firstAfter(list, text) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (before(text, list[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}

// `starts` has for each shard a text from which on its keys are; `load` gives what is packed in a shard's file.
export class Shards {
  constructor(starts, paths, load) {
    this.starts = starts;
    this.paths = paths;
    this.load = load;
    this.opened = new Map();
  }

  shard(path) {
    if (!this.opened.has(path)) this.opened.set(path, this.load(path).then(decoded));
    return this.opened.get(path);
  }

  // The keys that begin with a text, or with `only` that key alone: each as { key, ids, places }, ids rising.
  async seek(text, only = false) {
    const first = Math.max(0, firstAfter(this.starts, text) - 1);
    let end = first + 1;
    while (!only && end < this.paths.length && this.starts[end].startsWith(text)) end += 1;
    const shards = await Promise.all(this.paths.slice(first, end).map((path) => this.shard(path)));
    return shards.flatMap((shard) => found(shard, text, only));
  }
}

function decoded({ keys, arrays: { sizes, ids, places } }) {
  const offsets = [0];
  for (const size of sizes) {
    const start = offsets.at(-1);
    for (let place = start + 1; place < start + size; place += 1) ids[place] += ids[place - 1];
    offsets.push(start + size);
  }
  return { keys, offsets, ids, places };
}

function found({ keys, offsets, ids, places }, text, only) {
  const met = [];
  let index = firstAfter(keys, text);
  if (keys[index - 1] === text) index -= 1;
  while (index < keys.length && (only ? keys[index] === text : keys[index].startsWith(text))) {
    const [start, end] = [offsets[index], offsets[index + 1]];
    met.push({ key: keys[index], ids: ids.subarray(start, end), places: places.subarray(start, end) });
    index += 1;
  }
  return met;
}
