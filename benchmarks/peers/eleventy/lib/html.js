// What the pages have in common.
const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;" };

export const escape = (text) => String(text).replace(/[&<>"']/g, (found) => ESCAPES[found]);

const day = (iso) => new Date(`${iso}T00:00:00Z`);
const english = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
export const inEnglish = (iso) => english.format(day(iso));
export const inChinese = (iso) => iso.replace(/^(\d+)-0?(\d+)-0?(\d+)$/, "$1年$2月$3日");

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; manifest-src 'self'";

const once = (make) => {
  let made;
  return (register) => (made ??= make(register));
};

const header = once((register) => `<a class="skip" href="#main">跳到正文 · <span lang="en">Skip to content</span></a>
<header class="masthead">
<a class="name" href="/"><span lang="zh-CN">${escape(register.name)}</span> <span lang="en">${escape(register.name_en)}</span></a>
<nav aria-label="主导航 Main">
<a href="/search/" lang="zh-CN">查询</a>
<a href="/browse/" lang="zh-CN">浏览</a>
<a href="/en/search/" lang="en">Search</a>
<a href="/en/browse/" lang="en">Browse</a>
</nav>
</header>`);

const links = (some) => some.map(({ address, title }) => `<a href="${escape(address)}">${escape(title)}</a> `).join("");

const footer = once((register) => `<footer class="colophon">
<div lang="zh-CN">
<p>本公示只在 <b class="code">${escape(register.host)}</b>。数据截至${register.day_zh}；只公示当日有效的证书。</p>
<nav aria-label="说明">${links(register.links.zh)}</nav>
</div>
<div lang="en">
<p>This register is at <b class="code">${escape(register.host)}</b> only. As of ${register.day_en}; it shows the certificates valid that day.</p>
<nav aria-label="About">${links(register.links.en)}</nav>
</div>
<p><a href="mailto:${escape(register.contact)}">${escape(register.contact)}</a></p>
</footer>`);

export function page(register, { title, description, address, head = "", main }) {
  return `<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escape(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="${escape(description)}">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" media="(prefers-color-scheme: light)" content="#eceff1">
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#0b1016">
<link rel="canonical" href="${escape(address)}">
<meta property="og:type" content="website">
<meta property="og:site_name" content="${escape(register.name)}">
<meta property="og:title" content="${escape(title)}">
<meta property="og:description" content="${escape(description)}">
<meta property="og:url" content="${escape(address)}">
<meta property="og:image" content="${escape(register.address)}/icon-512.png">
<meta property="og:locale" content="zh_CN">
<meta property="og:locale:alternate" content="en_GB">
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="apple-touch-icon" href="/apple-touch-icon.png">
<link rel="manifest" href="/manifest.webmanifest">
<link rel="stylesheet" href="/assets/style.css">
${head}</head>
<body>
${header(register)}
<main id="main" tabindex="-1">
${main}
</main>
${footer(register)}
</body>
</html>
`;
}

export function rows(register, certificates) {
  const lines = certificates.map((c) => {
    const level = register.schemes[c.scheme].levels[c.level];
    const english = c.holder.name_en ? ` <span lang="en">${escape(c.holder.name_en)}</span>` : "";
    const stars = level.row ? `<span class="stars" aria-hidden="true">${level.row}</span> ` : "";
    return `<tr><td><a href="/C/${c.slug}/" lang="zh-CN">${escape(c.holder.name)}</a>${english} <span class="code">${escape(c.number)}</span></td><td>${stars}${level.name} <span lang="en">${level.name_en}</span></td><td><time>${c.issued}</time> <span>至 <time>${c.expires}</time></span></td></tr>\n`;
  });
  return `<table class="rows">
<thead><tr><th scope="col">企业 <span lang="en">Holder</span></th><th scope="col">等级 <span lang="en">Level</span></th><th scope="col">有效期 <span lang="en">Valid</span></th></tr></thead>
<tbody>
${lines.join("")}</tbody>
</table>`;
}
