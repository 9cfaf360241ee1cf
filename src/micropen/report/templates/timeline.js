// The days: slider with labels, lanes of the main signs, play, and the strip of small pictures.
function makeTimeline(data, select) {
  const slider = document.getElementById("slider");
  const ticks = document.getElementById("ticks");
  const lanes = document.getElementById("lanes");
  const play = document.getElementById("play");
  const strip = document.getElementById("strip");
  const last = data.stops.length - 1;
  // Which labels give way last when there is little room.
  const rank = ["Before", "0", "7", "30", "3", "14", "60", "1", "5", "21", "10", "2", "45", "4", "6"];
  let timer = null;

  function drawTicks(now) {
    const width = ticks.clientWidth;
    ticks.replaceChildren();
    const spot = (i) => width * i / last;
    const order = data.stops.map((stop, i) => i).filter((i) => data.stops[i].mark);
    const place = (i) => { const k = rank.indexOf(data.stops[i].short); return k < 0 ? 99 : k; };
    order.sort((a, b) => (b === last) - (a === last) || place(a) - place(b) || a - b);
    const taken = [];
    for (const i of order) {
      const half = 2 + 4 * data.stops[i].short.length;
      const from = i === 0 ? 3 - 2 * half : spot(i) - half;
      const to = i === 0 ? 3 : spot(i) + half;
      if (taken.some(([a, b]) => from < b && to > a)) continue;
      taken.push([from, to]);
      const label = document.createElement("span");
      label.textContent = data.stops[i].short;
      label.style.left = `${spot(i)}px`;
      if (i === 0) label.classList.add("first");
      if (i === now || (data.stops[now].short === data.stops[i].short)) label.classList.add("current");
      ticks.append(label);
    }
  }

  function svg(name, attributes) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  }

  function drawLanes(now, scenario) {
    lanes.replaceChildren();
    for (const lane of data.lanes) {
      const row = document.createElement("div");
      row.className = `lane sign-${lane.key}`;
      const name = document.createElement("span");
      name.textContent = lane.label;
      const box = svg("svg", { viewBox: `0 0 ${last} 1`, preserveAspectRatio: "none" });
      const heights = data.moments[scenario].map((moment) => moment.meters[lane.key].strength);
      box.append(svg("path", { d: area(heights, lane.key, data.jumps[scenario]) }));
      box.append(svg("line", { x1: now, x2: now, y1: 0, y2: 1 }));
      row.append(name, box);
      lanes.append(row);
    }
  }

  // Between two stops the lane bends gently; a session between them breaks it.
  function area(heights, key, jumps) {
    const bend = (x0, y0, x1, y1) => `C${(x0 + x1) / 2} ${y0} ${(x0 + x1) / 2} ${y1} ${x1} ${y1}`;
    let path = `M0 1`;
    heights.forEach((height, i) => {
      const y = (1 - height).toFixed(3);
      if (i === 0) { path += `L0 ${y}`; return; }
      const before = (1 - heights[i - 1]).toFixed(3);
      const jump = jumps.find((other) => other.place > i - 1 && other.place <= i);
      if (!jump) { path += bend(i - 1, before, i, y); return; }
      path += `${bend(i - 1, before, jump.place, (1 - jump.strength[key]).toFixed(3))}L${jump.place} ${y}L${i} ${y}`;
    });
    return `${path}L${last} 1Z`;
  }

  function drawStrip(scenario) {
    strip.replaceChildren();
    data.stops.forEach((stop, i) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.tabIndex = -1;  // one stop for the tab key; arrow keys move inside
      const image = document.createElement("img");
      image.loading = "lazy";
      image.decoding = "async";
      image.alt = "";
      image.src = data.frames[scenario][i];
      const label = document.createElement("span");
      label.textContent = stop.label;
      button.append(image, label);
      button.addEventListener("click", () => {
        select(i);
        document.getElementById("viewer").scrollIntoView({ block: "center" });
      });
      item.append(button);
      strip.append(item);
    });
  }

  function reach(button) {
    for (const other of strip.querySelectorAll("button")) other.tabIndex = other === button ? 0 : -1;
  }

  strip.addEventListener("focusin", (event) => {
    const button = event.target.closest("button");
    if (button) reach(button);
  });
  strip.addEventListener("keydown", (event) => {
    const buttons = [...strip.querySelectorAll("button")];
    const i = buttons.indexOf(document.activeElement);
    const to = { ArrowLeft: i - 1, ArrowRight: i + 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (i < 0 || to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    buttons[Math.min(Math.max(to, 0), buttons.length - 1)].focus();
  });

  function stop() {
    clearInterval(timer);
    timer = null;
    play.classList.remove("playing");
    play.setAttribute("aria-label", "Play the days");
  }

  play.addEventListener("click", () => {
    if (timer !== null) { stop(); return; }
    if (Number(slider.value) >= last) select(0);
    play.classList.add("playing");
    play.setAttribute("aria-label", "Pause");
    timer = setInterval(() => {
      const next = Number(slider.value) + 1;
      if (next > last) { stop(); return; }
      select(next);
    }, 1000);
  });
  slider.addEventListener("input", () => { stop(); select(Number(slider.value)); });

  let drawn = null;
  let state = { stop: 1, scenario: data.first };
  function update(next) {
    state = next;
    slider.value = String(next.stop);
    slider.style.setProperty("--done", `${100 * next.stop / last}%`);
    const moment = data.moments[next.scenario][next.stop];
    const stopAt = data.stops[next.stop];
    slider.setAttribute("aria-valuetext", [stopAt.label, stopAt.date, moment.headline].filter(Boolean).join(", "));
    drawTicks(next.stop);
    drawLanes(next.stop, next.scenario);
    if (drawn !== next.scenario) { drawStrip(next.scenario); drawn = next.scenario; }
    [...strip.querySelectorAll("button")].forEach((button, i) => {
      if (i === next.stop) { button.setAttribute("aria-current", "true"); reach(button); }
      else button.removeAttribute("aria-current");
    });
  }
  new ResizeObserver(() => drawTicks(state.stop)).observe(ticks);
  return { update, stop };
}
