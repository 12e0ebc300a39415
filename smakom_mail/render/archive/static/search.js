// Searches the archive in the reader's own browser. Without it the page is the list of all editions.
"use strict";
(() => {
  const own = document.currentScript;
  const words = JSON.parse(own.dataset.words);
  const form = document.getElementById("sok");
  const input = document.getElementById("q");
  const results = document.querySelector(".a-results");
  const list = document.querySelector(".a-list");
  if (!form || !results || !window.fetch) return;
  const status = form.querySelector(".a-status");
  const shown = results.querySelector("ol");
  const more = results.querySelector(".a-more");
  const AT_ONCE = 10;
  const AROUND = 90; // letters before the first word found, and twice as many after it
  const say = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

  // ---- Words, as the index has them (render/archive/search_index.py does the same) --------------

  const LETTERS = { ø: "o", æ: "ae", œ: "oe", ß: "ss", ł: "l", đ: "d", ð: "d", þ: "th" };
  const fold = (text) =>
    text.toLowerCase().normalize("NFD").replace(/[\p{Mn}\u00ad]/gu, "")
      .replace(/[øæœßłđðþ]/g, (letter) => LETTERS[letter]);
  const wordsOf = (text) => (fold(text).match(/[\p{L}\p{N}]+/gu) || []).map((word) => word.slice(0, 40));

  // Endings that Swedish and English words take: tried only where the word itself is nowhere.
  const ENDINGS = /(?:arnas?|ernas?|ornas?|andet|ande|ens|ets|ers|ing|ar|er|or|en|et|es|ed|na|s|n|t|a|e)$/;
  const stem = (word) => {
    const bare = word.replace(ENDINGS, "");
    return bare.length >= 4 ? bare : word;
  };

  // ---- Finding ---------------------------------------------------------------------------------

  let index = null;
  let loading = null;
  const load = () => {
    loading ??= fetch(own.dataset.index)
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.status))))
      .then((found) => {
        index = { ...found, stop: new Set(found.stop), names: Object.keys(found.words) };
      })
      .catch(() => {
        loading = null;
        throw new Error("no index");
      });
    return loading;
  };

  // Gives the index's words for a typed one: those that begin so, else those that have it inside,
  // else those that begin as it does without its ending.
  function meant(term) {
    const begin = index.names.filter((word) => word.startsWith(term));
    if (begin.length) return begin;
    const inside = term.length >= 4 ? index.names.filter((word) => word.includes(term)) : [];
    if (inside.length) return inside;
    const bare = stem(term);
    return bare === term ? [] : index.names.filter((word) => word.startsWith(bare));
  }

  function find(terms) {
    const hits = new Map(); // passage -> { terms, exact }
    for (const term of terms) {
      const all = meant(term);
      const passages = new Set();
      for (const word of all) {
        for (const passage of index.words[word]) {
          const hit = hits.get(passage) || { count: 0, exact: 0, words: new Set() };
          if (!passages.has(passage)) hit.count += 1;
          if (word === term) hit.exact += 1;
          hit.words.add(word);
          passages.add(passage);
          hits.set(passage, hit);
        }
      }
    }
    const best = Math.max(0, ...[...hits.values()].map((hit) => hit.count));
    const ranked = [...hits].filter(([, hit]) => hit.count === best).map(([passage, hit]) => {
      const [edition, anchor, section, heading] = index.parts[passage];
      const title = wordsOf(`${section} ${heading}`);
      const named = title.filter((word) => hit.words.has(word)).length;
      return { passage, edition, anchor, section, heading, hit, rank: 2 * Math.min(named, terms.length) + hit.exact };
    });
    // What is named in a heading first; of equals the newest, as the index has them.
    ranked.sort((one, other) => other.rank - one.rank || one.passage - other.passage);
    return { ranked, whole: best === terms.length };
  }

  // ---- Showing ---------------------------------------------------------------------------------

  const texts = new Map();
  const textOf = (place) => {
    if (!texts.has(place)) {
      texts.set(place, fetch(`${place}text.json`).then((answer) => (answer.ok ? answer.json() : {})).catch(() => ({})));
    }
    return texts.get(place);
  };

  // Puts a text in an element, the words that were found marked.
  function mark(element, text, found) {
    for (const part of text.split(/([\p{L}\p{N}\p{Mn}\u00ad]+)/u)) {
      if (!part) continue;
      if (wordsOf(part).some((word) => found.has(word))) {
        const marked = document.createElement("mark");
        marked.textContent = part;
        element.append(marked);
      } else {
        element.append(part);
      }
    }
  }

  function around(text, found) {
    let first = -1;
    for (const match of text.matchAll(/[\p{L}\p{N}\p{Mn}\u00ad]+/gu)) {
      if (wordsOf(match[0]).some((word) => found.has(word))) {
        first = match.index;
        break;
      }
    }
    const from = first < AROUND ? 0 : text.lastIndexOf(" ", first - AROUND) + 1;
    const end = Math.max(first, 0) + 2 * AROUND;
    const to = end >= text.length ? text.length : text.indexOf(" ", end) < 0 ? text.length : text.indexOf(" ", end);
    return `${from ? "… " : ""}${text.slice(from, to)}${to < text.length ? " …" : ""}`;
  }

  const make = (name, text = "", style = "") => {
    const element = document.createElement(name);
    element.textContent = text;
    if (style) element.className = style;
    return element;
  };

  async function row({ edition, anchor, section, heading, hit }) {
    const [place, title, date] = index.editions[edition];
    const item = make("li");
    const named = make("h3");
    const link = make("a");
    link.href = `${place}#${anchor}`;
    mark(link, heading || section, hit.words);
    named.append(link);
    const where = make("p", [title, date, heading ? section : ""].filter(Boolean).join(" · "), "a-small");
    item.append(named, where);
    const text = (await textOf(place))[anchor];
    if (text) {
      const words = make("p");
      mark(words, around(text, hit.words), hit.words);
      item.append(words);
    }
    return item;
  }

  let turn = 0;
  let left = [];
  async function showMore(mine = turn) {
    const next = await Promise.all(left.slice(0, AT_ONCE).map(row));
    if (mine !== turn) return;
    left = left.slice(AT_ONCE);
    shown.append(...next);
    more.hidden = !left.length;
  }

  function clear(message = "") {
    turn += 1;
    results.hidden = true;
    list.hidden = false;
    status.textContent = message;
  }

  async function search(query) {
    const asked = query.trim();
    if (!asked) return clear();
    clear(status.textContent);
    const mine = turn;
    try {
      await load();
    } catch {
      if (mine === turn) clear(words.failed);
      return;
    }
    if (mine !== turn) return;
    const terms = [...new Set(wordsOf(asked))].filter((word) => !index.stop.has(word)).slice(0, 12);
    if (!terms.length) return clear(say(words.too_common, { query: asked }));
    const { ranked, whole } = find(terms);
    if (!ranked.length) return clear(say(words.nothing, { query: asked }));
    shown.replaceChildren();
    left = ranked;
    await showMore(mine);
    if (mine !== turn) return;
    const editions = new Set(ranked.map((each) => each.edition)).size;
    const found = ranked.length === 1 ? words.found_one : words.found;
    status.textContent = (whole ? "" : `${words.some_words} `)
      + `${say(found, { hits: ranked.length, query: asked, editions })}.`;
    results.hidden = false;
    list.hidden = true;
  }

  // ---- The field, and the address --------------------------------------------------------------

  // What was asked stands behind #, which browsers never send: a reload tells the host nothing.
  const asked = () => new URLSearchParams(location.hash.slice(1)).get("q")
    ?? new URLSearchParams(location.search).get("q");
  const remember = (query) => {
    const address = new URL(location.href);
    address.searchParams.delete("q");
    address.hash = query ? new URLSearchParams({ q: query }) : "";
    history.replaceState(null, "", address);
  };
  let timer = 0;
  input.addEventListener("focus", () => load().catch(() => {}), { once: true });
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      remember(input.value.trim());
      search(input.value);
    }, 150);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    remember(input.value.trim());
    search(input.value);
  });
  more.addEventListener("click", async () => {
    const at = shown.children.length;
    await showMore();
    shown.children[at]?.querySelector("a")?.focus();
  });
  document.querySelector(".a-years")?.addEventListener("click", () => { // they lead into the list
    input.value = "";
    remember("");
    clear();
  });
  window.addEventListener("popstate", () => {
    if (asked() === null && location.hash) return; // to another place on this page
    input.value = asked() ?? "";
    search(input.value);
  });
  more.textContent = words.more;
  results.querySelector("h2").textContent = words.results;
  form.hidden = false;
  if (location.hash === "#sok") form.scrollIntoView();
  input.value = asked() ?? "";
  if (!input.value) return;
  remember(input.value);
  search(input.value);
})();
