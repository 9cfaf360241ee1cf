// Small multiples: one sign each over the days, with error bars, for the chosen part of the face.
function makeTrends(data, choose) {
  const box = document.getElementById("charts");
  const height = 190;
  const margin = { left: 6, right: 48, top: 14, bottom: 24 };
  const all = Object.values(data.series).flatMap((signs) => Object.values(signs).flat());
  const dated = all.filter((p) => p.day !== null);
  // Most happens in the first week: days are drawn on a log scale to both sides of zero. What has
  // no date stands behind them, in order.
  const stretch = (day) => Math.sign(day) * Math.log1p(Math.abs(day));
  const undated = [...new Set(all.filter((p) => p.day === null).map((p) => p.photo))];
  const end = Math.max(0, ...dated.map((p) => stretch(p.day)));
  const apart = 0.25 * Math.max(1, end - Math.min(0, ...dated.map((p) => stretch(p.day))));
  const along = (p) => (p.day !== null ? stretch(p.day) : end + apart * (1 + 0.5 * undated.indexOf(p.photo)));
  const label = (name) => (data.photos.find((p) => p.name === name) || { label: name }).label;
  const start = data.photos.find((p) => p.baseline);
  const early = Math.min(start?.day ?? 0, ...dated.map((p) => p.day));
  const origin = start ? stretch(start.day ?? early) : 0;
  let zone = null;

  // What was measured sets the scale, with its error bars and the forecast; a bar far longer than
  // any change is cut, and an arrow says so.
  function limits(sign, points) {
    const known = points.filter((p) => p.kind !== "none");
    const ends = [0, sign.least, -sign.least, ...known.map((p) => p.at)];
    const [days, low, , high] = (data.bands[zone] || {})[sign.key] || [[], [], [], []];
    days.forEach((day, i) => { if (stretch(day) <= end) ends.push(low[i], high[i]); });
    const reach = 2 * Math.max(...ends.map(Math.abs));
    for (const p of known) ends.push(Math.max(p.low, -reach), Math.min(p.high, reach));
    const [bottom, top] = [Math.min(...ends), Math.max(...ends)];
    const step = stepOf(bottom, top);
    return [Math.floor(bottom / step) * step, Math.ceil(top / step) * step, step];
  }

  function stepOf(bottom, top) {
    const raw = (top - bottom) / 4.5;
    const power = 10 ** Math.floor(Math.log10(raw));
    return power * [1, 2, 5, 10].find((s) => s * power >= raw * 0.999);
  }

  function span() {
    const places = [origin, ...all.map(along)];
    const last = Math.max(...places);
    return [Math.min(...places), last > origin ? last : origin + 1];
  }

  function draw() {
    box.replaceChildren();
    for (const sign of data.signs) {
      if (!sign.first && !document.getElementById("more-signs").checked) continue;
      const points = (data.series[zone] || {})[sign.key];
      if (points) drawOne(sign, points);
    }
  }

  function drawOne(sign, points) {
    const figure = document.createElement("figure");
    figure.className = `chart sign-${sign.key}`;
    figure.dataset.sign = sign.key;
    const caption = document.createElement("figcaption");
    const name = Object.assign(document.createElement("span"), { className: "name", textContent: sign.title });
    name.append(Object.assign(document.createElement("span"), { className: "what", textContent: sign.what + (sign.unit ? ` (${sign.unit})` : "") }));
    const output = document.createElement("output");
    caption.append(name, output);
    const picture = svgElement("svg", { role: "img" });
    figure.append(caption, picture);
    box.append(figure);
    const width = Math.max(picture.clientWidth, 140);
    const [bottom, top, step] = limits(sign, points);
    const [first, last] = span();
    const x = (v) => margin.left + 8 + (v - first) / (last - first) * (width - margin.left - margin.right - 16);
    const y = (v) => margin.top + (top - v) / (top - bottom) * (height - margin.top - margin.bottom);
    picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
    picture.append(svgElement("title", {}, `${sign.title}, ${data.zones[zone]}`), svgElement("desc", {}, points.map((p) => `${label(p.photo)}: ${p.words}`).join(". ")));
    const clip = `clip-${sign.key}`;
    const defs = svgElement("clipPath", { id: clip });
    defs.append(svgElement("rect", { x: 0, y: 2, width, height: height - margin.bottom }));
    const inside = svgElement("g", { "clip-path": `url(#${clip})` });
    picture.append(defs, inside);
    forecast(inside, sign, x, y, first);
    within(inside, points, x, y, width - margin.right);
    axes(picture, points, x, y, width, [bottom, top, step], sign);
    course(inside, points, x, y);
    if (start) inside.append(svgElement("path", { class: "origin", d: `M${x(origin) - 5} ${y(0)}l5 -5l5 5l-5 5z` }));
    for (const point of points) mark(picture, inside, point, x, y, output);
    for (const point of points) if (point.kind !== "none") arrows(picture, point, x, y);
    say(output, latest(points));
  }

  // The photograph that the viewer shows; nothing says that one without a date came last.
  function latest(points) {
    const inTime = points.filter((p) => p.day !== null).sort((p, q) => p.day - q.day);
    return points.find((p) => p.photo === data.latest) || inTime[inTime.length - 1] || points[points.length - 1];
  }

  function forecast(inside, sign, x, y, first) {
    const band = (data.bands[zone] || {})[sign.key];
    if (!band) return;
    const [days, low, median, high] = band;
    const kept = days.map((_, i) => i).filter((i) => stretch(days[i]) >= first && stretch(days[i]) <= Math.max(end, first + 0.1) + 0.1);
    const at = (line) => (i) => `${x(stretch(days[i])).toFixed(1)} ${y(line[i]).toFixed(1)}`;
    if (kept.length < 2) return;
    inside.append(svgElement("path", { class: "forecast", d: `M${kept.map(at(high)).join("L")}L${[...kept].reverse().map(at(low)).join("L")}Z` }));
    inside.append(svgElement("path", { class: "expected", d: `M${kept.map(at(median)).join("L")}` }));
  }

  // The smallest real change differs from photograph to photograph: steps half way between them.
  function within(inside, points, x, y, width) {
    const known = points.filter((p) => p.kind !== "none").sort((p, q) => along(p) - along(q));
    const edge = undated.length ? x(end) + 12 : width;
    known.forEach((point, k) => {
      const at = x(along(point));
      const [before, after] = [known[k - 1], known[k + 1]];
      const alone = point.day === null;
      const left = alone ? at - 7 : before ? (at + x(along(before))) / 2 : 0;
      const right = alone ? at + 7 : after && after.day !== null ? (at + x(along(after))) / 2 : edge;
      inside.append(svgElement("rect", { class: "within", x: left, width: Math.max(right - left, 0), y: y(point.real[1]), height: Math.max(y(point.real[0]) - y(point.real[1]), 0) }));
    });
  }

  function axes(picture, points, x, y, width, [bottom, top, step], sign) {
    picture.append(svgElement("line", { class: "zero", x1: margin.left, x2: width - margin.right, y1: y(0), y2: y(0) }));
    for (let k = Math.round(bottom / step); k <= Math.round(top / step); k += 1) {
      const value = Number((k * step).toFixed(6));
      if (value) picture.append(svgElement("line", { class: "grid", x1: margin.left, x2: width - margin.right, y1: y(value), y2: y(value) }));
      const words = `${value > 0 ? "+" : ""}${value}${sign.unit === "%" ? " %" : ""}`.replace("-", "−");
      picture.append(svgElement("text", { x: width, y: y(value) + 4, "text-anchor": "end" }, words));
    }
    let taken = -Infinity;
    for (const point of points.filter((p) => p.day !== null).sort((p, q) => p.day - q.day)) {
      const at = x(along(point));
      if (at - taken < 26) continue;
      const words = (taken === -Infinity ? "day " : "") + String(Math.round(point.day)).replace("-", "−");
      picture.append(svgElement("text", { x: at, y: height - 6, "text-anchor": "middle" }, words));
      taken = at;
    }
    const apartFrom = points.filter((p) => p.day === null).map((p) => x(along(p)));
    if (!apartFrom.length) return;
    const middle = (Math.min(...apartFrom) + Math.max(...apartFrom)) / 2;
    picture.append(svgElement("text", { class: "undated", x: middle, y: height - 6, "text-anchor": "middle" }, "no date"));
  }

  function course(inside, points, x, y) {
    const known = points.filter((p) => p.kind !== "none" && p.day !== null).sort((p, q) => p.day - q.day);
    const path = known.map((p) => `${x(along(p)).toFixed(1)} ${y(p.at).toFixed(1)}`);
    if (path.length > 1) inside.append(svgElement("path", { class: "course", d: `M${path.join("L")}` }));
  }

  function arrows(picture, point, x, y) {
    const at = x(along(point));
    const [highest, lowest] = [margin.top, height - margin.bottom];
    if (y(point.high) < highest - 1) picture.append(svgElement("path", { class: "bar cut", d: `M${at - 4} ${highest - 4}l4 -6l4 6` }));
    if (y(point.low) > lowest + 1) picture.append(svgElement("path", { class: "bar cut", d: `M${at - 4} ${lowest - 4}l4 6l4 -6` }));
  }

  function mark(picture, inside, point, x, y, output) {
    const at = x(along(point));
    const group = svgElement("g", { class: "point", "data-photo": point.photo });
    group.append(svgElement("title", {}, `${label(point.photo)}: ${point.words}`));
    if (point.kind === "none") {
      const base = height - margin.bottom - 9;
      group.append(svgElement("path", { class: "none", d: `M${at - 3.5} ${base - 3.5}l7 7M${at + 3.5} ${base - 3.5}l-7 7` }));
    } else {
      inside.append(svgElement("path", { class: "bar", d: `M${at} ${y(point.low)}V${y(point.high)}` }));
      group.append(svgElement("circle", { class: point.kind, cx: at, cy: y(point.at), r: { real: 4.5, same: 3.2, unsure: 4.2 }[point.kind] }));
    }
    group.append(svgElement("rect", { class: "touch", x: at - 9, y: 0, width: 18, height: height - margin.bottom }));
    group.addEventListener("pointerenter", () => say(output, point));
    group.addEventListener("click", () => { say(output, point); choose({ photo: point.photo }); });
    picture.append(group);
  }

  function say(output, point) {
    const [value, rest] = point.kind === "none" ? ["not measurable", point.words] : point.words.split(/ (?=\()/);
    output.textContent = value;
    output.append(Object.assign(document.createElement("small"), { textContent: point.kind === "none" ? rest : `${rest} · ${label(point.photo)}` }));
  }

  function update(next) {
    zone = next;
    box.dataset.zone = next;
    draw();
  }

  document.getElementById("more-box").hidden = data.signs.every((s) => s.first);
  document.getElementById("more-signs").addEventListener("change", draw);
  document.getElementById("trends-note").textContent = `Days on a log scale${undated.length ? "; photographs without a date stand apart at the right" : ""}. Each part of the face has its own scale; an arrow: the interval goes on. Tap a point to see that photograph.`;
  let width = 0;
  new ResizeObserver(() => {
    if (zone !== null && box.clientWidth !== width) { width = box.clientWidth; draw(); }
  }).observe(box);
  return { update };
}
