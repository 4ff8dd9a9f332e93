// The home page.
import { certificates, register } from "../lib/data.js";
import { escape, page, rows } from "../lib/html.js";

function index([key, kind]) {
  const counts = new Map();
  for (const certificate of certificates) counts.set(certificate[key], (counts.get(certificate[key]) ?? 0) + 1);
  const items = [...counts].map(([term, count]) => {
    const { name, name_en } = kind.terms[term];
    return `<li><a href="/${key}/${term}/">${escape(name)} <span lang="en">${escape(name_en)}</span></a> <b>${count}</b></li>\n`;
  });
  return `<section class="index">
<h2>${kind.name} <span lang="en">${kind.name_en}</span></h2>
<ul>
${items.join("")}</ul>
</section>`;
}

export const data = { permalink: "/index.html", eleventyExcludeFromCollections: true };

export function render() {
  const latest = [...certificates].sort((a, b) => (a.issued < b.issued ? 1 : -1)).slice(0, 10);
  return page(register, {
    title: `查询证书 · ${register.name}`,
    description: register.name_en,
    address: `${register.address}/`,
    main: `<section class="question sheet">
<h1>${escape(register.name)} <span lang="en">${escape(register.name_en)}</span></h1>
<form action="/search/" role="search"><label for="q">编号、统一社会信用代码或企业名称 <span lang="en">Number, credit code or name</span></label><input id="q" name="q" type="search" required><button>查询 <span lang="en">Search</span></button></form>
<p>${certificates.length} 张有效证书，截至${register.day_zh}。 <span lang="en">${certificates.length} valid certificates as of ${register.day_en}.</span></p>
</section>
${Object.entries(register.lists).map(index).join("\n")}
<section>
<h2>最近发证 <span lang="en">Issued last</span></h2>
${rows(register, latest)}
</section>`,
  });
}
