// Drawings say the value that is pointed at, by mouse, finger or arrow keys.
for (const figure of document.querySelectorAll(".chart")) {
  const output = figure.querySelector("output");
  const plot = figure.querySelector(".plot");
  const here = plot.querySelector(".here");
  const resting = [...output.childNodes].map((node) => node.cloneNode(true));
  const spots = [...plot.querySelectorAll("[data-say]")].sort((a, b) => a.dataset.at - b.dataset.at);
  let current = null;

  // The script tells the value; the browser's own hint would cover it.
  for (const spot of spots) spot.querySelector("title")?.remove();

  function tell(spot) {
    current?.classList.remove("current");
    current = spot;
    spot.classList.add("current");
    const rest = document.createElement("small");
    rest.textContent = spot.dataset.more;
    output.replaceChildren(spot.dataset.say, rest);
    here.setAttribute("x1", `${spot.dataset.at}%`);
    here.setAttribute("x2", `${spot.dataset.at}%`);
    plot.classList.add("pointed");
  }

  function leave() {
    current?.classList.remove("current");
    current = null;
    output.replaceChildren(...resting.map((node) => node.cloneNode(true)));
    plot.classList.remove("pointed");
  }

  function point(event) {
    const under = document.elementFromPoint(event.clientX, event.clientY);
    const spot = under && plot.contains(under) ? under.closest("[data-say]") : null;
    if (spot && spot !== current) tell(spot);
  }

  plot.addEventListener("pointermove", point);
  plot.addEventListener("pointerdown", point);
  plot.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") leave(); });
  plot.addEventListener("blur", leave);
  plot.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step || !spots.length) return;
    event.preventDefault();
    const from = current ? spots.indexOf(current) : (step > 0 ? -1 : spots.length);
    tell(spots[Math.min(Math.max(from + step, 0), spots.length - 1)]);
  });
}
