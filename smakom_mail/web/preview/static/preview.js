// The preview's pages are whole without this: it keeps them up to date, quietly.
"use strict";
(() => {
  const body = document.body;
  const slug = body.dataset.edition || "";
  const announce = document.getElementById("announce");
  const tip = document.getElementById("tip");
  const frames = () => [...document.querySelectorAll("iframe[data-frame]:not(.incoming)")];
  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  document.documentElement.classList.add("with-script");

  // ---- Fetching the page anew and putting in what has changed ------------------------------

  let asking = 0;
  async function refresh(address, spoken) {
    const turn = ++asking;
    let text = "";
    try {
      const answer = await fetch(address, { headers: { accept: "text/html" } });
      if (answer.ok || answer.status === 404) text = await answer.text();
    } catch { /* the preview has ended, or the browser is leaving */ }
    if (turn !== asking) return; // a newer one is on its way
    if (!text) {
      say(body.dataset.slowWords || body.dataset.lostWords, true);
      return;
    }
    const page = new DOMParser().parseFromString(text, "text/html");
    document.title = page.title;
    for (const part of document.querySelectorAll("[data-part]")) exchangePart(part, page);
    exchangeViews(page);
    if (spoken) say(spoken);
  }

  function exchangePart(part, page) {
    const coming = page.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!coming) return;
    for (const now of part.querySelectorAll("details[id]")) {
      const then = coming.querySelector(`#${CSS.escape(now.id)}`);
      if (then) then.open = now.open;
    }
    if (part.innerHTML === coming.innerHTML) return;
    const focused = part.contains(document.activeElement) ? placeOf(document.activeElement) : "";
    const top = part.scrollTop;
    part.replaceChildren(...coming.childNodes);
    part.scrollTop = top;
    if (focused) part.querySelector(focused)?.focus({ preventScroll: true });
    if (part.dataset.part === "settings") readSettings();
  }

  // A selector that finds the same control on the new page.
  function placeOf(element) {
    for (const name of ["href", "data-at", "data-copy", "data-loss"]) {
      const value = element.getAttribute(name);
      if (value) return `[${name}="${CSS.escape(value)}"]`;
    }
    if (!element.name) return "";
    const value = element.type === "checkbox" ? `[value="${CSS.escape(element.value)}"]` : "";
    return `[name="${CSS.escape(element.name)}"]${value}`;
  }

  function exchangeViews(page) {
    const stage = document.getElementById("stage");
    if (!stage) return;
    const comings = [...page.querySelectorAll("section[data-view]")];
    const nows = new Map([...stage.querySelectorAll("section[data-view]")].map((v) => [v.dataset.view, v]));
    if (!comings.length) nows.forEach((view) => view.remove());
    for (const coming of comings) {
      const now = nows.get(coming.dataset.view);
      const keys = (view) => [...view.querySelectorAll("iframe[data-frame]:not(.incoming)")].map((f) => f.dataset.frame).join();
      if (!now) {
        stage.append(document.adoptNode(coming));
      } else if (keys(now) !== keys(coming)) {
        now.replaceWith(document.adoptNode(coming));
      } else {
        now.hidden = coming.hidden;
        now.dataset.scheme = coming.dataset.scheme;
        for (const frame of coming.querySelectorAll("iframe[data-frame]")) {
          exchangeFrame(now, frame.dataset.frame, frame.getAttribute("src"));
        }
      }
    }
    frames().forEach(attend);
  }

  // The new picture is loaded behind the old one, scrolled to the same place and then shown.
  function exchangeFrame(view, key, source) {
    const now = view.querySelector(`iframe[data-frame="${key}"]:not(.incoming)`);
    const before = view.querySelector(`iframe.incoming[data-frame="${key}"]`);
    if (before?.getAttribute("src") === source) return;
    before?.remove();
    if (now.getAttribute("src") === source) return;
    if (view.hidden) {
      now.setAttribute("src", source);
      return;
    }
    const next = now.cloneNode(false);
    next.classList.add("incoming");
    next.setAttribute("src", source);
    next.loading = "eager";
    next.addEventListener("load", () => {
      if (!next.isConnected) return;
      const from = now.contentDocument?.scrollingElement;
      const to = next.contentDocument?.scrollingElement;
      if (from && to) to.scrollTo({ left: from.scrollLeft, top: from.scrollTop, behavior: "instant" });
      next.style.width = now.style.width;
      next.classList.remove("incoming");
      const place = document.activeElement === now ? pathTo(now.contentDocument?.activeElement) : null;
      now.remove();
      attend(next);
      if (place) {
        next.focus({ preventScroll: true });
        at(next.contentDocument, place)?.focus?.({ preventScroll: true });
      }
    }, { once: true });
    now.after(next);
  }

  // Where an element stands in its document, so that its like is found in the next one.
  function pathTo(element) {
    const path = [];
    for (let each = element; each?.parentElement; each = each.parentElement) {
      path.unshift([...each.parentElement.children].indexOf(each));
    }
    return path;
  }

  function at(shown, path) {
    return path.reduce((element, index) => element?.children[index], shown?.documentElement);
  }

  // ---- News from the server ----------------------------------------------------------------

  // A browser keeps six connections to a server: a page that nobody sees gives its own back.
  let news = null;
  function follow() {
    if (document.hidden) {
      news?.close();
      news = null;
      return;
    }
    if (news) return;
    news = new EventSource(slug ? `/_/events?edition=${encodeURIComponent(slug)}` : "/_/events");
    news.addEventListener("listening", () => refresh(location.href, body.dataset.liveWords));
    news.addEventListener("error", () => say(body.dataset.lostWords, true));
    news.addEventListener("message", (message) => {
      const changed = JSON.parse(message.data);
      if (slug && changed.edition !== slug) return;
      if (changed.state === "ready") {
        leaveDraft();
        renewFrames(changed.generation);
      }
      const time = new Date().toLocaleTimeString(document.documentElement.lang);
      refresh(location.href, slug ? fill(body.dataset.updatedWords, { time }) : "");
    });
  }
  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", () => { news?.close(); news = null; });
  addEventListener("pageshow", (event) => { if (event.persisted) follow(); });

  // Once mended, the next broken save is explained over a good view again.
  function leaveDraft() {
    const address = new URL(location.href);
    if (!address.searchParams.has("draft")) return;
    address.searchParams.delete("draft");
    history.replaceState(null, "", address);
  }

  // What is looked at need not wait for the page around it.
  function renewFrames(generation) {
    for (const view of document.querySelectorAll("section[data-view]:not([hidden])")) {
      for (const frame of view.querySelectorAll("iframe[data-frame]:not(.incoming)")) {
        const source = frame.getAttribute("src").replace(/\bg=\d+/, `g=${generation}`);
        exchangeFrame(view, frame.dataset.frame, source);
      }
    }
  }

  function say(words, lost = false) {
    announce.textContent = words;
    const live = document.getElementById("live");
    if (live) {
      live.textContent = words;
      live.classList.toggle("is-lost", lost);
    }
  }

  // ---- Tabs and settings: addresses, as without a script, but nothing is loaded twice --------

  function go(address) {
    history.pushState(null, "", address);
    return refresh(address, "");
  }

  let settle = 0;
  function readSettings() {
    const form = document.querySelector("form.settings");
    if (!form) return;
    form.onchange = form.oninput = (event) => {
      if (event.type === "input" && event.target.type !== "number") return;
      if (event.type === "change" && event.target.type === "number") return;
      clearTimeout(settle);
      settle = setTimeout(send, event.type === "input" ? 300 : 0);
    };
    form.onsubmit = (event) => {
      event.preventDefault();
      send();
    };
    const send = () => {
      const pairs = [...new FormData(form)].filter(([, value]) => value !== "");
      go(`?${new URLSearchParams(pairs)}`);
    };
  }

  // ---- What a frame shows ------------------------------------------------------------------

  function attend(frame) {
    const watch = () => {
      const shown = frame.contentDocument;
      if (!shown || shown.documentElement.dataset.attended) return;
      shown.documentElement.dataset.attended = "yes";
      // One stop for the Tab key; the arrows lead from one to the next.
      const lost = [...shown.querySelectorAll("[data-lost]")];
      lost.forEach((element, index) => { element.tabIndex = index ? -1 : 0; });
      shown.addEventListener("keydown", (event) => {
        const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
        const now = lost.indexOf(shown.activeElement);
        if (!step || now < 0 || !lost[now + step]) return;
        event.preventDefault();
        lost[now].tabIndex = -1;
        lost[now + step].tabIndex = 0;
        lost[now + step].focus();
      });
      for (const kind of ["mouseover", "focusin"]) shown.addEventListener(kind, (event) => explain(frame, event));
      for (const kind of ["mouseout", "focusout", "scroll"]) shown.addEventListener(kind, hideTip, true);
      shown.addEventListener("click", (event) => follows(frame, event));
    };
    if (!frame.dataset.watched) {
      frame.dataset.watched = "yes";
      frame.addEventListener("load", watch);
    }
    if (frame.contentDocument?.readyState === "complete") watch();
  }

  function explain(frame, event) {
    const element = event.target.closest?.("[data-lost]");
    if (!element) return hideTip();
    const told = element.dataset.lost.split(" ")
      .map((index) => document.querySelector(`[data-loss~="${index}"]`)?.dataset).filter(Boolean)
      .map(({ why, what }) => `${why}\n${what}`);
    showTip(frame, element, [...new Set(told)].join("\n\n"));
  }

  function follows(frame, event) {
    const link = event.target.closest?.("a[href]");
    if (!link) return;
    if (link.getAttribute("href").startsWith("#")) return;
    const address = link.dataset.address || link.getAttribute("href");
    event.preventDefault();
    const words = link.closest("[data-dead]") ? body.dataset.deadWords : fill(body.dataset.linkWords, { address });
    showTip(frame, link, words);
    announce.textContent = words;
  }

  function showTip(frame, element, words) {
    if (!words) return hideTip();
    const glass = frame.getBoundingClientRect();
    const place = element.getBoundingClientRect();
    tip.textContent = words;
    tip.style.whiteSpace = "pre-line";
    tip.hidden = false;
    const below = glass.top + place.bottom + 8;
    const top = below + tip.offsetHeight > innerHeight ? glass.top + place.top - tip.offsetHeight - 8 : below;
    const left = Math.min(glass.left + place.left, innerWidth - tip.offsetWidth - 8);
    tip.style.top = `${Math.max(8, top)}px`;
    tip.style.left = `${Math.max(8, left)}px`;
  }

  function hideTip() {
    if (tip) tip.hidden = true;
  }

  // ---- From a finding to its place in the mail ----------------------------------------------

  function seen(frame) {
    return frame.offsetParent !== null && frame.contentDocument;
  }

  // The element written at the line, else the nearest one written above it in the same file.
  function written(shown, place) {
    const cut = place.lastIndexOf(":");
    const file = place.slice(0, cut);
    const line = Number(place.slice(cut + 1));
    let best = null;
    let nearest = -1;
    for (const element of shown.querySelectorAll("[data-source]")) {
      const [name, at] = [element.dataset.source.slice(0, element.dataset.source.lastIndexOf(":")), Number(element.dataset.source.split(":").pop())];
      if (name === file && at <= line && at > nearest) [best, nearest] = [element, at];
    }
    return best || (file.startsWith("newsletters/") ? first(shown, file) : null);
  }

  function first(shown, file) {
    return [...shown.querySelectorAll("[data-source]")].find((e) => e.dataset.source.startsWith(`${file}:`)) || null;
  }

  function point(find) {
    let found = false;
    for (const frame of frames().filter(seen)) {
      const elements = find(frame.contentDocument).filter(Boolean);
      if (!elements.length) continue;
      found = true;
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      elements[0].scrollIntoView({ block: "center", behavior: calm ? "instant" : "smooth" });
      for (const element of elements) mark(element);
    }
    if (!found) say(body.dataset.absentWords);
  }

  const marked = new WeakMap();
  function mark(element) {
    const before = marked.get(element) ?? { style: element.style.cssText };
    clearTimeout(before.timer);
    element.style.outline = "3px solid #C2410C";
    element.style.outlineOffset = "3px";
    before.timer = setTimeout(() => {
      element.style.cssText = before.style;
      marked.delete(element);
    }, 2500);
    marked.set(element, before);
  }

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
    const tab = on(".views a, .trouble a.button");
    if (tab && plain) {
      event.preventDefault();
      go(tab.getAttribute("href"));
    }
    const finding = on("[data-at]");
    if (finding) point((shown) => [written(shown, finding.dataset.at)]);
    const loss = on("[data-loss]");
    if (loss) {
      const lost = loss.dataset.loss.split(" ").map((index) => `[data-lost~="${index}"]`).join();
      point((shown) => [...shown.querySelectorAll(lost)]);
    }
    const copy = on("[data-copy]");
    if (copy) {
      navigator.clipboard.writeText(copy.dataset.copy)
        .then(() => say(fill(body.dataset.copiedWords, { place: copy.dataset.copy })), () => {});
    }
  });
  addEventListener("keydown", (event) => { if (event.key === "Escape") hideTip(); });
  addEventListener("popstate", () => refresh(location.href, ""));

  // ---- Free width: dragged, or by the arrow keys ----------------------------------------------

  function widen(handle, width) {
    const least = Number(handle.getAttribute("aria-valuemin"));
    const most = Number(handle.getAttribute("aria-valuemax"));
    const now = Math.round(Math.min(most, Math.max(least, width)));
    for (const each of document.querySelectorAll(".handle")) {
      const figure = each.closest("figure");
      figure.querySelectorAll("iframe").forEach((frame) => { frame.style.width = `${now}px`; });
      figure.querySelector("output").value = now;
      each.setAttribute("aria-valuenow", now);
    }
    const field = document.querySelector('[name="free"]');
    if (field) field.value = now;
    const address = new URL(location.href);
    address.searchParams.set("free", now);
    history.replaceState(null, "", address);
  }

  document.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest?.(".handle");
    if (!handle) return;
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    // The picture is centred: its edge follows the pointer in a few steps, each half the way.
    handle.onpointermove = (moved) => {
      for (let step = 0; step < 8; step += 1) {
        const box = handle.getBoundingClientRect();
        const gap = moved.clientX - (box.left + box.width / 2);
        if (Math.abs(gap) < 1) break;
        widen(handle, Number(handle.getAttribute("aria-valuenow")) + gap);
      }
    };
    handle.onpointerup = handle.onpointercancel = () => { handle.onpointermove = null; };
  });
  document.addEventListener("keydown", (event) => {
    const handle = event.target.closest?.(".handle");
    if (!handle) return;
    const step = { ArrowLeft: -10, ArrowRight: 10, PageDown: -100, PageUp: 100 }[event.key];
    const ends = { Home: handle.getAttribute("aria-valuemin"), End: handle.getAttribute("aria-valuemax") }[event.key];
    if (step === undefined && ends === undefined) return;
    event.preventDefault();
    widen(handle, ends === undefined ? Number(handle.getAttribute("aria-valuenow")) + step : Number(ends));
  });

  readSettings();
  frames().forEach(attend);
  follow();
})();
