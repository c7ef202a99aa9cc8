"use strict";
// Sorts and filters the table of learners. All rows are in the page as JSON; one screenful of them is in the document at a time.
(() => {
  const SHOWN = 200;
  const byId = (id) => document.getElementById(id);
  const { rows, ruled } = JSON.parse(byId("data").textContent);
  for (const row of rows) row.learner = row.members.map((member) => member.learner).join(", ");
  const [form, find, outcome, check] = ["filter", "find", "outcome", "check"].map(byId);
  const [told, body, pages, page, back, on] = ["told", "rows", "pages", "page", "back", "on"].map(byId);
  const looks = new Map(Array.from(outcome.options).slice(1).map((option, order) => [option.value, { ...option.dataset, words: option.text, order }]));
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

  const share = (row) => (row.possible > 0 ? row.earned / row.possible : null);
  // Worked out when it is first needed, so that the page is there at once and each key pressed costs one search through short texts.
  const text = (row) => (row.text ??= [...row.members.flatMap((member) => [member.learner, member.name]), row.section, row.reason].join("\n").toLowerCase());
  // Comparing texts by the rules of a language is slow; their order is worked out when a column is first sorted by.
  const orders = new Map();
  const rank = (key) => {
    if (!orders.has(key)) {
      const texts = [...new Set(rows.map((row) => row[key]))].sort(collator.compare);
      orders.set(key, new Map(texts.map((text, order) => [text, order])));
    }
    return orders.get(key);
  };
  const measure = (key) => {
    switch (key) {
      case "earned": case "attempt": case "final_points": return (row) => row[key];
      case "share": return share;
      case "late": return (row) => Number(row.late);
      case "outcome": return (row) => looks.get(row.outcome).order;
      default: { const ranks = rank(key); return (row) => ranks.get(row[key]); }
    }
  };

  let sorted = { key: null, up: true };
  let shown = rows;
  let at = 0;

  const element = (name, className, ...inside) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...inside);
    return made;
  };
  const alone = (text) => element("bdi", "", text);
  const points = (value) => (value === null ? "–" : String(Math.round(value * 100) / 100));

  const person = ({ page, learner, name }) => {
    const key = page ? Object.assign(element("a", "", alone(learner)), { href: page }) : alone(learner);
    return name ? [key, " ", element("span", "faint", alone(name))] : [key];
  };

  const line = (row) => {
    const names = element("th", "", ...row.members.flatMap((member, at) => (at ? [", ", ...person(member)] : person(member))));
    names.scope = "row";
    const look = looks.get(row.outcome);
    const symbol = element("span", "", look.symbol);
    symbol.setAttribute("aria-hidden", "true");
    return element("tr", "", names,
      element("td", "less", alone(row.section)),
      element("td", look.class, symbol, " ", look.words),
      element("td", "num", points(row.earned)),
      element("td", "num less", share(row) === null ? "–" : `${Math.round(share(row) * 100)} %`),
      ...(ruled ? [element("td", "num", alone(row.told_final))] : []),
      element("td", "num less", row.attempt ? String(row.attempt) : ""),
      element("td", "less", row.late ? "late" : ""),
      element("td", "wide", alone(row.reason)));
  };

  const draw = (from, to) => body.replaceChildren(...shown.slice(from, to).map(line));
  const tell = () => {
    told.textContent = shown.length === rows.length ? `${rows.length} in all` : `${shown.length} of ${rows.length}`;
    pages.hidden = shown.length <= SHOWN;
    page.textContent = `${at + 1} to ${Math.min(at + SHOWN, shown.length)} of ${shown.length}`;
    back.disabled = at === 0;
    on.disabled = at + SHOWN >= shown.length;
  };

  const show = () => {
    draw(at, at + SHOWN);
    tell();
  };

  const choose = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const failing = check.value === "" ? null : Number(check.value);
    shown = rows.filter((row) =>
      (outcome.value === "" || row.outcome === outcome.value) &&
      (failing === null || row.open.includes(failing)) &&
      words.every((word) => text(row).includes(word)));
    if (sorted.key !== null) {
      const value = measure(sorted.key);
      const sign = sorted.up ? 1 : -1;
      // What has no value comes last, whichever way the rest is sorted.
      const compare = (a, b) => (a === null ? (b === null ? 0 : 1) : b === null ? -1 : sign * (a - b));
      shown = shown.toSorted ? shown.toSorted((a, b) => compare(value(a), value(b))) : shown.slice().sort((a, b) => compare(value(a), value(b)));
    }
    at = 0;
    show();
  };

  for (const header of document.querySelectorAll("#table thead th")) {
    const button = element("button", "sort", header.textContent);
    button.type = "button";
    button.addEventListener("click", () => {
      const key = header.dataset.key;
      sorted = { key, up: sorted.key === key ? !sorted.up : true };
      document.querySelectorAll("#table thead th").forEach((other) => other.removeAttribute("aria-sort"));
      header.setAttribute("aria-sort", sorted.up ? "ascending" : "descending");
      choose();
    });
    header.replaceChildren(button);
  }
  find.addEventListener("input", choose);
  outcome.addEventListener("change", choose);
  check.addEventListener("change", choose);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(choose));
  const turn = (by) => {
    at += by;
    show();
    byId("learners").focus();
  };
  back.addEventListener("click", () => turn(-SHOWN));
  on.addEventListener("click", () => turn(SHOWN));
  // On paper there is nothing to turn to: everybody who is chosen is printed.
  window.addEventListener("beforeprint", () => draw(0, shown.length));
  window.addEventListener("afterprint", show);
  form.hidden = false;
  // The first rows are in the page already.
  tell();
})();
