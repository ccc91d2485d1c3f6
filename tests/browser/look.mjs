// Looks at one page in a real browser and prints what it saw as JSON.
// Usage: node look.mjs MODULES CHROMIUM PAGE.html OUT [whole]
// MODULES is a folder with playwright-core and axe-core below node_modules; pictures go to OUT (of the whole page, which takes long).
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, executablePath, file, out, whole] = process.argv.slice(2);
const require = createRequire(join(modules, "package.json"));
const { chromium } = require("playwright-core");
const axe = require("axe-core").source;

const SIZES = { wide: [1280, 900], phone: [360, 740] };
const quiet = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
const address = pathToFileURL(file).href;
const seen = { messages: [], requests: [], views: [] };

async function view(browser, colorScheme, size) {
  const [width, height] = SIZES[size];
  const context = await browser.newContext({ colorScheme, viewport: { width, height } });
  const page = await context.newPage();
  page.on("console", (message) => seen.messages.push(message.text()));
  page.on("pageerror", (error) => seen.messages.push(String(error)));
  page.on("request", (request) => {
    if (request.url() !== address) seen.requests.push(request.url());
  });
  await page.goto(address);
  const layout = await page.evaluate(() => ({
    styled: getComputedStyle(document.body).marginTop === "0px",
    ground: getComputedStyle(document.body).backgroundColor,
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    outside: [...document.querySelectorAll("main *")]
      .filter((node) => !node.closest(".vh, svg") && node.getClientRects().length)
      .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
      .slice(0, 5).map((node) => node.outerHTML.slice(0, 120)),
  }));
  const path = join(out, `${colorScheme}-${size}.png`);
  await page.screenshot({ path, fullPage: whole === "whole" });
  const found = await page.evaluate(`${axe}; axe.run(document)`);
  const violations = found.violations.map((one) => ({
    id: one.id, nodes: one.nodes.slice(0, 3).map((node) => `${node.html} ${node.failureSummary}`),
  }));
  seen.views.push({ colorScheme, size, ...layout, violations, passed: found.passes.length });
  if (colorScheme === "light" && size === "wide") await print(page);
  await context.close();
}

async function print(page) {
  await page.emulateMedia({ media: "print" });
  seen.hidden = await page.evaluate(() =>
    [...document.querySelectorAll("main, main *")]
      .filter((node) => !node.closest(".vh, nav, svg") && node.scrollHeight > node.clientHeight + 1
        && ["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(node).overflowY))
      .map((node) => node.className));
  await page.emulateMedia({ media: null });
  const pdf = await page.pdf({ path: join(out, "page.pdf"), format: "A4" });
  seen.pages = (pdf.toString("latin1").match(/\/Type\s*\/Page\b/g) ?? []).length;
}

const browser = await chromium.launch({ executablePath, args: quiet });
try {
  for (const scheme of ["light", "dark"])
    for (const size of Object.keys(SIZES)) await view(browser, scheme, size);
  console.log(JSON.stringify(seen));
} finally {
  await browser.close();
}
