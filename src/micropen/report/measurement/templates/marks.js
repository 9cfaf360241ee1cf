// What is drawn over a picture: outlines of the parts of the face, and breakouts as numbered rings.
function svgElement(name, attributes, text) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

function drawZones(layer, data, photo, zone) {
  const series = data.series;
  for (const [name, path] of Object.entries(data.canvas.outlines)) {
    const shape = svgElement("path", { d: path, class: name === zone ? "zone chosen" : "zone", "data-zone": name });
    const lines = [data.zones[name] || name];
    for (const sign of data.signs.filter((s) => s.first)) {
      const point = ((series[name] || {})[sign.key] || []).find((p) => p.photo === photo.name);
      if (point) lines.push(`${sign.title}: ${point.words}`);
    }
    shape.append(svgElement("title", {}, lines.join("\n")));
    layer.append(shape);
  }
}

// New: only on the later photograph. Gone: only on the earlier one; there it is drawn dashed on both.
function lesionStates(data, earlier, later) {
  const on = (photo) => new Map(data.lesions.filter((l) => l.photo === photo.name).map((l) => [l.number, l]));
  const [before, after] = [on(earlier), on(later)];
  const states = new Map();
  for (const number of new Set([...before.keys(), ...after.keys()])) {
    const state = before.has(number) ? (after.has(number) ? "still" : "gone") : "new";
    states.set(number, { state, before: before.get(number), after: after.get(number) });
  }
  return states;
}

function drawLesions(layer, data, states, isLater) {
  for (const [number, { state, before, after }] of states) {
    const seen = isLater ? after || before : before;
    if (!seen) continue;  // not there yet
    const radius = (seen.size / 2 + 1.2) * data.canvas.mm;
    const group = svgElement("g", { class: `lesion ${state}`, transform: `translate(${seen.x} ${seen.y})` });
    const words = { new: "new", still: "still there", gone: isLater ? "gone" : "gone later" }[state];
    group.append(
      svgElement("title", {}, `Breakout ${number}, ${seen.zone}: ${words}, ${seen.size.toFixed(1)} mm`),
      svgElement("circle", { r: radius, class: "halo" }),
      svgElement("circle", { r: radius, class: "ring" }),
      svgElement("text", { x: radius * 0.8, y: -radius * 0.8 }, String(number)),
    );
    layer.append(group);
  }
}

function lesionWords(states) {
  const count = (state) => [...states.values()].filter((s) => s.state === state).length;
  if (!states.size) return "None on these two photographs";
  return `${count("new")} new, ${count("still")} still there, ${count("gone")} gone`;
}
