// Small multiples: median and band of each sign, drawn at the size they are shown.
function makeCharts(data, select) {
  const box = document.getElementById("charts");
  const choice = document.getElementById("zone");
  const table = document.getElementById("table");
  const { days, signs, series } = data.charts;
  const end = days[days.length - 1];
  // After one session most happens in the first week, so days are drawn on a log scale;
  // a series of sessions is drawn on a plain one.
  const several = data.sessions.length > 1;
  const along = several ? (day) => day / end : (day) => Math.log1p(day) / Math.log1p(end);
  const margin = { left: 4, right: 10, top: 12, bottom: 22 };
  let current = null;

  function svg(name, attributes, text) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    return element;
  }

  function amount(value, unit) {
    const size = Math.abs(value);
    const digits = size >= 20 ? 0 : size >= 1 ? 1 : size >= 0.095 ? 1 : 2;
    let text = size < 0.005 ? "0" : value.toFixed(digits);
    if (unit === "%" || Number(text) === Math.round(Number(text))) text = String(Number(text));
    return text.replace("-", "−");
  }

  function withUnit(text, unit) {
    return unit ? `${text} ${unit}` : text;
  }

  function at(line, day) {
    if (day <= days[0]) return line[0];
    let i = days.findIndex((d) => d >= day);
    if (i < 0) return line[line.length - 1];
    const share = (day - days[i - 1]) / (days[i] - days[i - 1]);
    return line[i - 1] + share * (line[i] - line[i - 1]);
  }

  function build() {
    for (const sign of signs) {
      const figure = document.createElement("figure");
      figure.className = `chart sign-${sign.key}`;
      figure.dataset.sign = sign.key;
      const caption = document.createElement("figcaption");
      const name = document.createElement("span");
      name.className = "name";
      name.textContent = sign.title;
      const what = document.createElement("span");
      what.className = "what";
      what.textContent = withUnit(sign.what, sign.unit === "of 10" ? "" : sign.unit && `(${sign.unit})`);
      name.append(what);
      const value = document.createElement("output");
      caption.append(name, value);
      const picture = svg("svg", { role: "img" });
      picture.addEventListener("pointerdown", (event) => pick(event, picture));
      figure.append(caption, picture);
      box.append(figure);
    }
  }

  // A tap on a chart goes to the nearest day that has a picture.
  function pick(event, picture) {
    const bounds = picture.getBoundingClientRect();
    const x = (event.clientX - bounds.left - margin.left) / (bounds.width - margin.left - margin.right);
    let best = 1;
    data.stops.forEach((stop, i) => {
      if (stop.day === null) return;
      if (Math.abs(along(stop.day) - x) < Math.abs(along(data.stops[best].day) - x)) best = i;
    });
    select(best);
  }

  function draw() {
    for (const figure of box.children) drawOne(figure, signs.find((s) => s.key === figure.dataset.sign));
  }

  function drawOne(figure, sign) {
    const picture = figure.querySelector("svg");
    const width = Math.max(picture.clientWidth, 120);
    const height = 170;
    const [low, median, high] = series[current.zone][sign.key];
    const scale = current.zone === "face" ? sign.top.face : sign.top.zone;
    const top = Math.max(scale, sign.ticks[0].value * 1.25);
    const bottom = Math.min(0, ...low);
    const x = (day) => margin.left + along(day) * (width - margin.left - margin.right);
    const y = (v) => height - margin.bottom - (v - bottom) / (top - bottom) * (height - margin.top - margin.bottom);
    picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const zone = data.charts.zones.find((z) => z.key === current.zone);
    picture.setAttribute("aria-label", zone.key === "face" ? sign.summary : `${sign.title}, ${zone.label.toLowerCase()}`);
    picture.replaceChildren();
    const words = frame(picture, sign, x, y, width, height, top);
    const forward = days.map((day, i) => `${x(day).toFixed(1)} ${y(high[i]).toFixed(1)}`);
    const back = days.map((day, i) => `${x(day).toFixed(1)} ${y(low[i]).toFixed(1)}`).reverse();
    picture.append(svg("path", { class: "band", d: `M${forward.join("L")}L${back.join("L")}Z` }));
    picture.append(svg("path", { class: "median", d: `M${days.map((d, i) => `${x(d).toFixed(1)} ${y(median[i]).toFixed(1)}`).join("L")}` }));
    picture.append(...words);  // last, so that the curves do not strike them through
    if (!zone.treated) picture.append(svg("text", { class: "quiet-note", x: width / 2, y: height / 2, "text-anchor": "middle" }, "not treated"));
    marker(figure, picture, sign, x, y, height);
  }

  function frame(picture, sign, x, y, width, height, top) {
    const taken = [];
    const words = [];
    for (const tick of sign.ticks) {
      const level = y(tick.value);
      if (tick.value > top || level > height - margin.bottom || taken.some((other) => Math.abs(other - level) < 18)) continue;
      taken.push(level);
      picture.append(svg("line", { class: "grid", x1: margin.left, x2: width - margin.right, y1: level, y2: level }));
      words.push(svg("text", { x: width - margin.right, y: level - 4, "text-anchor": "end" }, tick.word));
    }
    picture.append(svg("line", { class: "zero", x1: margin.left, x2: width - margin.right, y1: y(0), y2: y(0) }));
    let lastX = -Infinity;
    for (const day of several ? steps() : [0, 1, 2, 3, 5, 7, 14, 30, 60, 120, 240, 400]) {
      if (day > end || x(day) - lastX < 22) continue;
      lastX = x(day);
      const anchor = day === 0 ? "start" : x(day) > width - 24 ? "end" : "middle";
      picture.append(svg("text", { x: day === 0 ? margin.left : x(day), y: height - 5, "text-anchor": anchor }, day === 0 ? "day 0" : String(day)));
      if (day === 0) lastX += 22;
    }
    for (const day of data.sessions.slice(1)) {
      if (day <= end) picture.append(svg("line", { class: "session", x1: x(day), x2: x(day), y1: margin.top, y2: height - margin.bottom }));
    }
    return words;
  }

  function steps() {
    const step = end > 200 ? 60 : end > 90 ? 30 : 14;
    return Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => i * step);
  }

  function marker(figure, picture, sign, x, y, height) {
    const output = figure.querySelector("output");
    const [low, median, high] = series[current.zone][sign.key];
    const day = data.stops[current.stop].day;
    if (day === null) {
      output.textContent = withUnit("0", sign.unit);
      output.append(note("before"));
      return;
    }
    const value = at(median, day);
    picture.append(svg("line", { class: "now-line", x1: x(day), x2: x(day), y1: margin.top - 4, y2: height - margin.bottom }));
    picture.append(svg("circle", { class: "now-dot", cx: x(day), cy: y(value), r: 4.5 }));
    output.textContent = withUnit(amount(value), sign.unit);
    output.append(note(`${amount(at(low, day))} to ${amount(at(high, day))}`));
  }

  function note(text) {
    const small = document.createElement("small");
    small.textContent = text;
    return small;
  }

  function fillTable() {
    const head = document.createElement("tr");
    head.append(cell("th", "Day", "col"), ...signs.map((s) => cell("th", withUnit(s.title, s.unit && `(${s.unit})`), "col")));
    const rows = data.stops.filter((stop) => stop.day !== null).map((stop) => {
      const row = document.createElement("tr");
      row.append(cell("th", stop.label, "row"));
      for (const sign of signs) {
        const [low, median, high] = series[current.zone][sign.key].map((line) => at(line, stop.day));
        row.append(cell("td", `${amount(median)} (${amount(low)} to ${amount(high)})`));
      }
      return row;
    });
    const top = document.createElement("thead");
    const body = document.createElement("tbody");
    top.append(head);
    body.append(...rows);
    table.replaceChildren(top, body);
  }

  function cell(kind, text, scope) {
    const element = document.createElement(kind);
    element.textContent = text;
    if (scope) element.scope = scope;
    return element;
  }

  function update(next) {
    const zoneChanged = current === null || current.zone !== next.zone;
    current = next;
    box.dataset.zone = next.zone;
    draw();
    if (zoneChanged) fillTable();
  }

  build();
  let width = 0;
  new ResizeObserver(() => {
    if (current !== null && box.clientWidth !== width) { width = box.clientWidth; draw(); }
  }).observe(box);
  choice.addEventListener("change", () => select(null, choice.value));
  return { update };
}
