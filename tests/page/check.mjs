// Opens pages of reports in a browser. Fails on any request that leaves a page, any finding of axe,
// and anything that is wider than a phone. Writes pictures of what it saw.
//
//     node check.mjs FOLDER PAGE…
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const BROWSER = process.env.CHROMIUM ?? '/usr/bin/chromium';
// As the browser would otherwise look for its makers' hosts.
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];
const VIEWS = [
  { name: 'phone', width: 360, height: 740, colorScheme: 'light', open: true },
  { name: 'phone-dark', width: 360, height: 740, colorScheme: 'dark', open: false },
  { name: 'desktop', width: 1280, height: 900, colorScheme: 'light', open: false },
  { name: 'dark', width: 1280, height: 900, colorScheme: 'dark', open: true },
];

// Text may be as large as on a screen of this width (WCAG 1.4.10).
const NARROWEST = 320;

const [folder, ...pages] = process.argv.slice(2);
if (!folder || pages.length === 0) {
  console.error('node check.mjs FOLDER PAGE…');
  process.exit(2);
}

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const faults = [];
await mkdir(folder, { recursive: true });
const profile = await mkdtemp(join(tmpdir(), 'copact-page-'));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: BROWSER, headless: true, args: FLAGS,
});
try {
  for (const file of pages) await check(file);
} finally {
  await browser.close();
  await rm(profile, { recursive: true, force: true });
}
for (const fault of faults) console.error(fault);
console.log(`${pages.length} pages in ${VIEWS.length} views: ${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);

async function check(file) {
  const name = basename(file, '.html');
  const url = pathToFileURL(resolve(file)).href;
  const tab = await browser.newPage();
  let at = '';
  const fault = (what) => faults.push(`${name}, ${at}: ${what}`);
  tab.on('request', (request) => {
    if (request.url() !== url) fault(`asks for ${request.url()}`);
  });
  // Refusals of the page's own policy come as errors of the console.
  tab.on('console', (message) => {
    if (message.type() === 'error') fault(`says ${message.text()}`);
  });
  tab.on('dialog', (dialog) => {
    fault(`opens a dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  for (const view of VIEWS) {
    at = view.name;
    await tab.setViewportSize({ width: view.width, height: view.height });
    await tab.emulateMedia({ media: 'screen', colorScheme: view.colorScheme });
    await tab.goto(url);
    await tab.screenshot({ path: join(folder, `${name}-${view.name}.png`), fullPage: true });
    if (view.open) await tab.$$eval('details', (all) => all.forEach((one) => { one.open = true; }));
    for (const wide of await tab.evaluate(tooWide)) fault(`wider than the screen: ${wide}`);
    // The page's policy runs no script; what is evaluated here comes from outside of it.
    await tab.evaluate(axe);
    const found = await tab.evaluate((rules) => window.axe.run(document, {
      runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'],
    }), RULES);
    for (const one of found.violations) {
      const where = one.nodes.slice(0, 3).map((node) => `${node.target} ${node.html.slice(0, 90)}`);
      fault(`${one.id}, ${one.help} (${one.nodes.length}): ${where.join(' | ')}`);
    }
  }
  at = 'the narrowest';
  await tab.setViewportSize({ width: NARROWEST, height: 740 });
  for (const wide of await tab.evaluate(tooWide)) fault(`wider than the screen: ${wide}`);
  at = 'print';
  // Somebody whose screen is dark prints on white paper all the same.
  await tab.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await tab.goto(url);
  await tab.pdf({ path: join(folder, `${name}.pdf`), preferCSSPageSize: true });
  await tab.close();
}

// What reaches beyond the right edge, in the page.
function tooWide() {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const all = [...document.querySelectorAll('body *')];
  const beyond = all.filter((one) => one.getBoundingClientRect().right > width + 1);
  const names = beyond.slice(0, 3).map((one) => `${one.tagName} ${one.textContent.slice(0, 40)}`);
  return names.length === 0 ? ['something'] : names;
}
