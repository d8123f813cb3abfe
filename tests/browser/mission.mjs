/**
 * Mission control as people use it, in a real browser.
 *
 *     node tests/browser/mission.mjs BASE_URL BROWSER                    observe: prints what was seen as one JSON object
 *     node tests/browser/mission.mjs BASE_URL BROWSER --pictures FOLDER  take the pictures of the documents
 *
 * It observes and judges nothing: test_mission.py says what must be seen. The page fills in a local market's sign-in itself.
 */
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { palettePng } from "./palette.mjs";

const require = createRequire(new URL("../../functions/web/mission/package.json", import.meta.url));
const { chromium } = require("playwright-core");

const PATIENCE_MS = 30_000;
/** No larger than it must be: software draws every pixel of the map. */
const DESK = { width: 1180, height: 700 };
const PICTURE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
/** Machines without a graphics card draw WebGL in software. */
const DRAWING = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"];

/** A part of the map that nothing covers on the desk. */
const MAP = { x: 470, y: 70, width: 600, height: 540 };
const VIEWS = { sign_in, map, overview, zones, orders, order, proof, door, live, keyboard, themes, store, phone };

/** Streets cover more of the map than this, markers alone less. */
const STREETS = 0.1;
/** Pixels; all drivers together cover less when they move. */
const A_LOT_OF_MAP = 50_000;
/** How long MapLibre takes to cut, load and draw what it was given. */
const PICTURE_SETTLES_MS = 9_000;

const [baseUrl, executablePath, option, folder] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", ...DRAWING] });
try {
  if (option === "--pictures") await takePictures(folder);
  else process.stdout.write(JSON.stringify(await observe()));
} finally {
  await browser.close();
}

async function observe() {
  const seen = {};
  const troubles = [];
  const page = await open(DESK, "light", troubles);
  for (const [name, look] of Object.entries(VIEWS)) {
    try {
      seen[name] = await look(page);
    } catch (error) {
      seen[name] = { failed: error.message };
    }
  }
  return { ...seen, troubles };
}

/** A signed-in console in a context of its own; whatever goes wrong in it is added to `troubles`. */
async function open(viewport, colorScheme, troubles, reducedMotion = "reduce") {
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on("pageerror", (error) => troubles.push(`error: ${error.message}`));
  page.on("console", (line) => line.type() === "error" && troubles.push(`console: ${line.text()}`));
  page.on("response", (answer) => answer.status() >= 400 && troubles.push(`${answer.status()}: ${answer.url()}`));
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText ?? "";
    // The app itself gives up a request when its answer is no longer wanted.
    if (reason !== "net::ERR_ABORTED") troubles.push(`${reason}: ${request.url()}`);
  });
  await page.goto(`${baseUrl}/mission/`);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Live", { exact: true }).waitFor();
  return page;
}

async function sign_in(page) {
  return { title: await page.title(), region: await page.locator(".status__region").textContent() };
}

/** How many colours the map shows, and which share of it is not the commonest one, the land. */
async function map(page) {
  await page.locator(".map-attribution").waitFor();
  let drawing = null;
  for (let left = 20; left > 0 && !(drawing?.drawn > STREETS); left -= 1) {
    await page.waitForTimeout(500);
    const picture = await mapPicture(page);
    drawing = await compared(picture, picture);
  }
  return drawing;
}

async function overview(page) {
  // A market that has just opened fills up: the first drivers come after the first orders.
  await page.getByLabel(/^Drivers online: Busy/).waitFor();
  const figures = await page
    .locator(".kpi__figures div")
    .evaluateAll((all) => all.map((one) => [one.querySelector("dt").textContent, one.querySelector("dd").textContent]));
  const open = await page.locator(".speed__open .speed__value").textContent();
  return { open, figures: Object.fromEntries(figures) };
}

/** The zones, called by key and coloured by demand: what is said of them, and how much of the map they colour. */
async function zones(page) {
  const before = await mapPicture(page);
  await page.keyboard.press("z");
  const control = page.getByRole("group", { name: "Zones" });
  await control.getByText(/^Surge up to/).waitFor();
  await control.getByRole("button", { name: "Demand" }).click();
  let changed = 0;
  for (let left = 20; left > 0 && changed < A_LOT_OF_MAP; left -= 1) {
    await page.waitForTimeout(500);
    ({ changed } = await compared(before, await mapPicture(page)));
  }
  const seen = { changed, ramp: await control.locator("li").allTextContents() };
  await control.getByRole("button", { name: "Zones" }).click();
  return seen;
}

async function orders(page) {
  await page.getByRole("link", { name: "Orders", exact: true }).click();
  await page.locator("[data-row]").nth(4).waitFor();
  return { rows: await rows(page) };
}

