// The register as an Eleventy site. The folder site/_data/ and the assets are written into a copy by benchmarks/eleventy.py.
export default function (config) {
  config.addPassthroughCopy("site/assets");
  config.setDataDeepMerge(false);
  config.setQuietMode(true);
  return { dir: { input: "site", output: "_site" }, markdownTemplateEngine: false, htmlTemplateEngine: false };
}
