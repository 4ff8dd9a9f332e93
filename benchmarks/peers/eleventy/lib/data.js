// What benchmarks/eleventy.py wrote: read once, and kept out of Eleventy's data cascade, which would merge it for every page.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { FAILSAFE_SCHEMA, load } from "js-yaml";

const FACTS = new URL("../facts/", import.meta.url);
const RECORDS = new URL("records/", FACTS);

const text = (name, folder) => readFileSync(new URL(name, folder), "utf-8");
const record = (name) => load(text(name, RECORDS), { schema: FAILSAFE_SCHEMA });

export const register = JSON.parse(text("register.json", FACTS));
export const certificates = existsSync(RECORDS)
  ? readdirSync(RECORDS).map(record)
  : JSON.parse(text("certificates.json", FACTS));

const PAGE = 100;
const collator = new Intl.Collator("zh");

export function lists() {
  const sorted = [...certificates].sort((a, b) => collator.compare(a.holder.name, b.holder.name));
  return Object.entries(register.lists).flatMap(([key, kind]) => {
    const groups = Map.groupBy?.(sorted, (c) => c[key]) ?? grouped(sorted, key);
    return [...groups].flatMap(([term, members]) => leaves(key, kind, term, members));
  });
}

function grouped(certificates, key) {
  const groups = new Map();
  for (const certificate of certificates) {
    const members = groups.get(certificate[key]);
    if (members) members.push(certificate);
    else groups.set(certificate[key], [certificate]);
  }
  return groups;
}

function leaves(key, kind, term, members) {
  const last = Math.ceil(members.length / PAGE);
  return Array.from({ length: last }, (_, index) => ({
    kind,
    of: kind.terms[term],
    base: `/${key}/${term}/`,
    number: index + 1,
    last,
    total: members.length,
    certificates: members.slice(index * PAGE, (index + 1) * PAGE),
  }));
}
