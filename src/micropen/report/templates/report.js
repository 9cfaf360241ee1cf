// One state (stop, scenario, zone), one function that shows it.
{
  const data = JSON.parse(document.getElementById("data").textContent);
  const checked = document.querySelector("input[name=case]:checked");
  data.first = checked ? checked.value : data.scenarios[0].key;
  const state = { stop: 1, scenario: data.first, zone: "face" };
  const words = Object.fromEntries(["day", "date", "headline", "text"].map((id) => [id, document.getElementById(id)]));
  const meters = document.getElementById("meters");

  const select = (stop, zone) => {
    if (stop !== null && stop !== undefined) state.stop = Math.min(Math.max(stop, 0), data.stops.length - 1);
    if (zone !== undefined) state.zone = zone;
    show();
  };
  const picture = makePicture(data);
  const timeline = makeTimeline(data, select);
  const charts = makeCharts(data, select);

  const rows = data.meters.map((meter) => {
    const row = document.createElement("div");
    row.className = `meter sign-${meter.key}`;
    const name = document.createElement("dt");
    const word = document.createElement("dd");
    name.textContent = meter.label;
    const value = document.createElement("span");
    value.className = "word";
    const bar = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const fill = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    bar.setAttribute("aria-hidden", "true");
    fill.setAttribute("height", "4");
    bar.append(fill);
    word.append(value, bar);
    row.append(name, word);
    meters.append(row);
    return { key: meter.key, value, fill };
  });

  function show() {
    const stop = data.stops[state.stop];
    const moment = data.moments[state.scenario][state.stop];
    words.day.textContent = stop.label;
    words.date.textContent = stop.date;
    words.headline.textContent = moment.headline;
    words.text.textContent = moment.text;
    for (const row of rows) {
      const meter = moment.meters[row.key];
      row.value.textContent = meter.word;
      row.fill.setAttribute("width", `${100 * meter.strength}%`);
    }
    const alt = stop.day === null ? "Photograph before the treatment" : `Simulated: ${stop.label}. ${moment.headline}.`;
    picture.show(data.frames[state.scenario][state.stop], alt, stop.day, state.scenario);
    timeline.update(state);
    charts.update({ ...state });
  }

  for (const input of document.querySelectorAll("input[name=case]")) {
    input.addEventListener("change", () => { state.scenario = input.value; show(); });
  }
  // Left and right change the day wherever no other control wants them.
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    if (event.target.closest("input, select, textarea, summary, .scroll, .strip, [role=slider]")) return;
    event.preventDefault();
    timeline.stop();
    select(state.stop + (event.key === "ArrowRight" ? 1 : -1));
  });
  show();
}
