// A page for each certificate.
import { certificates, register } from "../lib/data.js";
import { escape, inChinese, inEnglish, page } from "../lib/html.js";
import { svg } from "../lib/qr.js";

const English = (text) => (text ? ` <span lang="en">${escape(text)}</span>` : "");
const code = (text) => `<span class="code">${escape(text)}</span>`;
const time = (iso) => `<time>${iso}</time>`;
const item = (kind, label, label_en, value) =>
  `<div${kind && ` class="${kind}"`}><dt>${label} <span lang="en">${label_en}</span></dt><dd>${value}</dd></div>\n`;
const coded = (label, label_en, value, pick = "") =>
  `<div><dt>${label} <span lang="en">${label_en}</span></dt><dd class="code${pick}">${escape(value)}</dd></div>\n`;

function linkedData(c, { address, scheme, level, body }) {
  const holder = {
    "@type": "Organization",
    name: c.holder.name,
    alternateName: c.holder.name_en,
    taxID: c.holder.uscc,
    address: c.holder.address,
  };
  const rating = { "@type": "Rating", ratingValue: level.stars, bestRating: scheme.best, name: level.name_en };
  const text = JSON.stringify({
    "@context": "https://schema.org",
    "@type": "Certification",
    "@id": address,
    url: address,
    name: `${c.standard} ${level.name} ${level.name_en}`,
    certificationIdentification: c.number,
    issuedBy: { "@type": "Organization", name: body.name, alternateName: body.name_en, url: body.website },
    about: holder,
    certificationRating: rating,
    validFrom: c.issued,
    expires: c.expires,
    auditDate: c.audits.at(-1).date,
    isBasedOn: `${c.standard} ${scheme.name} ${scheme.name_en}`,
    inLanguage: register.languages,
  });
  return text.replace(/</g, "\\u003c").replace(/>/g, "\\u003e").replace(/&/g, "\\u0026");
}

const compare = (starred) => `<section class="compare" aria-labelledby="compare">
<h2 id="compare"><span lang="zh-CN">您眼前的标志，与本页一致吗？</span> <span lang="en">Does the logo in front of you agree with this page?</span></h2>
<ul>
<li><span lang="zh-CN">${starred ? "星数相同" : "没有星"}</span> <span lang="en">${starred ? "The same number of stars" : "No stars on it"}</span></li>
<li><span lang="zh-CN">企业相同</span> <span lang="en">The same company</span></li>
<li><span lang="zh-CN">地址栏是 <b class="code">${register.host}</b></span> <span lang="en">The address bar says <b class="code">${register.host}</b></span></li>
</ul>
<p><span lang="zh-CN">有一处不同，本证书就不能证明那个标志。</span> <span lang="en">If one differs, this certificate does not stand behind that logo.</span></p>
</section>`;

function verdict(c, { level }) {
  const span = (iso, written) => `<time datetime="${iso}">${written}</time>`;
  return `<header class="verdict">
<div class="seal">${level.seal}</div>
<p class="level"><span lang="zh-CN">${level.name}</span> <span lang="en">${level.name_en}</span></p>
<h1><span lang="zh-CN">${escape(c.holder.name)}</span>${English(c.holder.name_en)}</h1>
<p class="validity"><span lang="zh-CN">${span(c.issued, inChinese(c.issued))}至${span(c.expires, inChinese(c.expires))}有效</span> <span lang="en">Valid from ${span(c.issued, inEnglish(c.issued))} to ${span(c.expires, inEnglish(c.expires))}</span></p>
<p class="as-of"><span lang="zh-CN">以上为 ${span(register.day, register.day_zh)} 的公示状态</span> <span lang="en">As recorded on ${span(register.day, register.day_en)}</span></p>
<div class="today" role="status"></div>
</header>`;
}

function certificate(c, { scheme, level }) {
  const uses = c.mark_uses ?? [];
  const named = (lang, between) => uses.map((use) => register.mark_uses[lang][use]).join(between);
  return `<section class="particulars" aria-labelledby="certificate">
<h2 id="certificate"><span lang="zh-CN">证书</span> <span lang="en">Certificate</span></h2>
<dl>
${coded("证书编号", "Number", c.number, " pick")}${item("", "等级", "Level", level.name + English(level.name_en))}${item("wide", "标准", "Standard", `${code(c.standard)} ${scheme.name}${English(scheme.name_en)}`)}${item("wide run-in", "认证范围", "Scope", escape(c.scope) + English(c.scope_en))}${item("third", "初次发证", "First issued", time(c.first_issued))}${item("third", "本次发证", "Issued", time(c.issued))}${item("third", "有效期至", "Expires", time(c.expires))}${coded("备案规则", "Filed rule", c.filed_rule)}${uses.length ? item("", "标志可用于", "The logo may be on", named("zh", "、") + English(named("en", ", "))) : ""}</dl>
</section>`;
}