/** The oldest open order: its timeline, its chain of events and the server's verdict on the chain. */
async function order(page) {
  await page.locator("[data-row]").first().click();
  await page.locator(".timeline li").nth(2).waitFor();
  const timeline = await page.locator(".timeline__name").allTextContents();
  await page.getByRole("tab", { name: "Dossier" }).click();
  await page.getByRole("button", { name: "Verify chain" }).click();
  const verdict = page.locator(".verdict");
  await verdict.waitFor();
  const seen = {
    timeline,
    events: await page.locator(".chain__event").count(),
    verdict: await verdict.textContent(),
    mark: await verdict.locator("svg").count(),
  };
  await page.getByRole("button", { name: "Close" }).click();
  return seen;
}

/** The newest delivered order: how its age checks are shown. */
async function proof(page) {
  await page.getByRole("button", { name: "All", exact: true }).click();
  await page.getByRole("combobox", { name: "Status" }).selectOption("delivered");
  const restricted = page.locator("[data-row]").filter({ hasText: "21+" }).first();
  await restricted.click();
  const section = page.getByRole("region", { name: "Proof of age" });
  await section.getByText("m from the door").waitFor();
  const steps = await section
    .locator("li")
    .evaluateAll((all) => all.map((one) => [...one.querySelectorAll("p")].map((line) => line.textContent)));
  const seen = { steps, strength: await section.getByRole("img").getAttribute("aria-label") };
  await page.getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Open", exact: true }).click();
  return seen;
}

/** How drivers check at the door, reached and opened by keyboard alone. */
async function door(page) {
  await page.keyboard.press("3");
  const tab = page.getByRole("button", { name: "At the door" });
  await tab.focus();
  await page.keyboard.press("Enter");
  await page.locator("[data-row]").first().waitFor();
  const listed = await page.locator("[data-row]").count();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const record = page.getByRole("region", { name: "Checks at the door" });
  await record.getByText("By hand", { exact: true }).waitFor();
  const figures = await record
    .locator("dl div")
    .evaluateAll((all) => all.map((one) => [one.querySelector("dt").textContent, one.querySelector("dd").textContent]));
  await page.keyboard.press("Escape");
  await page.locator(".detail").waitFor({ state: "detached" });
  await page.keyboard.press("2");
  await page.locator("[data-row]").first().waitFor();
  return { listed, figures: Object.fromEntries(figures) };
}

/** With every later snapshot answered by the first one, only the stream can change a status or move a marker. */
async function live(page) {
  let snapshot = null;
  await page.route("**/v1/state?*", async (route) => {
    snapshot ??= await (await route.fetch()).body();
    await route.fulfill({ body: snapshot, contentType: "application/json" });
  });
  await page.waitForResponse((answer) => answer.url().includes("/v1/state"));
  await page.waitForTimeout(500);
  const before = { rows: await rows(page), map: await mapPicture(page) };
  let [statuses, pixels] = [0, 0];
  for (let left = 30; left > 0 && (statuses === 0 || pixels === 0); left -= 1) {
    await page.waitForTimeout(1_000);
    const found = new Map((await rows(page)).map(({ id, status }) => [id, status]));
    statuses = before.rows.filter(({ id, status }) => status !== (found.get(id) ?? "gone")).length;
    pixels = (await compared(before.map, await mapPicture(page))).changed;
  }
  await page.unroute("**/v1/state?*");
  return { statuses, pixels };
}

async function keyboard(page) {
  await page.getByRole("searchbox").focus();
  let tabs = 0;
  const onRow = () => page.evaluate(() => document.activeElement?.matches("[data-row]") ?? false);
  while (tabs < 12 && !(await onRow())) {
    await page.keyboard.press("Tab");
    tabs += 1;
  }
  await page.keyboard.press("Enter");
  await page.locator(".timeline li").first().waitFor();
  const opened = new URL(page.url()).hash;
  await page.keyboard.press("Escape");
  await page.locator(".detail").waitFor({ state: "detached" });
  return { tabs, opened, closed: new URL(page.url()).hash };
}

/** The surface in the light, after a switch by key, switched back, and when the system turns dark. */
async function themes(page) {
  const surface = () => page.evaluate(() => getComputedStyle(document.querySelector(".dock")).backgroundColor);
  const light = await surface();
  await page.keyboard.press("t");
  const switched = await surface();
  await page.keyboard.press("t");
  const back = await surface();
  await page.emulateMedia({ colorScheme: "dark" });
  await page.locator("html[data-theme=dark]").waitFor();
  return { light, switched, back, system: await surface() };
}

/** A violation is recorded at the first store and withdrawn again: what adds up, and what the next may bring, each time. */
async function store(page) {
  await page.getByRole("link", { name: "Stores", exact: true }).click();
  await page.locator("[data-row]").first().click();
  const violations = page.getByRole("region", { name: "Violations" });
  const conduct = async () => ({
    adding_up: Number(await violations.locator("h3 > .figures").textContent()),
    outlook: await violations.locator(".remark > span").textContent(),
    states: await violations.locator(".paper .chip").allTextContents(),
  });
  const permits = page.getByRole("region", { name: "Permits" }).locator(".paper");
  await violations.locator(".remark").waitFor();
  await permits.first().waitFor();
  const seen = { permits: await permits.count(), before: await conduct() };
  await violations.getByRole("button", { name: "Record a violation" }).click();
  await violations.getByLabel("What was found").selectOption("warning_sign");
  await violations.getByLabel("Authority").fill("Texas Comptroller");
  await violations.getByLabel("Its reference").fill(`CB-${Date.now()}`);
  await violations.getByRole("button", { name: "Record", exact: true }).click();
  await violations.getByText("Adds up").first().waitFor();
  seen.recorded = await conduct();
  await violations.getByText("Withdraw", { exact: true }).first().click();
  await violations.getByLabel("What was wrong about it").fill("It was another store's.");
  await violations.getByRole("button", { name: "Withdraw it" }).click();
  await violations.getByText("Withdrawn: It was another store's.").waitFor();
  seen.withdrawn = await conduct();
  await page.getByRole("button", { name: "Close" }).click();
  return seen;
}

