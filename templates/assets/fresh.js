// The freshness guard: says what the certificate on this page is worth today, and takes it back in time. It asks the
// reader's clock and the register's roll, which lists the pages that are current and the day for which that holds; the
// page itself knows no day. Wherever something is odd, nothing is claimed.
"use strict";

(() => {
  const SECOND = 1000;
  const MINUTE = 60 * SECOND;
  const HOUR = 60 * MINUTE;
  const DAY = 24 * HOUR;
  const CHINA = 8 * HOUR; // ahead of UTC, all year
  const PATIENCE = 15 * SECOND; // with a roll that does not come

  const page = document.querySelector(".certificate");
  const answer = document.querySelector(".today");
  const [recorded, listed] = document.querySelectorAll(".as-of");
  const address = document.querySelector("link[rel=canonical]").href;
  const slug = address.split("/").slice(-2)[0];

  const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !isNaN(new Date(text));
  const dayAt = (instant) => new Date(instant + CHINA).toISOString().slice(0, 10);
  const zh = (day) => "Y年M月D日".replace(/[YMD]/g, (part) => +day.split("-")["YMD".indexOf(part)]);
  const en = (day) => {
    const parts = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
    return new Date(day).toLocaleDateString("en-GB", parts);
  };

  const WORDS = {
    valid: (of) => [
      `今天有效（${zh(of.today)}）`,
      `Valid today, ${en(of.today)}`,
    ],
    expired: (of) => [
      `已过期：有效期至${zh(of.expires)}`,
      `Expired: it was valid until ${en(of.expires)}`,
    ],
    overdue: (of) => [
      `不能确认今天有效：年度审核应不晚于${zh(of.audit)}，本页没有其后的审核记录`,
      `Not confirmed for today: an audit was due by ${en(of.audit)}, and this page records none since`,
    ],
    changed: (of) => [
      `不能确认今天有效：本页所载状态只到${zh(of.until)}`,
      `Not confirmed for today: what this page records held until ${en(of.until)}`,
    ],
    asking: () => [
      "正在核对本公示的最新名录……",
      "Checking the register's latest list…",
    ],
    unasked: () => [
      "不能确认今天有效：没有读到本公示的最新名录",
      "Not confirmed for today: the register's latest list could not be read",
    ],
    unlisted: () => [
      "不能确认今天有效：本公示的最新名录里没有这张证书",
      "Not confirmed for today: the register's latest list does not have this certificate",
    ],
    stale: (of) => [
      `不能确认今天有效：读到的名录是${zh(of.roll.day)}的，已经太旧`,
      `Not confirmed for today: the list that could be read is of ${en(of.roll.day)}, which is too old`,
    ],
    gone: (of) => [
      `不能确认今天有效：截至${zh(of.roll.day)}，名录里没有这张证书`,
      `Not confirmed for today: as of ${en(of.roll.day)} the register's list does not have this certificate`,
    ],
    old: (of) => [
      `不能确认今天有效：本页不是名录（${zh(of.roll.day)}）所列的一页，可能是旧页`,
      `Not confirmed for today: this is not the page that the list of ${en(of.roll.day)} names; it may be an old copy`,
    ],
    early: (of) => [
      `不能确认今天有效：您的设备日期（${zh(of.today)}）早于名录（${zh(of.roll.day)}）`,
      `Not confirmed for today: your device says ${en(of.today)}, which is before the list's day, ${en(of.roll.day)}`,
    ],
  };
  const AS_OF = (of) => [
    `以上为 ${zh(of.roll.day)} 的公示状态`,
    `As recorded on ${en(of.roll.day)}`,
  ];
  const REOPEN = ["打开最新一页", "Open the latest page"];

  /** The facts that the page gives, or null if one is missing or makes no sense. */
  const facts = () => {
    const { issued, expires, until, audit, imprint } = page.dataset;
    const sound = [issued, expires, until].every(isDay) && (audit === "" || isDay(audit)) && imprint && page.dataset.roll;
    return sound ? { issued, expires, until, audit, imprint } : null;
  };

  let roll; // the last that was read; null once none could be
  let asked; // when it was last asked for
  let asking = false;
  let preloaded = true;
  let said;

  /** What the roll's file says that concerns this page. An error if it makes no sense. */
  const read = ({ day, stale, pages }) => {
    const found = { day, stale: Date.parse(stale), imprint: pages[slug] };
    if (!isDay(day) || !(found.stale > 0)) throw new Error("not a roll");
    return found;
  };

  /**
   * The roll's file from the host itself: its status and text. The first comes preloaded, so perhaps from the browser's
   * cache after all. It is read to its end, since only then the browser tells how many bytes came over the network.
   */
  const latest = async () => {
    const response = await fetch(page.dataset.roll, { cache: "no-cache" });
    const text = await response.text();
    const { transferSize } = performance.getEntriesByName(response.url).pop() || {};
    const cached = preloaded && !transferSize;
    preloaded = false;
    return cached ? latest() : { status: response.status, text };
  };

  /** Asks for the roll and looks again. The one at hand stands until another is read. */
  const ask = async () => {
    asking = true;
    asked = Date.now();
    try {
      const { status, text } = await latest();
      roll = status === 404 ? { empty: true } : read(JSON.parse(text));
    } catch (error) {
      roll = roll || null;
    }
    asking = false;
    look();
  };

  /** Whether a roll is wanted: none was read, or the one at hand is of an hour ago or of another day. */
  const wanted = (now) => {
    if (asking || document.hidden) return false;
    const since = Math.abs(now - asked);
    return roll ? since >= HOUR || dayAt(asked) !== dayAt(now) : since >= MINUTE;
  };

  /** The state at an instant, the surest first: an expiry stays true whatever a roll says. "" while a roll may yet come. */
  const stateAt = (now, of) => {
    if (of.today > of.expires) return "expired";
    if (of.today > of.until) return of.until === of.audit ? "overdue" : "changed";
    if (!of.roll) return of.roll === null || now - asked >= PATIENCE ? "unasked" : now - asked >= SECOND ? "asking" : "";
    if (of.roll.empty) return "unlisted";
    if (now >= of.roll.stale) return "stale";
    if (of.roll.imprint === undefined) return "gone";
    if (of.roll.imprint !== of.imprint) return "old";
    return of.today < of.roll.day || of.today < of.issued ? "early" : "valid";
  };

  const element = (name, properties) => Object.assign(document.createElement(name), properties);
  const inBoth = (name, texts) => texts.map((textContent, i) => element(name, { textContent, lang: ["zh-CN", "en"][i] }));

  const say = (state, of) => {
    const reopen = element("a", { textContent: REOPEN.join(" · "), href: address });
    reopen.addEventListener("click", (event) => {
      if (location.href !== address) return;
      event.preventDefault();
      location.reload(); // a mere link to itself might show the same old copy
    });
    hush();
    if (!state) return;
    answer.append(...inBoth("p", WORDS[state](of)), ...(state === "valid" || state === "asking" ? [] : [reopen]));
    if (state === "asking") return;
    page.dataset.state = state;
    if (state !== "valid") return;
    const [first, second] = inBoth("span", AS_OF(of));
    listed.append(first, " ", second);
    listed.hidden = false;
    recorded.hidden = true;
  };
  const hush = () => {
    answer.textContent = listed.textContent = said = "";
    listed.hidden = true;
    recorded.hidden = false;
    delete page.dataset.state;
  };

  let timer;
  const look = () => {
    clearTimeout(timer);
    const now = Date.now();
    const of = facts();
    if (!of || isNaN(now)) return hush();
    if (wanted(now)) ask();
    Object.assign(of, { roll, today: dayAt(now) });
    const state = stateAt(now, of);
    const words = state && state + WORDS[state](of) + (state === "valid" ? AS_OF(of) : "");
    if (said !== words) say(state, of); // the same words are not read aloud twice
    said = words;
    const waits = asking ? [asked + SECOND - now, asked + PATIENCE - now] : [];
    const turns = [MINUTE, DAY - ((now + CHINA) % DAY), roll && roll.stale - now, ...waits];
    timer = setTimeout(look, Math.min(...turns.filter((wait) => wait > 0))); // a device may sleep or set its clock
  };

  hush(); // a saved copy may hold what it said when it was saved
  ask();
  look();
  addEventListener("pageshow", look);
  addEventListener("focus", look);
  addEventListener("beforeprint", look);
  document.addEventListener("visibilitychange", look);
})();