function holder(c) {
  const { holder } = c;
  const region = register.regions[c.region];
  const industry = register.industries[c.industry];
  const link = (address) => `<a href="${escape(address)}" rel="nofollow noopener noreferrer">${escape(address)}</a>`;
  const former = (holder.former_names ?? []).map(({ name, until }) => `<li>${escape(name)}（至 ${time(until)}）</li>`);
  const places = c.sites.map(
    ({ kind, name, city, address }) =>
      `<li>${escape(name)}<br><small>${register.places.zh[kind]} <span lang="en">${register.places.en[kind]}</span> · ${escape(city)}，${escape(address)}</small></li>`,
  );
  return `<section class="particulars" aria-labelledby="holder">
<h2 id="holder"><span lang="zh-CN">持证企业</span> <span lang="en">Holder</span></h2>
<dl>
${coded("统一社会信用代码", "Unified social credit code", holder.uscc, " pick")}${item("", "地区与行业", "Region and industry", `${region.name}，${industry.name}${English(`${region.name_en}, ${industry.name_en}`)}`)}${item("wide", "地址", "Address", escape(holder.address) + English(holder.address_en))}${c.brands ? item("", "品牌", "Brands", escape(c.brands.join("、"))) : ""}${holder.website ? item("", "网站", "Website", link(holder.website)) : ""}${former.length ? item("wide", "曾用名", "Former names", `<ul>${former.join("")}</ul>`) : ""}${item("wide sites", "覆盖场所", "Sites covered", `<ul>${places.join("")}</ul>`)}</dl>
<p class="onward"><a href="/search/?q=${holder.uscc}"><span lang="zh-CN">该企业的全部有效证书</span> · <span lang="en">All valid certificates of this holder</span></a></p>
</section>`;
}

function issuer(c, { body }) {
  const audits = c.audits.map(
    ({ date, kind }) =>
      `<li>${time(date)} ${register.audits.zh[kind]} <span lang="en">${register.audits.en[kind]}</span></li>`,
  );
  const contact = `<a href="${body.phone_link}">${escape(body.phone)}</a><br><a href="${escape(body.website)}" rel="noopener noreferrer">${escape(body.website)}</a>`;
  return `<section class="particulars" aria-labelledby="body">
<h2 id="body"><span lang="zh-CN">认证机构与审核</span> <span lang="en">Certification body and audits</span></h2>
<dl>
${item("wide", "认证机构", "Body", escape(body.name) + English(body.name_en))}${coded("批准号", "Approval number", body.approval_number)}${item("contact", "电话与网站", "Phone and website", contact)}${item("wide", "审核", "Audits", `<ul>${audits.join("")}</ul>`)}${c.audit_due ? item("", "下次审核不迟于", "Next audit due by", time(c.audit_due)) : ""}</dl>
</section>`;
}

const place = (address) => `<section class="address" aria-labelledby="address">
${svg(address.toUpperCase())}
<div>
<h2 id="address"><span lang="zh-CN">本页网址</span> <span lang="en">The address of this page</span></h2>
<p class="code"><a href="${address}">${address}</a></p>
<p><span lang="zh-CN">本公示只在 <b class="code">${register.host}</b>；别处相似的网页不属于本公示。</span> <span lang="en">This register is at <b class="code">${register.host}</b> only; a page like this one anywhere else is no part of it.</span></p>
</div>
</section>`;

const CNCA = '<a class="code" href="https://cx.cnca.cn/" rel="noopener noreferrer">cx.cnca.cn</a>';

const second = (number) => `<section class="second" aria-labelledby="second">
<h2 id="second"><span lang="zh-CN">再到国家平台核对</span> <span lang="en">Check it against the national platform</span></h2>
<p lang="zh-CN">打开全国认证认可信息公共服务平台 ${CNCA}，在证书查询中输入编号 <span class="code pick">${number}</span>。该平台没有直达单张证书的链接。</p>
<p lang="en">Open China's public certification database at ${CNCA} and enter the number <span class="code pick">${number}</span>. It offers no direct link to one certificate.</p>
</section>`;

export const data = {
  certificates,
  pagination: { data: "certificates", size: 1, alias: "certificate", addAllPagesToCollections: false },
  eleventyExcludeFromCollections: true,
  permalink: ({ certificate }) => `/C/${certificate.slug}/index.html`,
};

export function render({ certificate: c }) {
  const scheme = register.schemes[c.scheme];
  const known = {
    address: `${register.address}/C/${c.slug}/`,
    scheme,
    level: scheme.levels[c.level],
    body: register.bodies[c.issuer],
  };
  const { level } = known;
  return page(register, {
    title: `${c.holder.name} · ${level.name} ${level.name_en} · ${c.number}`,
    description: `${c.standard} ${level.name} ${level.name_en}，${c.number}，${c.issued} – ${c.expires}（${register.day}）`,
    address: known.address,
    head: `<script type="application/ld+json">${linkedData(c, known)}</script>\n<script src="/assets/fresh.js" defer></script>\n`,
    main: `<article class="certificate sheet" data-day="${register.day}" data-issued="${c.issued}" data-expires="${c.expires}" data-until="${c.until}" data-audit="${c.audit_due}" data-stale="${register.stale}">
${[verdict(c, known), compare(level.stars > 0), certificate(c, known), holder(c), issuer(c, known), place(known.address), second(escape(c.number))].join("\n")}
</article>`,
  });
}
