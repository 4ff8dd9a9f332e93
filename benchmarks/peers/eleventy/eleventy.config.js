// The register as an Eleventy site. The folders facts/ and pages/assets/ are written into a copy of this one by
// benchmarks/eleventy.py, which also links node_modules/.
export default function (config) {
  config.addPassthroughCopy("pages/assets");
  config.setDataDeepMerge(false);
  config.setQuietMode(true);
  return { dir: { input: "pages", output: "_site" }, markdownTemplateEngine: false, htmlTemplateEngine: false };
}
