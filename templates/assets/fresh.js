// The freshness guard: says what the certificate on this page is worth today, by the reader's clock, and takes it back in
// time. The page itself speaks only of the day it was built for. Wherever something is odd, nothing is claimed.
"use strict";

(() => {
  const MINUTE = 60000;
  const DAY = 1440 * MINUTE;
  const CHINA = 480 * MINUTE; // ahead of UTC, all year

  const page = document.querySelector(".certificate");
  const answer = document.querySelector(".today");
  const address = document.querySelector("link[rel=canonical]").href;

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
    stale: (of) => [
      `不能确认今天有效：本页是${zh(of.day)}的旧页`,
      `Not confirmed for today: this page is an old one, of ${en(of.day)}`,
    ],
    early: (of) => [
      `不能确认今天有效：您的设备日期早于本页（${zh(of.day)}）`,
      `Not confirmed for today: the date on your device is earlier than this page, ${en(of.day)}`,
    ],
  };
  const REOPEN = ["打开最新一页", "Open the latest page"];

  /** The facts that the page gives, or null if one is missing or makes no sense. */
  const facts = () => {
    const { day, issued, expires, until, audit, stale } = page.dataset;
    const of = { day, issued, expires, until, audit, stale: Date.parse(stale) };
    const sound = [day, issued, expires, until].every(isDay) && (audit === "" || isDay(audit)) && of.stale > 0;
    return sound ? of : null;
  };

  /** The state at an instant, the surest first: an expiry stays true however old the page is. */
  const stateAt = (now, of) => {
    if (of.today < of.day || of.today < of.issued) return "early";
    if (of.today > of.expires) return "expired";
    if (of.today > of.until) return of.until === of.audit ? "overdue" : "changed";
    return now < of.stale ? "valid" : "stale";
  };

  const element = (name, properties) => Object.assign(document.createElement(name), properties);

  const say = (state, of) => {
    const lines = WORDS[state](of).map((textContent, i) => element("p", { textContent, lang: ["zh-CN", "en"][i] }));
    const reopen = element("a", { textContent: REOPEN.join(" · "), href: address });
    reopen.addEventListener("click", (event) => {
      if (location.href !== address) return;
      event.preventDefault();
      location.reload(); // a mere link to itself might show the same old copy
    });
    answer.textContent = "";
    answer.append(...lines, ...(state === "valid" ? [] : [reopen]));
    page.dataset.state = state;
  };

  let timer;
  let said;
  const look = () => {
    clearTimeout(timer);
    const now = Date.now();
    const of = facts();
    if (!of || isNaN(now)) return hush();
    of.today = dayAt(now);
    const state = stateAt(now, of);
    if (said !== state + of.today) say(state, of); // the same words are not read aloud twice
    said = state + of.today;
    const nextDay = DAY - ((now + CHINA) % DAY);
    const nextLook = [MINUTE, nextDay, of.stale - now].filter((wait) => wait > 0);
    timer = setTimeout(look, Math.min(...nextLook)); // every minute, since a device may sleep or set its clock
  };
  const hush = () => {
    answer.textContent = said = "";
    delete page.dataset.state;
  };

  look();
  addEventListener("pageshow", look);
  addEventListener("focus", look);
  addEventListener("beforeprint", look);
  document.addEventListener("visibilitychange", look);
})();
