// The sitemap: every certificate.
import { certificates, register } from "../lib/data.js";

export const data = { permalink: "/sitemap.xml", eleventyExcludeFromCollections: true };

export function render() {
  const urls = certificates.map(({ slug }) => `<url><loc>${register.address}/C/${slug}/</loc></url>\n`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${urls.join("")}</urlset>
`;
}
