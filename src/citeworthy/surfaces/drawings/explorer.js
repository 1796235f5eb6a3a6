"use strict";
// One map of papers on a canvas. All text from papers reaches the page through textContent or fillText.
(() => {
  const { papers, clusters } = JSON.parse(document.getElementById("papers").textContent);
  const byId = (id) => document.getElementById(id);
  const canvas = byId("map"), context = canvas.getContext("2d"), tip = byId("tip");
  const COLOURS = 6, MARGIN = 48, CLOSEST = 60, MOST_FOUND = 60, MOST_TITLES = 40, NARROW = 560;
  const view = { x: 0, y: 0, scale: 1 };           // the middle in the map's units, pixels of a unit
  const chosen = new Set();                         // clusters; none stands for all
  let matches = null, selected = -1, hovered = -1, queued = false;
  const words = papers.map((p) => fold(p.t + " " + p.b + " " + p.w + " " + p.a));

  function fold(text) { return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase(); }
  function size() { return [canvas.clientWidth, canvas.clientHeight]; }
  function toScreen(x, y) {
    const [w, h] = size();
    return [w / 2 + (x - view.x) * view.scale, h / 2 - (y - view.y) * view.scale];
  }
  function shown(i) { return chosen.size === 0 || chosen.has(papers[i].c); }
  function lit(i) { return shown(i) && (matches === null || matches.has(i)); }
  function radius() {
    const room = Math.min(1, Math.max(0.6, Math.min(...size()) / 600));
    const few = Math.max(2, room * Math.min(6, 90 / Math.sqrt(papers.length || 1)));
    return few * Math.min(2, Math.max(1, Math.sqrt(view.scale / whole().scale)));
  }
  function whole() {
    const [w, h] = size();
    const xs = papers.map((p) => p.x), ys = papers.map((p) => p.y);
    const range = (v) => v.length ? v.reduce((r, n) => [Math.min(r[0], n), Math.max(r[1], n)], [v[0], v[0]]) : [0, 0];
    const [x0, x1] = range(xs), [y0, y1] = range(ys);
    const fit = Math.min((w - 2 * MARGIN) / Math.max(x1 - x0, 0.2), (h - 2 * MARGIN) / Math.max(y1 - y0, 0.2));
    return { x: (x0 + x1) / 2, y: (y0 + y1) / 2, scale: Math.max(fit, 10) };
  }

  // -- drawing ---------------------------------------------------------------------------------------------

  function redraw() {
    if (!queued) { queued = true; requestAnimationFrame(() => { queued = false; draw(); }); }
  }
  function draw() {
    const [w, h] = size(), ratio = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(w * ratio) || canvas.height !== Math.round(h * ratio)) {
      canvas.width = Math.round(w * ratio); canvas.height = Math.round(h * ratio);
    }
    const style = getComputedStyle(document.documentElement), ink = (name) => style.getPropertyValue(name).trim();
    const colours = Array.from({ length: COLOURS }, (_, n) => ink("--c" + n));
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, w, h);
    const r = radius();
    for (const bright of [false, true]) {
      context.globalAlpha = bright ? 0.9 : 0.13;
      papers.forEach((p, i) => {
        if (lit(i) !== bright) return;
        const [x, y] = toScreen(p.x, p.y);
        if (x < -9 || y < -9 || x > w + 9 || y > h + 9) return;
        mark(x, y, r, p.c, colours);
      });
    }
    context.globalAlpha = 1;
    for (const i of [hovered, selected]) if (i >= 0) ring(i, r + 3, ink("--ink"));
    const taken = [];
    labels(taken, ink);
    if (view.scale > 2.5 * whole().scale) titles(taken, ink, w, h);
  }
  function mark(x, y, r, cluster, colours) {
    context.fillStyle = colours[cluster % COLOURS];
    context.beginPath();
    if (Math.floor(cluster / COLOURS) % 2 === 0) context.arc(x, y, r, 0, 7);
    else {
      const d = r * 1.25;
      context.moveTo(x, y - d); context.lineTo(x + d, y); context.lineTo(x, y + d); context.lineTo(x - d, y);
    }
    context.fill();
  }
  function ring(i, r, colour) {
    const [x, y] = toScreen(papers[i].x, papers[i].y);
    context.strokeStyle = colour; context.lineWidth = 2;
    context.beginPath(); context.arc(x, y, r, 0, 7); context.stroke();
  }
  function lines(text, most) {
    const made = [];
    for (const word of text.split(" ")) {
      const joined = made.length ? made[made.length - 1] + " " + word : word;
      if (made.length && context.measureText(joined).width <= most) made[made.length - 1] = joined;
      else made.push(word);
    }
    return made;
  }
  // Labels of clusters: each at its middle or as near to it as there is room; large clusters choose first. On a narrow
  // map they are numbers, which the legend explains.
  function labels(taken, ink) {
    const [w, h] = size(), font = 13.5, line = font * 1.2, numbered = w < NARROW;
    context.font = "600 " + font + "px " + getComputedStyle(document.body).fontFamily;
    context.textAlign = "center"; context.textBaseline = "middle";
    clusters.forEach((cluster, n) => {
      if (chosen.size && !chosen.has(n)) return;
      const text = numbered ? [String(n + 1)] : lines(cluster.name, 190), [x, y] = toScreen(cluster.x, cluster.y);
      const width = numbered ? 22 : Math.max(...text.map((t) => context.measureText(t).width)) + 6;
      const height = numbered ? 22 : text.length * line + 4;
      const spot = free(x, y, width, height, taken, w, h);
      if (spot && numbered) badge(spot, ink("--c" + (n % COLOURS)), ink("--ground"));
      if (spot) { taken.push(spot); write(text, spot, line, ink("--ink"), ink("--ground")); }
    });
  }
  function badge(box, colour, ground) {
    context.fillStyle = ground; context.strokeStyle = colour; context.lineWidth = 2;
    context.beginPath(); context.arc((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, 11, 0, 7);
    context.fill(); context.stroke();
  }
  function free(x, y, width, height, taken, w, h) {
    if (x < 0 || y < 0 || x > w || y > h) return null;
    for (let turn = 0; turn <= 4; turn++) {
      for (let step = 0; step < (turn ? 12 : 1); step++) {
        const angle = (step / 12) * 2 * Math.PI - Math.PI / 2;
        const left = Math.min(Math.max(x + turn * 14 * Math.cos(angle) - width / 2, 2), w - width - 2);
        const top = Math.min(Math.max(y + turn * 14 * Math.sin(angle) - height / 2, 2), h - height - 2);
        const box = [left, top, left + width, top + height];
        if (!taken.some((t) => box[0] < t[2] && t[0] < box[2] && box[1] < t[3] && t[1] < box[3])) return box;
      }
    }
    return null;
  }
  function write(text, box, line, ink, ground) {
    text.forEach((t, n) => {
      const x = (box[0] + box[2]) / 2, y = (box[1] + box[3]) / 2 + (n - (text.length - 1) / 2) * line;
      context.lineWidth = 4; context.lineJoin = "round"; context.strokeStyle = ground; context.strokeText(t, x, y);
      context.fillStyle = ink; context.fillText(t, x, y);
    });
  }
  // Close by, papers bear their titles, as many as find room.
  function titles(taken, ink, w, h) {
    const near = [];
    papers.forEach((p, i) => {
      const [x, y] = toScreen(p.x, p.y);
      if (lit(i) && x > 0 && y > 0 && x < w && y < h) near.push([x, y, p.t]);
    });
    context.font = "12px " + getComputedStyle(document.body).fontFamily;
    near.slice(0, near.length > 4 * MOST_TITLES ? 0 : MOST_TITLES).forEach(([x, y, title]) => {
      const text = lines(title, 170).slice(0, 3);
      if (text.join(" ").length < title.length) text[text.length - 1] += "…";
      const width = Math.max(...text.map((t) => context.measureText(t).width)) + 4, height = text.length * 15 + 2;
      const top = y + radius() + 2, box = [x - width / 2, top, x + width / 2, top + height];
      if (box[0] < 0 || box[2] > w || box[3] > h) return;
      if (taken.some((t) => box[0] < t[2] && t[0] < box[2] && box[1] < t[3] && t[1] < box[3])) return;
      if (near.some(([px, py]) => px > box[0] - 6 && px < box[2] + 6 && py > box[1] && py < box[3] + 6)) return;
      taken.push(box);
      write(text, box, 15, ink("--quiet"), ink("--ground"));
    });
  }

  // -- moving ----------------------------------------------------------------------------------------------

  function reset() { Object.assign(view, whole()); redraw(); }
  function zoom(factor, at) {
    const [w, h] = size(), [x, y] = at || [w / 2, h / 2], from = whole().scale;
    const scale = Math.min(Math.max(view.scale * factor, from * 0.5), from * CLOSEST);
    view.x += (x - w / 2) * (1 / view.scale - 1 / scale);
    view.y -= (y - h / 2) * (1 / view.scale - 1 / scale);
    view.scale = scale;
    redraw();
  }
  function pan(dx, dy) { view.x -= dx / view.scale; view.y += dy / view.scale; redraw(); }
  function nearest(x, y) {
    let best = -1, least = Math.max(radius() + 4, 9) ** 2;
    papers.forEach((p, i) => {
      if (!shown(i)) return;
      const [px, py] = toScreen(p.x, p.y), far = (px - x) ** 2 + (py - y) ** 2;
      if (far < least) { least = far; best = i; }
    });
    return best;
  }
  const fingers = new Map();
  let moved = 0;
  canvas.addEventListener("pointerdown", (e) => {
    canvas.setPointerCapture(e.pointerId);
    fingers.set(e.pointerId, [e.offsetX, e.offsetY]);
    if (fingers.size === 1) moved = 0;
  });
  canvas.addEventListener("pointermove", (e) => {
    const before = fingers.get(e.pointerId), now = [e.offsetX, e.offsetY];
    if (!before) return hover(...now);
    const other = [...fingers].find(([id]) => id !== e.pointerId);
    fingers.set(e.pointerId, now);
    moved += Math.abs(now[0] - before[0]) + Math.abs(now[1] - before[1]);
    if (other) {
      const far = (p) => Math.hypot(p[0] - other[1][0], p[1] - other[1][1]) || 1;
      pan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
      zoom(far(now) / far(before), [(now[0] + other[1][0]) / 2, (now[1] + other[1][1]) / 2]);
    } else if (moved > 3) {
      canvas.classList.add("dragging");
      pan(now[0] - before[0], now[1] - before[1]);
    }
    return undefined;
  });
  function lift(e) {
    if (fingers.delete(e.pointerId) && e.type === "pointerup" && moved <= 3 && !fingers.size) {
      open(nearest(e.offsetX, e.offsetY));
    }
    canvas.classList.remove("dragging");
  }
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("pointerleave", () => hover(-99, -99));
  canvas.addEventListener("wheel", (e) => {
    e.preventDefault();
    zoom(Math.exp(-Math.max(-120, Math.min(120, e.deltaY)) * 0.003), [e.offsetX, e.offsetY]);
  }, { passive: false });
  canvas.addEventListener("keydown", (e) => {
    const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[e.key];
    if (step) pan(...step);
    else if (e.key === "+" || e.key === "=") zoom(1.4);
    else if (e.key === "-") zoom(1 / 1.4);
    else if (e.key === "0") reset();
    else return;
    e.preventDefault();
  });
  byId("in").addEventListener("click", () => zoom(1.6));
  byId("out").addEventListener("click", () => zoom(1 / 1.6));
  byId("all").addEventListener("click", reset);

  function hover(x, y) {
    const i = nearest(x, y);
    canvas.classList.toggle("over", i >= 0);
    tip.hidden = i < 0;
    if (i >= 0) {
      tip.textContent = papers[i].t + (papers[i].b ? " — " + papers[i].b : "");
      const [w, h] = size();
      tip.style.left = Math.max(4, Math.min(x + 14, w - tip.offsetWidth - 6)) + "px";
      tip.style.top = (y + 20 + tip.offsetHeight > h ? y - tip.offsetHeight - 12 : y + 18) + "px";
    }
    if (i !== hovered) { hovered = i; redraw(); }
  }

  // -- reading, searching, filtering -----------------------------------------------------------------------

  function open(i) {
    selected = i;
    const box = byId("paper"), paper = papers[i], put = (name, text) => { box.querySelector(name).textContent = text; };
    box.hidden = i < 0;
    if (i >= 0) {
      put("h2", paper.t); put(".byline", paper.b); put(".theme", clusters[paper.c].name);
      put(".abstract", paper.a || "No abstract.");
      const link = box.querySelector("a");
      link.parentElement.hidden = !paper.l;
      if (paper.l) link.href = paper.l; else link.removeAttribute("href");
      byId("side").scrollTop = 0;
    }
    redraw();
  }
  function goTo(i) {
    const [x, y] = toScreen(papers[i].x, papers[i].y), [w, h] = size();
    if (x < 20 || y < 20 || x > w - 20 || y > h - 20) { view.x = papers[i].x; view.y = papers[i].y; }
    open(i);
  }
  function search() {
    const wanted = fold(byId("search").value).split(/\s+/).filter(Boolean), list = byId("found");
    matches = wanted.length ? new Set([...papers.keys()].filter((i) => wanted.every((word) => words[i].includes(word)))) : null;
    const lit_ = papers.map((_, i) => i).filter(lit);
    const inTitle = (i) => wanted.every((word) => fold(papers[i].t).includes(word)) ? 0 : 1;
    byId("count").textContent = lit_.length === papers.length ? papers.length + " papers"
      : lit_.length + " of " + papers.length + " papers";
    list.replaceChildren(...(matches ? lit_.sort((a, b) => inTitle(a) - inTitle(b)).slice(0, MOST_FOUND) : []).map((i) => {
      const item = document.createElement("li"), button = document.createElement("button");
      const text = document.createElement("span"), by = document.createElement("small");
      button.type = "button";
      text.textContent = papers[i].t; by.textContent = papers[i].b;
      text.append(by); button.append(text); item.append(button);
      button.addEventListener("click", () => goTo(i));
      return item;
    }));
    redraw();
  }
  function legend() {
    byId("legend").replaceChildren(...clusters.map((cluster, n) => {
      const item = document.createElement("li"), button = document.createElement("button");
      const name = document.createElement("span"), count = document.createElement("span");
      button.type = "button"; button.title = cluster.phrases.join(", ");
      button.setAttribute("aria-pressed", String(chosen.has(n)));
      button.classList.toggle("dim", chosen.size > 0 && !chosen.has(n));
      name.textContent = cluster.name; name.className = "name"; name.dataset.number = n + 1; count.textContent = cluster.size; count.className = "size";
      button.append(sign(n), name, count); item.append(button);
      button.addEventListener("click", () => {
        if (!chosen.delete(n)) chosen.add(n);
        legend(); search();
        byId("legend").children[n].firstChild.focus();
      });
      return item;
    }));
  }
  function sign(n) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const round = Math.floor(n / COLOURS) % 2 === 0;
    const shape = document.createElementNS(svg.namespaceURI, round ? "circle" : "path");
    svg.setAttribute("viewBox", "0 0 12 12"); svg.setAttribute("aria-hidden", "true");
    if (round) { shape.setAttribute("cx", 6); shape.setAttribute("cy", 6); shape.setAttribute("r", 5); }
    else shape.setAttribute("d", "M6 0l6 6l-6 6l-6-6z");
    shape.style.fill = "var(--c" + (n % COLOURS) + ")";
    svg.append(shape);
    return svg;
  }
  byId("search").addEventListener("input", search);
  byId("close").addEventListener("click", () => open(-1));
  document.addEventListener("keydown", (e) => { if (e.key === "Escape") open(-1); });
  let last = "";
  function resized() { const was = last; last = size().join(); return was !== last; }
  new ResizeObserver(() => (resized() ? reset() : redraw())).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  canvas.placeOf = (i) => toScreen(papers[i].x, papers[i].y);
  legend(); search(); reset();
})();
