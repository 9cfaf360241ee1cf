// The two pictures: which photographs, side by side, wiped or blinking, with maps and marks.
function makeViewer(data, choose) {
  const stage = document.getElementById("stage");
  const wipe = document.getElementById("wipe");
  const panes = ["a", "b"].map((side) => document.getElementById(`pane-${side}`));
  const choices = ["a", "b"].map((side) => document.getElementById(`photo-${side}`));
  const overlay = document.getElementById("overlay");
  const opacity = document.getElementById("opacity");
  const zones = document.getElementById("show-zones");
  const lesions = document.getElementById("show-lesions");
  const state = { mode: "wipe", border: 50, zone: null };
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  let timer = 0;

  const photo = (k) => data.photos.find((p) => p.name === choices[k].value);
  const evened = () => document.querySelector("[name=light]:checked").value === "evened";
  const asItWas = (name) => [...document.querySelectorAll("img[data-photo]")].find((i) => i.dataset.photo === name).src;

  function draw() {
    panes.forEach((pane, k) => {
      const shown = photo(k);
      const image = pane.querySelector(".photo");
      image.src = (evened() && shown.evened) || asItWas(shown.name);
      image.alt = `Photograph ${shown.label}`;
      pane.dataset.photo = shown.name;
      pane.querySelector(".chip").textContent = shown.label;
      const map = pane.querySelector(".overlay");
      map.hidden = !shown.overlays[overlay.value];
      map.src = shown.overlays[overlay.value] || "data:,";
    });
    stage.style.setProperty("--overlay", opacity.value / 100);
    drawMarks();
    legend();
  }

  function drawMarks() {
    stage.classList.toggle("all-zones", zones.checked);
    const later = photoOrder(1) >= photoOrder(0) ? 1 : 0;
    const states = lesionStates(data, photo(1 - later), photo(later));
    panes.forEach((pane, k) => {
      const layer = pane.querySelector(".marks");
      layer.replaceChildren();
      if (!data.canvas) return;
      drawZones(layer, data, photo(k), state.zone);
      if (lesions.checked) drawLesions(layer, data, states, k === later);
    });
    const words = document.getElementById("lesion-legend");
    words.hidden = !lesions.checked;
    words.textContent = lesionWords(states);
  }

  const photoOrder = (k) => data.photos.indexOf(photo(k));

  function legend() {
    const sign = data.signs.find((s) => s.key === overlay.value);
    document.getElementById("overlay-more").hidden = !sign;
    if (!sign) return;
    document.getElementById("legend-less").textContent = `${sign.less} or lower`;
    document.getElementById("legend-more").textContent = `${sign.more} or more`;
    const rgb = (c) => `rgb(${c.join(" ")})`;
    const [less, more] = [sign.lessColours, sign.moreColours];
    document.getElementById("scale").style.background =
      `linear-gradient(to right, ${rgb(less[1])}, ${rgb(less[0])} 44%, transparent 44%, transparent 56%, ${rgb(more[0])} 56%, ${rgb(more[1])})`;
    const without = [0, 1].filter((k) => !photo(k).overlays[sign.key]).map((k) => photo(k).label);
    document.getElementById("overlay-note").textContent =
      `${sign.title}: coloured only where the change is larger than the smallest real change.` +
      (without.length ? ` Nothing to draw on ${[...new Set(without)].join(" and ")}.` : "");
  }

  function wipeTo(percent) {
    state.border = Math.min(Math.max(percent, 0), 100);
    stage.style.setProperty("--border", `${state.border}%`);
    wipe.setAttribute("aria-valuenow", String(Math.round(state.border)));
    wipe.setAttribute("aria-valuetext", `${Math.round(state.border)} % left photograph, the rest right`);
  }

  function setMode(mode) {
    state.mode = mode;
    stage.dataset.mode = mode;
    document.getElementById("compare").dataset.mode = mode;
    for (const button of document.querySelectorAll("[data-mode][aria-pressed]")) {
      button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    }
    wipe.hidden = mode !== "wipe";
    const first = { wipe: "Drag the line. ", side: "", blink: "The same place, now the one, now the other. " }[mode];
    document.getElementById("hint").textContent = `${first}Closer: pinch, + and −, or Ctrl and wheel; then drag the picture. Tap a part of the face to choose it.`;
    document.getElementById("blinking").hidden = mode !== "blink";
    stage.classList.remove("shows-a");
    blink(mode === "blink" && !still.matches);
    measure();
  }

  // At most one change in 0.7 s: slower than flashes that can do harm (three a second).
  function blink(on) {
    clearInterval(timer);
    timer = on ? setInterval(step, Math.max(700, 1000 * document.getElementById("blink-rate").value)) : 0;
    document.getElementById("blink-play").textContent = on ? "Pause" : "Play";
  }

  function step() {
    stage.classList.toggle("shows-a");
  }

  // Marks keep their size on the screen however the picture is scaled.
  function measure() {
    if (data.canvas) stage.style.setProperty("--u", (data.canvas.width / Math.max(panes[0].clientWidth, 1)).toFixed(4));
  }

  function fill() {
    const from = data.photos.findIndex((p) => p.baseline);
    choices.forEach((choice, k) => {
      data.photos.forEach((p) => choice.append(new Option(p.label, p.name)));
      const latest = data.photos.findIndex((p) => p.name === data.latest);
      choice.selectedIndex = k ? (latest < 0 ? data.photos.length - 1 : latest) : Math.max(from, 0);
    });
    for (const sign of data.signs) {
      if (data.photos.some((p) => p.overlays[sign.key])) overlay.append(new Option(sign.title, sign.key));
    }
    document.getElementById("lesions-choice").hidden = !data.lesions.length;
    lesions.checked = data.lesions.length > 0;
  }

  function tap(target) {
    const zone = target.closest && target.closest("[data-zone]");
    if (zone) choose({ zone: zone.dataset.zone });
  }

  function update(zone) {
    state.zone = zone;
    if (document.getElementById("zone-now")) zoneWords(zone);
    drawMarks();
  }

  function zoneWords(zone) {
    const lines = [];
    for (const sign of data.signs.filter((s) => s.first)) {
      const point = ((data.series[zone] || {})[sign.key] || []).find((p) => p.photo === photo(1).name);
      if (point) lines.push(`${sign.title}: ${point.words}`);
    }
    const box = document.getElementById("zone-now");
    const name = document.createElement("strong");
    name.textContent = `${data.zones[zone] || zone}, ${photo(1).label}`;
    box.replaceChildren(name, ...lines.map((line) => Object.assign(document.createElement("span"), { textContent: line })));
  }

  fill();
  makePlane(stage, { tap, wipeTo });
  for (const choice of choices) choice.addEventListener("change", () => { draw(); zoneWords(state.zone); });
  for (const control of [overlay, zones, lesions, ...document.querySelectorAll("[name=light]")]) control.addEventListener("change", draw);
  opacity.addEventListener("input", draw);
  document.getElementById("swap").addEventListener("click", () => {
    [choices[0].value, choices[1].value] = [choices[1].value, choices[0].value];
    draw();
    zoneWords(state.zone);
  });
  for (const button of document.querySelectorAll("[data-mode][aria-pressed]")) button.addEventListener("click", () => setMode(button.dataset.mode));
  document.getElementById("blink-play").addEventListener("click", () => blink(!timer));
  document.getElementById("blink-step").addEventListener("click", () => { blink(false); step(); });
  document.getElementById("blink-rate").addEventListener("input", () => { if (timer) blink(true); });
  wipe.addEventListener("keydown", (event) => {
    const by = event.shiftKey ? 10 : 2;
    const to = { ArrowLeft: state.border - by, ArrowDown: state.border - by, ArrowRight: state.border + by, ArrowUp: state.border + by,
      PageDown: state.border - 10, PageUp: state.border + 10, Home: 0, End: 100 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    wipeTo(to);
  });
  document.getElementById("compare").hidden = false;
  new ResizeObserver(measure).observe(stage);
  wipeTo(50);
  draw();
  setMode("wipe");
  return { update, show: (name) => { if (data.photos.some((p) => p.name === name)) { choices[1].value = name; draw(); zoneWords(state.zone); } } };
}
