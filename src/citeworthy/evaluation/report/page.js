"use strict";
(() => {
  const list = document.getElementById("questions");
  if (!list) return;
  const questions = JSON.parse(document.getElementById("data").textContent);
  const form = document.getElementById("filter");
  const count = document.getElementById("count");

  // Everything is set as text, never as HTML: answers hold whatever a system said.
  const make = (tag, name, ...parts) => {
    const element = document.createElement(tag);
    if (name) element.className = name;
    element.append(...parts.filter((part) => part !== "" && part != null));
    return element;
  };
  const chip = (text, kind = "") => make("span", `chip ${kind}`, text);

  const claim = (one) => {
    const judged = Object.entries(one.judged).map(([judge, said]) => chip(`${judge}: ${said}`, said === "yes" ? "good" : said === "no" ? "bad" : ""));
    const verdict = one.verdict ? [chip(one.verdict.replaceAll("_", " "), one.verdict === "supported" ? "good" : "bad")] : [];
    const cites = one.citations.map((c) => make("div", "cites",
      c.known ? c.key : `${c.key || "a marker"} points at no paper`, c.gold ? chip("gold paper", "good") : "",
      c.quote && !c.exact ? chip("not an exact quote", "bad") : "", c.quote ? ` “${c.quote}”` : ""));
    return make("div", "claim", one.text, ...verdict, ...judged, ...(cites.length ? cites : [make("div", "cites", "no citation")]));
  };

  const answer = (system, one, facts) => {
    const head = make("h4", "", system, chip(one.outcome ? one.outcome.replaceAll("_", " ") : one.status, one.failed ? "bad" : ""));
    if (one.confidence != null) head.append(chip(`confidence ${one.confidence.toFixed(2)}`));
    if (one.held != null) head.append(chip(`${one.facts.filter(Boolean).length} of ${facts.length} facts`, one.held === 1 ? "good" : "bad"));
    const body = (one.claims || []).map(claim);
    const ranked = one.ranked && one.ranked.length ? [make("div", "cites", `looked at: ${one.ranked.join(", ")}`)] : [];
    return make("div", "answer", head, one.detail ? make("div", "cites", one.detail) : "", one.message || "", ...body, ...ranked);
  };

  const fill = (details, question) => {
    const gold = question.gold;
    details.append(make("div", "gold",
      make("div", "", make("b", "", "Gold: "), gold.answer),
      gold.facts.length ? make("div", "", "facts: ", ...gold.facts.flatMap((fact, i) => [i ? " · " : "", make("mark", "", fact)])) : "",
      ...gold.quotes.map((quote) => make("div", "cites", `“${quote}”`)),
      gold.papers.length ? make("div", "cites", gold.papers.join(", ")) : "",
      gold.hidden ? make("div", "cites", `hidden instruction: ${gold.hidden}`) : ""));
    for (const [system, one] of Object.entries(question.systems)) details.append(answer(system, one, gold.facts));
  };

  const item = (question, system) => {
    const details = document.createElement("details");
    const one = question.systems[system];
    details.append(make("summary", "", question.turns.length > 1 ? make("span", "turn", `${question.turns[0]} › `) : "",
      question.turns[question.turns.length - 1], chip(question.kind), chip((one.outcome || one.status).replaceAll("_", " "), one.failed ? "bad" : "good")));
    details.addEventListener("toggle", () => { if (details.open && details.children.length === 1) fill(details, question); });
    return details;
  };

  const text = (question) => JSON.stringify([question.turns, question.gold, question.systems]).toLowerCase();
  const show = () => {
    const chosen = Object.fromEntries(new FormData(form));
    const words = (chosen.words || "").toLowerCase();
    const found = questions.filter((q) => (!chosen.kind || q.kind === chosen.kind) && (!chosen.failures || q.systems[chosen.system].failed) && (!words || text(q).includes(words)));
    list.replaceChildren(...found.map((q) => item(q, chosen.system)));
    count.textContent = `${found.length} of ${questions.length}`;
  };
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
})();
