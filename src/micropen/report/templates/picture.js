// The picture: two stacked images that take turns, the wipe over the photograph, and a closer look.
function makePicture(data) {
  const viewer = document.getElementById("viewer");
  const after = document.getElementById("after");
  const wipe = document.getElementById("wipe");
  const compare = document.getElementById("compare");
  const zoom = document.getElementById("zoom");
  const chip = document.getElementById("chip-before");
  const chipSimulated = document.getElementById("chip-simulated");
  let shown = document.getElementById("picture-a");
  let spare = document.getElementById("picture-b");
  let wanted = 0;
  let border = 50;
  let origin = [50, 42];

  async function show(address, words, day, scenario) {
    const ticket = ++wanted;
    spare.src = address;
    try { await spare.decode(); } catch (error) { if (ticket !== wanted) return; }
    if (ticket !== wanted) return;  // a later day was asked for meanwhile
    shown.classList.replace("on", "under");
    shown.setAttribute("aria-hidden", "true");
    shown.alt = "";
    spare.classList.remove("under");
    spare.classList.add("on");
    spare.removeAttribute("aria-hidden");
    spare.alt = words;
    [shown, spare] = [spare, shown];
    viewer.dataset.day = day === null ? "before" : String(day);
    viewer.dataset.scenario = scenario;
    markWhenZoomed();
  }

  // A closer look may leave the mark in the picture's corner out of view.
  function markWhenZoomed() {
    chipSimulated.hidden = !viewer.classList.contains("zoomed") || viewer.dataset.day === "before";
  }

  function setBorder(percent) {
    border = Math.min(Math.max(percent, 0), 100);
    const on = compare.getAttribute("aria-pressed") === "true";
    after.style.clipPath = on ? `inset(0 0 0 ${border}%)` : "none";
    wipe.style.left = `${border}%`;
    wipe.setAttribute("aria-valuenow", String(Math.round(border)));
    wipe.setAttribute("aria-valuetext", `${Math.round(border)} % before, the rest simulated`);
    chip.hidden = !on || border < 12;
  }

  function setComparing(on) {
    compare.setAttribute("aria-pressed", String(on));
    viewer.classList.toggle("comparing", on);
    wipe.hidden = !on;
    setBorder(border);
  }

  function setZoom(on) {
    zoom.setAttribute("aria-pressed", String(on));
    viewer.classList.toggle("zoomed", on);
    markWhenZoomed();
    moveZoom(0, 0);
  }

  function moveZoom(dx, dy) {
    origin = [Math.min(Math.max(origin[0] + dx, 0), 100), Math.min(Math.max(origin[1] + dy, 0), 100)];
    viewer.style.setProperty("--zx", `${origin[0]}%`);
    viewer.style.setProperty("--zy", `${origin[1]}%`);
  }

  compare.addEventListener("click", () => {
    const on = compare.getAttribute("aria-pressed") !== "true";
    if (on && (border < 5 || border > 95)) border = 50;
    setComparing(on);
    if (on) wipe.focus({ preventScroll: true });
  });
  zoom.addEventListener("click", () => setZoom(zoom.getAttribute("aria-pressed") !== "true"));
  zoom.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-8, 0], ArrowRight: [8, 0], ArrowUp: [0, -8], ArrowDown: [0, 8] }[event.key];
    if (!step || zoom.getAttribute("aria-pressed") !== "true") return;
    event.preventDefault();
    event.stopPropagation();
    moveZoom(...step);
  });
  wipe.addEventListener("keydown", (event) => {
    const big = event.shiftKey ? 10 : 2;
    const to = { ArrowLeft: border - big, ArrowDown: border - big, ArrowRight: border + big, ArrowUp: border + big,
      PageDown: border - 10, PageUp: border + 10, Home: 0, End: 100 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    setBorder(to);
  });

  let last = null;
  viewer.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.target.closest(".tools")) return;
    const comparing = viewer.classList.contains("comparing");
    if (!comparing && !viewer.classList.contains("zoomed")) return;
    last = [event.clientX, event.clientY];
    viewer.setPointerCapture(event.pointerId);
    if (comparing) drag(event);
  });
  viewer.addEventListener("pointermove", (event) => { if (last) drag(event); });
  for (const name of ["pointerup", "pointercancel"]) viewer.addEventListener(name, () => { last = null; });

  function drag(event) {
    const box = viewer.getBoundingClientRect();
    if (viewer.classList.contains("comparing")) {
      setBorder(100 * (event.clientX - box.left) / box.width);
    } else {
      moveZoom(-85 * (event.clientX - last[0]) / box.width, -85 * (event.clientY - last[1]) / box.height);
    }
    last = [event.clientX, event.clientY];
  }

  return { show };
}
