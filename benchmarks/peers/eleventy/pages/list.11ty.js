// The pages of every list: by level, province, industry and certification body.
import { lists, register } from "../lib/data.js";
import { escape, page, rows } from "../lib/html.js";

const address = ({ base }, number) => (number === 1 ? base : `${base}page/${number}/`);

function leaves(leaf) {
  if (leaf.last === 1) return "";
  const link = (number, text) => `<a href="${address(leaf, number)}">${text}</a>`;
  const previous = leaf.number > 1 ? link(leaf.number - 1, "上一页 <span lang=\"en\">Previous</span>") : "";
  const next = leaf.number < leaf.last ? link(leaf.number + 1, "下一页 <span lang=\"en\">Next</span>") : "";
  return `<nav class="leaves" aria-label="分页 Pages">
${previous}
<ol><li>${link(1, 1)}</li><li><b aria-current="page">${leaf.number}</b></li><li>${link(leaf.last, leaf.last)}</li></ol>
${next}
</nav>`;
}

export const data = {
  leaves: lists(),
  pagination: { data: "leaves", size: 1, alias: "leaf", addAllPagesToCollections: false },
  eleventyExcludeFromCollections: true,
  permalink: ({ leaf }) => `${address(leaf, leaf.number)}index.html`,
};

export function render({ leaf }) {
  const title = `${leaf.of.name}（${leaf.kind.name}）`;
  return page(register, {
    title: `${title} · ${register.name}`,
    description: `${title}，截至${register.day_zh}`,
    address: register.address + address(leaf, leaf.number),
    main: `<header class="heading">
<p class="kind"><a href="/">浏览 <span lang="en">Browse</span></a> / ${leaf.kind.name} <span lang="en">${leaf.kind.name_en}</span></p>
<h1>${escape(leaf.of.name)} <span lang="en">${escape(leaf.of.name_en)}</span></h1>
<p>截至${register.day_zh}，${leaf.total} 张有效证书。 <span lang="en">As of ${register.day_en}: ${leaf.total} valid certificates.</span></p>
</header>
${rows(register, leaf.certificates)}
${leaves(leaf)}`,
  });
}
