// Reads an edition aloud with the browser's own voice. Only voices of this computer are used: what
// is read is sent to nobody. Where there is none in the edition's language, nothing is offered.
"use strict";
(() => {
  const words = JSON.parse(document.currentScript.dataset.words);
  const synth = window.speechSynthesis;
  if (!synth || !window.SpeechSynthesisUtterance) return;
  const main = document.querySelector("main");
  const title = document.querySelector("h1");
  if (!main || !title) return;
  const root = document.documentElement;
  const language = root.lang || "sv";
  const say = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const WORDS_A_MINUTE = 150;

  // ---- Voices ----------------------------------------------------------------------------------

  const spoken = (voice) => voice.lang.toLowerCase().replace("_", "-").split("-")[0];
  function voiceFor(tongue) {
    const able = synth.getVoices().filter(
      (voice) => voice.localService && spoken(voice) === tongue.toLowerCase().split("-")[0],
    );
    return able.find((voice) => voice.default) || able[0] || null;
  }

  // ---- What is read: sentences, each in its block and its section --------------------------------

  const BLOCKS = "h1,h2,h3,h4,h5,h6,p,li,dt,dd,td,th,blockquote,figcaption,pre,div,section,main";
  const SILENT = "[aria-hidden=true],[hidden],script,style,template,noscript,button,nav";

  function blocksOf(section) {
    const blocks = [];
    const walker = document.createTreeWalker(section, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (parent.closest(SILENT)) continue;
      const element = parent.closest(BLOCKS);
      const last = blocks.at(-1);
      if (last && last.element === element && !brokenBetween(last.nodes.at(-1), node)) {
        last.nodes.push(node);
      } else {
        blocks.push({ element, nodes: [node] });
      }
    }
    return blocks.filter((block) => block.nodes.some((node) => /[\p{L}\p{N}]/u.test(node.data)));
  }

  // A line break parts two texts, as a full stop does.
  function brokenBetween(one, other) {
    const range = document.createRange();
    range.setStartAfter(one);
    range.setEndBefore(other);
    return range.cloneContents().querySelector("br") !== null;
  }

  function sentencesOf(block, section) {
    const whole = block.nodes.map((node) => node.data).join("");
    const tongue = block.nodes[0].parentElement.closest("[lang]")?.lang || language;
    const parts = window.Intl && Intl.Segmenter
      ? [...new Intl.Segmenter(tongue, { granularity: "sentence" }).segment(whole)]
      : [{ segment: whole, index: 0 }];
    return parts
      .filter((part) => /[\p{L}\p{N}]/u.test(part.segment))
      .map((part) => ({
        block,
        section,
        tongue,
        from: part.index,
        to: part.index + part.segment.trimEnd().length,
        text: part.segment.replace(/\u00ad/g, "").replace(/\s+/g, " ").trim(),
      }));
  }

  let sections = [];
  let sentences = [];
  function read() {
    const found = [...main.querySelectorAll("section")].filter((each) => !each.parentElement.closest("section"));
    const parts = found.length ? found : [main];
    sections = parts.map((element) => ({
      element,
      name: (element.querySelector("h1,h2,h3") || title).textContent.trim(),
    }));
    sentences = sections.flatMap((section, number) =>
      blocksOf(section.element).flatMap((block) => sentencesOf(block, number)));
  }

  // ---- Marking where it is ---------------------------------------------------------------------

  const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  let marked = null;
  function unmark() {
    marked?.classList.remove("a-reading");
    marked = null;
    window.CSS?.highlights?.delete("a-sentence");
  }

  function mark(sentence) {
    const { element } = sentence.block;
    if (element !== marked) {
      unmark();
      marked = element;
      if (!["DIV", "SECTION", "MAIN"].includes(element.tagName)) element.classList.add("a-reading");
      const place = element.getBoundingClientRect();
      if (place.top < 60 || place.bottom > window.innerHeight - 160) {
        element.scrollIntoView({ block: "center", behavior: still() ? "auto" : "smooth" });
      }
    }
    if (!window.CSS?.highlights || !window.Highlight) return;
    const range = document.createRange();
    let at = 0;
    for (const node of sentence.block.nodes) {
      const end = at + node.data.length;
      if (sentence.from >= at && sentence.from < end) range.setStart(node, sentence.from - at);
      if (sentence.to > at && sentence.to <= end) range.setEnd(node, sentence.to - at);
      at = end;
    }
    CSS.highlights.set("a-sentence", new Highlight(range));
  }

  // ---- Reading ---------------------------------------------------------------------------------

  let state = "silent"; // silent, reading, paused
  let at = 0;
  let turn = 0; // what is said of an utterance that was cancelled is not listened to

  function speak() {
    const mine = ++turn;
    synth.cancel();
    const sentence = sentences[at];
    if (!sentence) return stop();
    const utterance = new SpeechSynthesisUtterance(sentence.text);
    const voice = voiceFor(sentence.tongue) || voiceFor(language);
    if (!voice) return stop(words.failed);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    utterance.onend = () => {
      if (mine !== turn) return;
      at += 1;
      speak();
    };
    utterance.onerror = () => {
      if (mine === turn) stop(words.failed);
    };
    state = "reading";
    show();
    mark(sentence);
    synth.speak(utterance);
  }

  // Browsers' own pause stops nothing on some telephones: the sentence is begun anew instead.
  function pause() {
    turn += 1;
    synth.cancel();
    state = "paused";
    show();
  }

  function stop(message = "") {
    turn += 1;
    synth.cancel();
    const here = player.contains(document.activeElement);
    state = "silent";
    at = 0;
    unmark();
    show();
    note.textContent = message;
    if (here) button.focus();
  }

  function jump(step) {
    const now = sentences[at]?.section ?? 0;
    const first = (number) => sentences.findIndex((sentence) => sentence.section === number);
    const begun = at > first(now) + 1; // back, inside a section, goes to its beginning
    const target = step < 0 && begun ? now : now + step;
    const place = first(Math.max(0, target));
    if (place < 0) return;
    at = place;
    if (state === "paused") {
      show();
      mark(sentences[at]);
    } else {
      speak();
    }
  }

  // ---- The button and the player ---------------------------------------------------------------

  const make = (name, style, text = "") => {
    const element = document.createElement(name);
    element.className = style;
    element.textContent = text;
    return element;
  };
  const control = (style, text, act, label = "") => {
    const made = make("button", style, text);
    made.type = "button";
    if (label) made.setAttribute("aria-label", label);
    if (label) made.title = label;
    made.addEventListener("click", act);
    return made;
  };
  const offer = make("p", "a-listen");
  const button = control("", words.listen, start);
  const note = make("span", "a-said");
  note.setAttribute("role", "status");
  offer.append(button, " ", note);

  const player = make("section", "a-player");
  player.hidden = true;
  player.setAttribute("aria-label", words.player);
  const inner = make("div", "");
  const what = make("p", "");
  const now = make("span", "a-now");
  const place = make("span", "a-place");
  what.append(now, place);
  const buttons = make("div", "a-buttons");
  const toggle = control("a-pause", words.pause, () => (state === "reading" ? pause() : speak()));
  buttons.append(
    toggle,
    control("a-back", "", () => jump(-1), words.back),
    control("a-forward", "", () => jump(1), words.forward),
    control("a-stop", words.stop, () => stop()),
  );
  inner.append(what, buttons);
  player.append(inner);

  function show() {
    const open = state !== "silent";
    player.hidden = !open;
    button.hidden = open;
    root.classList.toggle("a-listening", open);
    toggle.textContent = state === "paused" ? words.continue : words.pause;
    const sentence = sentences[at];
    if (!sentence) return;
    now.textContent = sections[sentence.section].name;
    place.textContent = say(words.place, { number: sentence.section + 1, count: sections.length });
  }

  function start() {
    read();
    if (!sentences.length) return;
    at = 0;
    note.textContent = "";
    speak();
    if (state === "reading") toggle.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && state !== "silent") stop();
  });
  window.addEventListener("pagehide", () => synth.cancel());

  function offerIt() {
    if (offer.isConnected || !voiceFor(language)) return;
    const minutes = Math.max(1, Math.round(main.textContent.split(/\s+/).length / WORDS_A_MINUTE));
    const length = make("span", "a-length", say(words.minutes, { count: minutes }));
    button.append(" ", length);
    const header = title.closest("header");
    if (header) header.append(offer, player);
    else main.before(offer, player);
  }
  synth.addEventListener?.("voiceschanged", offerIt);
  offerIt();
})();