async function phone(page) {
  await page.setViewportSize(PHONE);
  const widths = {};
  for (const panel of ["overview", "drivers", "dispatch", "stores", "orders"]) {
    await page.locator(`.sheet__tabs a[href="#/${panel}"]`).click();
    await page.locator(".sheet__body h1, .sheet__body .speed").first().waitFor();
    widths[panel] = await widest(page);
  }
  await page.locator("[data-row]").first().click();
  await page.locator(".timeline li").first().waitFor();
  widths.order = await widest(page);
  await page.locator(".facts a").first().click();
  await page.getByRole("region", { name: "Violations" }).locator(".remark").waitFor();
  await page.getByRole("button", { name: "Record a violation" }).click();
  widths.store = await widest(page);
  return { width: PHONE.width, widths };
}

/** The right edge of the widest thing on the page: scrolling that is merely hidden would still cut something off. */
function widest(page) {
  return page.evaluate(() => {
    const boxes = [...document.querySelectorAll(".status, .sheet *")].filter((box) => !box.closest(".visually-hidden"));
    const edges = boxes.map((box) => box.getBoundingClientRect().right);
    return Math.round(Math.max(document.documentElement.scrollWidth, ...edges));
  });
}

function rows(page) {
  return page.locator("[data-row]").evaluateAll((links) =>
    links.map((link) => ({
      id: link.getAttribute("href").split(/[/?]/)[2],
      status: link.querySelector(".chip").textContent,
    })),
  );
}

function mapPicture(page) {
  return page.screenshot({ clip: MAP });
}

/** The second picture's colours, the share of it that is not its commonest colour, and how many pixels changed. */
async function compared(before, after) {
  const [old, now] = [await pixels(before), await pixels(after)];
  const counts = new Map();
  now.forEach((colour) => counts.set(colour, (counts.get(colour) ?? 0) + 1));
  const drawn = 1 - Math.max(...counts.values()) / now.length;
  return { colours: counts.size, drawn, changed: now.filter((colour, index) => colour !== old[index]).length };
}

/** A picture's pixels as numbers, red in the lowest byte: the browser decodes it. */
async function pixels(png) {
  const page = await browser.newPage();
  const bytes = await page.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const pen = new OffscreenCanvas(image.width, image.height).getContext("2d");
    pen.drawImage(image, 0, 0);
    const { data: decoded } = pen.getImageData(0, 0, image.width, image.height);
    const reader = new FileReader();
    reader.readAsDataURL(new Blob([decoded]));
    await new Promise((resolve) => reader.addEventListener("load", resolve));
    return reader.result.split(",")[1];
  }, png.toString("base64"));
  await page.close();
  const buffer = Buffer.from(bytes, "base64");
  return new Uint32Array(buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.length));
}

/** The overview in both themes, an order with its evidence, and the phone; all in the app's own colours and fonts. */
async function takePictures(into) {
  const troubles = [];
  for (const [name, viewport, theme, show] of [
    ["light", PICTURE, "light", async () => {}],
    ["dark", PICTURE, "dark", async () => {}],
    ["order", PICTURE, "light", showDossier],
    ["phone", PHONE, "light", (page) => page.locator('.sheet__tabs a[href="#/orders"]').click()],
  ]) {
    const page = await open(viewport, theme, troubles, "no-preference");
    await show(page);
    await page.waitForTimeout(PICTURE_SETTLES_MS);
    const picture = palettePng(await pixels(await page.screenshot()), viewport.width);
    await writeFile(join(into, `mission-${name}.png`), picture);
    await page.context().close();
  }
  if (troubles.length > 0) throw new Error(troubles.join("\n"));
}

async function showDossier(page) {
  await page.getByRole("link", { name: "Orders", exact: true }).click();
  await page.getByRole("group", { name: "Stage" }).getByRole("button", { name: "Road" }).click();
  // The last one's promise is furthest away: it is still on the road when the picture is taken.
  await page.locator("[data-row]").last().click();
  await page.getByRole("tab", { name: "Dossier" }).click();
  await page.waitForTimeout(PICTURE_SETTLES_MS);
  await page.getByRole("button", { name: "Verify chain" }).click();
  await page.locator(".verdict").waitFor();
  await page.mouse.move(PICTURE.width / 2, PICTURE.height / 2);
}
